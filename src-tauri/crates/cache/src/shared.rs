//! The store that repositories of one cache share: `blobs` at the root. Giving to it is in `share`.
//!
//! ```text
//! blobs/.huggingface-shared-blobs       says whose it is
//! blobs/<xx>/<hash>                     content, replaced and never written
//! blobs/<xx>/<hash>.refs                one line for each blob that links to it
//! blobs/<xx>/<hash>.lock
//! ```
//!
//! The line is on disk before the link is: who sweeps the store goes by the lines.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use hubdesk_disk::{Doing, LockFile, PathError, look, read_up_to, unique_suffix};

use crate::links::symlink;
use crate::lookup::has_size;
use crate::{BlobLock, Error, LinkSupport, RepoCache};

/// What the marker of a store holds.
pub(crate) const MARK: &[u8] = b"1\n";

impl RepoCache {
    /// Whether the shared store holds the content `xet_hash`, `size` bytes long.
    pub fn has_shared(&self, xet_hash: &str, size: u64) -> Result<bool, Error> {
        Ok(self.entry(xet_hash, size)?.is_some())
    }

    /// Makes the blob a link to the shared store's entry `xet_hash`. `false` if there is none, or it
    /// cannot be had just now; then the content is fetched.
    pub fn reuse_shared(&self, lock: &BlobLock, size: u64, xet_hash: &str) -> Result<bool, Error> {
        let Some(entry) = self.entry(xet_hash, size)? else {
            return Ok(false);
        };
        if !self.can_link()? {
            return Ok(false);
        }
        match self.link_to(&entry, lock, size) {
            Ok(is_linked) => Ok(is_linked),
            // Somebody else's store, perhaps not ours to write in: it is only a saving.
            Err(_) => Ok(false),
        }
    }

    fn link_to(&self, entry: &Path, lock: &BlobLock, size: u64) -> Result<bool, PathError> {
        let Some(_held) = LockFile::try_lock_for_all(&ending(entry, ".lock"))? else {
            return Ok(false);
        };
        if !has_size(entry, size)? {
            return Ok(false);
        }
        let blob = self.blob(lock.digest());
        let link = self.link_beside(entry, lock)?;
        let noted = self.register(entry, &blob).and_then(|()| link.take(&blob));
        noted.map(|()| true)
    }

    /// A link to `entry`, not yet where the blob is.
    pub(crate) fn link_beside(&self, entry: &Path, lock: &BlobLock) -> Result<Ready, PathError> {
        let name = entry.strip_prefix(self.root()).unwrap_or(entry);
        let temp = format!(".{}.{}.shared", lock.digest(), unique_suffix());
        let temp = self.blobs().join(temp);
        symlink(&Path::new("../..").join(name), &temp).doing("link", &temp)?;
        Ok(Ready(temp))
    }

    /// Appends the line of `blob`, and waits until it is on disk.
    pub(crate) fn register(&self, entry: &Path, blob: &Path) -> Result<(), PathError> {
        let path = ending(entry, ".refs");
        if fs::symlink_metadata(&path).is_ok_and(|found| !found.is_file()) {
            return Err(ErrorKind::InvalidInput.into()).doing("open", &path);
        }
        let name = blob.strip_prefix(self.root()).unwrap_or(blob);
        let parts: Vec<_> = name.iter().map(|part| part.to_string_lossy()).collect();
        let mut file = open_list(&path).doing("open", &path)?;
        file.write_all(format!("{}\n", parts.join("/")).as_bytes())
            .and_then(|()| file.sync_all())
            .doing("write", &path)
    }

    pub(crate) fn store(&self) -> PathBuf {
        self.root().join("blobs")
    }

    /// Where content of that name is in the store; `None` if it is no name, or no store is used.
    pub(crate) fn entry_path(&self, xet_hash: &str) -> Option<PathBuf> {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        let is_hash = xet_hash.len() == 64 && xet_hash.bytes().all(is_digit);
        let is_used = self.shared.links == LinkSupport::Probe && !self.is_without_links();
        let path = |hash: &str| self.store().join(&hash[..2]).join(hash);
        (is_hash && is_used).then(|| path(xet_hash))
    }

    /// The entry, if it is usable and the store is one.
    fn entry(&self, xet_hash: &str, size: u64) -> Result<Option<PathBuf>, Error> {
        let Some(entry) = self.entry_path(xet_hash) else {
            return Ok(None);
        };
        let store = self.store();
        let is_file = fs::symlink_metadata(&entry).is_ok_and(|found| found.is_file());
        if !is_file || !is_store(&store)? || !has_size(&entry, size)? {
            return Ok(None);
        }
        Ok(File::open(&entry).is_ok().then_some(entry))
    }
}

/// A link that waits for its place, and goes when it does not get there.
pub(crate) struct Ready(PathBuf);

impl Ready {
    pub(crate) fn take(&self, blob: &Path) -> Result<(), PathError> {
        fs::rename(&self.0, blob).doing("replace", blob)
    }
}

impl Drop for Ready {
    fn drop(&mut self) {
        // Nothing is there once it has its place; a leftover is found by its name.
        let _ = fs::remove_file(&self.0);
    }
}

pub(crate) fn mark_of(store: &Path) -> PathBuf {
    store.join(".huggingface-shared-blobs")
}

pub(crate) fn is_store(store: &Path) -> Result<bool, PathError> {
    let is_folder = fs::symlink_metadata(store).is_ok_and(|found| found.is_dir());
    let mark = mark_of(store);
    if !is_folder || look(&mark)?.is_none_or(|found| !found.is_file()) {
        return Ok(false);
    }
    Ok(read_up_to(&mark, 64)?.as_deref() == Some(MARK))
}

pub(crate) fn ending(entry: &Path, ending: &str) -> PathBuf {
    let mut name = entry.file_name().unwrap_or_default().to_owned();
    name.push(ending);
    entry.with_file_name(name)
}

/// Opens the list of lines for appending. Whoever shares the cache must be able to, so a new one is
/// open to all whatever the umask.
fn open_list(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true);
    match options.clone().create_new(true).open(path) {
        Ok(file) => {
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt as _;
                file.set_permissions(fs::Permissions::from_mode(0o666))?;
            }
            Ok(file)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => options.open(path),
        Err(error) => Err(error),
    }
}
