use std::path::PathBuf;
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use hubdesk_core::Meter;

/// How far a run is, for one reader that looks whenever it likes.
#[derive(Debug, Default)]
pub struct Progress {
    /// Files and bytes.
    pub meter: Meter,
    now: Mutex<(Stage, Option<Wait>)>,
    folder: OnceLock<PathBuf>,
}

/// What a run is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stage {
    /// Asking the Hub what there is.
    #[default]
    Listing,
    /// Bytes are on the way.
    Downloading,
    /// A digest is being finished: what an earlier run left has to be read for it.
    Verifying,
    /// Pointing the ref at the commit.
    Linking,
}

/// Why no bytes arrive just now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wait {
    /// Another program is writing the same content.
    Lock {
        /// What it holds.
        path: PathBuf,
    },
    /// The connection gave nothing for so long that it was closed; a new one is tried.
    Stalled {
        /// Who fell silent.
        host: String,
    },
    /// The chunk store is no help just now; what is missing is fetched over plain HTTP.
    ChunkStore,
    /// Something failed that may pass; tried again after a pause.
    Fault {
        /// Attempts that brought nothing, in a row.
        attempt: u32,
        /// The pause.
        pause: Duration,
    },
    /// The server asked to be left alone for a while.
    Busy {
        /// How long.
        pause: Duration,
    },
}

impl Progress {
    /// What is being done, and what it waits for.
    pub fn now(&self) -> (Stage, Option<Wait>) {
        self.now
            .lock()
            .expect("nothing panics while it holds this lock")
            .clone()
    }

    /// The folder the files will be found in; known as soon as the commit is.
    pub fn folder(&self) -> Option<PathBuf> {
        self.folder.get().cloned()
    }

    pub(crate) fn found_folder(&self, folder: PathBuf) {
        self.folder.get_or_init(|| folder);
    }

    pub(crate) fn enter(&self, stage: Stage) {
        *self
            .now
            .lock()
            .expect("nothing panics while it holds this lock") = (stage, None);
    }

    pub(crate) fn wait(&self, wait: Wait) {
        self.now
            .lock()
            .expect("nothing panics while it holds this lock")
            .1 = Some(wait);
    }

    /// Bytes arrive again.
    pub(crate) fn moving(&self) {
        self.now
            .lock()
            .expect("nothing panics while it holds this lock")
            .1 = None;
    }
}
