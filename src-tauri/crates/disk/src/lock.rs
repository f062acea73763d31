use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::path::Path;

use crate::{Doing, PathError};

/// How often a lock file may vanish under our hands before that is an error.
const ATTEMPTS: u32 = 16;

/// A lock held by an empty file, the same way as Python's `filelock` (and so `huggingface_hub`)
/// holds it: `flock` on the whole file, which is created `0664` whatever the umask, and never
/// deleted. Released when dropped, or by the system when the process ends.
///
/// It only saves double work; nothing may depend on it for being right. A file system without
/// `flock` grants it to everyone.
#[derive(Debug)]
pub struct LockFile {
    _file: File,
}

impl LockFile {
    /// Takes the lock at `path`, or returns `None` at once if somebody has it. The folder must
    /// exist.
    pub fn try_lock(path: &Path) -> Result<Option<Self>, PathError> {
        let file = exclusive(path, |file| open_to(file, 0o664))?;
        Ok(file.map(|file| Self { _file: file }))
    }

    /// As [`LockFile::try_lock`], for what all users of the machine share: the file is `0666`.
    pub fn try_lock_for_all(path: &Path) -> Result<Option<Self>, PathError> {
        let file = exclusive(path, |file| open_to(file, 0o666))?;
        Ok(file.map(|file| Self { _file: file }))
    }
}

/// Opens `path` for reading and writing, made if missing and never emptied, and holds it
/// exclusively until it is closed. `None` if somebody else holds it.
pub fn open_exclusive(path: &Path) -> Result<Option<File>, PathError> {
    exclusive(path, |_| Ok(()))
}

/// Whether the file has lost its name: what is written to it is lost when it is closed.
#[cfg(unix)]
pub fn is_unlinked(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    Ok(file.metadata()?.nlink() == 0)
}

/// Whether the file has lost its name. Never so here: an open file keeps its name on this system.
#[cfg(not(unix))]
pub fn is_unlinked(_file: &File) -> io::Result<bool> {
    Ok(false)
}

fn exclusive(
    path: &Path,
    when_created: impl Fn(&File) -> io::Result<()>,
) -> Result<Option<File>, PathError> {
    for _ in 0..ATTEMPTS {
        let opened = open_or_create(path, &when_created);
        let Some(file) = opened.doing("open", path)? else {
            continue;
        };
        if !is_granted(file.try_lock()).doing("lock", path)? {
            return Ok(None);
        }
        // Between opening and locking the holder may have removed the file: then the next one to
        // come makes a new one, and both of us would believe we hold the lock.
        if !is_unlinked(&file).doing("look at", path)? {
            return Ok(Some(file));
        }
    }
    Err(io::Error::from(ErrorKind::NotFound)).doing("lock", path)
}

/// `None` when the file went away between the two attempts.
fn open_or_create(
    path: &Path,
    when_created: impl Fn(&File) -> io::Result<()>,
) -> io::Result<Option<File>> {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    // Creating is exclusive, so it never follows a link that somebody has put there.
    match options.clone().create_new(true).open(path) {
        Ok(file) => {
            when_created(&file)?;
            return Ok(Some(file));
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error),
    }
    match options.open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn is_granted(answer: Result<(), TryLockError>) -> io::Result<bool> {
    match answer {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => Ok(true),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Users who share a cache must be able to open each other's lock files.
#[cfg(unix)]
fn open_to(file: &File, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn open_to(_file: &File, _mode: u32) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_system_without_locks_grants_them_and_other_errors_stay_errors() {
        let answer = |kind: ErrorKind| is_granted(Err(TryLockError::Error(kind.into())));
        assert!(answer(ErrorKind::Unsupported).unwrap());
        assert!(answer(ErrorKind::Interrupted).is_err());
        assert!(!is_granted(Err(TryLockError::WouldBlock)).unwrap());
    }
}
