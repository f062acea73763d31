//! The step between verified and visible: the disk must have it.
//!
//! The official client trusts any blob, and a power cut can leave a new file short or with holes. So
//! nothing gets a name that others look for before the disk has all of it. The types say so: only
//! [`Staged::settle`] makes a [`Settled`], and only that can be admitted.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use hubdesk_core::Digest;
use hubdesk_disk::{Doing, clone_to, open_exclusive, sync_files, unique_suffix, write_all_at};

use crate::partial::{forget_journal, journal_path, partial_path, remove_link};
use crate::settle::{digest_of, pour};
use crate::{Error, Pace};

/// Content that is written and verified, and that the disk may not have yet.
///
/// Dropped, it is left to the next attempt, which goes on with it or writes over it.
#[derive(Debug)]
pub struct Staged {
    file: File,
    path: PathBuf,
    /// What vouched for it on the way.
    journal: Option<PathBuf>,
    digest: Digest,
    /// Nobody will look for it under its name.
    is_nobodys: bool,
}

/// Content that the disk has.
#[derive(Debug)]
pub struct Settled(Staged);

impl Staged {
    /// What was written as a partial, and is whole.
    pub(crate) fn of_partial(file: File, path: PathBuf, journal: PathBuf, digest: Digest) -> Self {
        Self {
            file,
            path,
            journal: Some(journal),
            digest,
            is_nobodys: false,
        }
    }

    /// Writes `bytes` under the partial's name. The next attempt writes over what a kill leaves, so
    /// that nothing piles up.
    pub(crate) fn write(folder: &Path, digest: &Digest, bytes: &[u8]) -> Result<Self, Error> {
        let staged = Self::begin(folder, digest, partial_path(folder, digest))?;
        forget_journal(folder, digest)?;
        staged.empty()?;
        write_all_at(&staged.file, bytes, 0).doing("write", &staged.path)?;
        Ok(staged)
    }

    /// What an earlier attempt has written whole before it ended, with the right digest. All of it is
    /// read, so it is for small files.
    pub(crate) fn found(folder: &Path, digest: &Digest, size: u64) -> Result<Option<Self>, Error> {
        let path = partial_path(folder, digest);
        let is_long_enough =
            fs::symlink_metadata(&path).is_ok_and(|found| found.is_file() && found.len() == size);
        if !is_long_enough {
            return Ok(None);
        }
        let Some(file) = open_exclusive(&path)? else {
            return Ok(None);
        };
        if digest_of(&path, digest, size, &Pace::default())? != *digest {
            return Ok(None);
        }
        let journal = journal_path(folder, digest);
        Ok(Some(Self::of_partial(file, path, journal, *digest)))
    }

    /// Copies `from`, whose content is right, for the `number`th place at which it is to be. The
    /// first copy takes the name of the partial, which is not needed any more.
    pub(crate) fn copy(
        folder: &Path,
        digest: &Digest,
        number: usize,
        from: &Path,
        pace: &Pace,
    ) -> Result<Self, Error> {
        let source =
            File::open(from)
                .doing("open", from)
                .map_err(|error| match error.is_not_found() {
                    true => Error::Pruned {
                        path: from.to_owned(),
                    },
                    false => error.into(),
                })?;
        let path = match number {
            0 => {
                forget_journal(folder, digest)?;
                partial_path(folder, digest)
            }
            number => folder.join(format!("{digest}.{number}.copy.hubdesk.incomplete")),
        };
        let is_cloned = clone_to(&source, &path);
        let staged = Self::begin(folder, digest, path)?;
        if !is_cloned || staged.is_nobodys {
            staged.empty()?;
            pour(&source, &staged.file, &staged.path, pace)?;
        }
        Ok(staged)
    }

    /// Waits until the disk has all of `staged`, which lie on one volume: one wait for many.
    ///
    /// The answers are in the order of what was given. After a failure what was written may be lost,
    /// and must not be trusted.
    pub fn settle(staged: Vec<Self>) -> Vec<Result<Settled, Error>> {
        let files: Vec<&File> = staged.iter().map(|one| &one.file).collect();
        let synced = sync_files(&files);
        let settled = staged.into_iter().map(|one| match &synced {
            Ok(()) => Ok(Settled(one)),
            Err(error) => Ok(Err(same(error)).doing("write", &one.path)?),
        });
        settled.collect()
    }

    /// The file of that name, made if missing; or another, if a process that sees no lock is at work there.
    fn begin(folder: &Path, digest: &Digest, path: PathBuf) -> Result<Self, Error> {
        remove_link(&path)?;
        let (file, path, is_nobodys) = match open_exclusive(&path)? {
            Some(file) => (file, path, false),
            None => {
                let name = format!("{digest}.{}.hubdesk.incomplete", unique_suffix());
                let path = folder.join(name);
                let file = File::create_new(&path).doing("create", &path)?;
                (file, path, true)
            }
        };
        Ok(Self {
            file,
            path,
            journal: None,
            digest: *digest,
            is_nobodys,
        })
    }

    fn empty(&self) -> Result<(), Error> {
        Ok(self.file.set_len(0).doing("empty", &self.path)?)
    }
}

impl Settled {
    /// Which content it is.
    pub fn digest(&self) -> &Digest {
        &self.0.digest
    }

    /// Gives it the name `place`, in place of whatever has it. [`Error::Pruned`] if somebody has
    /// removed it.
    pub(crate) fn rename_to(mut self, place: &Path) -> Result<(), Error> {
        // RACE: pruned since it was written and begun anew by a process that does not see our lock.
        // Its bytes would get the name: at worst, and only where there are no locks, not all of them.
        match fs::rename(&self.0.path, place) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(Error::Pruned {
                    path: self.0.path.clone(),
                });
            }
            renamed => renamed.doing("replace", place)?,
        }
        self.0.is_nobodys = false;
        if let Some(journal) = &self.0.journal {
            // The content is in place; a journal without a file vouches for nothing.
            let _ = fs::remove_file(journal);
        }
        Ok(())
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if self.is_nobodys {
            // A leftover is found by its ending.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Errors of the system cannot be cloned, and each of many needs its own.
fn same(error: &io::Error) -> io::Error {
    match error.raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code),
        None => error.kind().into(),
    }
}
