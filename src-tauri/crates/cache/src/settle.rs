use std::fs::{self, File};
use std::io::Read as _;
use std::mem;
use std::path::{Path, PathBuf};

use hubdesk_core::{CommitId, Digest, RepoPath};
use hubdesk_disk::{Copied, Doing, PathError, copy_into, ensure_dir, look, remove_if_there};

use crate::lookup::{finished_bytes, has_size};
use crate::note::{self, Note};
use crate::{Did, Error, LocalFolder, Pace, Settled, Staged};

const BUFFER_BYTES: usize = 256 << 10;
/// Read between two looks at whether to go on.
const TOLD_BYTES: u64 = 4 << 20;

/// What is at a file's place in a [`LocalFolder`], compared with what should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing.
    Absent,
    /// The content asked for.
    Current,
    /// Other content of the Hub, not changed since it came: it may be replaced.
    Outdated,
    /// Something else. A person would miss it.
    Foreign,
}

/// Where the content of a file comes from.
#[derive(Debug)]
pub enum Source {
    /// What was admitted, which is not needed any more.
    Admitted,
    /// A [copy](LocalFolder::copy) of its own. Never a hard link: a person may edit what is in their
    /// folder.
    Copy(Settled),
}

impl LocalFolder {
    /// Compares what is at the place of `path` with `digest`, `size` bytes long.
    ///
    /// A note that the file has not outlived decides, as in the official client, which looks at
    /// nothing else; here the size must be right, too. Without one the file is read, if its size
    /// makes that worth while.
    pub fn standing(&self, path: &RepoPath, digest: &Digest, size: u64) -> Result<Standing, Error> {
        let place = self.place(path)?;
        let Some(found) = look(&place)? else {
            // A link that leads nowhere is somebody's.
            let is_link = fs::symlink_metadata(&place).is_ok();
            return Ok(if is_link {
                Standing::Foreign
            } else {
                Standing::Absent
            });
        };
        if !found.is_file() {
            return Ok(Standing::Foreign);
        }
        let note = Note::read(&self.book(path, "metadata")?)?;
        if let Some(note) = &note {
            if note.digest == *digest && found.len() == size && note.is_of(&found) {
                return Ok(Standing::Current);
            }
            if note.digest != *digest && note.is_strictly_of(&found) {
                return Ok(Standing::Outdated);
            }
        }
        if found.len() == size && digest_of(&place, digest, size, &self.pace)? == *digest {
            return Ok(Standing::Current);
        }
        // Touched, or changed: only what the Hub has can be had again.
        let is_the_hubs = match note {
            Some(note) if note.digest != *digest => {
                digest_of(&place, &note.digest, found.len(), &self.pace)? == note.digest
            }
            _ => false,
        };
        Ok(if is_the_hubs {
            Standing::Outdated
        } else {
            Standing::Foreign
        })
    }

    /// Whether the content of `digest` was admitted and waits for its place.
    pub fn has_admitted(&self, digest: &Digest, size: u64) -> Result<bool, Error> {
        Ok(has_size(&self.whole(digest)?, size)?)
    }

    /// Bytes of `digest` that an interrupted run has left.
    pub fn finished_bytes(&self, digest: &Digest, size: u64) -> Result<u64, Error> {
        finished_bytes(&self.downloads()?, digest, size)
    }

    /// Makes the content of `digest` appear as `path`, and notes that it is that of `commit`.
    ///
    /// What is there is looked at once more: [`Error::InTheWay`] if it is [`Standing::Foreign`] and
    /// not `may_replace`, or no file at all. A link is replaced, never written through.
    pub fn settle(
        &self,
        commit: &CommitId,
        path: &RepoPath,
        (digest, size): (&Digest, u64),
        source: Source,
        may_replace: bool,
    ) -> Result<(), Error> {
        let place = self.place(path)?;
        let is_in_the_way = || Error::InTheWay {
            path: place.clone(),
        };
        if fs::symlink_metadata(&place).is_ok_and(|found| found.is_dir()) {
            return Err(is_in_the_way());
        }
        // RACE: what is put there between this look and the renaming is replaced.
        if !may_replace && self.standing(path, digest, size)? == Standing::Foreign {
            return Err(is_in_the_way());
        }
        if let Some(folder) = place.parent() {
            ensure_dir(folder)?;
        }
        match source {
            Source::Copy(copy) => copy.rename_to(&place)?,
            Source::Admitted => {
                let ready = self.whole(digest)?;
                fs::rename(&ready, &place)
                    .doing("move", &ready)
                    .map_err(|error| gone(error, &ready))?;
            }
        }
        self.note(commit, path, digest)
    }

    /// Notes that the file at `path` is `digest` as of `commit`, unless that is noted already.
    pub fn note(&self, commit: &CommitId, path: &RepoPath, digest: &Digest) -> Result<(), Error> {
        let place = self.place(path)?;
        let Some(found) = look(&place)? else {
            return Err(Error::Pruned { path: place });
        };
        let book = self.book(path, "metadata")?;
        let is_known = |note: Note| {
            note.commit == commit.as_str() && note.digest == *digest && note.is_of(&found)
        };
        if Note::read(&book)?.is_some_and(is_known) {
            return Ok(());
        }
        if let Some(folder) = book.parent() {
            ensure_dir(folder)?;
        }
        Ok(note::write(&book, commit, digest, &found)?)
    }

    /// Removes what was admitted: it is at all its places.
    pub fn discard_admitted(&self, digest: &Digest) -> Result<(), Error> {
        Ok(remove_if_there(&self.whole(digest)?)?)
    }

    /// Where a copy of what was admitted is to be had.
    pub fn admitted(&self, digest: &Digest) -> Result<PathBuf, Error> {
        self.whole(digest)
    }

    /// Copies `from`, whose content is right, for the `number`th place at which it is to be.
    pub fn copy(&self, from: &Path, digest: &Digest, number: usize) -> Result<Staged, Error> {
        Staged::copy(&self.downloads()?, digest, number, from, &self.pace)
    }
}

/// Makes `to` a copy of `from`, without its bytes being moved where the file system can do that.
/// `path` is the name of `to`.
pub(crate) fn pour(from: &File, to: &File, path: &Path, pace: &Pace) -> Result<(), Error> {
    let go_on = |bytes| pace.is_to_go_on(Did::Copied(bytes));
    match copy_into(from, to, go_on).doing("write", path)? {
        Copied::Shared | Copied::Whole => Ok(()),
        Copied::Stopped => Err(Error::Stopped),
    }
}

fn gone(error: PathError, path: &Path) -> Error {
    match error.is_not_found() {
        true => Error::Pruned {
            path: path.to_owned(),
        },
        false => error.into(),
    }
}

/// The digest of the file at `path`, of the kind of `like`.
pub(crate) fn digest_of(
    path: &Path,
    like: &Digest,
    size: u64,
    pace: &Pace,
) -> Result<Digest, Error> {
    let mut file = File::open(path).doing("open", path)?;
    let mut hasher = like.hasher(size);
    let mut buffer = vec![0; BUFFER_BYTES];
    let mut untold = 0;
    loop {
        let count = file.read(&mut buffer).doing("read", path)?;
        if count == 0 {
            return Ok(hasher.finish());
        }
        hasher.update(&buffer[..count]);
        untold += count as u64;
        if untold >= TOLD_BYTES {
            pace.tell(Did::Read(mem::take(&mut untold)))?;
        }
    }
}
