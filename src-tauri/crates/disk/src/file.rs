use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use crate::{Doing, PathError};

/// Eight hex digits that no other call is likely to get, for temporary names.
///
/// Names made with it are still created with "must not exist yet": a clash is an error, not harm.
pub fn unique_suffix() -> String {
    // The standard library's hash keys are random per process and differ from call to call.
    format!("{:08x}", RandomState::new().build_hasher().finish() as u32)
}

/// Puts `bytes` at `path` so that at every moment, also after a crash, either the old or the new
/// content is there, whole.
///
/// The temporary file is `<name>.<8 hex>.tmp` in the same folder. The folder must exist.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), PathError> {
    write_via(&sibling(path), path, bytes)
}

/// As [`write_atomically`], for what nobody else may read: on Unix the file has the mode `0600`
/// from its first moment, whatever the one it replaces had. Elsewhere the folder decides.
pub fn write_private(path: &Path, bytes: &[u8]) -> Result<(), PathError> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    put(&options, &sibling(path), path, bytes)
}

/// As [`write_atomically`], by way of a temporary name of the caller's choice on the same volume.
///
/// What is at `path` is replaced, never written through: a link there gives way to a file. The
/// file gets the mode a fresh file gets, `0666` less the umask. On failure `temp` is removed.
pub fn write_via(temp: &Path, path: &Path, bytes: &[u8]) -> Result<(), PathError> {
    put(&OpenOptions::new(), temp, path, bytes)
}

fn sibling(path: &Path) -> PathBuf {
    let mut name = path.file_name().map(OsString::from).unwrap_or_default();
    name.push(format!(".{}.tmp", unique_suffix()));
    path.with_file_name(name)
}

fn put(options: &OpenOptions, temp: &Path, path: &Path, bytes: &[u8]) -> Result<(), PathError> {
    let opened = options.clone().write(true).create_new(true).open(temp);
    let mut file = opened.doing("create", temp)?;
    let written = file
        .write_all(bytes)
        .and_then(|()| file.sync_data())
        .doing("write", temp)
        .and_then(|()| fs::rename(temp, path).doing("replace", path));
    if written.is_err() {
        // The first failure is the one to report; a leftover is found by its name.
        let _ = fs::remove_file(temp);
    }
    written
}

/// Makes `path` a folder, with all that lead to it.
pub fn ensure_dir(path: &Path) -> Result<(), PathError> {
    fs::create_dir_all(path).doing("create", path)
}

/// Makes `path` a folder that, on Unix, only its owner may enter (`0700`), with all that lead to
/// it. One that is there already stays as it is.
pub fn ensure_private_dir(path: &Path) -> Result<(), PathError> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(path).doing("create", path)
}

/// As [`read_if_there`], but a file of more than `limit` bytes is an error
/// ([`PathError::is_too_large`]) instead of memory.
pub fn read_up_to(path: &Path, limit: u64) -> Result<Option<Vec<u8>>, PathError> {
    let Some(file) = if_there(File::open(path)).doing("open", path)? else {
        return Ok(None);
    };
    let mut bytes = Vec::new();
    let read = file.take(limit + 1).read_to_end(&mut bytes);
    let fits = read.and_then(|count| match count as u64 > limit {
        true => Err(ErrorKind::FileTooLarge.into()),
        false => Ok(()),
    });
    fits.doing("read", path).map(|()| Some(bytes))
}

/// The content of the file at `path`, or `None` if there is nothing.
pub fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, PathError> {
    if_there(fs::read(path)).doing("read", path)
}

/// What is at `path`, links followed, or `None` if there is nothing: a dangling link is nothing.
pub fn look(path: &Path) -> Result<Option<Metadata>, PathError> {
    if_there(fs::metadata(path)).doing("look at", path)
}

/// Removes the file or link at `path`; nothing there is fine.
pub fn remove_if_there(path: &Path) -> Result<(), PathError> {
    if_there(fs::remove_file(path))
        .doing("remove", path)
        .map(|_| ())
}

/// Only these two answers mean absence. A look that failed otherwise says nothing.
fn if_there<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
