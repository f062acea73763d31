use std::path::{Path, PathBuf};

use hubdesk_disk::PathError;
use rusqlite::ErrorCode;

/// Why the database did not do what it was asked. Nothing of a call that failed has been kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Another process, or another part of this one, has it open.
    #[error("{} is in use by another Hubdesk", path.display())]
    Owned {
        /// The database.
        path: PathBuf,
    },
    /// A newer program has changed it in a way that this one does not know. It was left as it is.
    #[error("{} was made by a newer Hubdesk: it has {migration:?}", path.display())]
    Newer {
        /// The database.
        path: PathBuf,
        /// The first change that is not known here.
        migration: String,
    },
    /// The volume is full. What was there before is still there.
    #[error("there is no room for {}", path.display())]
    Full {
        /// The database.
        path: PathBuf,
        /// What was said.
        #[source]
        source: Cause,
    },
    /// The file, or its volume, cannot be written to.
    #[error("{} cannot be written to", path.display())]
    ReadOnly {
        /// The database.
        path: PathBuf,
        /// What was said.
        #[source]
        source: Cause,
    },
    /// The file is damaged. The next time it is opened it is set aside, and a new one is begun.
    #[error("{} is damaged", path.display())]
    Damaged {
        /// The database.
        path: PathBuf,
        /// What was said.
        #[source]
        source: Cause,
    },
    /// The system does not let it be read or written, for a reason of its own.
    #[error("cannot use {}", path.display())]
    Unusable {
        /// The database.
        path: PathBuf,
        /// What was said.
        #[source]
        source: Cause,
    },
    /// A change of the tables cannot be made; none was.
    #[error("cannot bring {} up to date by {migration:?}", path.display())]
    Migration {
        /// The database.
        path: PathBuf,
        /// The change.
        migration: &'static str,
        /// What was said.
        #[source]
        source: rusqlite::Error,
    },
    /// The question itself is wrong: a fault of the program.
    #[error("the database refuses a question")]
    Query {
        /// What was said.
        #[source]
        source: rusqlite::Error,
    },
    /// It was closed, or its thread has ended.
    #[error("the database is closed")]
    Closed,
}

/// Who said what is wrong.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub enum Cause {
    /// The database library.
    Sqlite(#[from] rusqlite::Error),
    /// The system, about a file beside the database.
    Path(#[from] PathError),
}

impl Error {
    /// Sorts what SQLite has said about `path` by what is to be done.
    pub(crate) fn sqlite(path: &Path, source: rusqlite::Error) -> Self {
        let path = path.to_owned();
        let code = source.sqlite_error_code();
        let source = Cause::Sqlite(source);
        match code {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Owned { path },
            Some(ErrorCode::DiskFull) => Self::Full { path, source },
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
                Self::ReadOnly { path, source }
            }
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Damaged { path, source }
            }
            Some(
                ErrorCode::CannotOpen
                | ErrorCode::SystemIoFailure
                | ErrorCode::OutOfMemory
                | ErrorCode::NoLargeFileSupport
                | ErrorCode::FileLockingProtocolFailed,
            ) => Self::Unusable { path, source },
            _ => match source {
                Cause::Sqlite(source) => Self::Query { source },
                Cause::Path(_) => Self::Unusable { path, source },
            },
        }
    }

    /// The same for what the system has said.
    pub(crate) fn system(path: &Path, source: PathError) -> Self {
        let path = path.to_owned();
        let (is_full, is_shut) = (
            source.is_no_space(),
            source.is_read_only() || source.is_permission(),
        );
        let source = Cause::Path(source);
        match (is_full, is_shut) {
            (true, _) => Self::Full { path, source },
            (_, true) => Self::ReadOnly { path, source },
            _ => Self::Unusable { path, source },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, ErrorKind};

    use rusqlite::ffi;

    use super::*;

    fn said(code: i32) -> Error {
        let error = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
        Error::sqlite(Path::new("/x.db"), error)
    }

    #[test]
    fn what_sqlite_says_is_sorted_by_what_can_be_done() {
        assert!(matches!(said(ffi::SQLITE_BUSY), Error::Owned { .. }));
        assert!(matches!(said(ffi::SQLITE_FULL), Error::Full { .. }));
        assert!(matches!(said(ffi::SQLITE_READONLY), Error::ReadOnly { .. }));
        assert!(matches!(said(ffi::SQLITE_CORRUPT), Error::Damaged { .. }));
        assert!(matches!(said(ffi::SQLITE_NOTADB), Error::Damaged { .. }));
        assert!(matches!(said(ffi::SQLITE_IOERR), Error::Unusable { .. }));
        assert!(matches!(said(ffi::SQLITE_CANTOPEN), Error::Unusable { .. }));
        assert!(matches!(said(ffi::SQLITE_CONSTRAINT), Error::Query { .. }));
    }

    #[test]
    fn what_the_system_says_is_sorted_the_same_way() {
        let said = |kind: ErrorKind| {
            let source = PathError {
                path: "/x.lock".into(),
                doing: "open",
                source: io::Error::from(kind),
            };
            Error::system(Path::new("/x.db"), source)
        };
        assert!(matches!(said(ErrorKind::StorageFull), Error::Full { .. }));
        assert!(matches!(
            said(ErrorKind::ReadOnlyFilesystem),
            Error::ReadOnly { .. }
        ));
        assert!(matches!(
            said(ErrorKind::PermissionDenied),
            Error::ReadOnly { .. }
        ));
        assert!(matches!(said(ErrorKind::Other), Error::Unusable { .. }));
    }
}
