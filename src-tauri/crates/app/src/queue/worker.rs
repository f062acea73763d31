use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};

use futures_util::FutureExt as _;
use hubdesk_core::RepoPath;
use hubdesk_download::{Error as DownloadError, FileWatch, Planned};
use hubdesk_transfers::request::{DownloadV1, Request};
use hubdesk_transfers::{
    Ctx, FileState, Files, Look, Outcome, PlannedFile, Progress, Reason, Stage, Stop, Then, Wait,
    Worker,
};

use super::heal::is_cleared;
use super::{Words, live};
use crate::api::ApiError;
use crate::app::WeakApp;
use crate::error::{code_word, download_error, reported, then};

/// Does the work of transfers with the engines.
pub(crate) struct Downloads {
    app: WeakApp,
    words: Arc<Words>,
    /// How much room was missing, for what has stopped for that.
    needs: Mutex<HashMap<String, Need>>,
}

/// Room that is missing.
#[derive(Debug, Clone)]
pub(super) struct Need {
    pub(super) folder: PathBuf,
    pub(super) bytes: u64,
}

/// Why a run stopped before its end: for people, and for the queue.
pub(crate) struct Refusal {
    pub(crate) error: ApiError,
    pub(crate) then: Then,
}

impl Refusal {
    /// It cannot be done.
    pub(super) fn failed(error: ApiError) -> Self {
        let then = Then::Failed;
        Self { error, then }
    }
}

impl Downloads {
    pub(super) fn new(app: WeakApp, words: Arc<Words>) -> Self {
        Self {
            app,
            words,
            needs: Mutex::default(),
        }
    }

    /// Runs a download to its end. One that is nobody's and is refused is tried as whoever has
    /// signed in at that Hub.
    async fn download(&self, stored: &DownloadV1, ctx: &Ctx) -> Result<Outcome, Refusal> {
        let request = live(stored).map_err(Refusal::failed)?;
        let mut account = stored.account.clone();
        loop {
            let Some(app) = self.app.upgrade() else {
                return Ok(Outcome::Cancelled);
            };
            let (parts, _) = app.parts_for(stored, account.as_deref()).await?;
            // A run may take days, and must not keep the program.
            drop(app);
            let run = ties(ctx);
            ctx.progress
                .show(Arc::new(Shown(Arc::clone(&run.progress))));
            let error = match hubdesk_download::run(&request, &parts, &run).await {
                Ok(hubdesk_download::Outcome::Done(snapshot)) => {
                    let folder = Some(snapshot.folder);
                    return Ok(Outcome::Done { folder });
                }
                Ok(hubdesk_download::Outcome::Cancelled) => return Ok(Outcome::Cancelled),
                Err(error) => error,
            };
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
            self.note_need(stored, &error);
            tracing::info!(%error, id = %ctx.id, "a download stopped");
            let error = download_error(&error);
            return Err(Refusal { error, then });
        }
    }

    fn note_need(&self, stored: &DownloadV1, error: &DownloadError) {
        if let DownloadError::NoSpace { folder, need, .. } = error {
            let need = Need {
                folder: folder.clone(),
                bytes: need.0,
            };
            self.needs().insert(key(stored), need);
        }
    }

    fn needs(&self) -> std::sync::MutexGuard<'_, HashMap<String, Need>> {
        self.needs
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}

/// What a run of the engine needs to know of the queue.
fn ties(ctx: &Ctx) -> hubdesk_download::Ctx {
    hubdesk_download::Ctx {
        cancel: ctx.cancel.clone(),
        progress: Arc::default(),
        limiter: ctx.limiter.clone(),
        class: ctx.class,
        files: Some(Arc::new(Told(ctx.files.clone()))),
    }
}

/// One request, whichever transfer it is.
fn key(stored: &DownloadV1) -> String {
    Request::Download(stored.clone()).write()
}

impl Worker for Downloads {
    async fn run(&self, request: Request, ctx: Ctx) -> Result<Outcome, Stop> {
        let Request::Download(stored) = request else {
            // A kind that was added to the queue and not to this.
            let (code, then) = (hubdesk_transfers::Code::INTERNAL, Then::Failed);
            return Err(Stop { code, then });
        };
        // What a panic leaves behind is on disk only, and the next run looks at that anew.
        let run = AssertUnwindSafe(self.download(&stored, &ctx)).catch_unwind();
        let refusal = match run.await {
            Ok(Ok(outcome)) => return Ok(outcome),
            Ok(Err(refusal)) => refusal,
            Err(panic) => Refusal::failed(reported(&*panic, "a download")),
        };
        let Refusal { error, then } = refusal;
        if let Some(app) = self.app.upgrade() {
            app.network().failed(&error);
        }
        let code = code_word(error.code);
        self.words.put(ctx.id, error);
        Err(Stop { code, then })
    }

    async fn is_cleared(&self, request: Request, reason: Reason) -> bool {
        let Request::Download(stored) = request else {
            return false;
        };
        let need = self.needs().get(&key(&stored)).cloned();
        let look = move || is_cleared(&stored, reason, need.as_ref());
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
            wait: wait.map(|wait| match wait {
                hubdesk_download::Wait::Lock { path } => Wait::Lock { path },
                hubdesk_download::Wait::Stalled { host } => Wait::Stalled { host },
                hubdesk_download::Wait::ChunkStore => Wait::ChunkStore,
                hubdesk_download::Wait::Fault { attempt, pause } => Wait::Fault { attempt, pause },
                hubdesk_download::Wait::Busy { pause } => Wait::Busy { pause },
            }),
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
