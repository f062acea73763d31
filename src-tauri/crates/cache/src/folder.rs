//! A folder of a person's own that holds a repository's files under their names.
//!
//! The official client's `local_dir`, compatible both ways. Its books lie in `.cache/huggingface`
//! of the folder:
//!
//! ```text
//! CACHEDIR.TAG  .gitignore          written once
//! trees/<commit>.json               listings
//! download/<path>.metadata          commit, etag, time: see the notes
//! download/<path>.lock              as the cache's locks
//! download/<etag>.hubdesk.incomplete and its journal, as in the cache
//! ```

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use hubdesk_core::{CommitId, Digest, RepoPath};
use hubdesk_disk::{Doing, LockFile, PathError, ensure_dir, look};

use crate::layout::{below, tag};
use crate::partial::whole_path;
use crate::trees::{self, TreeFile};
use crate::{BlobLock, Error, Pace, Partial, Settled, Staged};

/// Where the books are, below the folder.
const BOOKS: &str = ".cache/huggingface";

/// A person's folder, as a destination. Cheap to clone; opening it touches nothing.
#[derive(Debug, Clone)]
pub struct LocalFolder {
    root: PathBuf,
    pub(crate) pace: Pace,
}

impl LocalFolder {
    /// Names the folder at `root`, whether it is there or not.
    pub fn open(root: PathBuf) -> Self {
        Self {
            root,
            pace: Pace::default(),
        }
    }

    /// The same folder, with somebody to ask while files are read and copied.
    pub fn paced(&self, pace: Pace) -> Self {
        Self {
            pace,
            ..self.clone()
        }
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Whether a repository's file of that name would lie among the books. Some repositories hold
    /// such files, from somebody's upload of a whole folder.
    pub fn is_among_books(path: &RepoPath) -> bool {
        let mut parts = path.parts();
        BOOKS.split('/').all(|book| {
            parts
                .next()
                .is_some_and(|part| part.eq_ignore_ascii_case(book))
        })
    }

    /// Makes the folder and its books.
    pub fn prepare(&self) -> Result<(), Error> {
        ensure_dir(&self.root)?;
        ensure_dir(&self.downloads()?)?;
        let books = self.inside(BOOKS)?;
        tag(&books)?;
        Ok(ignore(&books)?)
    }

    /// As [`LocalFolder::prepare`], in the middle of a run: [`Error::Gone`] if the folder is.
    pub fn prepare_again(&self) -> Result<(), Error> {
        if !self.root.is_dir() {
            return Err(Error::Gone {
                path: self.root.clone(),
            });
        }
        self.prepare()
    }

    /// The place of `path`. [`Error::LeadsOut`] if a link on the way leads out of the folder.
    pub fn place(&self, path: &RepoPath) -> Result<PathBuf, Error> {
        let place = below(&self.root, path)?;
        self.check_way(path)?;
        Ok(place)
    }

    /// Whether `path` and what is noted about it have names that this system can hold.
    pub fn check(&self, path: &RepoPath) -> Result<(), Error> {
        below(&self.root, path)?;
        let note = RepoPath::new(&format!("{BOOKS}/download/{path}.metadata"));
        let fits = note.and_then(|note| note.under(&self.root));
        fits.map(|_| ()).map_err(|why| Error::BadName {
            path: path.clone(),
            why,
        })
    }

    /// Takes the lock of `path`, which Python honours too, for content `digest`; `None` at once if
    /// somebody has it.
    pub fn try_lock(&self, path: &RepoPath, digest: &Digest) -> Result<Option<BlobLock>, Error> {
        let lock = self.lock_path(path)?;
        if let Some(folder) = lock.parent() {
            ensure_dir(folder)?;
        }
        let file = LockFile::try_lock(&lock)?;
        Ok(file.map(|file| BlobLock::new(file, *digest)))
    }

    /// The file that is locked for `path`.
    pub fn lock_path(&self, path: &RepoPath) -> Result<PathBuf, Error> {
        self.book(path, "lock")
    }

    /// Opens the partial of `digest`, or begins one, as in the cache.
    pub fn partial(&self, lock: &BlobLock, digest: &Digest, size: u64) -> Result<Partial, Error> {
        lock.assert_for(digest);
        Partial::open(&self.downloads()?, digest, size)
    }

    /// Writes `bytes`, whose digest the caller has verified, to be settled and admitted.
    pub fn stage(&self, lock: &BlobLock, digest: &Digest, bytes: &[u8]) -> Result<Staged, Error> {
        lock.assert_for(digest);
        Staged::write(&self.downloads()?, digest, bytes)
    }

    /// What a run that was killed had written whole of a small file, read and compared.
    pub fn found(&self, lock: &BlobLock, size: u64) -> Result<Option<Staged>, Error> {
        Staged::found(&self.downloads()?, lock.digest(), size)
    }

    /// Keeps what was settled until it is put at its place.
    pub fn admit(&self, lock: &BlobLock, settled: Settled) -> Result<(), Error> {
        lock.assert_for(settled.digest());
        settled.rename_to(&self.whole(lock.digest())?)
    }

    /// The listing of `commit`, if it was kept here.
    pub fn read_tree(&self, commit: &CommitId) -> Result<Option<Vec<TreeFile>>, Error> {
        trees::read(&self.tree(commit)?)
    }

    /// Whether a listing of `commit` is kept here.
    pub fn has_tree(&self, commit: &CommitId) -> Result<bool, Error> {
        Ok(look(&self.tree(commit)?)?.is_some())
    }

    /// Keeps the whole listing of `commit`.
    pub fn write_tree(&self, commit: &CommitId, files: &[TreeFile]) -> Result<(), Error> {
        trees::write(&self.tree(commit)?, files)
    }

    /// Forgets the listing of `commit`: it turned out to be wrong.
    pub fn forget_tree(&self, commit: &CommitId) -> Result<(), Error> {
        trees::forget(&self.tree(commit)?)
    }

    /// The commit whose listing is kept here, if there is only one.
    pub fn only_commit(&self) -> Option<CommitId> {
        let folder = self.inside(&format!("{BOOKS}/trees")).ok()?;
        let mut commits = trees::commits_in(&folder);
        let only = commits.pop()?;
        commits.is_empty().then_some(only)
    }

    fn tree(&self, commit: &CommitId) -> Result<PathBuf, Error> {
        self.inside(&format!("{BOOKS}/trees/{commit}.json"))
    }

    pub(crate) fn downloads(&self) -> Result<PathBuf, Error> {
        self.inside(&format!("{BOOKS}/download"))
    }

    /// Content that is verified and not yet at its place.
    pub(crate) fn whole(&self, digest: &Digest) -> Result<PathBuf, Error> {
        Ok(whole_path(&self.downloads()?, digest))
    }

    pub(crate) fn book(&self, path: &RepoPath, ending: &str) -> Result<PathBuf, Error> {
        self.check(path)?;
        self.inside(&format!("{BOOKS}/download/{path}.{ending}"))
    }

    fn inside(&self, name: &str) -> Result<PathBuf, Error> {
        let path = RepoPath::new(name).expect("it is made of good parts");
        self.place(&path)
    }

    /// Links between the folders of a repository are followed as long as they stay in the folder.
    ///
    /// RACE: who may write in the folder can put a link there after this look. They could as well
    /// have changed what the link leads to.
    fn check_way(&self, path: &RepoPath) -> Result<(), Error> {
        let mut folder = self.root.clone();
        let folders = path.parts().count() - 1;
        for part in path.parts().take(folders) {
            folder.push(part);
            match fs::symlink_metadata(&folder) {
                Ok(found) if found.is_symlink() => self.check_link(&folder)?,
                Ok(_) => {}
                // Nothing there, and so nothing below it.
                Err(_) => return Ok(()),
            }
        }
        Ok(())
    }

    fn check_link(&self, link: &Path) -> Result<(), Error> {
        let ends = |path: &Path| fs::canonicalize(path).doing("resolve", path);
        match (ends(link), ends(&self.root)) {
            (Ok(end), Ok(root)) if end.starts_with(&root) => Ok(()),
            _ => Err(Error::LeadsOut {
                path: link.to_owned(),
            }),
        }
    }
}

/// Keeps git away from the books: the one sign the official client writes, too.
fn ignore(books: &Path) -> Result<(), PathError> {
    let path = books.join(".gitignore");
    match File::create_new(&path) {
        Ok(mut file) => file.write_all(b"*").doing("write", &path),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error).doing("create", &path),
    }
}
