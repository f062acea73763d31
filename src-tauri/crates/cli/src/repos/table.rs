//! Rows for people: as a table, and files as `hf` lists them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use hubdesk_app::{ByteCount, EntryKind, TreeEntry};
use serde_json::Value;

use super::row::Row;
use crate::visible;

/// The lines of a table of these columns: a head, and a line for each row, cut at `width`
/// characters if there is an edge. A column that is empty everywhere is left out.
pub(crate) fn table(columns: &[&str], rows: &[Row], width: Option<usize>) -> Vec<String> {
    let has_any = |column: &&&str| rows.iter().any(|row| row.contains_key(**column));
    let columns: Vec<Column> = columns
        .iter()
        .filter(has_any)
        .map(|name| Column::new(name, rows))
        .collect();
    let heads = columns.iter().map(|column| column.head.as_str());
    let head = line(&columns, heads.collect(), width);
    let row = |at: usize| {
        let cells = columns.iter().map(|column| column.cells[at].as_str());
        line(&columns, cells.collect(), width)
    };
    std::iter::once(head)
        .chain((0..rows.len()).map(row))
        .collect()
}

/// One line for each entry: size, time of the last change, path.
pub(crate) fn files(entries: &[TreeEntry], in_units: bool) -> Vec<String> {
    let line = |entry: &TreeEntry| {
        let (size, date) = (size(entry, in_units), date(entry));
        format!("{size:>12}  {date:>19}  {}", shown_path(entry))
    };
    entries.iter().map(line).collect()
}

/// The path as it is printed: that of a folder ends in a slash.
pub(crate) fn shown_path(entry: &TreeEntry) -> String {
    let slash = if entry.kind == EntryKind::File {
        ""
    } else {
        "/"
    };
    format!("{}{slash}", visible::line(&entry.path))
}

/// The same as a tree; only names if `is_quiet`.
pub(crate) fn tree(entries: &[TreeEntry], in_units: bool, is_quiet: bool) -> Vec<String> {
    let mut root = Node::default();
    for entry in entries {
        let names = entry.path.split('/');
        let node = names.fold(&mut root, |node, name| node.below.entry(name).or_default());
        node.entry = Some(entry);
    }
    let sizes = entries.iter().map(|entry| size(entry, in_units).len());
    let widest = sizes.max().unwrap_or_default();
    let margin = |entry: Option<&TreeEntry>| {
        let (size, date) = entry
            .filter(|entry| entry.kind == EntryKind::File)
            .map_or_else(Default::default, |entry| {
                (size(entry, in_units), date(entry))
            });
        if is_quiet {
            String::new()
        } else {
            format!("{size:>widest$}  {date:19}  ")
        }
    };
    let mut lines = Vec::with_capacity(entries.len());
    root.write("", &margin, &mut lines);
    lines
}

/// A folder or a file of a tree.
#[derive(Default)]
struct Node<'a> {
    entry: Option<&'a TreeEntry>,
    below: BTreeMap<&'a str, Node<'a>>,
}

impl Node<'_> {
    fn write(
        &self,
        indent: &str,
        margin: &dyn Fn(Option<&TreeEntry>) -> String,
        lines: &mut Vec<String>,
    ) {
        for (at, (name, node)) in self.below.iter().enumerate() {
            let is_last = at + 1 == self.below.len();
            let is_file = node
                .entry
                .is_some_and(|entry| entry.kind == EntryKind::File);
            let branch = if is_last { "└── " } else { "├── " };
            let slash = if is_file { "" } else { "/" };
            let (margin_text, name) = (margin(node.entry), visible::line(name));
            lines.push(format!("{margin_text}{indent}{branch}{name}{slash}"));
            let more = if is_last { "    " } else { "│   " };
            node.write(&format!("{indent}{more}"), margin, lines);
        }
    }
}

struct Column {
    head: String,
    cells: Vec<String>,
    width: usize,
    is_number: bool,
}

impl Column {
    fn new(name: &str, rows: &[Row]) -> Self {
        let values: Vec<Option<&Value>> = rows.iter().map(|row| row.get(name)).collect();
        let head = name.to_uppercase();
        let cells: Vec<String> = values.iter().map(|value| cell(*value)).collect();
        let lengths = cells.iter().chain([&head]).map(|cell| cell.chars().count());
        Self {
            width: lengths.max().unwrap_or_default(),
            is_number: values.iter().flatten().all(|value| value.is_number()),
            head,
            cells,
        }
    }
}

fn line(columns: &[Column], cells: Vec<&str>, width: Option<usize>) -> String {
    let padded = columns.iter().zip(cells).map(|(column, cell)| {
        let width = column.width;
        if column.is_number {
            format!("{cell:>width$}")
        } else {
            format!("{cell:width$}")
        }
    });
    let line = padded.collect::<Vec<_>>().join("  ");
    cut(line.trim_end(), width)
}

/// At most `width` characters; the last is `…` if some are missing.
fn cut(line: &str, width: Option<usize>) -> String {
    match width {
        Some(width) if line.chars().count() > width => {
            let kept: String = line.chars().take(width.saturating_sub(1)).collect();
            format!("{kept}…")
        }
        _ => line.to_owned(),
    }
}

fn cell(value: Option<&Value>) -> String {
    let text = match value {
        None | Some(Value::Null | Value::Bool(false)) => Cow::Borrowed(""),
        Some(Value::Bool(true)) => Cow::Borrowed("yes"),
        Some(Value::String(text)) if is_time(text) => Cow::Borrowed(&text[..10]),
        Some(Value::String(text)) => Cow::Borrowed(text.as_str()),
        Some(Value::Array(values)) => {
            let cells: Vec<String> = values.iter().map(|value| cell(Some(value))).collect();
            Cow::Owned(cells.join(", "))
        }
        // Of what a Space runs on the stage is what people look for.
        Some(Value::Object(fields)) if fields.contains_key("stage") => {
            Cow::Owned(cell(fields.get("stage")))
        }
        Some(other) => Cow::Owned(other.to_string()),
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    visible::line(&words.join(" ")).into_owned()
}

/// `2024-06-10T…`
fn is_time(text: &str) -> bool {
    let shape = text
        .bytes()
        .take(11)
        .map(|byte| if byte.is_ascii_digit() { b'0' } else { byte });
    shape.eq(*b"0000-00-00T")
}

fn size(entry: &TreeEntry, in_units: bool) -> String {
    match entry.kind {
        EntryKind::File if in_units => ByteCount(entry.size).to_string(),
        EntryKind::File => entry.size.to_string(),
        EntryKind::Directory | EntryKind::Other => String::new(),
    }
}

/// `2024-06-10 06:13:20`
fn date(entry: &TreeEntry) -> String {
    let date = entry
        .last_commit
        .as_ref()
        .map(|commit| commit.date.as_str());
    let date = date.and_then(|date| date.get(..19)).unwrap_or_default();
    visible::line(&date.replace('T', " ")).into_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rows(values: Value) -> Vec<Row> {
        serde_json::from_value(values).unwrap()
    }

    fn file(path: &str, kind: EntryKind) -> TreeEntry {
        let word = if kind == EntryKind::File {
            "file"
        } else {
            "directory"
        };
        serde_json::from_value(json!({
            "type": word, "path": path, "size": 1500, "oid": "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
            "lastCommit": {"id": "x", "title": "t", "date": "2024-06-10T06:13:20.000Z"},
        }))
        .unwrap()
    }

    #[test]
    fn columns_are_aligned_and_empty_ones_left_out() {
        let rows = rows(json!([
            {"id": "a/long-name", "likes": 7, "tags": ["x", "y"], "private": true},
            {"id": "b", "likes": 1207, "tags": [], "private": false},
        ]));
        assert_eq!(
            table(&["id", "likes", "sdk", "tags", "private"], &rows, None),
            [
                "ID           LIKES  TAGS  PRIVATE",
                "a/long-name      7  x, y  yes",
                "b             1207",
            ]
        );
    }

    #[test]
    fn lines_are_cut_only_at_an_edge() {
        let rows = rows(json!([{"id": "a/long-name", "created_at": "2024-06-10T06:13:20+00:00"}]));
        let columns = ["id", "created_at"];
        assert_eq!(table(&columns, &rows, None)[1], "a/long-name  2024-06-10");
        assert_eq!(table(&columns, &rows, Some(14))[1], "a/long-name  …");
        assert_eq!(
            table(&columns, &rows, Some(23))[1],
            "a/long-name  2024-06-10"
        );
    }

    #[test]
    fn a_cell_stays_in_its_line() {
        let rows = rows(json!([{"id": "a", "title": "x\n\u{1b}[2Jy\tz"}]));
        assert_eq!(table(&["title"], &rows, None), ["TITLE", r"x \u{1b}[2Jy z"]);
    }

    #[test]
    fn of_a_running_space_the_stage_is_shown() {
        let rows = rows(json!([{"runtime": {"stage": "PAUSED", "hardware": "cpu-basic"}}]));
        assert_eq!(table(&["runtime"], &rows, None), ["RUNTIME", "PAUSED"]);
    }

    #[test]
    fn files_are_listed_and_drawn() {
        let folder = file("art", EntryKind::Directory);
        let entries = [
            folder,
            file("art/a\u{1b}b", EntryKind::File),
            file("z", EntryKind::File),
        ];
        assert_eq!(
            files(&entries, false)[..2],
            [
                "              2024-06-10 06:13:20  art/",
                r"        1500  2024-06-10 06:13:20  art/a\u{1b}b",
            ]
        );
        assert!(files(&entries, true)[2].starts_with("      1.5 kB"));
        assert_eq!(
            tree(&entries, false, true),
            ["├── art/", r"│   └── a\u{1b}b", "└── z"]
        );
        assert_eq!(
            tree(&entries, false, false)[2],
            "1500  2024-06-10 06:13:20  └── z"
        );
    }
}
