//! The rules that a repository itself has about its files: `.gitattributes` and `.gitignore`.
//!
//! A pattern with a slash is matched against the whole path with a `*` that also crosses slashes,
//! which git's does not: the usual patterns mean the same either way.

use hubdesk_core::Pattern;

/// Whether `attributes` send `path` to the storage for large files. The last line that matches and
/// says something about it decides.
pub(crate) fn is_large(attributes: &str, path: &str) -> bool {
    let mut is_large = false;
    for line in attributes.lines() {
        let mut words = line.split_whitespace();
        let Some(pattern) = words.next().filter(|word| !word.starts_with('#')) else {
            continue;
        };
        let mut says = words.filter_map(|word| match word {
            "filter=lfs" => Some(true),
            "-filter" | "!filter" => Some(false),
            _ => None,
        });
        if let Some(says) = says.next_back().filter(|_| matches(pattern, path)) {
            is_large = says;
        }
    }
    is_large
}

/// Whether `ignore` leaves `path` out: it, or a folder above it. The last line that matches decides.
pub(crate) fn is_ignored(ignore: &str, path: &str) -> bool {
    let mut is_ignored = false;
    for line in ignore.lines().map(str::trim_end) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (pattern, is_named_back) = match line.strip_prefix('!') {
            Some(pattern) => (pattern, true),
            None => (line, false),
        };
        let folders = path.match_indices('/').map(|(end, _)| &path[..end]);
        let hit = match pattern.strip_suffix('/') {
            Some(folder) => folders.into_iter().any(|path| matches(folder, path)),
            None => {
                matches(pattern, path) || folders.into_iter().any(|path| matches(pattern, path))
            }
        };
        if hit {
            is_ignored = !is_named_back;
        }
    }
    is_ignored
}

/// A pattern without a slash is about the last part of a path, wherever it is.
fn matches(pattern: &str, path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let (pattern, subject) = match pattern.strip_prefix('/') {
        Some(pattern) => (pattern, path),
        None if pattern.contains('/') => (pattern, path),
        None => (pattern, name),
    };
    Pattern::new(pattern).is_some_and(|pattern| pattern.matches(subject))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_send_some_files_to_the_large_ones() {
        let attributes = "# large ones\n*.bin filter=lfs diff=lfs merge=lfs -text\n\
            saved_model/**/* filter=lfs -text\nsmall.bin -filter\n*.txt text\n";
        for (path, expected) in [
            ("a.bin", true),
            ("deep/er/a.bin", true),
            ("small.bin", false),
            ("a.bin.txt", false),
            ("saved_model/v/x", true),
            ("README.md", false),
        ] {
            assert_eq!(is_large(attributes, path), expected, "{path}");
        }
    }

    #[test]
    fn ignored_are_files_and_what_lies_below_ignored_folders() {
        let ignore = "# no\n*.tmp\n!keep.tmp\nlogs/\n/top.txt\nout/*.png\n";
        for (path, expected) in [
            ("a.tmp", true),
            ("d/a.tmp", true),
            ("keep.tmp", false),
            ("logs/a", true),
            ("d/logs/a", true),
            ("logs", false),
            ("top.txt", true),
            ("d/top.txt", false),
            ("out/a.png", true),
            ("out/a.txt", false),
        ] {
            assert_eq!(is_ignored(ignore, path), expected, "{path}");
        }
    }
}
