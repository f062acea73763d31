use std::sync::Mutex;

use hubdesk_core::Meter;

/// How far a run is, for one reader that looks whenever it likes.
#[derive(Debug, Default)]
pub struct Progress {
    /// Files and bytes. Bytes of a file are done when they were read for sending; what the storage
    /// has already costs no time.
    pub meter: Meter,
    stage: Mutex<Stage>,
}

/// What a run is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stage {
    /// Looking at what there is on this machine.
    #[default]
    Walking,
    /// Asking the Hub what is there.
    Listing,
    /// Reading files to see whether they have changed.
    Fingerprinting,
    /// Bytes are on the way.
    Sending,
    /// The Hub is making a commit.
    Committing,
}

impl Progress {
    /// What is being done.
    pub fn stage(&self) -> Stage {
        *self.held()
    }

    pub(crate) fn enter(&self, stage: Stage) {
        *self.held() = stage;
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Stage> {
        self.stage
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}
