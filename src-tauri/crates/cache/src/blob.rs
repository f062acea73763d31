use std::path::PathBuf;

use hubdesk_core::Digest;
use hubdesk_disk::{LockFile, ensure_dir, unique_suffix, write_via};

use crate::partial::admit_whole;
use crate::{Error, Partial, RepoCache};

/// Proof that this process holds `.locks/<repo>/<etag>.lock`, or the lock of a file in a
/// [`LocalFolder`](crate::LocalFolder); Python honours both.
///
/// It keeps two processes from fetching the same bytes and does nothing else. Released when
/// dropped.
#[derive(Debug)]
pub struct BlobLock {
    _file: LockFile,
    digest: Digest,
}

impl RepoCache {
    /// Takes the lock of one content, or returns `None` at once if somebody has it.
    pub fn try_lock(&self, digest: &Digest) -> Result<Option<BlobLock>, Error> {
        ensure_dir(&self.locks())?;
        let file = LockFile::try_lock(&self.lock_path(digest))?;
        Ok(file.map(|file| BlobLock::new(file, *digest)))
    }

    /// The file that is locked for one content, to name it to whoever has to wait.
    pub fn lock_path(&self, digest: &Digest) -> PathBuf {
        self.locks().join(format!("{digest}.lock"))
    }

    /// Opens the partial of `digest`, with what an earlier run has saved, or begins one.
    ///
    /// [`Error::Held`] if another process has it open although we hold the lock.
    pub fn partial(&self, lock: &BlobLock, digest: &Digest, size: u64) -> Result<Partial, Error> {
        lock.assert_for(digest);
        Partial::open(&self.blobs(), digest, size)
    }

    /// Makes a whole partial, whose digest the caller has verified, the blob.
    ///
    /// A blob that is there, or a link into the shared store, is replaced and never written
    /// through. [`Error::Pruned`] if somebody has removed the bytes: they must be fetched again.
    pub fn admit(&self, lock: &BlobLock, partial: Partial) -> Result<(), Error> {
        lock.assert_whole(&partial);
        let blob = self.blob(&lock.digest);
        partial.rename_to(&blob)?;
        self.note_fresh(blob);
        Ok(())
    }

    /// Makes `bytes`, whose digest the caller has verified, the blob, as [`RepoCache::admit`]
    /// does. For files that are small enough to fetch again.
    pub fn admit_bytes(&self, lock: &BlobLock, digest: &Digest, bytes: &[u8]) -> Result<(), Error> {
        lock.assert_for(digest);
        let blob = self.blob(digest);
        if !admit_whole(&self.blobs(), digest, bytes, &blob)? {
            write_via(&self.temporary(digest), &blob, bytes)?;
        }
        self.note_fresh(blob);
        Ok(())
    }

    /// A name for bytes on the way that no other writer uses, in the official client's form.
    pub(crate) fn temporary(&self, digest: &Digest) -> PathBuf {
        let name = format!("{digest}.{}.incomplete", unique_suffix());
        self.blobs().join(name)
    }
}

impl BlobLock {
    pub(crate) fn new(file: LockFile, digest: Digest) -> Self {
        Self {
            _file: file,
            digest,
        }
    }

    pub(crate) fn digest(&self) -> &Digest {
        &self.digest
    }

    pub(crate) fn assert_whole(&self, partial: &Partial) {
        assert!(
            partial.is_whole(&self.digest),
            "only whole content, under its own lock, is admitted"
        );
    }

    pub(crate) fn assert_for(&self, digest: &Digest) {
        assert_eq!(self.digest, *digest, "the lock is for other content");
    }
}
