use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{RepoRef, TransferClass};

/// Names a folder a person has chosen. Given out by `pick_folder` and `download_choices`, and good
/// while the program runs; a path that a page has made up is none.
pub type FolderId = String;

/// What to download, and to where.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DownloadRequest {
    /// From where.
    pub repo: RepoRef,
    /// Branch, tag, pull-request ref or commit.
    pub revision: String,
    /// Which files.
    pub selection: Selection,
    /// To where.
    pub into: Into,
}

/// Which files.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "type"
)]
pub enum Selection {
    /// All of them.
    Everything,
    /// These.
    Files {
        /// Paths in the repository.
        paths: Vec<String>,
    },
    /// Those that match, by the rules of the command-line tools.
    Patterns {
        /// At least one must match; empty is everything.
        include: Vec<String>,
        /// None may match.
        exclude: Vec<String>,
    },
    /// One of the forms the model comes in, with what it needs.
    Variant {
        /// The id of a [`Variant`].
        id: String,
    },
}

/// To where.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "type"
)]
pub enum Into {
    /// The cache shared with the other tools of the Hub.
    Cache,
    /// A folder of a person's own, under the names the files have in the repository.
    Folder {
        /// Which one.
        folder: FolderId,
    },
}

/// Adds a download to the queue.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StartDownload {
    /// From where.
    pub repo: RepoRef,
    /// Branch, tag, pull-request ref or commit.
    pub revision: String,
    /// Which files.
    pub selection: Selection,
    /// To where.
    pub into: Into,
    /// How urgent it is.
    pub class: TransferClass,
    /// Files of a person's own that are in the way in a folder are replaced. Otherwise nothing is
    /// fetched while there is one.
    pub overwrite: bool,
}

/// What a download would do, before it does it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DownloadPlan {
    /// The commit the revision resolves to.
    pub commit: String,
    /// Files chosen.
    pub files: u64,
    /// Their sizes together.
    pub bytes: u64,
    /// Files that are here already.
    pub files_here: u64,
    /// Bytes still to be fetched; a download that was interrupted counts what it has.
    pub bytes_to_fetch: u64,
    /// Bytes it adds to the volume, with copies of what is elsewhere on this computer.
    pub bytes_space: u64,
    /// Free space of the volume.
    pub bytes_free: u64,
    /// Where the volume begins.
    pub volume: String,
    /// Requests for files this takes when nothing fails.
    pub requests: u64,
    /// The folder the files will be found in.
    pub folder: String,
    /// The first hundred files of a person's own that are in the way.
    pub conflicts: Vec<String>,
    /// How many there are.
    pub conflicts_total: u64,
}

/// What there is to choose for a download.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Choices {
    /// The forms the model comes in, the smallest first within each format; none where nothing
    /// tells them apart.
    pub variants: Vec<Variant>,
    /// Memory of this machine, in bytes; `null` when it cannot be told.
    pub memory_bytes: Option<u64>,
    /// Folders used lately, the last one first.
    pub folders: Vec<KnownFolder>,
}

/// One of the forms a model comes in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Variant {
    /// Its name in requests.
    pub id: String,
    /// What kind of files it is made of.
    pub group: VariantGroup,
    /// What tells it from the others, such as `Q4_K_M`.
    pub name: String,
    /// The first of its own files.
    pub detail: String,
    /// Files, with those it needs besides.
    pub files: u64,
    /// Bytes of all of them.
    pub bytes: u64,
    /// Whether it is worth a try on this machine, in its memory and on the disk of the cache.
    pub fits: Fits,
    /// All of it is in the cache.
    pub is_here: bool,
}

/// What kind of files a variant is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum VariantGroup {
    /// For llama.cpp and what is built on it.
    Gguf,
    /// For transformers and diffusers.
    Safetensors,
    /// For ONNX Runtime and transformers.js.
    Onnx,
}

/// Whether a variant is worth a try on this machine. A rule of thumb: a long context takes more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Fits {
    /// It takes at most three quarters of the memory, or the memory cannot be told.
    Yes,
    /// It takes nearly all of the memory.
    Tight,
    /// It takes more memory than there is.
    No,
    /// There is no room to download it.
    NotOnDisk,
}

/// A folder a person has chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KnownFolder {
    /// Its name in requests.
    pub id: FolderId,
    /// Where it is, for reading.
    pub path: String,
}
