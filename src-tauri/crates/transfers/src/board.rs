use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::SystemTime;

use hubdesk_core::Class;

use crate::request::{Request, Unreadable};
use crate::{Code, FileState, Limits, Look, State, TransferId};

/// A transfer as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// Its id.
    pub id: TransferId,
    /// What is to be done. One that cannot be read stays, is never run, and can be cancelled.
    pub request: Result<Request, Unreadable>,
    /// What people see of it.
    pub title: String,
    /// How urgent.
    pub class: Class,
    /// Its place within the class; the smallest first.
    pub rank: i64,
    /// How it stands.
    pub state: State,
    /// Runs in a row that brought nothing.
    pub attempts: u32,
    /// What went wrong last, if that is why it stands so.
    pub error: Option<Code>,
    /// The room that is missing, if that is why it stands so and is known.
    pub room: Option<Room>,
    /// The volume its files go to, as it was when that was chosen.
    pub volume: Option<String>,
    /// Where its files are or will be, once that is known.
    pub folder: Option<String>,
    /// Files it is about, once that is known.
    pub files_total: Option<u64>,
    /// Bytes it is about, once that is known.
    pub bytes_total: Option<u64>,
    /// Files that were there when its last run ended.
    pub files_done: Option<u64>,
    /// Bytes that were there then. Only to be shown: the disk knows, and may know better.
    pub bytes_done: Option<u64>,
    /// When it was asked for.
    pub created_at: SystemTime,
    /// When its state changed last.
    pub changed_at: SystemTime,
}

/// Room that a transfer needs and has not found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// Where.
    pub folder: String,
    /// Bytes, in all.
    pub bytes: u64,
}

/// How far a run is that is at work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Live {
    /// What the run says.
    pub look: Look,
    /// Bytes to show: never fewer than were shown before.
    pub bytes_done: u64,
    /// Speed of the last seconds.
    pub bytes_per_second: u64,
    /// Seconds to go at that speed; `None` when there is no telling.
    pub seconds_left: Option<u64>,
}

/// All there is, at one moment. Cheap to clone; parts that have not changed are shared, so that
/// [`Arc::ptr_eq`] tells what there is nothing new to see of.
#[derive(Debug, Clone)]
pub struct Board {
    /// Every transfer.
    pub transfers: Arc<BTreeMap<TransferId, Arc<Transfer>>>,
    /// Those at work, also while they are ending.
    pub live: Arc<BTreeMap<TransferId, Live>>,
    /// How much may be done at once.
    pub limits: Limits,
    /// Why changes cannot be stored at present; nothing begins meanwhile.
    pub unsaved: Option<Unsaved>,
}

/// Why changes cannot be stored at present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsaved {
    /// The volume of the database is full.
    Full,
    /// The database cannot be written to.
    ReadOnly,
    /// The database is damaged. It is set aside when the program starts the next time.
    Damaged,
    /// The system refuses it for another reason.
    Other,
}

impl From<&hubdesk_store::Error> for Unsaved {
    fn from(error: &hubdesk_store::Error) -> Self {
        match error {
            hubdesk_store::Error::Full { .. } => Self::Full,
            hubdesk_store::Error::ReadOnly { .. } => Self::ReadOnly,
            hubdesk_store::Error::Damaged { .. } => Self::Damaged,
            _ => Self::Other,
        }
    }
}

/// Which files of a transfer are asked for, in the order of their paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageOf {
    /// How many to pass over.
    pub skip: u32,
    /// How many, at most; and never more than 1,000.
    pub limit: u32,
    /// Only some of them; `None` is all.
    pub only: Option<Only>,
}

/// Which files of a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Only {
    /// Those that stand so, and are not at work.
    State(FileState),
    /// Those at work.
    AtWork,
}

/// Some of the files of a transfer, in the order of their paths.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FilePage {
    /// The files.
    pub files: Vec<FileRow>,
    /// How many there are on all pages.
    pub total: u64,
}

/// A file of a transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRow {
    /// Its path in the repository.
    pub path: String,
    /// How it stands; up to a second old.
    pub state: FileState,
    /// Its size.
    pub bytes_total: u64,
    /// Bytes that are done, while it is at work.
    pub bytes_at_work: Option<u64>,
}
