use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// What the system said, with the path it said it about.
#[derive(Debug, thiserror::Error)]
#[error("cannot {doing} {}", path.display())]
pub struct PathError {
    /// Where it happened.
    pub path: PathBuf,
    /// What was being done, as a verb.
    pub doing: &'static str,
    /// The system's own error.
    #[source]
    pub source: io::Error,
}

impl PathError {
    /// Whether the volume, or the person's share of it, is full.
    pub fn is_no_space(&self) -> bool {
        matches!(
            self.source.kind(),
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded
        )
    }

    /// Whether the volume cannot be written to at all.
    pub fn is_read_only(&self) -> bool {
        self.source.kind() == ErrorKind::ReadOnlyFilesystem
    }

    /// Whether this user may not do that here.
    pub fn is_permission(&self) -> bool {
        self.source.kind() == ErrorKind::PermissionDenied
    }

    /// Whether there is more in the file than was asked for.
    pub fn is_too_large(&self) -> bool {
        self.source.kind() == ErrorKind::FileTooLarge
    }

    /// Whether there is nothing at this path.
    pub fn is_not_found(&self) -> bool {
        self.source.kind() == ErrorKind::NotFound
    }
}

/// Gives an [`io::Result`] its path: `fs::rename(from, to).doing("rename", from)?`.
pub trait Doing<T> {
    /// Adds the verb and the path to an error.
    fn doing(self, verb: &'static str, path: &Path) -> Result<T, PathError>;
}

impl<T> Doing<T> for io::Result<T> {
    fn doing(self, verb: &'static str, path: &Path) -> Result<T, PathError> {
        self.map_err(|source| PathError {
            path: path.to_owned(),
            doing: verb,
            source,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_what_was_done_and_where_but_does_not_repeat_its_source() {
        let error = Err::<(), _>(io::Error::from(ErrorKind::StorageFull))
            .doing("write", Path::new("/cache/blob"))
            .unwrap_err();
        assert_eq!(error.to_string(), "cannot write /cache/blob");
    }

    #[test]
    fn each_kind_of_refusal_is_told_apart() {
        let error = |kind: ErrorKind| PathError {
            path: PathBuf::new(),
            doing: "write",
            source: kind.into(),
        };
        let asked = |e: &PathError| [e.is_no_space(), e.is_read_only(), e.is_permission()];
        for (kind, expected) in [
            (ErrorKind::StorageFull, [true, false, false]),
            (ErrorKind::QuotaExceeded, [true, false, false]),
            (ErrorKind::ReadOnlyFilesystem, [false, true, false]),
            (ErrorKind::PermissionDenied, [false, false, true]),
            (ErrorKind::NotFound, [false, false, false]),
        ] {
            assert_eq!(asked(&error(kind)), expected, "{kind}");
        }
    }
}
