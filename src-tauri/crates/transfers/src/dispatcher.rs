use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use hubdesk_core::{Class, Clock, Limiter, Share};
use tokio::sync::{mpsc, watch};
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::commands::Command;
use crate::ended::{Ended, after, is_due, stands};
use crate::ledger::Ledger;
use crate::rows::file;
use crate::run::{Hands, Run};
use crate::{
    Board, Candidate, Code, Ctx, Direction, Event, Files, Limits, Memo, Outcome, ProgressSlot,
    State, Stop, Then, Transfer, TransferId, Until, next, pick, surplus,
};

/// Time between two looks at what runs.
const SAMPLE: Duration = Duration::from_millis(100);
/// Looks between two batches of files, unless one is full before.
const FILES_EVERY: u32 = 10;
/// Files written at once.
const FILES_AT_ONCE: usize = 5000;
/// The longest time until what waits is looked at again. The runtime's clock stands still while
/// the machine sleeps, so that no sleep may be longer.
const LOOK_AGAIN: Duration = Duration::from_secs(30);

/// The one task that decides. It owns the queue and everything that runs.
pub(crate) struct Dispatcher {
    pub(crate) ledger: Ledger,
    pub(crate) hands: Arc<Hands>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) limits: Limits,
    pub(crate) down: Limiter,
    pub(crate) up: Limiter,
    pub(crate) board: watch::Sender<Board>,
    runs: BTreeMap<TransferId, Run>,
    tasks: JoinSet<Result<Outcome, Stop>>,
    ids: HashMap<Id, TransferId>,
    pub(crate) checks: JoinSet<Vec<TransferId>>,
    cancel: CancellationToken,
    /// Who may begin has to be looked at again.
    pub(crate) is_unsettled: bool,
    pub(crate) sign_ins: BTreeMap<(String, String), u64>,
    pub(crate) sign_in_count: u64,
    samples: u32,
}

impl Dispatcher {
    pub(crate) fn new(ledger: Ledger, hands: Hands, clock: Arc<dyn Clock>, limits: Limits) -> Self {
        let board = Board {
            transfers: Arc::clone(ledger.all()),
            live: Arc::default(),
            limits,
            unsaved: ledger.unsaved(),
        };
        Self {
            ledger,
            hands: Arc::new(hands),
            clock,
            limits,
            down: Limiter::new(limits.down.bytes_per_second),
            up: Limiter::new(limits.up.bytes_per_second),
            board: watch::Sender::new(board),
            runs: BTreeMap::new(),
            tasks: JoinSet::new(),
            ids: HashMap::new(),
            checks: JoinSet::new(),
            cancel: CancellationToken::new(),
            is_unsettled: true,
            sign_ins: BTreeMap::new(),
            sign_in_count: 0,
            samples: 0,
        }
    }

    /// Works until it is told to stop, or nobody can tell it anything any more.
    pub(crate) async fn work(mut self, mut commands: mpsc::Receiver<Command>) {
        let mut sample = interval(SAMPLE);
        sample.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut due_at, mut look_at) = (None, None);
        loop {
            if self.is_unsettled {
                self.settle().await;
                self.publish();
                due_at = self.next_due().map(|pause| Instant::now() + pause);
                // Not put off by whatever else happens meanwhile.
                look_at = self
                    .has_to_look()
                    .then(|| look_at.unwrap_or_else(|| Instant::now() + LOOK_AGAIN));
            }
            tokio::select! {
                command = commands.recv() => match command {
                    None => return drop(self.end(Duration::ZERO).await),
                    Some(Command::ShutDown(patience, reply)) => {
                        commands.close();
                        // Whoever asked may have gone.
                        let _ = reply.send(self.end(patience).await);
                        return;
                    }
                    Some(command) => self.obey(command).await,
                },
                Some(ended) = self.tasks.join_next_with_id() => self.joined(ended).await,
                Some(cleared) = self.checks.join_next() => self.cleared(cleared).await,
                _ = sample.tick(), if !self.runs.is_empty() => self.sample().await,
                () = at(due_at) => self.is_unsettled = true,
                () = at(look_at) => {
                    look_at = None;
                    self.look_again().await;
                }
            }
        }
    }

    /// Lets those go on whose time has come, takes places away that are not to be had any more,
    /// and gives those that are.
    async fn settle(&mut self) {
        self.is_unsettled = false;
        let now = self.clock.now();
        let due = self.ledger.iter().filter(|t| is_due(&t.state, now));
        let due = due.map(|t| t.id).collect::<Vec<_>>();
        self.tell(&due, &Event::Due).await;
        let gone = surplus(&self.candidates(), &self.limits);
        self.tell(&gone, &Event::Yield).await;
        // Nothing begins that could not be stored to have begun.
        let picked = pick(&self.candidates(), &self.limits);
        let begun = self.changed(&picked, &Event::Start);
        if self.ledger.commit(begun).await.is_ok() {
            picked.into_iter().for_each(|id| self.start(id));
        }
        self.is_unsettled = false;
    }

    /// How long until somebody's time comes, or may have come while the machine slept.
    fn next_due(&self) -> Option<Duration> {
        let now = self.clock.now();
        let pause = |transfer: &Transfer| match transfer.state {
            State::Waiting(Until::Later(time)) => {
                Some(time.duration_since(now).unwrap_or_default())
            }
            _ => None,
        };
        let pauses = self.ledger.iter().filter_map(pause);
        pauses.min().map(|pause| pause.clamp(SAMPLE, LOOK_AGAIN))
    }

    /// Whether something is waited for that nobody may tell of.
    fn has_to_look(&self) -> bool {
        let waits = |transfer: &Transfer| match transfer.state {
            State::Waiting(Until::Online) => true,
            State::Blocked(reason) => reason.can_be_seen(),
            _ => false,
        };
        self.ledger.unsaved().is_some() || self.ledger.iter().any(waits)
    }

    fn candidates(&self) -> Vec<Candidate> {
        let candidate = |transfer: &Transfer| {
            let request = transfer.request.as_ref().ok()?;
            let run = self.runs.get(&transfer.id);
            let is_running = transfer.state == State::Running;
            let is_ready = transfer.state == State::Queued;
            (is_ready || run.is_some()).then(|| Candidate {
                id: transfer.id,
                class: transfer.class,
                rank: transfer.rank,
                direction: request.direction(),
                is_ready,
                is_running,
                is_at_work: run.is_some(),
            })
        };
        self.ledger.iter().filter_map(candidate).collect()
    }

    fn start(&mut self, id: TransferId) {
        let Ok(transfer) = self.ledger.get(id) else {
            return;
        };
        let Ok(request) = transfer.request.clone() else {
            return;
        };
        let limiter = match request.direction() {
            Direction::Down => &self.down,
            Direction::Up => &self.up,
        };
        let ctx = Ctx {
            id,
            volume: transfer.volume.clone().map(PathBuf::from),
            cancel: self.cancel.child_token(),
            share: Share::new(limiter.clone(), transfer.class),
            progress: ProgressSlot::default(),
            files: Files::default(),
            memo: self.memo(id),
        };
        let run = Run::new(ctx.clone(), transfer, self.sign_in_count);
        let task = self.tasks.spawn(self.hands.run(request, ctx));
        self.ids.insert(task.id(), id);
        self.runs.insert(id, run);
    }

    /// What is kept of a transfer by whoever runs it.
    pub(crate) fn memo(&self, id: TransferId) -> Memo {
        Memo::new(id, self.ledger.store().clone())
    }

    /// Whether something of a transfer is at work.
    pub(crate) fn is_at_work(&self, id: TransferId) -> bool {
        self.runs.contains_key(&id)
    }

    /// What is at work of a transfer is so urgent from now on.
    pub(crate) fn set_class_at_work(&self, id: TransferId, class: Class) {
        if let Some(run) = self.runs.get(&id) {
            run.set_class(class);
        }
    }

    pub(crate) fn bytes_at_work(&self, id: TransferId) -> BTreeMap<String, u64> {
        self.runs
            .get(&id)
            .map(Run::files_at_work)
            .unwrap_or_default()
    }

    /// Lets something happen to transfers to which it can.
    pub(crate) async fn tell(&mut self, ids: &[TransferId], event: &Event) {
        let changed = self.changed(ids, event);
        self.ledger.keep(changed).await;
        self.stop_what_should_not_run();
    }

    /// What `event` makes of those to which it can happen.
    pub(crate) fn changed(&self, ids: &[TransferId], event: &Event) -> Vec<Transfer> {
        let now = self.clock.now();
        let changed = |id: &TransferId| {
            let transfer = self.ledger.get(*id).ok()?;
            let state = next(&transfer.state, event.clone()).ok()?;
            Some(stands(transfer.clone(), state, now))
        };
        ids.iter().filter_map(changed).collect()
    }

    /// Runs whose transfers are to do something else by now.
    pub(crate) fn stop_what_should_not_run(&mut self) {
        for (id, run) in &self.runs {
            let state = self.ledger.get(*id).map(|transfer| &transfer.state);
            if !matches!(state, Ok(State::Running)) {
                run.cancel();
            }
        }
        self.is_unsettled = true;
    }

    async fn joined(&mut self, ended: Result<(Id, Result<Outcome, Stop>), JoinError>) {
        let (task, end) = match ended {
            Ok(ended) => ended,
            Err(error) => {
                tracing::error!(%error, "a transfer ended in a way that it must not");
                (error.id(), Err(Stop::of(Code::INTERNAL, Then::Failed)))
            }
        };
        let Some(id) = self.ids.remove(&task) else {
            return;
        };
        self.flush_files(id, usize::MAX).await;
        let Some(mut run) = self.runs.remove(&id) else {
            return;
        };
        self.is_unsettled = true;
        let Ok(transfer) = self.ledger.get(id) else {
            return;
        };
        let transfer = run.measured(transfer.clone(), &end);
        let ended = Ended {
            has_moved: run.has_moved(),
            has_signed_in: self.signed_in_since(&transfer, run.begun),
            is_closing: self.cancel.is_cancelled(),
            end,
        };
        let was_online = ended.has_moved || matches!(ended.end, Ok(Outcome::Done { .. }));
        let after = after(transfer, ended, self.clock.now());
        self.ledger.keep(vec![after]).await;
        if was_online {
            self.came_online().await;
        }
        self.prune().await;
    }

    async fn sample(&mut self) {
        let now = self.clock.elapsed();
        self.samples = self.samples.wrapping_add(1);
        let mut has_moved = false;
        for run in self.runs.values_mut() {
            has_moved |= run.note(now);
        }
        if has_moved && !self.ledger.offline().is_empty() {
            self.came_online().await;
        }
        // A few of them can wait, many cannot.
        let enough = match self.samples.is_multiple_of(FILES_EVERY) {
            true => 1,
            false => FILES_AT_ONCE,
        };
        let ripe = self
            .runs
            .iter()
            .filter(|(_, run)| run.files_waiting() >= enough);
        let ripe: Vec<_> = ripe.map(|(id, _)| *id).collect();
        for id in ripe {
            self.flush_files(id, 1).await;
        }
        self.publish();
    }

    /// Writes what a run has told of its files, in at most `batches`. What cannot be written is
    /// lost: the next run tells of all files again.
    async fn flush_files(&mut self, id: TransferId, batches: usize) {
        for _ in 0..batches {
            let run = self.runs.get(&id);
            let Some(batch) = run.and_then(|run| run.files_to_write(FILES_AT_ONCE)) else {
                return;
            };
            let store = self.ledger.store();
            if let Err(error) = store.call(move |tx| file::write(tx, id, &batch)).await {
                tracing::warn!(%error, %id, "the files of a transfer cannot be stored just now");
                return;
            }
        }
    }

    pub(crate) fn publish(&mut self) {
        let live = self.runs.iter_mut().map(|(id, run)| (*id, run.live()));
        let live: BTreeMap<_, _> = live.collect();
        let transfers = Arc::clone(self.ledger.all());
        let (limits, unsaved) = (self.limits, self.ledger.unsaved());
        self.board.send_if_modified(|board| {
            let is_same = *board.live == live
                && Arc::ptr_eq(&board.transfers, &transfers)
                && (board.limits, board.unsaved) == (limits, unsaved);
            if !is_same {
                *board = Board {
                    transfers,
                    live: Arc::new(live),
                    limits,
                    unsaved,
                };
            }
            !is_same
        });
    }

    /// Stops everything, waits for at most `patience`, and says what is still at work then. What
    /// has not ended goes on when the program starts the next time.
    async fn end(&mut self, patience: Duration) -> Vec<TransferId> {
        self.cancel.cancel();
        self.checks.abort_all();
        let all_ended = async {
            while let Some(ended) = self.tasks.join_next_with_id().await {
                self.joined(ended).await;
            }
        };
        // Whatever is left owns files, so it is let go rather than torn off.
        let _ = tokio::time::timeout(patience, all_ended).await;
        self.tasks.detach_all();
        self.publish();
        self.runs.keys().copied().collect()
    }
}

/// Waits for `time`; for ever if there is none.
async fn at(time: Option<Instant>) {
    match time {
        Some(time) => tokio::time::sleep_until(time).await,
        None => std::future::pending().await,
    }
}
