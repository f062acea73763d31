//! How much goes into one commit. Pure.

use std::time::Duration;

use hubdesk_hub::Operations;

/// Changes in one commit, step by step, as the official client has it (`_upload_large_folder`).
const STEPS: [usize; 10] = [20, 50, 75, 100, 125, 200, 250, 400, 600, 1000];
/// The step it begins with.
const FIRST: usize = 6;
/// The Hub gives a commit a minute; one that takes longer than this must become smaller.
const SLOW: Duration = Duration::from_secs(40);

/// How many changes the next commit gets. It follows how long the last ones took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pace {
    step: usize,
}

impl Pace {
    pub(crate) fn new() -> Self {
        Self { step: FIRST }
    }

    /// Most changes in the next commit.
    pub(crate) fn most(&self) -> usize {
        STEPS[self.step]
    }

    /// A commit of `changes` has taken so long.
    pub(crate) fn took(&mut self, changes: usize, time: Duration) {
        if time > SLOW {
            self.slower();
        } else if changes >= self.most() {
            self.step = (self.step + 1).min(STEPS.len() - 1);
        }
    }

    /// A commit was too much for the Hub. `false` if it cannot be made smaller.
    pub(crate) fn slower(&mut self) -> bool {
        let could = self.step > 0;
        self.step = self.step.saturating_sub(1);
        could
    }
}

/// Bytes of regular files in one commit: they are in memory twice while they are sent, and the
/// next commit's are being read.
pub(crate) const MOST_REGULAR: usize = 16 << 20;
const _: () = assert!(MOST_REGULAR / 3 * 4 < Operations::MOST_BYTES);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_and_quick_commits_grow_and_others_do_not() {
        let mut pace = Pace::new();
        assert_eq!(pace.most(), 250);
        pace.took(100, Duration::from_secs(1));
        assert_eq!(pace.most(), 250);
        pace.took(250, Duration::from_secs(1));
        assert_eq!(pace.most(), 400);
        for _ in 0..9 {
            pace.took(pace.most(), Duration::ZERO);
        }
        assert_eq!(pace.most(), 1000);
    }

    #[test]
    fn slow_and_refused_commits_shrink_down_to_the_smallest() {
        let mut pace = Pace::new();
        pace.took(250, Duration::from_secs(41));
        assert_eq!(pace.most(), 200);
        let steps = (0..20).filter(|_| pace.slower()).count();
        assert_eq!((steps, pace.most()), (5, 20));
        assert!(!pace.slower());
    }
}
