use std::fs::{self, File};
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use hubdesk_disk::{Doing as _, LockFile, look, unique_suffix};
use rusqlite::{Connection, OpenFlags, ffi};

use crate::migrate::{migrate, with_suffix};
use crate::{Error, Migration, Store};

/// What every database begins with (<https://www.sqlite.org/fileformat.html>, 1.3).
const HEADER: &[u8; 16] = b"SQLite format 3\0";
/// Pages of the cache, in KiB: a queue is small.
const CACHE_KIB: i64 = 8 * 1024;
/// Once so many pages wait in the log they are moved to the database itself.
const LOG_PAGES: i64 = 1000;

/// A database that is ready.
#[derive(Debug)]
pub struct Opened {
    /// The way to it.
    pub store: Store,
    /// What a person has to be told about how it was opened.
    pub trouble: Option<Trouble>,
}

/// Something happened to the database that nobody has asked for.
#[derive(Debug)]
pub enum Trouble {
    /// It was damaged. Its file was set aside, and a new, empty one was begun.
    SetAside {
        /// The database.
        path: PathBuf,
        /// Where the damaged file is now.
        kept: PathBuf,
        /// What is wrong with it.
        why: Error,
    },
}

/// The connection, and the lock that has to outlive it.
#[derive(Debug)]
pub(crate) struct Owned {
    // Closed before the lock is given back.
    pub(crate) connection: Connection,
    /// What is in memory needs none.
    pub(crate) _lock: Option<LockFile>,
    pub(crate) path: PathBuf,
}

impl Store {
    /// Opens the database at `path`, makes it if there is none, and brings it up to date. Its
    /// folder must exist. Blocks; reads the whole file once to see that it is sound.
    pub fn open(path: &Path, migrations: &[Migration]) -> Result<Opened, Error> {
        let lock = LockFile::try_lock(&with_suffix(path, ".lock"))
            .map_err(|error| Error::system(path, error))?
            .ok_or_else(|| Error::Owned {
                path: path.to_owned(),
            })?;
        let (connection, trouble) = match sound(path) {
            Err(why @ Error::Damaged { .. }) => {
                let kept = set_aside(path).map_err(|error| Error::system(path, error))?;
                tracing::error!(path = %path.display(), kept = %kept.display(), error = %why,
                    "the database is damaged and was set aside");
                let trouble = Trouble::SetAside {
                    path: path.to_owned(),
                    kept,
                    why,
                };
                (sound(path)?, Some(trouble))
            }
            opened => (opened?, None),
        };
        let mut owned = Owned {
            connection,
            _lock: Some(lock),
            path: path.to_owned(),
        };
        migrate(&mut owned.connection, path, migrations)?;
        let store = Store::start(owned)?;
        Ok(Opened { store, trouble })
    }
}

impl Store {
    /// A database in memory, for a program that has no place to keep one. It goes with the last
    /// [`Store`].
    pub fn in_memory(migrations: &[Migration]) -> Result<Self, Error> {
        let path = PathBuf::from(":memory:");
        let connection =
            Connection::open_in_memory().map_err(|error| Error::sqlite(&path, error))?;
        let mut owned = Owned {
            connection,
            _lock: None,
            path: path.clone(),
        };
        migrate(&mut owned.connection, &path, migrations)?;
        Self::start(owned)
    }
}

/// Opens the file, and looks whether all of it can be read.
fn sound(path: &Path) -> Result<Connection, Error> {
    let sqlite = |error| Error::sqlite(path, error);
    has_header(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(sqlite)?;
    settle(&connection).map_err(sqlite)?;
    let verdict: String = connection
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .map_err(sqlite)?;
    match verdict.as_str() {
        "ok" => Ok(connection),
        _ => Err(failure(path, ffi::SQLITE_CORRUPT, verdict)),
    }
}

/// Whether the file is a database at all. SQLite finds that out, too, but then throws its log away.
fn has_header(path: &Path) -> Result<(), Error> {
    let mut header = [0; HEADER.len()];
    let read = match File::open(path) {
        Ok(mut file) => file.read(&mut header).doing("read", path),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => Err(error).doing("open", path),
    };
    match read.map_err(|error| Error::system(path, error))? {
        0 => Ok(()),
        _ if header == *HEADER => Ok(()),
        _ => Err(failure(path, ffi::SQLITE_NOTADB, "no header".to_owned())),
    }
}

fn failure(path: &Path, code: i32, words: String) -> Error {
    let code = ffi::Error::new(code);
    Error::sqlite(path, rusqlite::Error::SqliteFailure(code, Some(words)))
}

/// The exclusive lock keeps other processes out even where lock files do not work, and makes the
/// log work without shared memory. With full synchronisation a call that has returned stays.
fn settle(connection: &Connection) -> rusqlite::Result<()> {
    // Who has it keeps it: waiting would not help.
    connection.busy_timeout(Duration::ZERO)?;
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    connection.pragma_update_and_check(None, "wal_autocheckpoint", LOG_PAGES, |_| Ok(()))
}

/// Gives the database and its log another name. The log goes first: beside a new database it would
/// be taken for that one's.
fn set_aside(path: &Path) -> Result<PathBuf, hubdesk_disk::PathError> {
    let kept = with_suffix(path, &format!(".damaged-{}", unique_suffix()));
    for suffix in ["-wal", "-shm", "-journal", ""] {
        let from = with_suffix(path, suffix);
        if look(&from)?.is_some() {
            fs::rename(&from, with_suffix(&kept, suffix)).doing("set aside", &from)?;
        }
    }
    Ok(kept)
}
