use regex::{Regex, RegexBuilder};

/// One include or exclude pattern, with the rules of the official client
/// (`filter_repo_objects`, which is Python's `fnmatch.fnmatchcase` on `/`-separated paths).
///
/// `*` matches any run of characters including `/`; `?` one character; `[seq]` and `[!seq]` sets.
/// There is no escape character, `.` is not special, the whole path must match, case matters.
/// `\` counts as `/`, and a pattern that ends in `/` means everything below that folder.
#[derive(Debug, Clone)]
pub struct Pattern(Regex);

impl Pattern {
    /// Compiles `glob`. `None` when it is too long to compile in bounded memory.
    pub fn new(glob: &str) -> Option<Self> {
        let mut glob = glob.replace('\\', "/");
        if glob.ends_with('/') {
            glob.push('*');
        }
        RegexBuilder::new(&translate(&glob))
            .dot_matches_new_line(true)
            .size_limit(1 << 20)
            .build()
            .ok()
            .map(Self)
    }

    /// Whether the whole of `path` matches.
    pub fn matches(&self, path: &str) -> bool {
        if path.contains('\\') {
            self.0.is_match(&path.replace('\\', "/"))
        } else {
            self.0.is_match(path)
        }
    }
}

/// An include list and an exclude list.
#[derive(Debug, Clone, Default)]
pub struct Patterns {
    /// At least one must match. `None` is everything; an empty list is nothing.
    pub include: Option<Vec<Pattern>>,
    /// None may match.
    pub exclude: Vec<Pattern>,
}

impl Patterns {
    /// Whether `path` is wanted.
    pub fn select(&self, path: &str) -> bool {
        let included = self
            .include
            .as_ref()
            .is_none_or(|list| list.iter().any(|p| p.matches(path)));
        included && !self.exclude.iter().any(|p| p.matches(path))
    }
}

/// Rewrites a glob as a regular expression, set by set as Python's `fnmatch.translate` does.
fn translate(glob: &str) -> String {
    let chars: Vec<char> = glob.chars().collect();
    let mut regex = String::from(r"\A");
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        at += 1;
        match c {
            '*' => regex.push_str(".*"),
            '?' => regex.push('.'),
            '[' => match set_end(&chars, at) {
                None => regex.push_str(r"\["),
                Some(end) => {
                    push_set(&mut regex, &chars[at..end]);
                    at = end + 1;
                }
            },
            c => regex.push_str(&regex::escape(c.encode_utf8(&mut [0; 4]))),
        }
    }
    regex.push_str(r"\z");
    regex
}

/// Where the set that opened before `start` closes. A `]` in first place is a member, not the end.
fn set_end(chars: &[char], start: usize) -> Option<usize> {
    let mut from = start;
    if chars.get(from) == Some(&'!') {
        from += 1;
    }
    if chars.get(from) == Some(&']') {
        from += 1;
    }
    (from..chars.len()).find(|&i| chars[i] == ']')
}

/// Writes one set. A range that runs backwards matches nothing, as in Python.
fn push_set(regex: &mut String, members: &[char]) {
    let (negated, members) = match members.split_first() {
        Some(('!', rest)) => (true, rest),
        _ => (false, members),
    };
    let mut class = String::new();
    let mut at = 0;
    while at < members.len() {
        let low = members[at];
        if at + 2 < members.len() && members[at + 1] == '-' {
            let high = members[at + 2];
            if low <= high {
                class.push_str(&format!("{}-{}", escape_member(low), escape_member(high)));
            }
            at += 3;
        } else {
            class.push_str(&escape_member(low));
            at += 1;
        }
    }
    match (class.is_empty(), negated) {
        (true, false) => regex.push_str(r"[^\s\S]"),
        (true, true) => regex.push('.'),
        (false, false) => regex.push_str(&format!("[{class}]")),
        (false, true) => regex.push_str(&format!("[^{class}]")),
    }
}

fn escape_member(member: char) -> String {
    format!(r"\x{{{:x}}}", u32::from(member))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn matches(pattern: &str, path: &str) -> bool {
        Pattern::new(pattern).unwrap().matches(path)
    }

    #[test]
    fn the_table_of_the_official_client() {
        for (pattern, yes, no) in [
            (
                "*.json",
                &["x.json", "a/b/x.json", ".json"][..],
                &["A/x.JSON"][..],
            ),
            ("**/x.json", &["a/x.json", "a/b/x.json"], &["x.json"]),
            ("a/*", &["a/x", "a/b/x"], &["ab/x"]),
            ("a/**", &["a/x", "a/b/x"], &["ab/x"]),
            ("dir", &["dir"], &["dir/f"]),
            ("dir/", &["dir/f", "dir/a/f"], &["dir2/f", "dir"]),
            ("a[1].txt", &["a1.txt"], &["a[1].txt"]),
            ("a[[]1].txt", &["a[1].txt"], &["a1.txt"]),
            ("a[!0-9]", &["ax", "a/"], &["a5"]),
            ("a[]]b", &["a]b"], &["ab"]),
            ("a[", &["a["], &["a"]),
            ("a[z-a]", &[], &["az", "aa", "a-"]),
            ("dir\\*", &["dir/f"], &["dir"]),
            ("./x.json", &[], &["x.json"]),
            ("/x.json", &[], &["x.json"]),
            ("", &[], &["x"]),
        ] {
            for path in yes {
                assert!(matches(pattern, path), "{pattern} should match {path}");
            }
            for path in no {
                assert!(!matches(pattern, path), "{pattern} should not match {path}");
            }
        }
    }

    #[test]
    fn an_absent_include_list_is_everything_and_an_empty_one_nothing() {
        assert!(Patterns::default().select("x"));
        assert!(
            !Patterns {
                include: Some(vec![]),
                exclude: vec![]
            }
            .select("x")
        );
    }

    #[test]
    fn exclusion_beats_inclusion() {
        let patterns = Patterns {
            include: Pattern::new("*.json").map(|p| vec![p]),
            exclude: Pattern::new("secret*").into_iter().collect(),
        };
        assert!(patterns.select("config.json"));
        assert!(!patterns.select("secret.json"));
    }

    proptest! {
        #[test]
        fn any_pattern_compiles_or_is_refused_and_any_path_is_judged(glob in ".{0,60}", path in ".{0,60}") {
            if let Some(pattern) = Pattern::new(&glob) {
                pattern.matches(&path);
            }
        }
    }
}
