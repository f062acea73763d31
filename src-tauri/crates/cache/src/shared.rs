//! The store that repositories of one cache share, as far as Hubdesk uses it: `blobs` at the root.
//!
//! ```text
//! blobs/.huggingface-shared-blobs       says whose it is
//! blobs/<xx>/<hash>                     content, never written by us
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
use crate::{BlobLock, Error, RepoCache};

/// What the marker of a store holds.
const MARK: &[u8] = b"1\n";

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
        let Some(_held) = LockFile::try_lock(&ending(entry, ".lock"))? else {
            return Ok(false);
        };
        if !has_size(entry, size)? {
            return Ok(false);
        }
        let digest = lock.digest();
        let blob = self.blob(digest);
        let name = entry.strip_prefix(self.root()).unwrap_or(entry);
        let temp = self
            .blobs()
            .join(format!(".{digest}.{}.shared", unique_suffix()));
        symlink(&Path::new("../..").join(name), &temp).doing("link", &temp)?;
        let noted = self
            .register(entry, &blob)
            .and_then(|()| fs::rename(&temp, &blob).doing("replace", &blob));
        if noted.is_err() {
            // The first failure is the one to report; a leftover is found by its name.
            let _ = fs::remove_file(&temp);
        }
        noted.map(|()| true)
    }

    /// Appends the line of `blob`, and waits until it is on disk.
    fn register(&self, entry: &Path, blob: &Path) -> Result<(), PathError> {
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

    /// The entry, if it is usable and the store is one.
    fn entry(&self, xet_hash: &str, size: u64) -> Result<Option<PathBuf>, Error> {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        let is_hash = xet_hash.len() == 64 && xet_hash.bytes().all(is_digit);
        if !is_hash || self.is_without_links() {
            return Ok(None);
        }
        let store = self.root().join("blobs");
        let entry = store.join(&xet_hash[..2]).join(xet_hash);
        let is_file = fs::symlink_metadata(&entry).is_ok_and(|found| found.is_file());
        if !is_file || !is_store(&store)? || !has_size(&entry, size)? {
            return Ok(None);
        }
        Ok(File::open(&entry).is_ok().then_some(entry))
    }
}

fn is_store(store: &Path) -> Result<bool, PathError> {
    let is_folder = fs::symlink_metadata(store).is_ok_and(|found| found.is_dir());
    let mark = store.join(".huggingface-shared-blobs");
    if !is_folder || look(&mark)?.is_none_or(|found| !found.is_file()) {
        return Ok(false);
    }
    Ok(read_up_to(&mark, 64)?.as_deref() == Some(MARK))
}

fn ending(entry: &Path, ending: &str) -> PathBuf {
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
