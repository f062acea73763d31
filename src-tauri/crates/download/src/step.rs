use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hubdesk_cache::{BlobLock, Partial, Settled, Staged};
use hubdesk_core::{ByteCount, CommitId};
use hubdesk_hub::Body;
use tokio_util::sync::CancellationToken;

use crate::attempts::Attempts;
use crate::check::Expected;
use crate::chunks::Chunks;
use crate::durable::Durable;
use crate::halt::{Halt, blocking};
use crate::place::Place;
use crate::plan::BlobTask;
use crate::{Ctx, Error, Parts, Progress, Request, Wait};

/// How often a lock held by another program is looked at; as often as the official client does.
const LOCK_POLL: Duration = Duration::from_millis(50);
/// How often the log says that a lock is still waited for.
const LOCK_NOTE: u32 = 200;

/// Everything a step of a run needs to know of the run.
#[derive(Clone)]
pub(crate) struct Step<'a> {
    pub(crate) request: &'a Request,
    pub(crate) parts: &'a Parts,
    pub(crate) commit: &'a CommitId,
    pub(crate) place: &'a Place,
    pub(crate) progress: &'a Progress,
    /// The way through the chunk store, if there is one.
    pub(crate) chunks: Option<&'a Chunks>,
    /// Where content waits for the disk.
    pub(crate) durable: &'a Durable,
    pub(crate) ctx: &'a Ctx,
    /// Fetch what is here already, too.
    pub(crate) force: bool,
    pub(crate) cancel: CancellationToken,
}

impl<'a> Step<'a> {
    /// The same step under a token of its own.
    pub(crate) fn within(&self, cancel: CancellationToken) -> Self {
        Self {
            cancel,
            ..self.clone()
        }
    }

    pub(crate) fn attempts<'s>(&'s self) -> Attempts<'s, 'a> {
        Attempts::new(self)
    }

    /// Waits for an answer of the Hub, or for a person to stop the run.
    pub(crate) async fn ask<T>(
        &self,
        answer: impl Future<Output = Result<T, hubdesk_hub::Error>>,
    ) -> Result<T, Halt> {
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(Halt::Cancelled),
            answer = answer => answer.map_err(|source| {
                Error::Hub { repo: self.request.repo.clone(), source }.into()
            }),
        }
    }

    /// The next bytes of a body, when the bound on the bandwidth allows them; `None` at its end.
    pub(crate) async fn chunk(&self, body: &mut Body) -> Result<Option<Bytes>, Halt> {
        let chunk = self.ask(body.chunk()).await?;
        if let Some(chunk) = &chunk {
            self.allow(chunk.len()).await?;
        }
        Ok(chunk)
    }

    /// Waits until the bound on the bandwidth allows so many bytes more.
    pub(crate) async fn allow(&self, bytes: usize) -> Result<(), Halt> {
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(Halt::Cancelled),
            () = self.ctx.share.acquire(bytes as u64) => Ok(()),
        }
    }

    /// Does something at the destination on a blocking thread.
    pub(crate) async fn on_disk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Place) -> Result<T, hubdesk_cache::Error> + Send + 'static,
    ) -> Result<T, Halt> {
        self.on_place(self.place.clone(), work).await
    }

    /// As [`Step::on_disk`], at a place that may be [paced](crate::pace).
    pub(crate) async fn on_place<T: Send + 'static>(
        &self,
        place: Place,
        work: impl FnOnce(&Place) -> Result<T, hubdesk_cache::Error> + Send + 'static,
    ) -> Result<T, Halt> {
        let done = blocking(move || work(&place)).await;
        done.map_err(|error| self.cache_error(error).into())
    }

    /// Waits until the disk has `staged`, together with what other tasks wait for.
    pub(crate) async fn settle(&self, staged: Vec<Staged>) -> Result<Vec<Settled>, Halt> {
        if staged.is_empty() {
            return Ok(Vec::new());
        }
        let settled = self.durable.settle(staged).await;
        settled.map_err(|error| self.cache_error(error).into())
    }

    /// Does something with a partial on a blocking thread.
    pub(crate) async fn on_partial(
        &self,
        partial: &Arc<Partial>,
        work: impl FnOnce(&Partial) -> Result<(), hubdesk_cache::Error> + Send + 'static,
    ) -> Result<(), Halt> {
        let partial = Arc::clone(partial);
        let done = blocking(move || work(&partial)).await;
        done.map_err(|error| self.cache_error(error).into())
    }

    /// Takes the lock every tool of the Hub takes before it writes a file, and takes a look while
    /// it is there.
    pub(crate) async fn lock<T: Send + 'static>(
        &self,
        task: &BlobTask,
        place: &Place,
        look: impl Fn(&Place, &BlobLock) -> Result<T, hubdesk_cache::Error> + Clone + Send + 'static,
    ) -> Result<(Arc<BlobLock>, T), Halt> {
        let mut looks = 0;
        loop {
            let (wanted, look) = (task.clone(), look.clone());
            let locked = self.on_place(place.clone(), move |place| {
                let lock = place.try_lock(&wanted)?;
                lock.map(|lock| {
                    let seen = look(place, &lock)?;
                    Ok((lock, seen))
                })
                .transpose()
            });
            if let Some((lock, seen)) = locked.await? {
                return Ok((Arc::new(lock), seen));
            }
            let path = self.place.lock_path(task);
            let path = path.map_err(|error| self.cache_error(error))?;
            if looks % LOCK_NOTE == 0 {
                tracing::info!(path = %path.display(), "waiting for another program's lock");
            }
            looks += 1;
            self.progress.wait(Wait::Lock { path });
            self.sleep(LOCK_POLL).await?;
        }
    }

    /// Opens what an earlier run left of a blob, or begins one.
    pub(crate) async fn open_partial(
        &self,
        lock: &Arc<BlobLock>,
        expected: &Expected,
    ) -> Result<Partial, Halt> {
        loop {
            let (lock, digest, size) = (Arc::clone(lock), expected.digest, expected.size);
            let place = self.place.clone();
            match blocking(move || place.partial(&lock, &digest, size)).await {
                Ok(partial) => return Ok(partial),
                // Locks are courtesy; this one is not. Where they do not work, it still does.
                Err(hubdesk_cache::Error::Held { path }) => {
                    self.progress.wait(Wait::Lock { path });
                    self.sleep(LOCK_POLL).await?;
                }
                Err(error) => return Err(self.cache_error(error).into()),
            }
        }
    }

    /// A full disk and a file in the way are their own kinds of trouble; everything else names the
    /// cache.
    pub(crate) fn cache_error(&self, source: hubdesk_cache::Error) -> Error {
        match source {
            hubdesk_cache::Error::NoSpace { .. } => {
                let folder = self.place.store();
                let free = hubdesk_disk::available_space(&folder).unwrap_or(0);
                let reading = self.progress.meter.read();
                let need = reading.bytes_total.saturating_sub(reading.bytes_done);
                Error::NoSpace {
                    folder,
                    need: ByteCount(need),
                    free: ByteCount(free),
                }
            }
            hubdesk_cache::Error::InTheWay { path } => Error::Conflict {
                repo: self.request.repo.clone(),
                files: vec![path],
                count: 1,
            },
            source => Error::Cache {
                repo: self.request.repo.clone(),
                source,
            },
        }
    }

    pub(crate) async fn sleep(&self, pause: Duration) -> Result<(), Halt> {
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(Halt::Cancelled),
            () = tokio::time::sleep(pause) => Ok(()),
        }
    }
}
