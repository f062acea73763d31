use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use hubdesk_core::{CommitId, Digest, RepoId, RepoPath};
use hubdesk_disk::{Doing, PathError, ensure_dir};

use crate::{Error, Pace};

/// Marks a folder as a cache for backup programs; the same 191 bytes as the official client's.
const CACHEDIR_TAG: &str = "Signature: 8a477f597d28d172789f06886806bc55\n\
    # This file is a cache directory tag created by huggingface_hub.\n\
    # For information about cache directory tags, see:\n\
    #\thttps://bford.info/cachedir/\n";

/// Whether snapshots are made of links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkSupport {
    /// Tried once in each repository's folder.
    Probe,
    /// As [`LinkSupport::Probe`], but blobs are the repository's own: neither taken from the store
    /// that repositories share nor given to it.
    Own,
    /// Never: snapshots hold the files themselves.
    Never,
}

/// A cache folder. Cheap to clone; clones share what has been found out about the disk.
#[derive(Debug, Clone)]
pub struct Cache {
    shared: Arc<Shared>,
}

/// One repository's folder in a cache.
#[derive(Debug, Clone)]
pub struct RepoCache {
    pub(crate) shared: Arc<Shared>,
    /// `models--owner--name`.
    name: String,
    pub(crate) pace: Pace,
}

/// What all users of one cache in this process know.
#[derive(Debug)]
pub(crate) struct Shared {
    root: PathBuf,
    pub(crate) links: LinkSupport,
    /// Repository folders that were asked whether they can hold links, and the answer.
    pub(crate) probed: Mutex<HashMap<PathBuf, bool>>,
    /// Where blobs made by this process are, for folders without links.
    pub(crate) own: Mutex<OwnBlobs>,
}

/// Without links a new blob is moved into the snapshot, but one that was found is copied: it may
/// serve somebody else. This tells the two apart.
#[derive(Debug, Default)]
pub(crate) struct OwnBlobs {
    /// Still in `blobs`.
    pub(crate) fresh: HashSet<PathBuf>,
    /// Moved, with the place in a snapshot: a second file with the same content is copied from it.
    pub(crate) placed: HashMap<PathBuf, PathBuf>,
}

impl Cache {
    /// Names the cache at `root`. Touches nothing.
    pub fn open(root: PathBuf, links: LinkSupport) -> Self {
        Self {
            shared: Arc::new(Shared {
                root,
                links,
                probed: Mutex::default(),
                own: Mutex::default(),
            }),
        }
    }

    /// The cache folder.
    pub fn root(&self) -> &Path {
        &self.shared.root
    }

    /// The part of the cache that belongs to `id`, whether it is there or not.
    pub fn repo(&self, id: &RepoId) -> RepoCache {
        RepoCache {
            shared: Arc::clone(&self.shared),
            name: format!("{}--{}", id.kind().plural(), id.name().replace('/', "--")),
            pace: Pace::default(),
        }
    }
}

impl RepoCache {
    /// The repository's folder.
    pub fn folder(&self) -> PathBuf {
        self.shared.root.join(&self.name)
    }

    /// The same, with somebody to ask while files are read and copied.
    pub fn paced(&self, pace: Pace) -> Self {
        Self {
            pace,
            ..self.clone()
        }
    }

    /// The folder in which the files of `commit` appear under their names.
    pub fn snapshot(&self, commit: &CommitId) -> PathBuf {
        self.folder().join("snapshots").join(commit.as_str())
    }

    /// Makes the folders a download of `commit` needs, and marks the root as a cache.
    pub fn prepare(&self, commit: &CommitId) -> Result<(), Error> {
        ensure_dir(&self.blobs())?;
        ensure_dir(&self.snapshot(commit))?;
        ensure_dir(&self.locks())?;
        Ok(tag(&self.shared.root)?)
    }

    /// Whether snapshots here are known to hold the files themselves, for want of links.
    pub fn is_without_links(&self) -> bool {
        let is_known = || {
            let probed = self.shared.probed.lock();
            probed.is_ok_and(|probed| probed.get(&self.folder()) == Some(&false))
        };
        self.shared.links == LinkSupport::Never || is_known()
    }

    pub(crate) fn root(&self) -> &Path {
        &self.shared.root
    }

    pub(crate) fn blobs(&self) -> PathBuf {
        self.folder().join("blobs")
    }

    pub(crate) fn blob(&self, digest: &Digest) -> PathBuf {
        self.blobs().join(digest.to_string())
    }

    pub(crate) fn locks(&self) -> PathBuf {
        self.shared.root.join(".locks").join(&self.name)
    }

    pub(crate) fn pointer(&self, commit: &CommitId, path: &RepoPath) -> Result<PathBuf, Error> {
        below(&self.snapshot(commit), path)
    }

    pub(crate) fn absence(&self, commit: &CommitId, path: &RepoPath) -> Result<PathBuf, Error> {
        below(&self.folder().join(".no_exist").join(commit.as_str()), path)
    }
}

/// The only way from a name somebody gave us to a place on disk.
pub(crate) fn below(folder: &Path, path: &RepoPath) -> Result<PathBuf, Error> {
    path.under(folder).map_err(|why| Error::BadName {
        path: path.clone(),
        why,
    })
}

/// A tag that is already there is left as it is, whoever wrote it.
pub(crate) fn tag(root: &Path) -> Result<(), PathError> {
    let path = root.join("CACHEDIR.TAG");
    match File::create_new(&path) {
        Ok(mut file) => file
            .write_all(CACHEDIR_TAG.as_bytes())
            .doing("write", &path),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error).doing("create", &path),
    }
}

#[cfg(test)]
mod tests {
    use hubdesk_core::RepoKind;

    use super::*;

    #[test]
    fn folders_are_named_by_kind_owner_and_name() {
        let cache = Cache::open(PathBuf::from("/c"), LinkSupport::Probe);
        for (kind, name, folder) in [
            (RepoKind::Model, "gpt2", "/c/models--gpt2"),
            (
                RepoKind::Dataset,
                "Org/Data.v1",
                "/c/datasets--Org--Data.v1",
            ),
            (RepoKind::Space, "a-b/c_d", "/c/spaces--a-b--c_d"),
        ] {
            let id = RepoId::new(kind, name).unwrap();
            assert_eq!(cache.repo(&id).folder(), Path::new(folder));
        }
    }

    #[test]
    fn the_tag_is_the_official_one_to_the_byte() {
        assert_eq!(CACHEDIR_TAG.len(), 191);
    }
}
