//! The rules that a repository itself has about its files: `.gitattributes` and `.gitignore`.
//!
//! A pattern with a slash is matched against the whole path with a `*` that also crosses slashes,
//! which git's does not: the usual patterns mean the same either way.

use hubdesk_core::Pattern;

/// What `.gitattributes` says about large files. Understood once, then asked about many paths.
pub(crate) struct Attributes(Vec<(Rule, bool)>);

/// What `.gitignore` says, likewise.
pub(crate) struct Ignored(Vec<IgnoreLine>);

struct IgnoreLine {
    rule: Rule,
    is_named_back: bool,
    /// Only folders are meant.
    is_of_folders: bool,
}

impl Attributes {
    pub(crate) fn parse(text: &str) -> Self {
        let lines = text.lines().filter_map(|line| {
            let mut words = line.split_whitespace();
            let pattern = words.next().filter(|word| !word.starts_with('#'))?;
            let mut says = words.filter_map(|word| match word {
                "filter=lfs" => Some(true),
                "-filter" | "!filter" => Some(false),
                _ => None,
            });
            Some((Rule::new(pattern)?, says.next_back()?))
        });
        Self(lines.collect())
    }

    /// Whether `path` goes to the storage for large files. The last line that matches and says
    /// something about it decides.
    pub(crate) fn are_large(&self, path: &str) -> bool {
        let mut from_the_end = self.0.iter().rev();
        from_the_end
            .find(|(rule, _)| rule.matches(path))
            .is_some_and(|(_, is_large)| *is_large)
    }
}

impl Ignored {
    pub(crate) fn parse(text: &str) -> Self {
        let lines = text.lines().map(str::trim_end).filter_map(|line| {
            if line.is_empty() || line.starts_with('#') {
                return None;
            }
            let (pattern, is_named_back) = match line.strip_prefix('!') {
                Some(pattern) => (pattern, true),
                None => (line, false),
            };
            let folder = pattern.strip_suffix('/');
            Some(IgnoreLine {
                rule: Rule::new(folder.unwrap_or(pattern))?,
                is_named_back,
                is_of_folders: folder.is_some(),
            })
        });
        Self(lines.collect())
    }

    /// Whether `path` is left out: it, or a folder above it. The last line that matches decides.
    pub(crate) fn has(&self, path: &str) -> bool {
        let mut from_the_end = self.0.iter().rev();
        from_the_end
            .find(|line| line.matches(path))
            .is_some_and(|line| !line.is_named_back)
    }
}

impl IgnoreLine {
    fn matches(&self, path: &str) -> bool {
        let mut folders = path.match_indices('/').map(|(end, _)| &path[..end]);
        (!self.is_of_folders && self.rule.matches(path))
            || folders.any(|folder| self.rule.matches(folder))
    }
}

/// One pattern. Without a slash it is about the last part of a path, wherever that is.
struct Rule {
    pattern: Pattern,
    is_of_names: bool,
}

impl Rule {
    fn new(pattern: &str) -> Option<Self> {
        let (pattern, is_of_names) = match pattern.strip_prefix('/') {
            Some(pattern) => (pattern, false),
            None => (pattern, !pattern.contains('/')),
        };
        let pattern = Pattern::new(pattern)?;
        Some(Self {
            pattern,
            is_of_names,
        })
    }

    fn matches(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        self.pattern
            .matches(if self.is_of_names { name } else { path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_send_some_files_to_the_large_ones() {
        let attributes = "# large ones\n*.bin filter=lfs diff=lfs merge=lfs -text\n\
            saved_model/**/* filter=lfs -text\nsmall.bin -filter\n*.txt text\n";
        let attributes = Attributes::parse(attributes);
        for (path, expected) in [
            ("a.bin", true),
            ("deep/er/a.bin", true),
            ("small.bin", false),
            ("a.bin.txt", false),
            ("saved_model/v/x", true),
            ("README.md", false),
        ] {
            assert_eq!(attributes.are_large(path), expected, "{path}");
        }
    }

    #[test]
    fn ignored_are_files_and_what_lies_below_ignored_folders() {
        let ignore = "# no\n*.tmp\n!keep.tmp\nlogs/\n/top.txt\nout/*.png\n";
        let ignored = Ignored::parse(ignore);
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
            assert_eq!(ignored.has(path), expected, "{path}");
        }
    }
}
