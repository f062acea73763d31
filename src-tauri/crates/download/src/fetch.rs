use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use hubdesk_cache::{BlobLock, Partial, RepoCache};
use hubdesk_core::{ByteCount, CommitId, Digest, Retry};
use tokio_util::sync::CancellationToken;

use crate::check::Expected;
use crate::halt::{Halt, blocking};
use crate::large::fetch_large;
use crate::plan::BlobTask;
use crate::small::fetch_small;
use crate::{Error, Parts, Progress, Request, Tuning, Wait};

/// How often a lock held by another program is looked at; as often as the official client does.
const LOCK_POLL: Duration = Duration::from_millis(50);
/// The longest wait a server may ask for before the run ends with an error that says so.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Everything a step of a run needs to know of the run.
#[derive(Clone)]
pub(crate) struct Step<'a> {
    pub(crate) request: &'a Request,
    pub(crate) parts: &'a Parts,
    pub(crate) commit: &'a CommitId,
    pub(crate) progress: &'a Progress,
    pub(crate) tuning: &'a Tuning,
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

    /// Opens what an earlier run left of a blob, or begins one.
    pub(crate) async fn open_partial(
        &self,
        lock: &Arc<BlobLock>,
        expected: &Expected,
    ) -> Result<Partial, Halt> {
        loop {
            let (lock, digest, size) = (Arc::clone(lock), expected.digest, expected.size);
            let cache = self.parts.cache.repo(&self.request.repo);
            match blocking(move || cache.partial(&lock, &digest, size)).await {
                Ok(partial) => return Ok(partial),
                // Locks are courtesy; this one is not. Where they do not work, it still does.
                Err(hubdesk_cache::Error::Held { .. }) => {
                    self.progress.wait(Wait::Lock);
                    self.sleep(LOCK_POLL).await?;
                }
                Err(error) => return Err(self.cache_error(error).into()),
            }
        }
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

    /// Does something with the cache on a blocking thread.
    pub(crate) async fn on_disk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&RepoCache) -> Result<T, hubdesk_cache::Error> + Send + 'static,
    ) -> Result<T, Halt> {
        let cache = self.parts.cache.repo(&self.request.repo);
        match blocking(move || work(&cache)).await {
            Ok(value) => Ok(value),
            Err(error) => Err(self.cache_error(error).into()),
        }
    }

    /// A full disk is its own kind of trouble; everything else names the cache.
    pub(crate) fn cache_error(&self, source: hubdesk_cache::Error) -> Error {
        match source {
            hubdesk_cache::Error::NoSpace { .. } => {
                let folder = self.parts.cache.root().to_owned();
                let free = hubdesk_disk::available_space(&folder).unwrap_or(0);
                let reading = self.progress.meter.read();
                let need = reading.bytes_total.saturating_sub(reading.bytes_done);
                Error::NoSpace {
                    folder,
                    need: ByteCount(need),
                    free: ByteCount(free),
                }
            }
            source => Error::Cache {
                repo: self.request.repo.clone(),
                source,
            },
        }
    }

    pub(crate) fn attempts<'s>(&'s self) -> Attempts<'s, 'a> {
        Attempts {
            step: self,
            fruitless: 0,
        }
    }

    async fn sleep(&self, pause: Duration) -> Result<(), Halt> {
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(Halt::Cancelled),
            () = tokio::time::sleep(pause) => Ok(()),
        }
    }
}

/// Counts attempts in a row that brought nothing, and waits between them.
pub(crate) struct Attempts<'s, 'a> {
    step: &'s Step<'a>,
    fruitless: u32,
}

impl Attempts<'_, '_> {
    /// Bytes arrived: the next fault starts the count anew.
    pub(crate) fn succeeded(&mut self) {
        self.fruitless = 0;
    }

    /// Waits before the next attempt, or gives `error` back when there is no point in one.
    pub(crate) async fn pause(&mut self, error: Error) -> Result<(), Halt> {
        let Error::Hub { source, .. } = &error else {
            return Err(error.into());
        };
        let (pause, wait) = match source.retry() {
            Retry::No => return Err(error.into()),
            Retry::After(after) if after > LONGEST_WAIT => {
                return Err(Error::RateLimited {
                    repo: self.step.request.repo.clone(),
                    after,
                }
                .into());
            }
            Retry::After(pause) => (Some(pause), Wait::Busy { pause }),
            Retry::Soon | Retry::WhenOnline => {
                let pause = self.step.tuning.backoff.pause(self.fruitless);
                let wait = match source {
                    hubdesk_hub::Error::Stalled { host, .. } => {
                        Wait::Stalled { host: host.clone() }
                    }
                    _ => Wait::Fault {
                        attempt: self.fruitless + 1,
                        pause: pause.unwrap_or_default(),
                    },
                };
                (pause, wait)
            }
        };
        // A server that asks for pauses without end is given up like one that fails without end.
        let Some(pause) = pause.filter(|_| self.fruitless < self.step.tuning.backoff.retries)
        else {
            return Err(error.into());
        };
        self.fruitless += 1;
        tracing::debug!(%error, fruitless = self.fruitless, "trying again");
        self.step.progress.wait(wait);
        self.step.sleep(pause).await
    }
}

/// Brings one content into the cache, verified, and links its files.
pub(crate) async fn fetch(step: &Step<'_>, task: &BlobTask) -> Result<(), Halt> {
    let lock = Arc::new(lock(step, task.digest).await?);
    let is_here = !step.request.force && is_blob_here(step, task).await?;
    if is_here {
        // Another program, or an earlier run, was faster.
        step.progress.meter.add_found(task.size - task.found);
    } else {
        fetch_blob(step, task, &lock).await?;
    }
    for path in &task.paths {
        let (commit, path, digest) = (step.commit.clone(), path.clone(), task.digest);
        step.on_disk(move |cache| cache.link(&commit, &path, &digest))
            .await?;
        step.progress.meter.add_file();
    }
    // The other files that share this content are finished with it.
    step.progress
        .meter
        .add_found(task.size.saturating_mul(task.paths.len() as u64 - 1));
    drop(lock);
    Ok(())
}

async fn fetch_blob(step: &Step<'_>, task: &BlobTask, lock: &Arc<BlobLock>) -> Result<(), Halt> {
    let path = task
        .paths
        .first()
        .expect("a content is only planned for a file");
    let expected = Expected {
        repo: step.request.repo.clone(),
        path: path.to_string(),
        size: task.size,
        digest: task.digest,
    };
    let file = step
        .parts
        .hub
        .repo(&step.request.repo)
        .file(step.commit, path.as_str());
    if task.size > step.tuning.small_bytes {
        return fetch_large(step, &file, &expected, lock, task.found).await;
    }
    let is_empty = expected.size == 0 && expected.digest == expected.digest.hasher(0).finish();
    let bytes = if is_empty {
        bytes::Bytes::new()
    } else {
        fetch_small(step, &file, &expected).await?
    };
    let (lock, digest) = (Arc::clone(lock), task.digest);
    step.on_disk(move |cache| cache.admit_bytes(&lock, &digest, &bytes))
        .await
}

async fn is_blob_here(step: &Step<'_>, task: &BlobTask) -> Result<bool, Halt> {
    let path = task
        .paths
        .first()
        .expect("a content is only planned for a file")
        .clone();
    let (commit, digest, size) = (step.commit.clone(), task.digest, task.size);
    let have = step
        .on_disk(move |cache| cache.have(&commit, &path, &digest, size))
        .await?;
    Ok(matches!(
        have,
        hubdesk_cache::Have::Here(_) | hubdesk_cache::Have::Blob
    ))
}

/// Takes the lock every tool of the Hub takes before it writes a blob.
async fn lock(step: &Step<'_>, digest: Digest) -> Result<BlobLock, Halt> {
    loop {
        if let Some(lock) = step.on_disk(move |cache| cache.try_lock(&digest)).await? {
            return Ok(lock);
        }
        step.progress.wait(Wait::Lock);
        step.sleep(LOCK_POLL).await?;
    }
}
