use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ApiError, RepoRef};

/// Names a transfer while the program runs.
pub type TransferId = u64;

/// What to download.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DownloadRequest {
    /// From where.
    pub repo: RepoRef,
    /// Branch, tag, pull-request ref or commit.
    pub revision: String,
    /// Paths of files; `null` takes all of them.
    pub paths: Option<Vec<String>>,
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
    /// Free space of the volume that holds the cache.
    pub bytes_free: u64,
    /// The folder the files will be found in.
    pub folder: String,
}

/// Names one transfer in a command.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TransferRef {
    /// Which one.
    pub id: TransferId,
}

/// One transfer as it stands.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Transfer {
    /// Its id.
    pub id: TransferId,
    /// From where.
    pub repo: RepoRef,
    /// Base address of its Hub, which may be another than the one that is open.
    pub endpoint: String,
    /// The revision asked for.
    pub revision: String,
    /// How it stands.
    pub state: TransferState,
    /// What it is doing now.
    pub stage: Stage,
    /// What it waits for, in words, when it waits for something.
    pub waiting_for: Option<String>,
    /// The Hub at which somebody has to sign in before it goes on; `null` when it waits for
    /// something else, or for nothing.
    pub sign_in_at: Option<String>,
    /// Files of the job.
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
    /// Why it failed.
    pub error: Option<ApiError>,
}

/// How a transfer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum TransferState {
    /// At work.
    Running,
    /// Everything asked for is there.
    Done,
    /// Stopped by an error.
    Failed,
    /// Stopped by a person. What arrived is kept for the next time.
    Cancelled,
}

/// What a download is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Stage {
    /// Asking the Hub what there is.
    Listing,
    /// Nothing arrives just now, for a reason that may pass: `waitingFor` says which.
    Waiting,
    /// Bytes are on the way.
    Downloading,
    /// Comparing digests.
    Verifying,
    /// Making the files visible.
    Linking,
}
