//! What runs, while the program runs. One owner for all of it; everybody else gets copies.

use std::sync::{Arc, Mutex};

use hubdesk_download::{Ctx, Error as DownloadError, Outcome, Parts, Request, Stage as Doing};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::api::{ApiError, RepoRef, Stage, Tag, Transfer, TransferId, TransferState};
use crate::error::{download_error, waiting_for};
use crate::events::Events;
use crate::speed::{Speed, seconds_left};

/// All transfers of this run of the program.
pub(crate) struct Transfers {
    jobs: Mutex<Vec<Job>>,
    tasks: TaskTracker,
    cancel: CancellationToken,
    events: Events,
    /// Something began or ended: the board is worth a look.
    pub(crate) changed: Arc<Notify>,
}

/// One transfer, with what is needed to run it again.
struct Job {
    id: TransferId,
    request: Request,
    ctx: Ctx,
    state: TransferState,
    speed: Speed,
    /// The largest value shown: a bar never goes backwards.
    bytes_shown: u64,
    folder: Option<String>,
    error: Option<ApiError>,
}

impl Transfers {
    pub(crate) fn new(events: Events) -> Self {
        Self {
            jobs: Mutex::default(),
            tasks: TaskTracker::new(),
            cancel: CancellationToken::new(),
            events,
            changed: Arc::default(),
        }
    }

    /// Starts a download.
    pub(crate) fn start(self: &Arc<Self>, request: Request, parts: Parts) -> TransferId {
        let mut jobs = self.lock();
        let id = jobs.iter().map(|job| job.id).max().unwrap_or(0) + 1;
        let ctx = self.ctx();
        jobs.push(Job {
            id,
            request: request.clone(),
            ctx: ctx.clone(),
            state: TransferState::Running,
            speed: Speed::default(),
            bytes_shown: 0,
            folder: None,
            error: None,
        });
        drop(jobs);
        self.spawn(id, request, parts, ctx);
        id
    }

    /// Stops a transfer; it ends as soon as nothing of it is at work any more.
    pub(crate) fn cancel(&self, id: TransferId) -> Result<(), ApiError> {
        self.with(id, |job| job.ctx.cancel.cancel())
    }

    /// Runs a transfer that has stopped again, from where it stopped, with the Hub that is open
    /// now: the token may be another one.
    pub(crate) fn retry(self: &Arc<Self>, id: TransferId, parts: Parts) -> Result<(), ApiError> {
        let ctx = self.ctx();
        let again = self.with(id, |job| {
            if !matches!(job.state, TransferState::Failed | TransferState::Cancelled) {
                return None;
            }
            job.ctx = ctx.clone();
            job.state = TransferState::Running;
            job.error = None;
            job.speed = Speed::default();
            job.bytes_shown = 0;
            Some(job.request.clone())
        })?;
        if let Some(request) = again {
            self.spawn(id, request, parts, ctx);
        }
        Ok(())
    }

    /// Forgets what has ended.
    pub(crate) fn clear(&self) {
        self.lock()
            .retain(|job| job.state == TransferState::Running);
        self.changed.notify_one();
    }

    /// Where a transfer's files are.
    pub(crate) fn folder(&self, id: TransferId) -> Result<Option<String>, ApiError> {
        self.with(id, |job| job.folder.clone())
    }

    /// Every transfer as it stands, newest first. `now` is the clock's, for the speeds.
    pub(crate) fn look(&self, now: std::time::Duration) -> Vec<Transfer> {
        self.lock()
            .iter_mut()
            .rev()
            .map(|job| job.look(now))
            .collect()
    }

    /// Stops everything and waits until nothing is at work.
    pub(crate) async fn shut_down(&self) {
        self.cancel.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }

    fn ctx(&self) -> Ctx {
        Ctx {
            cancel: self.cancel.child_token(),
            progress: Arc::default(),
        }
    }

    fn spawn(self: &Arc<Self>, id: TransferId, request: Request, parts: Parts, ctx: Ctx) {
        let transfers = Arc::clone(self);
        self.tasks.spawn(async move {
            let end = hubdesk_download::run(&request, &parts, &ctx).await;
            transfers.ended(id, end);
        });
        self.changed.notify_one();
    }

    fn ended(&self, id: TransferId, end: Result<Outcome, DownloadError>) {
        // A job that is gone was cleared; there is nobody left to tell.
        let _ = self.with(id, |job| match end {
            Ok(Outcome::Done(snapshot)) => {
                job.state = TransferState::Done;
                job.folder = Some(snapshot.folder.display().to_string());
            }
            Ok(Outcome::Cancelled) => job.state = TransferState::Cancelled,
            Err(error) => {
                tracing::info!(%error, repo = %job.request.repo, "a download failed");
                job.state = TransferState::Failed;
                job.error = Some(download_error(&error));
            }
        });
        self.events.stale(&[Tag::Cache]);
        self.changed.notify_one();
    }

    fn with<T>(&self, id: TransferId, act: impl FnOnce(&mut Job) -> T) -> Result<T, ApiError> {
        match self.lock().iter_mut().find(|job| job.id == id) {
            Some(job) => Ok(act(job)),
            None => Err(ApiError::bad_input(
                "That transfer is not in the list any more.",
            )),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Job>> {
        self.jobs
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}

impl Job {
    fn look(&mut self, now: std::time::Duration) -> Transfer {
        let reading = self.ctx.progress.meter.read();
        let (doing, wait) = self.ctx.progress.now();
        let is_running = self.state == TransferState::Running;
        if is_running {
            self.speed.note(now, reading.bytes_moved);
        }
        self.bytes_shown = self
            .bytes_shown
            .max(reading.bytes_done)
            .min(reading.bytes_total);
        let bytes_per_second = if is_running {
            self.speed.bytes_per_second()
        } else {
            0
        };
        Transfer {
            id: self.id,
            repo: RepoRef {
                kind: self.request.repo.kind(),
                name: self.request.repo.name().to_owned(),
            },
            revision: self.request.revision.to_string(),
            state: self.state,
            stage: match (doing, &wait) {
                (_, Some(_)) => Stage::Waiting,
                (Doing::Listing, _) => Stage::Listing,
                (Doing::Downloading, _) => Stage::Downloading,
                (Doing::Verifying, _) => Stage::Verifying,
                (Doing::Linking, _) => Stage::Linking,
            },
            waiting_for: wait.as_ref().filter(|_| is_running).map(waiting_for),
            files_total: reading.files_total,
            files_done: reading.files_done,
            bytes_total: reading.bytes_total,
            bytes_done: self.bytes_shown,
            bytes_per_second,
            seconds_left: seconds_left(reading.bytes_total - self.bytes_shown, bytes_per_second)
                .filter(|_| is_running),
            folder: self.folder.clone(),
            error: self.error.clone(),
        }
    }
}
