//! What is new on the board since windows were told of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::SystemTime;

use hubdesk_transfers as queue;
use hubdesk_transfers::request::Request;
use hubdesk_transfers::{State, TransferId};

use super::counts::{Counts, Rows, order};
use crate::api::{self, Status};
use crate::notices::Notice;
use crate::queue::Describer;

/// What windows have been told so far.
pub(super) struct Told {
    /// When it began. What has come to stand as it stands since then is news, though it may be over
    /// before it was looked at for the first time.
    since: SystemTime,
    rows: Option<Arc<Rows>>,
    /// Those at work, as they were told of.
    live: BTreeMap<TransferId, api::Transfer>,
    /// Bytes that those at work had moved.
    moved: BTreeMap<TransferId, u64>,
    order: Vec<api::TransferId>,
    pub(super) counts: Counts,
    pub(super) status: Option<Status>,
}

/// What is new on the board.
#[derive(Debug, Default)]
pub(super) struct News {
    pub(super) changed: Vec<api::Transfer>,
    pub(super) removed: Vec<TransferId>,
    pub(super) order: Option<Vec<api::TransferId>>,
    /// Something of these has come over the network.
    pub(super) has_moved: bool,
    /// A run has ended: there may be other files than before.
    pub(super) has_ended: bool,
    /// A run has ended that has changed a repository, or may have.
    pub(super) has_uploaded: bool,
    pub(super) notices: Vec<Notice>,
}

impl Told {
    /// Nothing yet, at `since`.
    pub(super) fn nothing(since: SystemTime) -> Self {
        Self {
            since,
            rows: None,
            live: BTreeMap::new(),
            moved: BTreeMap::new(),
            order: Vec::new(),
            counts: Counts::default(),
            status: None,
        }
    }

    /// What is new on `board`. Apart from a change of rows it looks at nothing but what is at work.
    pub(super) fn news(&mut self, board: &queue::Board, describer: &Describer) -> News {
        let mut news = News::default();
        let mut dirty: BTreeSet<TransferId> = BTreeSet::new();
        let is_same = |rows: &Arc<Rows>| Arc::ptr_eq(rows, &board.transfers);
        if !self.rows.as_ref().is_some_and(is_same) {
            self.compare(board, &mut news, &mut dirty);
        }
        dirty.extend(self.live.keys().chain(board.live.keys()));
        let mut live = BTreeMap::new();
        for id in dirty {
            let Some(row) = board.transfers.get(&id) else {
                continue;
            };
            let at_work = board.live.get(&id);
            let transfer = describer.describe(row, at_work);
            let is_old = self.live.get(&id) == Some(&transfer);
            if at_work.is_some() {
                live.insert(id, transfer.clone());
            }
            if !is_old {
                news.changed.push(transfer);
            }
        }
        news.has_ended |= self.live.keys().any(|id| !live.contains_key(id));
        self.live = live;
        news.has_moved = self.note_moved(board);
        news
    }

    /// Looks at all rows, since some of them are new.
    fn compare(&mut self, board: &queue::Board, news: &mut News, dirty: &mut BTreeSet<TransferId>) {
        let rows = &board.transfers;
        let before = self.rows.replace(Arc::clone(rows));
        for (id, row) in rows.iter() {
            let old = before.as_ref().and_then(|before| before.get(id));
            if old.is_some_and(|old| Arc::ptr_eq(old, row)) {
                continue;
            }
            dirty.insert(*id);
            let has_come_to_it = match old {
                Some(old) => old.state != row.state,
                None => row.changed_at >= self.since,
            };
            if has_come_to_it {
                let notice = Notice::of(row);
                // A short run lies between two looks, and nobody has seen it run.
                let was_running = old.is_some_and(|old| old.state == State::Running);
                let has_run = was_running || notice.is_some();
                let is_upload = matches!(row.request, Ok(Request::Upload(_)));
                news.has_ended |= has_run;
                news.has_uploaded |= has_run && is_upload;
                news.notices.extend(notice);
            }
        }
        let gone = before.iter().flat_map(|before| before.keys());
        news.removed = gone.filter(|id| !rows.contains_key(id)).copied().collect();
        self.counts = Counts::of(rows);
        let order = order(rows);
        if order != self.order {
            self.order.clone_from(&order);
            news.order = Some(order);
        }
    }

    fn note_moved(&mut self, board: &queue::Board) -> bool {
        let moved = board.live.iter();
        let moved: BTreeMap<_, _> = moved
            .map(|(id, live)| (*id, live.look.reading.bytes_moved))
            .collect();
        let has_more =
            |(id, bytes): (&TransferId, &u64)| *bytes > self.moved.get(id).copied().unwrap_or(0);
        let has_moved = moved.iter().any(has_more);
        self.moved = moved;
        has_moved
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use hubdesk_core::{Clock as _, SystemClock};
    use hubdesk_transfers::{Limits, Live, Look};

    use super::*;
    use crate::queue::samples::row as sample;
    use crate::queue::{Words, named};

    const MANY: i64 = 5000;
    /// When the looks begin; rows are older.
    fn begun() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1)
    }

    fn row(id: i64, state: State) -> Arc<queue::Transfer> {
        Arc::new(queue::Transfer {
            state,
            ..sample(id)
        })
    }

    fn live(bytes_done: u64) -> Arc<BTreeMap<TransferId, Live>> {
        let one = |id| {
            let live = Live {
                look: Look::default(),
                bytes_done,
                bytes_per_second: 1,
                seconds_left: None,
            };
            (TransferId::new(id), live)
        };
        Arc::new((1..=3).map(one).collect())
    }

    /// Three at work, and many more that wait.
    fn board() -> queue::Board {
        let state = |id| match id {
            1..=3 => State::Running,
            _ => State::Queued,
        };
        let rows = (1..=MANY).map(|id| (TransferId::new(id), row(id, state(id))));
        queue::Board {
            transfers: Arc::new(rows.collect()),
            live: live(0),
            limits: Limits::default(),
            unsaved: None,
        }
    }

    fn describer() -> Describer {
        Describer::new(Arc::<Words>::default(), None)
    }

    #[test]
    fn of_thousands_only_those_that_have_changed_are_told_of() {
        let (mut told, mut board) = (Told::nothing(begun()), board());
        let all = told.news(&board, &describer());
        assert_eq!(all.changed.len() as i64, MANY);
        assert_eq!(all.order.map(|order| order.len() as i64), Some(MANY));
        assert!(told.news(&board, &describer()).changed.is_empty());

        board.live = live(7);
        let moved = told.news(&board, &describer());
        let ids: Vec<_> = moved.changed.iter().map(|one| one.id).collect();
        assert_eq!(ids, [1, 2, 3]);
        assert!(moved.order.is_none() && !moved.has_ended);

        let rows = Arc::make_mut(&mut board.transfers);
        rows.insert(named(9), row(9, State::Cancelled));
        rows.remove(&named(10));
        let changed = told.news(&board, &describer());
        let ids: Vec<_> = changed.changed.iter().map(|one| one.id).collect();
        assert_eq!((ids, changed.removed), (vec![9], vec![named(10)]));
        assert_eq!(changed.order.unwrap().last(), Some(&9), "it has ended");
    }

    #[test]
    fn a_look_at_thousands_costs_what_a_look_at_a_few_does() {
        let (mut told, mut board) = (Told::nothing(begun()), board());
        let describer = describer();
        told.news(&board, &describer);
        let clock = SystemClock::default();
        for bytes in 1..=1000 {
            board.live = live(bytes);
            assert_eq!(told.news(&board, &describer).changed.len(), 3);
        }
        // A hundred seconds' worth of looks; describing all of them each time takes minutes.
        let took = clock.elapsed();
        assert!(took < Duration::from_secs(5), "{took:?}");
    }

    #[test]
    fn what_has_ended_is_told_to_a_person_and_what_was_so_before_is_not() {
        let (mut told, mut board) = (Told::nothing(begun()), board());
        let rows = Arc::make_mut(&mut board.transfers);
        rows.insert(named(7), row(7, State::Done));
        assert!(told.news(&board, &describer()).notices.is_empty());
        let rows = Arc::make_mut(&mut board.transfers);
        rows.insert(named(1), row(1, State::Done));
        board.live = Arc::default();
        let news = told.news(&board, &describer());
        assert_eq!(news.notices.len(), 1);
        assert!(news.has_ended);
    }

    #[test]
    fn a_run_between_two_looks_has_ended_though_nobody_saw_it_run() {
        let (mut told, mut board) = (Told::nothing(begun()), board());
        told.news(&board, &describer());
        let rows = Arc::make_mut(&mut board.transfers);
        rows.insert(named(4), row(4, State::Done));
        assert!(told.news(&board, &describer()).has_ended);
    }

    #[test]
    fn what_was_over_before_the_first_look_is_told_of_if_it_is_of_this_run() {
        let mut board = board();
        let rows = Arc::make_mut(&mut board.transfers);
        let mut quick = Arc::unwrap_or_clone(row(7, State::Done));
        quick.changed_at = begun() + Duration::from_millis(5);
        rows.insert(named(7), Arc::new(quick));
        rows.insert(named(8), row(8, State::Done));
        let news = Told::nothing(begun()).news(&board, &describer());
        assert_eq!(
            news.notices.len(),
            1,
            "the other one ended in an earlier run"
        );
    }
}
