use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use hubdesk_core::{CommitId, Digest, RepoPath};
use hubdesk_disk::{Doing, PathError, ensure_dir, look, read_if_there};

use crate::partial::{journal_path, partial_path};
use crate::{Error, RepoCache, journal};

/// What the cache knows about one file of one commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup {
    /// It is here.
    Hit(PathBuf),
    /// The Hub has said that this commit has no such file.
    KnownAbsent,
    /// Nothing is known.
    Miss,
}

/// How much of some content is here already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Have {
    /// All of it, at its place in the snapshot.
    Here(PathBuf),
    /// All of it; only the link in the snapshot is missing.
    Blob,
    /// This many bytes, from a download that was interrupted or is under way.
    Partial(u64),
    /// None of it.
    Nothing,
}

impl RepoCache {
    /// Finds `path` as of `commit` without knowing what it should hold, as a library that wants
    /// to read it would. A link that leads nowhere is a miss.
    pub fn lookup(&self, commit: &CommitId, path: &RepoPath) -> Lookup {
        let is_file = |path: &Path| fs::metadata(path).is_ok_and(|found| found.is_file());
        match (self.pointer(commit, path), self.absence(commit, path)) {
            (Ok(pointer), _) if is_file(&pointer) => Lookup::Hit(pointer),
            (_, Ok(absence)) if is_file(&absence) => Lookup::KnownAbsent,
            _ => Lookup::Miss,
        }
    }

    /// How much is here of `path` as of `commit`, whose content is `digest`, `size` bytes long.
    /// Whoever looks for many files of a commit is faster with [`RepoCache::survey`].
    pub fn have(
        &self,
        commit: &CommitId,
        path: &RepoPath,
        digest: &Digest,
        size: u64,
    ) -> Result<Have, Error> {
        self.survey(commit, 1).have(path, digest, size)
    }

    /// Remembers that `commit` has no file `path`, for libraries that probe for optional files.
    pub fn mark_absent(&self, commit: &CommitId, path: &RepoPath) -> Result<(), Error> {
        let marker = self.absence(commit, path)?;
        if let Some(folder) = marker.parent() {
            ensure_dir(folder)?;
        }
        match File::create_new(&marker) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                Ok(Err(error).doing("create", &marker)?)
            }
            _ => Ok(()),
        }
    }
}

/// What the partial of `digest` in `folder` holds for certain.
pub(crate) fn finished_bytes(folder: &Path, digest: &Digest, size: u64) -> Result<u64, Error> {
    let Some(file) = look(&partial_path(folder, digest))? else {
        return Ok(0);
    };
    let journal = read_if_there(&journal_path(folder, digest))?.unwrap_or_default();
    Ok(journal::parse(&journal, digest, size, file.len()).bytes())
}

pub(crate) fn has_size(path: &Path, size: u64) -> Result<bool, PathError> {
    Ok(look(path)?.is_some_and(|found| found.is_file() && found.len() == size))
}
