//! How many there are of each kind, and in which order.

use std::collections::BTreeMap;
use std::sync::Arc;

use hubdesk_transfers as queue;
use hubdesk_transfers::{State, TransferId};

use crate::api;
use crate::queue::shown;

pub(super) type Rows = BTreeMap<TransferId, Arc<queue::Transfer>>;

/// What there is of each kind.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) running: u32,
    pub(super) queued: u32,
    pub(super) paused: u32,
    pub(super) waiting: u32,
    pub(super) needs_you: u32,
}

impl Counts {
    pub(super) fn of(rows: &Rows) -> Self {
        let mut counts = Self::default();
        for row in rows.values() {
            let count = match (&row.state, &row.request) {
                (state, Err(_)) if !state.has_ended() => &mut counts.needs_you,
                (State::Queued, _) => &mut counts.queued,
                (State::Running, _) => &mut counts.running,
                (State::Paused, _) => &mut counts.paused,
                (State::Waiting(_), _) => &mut counts.waiting,
                (State::Blocked(_), _) => &mut counts.needs_you,
                (State::Done | State::Failed(_) | State::Cancelled, _) => continue,
            };
            *count += 1;
        }
        counts
    }

    pub(super) fn is_all_paused(self) -> bool {
        let others = self.running + self.queued + self.waiting + self.needs_you;
        self.paused > 0 && others == 0
    }
}

/// Unfinished ones in the order of the queue, then finished ones, newest first.
pub(super) fn order(rows: &Rows) -> Vec<api::TransferId> {
    let (mut ended, mut open): (Vec<_>, Vec<_>) =
        rows.values().partition(|row| row.state.has_ended());
    open.sort_unstable_by_key(|row| (row.class, row.rank, row.id));
    ended.sort_unstable_by_key(|row| std::cmp::Reverse((row.changed_at, row.id)));
    open.into_iter()
        .chain(ended)
        .map(|row| shown(row.id))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::queue::samples;

    fn counts(states: &[State]) -> Counts {
        let rows = states.iter().enumerate().map(|(n, state)| {
            let row = queue::Transfer {
                state: state.clone(),
                ..samples::row(n as i64)
            };
            (row.id, Arc::new(row))
        });
        Counts::of(&rows.collect())
    }

    #[test]
    fn everything_is_paused_when_nothing_unfinished_is_not() {
        assert!(!counts(&[]).is_all_paused());
        assert!(!counts(&[State::Done]).is_all_paused());
        assert!(counts(&[State::Done, State::Paused]).is_all_paused());
        assert!(!counts(&[State::Paused, State::Queued]).is_all_paused());
    }
}
