use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ApiError, RepoRef, TransferClass, TransferId};

/// Names a file or folder a person has chosen or dropped. Good while the program runs; a path that
/// a page has made up is none.
pub type SourceId = String;

/// Names a preview of an upload, while the program runs.
pub type PreviewId = u64;

/// A file or folder a person has chosen or dropped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KnownSource {
    /// Its name in requests.
    pub id: SourceId,
    /// Its own name.
    pub name: String,
    /// Where it is, for reading.
    pub path: String,
    /// Whether it is a folder.
    pub is_folder: bool,
    /// The length of a file in bytes; 0 of a folder.
    pub bytes: u64,
}

/// What to upload, and to where.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UploadRequest {
    /// To where.
    pub repo: RepoRef,
    /// How the repository is made if it is not there; `null` when it has to be.
    pub create: Option<CreateRepo>,
    /// On top of what.
    pub onto: UploadOnto,
    /// What; of two files for one place the later one counts.
    pub sources: Vec<UploadSource>,
    /// Which files of folders: at least one must match; empty is everything.
    pub include: Vec<String>,
    /// Which files of folders: none may match.
    pub exclude: Vec<String>,
    /// What systems and editors leave about stays here.
    pub leave_out_junk: bool,
    /// What `.gitignore` and `.hfignore` files say stays here.
    pub leave_out_ignored: bool,
    /// What goes from the repository; `null` for nothing.
    pub remove: Option<UploadRemoval>,
}

/// How a repository is made.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateRepo {
    /// Who sees it.
    pub visibility: RepoVisibility,
    /// What a Space is built with; `null` for what is none.
    pub sdk: Option<SpaceSdk>,
}

/// Who sees a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum RepoVisibility {
    /// Everyone.
    Public,
    /// Its owner, or the members of the organisation.
    Private,
    /// Everyone sees the app, only the owner its files. For Spaces, on paid plans.
    Protected,
}

/// What a Space is built with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum SpaceSdk {
    /// A Python app made of ready parts.
    Gradio,
    /// Any program in a container.
    Docker,
    /// Files for the browser.
    Static,
}

/// On top of what commits are made.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "type"
)]
pub enum UploadOnto {
    /// A branch, or `refs/pr/<number>`.
    Branch {
        /// Which.
        name: String,
        /// It is begun at `main` if it is not there.
        create: bool,
    },
    /// A new pull request onto `main`.
    PullRequest,
}

/// Something on this machine, and its place in the repository.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UploadSource {
    /// What.
    pub source: SourceId,
    /// For a file its path, for a folder where its content goes: empty for the root.
    pub to: String,
}

/// What goes from the repository with the first commit: never what is uploaded.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UploadRemoval {
    /// Below this folder; empty is everywhere.
    pub below: String,
    /// What matches one of these there.
    pub patterns: Vec<String>,
}

/// Adds an upload to the queue.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StartUpload {
    /// What, and to where.
    pub upload: UploadRequest,
    /// The first line of what the commits say; empty for the usual one.
    pub title: String,
    /// The rest; may be empty.
    pub description: String,
    /// Paths of files that may be published although they hold a secret.
    pub acknowledged: Vec<String>,
    /// The commit the preview was compared with; `null` without one. What others have changed at
    /// the same paths since is not replaced.
    pub expect: Option<String>,
    /// How urgent it is.
    pub class: TransferClass,
}

/// Lets an upload go on that has stopped at a secret.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AcknowledgeSecrets {
    /// Which transfer.
    pub id: TransferId,
    /// Paths in the repository of files that may be published although they hold a secret, besides
    /// those that were named before.
    pub paths: Vec<String>,
}

/// Asks to what somebody can upload.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UploadTargetsRequest {
    /// Which kind of repository.
    #[ts(type = "\"model\" | \"dataset\" | \"space\"")]
    pub kind: hubdesk_core::RepoKind,
}

/// To what somebody can upload, as far as that is known before it is tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UploadTargets {
    /// Whose repositories they may write to: themselves first, then their organisations.
    pub owners: Vec<String>,
    /// Those repositories, by name: the most recent hundred of each owner.
    pub repos: Vec<String>,
    /// Why nothing can be uploaded with this sign-in: one sentence.
    pub cannot_write: Option<String>,
    /// Why no repository can be made with it: one sentence.
    pub cannot_create: Option<String>,
}

/// Names a preview.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PreviewRef {
    /// Which one.
    pub id: PreviewId,
}

/// What an upload would do, as far as that is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "type"
)]
pub enum UploadPreview {
    /// It is being found out.
    Looking {
        /// What is done just now.
        stage: PreviewStage,
        /// Files there are; 0 until that is known.
        files_total: u64,
        /// Files looked at.
        files_done: u64,
        /// Bytes there are; 0 until that is known.
        bytes_total: u64,
        /// Bytes looked at.
        bytes_done: u64,
    },
    /// It is known.
    Ready {
        /// What it is.
        plan: UploadPlan,
    },
    /// It cannot be found out.
    Failed {
        /// Why.
        error: ApiError,
    },
}

/// What is done for a preview.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum PreviewStage {
    /// Looking at what there is on this machine.
    Walking,
    /// Asking the Hub what is there.
    Listing,
    /// Reading files.
    Reading,
}

/// What an upload would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UploadPlan {
    /// The commit it was compared with, for `expect`; `null` if the repository is to be made.
    pub base: Option<String>,
    /// How many files there are of each kind, and their bytes; kinds without any are not named.
    pub counts: Vec<FateCount>,
    /// Files that would be sent.
    pub files_to_send: u64,
    /// Their bytes.
    pub bytes_to_send: u64,
    /// Commits it would take; more if the Hub asks for smaller ones.
    pub commits: u64,
    /// What to know before: what holds everything up first, and at most 1,000.
    pub findings: Vec<UploadFinding>,
    /// How many there are.
    pub findings_total: u64,
}

/// Files of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FateCount {
    /// The kind.
    pub fate: FileFate,
    /// How many.
    pub files: u64,
    /// Their bytes together; 0 of what stays here or goes.
    pub bytes: u64,
}

/// What would become of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum FileFate {
    /// It is sent; nothing is there.
    New,
    /// It is sent; something else is there.
    Changed,
    /// It is there.
    Same,
    /// The rules of the repository leave it out.
    Ignored,
    /// It stays here; a folder stands for everything in it.
    LeftOut,
    /// It goes from the repository.
    Removed,
}

/// Asks for some of the files of a preview.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PreviewFilesRequest {
    /// Of which preview.
    pub id: PreviewId,
    /// Files to pass over.
    pub after: u32,
    /// How many, at most; never more than 1,000.
    pub limit: u32,
    /// Only these; `null` for all.
    pub fate: Option<FileFate>,
}

/// Some of the files of a preview: by their paths, then what stays here, then what goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PreviewFiles {
    /// The files.
    pub files: Vec<PreviewFile>,
    /// How many there are.
    pub total: u64,
}

/// A file of a preview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PreviewFile {
    /// Its path in the repository; on this machine if it stays here.
    pub path: String,
    /// Its length in bytes; 0 if it stays here or goes.
    pub bytes: u64,
    /// What would become of it.
    pub fate: FileFate,
    /// It travels on its own, before the commit.
    pub is_large: bool,
    /// Why it stays here, or what is wrong with publishing it, to stand after its name.
    pub why: Option<String>,
}

/// Something to know before uploading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UploadFinding {
    /// What can be done about it.
    pub kind: FindingKind,
    /// The file it is about: in the repository, or on this machine if it stays here.
    pub path: Option<String>,
    /// What it is: one sentence.
    pub message: String,
    /// What to do: one sentence.
    pub hint: String,
    /// Nothing is sent before it is dealt with.
    pub is_blocking: bool,
}

/// What can be done about a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum FindingKind {
    /// Leave the file out, or acknowledge it.
    Secret,
    /// Leave the file out.
    TooLong,
    /// Nothing has to be done.
    Advice,
    /// The file stays here unless it is renamed, or may be read.
    StaysHere,
    /// Add a card.
    NoCard,
    /// Mend the card.
    BadCard,
    /// Add the app.
    NoApp,
}

/// What an upload has led to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UploadResult {
    /// The commit before the first one; `null` if nothing was committed.
    pub base: Option<String>,
    /// The commits so far, in order; none if nothing had changed.
    pub commits: Vec<UploadedCommit>,
    /// The pull request, if one was opened.
    pub pull_request: Option<UploadedPullRequest>,
    /// The repository on the web.
    pub url: String,
}

/// A commit that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UploadedCommit {
    /// Its id.
    pub id: String,
    /// Its page.
    pub url: String,
}

/// A pull request that was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UploadedPullRequest {
    /// Its number.
    pub number: u64,
    /// Its page.
    pub url: String,
}
