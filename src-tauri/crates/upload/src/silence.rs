//! Tells a chunk store that has fallen silent from one that is slow.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::sleep;

/// How often is looked within the time of patience. Counting looks, not time: a machine that was too
/// busy to look has not waited for anybody.
const LOOKS: u32 = 8;

/// What the files of a batch are doing.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    /// Pieces that were handed to the store.
    given: AtomicU64,
    /// Files that wait for something else: the disk, or the bound on the bandwidth.
    elsewhere: AtomicUsize,
}

/// A file that waits for something else, until this is dropped.
struct Elsewhere<'a>(&'a Watch);

impl Watch {
    /// Waits for `work`, which is none of the store's.
    pub(crate) async fn elsewhere<T>(&self, work: impl Future<Output = T>) -> T {
        self.elsewhere.fetch_add(1, Ordering::Relaxed);
        let _guard = Elsewhere(self);
        work.await
    }

    /// The store has taken a piece.
    pub(crate) fn gave(&self) {
        self.given.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns when nothing has moved for as long as `patience` says; `moved` grows when something does.
    pub(crate) async fn silence(&self, moved: impl Fn() -> u64, patience: impl Fn() -> Duration) {
        let state = || (moved(), self.given.load(Ordering::Relaxed));
        let mut last = state();
        let mut quiet = 0;
        while quiet < LOOKS {
            sleep(patience() / LOOKS).await;
            let now = state();
            let is_waiting = self.elsewhere.load(Ordering::Relaxed) > 0;
            quiet = if now != last || is_waiting {
                0
            } else {
                quiet + 1
            };
            last = now;
        }
    }
}

impl Drop for Elsewhere<'_> {
    fn drop(&mut self) {
        self.0.elsewhere.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use tokio::time::{Instant, timeout};

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(60);

    #[tokio::test(start_paused = true)]
    async fn silence_is_noticed_when_it_has_lasted() {
        let begun = Instant::now();
        Watch::default().silence(|| 7, || PATIENCE).await;
        assert_eq!(begun.elapsed().as_secs(), PATIENCE.as_secs());
    }

    #[tokio::test(start_paused = true)]
    async fn what_moves_or_waits_for_others_is_not_silent() {
        let (watch, long) = (Watch::default(), 10 * PATIENCE);
        let begun = Instant::now();
        let moved = || begun.elapsed().as_secs() / 50;
        assert!(
            timeout(long, watch.silence(moved, || PATIENCE))
                .await
                .is_err()
        );
        let waiting = watch.elsewhere(pending::<()>());
        tokio::select! {
            () = waiting => unreachable!("it waits"),
            end = timeout(long, watch.silence(|| 7, || PATIENCE)) => assert!(end.is_err()),
        }
        let end = timeout(long, watch.silence(|| 7, || PATIENCE)).await;
        assert!(end.is_ok(), "nobody waits elsewhere any more");
    }
}
