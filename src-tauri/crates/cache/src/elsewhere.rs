//! Without links each snapshot holds its files, and the blobs are gone. What another commit's
//! snapshot holds need not be fetched again.

use std::collections::HashMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use hubdesk_core::{CommitId, Digest, RepoPath};
use hubdesk_disk::Doing;

use crate::lookup::has_size;
use crate::settle::digest_of;
use crate::{BlobLock, Error, RepoCache, trees};

impl RepoCache {
    /// Whether the blob is there, and has the right size.
    pub fn has_blob(&self, digest: &Digest, size: u64) -> Result<bool, Error> {
        Ok(has_size(&self.blob(digest), size)?)
    }

    /// The blob, to be read, if it is there and has the right size.
    pub fn blob_of(&self, digest: &Digest, size: u64) -> Result<Option<PathBuf>, Error> {
        let blob = self.blob(digest);
        Ok(has_size(&blob, size)?.then_some(blob))
    }

    /// Which contents the snapshots hold, by the listings that were kept. Nothing is read but sizes;
    /// what cannot be told is left out.
    pub fn placed_contents(&self) -> HashMap<Digest, PathBuf> {
        let mut contents = HashMap::new();
        for commit in self.listed_commits() {
            let files = self.read_tree(&commit).ok().flatten().unwrap_or_default();
            for file in files {
                let (digest, size) = match file.lfs {
                    Some((sha256, size)) => (Some(sha256), size),
                    None => (Digest::parse(&file.blob_id), file.size),
                };
                let path = RepoPath::new(&file.path).ok();
                let path = path.and_then(|path| self.pointer(&commit, &path).ok());
                if let (Some(digest), Some(path)) = (digest, path)
                    && has_size(&path, size).is_ok_and(|has| has)
                {
                    contents.insert(digest, path);
                }
            }
        }
        contents
    }

    /// Makes the blob of the same content as `found`, a file of another snapshot: a second name of
    /// the same file, or a copy. `false` if the file is not what it should be.
    pub fn reuse_copy(&self, lock: &BlobLock, size: u64, found: &Path) -> Result<bool, Error> {
        let digest = lock.digest();
        // Nobody vouches for a file in a snapshot as a blob's name does for a blob.
        if !has_size(found, size)? || digest_of(found, digest, size, &self.pace)? != *digest {
            return Ok(false);
        }
        let (temp, blob) = (self.temporary(digest), self.blob(digest));
        if fs::hard_link(found, &temp).is_ok() {
            fs::rename(&temp, &blob).doing("replace", &blob)?;
        } else {
            let from = File::open(found).doing("open", found)?;
            self.copy(&from, digest, &blob)?;
        }
        self.note_fresh(blob);
        Ok(true)
    }

    fn listed_commits(&self) -> Vec<CommitId> {
        trees::commits_in(&self.folder().join("trees"))
    }
}
