use serde::Serialize;
use ts_rs::TS;

use super::{AccountId, KnownSource, RepoRef, Session, Transfer, TransferId};

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
    /// Folders a person has used lately.
    Folders,
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
    /// What has changed of what is going on, at most ten times a second.
    Transfers {
        /// Transfers that are new, or stand otherwise.
        changed: Vec<Transfer>,
        /// Those that are not in the list any more.
        removed: Vec<TransferId>,
        /// All of them in their order, if that is another one than before.
        order: Option<Vec<TransferId>>,
        /// As in a board.
        is_all_paused: bool,
        /// The bar at the bottom.
        status: Status,
    },
    /// The window was to be closed while something is at work: `answer_quit` says what becomes of
    /// that. Asked once; who closes the window again means it.
    QuitAsked {
        /// There is a tray from which the window can be opened again.
        can_hide: bool,
    },
    /// Files and folders are held over the window, or are not any more.
    DragOver {
        /// How many; 0 when none is any more, be it that they were dropped.
        count: u32,
    },
    /// Files and folders were dropped on the window.
    Dropped {
        /// What they are; what is neither is not named.
        sources: Vec<KnownSource>,
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
    /// The queue could not be read when the program started. Its file was set aside, and a new
    /// queue was begun.
    QueueSetAside {
        /// Where the old file is now.
        path: String,
    },
    /// The queue cannot be kept on disk: it goes on in memory, and is lost when the program ends.
    QueueInMemory {
        /// Why: one sentence.
        why: String,
    },
}

/// All transfers, and the status bar.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Board {
    /// Unfinished ones first, in the order of the queue; then finished ones, newest first, until
    /// they are cleared.
    pub transfers: Vec<Transfer>,
    /// Something is unfinished, and all that is, is paused.
    pub is_all_paused: bool,
    /// The bar at the bottom.
    pub status: Status,
}

/// The status bar.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// Transfers at work.
    pub running: u32,
    /// Those whose turn has not come.
    pub queued: u32,
    /// Those that go on by themselves later.
    pub waiting: u32,
    /// Those a person has stopped for a while.
    pub paused: u32,
    /// Those for which a person has to do something.
    pub needs_you: u32,
    /// Downwards, all transfers together, in bytes per second.
    pub bytes_per_second: u64,
    /// Upwards, the same.
    pub upload_bytes_per_second: u64,
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
    /// What is wrong with the queue on disk, in one sentence: changes cannot be kept just now, and
    /// nothing new begins meanwhile; or it is kept in memory only; or it was damaged and begun anew.
    pub queue_trouble: Option<String>,
}
