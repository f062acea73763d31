use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{RepoRef, UploadOnto};

/// Names a change that was planned, while the program runs. The last few are kept.
pub type ChangeId = u64;

/// Names a change that was planned.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangeRef {
    /// Which one.
    pub id: ChangeId,
}

/// What taking back an upload would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UndoPlan {
    /// Its name in `run_undo`.
    pub id: ChangeId,
    /// The branch on which it is taken back.
    pub branch: String,
    /// The pull request whose branch that is; it stays open.
    pub pull_request: Option<u64>,
    /// Files that the upload has brought, and that go.
    pub removed: u64,
    /// Files that become again what they were.
    pub restored: u64,
    /// Files that were removed, and come back.
    pub brought_back: u64,
    /// Files that stay as they are, since others have changed them.
    pub left_alone: u64,
    /// Files that are as before already.
    pub as_before: u64,
    /// Bytes that come by way of this computer, of small files; large ones stay where they are.
    pub bytes_fetched: u64,
    /// Which files, those that stay first; at most 1,000.
    pub files: Vec<UndoFile>,
    /// How many there are.
    pub files_total: u64,
}

/// A file that taking back is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UndoFile {
    /// Its path in the repository.
    pub path: String,
    /// What would become of it.
    pub fate: UndoFate,
    /// Why it stays as it is, to stand after its name.
    pub why: Option<String>,
}

/// What taking back would do to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum UndoFate {
    /// It stays as it is.
    LeftAlone,
    /// It goes.
    Removed,
    /// It becomes again what it was.
    Restored,
    /// It was removed, and comes back.
    BroughtBack,
}

/// Copies, moves and deletions within a repository, all at once.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RearrangeRequest {
    /// In which repository.
    pub repo: RepoRef,
    /// On top of what.
    pub onto: UploadOnto,
    /// What to do. Each act sees what was there before any of them.
    pub acts: Vec<RearrangeAct>,
    /// Whether files that are there may be replaced.
    pub overwrite: bool,
    /// The first line of what the commits say; empty for the usual one.
    pub title: String,
    /// The rest; may be empty.
    pub description: String,
}

/// One thing to do with a file, or with a folder and everything in it.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "type"
)]
pub enum RearrangeAct {
    /// It is at another place as well.
    Copy {
        /// Where it is, if that is another repository, or another revision of this one.
        elsewhere: Option<CopySource>,
        /// Its path there.
        from: String,
        /// Its path here.
        to: String,
    },
    /// It is at another place.
    Move {
        /// Where it is.
        from: String,
        /// Where it is then.
        to: String,
    },
    /// It is gone.
    Delete {
        /// Where it is.
        path: String,
    },
}

/// Where something is copied from.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CopySource {
    /// Which repository.
    pub repo: RepoRef,
    /// At which revision.
    pub revision: String,
}

/// Whether copies, moves and deletions can be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "type"
)]
pub enum Rearranging {
    /// They can.
    Ready {
        /// What they would do.
        plan: RearrangePlan,
    },
    /// Not as they were asked for.
    Refused {
        /// What is in the way; at most 1,000.
        obstacles: Vec<Obstacle>,
        /// How many there are.
        obstacles_total: u64,
    },
}

/// What copies, moves and deletions would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RearrangePlan {
    /// Its name in `run_rearrange`.
    pub id: ChangeId,
    /// Files that stay, and are at another place as well.
    pub copied: u64,
    /// Files that are at another place.
    pub moved: u64,
    /// Files that are gone.
    pub deleted: u64,
    /// Files that others take the place of.
    pub replaced: u64,
    /// Files that are at their new place already.
    pub same: u64,
    /// Bytes that come by way of this computer, of small files.
    pub bytes_fetched: u64,
    /// Bytes of large files, which stay on the Hub.
    pub bytes_kept: u64,
}

/// Something that is in the way of a copy, move or deletion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Obstacle {
    /// What it is.
    pub kind: ObstacleKind,
    /// At which path.
    pub path: String,
    /// In one sentence.
    pub message: String,
}

/// What is in the way of a copy, move or deletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ObstacleKind {
    /// There is nothing of this name.
    Missing,
    /// It would come to lie in itself.
    IntoItself,
    /// A file is there, which may be replaced if that is said.
    Occupied,
    /// A folder is where a file would be, or the reverse.
    InTheWay,
    /// Two would come to the same place.
    Twice,
    /// The Hub takes no file of this name.
    Name,
}
