use std::sync::Arc;

use bytes::Bytes;
use hubdesk_core::Digest;
use hubdesk_hub::{Repo, Target, XetAccess};
use xet::xet_session::{Sha256Policy, XetStreamUpload, XetUploadCommit};

use crate::{Error, Xet};

/// The right to put files into the store of one repository, for commits onto one target.
#[derive(Clone)]
pub struct Writer(Arc<Inner>);

struct Inner {
    xet: Xet,
    repo: Repo,
    target: Target,
}

/// Files that are sent together. They are in the store when [`Batch::finish`] says so, and not
/// before; only then may a commit name them. Dropping it stops what is on its way.
pub struct Batch {
    commit: XetUploadCommit,
}

/// A file on its way into the store. Dropping it stops it, and spoils its [`Batch`].
pub struct Sending {
    stream: XetStreamUpload,
}

/// A file that was taken in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The sha256 of the bytes that were sent.
    pub sha256: Digest,
    /// How many they were.
    pub size: u64,
    /// What of them the store did not have.
    pub new_bytes: u64,
}

impl Writer {
    /// Nothing is asked before something is sent.
    pub fn new(xet: &Xet, repo: Repo, target: Target) -> Self {
        Self(Arc::new(Inner {
            xet: xet.clone(),
            repo,
            target,
        }))
    }

    /// Begins a batch, with a fresh key of the Hub.
    pub async fn begin(&self) -> Result<Batch, Error> {
        let access = XetAccess::Write(&self.0.target);
        let token = self.0.repo.xet_token(access).await;
        let token = token.map_err(|source| Error::Key { source })?;
        let commit = self.0.xet.upload(&token).await?;
        Ok(Batch { commit })
    }
}

impl Batch {
    /// Begins a file. Several may be on their way at the same time.
    pub async fn file(&self) -> Result<Sending, Error> {
        let stream = self.commit.upload_stream(None, Sha256Policy::Compute).await;
        let stream = stream.map_err(|error| Error::of(&error))?;
        Ok(Sending { stream })
    }

    /// A number that grows whenever the store has taken something, or has said that it is at work.
    /// Cheap enough to be asked for several times a second.
    pub fn moved(&self) -> u64 {
        let progress = self.commit.progress();
        let shard = progress.shard.unwrap_or_default();
        progress.total_transfer_bytes_completed
            + shard.total_shard_bytes_upload_completed
            + shard.total_shard_validation_entries_completed
            + u64::from(shard.total_shards_uploaded_to_store)
            + u64::from(shard.total_shards_synced)
            + u64::from(shard.total_shards_completed)
    }

    /// Whether all bytes that are new to the store, as far as they are known by now, have gone out.
    pub fn has_sent_all(&self) -> bool {
        let progress = self.commit.progress();
        progress.total_transfer_bytes_completed >= progress.total_transfer_bytes
    }

    /// Waits until the store has everything. All its files must have been finished. To be called
    /// once.
    pub async fn finish(&self) -> Result<(), Error> {
        let report = self.commit.commit().await;
        report.map(drop).map_err(|error| Error::of(&error))
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        // Of one that is finished nothing is left to stop.
        if let Err(error) = self.commit.abort() {
            tracing::debug!(%error, "a batch was over already");
        }
    }
}

impl Sending {
    /// Sends the next bytes; waits while enough are on their way.
    pub async fn write(&self, bytes: Bytes) -> Result<(), Error> {
        let written = self.stream.write(bytes).await;
        written.map_err(|error| Error::of(&error))
    }

    /// The file is whole.
    pub async fn finish(self) -> Result<Taken, Error> {
        let taken = self.stream.finish().await;
        let taken = taken.map_err(|error| Error::of(&error))?;
        let sha256 = taken.xet_info.sha256.as_deref().and_then(Digest::parse);
        match (sha256, taken.xet_info.file_size) {
            (Some(sha256), Some(size)) => Ok(Taken {
                sha256,
                size,
                new_bytes: taken.dedup_metrics.new_bytes,
            }),
            _ => Err(Error::Broken {
                why: "a file without a digest".to_owned(),
            }),
        }
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        if self.stream.try_finish().is_none() {
            self.stream.abort();
        }
    }
}
