use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ApiError, FolderId, RepoRef};

/// Names a transfer, for ever: none is given out twice.
pub type TransferId = u64;

/// Names one transfer in a command.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TransferRef {
    /// Which one.
    pub id: TransferId,
}

/// Puts a transfer elsewhere in the queue.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MoveTransfer {
    /// Which one.
    pub id: TransferId,
    /// The one it comes just before, whose class it gets; `null` puts it behind everything of its
    /// own.
    pub before: Option<TransferId>,
}

/// Has a transfer go elsewhere.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RedirectTransfer {
    /// Which one.
    pub id: TransferId,
    /// To where: a folder that a person has chosen.
    pub folder: FolderId,
}

/// Makes a transfer more or less urgent.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SetTransferClass {
    /// Which one.
    pub id: TransferId,
    /// The class at whose end it comes.
    pub class: TransferClass,
}

/// Asks for some of the files of a transfer.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TransferFilesRequest {
    /// Of which one.
    pub id: TransferId,
    /// Files to pass over, in the order of their paths.
    pub after: u32,
    /// How many, at most; never more than 1,000.
    pub limit: u32,
    /// Only those that stand so; `null` for all.
    pub state: Option<FileState>,
}

/// Some of the files of a transfer, in the order of their paths.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TransferFiles {
    /// The files.
    pub files: Vec<TransferFile>,
    /// How many there are. 0 while the transfer does not know its files, and again when it has
    /// long ended.
    pub total: u64,
}

/// A file of a transfer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TransferFile {
    /// Its path in the repository.
    pub path: String,
    /// How it stands; up to a second old.
    pub state: FileState,
    /// Its size.
    pub bytes_total: u64,
    /// Bytes that are here.
    pub bytes_done: u64,
}

/// How a file of a transfer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum FileState {
    /// Its turn has not come.
    Waiting,
    /// Its bytes are on the way.
    Running,
    /// It is where it should be.
    Done,
    /// It was given up.
    Failed,
}

/// One transfer as it stands.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Transfer {
    /// Its id.
    pub id: TransferId,
    /// What it does.
    pub kind: TransferKind,
    /// What people see of it: the repository's name.
    pub title: String,
    /// From where; `null` when a newer Hubdesk has asked for something that this one cannot read.
    pub repo: Option<RepoRef>,
    /// Base address of its Hub, which may be another than the one that is open.
    pub endpoint: String,
    /// Whose token it uses, by the user's name; `null` for nobody's.
    pub account: Option<String>,
    /// The revision asked for.
    pub revision: String,
    /// Which files were asked for.
    pub chosen: Chosen,
    /// Where they go.
    pub into: Destination,
    /// How urgent it is.
    pub class: TransferClass,
    /// How it stands.
    pub state: TransferState,
    /// What it is doing now; of interest while it runs.
    pub stage: Stage,
    /// What it waits for, in words, when it waits for something; to stand after "waiting for".
    pub waiting_for: Option<String>,
    /// When it goes on by itself, ISO 8601; `null` when that is not a matter of time.
    pub waits_until: Option<String>,
    /// What a person has to do before it goes on; `error` has words for it.
    pub blocked: Option<BlockReason>,
    /// The Hub at which somebody has to sign in before it goes on; `null` when it waits for
    /// something else, or for nothing.
    pub sign_in_at: Option<String>,
    /// Files of the job; 0 until the plan is known.
    pub files_total: u64,
    /// Files finished.
    pub files_done: u64,
    /// Bytes of the job; 0 until the plan is known.
    pub bytes_total: u64,
    /// Bytes here. Never smaller than it was a moment ago.
    pub bytes_done: u64,
    /// Speed of the last seconds, in bytes per second.
    pub bytes_per_second: u64,
    /// Seconds to go at that speed; `null` when there is no telling.
    pub seconds_left: Option<u64>,
    /// Where the files are, or will be; `null` until the commit is known. For reading: to open it,
    /// name the transfer.
    pub folder: Option<String>,
    /// Why it stands so, when it waits, is blocked or has failed.
    pub error: Option<ApiError>,
    /// When it was asked for, ISO 8601.
    pub created_at: String,
    /// When it ended, ISO 8601; `null` while it has not.
    pub ended_at: Option<String>,
}

/// What a transfer does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum TransferKind {
    /// Files from the Hub.
    Download,
    /// Files to the Hub.
    Upload,
}

/// Which files were asked for, for reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "type"
)]
pub enum Chosen {
    /// All of them.
    Everything,
    /// Those that were ticked.
    Files {
        /// How many.
        count: u64,
    },
    /// Those that match.
    Patterns {
        /// At least one must match; empty is everything.
        include: Vec<String>,
        /// None may match.
        exclude: Vec<String>,
    },
    /// One of the forms a model comes in.
    Variant {
        /// Its name, such as `Q4_K_M`.
        name: String,
    },
    /// These files and folders of this computer.
    Sources {
        /// Where the first ten of them are.
        paths: Vec<String>,
        /// How many there are.
        count: u64,
    },
}

/// Where files go, for reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "type"
)]
pub enum Destination {
    /// The cache shared with the other tools of the Hub.
    Cache,
    /// A folder of a person's own.
    Folder {
        /// Where it is.
        path: String,
    },
    /// The repository.
    Repo {
        /// By a pull request.
        is_pull_request: bool,
    },
}

/// How urgent a transfer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum TransferClass {
    /// Before everything else.
    Interactive,
    /// In its turn.
    Normal,
    /// When there is nothing else to do.
    Background,
}

/// How a transfer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum TransferState {
    /// Its turn has not come.
    Queued,
    /// At work.
    Running,
    /// Stopped by a person, for a while.
    Paused,
    /// It goes on by itself: `waitingFor` and `waitsUntil` say when.
    Waiting,
    /// It goes on when a person has done something: `blocked` says what.
    Blocked,
    /// Everything asked for is there.
    Done,
    /// Stopped by an error.
    Failed,
    /// Stopped by a person. What arrived is kept for the next time.
    Cancelled,
}

/// What a person has to do before a transfer goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum BlockReason {
    /// Sign in, at `signInAt`. It goes on by itself then.
    SignedOut,
    /// Ask for access. It goes on by itself when that is given.
    Gated,
    /// Make room. It goes on by itself then.
    NoSpace,
    /// Decide about what is in the way: files of their own, which can be replaced or another folder
    /// chosen; for an upload what others have changed meanwhile.
    Conflict,
    /// Make the destination writable. It goes on by itself then.
    ReadOnly,
    /// Connect the disk again. It goes on by itself then.
    VolumeGone,
    /// Say whether a file that looks like a secret may be published: `acknowledge_secrets`, or leave
    /// it out.
    Secret,
    /// Start a newer Hubdesk, which has asked for this.
    NewerRequest,
}

/// What a transfer that runs is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Stage {
    /// Looking at what there is on this computer.
    Walking,
    /// Asking the Hub what there is.
    Listing,
    /// Reading files to see whether they have changed.
    Reading,
    /// Bytes are on the way to the Hub.
    Sending,
    /// The Hub is making a commit.
    Committing,
    /// Nothing arrives just now, for a reason that may pass: `waitingFor` says which.
    Waiting,
    /// Bytes are on the way.
    Downloading,
    /// Comparing digests.
    Verifying,
    /// Making the files visible.
    Linking,
}
