//! Giving content to the store that the repositories of a cache share, as the official client does.
//!
//! Only what the chunk store has brought under its own name may be given: a listing that lies about
//! the name of what came otherwise would put its content into other people's repositories.

use std::fs::{self, File, Metadata, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::Path;

use hubdesk_disk::{Doing, LockFile, PathError, unique_suffix, write_via};

use crate::lookup::has_size;
use crate::shared::{MARK, ending, is_store, mark_of};
use crate::{BlobLock, Error, RepoCache};

impl RepoCache {
    /// Moves a blob of our own into the shared store as `xet_hash`, and makes the blob a link to it.
    /// All of it must have come out of the chunk store under that name, and be verified.
    ///
    /// `false`, and the blob stays as it is, if there is no such store here, or somebody is at work at
    /// this entry. A kill on the way leaves the content in the store, from where it is linked again.
    pub fn share(&self, lock: &BlobLock, size: u64, xet_hash: &str) -> Result<bool, Error> {
        let Some(entry) = self.entry_path(xet_hash) else {
            return Ok(false);
        };
        let blob = self.blob(lock.digest());
        let is_own = fs::symlink_metadata(&blob).is_ok_and(|found| found.is_file());
        if !is_own || !has_size(&blob, size)? || !self.can_link()? {
            return Ok(false);
        }
        let root = fs::metadata(self.root()).doing("look at", self.root())?;
        if !self.make_store(&root)? {
            return Ok(false);
        }
        let folder = entry.parent().expect("it lies in the store");
        make_dir(folder, &root)?;
        let Some(_held) = LockFile::try_lock_for_all(&ending(&entry, ".lock"))? else {
            return Ok(false);
        };
        if !open_up(&blob, folder, &root)? {
            return Ok(false);
        }
        let link = self.link_beside(&entry, lock)?;
        self.register(&entry, &blob)?;
        // An entry that is there gives way: what is known of ours is more than that it is there.
        fs::rename(&blob, &entry).doing("move", &blob)?;
        if let Err(error) = link.take(&blob) {
            let content = File::open(&entry).doing("open", &entry)?;
            self.copy(&content, lock.digest(), &blob)?;
            return Err(error.into());
        }
        Ok(true)
    }

    /// Makes the folder a store unless it is somebody else's.
    fn make_store(&self, root: &Metadata) -> Result<bool, PathError> {
        let store = self.store();
        if is_store(&store)? {
            return Ok(true);
        }
        make_dir(&store, root)?;
        let is_folder = fs::symlink_metadata(&store).is_ok_and(|found| found.is_dir());
        if !is_folder || !is_empty(&store)? {
            return Ok(false);
        }
        let mark = mark_of(&store);
        let name = format!(".huggingface-shared-blobs.{}.tmp", unique_suffix());
        write_via(&store.join(name), &mark, MARK)?;
        let mode = Permissions::from_mode(payload_mode(root));
        fs::set_permissions(&mark, mode).doing("open up", &mark)?;
        Ok(true)
    }
}

/// Who may enter the cache may read what is shared in it.
fn payload_mode(root: &Metadata) -> u32 {
    let enters = |bit: u32, reads: u32| if root.mode() & bit != 0 { reads } else { 0 };
    0o400 | enters(0o010, 0o040) | enters(0o001, 0o004)
}

/// A folder with the permissions of the cache's own, unless it is there.
fn make_dir(path: &Path, root: &Metadata) -> Result<(), PathError> {
    match fs::create_dir(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        made => {
            made.doing("create", path)?;
            let mode = Permissions::from_mode(root.mode() & 0o3777);
            fs::set_permissions(path, mode).doing("open up", path)
        }
    }
}

/// Apart from marks that somebody did not finish, which are removed.
fn is_empty(store: &Path) -> Result<bool, PathError> {
    for entry in fs::read_dir(store).doing("list", store)? {
        let path = entry.doing("list", store)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_unfinished =
            name.starts_with(".huggingface-shared-blobs.") && name.ends_with(".tmp");
        if !is_unfinished {
            return Ok(false);
        }
        fs::remove_file(&path).doing("remove", &path)?;
    }
    Ok(true)
}

/// Lets everybody read the content who may read the store. `false` where that cannot be.
fn open_up(blob: &Path, folder: &Path, root: &Metadata) -> Result<bool, PathError> {
    let mode = payload_mode(root);
    let group = fs::metadata(folder).doing("look at", folder)?.gid();
    let own = fs::metadata(blob).doing("look at", blob)?.gid();
    let is_for_group_only = mode & 0o044 == 0o040;
    if own != group && chown(blob, None, Some(group)).is_err() && is_for_group_only {
        return Ok(false);
    }
    fs::set_permissions(blob, Permissions::from_mode(mode)).doing("open up", blob)?;
    Ok(true)
}
