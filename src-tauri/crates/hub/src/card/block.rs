//! Where front matter is: the grammar of the official reader.

use std::ops::Range;

/// The places of front matter in a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// What stands between the two lines `---`, without the line ends next to them.
    pub(super) front: Range<usize>,
    /// Where the body begins.
    pub(super) body: usize,
}

/// The front matter of a card, if it has some, and the text after it. A byte-order mark counts as
/// nothing.
pub fn split(text: &str) -> (Option<&str>, &str) {
    let text = without_mark(text);
    match Block::find(text) {
        Some(block) => (Some(&text[block.front]), &text[block.body..]),
        None => (None, text),
    }
}

pub(super) fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// How lines end in `text`, going by the first. A lone carriage return ends a line of front
/// matter, but not its last one, so that it is never written.
pub(super) fn line_end(text: &str) -> &'static str {
    match text.find(['\r', '\n']) {
        Some(at) if text[at..].starts_with("\r\n") => "\r\n",
        _ => "\n",
    }
}

impl Block {
    /// Only white space comes before the opening `---`, and a line end right after it. The block
    /// ends at the first later line that is `---` and perhaps blanks.
    pub(super) fn find(text: &str) -> Option<Self> {
        let start = text.find(|c| !is_space(c))?;
        let opened = start + text[start..].strip_prefix("---").map(|_| 3)?;
        // Between `---` and `---` there must be one line end that is not the first one's. A
        // carriage return and a line feed can be taken for two.
        let ends = ["\r\n", "\r", "\n"].iter();
        ends.filter(|end| text[opened..].starts_with(**end))
            .find_map(|end| Self::close(text, opened + end.len()))
    }

    fn close(text: &str, start: usize) -> Option<Self> {
        let mut at = start;
        loop {
            let end = at + text[at..].find(['\r', '\n'])?;
            let line = if text[end..].starts_with("\r\n") {
                end + 2
            } else {
                end + 1
            };
            if let Some(body) = closing(text, line) {
                return Some(Self {
                    front: start..end,
                    body,
                });
            }
            at = line;
        }
    }
}

/// Where the line after `---` begins, if that is what stands at `line`.
fn closing(text: &str, line: usize) -> Option<usize> {
    let rest = text[line..].strip_prefix("---")?;
    let blanks = rest.trim_start_matches([' ', '\t']);
    let end = match blanks {
        "" => 0,
        _ if blanks.starts_with("\r\n") => 2,
        _ if blanks.starts_with('\n') => 1,
        _ => return None,
    };
    Some(text.len() - blanks.len() + end)
}

/// White space as the official reader has it: four separators more than Unicode's.
fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_matter_is_found_where_the_official_reader_finds_it() {
        for (text, front) in [
            ("---\na: 1\n---\ntext", Some("a: 1")),
            ("\n\n---\na: 1\n---\n", Some("a: 1")),
            ("---\na: 1\n--- \nT", Some("a: 1")),
            ("---\na: 1\n---", Some("a: 1")),
            ("---\r\na: 1\r\n---\r\nT", Some("a: 1")),
            ("---\ra: 1\r---", Some("a: 1")),
            ("---\ra: 1\r---\rT", None),
            ("\u{feff}---\na: 1\n---\n", Some("a: 1")),
            ("\u{feff}\u{feff}---\na: 1\n---\n", None),
            ("---\n\n---\n", Some("")),
            ("---\n---\n", None),
            ("---\r\n---\r\n", Some("")),
            ("---\n---\nb\n---\n", Some("---\nb")),
            ("---\na: 1\n---x\nT", None),
            ("---\na: 1\n---x\n---\nT", Some("a: 1\n---x")),
            ("--- \na: 1\n---\n", None),
            ("# x\n---\na: 1\n---", None),
            ("---", None),
            ("", None),
        ] {
            assert_eq!(split(text).0, front, "{text:?}");
        }
    }

    #[test]
    fn the_body_is_what_follows_the_closing_line() {
        for (text, body) in [
            ("---\na: 1\n--- \nT\n", "T\n"),
            ("---\na: 1\n---", ""),
            ("---\r\na: 1\r\n---\r\n\r\nT", "\r\nT"),
            ("no front matter", "no front matter"),
        ] {
            assert_eq!(split(text).1, body, "{text:?}");
        }
    }
}
