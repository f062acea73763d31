use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use futures_util::FutureExt as _;
use hubdesk_core::RepoPath;
use hubdesk_download::{Error as DownloadError, FileWatch, Planned};
use hubdesk_hub::{Error as HubError, What};
use hubdesk_transfers::request::{DownloadV1, Request};
use hubdesk_transfers::{
    Ctx, FileState, Files, Look, Outcome, PlannedFile, Progress, Reason, Room, Stage, Stop, Then,
    Transfer, Worker,
};
use tokio_util::sync::CancellationToken;

use super::heal::is_cleared;
use super::volume::{goes, is_still_there};
use super::{Words, live, upload};
use crate::api::ApiError;
use crate::app::WeakApp;
use crate::error::{
    code_word, download_error, reported, source_gone_words, then, volume_gone_words,
};

/// Does the work of transfers with the engines.
pub(crate) struct Engines {
    app: WeakApp,
    words: Arc<Words>,
}

/// Why a run stopped before its end: for people, and for the queue.
pub(crate) struct Refusal {
    pub(crate) error: ApiError,
    pub(crate) then: Then,
    pub(crate) room: Option<Room>,
}

impl Refusal {
    pub(super) fn new(error: ApiError, then: Then) -> Self {
        let room = None;
        Self { error, then, room }
    }

    /// It cannot be done.
    pub(super) fn failed(error: ApiError) -> Self {
        Self::new(error, Then::Failed)
    }

    /// The disk it goes to is not there.
    pub(super) fn gone(volume: &Path) -> Self {
        let error = volume_gone_words(volume.to_str());
        Self::new(error, Then::Blocked(Reason::VolumeGone))
    }

    /// The disk of what is uploaded is not there.
    pub(super) fn source_gone(volume: &Path) -> Self {
        let error = source_gone_words(volume.to_str());
        Self::new(error, Then::Blocked(Reason::VolumeGone))
    }
}

impl Engines {
    pub(super) fn new(app: WeakApp, words: Arc<Words>) -> Self {
        Self { app, words }
    }

    pub(super) fn app(&self) -> &WeakApp {
        &self.app
    }

    /// Runs a download to its end. One that is nobody's and is refused is tried as whoever has
    /// signed in at that Hub.
    async fn download(&self, stored: &DownloadV1, ctx: &Ctx) -> Result<Outcome, Refusal> {
        let request = live(stored).map_err(Refusal::failed)?;
        let volume = ctx.volume.as_deref();
        if let Some(volume) = gone(volume).await {
            return Err(Refusal::gone(volume));
        }
        let mut account = stored.account.clone();
        loop {
            let Some(app) = self.app.upgrade() else {
                return Ok(Outcome::Cancelled);
            };
            let parts = app.parts_for(stored, account.as_deref()).await?;
            // A run may take days, and must not keep the program.
            drop(app);
            let run = ties(ctx);
            ctx.progress
                .show(Arc::new(Shown(Arc::clone(&run.progress))));
            let running = hubdesk_download::run(&request, &parts, &run);
            let error = match until_gone(running, &run.cancel, volume).await {
                Ok(hubdesk_download::Outcome::Done(snapshot)) => {
                    let folder = Some(snapshot.folder);
                    return Ok(Outcome::Done { folder });
                }
                Ok(hubdesk_download::Outcome::Cancelled) => match gone(volume).await {
                    Some(volume) => return Err(Refusal::gone(volume)),
                    None => return Ok(Outcome::Cancelled),
                },
                Err(error) => error,
            };
            if let Some(volume) = gone(volume).await {
                return Err(Refusal::gone(volume));
            }
            // To somebody without a token, a private repository is a missing one.
            if is_missing(&error)
                && let Some(app) = self.app.upgrade()
                && let Some(refusal) = app.lost(&stored.endpoint, account.as_deref())
            {
                return Err(refusal);
            }
            let then = then(&error);
            let is_for_others = matches!(then, Then::Blocked(Reason::SignedOut | Reason::Gated));
            if is_for_others && account.is_none() {
                account = self
                    .app
                    .upgrade()
                    .and_then(|app| app.somebody_at(&stored.endpoint));
                if account.is_some() {
                    continue;
                }
            }
            tracing::info!(%error, id = %ctx.id, "a download stopped");
            let room = missing_room(&error);
            let error = download_error(&error);
            return Err(Refusal { error, then, room });
        }
    }
}

/// `volume`, if it is known and not there.
pub(super) async fn gone(volume: Option<&Path>) -> Option<&Path> {
    match volume {
        Some(volume) if !is_still_there(volume).await => Some(volume),
        _ => None,
    }
}

/// Waits for a run to end, and stops it by `cancel` when `volume` is taken away.
pub(super) async fn until_gone<T>(
    running: impl Future<Output = T>,
    cancel: &CancellationToken,
    volume: Option<&Path>,
) -> T {
    tokio::pin!(running);
    tokio::select! {
        biased;
        ended = &mut running => ended,
        () = goes(volume) => {
            cancel.cancel();
            running.await
        }
    }
}

fn is_missing(error: &DownloadError) -> bool {
    matches!(
        error,
        DownloadError::Hub {
            source: HubError::NotFound(What::Repo, _),
            ..
        }
    )
}

fn missing_room(error: &DownloadError) -> Option<Room> {
    match error {
        DownloadError::NoSpace { folder, need, .. } => Some(Room {
            folder: folder.to_str()?.to_owned(),
            bytes: need.0,
        }),
        _ => None,
    }
}

/// What a run of the engine needs to know of the queue.
fn ties(ctx: &Ctx) -> hubdesk_download::Ctx {
    hubdesk_download::Ctx {
        cancel: ctx.cancel.child_token(),
        progress: Arc::default(),
        share: ctx.share.clone(),
        files: Some(Arc::new(Told(ctx.files.clone()))),
    }
}

impl Worker for Engines {
    async fn run(&self, request: Request, ctx: Ctx) -> Result<Outcome, Stop> {
        let run = async {
            match &request {
                Request::Download(stored) => self.download(stored, &ctx).await,
                Request::Upload(stored) => self.upload(stored, &ctx).await,
                // A kind that was added to the queue and not to this.
                _ => Err(Refusal::failed(ApiError::internal(
                    "This Hubdesk does not know how to do that.",
                ))),
            }
        };
        // What a panic leaves behind is on disk and at the Hub, and the next run looks at that anew.
        let refusal = match AssertUnwindSafe(run).catch_unwind().await {
            Ok(Ok(outcome)) => return Ok(outcome),
            Ok(Err(refusal)) => refusal,
            Err(panic) => Refusal::failed(reported(&*panic, "a transfer")),
        };
        let Refusal { error, then, room } = refusal;
        if let Some(app) = self.app.upgrade() {
            app.network().failed(&error);
        }
        let code = code_word(error.code);
        self.words.put(ctx.id, error);
        Err(Stop { code, then, room })
    }

    async fn is_cleared(&self, transfer: Arc<Transfer>, reason: Reason) -> bool {
        let look = move || match &transfer.request {
            Ok(Request::Download(stored)) => is_cleared(&transfer, stored, reason),
            Ok(Request::Upload(stored)) => {
                let volume = transfer.volume.as_deref().map(Path::new);
                upload::is_cleared(volume, stored, reason)
            }
            _ => false,
        };
        tokio::task::spawn_blocking(look).await.unwrap_or(false)
    }
}

/// The numbers of a run, as the queue wants them.
struct Shown(Arc<hubdesk_download::Progress>);

impl Progress for Shown {
    fn look(&self) -> Look {
        let (stage, wait) = self.0.now();
        Look {
            reading: self.0.meter.read(),
            stage: match stage {
                hubdesk_download::Stage::Listing => Stage::Listing,
                hubdesk_download::Stage::Downloading => Stage::Downloading,
                hubdesk_download::Stage::Verifying => Stage::Verifying,
                hubdesk_download::Stage::Linking => Stage::Linking,
            },
            wait,
            folder: self.0.folder(),
        }
    }
}

/// The files of a run, told on to the queue.
struct Told(Files);

impl FileWatch for Told {
    fn planned(&self, files: &[Planned]) {
        let planned = |file: &Planned| PlannedFile {
            path: file.path.to_string(),
            bytes_total: file.size,
            is_done: file.is_here && !file.is_fetched,
        };
        self.0.plan(files.iter().map(planned).collect());
    }

    fn begun(&self, path: &RepoPath, bytes: Arc<AtomicU64>) -> hubdesk_download::AtWork {
        Box::new(self.0.begin_counted(path.as_str(), bytes))
    }

    fn done(&self, path: &RepoPath) {
        self.0.end(path.as_str(), FileState::Done);
    }
}
