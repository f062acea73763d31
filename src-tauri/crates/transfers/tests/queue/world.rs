//! A queue in a temporary folder, and everything outside it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, SystemTime};

use hubdesk_core::{Class, Clock, Meter};
use hubdesk_store::Store;
use hubdesk_transfers::request::{
    DownloadV1, IntoV1, KindV1, OverwriteV1, RepoV1, Request, SelectV1,
};
use hubdesk_transfers::{
    Board, Code, Ctx, Limits, Look, MIGRATIONS, New, Outcome, PageOf, Progress, Reason, Stage,
    State, Stop, Then, Transfer, TransferId, Transfers, Worker,
};
use tempfile::TempDir;
use tokio::sync::{Notify, oneshot};
use tokio::time::Instant;

pub(crate) const FAULT: Code = Code::new("fault");

type End = Result<Outcome, Stop>;

/// The paused clock of the runtime as a time of day.
struct RuntimeClock(Instant);

impl Clock for RuntimeClock {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000) + self.elapsed()
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// Files of all kinds.
pub(crate) fn page(skip: u32, limit: u32) -> PageOf {
    PageOf {
        skip,
        limit,
        only: None,
    }
}

/// A worker whose runs end when a test says so, and as it says.
#[derive(Default)]
pub(crate) struct Fake {
    at_work: Mutex<BTreeMap<TransferId, (Ctx, oneshot::Sender<End>)>>,
    /// What each run was asked for, in the order of their beginnings.
    asked: Mutex<Vec<Request>>,
    /// What was looked at last, for what may be cleared.
    looked_at: Mutex<Option<Arc<Transfer>>>,
    begun: Mutex<Vec<TransferId>>,
    changed: Notify,
    /// Runs do not end when they are cancelled.
    pub(crate) is_slow: AtomicBool,
    /// What is asked for can be seen to be possible again.
    pub(crate) is_cleared: AtomicBool,
    /// Runs end in a way that they must not.
    pub(crate) panics: AtomicBool,
    /// A transfer was run while it was at work.
    pub(crate) was_run_twice: AtomicBool,
}

impl Worker for Fake {
    async fn run(&self, request: Request, ctx: Ctx) -> End {
        let (end, ended) = oneshot::channel();
        lock(&self.asked).push(request);
        lock(&self.begun).push(ctx.id);
        let before = lock(&self.at_work).insert(ctx.id, (ctx.clone(), end));
        if before.is_some() {
            self.was_run_twice.store(true, Ordering::Relaxed);
        }
        self.changed.notify_waiters();
        let is_quick = !self.is_slow.load(Ordering::Relaxed);
        let end = tokio::select! {
            end = ended => end.unwrap_or(Ok(Outcome::Cancelled)),
            () = ctx.cancel.cancelled(), if is_quick => Ok(Outcome::Cancelled),
        };
        lock(&self.at_work).remove(&ctx.id);
        self.changed.notify_waiters();
        assert!(!self.panics.load(Ordering::Relaxed), "a fault");
        end
    }

    async fn is_cleared(&self, transfer: Arc<Transfer>, _reason: Reason) -> bool {
        *lock(&self.looked_at) = Some(transfer);
        self.is_cleared.load(Ordering::Relaxed)
    }
}

impl Fake {
    pub(crate) fn at_work(&self) -> Vec<TransferId> {
        lock(&self.at_work).keys().copied().collect()
    }

    /// Every run there was, in order.
    pub(crate) fn begun(&self) -> Vec<TransferId> {
        lock(&self.begun).clone()
    }

    /// What the last run was asked for.
    pub(crate) fn asked_last(&self) -> Option<Request> {
        lock(&self.asked).last().cloned()
    }

    /// What was looked at last.
    pub(crate) fn looked_at(&self) -> Option<Arc<Transfer>> {
        lock(&self.looked_at).clone()
    }

    pub(crate) fn ctx(&self, id: TransferId) -> Ctx {
        lock(&self.at_work)[&id].0.clone()
    }

    /// Lets a run end so; gives whether there was one.
    pub(crate) fn end(&self, id: TransferId, end: End) -> bool {
        let run = lock(&self.at_work).remove(&id);
        run.is_some_and(|(_, sender)| sender.send(end).is_ok())
    }

    /// Lets every run end so.
    pub(crate) fn end_all(&self, end: &End) {
        for id in self.at_work() {
            self.end(id, end.clone());
        }
    }

    /// Waits until a transfer is at work.
    pub(crate) async fn works_on(&self, id: TransferId) {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            if lock(&self.at_work).contains_key(&id) {
                return;
            }
            changed.await;
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap()
}

/// Numbers that a test sets.
#[derive(Default)]
pub(crate) struct Numbers {
    pub(crate) meter: Meter,
}

impl Progress for Numbers {
    fn look(&self) -> Look {
        Look {
            reading: self.meter.read(),
            stage: Stage::Downloading,
            wait: None,
            folder: Some(PathBuf::from("/folder")),
        }
    }
}

/// While this is there, time does not go on by itself: the runtime takes it for work.
struct StandStill(#[expect(dead_code, reason = "it is dropped")] std::sync::mpsc::Sender<()>);

impl StandStill {
    fn new() -> Self {
        let (hold, held) = std::sync::mpsc::channel::<()>();
        tokio::task::spawn_blocking(move || held.recv());
        Self(hold)
    }
}

pub(crate) struct World {
    pub(crate) dir: TempDir,
    pub(crate) store: Store,
    pub(crate) worker: Arc<Fake>,
    pub(crate) transfers: Transfers,
    clock: Arc<RuntimeClock>,
    limits: Limits,
    _still: StandStill,
}

pub(crate) fn open_store(folder: &Path) -> Store {
    let opened = Store::open(&folder.join("hubdesk.db"), MIGRATIONS).unwrap();
    assert!(opened.trouble.is_none());
    opened.store
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(Limits::default()).await
    }

    pub(crate) async fn with(limits: Limits) -> Self {
        Self::over(tempfile::tempdir().unwrap(), limits).await
    }

    pub(crate) async fn over(dir: TempDir, limits: Limits) -> Self {
        let clock = Arc::new(RuntimeClock(Instant::now()));
        let still = StandStill::new();
        let (worker, store) = (Arc::<Fake>::default(), open_store(dir.path()));
        let transfers = start(&store, &worker, &clock, limits).await;
        Self {
            dir,
            store,
            worker,
            transfers,
            clock,
            limits,
            _still: still,
        }
    }

    /// The program ends as it should, and starts again.
    pub(crate) async fn restart(&mut self) {
        patiently(self.transfers.shut_down()).await;
        self.start_again().await;
    }

    /// The database keeps nothing from now on, as if the program were gone, and the program starts
    /// again. What the runs of before still say is heard by nobody.
    pub(crate) async fn crash(&mut self) {
        self.store.close().await;
        patiently(self.transfers.shut_down()).await;
        self.start_again().await;
    }

    async fn start_again(&mut self) {
        self.store.close().await;
        self.store = open_store(self.dir.path());
        self.worker = Arc::default();
        self.transfers = start(&self.store, &self.worker, &self.clock, self.limits).await;
    }

    pub(crate) async fn enqueue(&self) -> TransferId {
        self.transfers.enqueue(new(Class::Normal)).await.unwrap()
    }

    /// Enqueues one and waits until it is at work.
    pub(crate) async fn begin(&self) -> TransferId {
        let id = self.enqueue().await;
        self.worker.works_on(id).await;
        id
    }

    pub(crate) fn board(&self) -> Board {
        self.transfers.watch().borrow().clone()
    }

    pub(crate) fn transfer(&self, id: TransferId) -> Transfer {
        Transfer::clone(&self.board().transfers[&id])
    }

    pub(crate) fn state(&self, id: TransferId) -> State {
        self.transfer(id).state
    }

    /// Waits until the board is so.
    pub(crate) async fn until(&self, is_so: impl FnMut(&Board) -> bool) {
        let mut board = self.transfers.watch();
        board.wait_for(is_so).await.unwrap();
    }

    /// Lets a run end and waits until the queue has heard of it.
    pub(crate) async fn end(&self, id: TransferId, end: End) {
        let runs = self.worker.begun().len();
        assert!(self.worker.end(id, end), "{id} is not at work");
        let has_heard =
            |board: &Board| !board.live.contains_key(&id) || self.worker.begun().len() > runs;
        self.until(has_heard).await;
    }

    /// Time goes on, in steps as small as the queue looks.
    pub(crate) async fn pass(&self, time: Duration) {
        let end = Instant::now() + time;
        while Instant::now() < end {
            let look = match self.worker.at_work().is_empty() {
                true => Duration::from_secs(1),
                false => Duration::from_millis(100),
            };
            let step = look.min(end - Instant::now());
            tokio::time::advance(step).await;
            self.settle().await;
        }
    }

    /// Waits until everything that can happen without time going on has happened: a command is
    /// answered after what came before it, and the one after it when that has been acted on.
    pub(crate) async fn settle(&self) {
        for _ in 0..3 {
            let nothing = self.transfers.files(TransferId::new(-1), page(0, 1)).await;
            assert!(nothing.is_err());
            tokio::task::yield_now().await;
        }
    }
}

async fn start(
    store: &Store,
    worker: &Arc<Fake>,
    clock: &Arc<RuntimeClock>,
    limits: Limits,
) -> Transfers {
    let (worker, clock) = (Arc::clone(worker), Arc::clone(clock));
    Transfers::open(store.clone(), worker, clock, limits)
        .await
        .unwrap()
}

/// Lets time pass until `work` is done.
pub(crate) async fn patiently<T>(work: impl Future<Output = T>) -> T {
    tokio::pin!(work);
    loop {
        tokio::select! {
            biased;
            done = &mut work => return done,
            () = tokio::time::advance(Duration::from_millis(10)) => {}
        }
    }
}

pub(crate) fn request() -> DownloadV1 {
    DownloadV1 {
        endpoint: "https://hub.example".to_owned(),
        account: Some("mira".to_owned()),
        repo: RepoV1 {
            kind: KindV1::Model,
            name: "lab/small".to_owned(),
        },
        revision: "main".to_owned(),
        commit: None,
        select: SelectV1::All,
        into: IntoV1::Cache {
            path: "/cache".to_owned(),
        },
        overwrite: OverwriteV1::Changed,
    }
}

/// The same, into another folder.
pub(crate) fn elsewhere() -> Request {
    Request::Download(DownloadV1 {
        into: IntoV1::Folder {
            path: "/elsewhere".to_owned(),
        },
        ..request()
    })
}

pub(crate) fn new(class: Class) -> New {
    New {
        request: Request::Download(request()),
        title: "lab/small".to_owned(),
        class,
        volume: None,
    }
}

pub(crate) fn done() -> End {
    Ok(Outcome::Done {
        folder: Some(PathBuf::from("/there")),
    })
}

pub(crate) fn stop(then: Then) -> End {
    Err(Stop::of(FAULT, then))
}

pub(crate) fn at_once(count: u32) -> Limits {
    Limits {
        at_once: count.try_into().unwrap(),
        ..Limits::default()
    }
}
