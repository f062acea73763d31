//! Work on local files, such as hashing and copying, is seen while it is done and stops when the run is
//! stopped.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use hubdesk_cache::{Did, Pace};
use hubdesk_core::Tally;

use crate::listing::Selection;
use crate::place::Place;
use crate::plan::BlobTask;
use crate::step::Step;
use crate::{Progress, Stage};

impl Step<'_> {
    /// The place, where work for `task` moves its `tally` as bytes from the network do. What is read
    /// first and copied then moves it once.
    pub(crate) fn paced(&self, task: &BlobTask, tally: &Tally<'_>) -> Place {
        let most = task.size.saturating_mul(task.paths.len() as u64);
        self.place.paced(self.pace(most, tally.counter()))
    }

    /// The place, while a plan is made: what must be read for it is all there is to see.
    pub(crate) fn paced_for_plan(&self, is_first: bool, selection: &Selection) -> Place {
        let sizes = selection.entries.iter().map(|entry| entry.size);
        let most = sizes.fold(0, u64::saturating_add);
        if is_first {
            let files = selection.entries.len() as u64;
            self.progress.meter.begin((files, most), (0, 0));
        }
        self.place.paced(self.pace(most, Arc::default()))
    }

    fn pace(&self, most: u64, counted: Arc<AtomicU64>) -> Pace {
        let (progress, cancel) = (Arc::clone(&self.ctx.progress), self.cancel.clone());
        let (read, copied) = (AtomicU64::new(0), AtomicU64::new(0));
        Pace::new(move |did| {
            let of = |did| match did {
                Did::Read(_) => &read,
                Did::Copied(_) => &copied,
            };
            let furthest = || {
                read.load(Ordering::Relaxed)
                    .max(copied.load(Ordering::Relaxed))
            };
            let before = furthest();
            let (Did::Read(bytes) | Did::Copied(bytes)) = did;
            of(did).fetch_add(bytes, Ordering::Relaxed);
            if matches!(did, Did::Read(_)) {
                progress.enter(Stage::Verifying);
            }
            count(&progress, &counted, furthest() - before, most);
            !cancel.is_cancelled()
        })
    }
}

/// Counts `bytes` as here, but never more than `most`.
fn count(progress: &Progress, counted: &AtomicU64, bytes: u64, most: u64) {
    let more = bytes.min(most.saturating_sub(counted.load(Ordering::Relaxed)));
    counted.fetch_add(more, Ordering::Relaxed);
    progress.meter.tally(0).set(more);
}
