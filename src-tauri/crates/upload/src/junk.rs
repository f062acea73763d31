//! What systems, editors and tools leave about in folders, and nobody means to publish.

/// Folders, by their whole names.
const FOLDERS: [&str; 15] = [
    ".fseventsd",
    ".git",
    ".hg",
    ".idea",
    ".ipynb_checkpoints",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".Spotlight-V100",
    ".svn",
    ".Trashes",
    ".vscode",
    "__MACOSX",
    "__pycache__",
    "System Volume Information",
];
/// Files, by their whole names.
const FILES: [&str; 5] = [
    ".DS_Store",
    ".localized",
    "desktop.ini",
    "ehthumbs.db",
    "Thumbs.db",
];
/// Files, by how their names end.
const ENDINGS: [&str; 6] = [".pyc", ".pyo", ".swp", ".swo", "~", ".crdownload"];

/// Whether a file or folder of this name is such a thing.
pub(crate) fn is_junk(name: &str, is_folder: bool) -> bool {
    if is_folder {
        return FOLDERS.contains(&name);
    }
    // What macOS writes beside a file on foreign volumes; what Emacs writes while it edits.
    let is_shadow = name.starts_with("._") || name.starts_with(".#");
    let is_autosave = name.len() > 2 && name.starts_with('#') && name.ends_with('#');
    let ends = ENDINGS
        .iter()
        .any(|ending| name.len() > ending.len() && name.ends_with(ending));
    FILES.contains(&name) || is_shadow || is_autosave || ends
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_means_to_publish() {
        for name in [".DS_Store", "._x", ".#x", "#x#", "x~", "a.pyc", ".a.swp"] {
            assert!(is_junk(name, false), "{name}");
        }
        for name in ["__pycache__", ".git", "__MACOSX"] {
            assert!(is_junk(name, true), "{name}");
        }
    }

    #[test]
    fn what_has_a_name_like_it_is_not() {
        for name in [
            "DS_Store",
            "__pycache__",
            "#",
            "##",
            "~",
            ".pyc",
            "a.py",
            ".gitignore",
        ] {
            assert!(!is_junk(name, false), "{name}");
        }
        for name in ["git", "x.pyc", ".DS_Store", "cache"] {
            assert!(!is_junk(name, true), "{name}");
        }
    }
}
