//! Changes of one key, line by line.
//!
//! The places of the keys are found by looking at the lines, without a whole parser: they are
//! believed only if the keys so found are those that the parser reads, in the same order. Who
//! calls reads the result back, too.

use std::ops::Range;

use super::read::{read, yaml};
use super::value::name;
use super::{Value, write};

/// A key and the lines that belong to it.
struct Entry {
    key: String,
    lines: Range<usize>,
}

/// `front` with `key` saying `value`. `None` if the place of the key cannot be told.
pub(super) fn set(front: &str, key: &str, value: &Value, end: &str) -> Option<String> {
    let entries = entries(front)?;
    // All keys are equally far in.
    let indent = entries.first().map_or(0, |first| {
        let text = &front[first.lines.clone()];
        text.len() - text.trim_start_matches(' ').len()
    });
    let mut lines = write::entry(key, value, indent);
    let Some(old) = entries.iter().find(|entry| entry.key == key) else {
        return Some(append(front, &lines.join(end), end));
    };
    let old_text = &front[old.lines.clone()];
    if let (Some(line), Some(remark)) = (lines.first_mut(), remark(old_text)) {
        line.push_str(remark);
    }
    let mut new_text = lines.join(end);
    new_text.push_str(last_line_end(old_text));
    Some(splice(front, old.lines.clone(), &new_text))
}

/// `front` without `key`.
pub(super) fn remove(front: &str, key: &str) -> Option<String> {
    let entries = entries(front)?;
    let entry = entries.iter().find(|entry| entry.key == key)?;
    let text = splice(front, entry.lines.clone(), "");
    if entry.lines.end < front.len() {
        return Some(text);
    }
    // The last line has no end of its own; now that is the line before.
    let end = last_line_end(&text).len();
    Some(text[..text.len() - end].to_owned())
}

fn append(front: &str, lines: &str, end: &str) -> String {
    if front.is_empty() {
        return lines.to_owned();
    }
    // The empty mapping, as some programs write it.
    let is_empty = |line: &Range<usize>| front[line.clone()].trim() == "{}";
    if let Some(line) = line_ranges(front).into_iter().find(is_empty) {
        let last = last_line_end(&front[line.clone()]);
        return splice(front, line, &format!("{lines}{last}"));
    }
    format!("{front}{end}{lines}")
}

fn splice(text: &str, range: Range<usize>, new: &str) -> String {
    format!("{}{new}{}", &text[..range.start], &text[range.end..])
}

/// The keys of `front` and their lines, if looking and reading agree about them.
fn entries(front: &str) -> Option<Vec<Entry>> {
    let known = read(front).ok()?;
    let found = scan(front)?;
    let keys = known.iter().map(|(key, _)| key);
    keys.eq(found.iter().map(|entry| entry.key.as_str()))
        .then_some(found)
}

/// Blank lines and remarks belong to what follows, unless they stand among the lines of a value.
fn scan(front: &str) -> Option<Vec<Entry>> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut indent = None;
    for range in line_ranges(front) {
        let line = front[range.clone()].trim_end_matches(['\r', '\n']);
        let text = line.trim_start_matches(' ');
        let depth = line.len() - text.len();
        let indent = match indent {
            _ if is_remark(text) && indent.is_none_or(|indent| depth <= indent) => continue,
            _ if text.trim().is_empty() => continue,
            Some(indent) => indent,
            None => *indent.insert(depth),
        };
        let is_item = text == "-" || text.starts_with("- ");
        let key = (depth == indent && !is_item)
            .then(|| key_of(text))
            .flatten();
        match (key, entries.last_mut()) {
            (Some(key), _) => entries.push(Entry { key, lines: range }),
            (None, Some(entry)) if depth >= indent || is_item => entry.lines.end = range.end,
            (None, None) if text == "{}" => {}
            (None, _) => return None,
        }
    }
    Some(entries)
}

/// The key a line begins with.
fn key_of(line: &str) -> Option<String> {
    let end = match line.chars().next()? {
        quote @ ('"' | '\'') => {
            let close = end_of_quote(line, quote)?;
            let rest = line[close..].trim_start_matches(' ');
            rest.starts_with(':').then_some(close)?
        }
        '?' | '{' | '[' | '|' | '>' | '%' => return None,
        _ => match line.find(": ").or_else(|| line.find(":\t")) {
            Some(at) => at,
            None => line.trim_end().strip_suffix(':')?.len(),
        },
    };
    name(yaml(&line[..end]).ok()?).ok()
}

/// Where the quoted text that `line` begins with is over.
fn end_of_quote(line: &str, quote: char) -> Option<usize> {
    let mut chars = line.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' if quote == '"' => {
                chars.next();
            }
            // Two single quotes are one.
            '\'' if quote == '\'' && chars.next_if(|(_, next)| *next == '\'').is_some() => {}
            c if c == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// The remark at the end of an entry's first line, with the blanks before it. A line in which a
/// `#` may be part of the text has none.
fn remark(entry: &str) -> Option<&str> {
    let line = entry.split(['\r', '\n']).next()?;
    if line.contains(['"', '\'', '|', '>']) {
        return None;
    }
    let at = line.find(" #")?;
    let blanks = line[..at].trim_end_matches([' ', '\t']).len();
    Some(&line[blanks..])
}

fn is_remark(text: &str) -> bool {
    text.starts_with('#')
}

fn last_line_end(text: &str) -> &str {
    let mut ends = ["\r\n", "\n", "\r"].into_iter();
    ends.find(|end| text.ends_with(end)).unwrap_or("")
}

/// Every line with its end.
fn line_ranges(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = 0;
    while let Some(at) = text[start..].find(['\r', '\n']) {
        let at = start + at;
        let end = if text[at..].starts_with("\r\n") {
            at + 2
        } else {
            at + 1
        };
        ranges.push(start..end);
        start = end;
    }
    if start < text.len() {
        ranges.push(start..text.len());
    }
    ranges
}
