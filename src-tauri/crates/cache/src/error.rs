use std::io;
use std::path::PathBuf;

use hubdesk_core::{BadPath, RepoPath};
use hubdesk_disk::PathError;

/// Why the cache could not do it. Each variant asks for something different.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The volume is full: room must be made.
    #[error("no room left at {}", path.display())]
    NoSpace {
        /// What was being written.
        path: PathBuf,
        /// The system's own error.
        #[source]
        source: io::Error,
    },
    /// The volume is read-only: another place must be chosen, or only reading is possible.
    #[error("{} is on a read-only volume", path.display())]
    ReadOnly {
        /// What was to be written.
        path: PathBuf,
        /// The system's own error.
        #[source]
        source: io::Error,
    },
    /// This user may not do that there: permissions must be changed.
    #[error("no permission for {}", path.display())]
    Denied {
        /// What was to be read or written.
        path: PathBuf,
        /// The system's own error.
        #[source]
        source: io::Error,
    },
    /// The name cannot become a file here: this file must be left out.
    #[error("{path:?} cannot be a file here", path = path.as_str())]
    BadName {
        /// The name in the repository.
        path: RepoPath,
        /// What is wrong with it.
        #[source]
        why: BadPath,
    },
    /// Another process is fetching the same content: wait for it.
    #[error("{} is being written by another process", path.display())]
    Held {
        /// What it holds.
        path: PathBuf,
    },
    /// Another process has removed the bytes: fetch them again.
    #[error("{} was removed by another process", path.display())]
    Pruned {
        /// What is gone.
        path: PathBuf,
    },
    /// Something is where a file was to go, and it is not the Hub's: a person must say whether it
    /// may be replaced.
    #[error("{} is not from the Hub", path.display())]
    InTheWay {
        /// What is there.
        path: PathBuf,
    },
    /// A link leads out of the folder: nothing is written through it.
    #[error("{} leads out of its folder", path.display())]
    LeadsOut {
        /// The link.
        path: PathBuf,
    },
    /// The folder itself is gone: its volume was removed, or somebody moved it. It is not made anew
    /// wherever its name leads now.
    #[error("{} is not there any more", path.display())]
    Gone {
        /// The folder.
        path: PathBuf,
    },
    /// Told to stop by its [`Pace`](crate::Pace). Whoever told it knows.
    #[error("stopped on the way")]
    Stopped,
    /// The disk failed in another way.
    #[error(transparent)]
    Io(PathError),
}

impl From<PathError> for Error {
    fn from(error: PathError) -> Self {
        let (no_space, read_only) = (error.is_no_space(), error.is_read_only());
        let denied = error.is_permission();
        let PathError {
            path,
            doing,
            source,
        } = error;
        if no_space {
            Self::NoSpace { path, source }
        } else if read_only {
            Self::ReadOnly { path, source }
        } else if denied {
            Self::Denied { path, source }
        } else {
            Self::Io(PathError {
                path,
                doing,
                source,
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;
    use std::path::Path;

    use hubdesk_disk::Doing;

    use super::*;

    fn from(kind: ErrorKind) -> Error {
        Err::<(), _>(io::Error::from(kind))
            .doing("write", Path::new("/c/blobs/x"))
            .unwrap_err()
            .into()
    }

    #[test]
    fn what_the_system_says_becomes_what_there_is_to_do() {
        assert!(matches!(
            from(ErrorKind::StorageFull),
            Error::NoSpace { .. }
        ));
        assert!(matches!(
            from(ErrorKind::QuotaExceeded),
            Error::NoSpace { .. }
        ));
        assert!(matches!(
            from(ErrorKind::ReadOnlyFilesystem),
            Error::ReadOnly { .. }
        ));
        assert!(matches!(
            from(ErrorKind::PermissionDenied),
            Error::Denied { .. }
        ));
        assert!(matches!(from(ErrorKind::NotFound), Error::Io(_)));
    }

    #[test]
    fn every_sentence_names_its_path_and_leaves_the_reason_to_the_source() {
        assert_eq!(
            from(ErrorKind::StorageFull).to_string(),
            "no room left at /c/blobs/x"
        );
        assert_eq!(
            from(ErrorKind::NotFound).to_string(),
            "cannot write /c/blobs/x"
        );
        let name = RepoPath::new(&"n".repeat(300)).unwrap();
        let error = Error::BadName {
            path: name,
            why: BadPath::TooLong,
        };
        assert!(error.to_string().ends_with("nnn\" cannot be a file here"));
    }
}
