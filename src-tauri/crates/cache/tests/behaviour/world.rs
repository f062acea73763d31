//! One empty cache in a folder of its own, and a few contents to put there.

use std::fs;
use std::path::{Path, PathBuf};

use hubdesk_cache::{BlobLock, Cache, LinkSupport, RepoCache, Settled, Staged};
use hubdesk_core::{CommitId, Digest, RepoId, RepoKind, RepoPath};
use tempfile::TempDir;

pub(crate) struct World {
    dir: TempDir,
    pub(crate) cache: Cache,
    pub(crate) repo: RepoCache,
    pub(crate) commit: CommitId,
}

impl World {
    /// A prepared repository in a cache with links.
    pub(crate) fn new() -> Self {
        let world = Self::with(LinkSupport::Probe);
        world.repo.prepare(&world.commit).unwrap();
        world
    }

    /// An empty place for a cache.
    pub(crate) fn with(links: LinkSupport) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::open(dir.path().join("hub"), links);
        let repo = cache.repo(&RepoId::new(RepoKind::Model, "org/m").unwrap());
        Self {
            dir,
            cache,
            repo,
            commit: commit('a'),
        }
    }

    /// Makes `content` a blob, as the download of a small file does.
    pub(crate) fn blob(&self, content: &[u8]) -> Digest {
        let digest = Digest::git_blob(content);
        let lock = self.repo.try_lock(&digest).unwrap().unwrap();
        self.admit(&lock, &digest, content);
        digest
    }

    /// Makes `content` the blob `digest`.
    pub(crate) fn admit(&self, lock: &BlobLock, digest: &Digest, content: &[u8]) {
        let staged = self.repo.stage(lock, digest, content).unwrap();
        self.repo.admit(lock, settled(staged)).unwrap();
    }

    pub(crate) fn blob_path(&self, digest: &Digest) -> PathBuf {
        self.blobs().join(digest.to_string())
    }

    pub(crate) fn blobs(&self) -> PathBuf {
        self.repo.folder().join("blobs")
    }

    /// A place outside the cache.
    pub(crate) fn outside(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }
}

/// Waits until the disk has it.
pub(crate) fn settled(staged: Staged) -> Settled {
    let mut settled = Staged::settle(vec![staged]);
    assert_eq!(settled.len(), 1);
    settled.remove(0).unwrap()
}

pub(crate) fn commit(digit: char) -> CommitId {
    digit.to_string().repeat(40).parse().unwrap()
}

pub(crate) fn path(name: &str) -> RepoPath {
    RepoPath::new(name).unwrap()
}

/// The names in `folder`, sorted.
pub(crate) fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}
