use serde::Serialize;
use ts_rs::TS;

use super::{AccountId, RepoRef, Session, Transfer};

/// What an answer is made of, and so what makes it old.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Tag {
    /// Which Hub is open, and as whom.
    Session,
    /// What a person has set.
    Settings,
    /// Lists of repositories.
    RepoList,
    /// One repository's facts.
    Repo,
    /// What is in the cache.
    Cache,
    /// Who has signed in, and what can be said about signing in.
    Accounts,
}

/// What Rust tells the window by itself. The first one is always a snapshot.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "type"
)]
pub enum UiEvent {
    /// Everything, for a window that has just opened or has fallen behind. Every copy is old.
    Snapshot {
        /// Which Hub is open.
        session: Session,
        /// What is going on.
        board: Board,
    },
    /// Answers made of these are old: ask again for those on screen.
    Stale {
        /// What changed.
        tags: Vec<Tag>,
    },
    /// What is going on, at most ten times a second and only while something does.
    Board {
        /// The whole of it.
        board: Board,
    },
    /// Something a person has waited for has happened.
    Toast {
        /// What.
        toast: Toast,
    },
    /// A Hub wants people to know something. It is told once for each topic.
    HubWarning {
        /// What it is about, in the Hub's word; may be empty.
        topic: String,
        /// What it says: plain text, 500 characters at most.
        message: String,
        /// Base address of the Hub that says it.
        endpoint: String,
    },
}

/// Something to tell a person once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "kind"
)]
pub enum Toast {
    /// Access that was asked for was granted.
    AccessGranted {
        /// To which repository.
        repo: RepoRef,
        /// At which Hub.
        endpoint: String,
        /// To whom.
        account: Option<AccountId>,
    },
}

/// All transfers, and the status bar.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Board {
    /// Newest first; finished ones stay until cleared.
    pub transfers: Vec<Transfer>,
    /// The bar at the bottom.
    pub status: Status,
}

/// The status bar.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// Transfers at work.
    pub running: u32,
    /// Downwards, all transfers together, in bytes per second.
    pub bytes_per_second: u64,
    /// Seconds until the last of them ends at that speed.
    pub seconds_left: Option<u64>,
    /// What was asked of a Hub last was answered, be it by a refusal.
    pub is_online: bool,
    /// The environment says that nothing may be asked of the Hub.
    pub is_told_offline: bool,
    /// Seconds that requests wait for the Hub's limit; `null` while none waits.
    pub hub_wait_seconds: Option<u64>,
    /// Free space of the volume that holds the cache; `null` when it cannot be read.
    pub bytes_free: Option<u64>,
}
