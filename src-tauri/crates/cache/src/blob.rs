use std::path::PathBuf;

use hubdesk_core::Digest;
use hubdesk_disk::{LockFile, ensure_dir, unique_suffix};

use crate::{Error, Partial, RepoCache, Settled, Staged};

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

    /// Writes `bytes`, whose digest the caller has verified, to be settled and admitted. For files
    /// that are small enough to fetch again.
    pub fn stage(&self, lock: &BlobLock, digest: &Digest, bytes: &[u8]) -> Result<Staged, Error> {
        lock.assert_for(digest);
        Staged::write(&self.blobs(), digest, bytes)
    }

    /// What a run that was killed had written whole of a small file, read and compared.
    pub fn found(&self, lock: &BlobLock, size: u64) -> Result<Option<Staged>, Error> {
        Staged::found(&self.blobs(), &lock.digest, size)
    }

    /// Makes what was settled the blob.
    ///
    /// A blob that is there, or a link into the shared store, is replaced and never written
    /// through. [`Error::Pruned`] if somebody has removed the bytes: they must be fetched again.
    pub fn admit(&self, lock: &BlobLock, settled: Settled) -> Result<(), Error> {
        lock.assert_for(settled.digest());
        let blob = self.blob(&lock.digest);
        settled.rename_to(&blob)?;
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

    pub(crate) fn assert_for(&self, digest: &Digest) {
        assert_eq!(self.digest, *digest, "the lock is for other content");
    }
}
