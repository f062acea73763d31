use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use hubdesk_cache::{
    BlobLock, Error, Have, LocalFolder, Pace, Partial, RepoCache, Settled, Source, Staged,
    Standing, Survey, TreeFile,
};
use hubdesk_core::{CommitId, Digest, RepoId, RepoPath, Revision};
use hubdesk_disk::Sameness;

use crate::plan::BlobTask;
use crate::{Entry, Into, Overwrite, Parts, Request};

/// Where the files of a run appear: the one seam between fetching and the two destinations.
///
/// Both know the same steps. Content is *admitted* once it is verified, and then *appears* under its
/// names: linked from the cache, or put at its place in a folder.
#[derive(Clone)]
pub(crate) struct Place {
    cache: RepoCache,
    folder: Option<LocalFolder>,
    may_replace: bool,
    /// Content the cache holds elsewhere, looked up once, and only where there are no links.
    elsewhere: Arc<OnceLock<HashMap<Digest, PathBuf>>>,
}

/// What was found at a file's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) have: Have,
    /// A person's own file is in the way.
    pub(crate) is_in_the_way: bool,
}

/// Which copies take room; those that share their blocks do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Copies {
    /// Of content that the cache has.
    pub(crate) of_found: bool,
    /// Of content that was fetched to where they are.
    pub(crate) of_fetched: bool,
}

impl From<Have> for Found {
    fn from(have: Have) -> Self {
        Self {
            have,
            is_in_the_way: false,
        }
    }
}

impl Place {
    pub(crate) fn of(request: &Request, parts: &Parts) -> Self {
        let folder = match &request.into {
            Into::Cache => None,
            Into::Folder(folder) => Some(LocalFolder::open(folder.clone())),
        };
        Self {
            cache: parts.cache.repo(&request.repo),
            folder,
            may_replace: request.overwrite == Overwrite::Yes,
            elsewhere: Arc::default(),
        }
    }

    /// The cache, for whoever only looks.
    pub(crate) fn in_cache(repo: &RepoId, parts: &Parts) -> Self {
        Self {
            cache: parts.cache.repo(repo),
            folder: None,
            may_replace: false,
            elsewhere: Arc::default(),
        }
    }

    /// The same place, with somebody to ask while files are read and copied.
    pub(crate) fn paced(&self, pace: Pace) -> Self {
        let folder = self.folder.as_ref();
        Self {
            folder: folder.map(|folder| folder.paced(pace.clone())),
            cache: self.cache.paced(pace),
            ..self.clone()
        }
    }

    /// The folder the files appear in.
    pub(crate) fn root(&self, commit: &CommitId) -> PathBuf {
        match &self.folder {
            None => self.cache.snapshot(commit),
            Some(folder) => folder.root().to_owned(),
        }
    }

    /// What must have room.
    pub(crate) fn store(&self) -> PathBuf {
        match &self.folder {
            None => self.cache.folder(),
            Some(folder) => folder.root().to_owned(),
        }
    }

    /// What further files with the same content take, which are links, or files of their own.
    pub(crate) fn copies(&self) -> Copies {
        if self.folder.is_none() && !self.cache.is_without_links() {
            return Copies::default();
        }
        let (from, to) = (self.cache.folder(), self.store());
        Copies {
            of_found: !hubdesk_disk::shares_blocks(&from, &to),
            of_fetched: !hubdesk_disk::shares_blocks(&to, &to),
        }
    }

    /// Which names are one where the files appear.
    pub(crate) fn sameness(&self) -> Result<Sameness, Error> {
        Ok(hubdesk_disk::sameness_of(&self.store())?)
    }

    /// Whether a file of that name is left out: it would lie among the books of the folder.
    pub(crate) fn leaves_out(&self, entry: &Entry) -> bool {
        let is_book = || entry.path.as_ref().is_ok_and(LocalFolder::is_among_books);
        self.folder.is_some() && is_book()
    }

    /// Whether `path` has a name that can be held there.
    pub(crate) fn check(&self, commit: &CommitId, path: &RepoPath) -> Result<(), Error> {
        match &self.folder {
            Some(folder) => folder.check(path),
            None => path
                .under(&self.cache.snapshot(commit))
                .map(|_| ())
                .map_err(|why| Error::BadName {
                    path: path.clone(),
                    why,
                }),
        }
    }

    /// Begins to look for so many files in the cache, if that is where they appear.
    pub(crate) fn survey(&self, commit: &CommitId, files: usize) -> Survey {
        let in_cache = self.folder.as_ref().map_or(files, |_| 0);
        self.cache.survey(commit, in_cache)
    }

    /// What there is of `entry`, with all that needs no network counted as here.
    pub(crate) fn foresee(
        &self,
        survey: &Survey,
        commit: &CommitId,
        path: &RepoPath,
        entry: &Entry,
    ) -> Result<Found, Error> {
        let mut found = match &self.folder {
            None => survey.have(path, &entry.digest, entry.size)?.into(),
            Some(_) => self.find(commit, path, &entry.digest, entry.size)?,
        };
        if matches!(found.have, Have::Partial(_) | Have::Nothing)
            && self.can_reuse(&entry.digest, entry.size, entry.xet_hash.as_deref())?
        {
            found.have = Have::Blob;
        }
        Ok(found)
    }

    /// What there is of a file, at its place and beside it.
    pub(crate) fn find(
        &self,
        commit: &CommitId,
        path: &RepoPath,
        digest: &Digest,
        size: u64,
    ) -> Result<Found, Error> {
        let Some(folder) = &self.folder else {
            return Ok(self.cache.have(commit, path, digest, size)?.into());
        };
        let standing = folder.standing(path, digest, size)?;
        if standing == Standing::Current {
            return Ok(Have::Here(folder.place(path)?).into());
        }
        let is_at_hand = || -> Result<bool, Error> {
            Ok(folder.has_admitted(digest, size)? || self.copy_of(digest, size)?.is_some())
        };
        let have = match is_at_hand()? {
            true => Have::Blob,
            false => match folder.finished_bytes(digest, size)? {
                0 => Have::Nothing,
                bytes => Have::Partial(bytes),
            },
        };
        Ok(Found {
            have,
            is_in_the_way: standing == Standing::Foreign && !self.may_replace,
        })
    }

    /// Makes the folders a run needs.
    pub(crate) fn prepare(&self, commit: &CommitId) -> Result<(), Error> {
        match &self.folder {
            None => self.cache.prepare(commit),
            Some(folder) => folder.prepare(),
        }
    }

    /// Makes what somebody removed in the middle of a run.
    pub(crate) fn prepare_again(&self, commit: &CommitId) -> Result<(), Error> {
        match &self.folder {
            None => self.cache.prepare(commit),
            Some(folder) => folder.prepare_again(),
        }
    }

    /// Takes the lock every tool of the Hub takes before it writes the file.
    pub(crate) fn try_lock(&self, task: &BlobTask) -> Result<Option<BlobLock>, Error> {
        match &self.folder {
            None => self.cache.try_lock(&task.digest),
            Some(folder) => folder.try_lock(task.first(), &task.digest),
        }
    }

    pub(crate) fn lock_path(&self, task: &BlobTask) -> Result<PathBuf, Error> {
        match &self.folder {
            None => Ok(self.cache.lock_path(&task.digest)),
            Some(folder) => folder.lock_path(task.first()),
        }
    }

    pub(crate) fn partial(
        &self,
        lock: &BlobLock,
        digest: &Digest,
        size: u64,
    ) -> Result<Partial, Error> {
        match &self.folder {
            None => self.cache.partial(lock, digest, size),
            Some(folder) => folder.partial(lock, digest, size),
        }
    }

    /// Writes `bytes`, which are verified.
    pub(crate) fn stage(
        &self,
        lock: &BlobLock,
        digest: &Digest,
        bytes: &[u8],
    ) -> Result<Staged, Error> {
        match &self.folder {
            None => self.cache.stage(lock, digest, bytes),
            Some(folder) => folder.stage(lock, digest, bytes),
        }
    }

    /// What a run that was killed had written whole of a small file.
    pub(crate) fn found(&self, lock: &BlobLock, size: u64) -> Result<Option<Staged>, Error> {
        match &self.folder {
            None => self.cache.found(lock, size),
            Some(folder) => folder.found(lock, size),
        }
    }

    pub(crate) fn admit(&self, lock: &BlobLock, settled: Settled) -> Result<(), Error> {
        match &self.folder {
            None => self.cache.admit(lock, settled),
            Some(folder) => folder.admit(lock, settled),
        }
    }

    /// Gives the blob of `task`, all of which came out of the chunk store, to the other repositories
    /// of the cache. Failing at it only costs room.
    pub(crate) fn share(&self, lock: &BlobLock, task: &BlobTask) {
        let Some(hash) = task.xet_hash.as_deref() else {
            return;
        };
        if self.folder.is_none()
            && let Err(error) = share(&self.cache, lock, task.size, hash)
        {
            tracing::info!(%error, "it stays this repository's own");
        }
    }

    /// Makes the content of `task` a blob without the network, if the cache has it elsewhere.
    /// Failing at it only costs bytes.
    pub(crate) fn reuse(&self, lock: &BlobLock, task: &BlobTask) -> Result<bool, Error> {
        if self.folder.is_some() || self.cache.has_blob(&task.digest, task.size)? {
            return Ok(false);
        }
        if let Some(hash) = &task.xet_hash
            && self.cache.reuse_shared(lock, task.size, hash)?
        {
            return Ok(true);
        }
        match self.elsewhere().get(&task.digest) {
            Some(found) => self.cache.reuse_copy(lock, task.size, found),
            None => Ok(false),
        }
    }

    /// Makes admitted content appear under `paths`, as far as nothing must be copied for it, and gives
    /// back those for which it must.
    pub(crate) fn appear(
        &self,
        commit: &CommitId,
        paths: Vec<RepoPath>,
        task: &BlobTask,
    ) -> Result<Vec<RepoPath>, Error> {
        let Some(folder) = &self.folder else {
            for path in &paths {
                self.cache.link(commit, path, &task.digest)?;
            }
            return Ok(Vec::new());
        };
        match paths.as_slice() {
            [only] if folder.has_admitted(&task.digest, task.size)? => {
                self.put(commit, std::slice::from_ref(only), task, Vec::new())?;
                Ok(Vec::new())
            }
            _ => Ok(paths),
        }
    }

    /// Copies the content of `task` for each of `paths`; of those that `are_last`, the last one can do
    /// with what was admitted.
    pub(crate) fn copy(
        &self,
        paths: &[RepoPath],
        task: &BlobTask,
        are_last: bool,
    ) -> Result<Vec<Staged>, Error> {
        let Some(folder) = &self.folder else {
            return Ok(Vec::new());
        };
        let is_admitted = folder.has_admitted(&task.digest, task.size)?;
        let from = match is_admitted {
            true => folder.admitted(&task.digest)?,
            false => self.must_copy(&task.digest, task.size)?,
        };
        let count = paths.len() - usize::from(is_admitted && are_last);
        (0..count)
            .map(|number| folder.copy(&from, &task.digest, number))
            .collect()
    }

    /// Puts the content at its places in a folder: the copies, and what was admitted where there is
    /// none.
    pub(crate) fn put(
        &self,
        commit: &CommitId,
        paths: &[RepoPath],
        task: &BlobTask,
        copies: Vec<Settled>,
    ) -> Result<(), Error> {
        let Some(folder) = &self.folder else {
            return Ok(());
        };
        let mut copies = copies.into_iter();
        for path in paths {
            let source = copies.next().map_or(Source::Admitted, Source::Copy);
            let content = (&task.digest, task.size);
            folder.settle(commit, path, content, source, self.may_replace)?;
        }
        Ok(())
    }

    pub(crate) fn read_tree(&self, commit: &CommitId) -> Result<Option<Vec<TreeFile>>, Error> {
        if let Some(folder) = &self.folder
            && let Some(files) = folder.read_tree(commit)?
        {
            return Ok(Some(files));
        }
        self.cache.read_tree(commit)
    }

    pub(crate) fn forget_tree(&self, commit: &CommitId) -> Result<(), Error> {
        if let Some(folder) = &self.folder {
            folder.forget_tree(commit)?;
        }
        self.cache.forget_tree(commit)
    }

    /// Everything is there: keeps the listing, and says which commit it is. In the cache the ref
    /// does, in a folder the note of each file.
    pub(crate) fn conclude(
        &self,
        revision: &Revision,
        commit: &CommitId,
        entries: &[Entry],
        unkept: Option<&[TreeFile]>,
    ) -> Result<(), Error> {
        let Some(folder) = &self.folder else {
            if let Some(files) = unkept {
                self.cache.write_tree(commit, files)?;
            }
            return self.cache.point_ref(revision, commit);
        };
        folder.prepare()?;
        for entry in entries {
            if let Ok(path) = &entry.path {
                folder.note(commit, path, &entry.digest)?;
            }
        }
        match unkept {
            Some(files) => folder.write_tree(commit, files),
            None => Ok(()),
        }
    }

    /// Whether the listing of `commit` is kept where the official client looks for it.
    pub(crate) fn has_tree(&self, commit: &CommitId) -> Result<bool, Error> {
        match &self.folder {
            None => self.cache.has_tree(commit),
            Some(folder) => folder.has_tree(commit),
        }
    }

    fn can_reuse(&self, digest: &Digest, size: u64, xet_hash: Option<&str>) -> Result<bool, Error> {
        if self.folder.is_some() {
            return Ok(false);
        }
        let is_shared = |hash| self.cache.has_shared(hash, size);
        Ok(xet_hash.map_or(Ok(false), is_shared)? || self.elsewhere().contains_key(digest))
    }

    /// A file of the cache with this content.
    fn copy_of(&self, digest: &Digest, size: u64) -> Result<Option<PathBuf>, Error> {
        if let Some(blob) = self.cache.blob_of(digest, size)? {
            return Ok(Some(blob));
        }
        Ok(self.elsewhere().get(digest).cloned())
    }

    fn must_copy(&self, digest: &Digest, size: u64) -> Result<PathBuf, Error> {
        let gone = || Error::Pruned {
            path: Path::new(&digest.to_string()).to_owned(),
        };
        self.copy_of(digest, size)?.ok_or_else(gone)
    }

    fn elsewhere(&self) -> &HashMap<Digest, PathBuf> {
        self.elsewhere
            .get_or_init(|| match self.cache.is_without_links() {
                true => self.cache.placed_contents(),
                false => HashMap::new(),
            })
    }
}

#[cfg(unix)]
fn share(cache: &RepoCache, lock: &BlobLock, size: u64, xet_hash: &str) -> Result<bool, Error> {
    cache.share(lock, size, xet_hash)
}

/// What the modes of a shared store are to be elsewhere is not known for certain.
#[cfg(not(unix))]
fn share(_: &RepoCache, _: &BlobLock, _: u64, _: &str) -> Result<bool, Error> {
    Ok(false)
}
