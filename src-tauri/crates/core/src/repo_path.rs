use std::fmt;
use std::path::{Path, PathBuf};

/// A file's path inside a repository: relative, `/`-separated, no `.`, `..` or empty part.
///
/// It came from a server or a person and is not trusted: the only way to a path on disk is
/// [`RepoPath::under`], which also refuses names this system cannot hold.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RepoPath(String);

/// Why a name cannot become a file below a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPath {
    /// Nothing, or nothing between two slashes.
    #[error("it has an empty part")]
    Empty,
    /// Begins at a root, a drive or a network share.
    #[error("it does not stay below a folder")]
    Absolute,
    /// Has a `.` or `..` between slashes or backslashes.
    #[error("it leads out of its folder")]
    Escapes,
    /// Longer than a file system takes.
    #[error("it is longer than this system allows")]
    TooLong,
    /// A character, an ending or a device name the system does not take.
    #[error("this system cannot hold such a name")]
    Unsupported,
}

/// Whose rules about names apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Os {
    /// Anything but `/` and NUL, 255 bytes a part.
    Unix,
    /// Device names, trailing dots and a list of characters are refused; 255 UTF-16 units a part.
    Windows,
}

impl Os {
    /// The system this program was built for.
    pub const HERE: Self = if cfg!(windows) {
        Self::Windows
    } else {
        Self::Unix
    };
}

impl RepoPath {
    /// Checks `path` by the rules that hold on every system.
    pub fn new(path: &str) -> Result<Self, BadPath> {
        let bytes = path.as_bytes();
        let has_drive = bytes.len() >= 2 && bytes[1] == b':' && bytes[0].is_ascii_alphabetic();
        if path.starts_with(['/', '\\']) || has_drive {
            return Err(BadPath::Absolute);
        }
        // A backslash separates on Windows, and the official client refuses `..` around it anywhere.
        if path.split(['/', '\\']).any(|part| part == "..")
            || path.split('/').any(|part| part == ".")
        {
            return Err(BadPath::Escapes);
        }
        if path.split('/').any(str::is_empty) {
            return Err(BadPath::Empty);
        }
        if path.contains('\0') {
            return Err(BadPath::Unsupported);
        }
        Ok(Self(path.to_owned()))
    }

    /// The path as the Hub writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The parts between the slashes; at least one.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.0.split('/')
    }

    /// Where this path lies below `folder` on this machine.
    pub fn under(&self, folder: &Path) -> Result<PathBuf, BadPath> {
        self.check(Os::HERE)?;
        let path = self
            .parts()
            .fold(folder.to_owned(), |path, part| path.join(part));
        // PATH_MAX counts a NUL at the end. Windows takes longer ones in a form of its own.
        let is_too_long = Os::HERE == Os::Unix && path.as_os_str().len() >= 4096;
        if is_too_long {
            Err(BadPath::TooLong)
        } else {
            Ok(path)
        }
    }

    /// Whether `os` can hold every part of this path.
    pub fn check(&self, os: Os) -> Result<(), BadPath> {
        self.parts().try_for_each(|part| check_part(part, os))
    }
}

impl fmt::Display for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn check_part(part: &str, os: Os) -> Result<(), BadPath> {
    let length = match os {
        Os::Unix => part.len(),
        Os::Windows => part.encode_utf16().count(),
    };
    if length > 255 {
        return Err(BadPath::TooLong);
    }
    let fits = match os {
        Os::Unix => true,
        Os::Windows => {
            !part.chars().any(|c| c < ' ' || r#"<>:"/\|?*"#.contains(c))
                && !part.ends_with(['.', ' '])
                && !is_device(part)
        }
    };
    if fits {
        Ok(())
    } else {
        Err(BadPath::Unsupported)
    }
}

/// Windows answers to these names, with any ending, in every folder.
fn is_device(part: &str) -> bool {
    let stem = part
        .split('.')
        .next()
        .unwrap_or(part)
        .trim_end()
        .to_ascii_uppercase();
    let is_numbered = |prefix: &str| {
        stem.strip_prefix(prefix).is_some_and(|n| {
            matches!(
                n,
                "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³"
            )
        })
    };
    matches!(
        stem.as_str(),
        "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$"
    ) || is_numbered("COM")
        || is_numbered("LPT")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_that_leave_the_folder_are_refused_on_every_system() {
        for (path, why) in [
            ("", BadPath::Empty),
            ("a//b", BadPath::Empty),
            ("a/", BadPath::Empty),
            ("/x", BadPath::Absolute),
            ("\\x", BadPath::Absolute),
            ("\\\\server\\share\\x", BadPath::Absolute),
            ("C:\\x", BadPath::Absolute),
            ("D:foo", BadPath::Absolute),
            ("../x", BadPath::Escapes),
            ("a/../b", BadPath::Escapes),
            ("a\\..\\b", BadPath::Escapes),
            ("./x", BadPath::Escapes),
            ("a\0b", BadPath::Unsupported),
        ] {
            assert_eq!(RepoPath::new(path), Err(why), "{path:?}");
        }
    }

    #[test]
    fn names_only_windows_cannot_hold() {
        for path in [
            "CON", "con.txt", "a/NUL", "com1.log", "LPT9", "ab:c", "a?", "dot.", "space ", "a\\b",
        ] {
            let path = RepoPath::new(path).unwrap();
            assert_eq!(path.check(Os::Windows), Err(BadPath::Unsupported), "{path}");
            assert_eq!(path.check(Os::Unix), Ok(()), "{path}");
        }
        for path in ["CONfig.json", "com10", "a.b", ".gitattributes"] {
            assert_eq!(
                RepoPath::new(path).unwrap().check(Os::Windows),
                Ok(()),
                "{path}"
            );
        }
    }

    #[test]
    fn a_part_of_300_bytes_fits_nowhere() {
        let path = RepoPath::new(&format!("dir/{}", "n".repeat(300))).unwrap();
        assert_eq!(path.check(Os::Unix), Err(BadPath::TooLong));
        assert_eq!(path.check(Os::Windows), Err(BadPath::TooLong));
    }

    #[cfg(unix)]
    #[test]
    fn a_path_longer_than_the_system_takes_is_refused() {
        let path = RepoPath::new("folder/".repeat(600).trim_end_matches('/')).unwrap();
        assert_eq!(path.under(Path::new("/cache")), Err(BadPath::TooLong));
    }

    #[test]
    fn a_good_path_lies_below_its_folder() {
        let path = RepoPath::new("a b/ü.txt").unwrap();
        assert_eq!(
            path.under(Path::new("/cache")),
            Ok(PathBuf::from("/cache/a b/ü.txt"))
        );
    }

    proptest! {
        #[test]
        fn whatever_is_accepted_stays_below_its_folder(path in r"[a-zA-Z:./\\ \x00]{0,24}") {
            if let Ok(on_disk) = RepoPath::new(&path).and_then(|path| path.under(Path::new("/folder"))) {
                prop_assert!(on_disk.starts_with("/folder"));
                prop_assert!(on_disk.components().all(|c| !matches!(c, std::path::Component::ParentDir)));
            }
        }
    }
}
