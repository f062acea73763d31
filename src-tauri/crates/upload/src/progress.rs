use std::sync::{Mutex, MutexGuard};

use hubdesk_core::Meter;

/// How far a run is, for one reader that looks whenever it likes.
#[derive(Debug, Default)]
pub struct Progress {
    /// Files and bytes. Bytes of a file are done when they were read for sending; what the storage
    /// has already costs no time.
    pub meter: Meter,
    now: Mutex<Now>,
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

/// What goes on at the same time.
#[derive(Debug, Default)]
struct Now {
    stage: Stage,
    sending: usize,
    committing: usize,
}

/// Something goes on until this is dropped.
pub(crate) struct During<'a> {
    progress: &'a Progress,
    count: fn(&mut Now) -> &mut usize,
}

impl Progress {
    /// What is being done. While one batch is committed, the next one is read and sent: what moves
    /// bytes is told of first.
    pub fn stage(&self) -> Stage {
        let now = self.held();
        match (now.sending, now.committing) {
            (0, 0) => now.stage,
            (0, _) => Stage::Committing,
            _ => Stage::Sending,
        }
    }

    pub(crate) fn enter(&self, stage: Stage) {
        self.held().stage = stage;
    }

    /// Bytes are on the way.
    pub(crate) fn sending(&self) -> During<'_> {
        self.during(|now| &mut now.sending)
    }

    /// The Hub is making a commit.
    pub(crate) fn committing(&self) -> During<'_> {
        self.during(|now| &mut now.committing)
    }

    fn during(&self, count: fn(&mut Now) -> &mut usize) -> During<'_> {
        *count(&mut self.held()) += 1;
        During {
            progress: self,
            count,
        }
    }

    fn held(&self) -> MutexGuard<'_, Now> {
        self.now
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}

impl Drop for During<'_> {
    fn drop(&mut self) {
        *(self.count)(&mut self.progress.held()) -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_what_goes_on_at_the_same_time_sending_is_told_of_first() {
        let progress = Progress::default();
        progress.enter(Stage::Fingerprinting);
        let committing = progress.committing();
        assert_eq!(progress.stage(), Stage::Committing);
        let sending = [progress.sending(), progress.sending()];
        drop(committing);
        assert_eq!(progress.stage(), Stage::Sending);
        drop(sending);
        assert_eq!(progress.stage(), Stage::Fingerprinting);
    }
}
