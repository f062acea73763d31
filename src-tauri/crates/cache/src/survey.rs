use std::collections::HashMap;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};

use hubdesk_core::{CommitId, Digest, RepoPath};
use hubdesk_disk::look;

use crate::layout::below;
use crate::lookup::{finished_bytes, has_size};
use crate::{Error, Have, RepoCache};

/// Fewer files than this are looked for one by one: reading a whole folder would cost more.
const FEWEST_FILES: usize = 64;
/// As a folder of blobs may serve many commits, only so many times the files are read of it.
const ENTRIES_PER_FILE: usize = 4;

/// A look for many files of one commit. It goes by the cache as it was when it began, and may be
/// shared by several threads.
pub struct Survey {
    repo: RepoCache,
    snapshot: PathBuf,
    blobs: BlobIndex,
}

impl RepoCache {
    /// Begins to look for about so many files of `commit`.
    pub fn survey(&self, commit: &CommitId, files: usize) -> Survey {
        let entries = match files {
            ..FEWEST_FILES => 0,
            files => files.saturating_mul(ENTRIES_PER_FILE),
        };
        Survey {
            repo: self.clone(),
            snapshot: self.snapshot(commit),
            blobs: BlobIndex::read(&self.blobs(), entries),
        }
    }
}

impl Survey {
    /// How much is here of `path`, whose content is `digest`, `size` bytes long.
    ///
    /// Nothing is read but sizes: what has the wrong one was cut short by somebody's crash and
    /// counts as not there.
    pub fn have(&self, path: &RepoPath, digest: &Digest, size: u64) -> Result<Have, Error> {
        let pointer = below(&self.snapshot, path)?;
        if let Some(found) = look(&pointer)?
            && found.is_file()
            && found.len() == size
            && (self.blobs.is_blob(&found, digest) || leads_to(&pointer, digest))
        {
            return Ok(Have::Here(pointer));
        }
        if has_size(&self.repo.blob(digest), size)? {
            return Ok(Have::Blob);
        }
        Ok(match finished_bytes(&self.repo.blobs(), digest, size)? {
            0 => Have::Nothing,
            bytes => Have::Partial(bytes),
        })
    }
}

/// Which file of the disk each blob is. A look at a link that was followed tells the same of what
/// it has found, so that the link itself need not be read: one call a file instead of two.
#[derive(Default)]
struct BlobIndex {
    device: u64,
    inodes: HashMap<Digest, u64>,
}

impl BlobIndex {
    /// Reads up to `most` entries of `folder`. What is not known is found out link by link.
    fn read(folder: &Path, most: usize) -> Self {
        match most {
            0 => Self::default(),
            most => Self::read_some(folder, most).unwrap_or_default(),
        }
    }

    #[cfg(unix)]
    fn read_some(folder: &Path, most: usize) -> std::io::Result<Self> {
        use std::os::unix::fs::{DirEntryExt as _, MetadataExt as _};

        let device = fs::metadata(folder)?.dev();
        let entries = fs::read_dir(folder)?.take(most).filter_map(Result::ok);
        // Only of a file that lies here is it known on which device it is.
        let files = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()));
        let inodes = files.filter_map(|entry| {
            let digest = Digest::parse(entry.file_name().to_str()?)?;
            Some((digest, entry.ino()))
        });
        Ok(Self {
            device,
            inodes: inodes.collect(),
        })
    }

    #[cfg(not(unix))]
    fn read_some(_: &Path, _: usize) -> std::io::Result<Self> {
        Ok(Self::default())
    }

    #[cfg(unix)]
    fn is_blob(&self, found: &Metadata, digest: &Digest) -> bool {
        use std::os::unix::fs::MetadataExt as _;

        found.dev() == self.device && self.inodes.get(digest) == Some(&found.ino())
    }

    #[cfg(not(unix))]
    fn is_blob(&self, _: &Metadata, _: &Digest) -> bool {
        false
    }
}

/// A link names its blob, so it can be wrong although the size is right. A file cannot be told.
fn leads_to(pointer: &Path, digest: &Digest) -> bool {
    match fs::read_link(pointer) {
        Ok(target) => target.file_name() == Some(digest.to_string().as_ref()),
        Err(_) => true,
    }
}
