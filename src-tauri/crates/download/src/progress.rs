use std::path::PathBuf;
use std::sync::{Mutex, OnceLock};

use hubdesk_core::{Meter, Wait};

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
