//! What the window shows of the queue: only what has changed, at most ten times a second.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Weak};
use std::time::{Duration, SystemTime};

use hubdesk_transfers as queue;
use hubdesk_transfers::{Direction, State, TransferId};
use tokio::sync::{Notify, watch};

use crate::App;
use crate::api::{self, Board, Status, Tag, UiEvent};
use crate::app::Inner;
use crate::error::unsaved_words;
use crate::notices::{Notice, Notices};
use crate::queue::{Describer, shown};

/// Time between two looks, at least.
const PERIOD: Duration = Duration::from_millis(100);

type Rows = BTreeMap<TransferId, Arc<queue::Transfer>>;

/// What windows have been told so far.
struct Told {
    /// When it began. What has come to stand as it stands since then is news, though it may be over
    /// before it was looked at for the first time.
    since: SystemTime,
    rows: Option<Arc<Rows>>,
    /// Those at work, as they were told of.
    live: BTreeMap<TransferId, api::Transfer>,
    /// Bytes that those at work had moved.
    moved: BTreeMap<TransferId, u64>,
    order: Vec<api::TransferId>,
    counts: Counts,
    status: Option<Status>,
}

/// What there is of each kind.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Counts {
    running: u32,
    queued: u32,
    paused: u32,
    waiting: u32,
    needs_you: u32,
}

/// What is new on the board.
#[derive(Debug, Default)]
struct News {
    changed: Vec<api::Transfer>,
    removed: Vec<TransferId>,
    order: Option<Vec<api::TransferId>>,
    /// Something of these has come over the network.
    has_moved: bool,
    /// A run has ended: there may be other files than before.
    has_ended: bool,
    notices: Vec<Notice>,
}

impl Told {
    /// Nothing yet, at `since`.
    fn nothing(since: SystemTime) -> Self {
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
    fn news(&mut self, board: &queue::Board, describer: &Describer) -> News {
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
                let was_at_work = old.map_or(notice.is_some(), |old| old.state == State::Running);
                news.has_ended |= was_at_work;
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

impl Counts {
    fn of(rows: &Rows) -> Self {
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

    fn is_all_paused(self) -> bool {
        let others = self.running + self.queued + self.waiting + self.needs_you;
        self.paused > 0 && others == 0
    }
}

/// Unfinished ones in the order of the queue, then finished ones, newest first.
fn order(rows: &Rows) -> Vec<api::TransferId> {
    let (mut ended, mut open): (Vec<_>, Vec<_>) =
        rows.values().partition(|row| row.state.has_ended());
    open.sort_unstable_by_key(|row| (row.class, row.rank, row.id));
    ended.sort_unstable_by_key(|row| std::cmp::Reverse((row.changed_at, row.id)));
    open.into_iter()
        .chain(ended)
        .map(|row| shown(row.id))
        .collect()
}

impl App {
    /// The board as it is now. Blocks.
    pub(crate) fn board(&self) -> Board {
        let found = self.queue_board();
        let counts = found.as_ref().map(|board| Counts::of(&board.transfers));
        let counts = counts.unwrap_or_default();
        let transfers = found.as_ref().map(|board| {
            let describer = self.describer();
            let describe = |id: api::TransferId| {
                let id = crate::queue::named(id);
                let row = board.transfers.get(&id)?;
                Some(describer.describe(row, board.live.get(&id)))
            };
            order(&board.transfers)
                .into_iter()
                .filter_map(describe)
                .collect()
        });
        Board {
            transfers: transfers.unwrap_or_default(),
            is_all_paused: counts.is_all_paused(),
            status: self.status(found.as_ref(), counts),
        }
    }

    /// The queue as it is now, if it is open.
    pub(crate) fn queue_board(&self) -> Option<queue::Board> {
        let transfers = self.queue().if_open()?;
        let board = transfers.watch().borrow().clone();
        Some(board)
    }

    fn describer(&self) -> Describer {
        Describer::new(
            Arc::clone(&self.queue().words),
            self.sessions().demo_address(),
        )
    }

    fn status(&self, board: Option<&queue::Board>, counts: Counts) -> Status {
        let (mut down, mut up, mut left) = (0u64, 0u64, 0u64);
        let at_work = board.iter().flat_map(|board| {
            let row = |(id, live)| Some((board.transfers.get(id)?, live));
            board.live.iter().filter_map(row)
        });
        for (row, live) in at_work.filter(|(row, _)| row.state == State::Running) {
            let speed = match row.request.as_ref().map(|request| request.direction()) {
                Ok(Direction::Up) => &mut up,
                Ok(Direction::Down) | Err(_) => &mut down,
            };
            *speed = speed.saturating_add(live.bytes_per_second);
            let total = live.look.reading.bytes_total;
            left = left.saturating_add(total.saturating_sub(live.bytes_done));
        }
        let speed = down.saturating_add(up);
        let unsaved = board.and_then(|board| board.unsaved);
        Status {
            running: counts.running,
            queued: counts.queued,
            waiting: counts.waiting,
            paused: counts.paused,
            needs_you: counts.needs_you,
            bytes_per_second: down,
            upload_bytes_per_second: up,
            seconds_left: (speed > 0).then(|| left.div_ceil(speed)),
            is_online: self.network().is_online(),
            is_told_offline: self.is_told_offline(),
            hub_wait_seconds: self.connection().waits().left().map(whole_seconds),
            bytes_free: hubdesk_disk::available_space(self.cache().root()).ok(),
            queue_trouble: unsaved
                .map(unsaved_words)
                .or_else(|| self.queue().trouble()),
        }
    }
}

/// Tells windows what has changed on the board, until the program ends. Holds the program only
/// while it looks.
pub(crate) async fn sample(weak: Weak<Inner>, changed: Arc<Notify>) {
    let app = || weak.upgrade().map(App::from);
    let Some((mut waits, mut told)) = app().map(|app| {
        let told = Told::nothing(app.clock().now());
        (app.connection().waits(), told)
    }) else {
        return;
    };
    let mut notices = Notices::default();
    let mut board: Option<watch::Receiver<queue::Board>> = None;
    loop {
        let is_busy;
        {
            let Some(app) = app() else { return };
            if board.is_none() {
                board = app.queue().if_open().map(|transfers| transfers.watch());
            }
            if let Some(board) = &mut board {
                board.mark_unchanged();
            }
            let was_online = told.status.as_ref().is_none_or(|status| status.is_online);
            let look = move |app: &App| {
                tell(app, &mut told, &mut notices);
                (told, notices)
            };
            (told, notices) = app.blocking(look).await;
            let status = told.status.as_ref();
            if !was_online && status.is_some_and(|status| status.is_online) {
                app.is_online_again().await;
            }
            let counts_down = status.is_some_and(|status| status.hub_wait_seconds.is_some());
            is_busy = counts_down || notices.are_waiting();
        }
        tokio::time::sleep(PERIOD).await;
        tokio::select! {
            () = changed.notified() => {}
            () = waits.changed() => {}
            is_open = changed_board(&mut board) => if !is_open { return },
            () = tokio::time::sleep(PERIOD), if is_busy => {}
        }
    }
}

/// Waits for a change of the board; says whether there will be others.
async fn changed_board(board: &mut Option<watch::Receiver<queue::Board>>) -> bool {
    match board {
        Some(board) => board.changed().await.is_ok(),
        None => std::future::pending().await,
    }
}

/// Rounded up, so that a countdown ends when the wait does.
fn whole_seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

/// Tells what is new on the board. Blocks.
fn tell(app: &App, told: &mut Told, notices: &mut Notices) {
    let mut has_ended = false;
    app.events().tell(|| {
        let board = app.queue_board();
        let news = match &board {
            Some(board) => told.news(board, &app.describer()),
            None => News::default(),
        };
        if news.has_moved {
            app.network().answered();
        }
        has_ended = news.has_ended;
        news.removed
            .iter()
            .for_each(|id| app.queue().words.forget(*id));
        notices.add(news.notices, app.clock().elapsed());
        let status = app.status(board.as_ref(), told.counts);
        let is_news = !news.changed.is_empty()
            || !news.removed.is_empty()
            || news.order.is_some()
            || told.status.as_ref() != Some(&status);
        told.status = Some(status.clone());
        is_news.then(|| UiEvent::Transfers {
            changed: news.changed,
            removed: news.removed.into_iter().map(shown).collect(),
            order: news.order,
            is_all_paused: told.counts.is_all_paused(),
            status,
        })
    });
    if app.events().has_listeners()
        && let Some(toast) = app.queue().take_toast()
    {
        app.events().toast(toast);
    }
    if has_ended {
        app.events().stale(&[Tag::Cache]);
    }
    if let Some(notice) = notices.due(app.clock().elapsed()) {
        app.notify(&notice);
    }
}

#[cfg(test)]
mod tests {
    use hubdesk_core::{Class, Clock as _, SystemClock};
    use hubdesk_transfers::request::{
        DownloadV1, IntoV1, KindV1, OverwriteV1, RepoV1, Request, SelectV1,
    };
    use hubdesk_transfers::{Limits, Live, Look, Transfer};

    use super::*;
    use crate::queue::{Words, named};

    const MANY: i64 = 5000;
    /// When the looks begin; rows are older.
    fn begun() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1)
    }

    fn row(id: i64, state: State) -> Arc<Transfer> {
        let request = Request::Download(DownloadV1 {
            endpoint: "https://hub.example".to_owned(),
            account: None,
            repo: RepoV1 {
                kind: KindV1::Model,
                name: format!("lab/m{id}"),
            },
            revision: "main".to_owned(),
            commit: None,
            select: SelectV1::All,
            into: IntoV1::Cache {
                path: "/cache".to_owned(),
            },
            overwrite: OverwriteV1::Changed,
        });
        Arc::new(Transfer {
            id: TransferId::new(id),
            title: format!("lab/m{id}"),
            request: Ok(request),
            class: Class::Normal,
            rank: id,
            state,
            attempts: 0,
            error: None,
            room: None,
            volume: None,
            folder: None,
            files_total: None,
            bytes_total: None,
            files_done: None,
            bytes_done: None,
            created_at: SystemTime::UNIX_EPOCH,
            changed_at: SystemTime::UNIX_EPOCH,
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

    #[test]
    fn everything_is_paused_when_nothing_unfinished_is_not() {
        let counts = |states: &[State]| {
            let rows = states.iter().enumerate().map(|(n, state)| {
                let id = n as i64;
                (TransferId::new(id), row(id, state.clone()))
            });
            Counts::of(&rows.collect())
        };
        assert!(!counts(&[]).is_all_paused());
        assert!(!counts(&[State::Done]).is_all_paused());
        assert!(counts(&[State::Done, State::Paused]).is_all_paused());
        assert!(!counts(&[State::Paused, State::Queued]).is_all_paused());
    }
}
