//! Values as YAML that every reader reads alike: block lists, keys without quotes where that is
//! sure, text without escapes where that is sure.

use super::{Mapping, Value};

/// The lines of `key: value`, `indent` blanks in.
pub(super) fn entry(key: &str, value: &Value, indent: usize) -> Vec<String> {
    let mut lines = Vec::new();
    put_entry(&mut lines, key, value, indent);
    lines
}

/// The lines of a list.
pub(super) fn list(items: &[Value], indent: usize) -> Vec<String> {
    let mut lines = Vec::new();
    items
        .iter()
        .for_each(|item| put_item(&mut lines, item, indent));
    lines
}

fn put_entry(lines: &mut Vec<String>, key: &str, value: &Value, indent: usize) {
    let start = format!("{}{}:", blanks(indent), scalar(key));
    match value {
        Value::List(items) if !items.is_empty() => {
            lines.push(start);
            items.iter().for_each(|item| put_item(lines, item, indent));
        }
        Value::Map(mapping) if !mapping.is_empty() => {
            lines.push(start);
            put_mapping(lines, mapping, indent + 2);
        }
        value => put_leaf(lines, &start, value, indent + 2),
    }
}

fn put_item(lines: &mut Vec<String>, item: &Value, indent: usize) {
    let start = format!("{}-", blanks(indent));
    let first = lines.len();
    match item {
        Value::List(items) if !items.is_empty() => {
            items
                .iter()
                .for_each(|item| put_item(lines, item, indent + 2));
        }
        Value::Map(mapping) if !mapping.is_empty() => put_mapping(lines, mapping, indent + 2),
        value => return put_leaf(lines, &start, value, indent + 2),
    }
    // What is inside begins on the line of the dash.
    lines[first].replace_range(..=indent, &start);
}

fn put_mapping(lines: &mut Vec<String>, mapping: &Mapping, indent: usize) {
    for (key, value) in mapping.iter() {
        put_entry(lines, key, value, indent);
    }
}

/// What fits behind `start`; a text of several lines goes on `indent` blanks in.
fn put_leaf(lines: &mut Vec<String>, start: &str, value: &Value, indent: usize) {
    let text = match value {
        Value::Null => "null".to_owned(),
        Value::Bool(is) => is.to_string(),
        Value::Number(number) => number_text(&number.to_string()),
        Value::List(_) => "[]".to_owned(),
        Value::Map(_) => "{}".to_owned(),
        Value::Text(text) if is_literal(text) => {
            let (chomp, text) = match text.strip_suffix('\n') {
                Some(text) => ("", text),
                None => ("-", text.as_str()),
            };
            lines.push(format!("{start} |{chomp}"));
            for line in text.split('\n') {
                let indent = if line.is_empty() { 0 } else { indent };
                lines.push(format!("{}{line}", blanks(indent)));
            }
            return;
        }
        Value::Text(text) => scalar(text),
    };
    lines.push(format!("{start} {text}"));
}

fn blanks(count: usize) -> String {
    " ".repeat(count)
}

/// YAML 1.1 wants a point and a sign in a number with an exponent.
fn number_text(number: &str) -> String {
    let Some((mantissa, exponent)) = number.split_once('e') else {
        return number.to_owned();
    };
    let point = if mantissa.contains('.') { "" } else { ".0" };
    let sign = if exponent.starts_with(['-', '+']) {
        ""
    } else {
        "+"
    };
    format!("{mantissa}{point}e{sign}{exponent}")
}

/// Text in one line.
fn scalar(text: &str) -> String {
    if is_plain(text) {
        text.to_owned()
    } else {
        quoted(text)
    }
}

/// Whether `text` needs no quotes, whichever YAML reads it. Too careful rather than too bold.
fn is_plain(text: &str) -> bool {
    const OTHERS: [&str; 10] = [
        "null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan",
    ];
    let Some(first) = text.chars().next() else {
        return false;
    };
    let starts_well =
        first.is_alphanumeric() || !first.is_ascii() || matches!(first, '_' | '/' | '(');
    let is_quiet = |c: char| !is_escaped(c);
    // Numbers, dates, times, and what other readers take for one.
    let is_number = first.is_ascii_digit()
        && text
            .chars()
            .all(|c| c.is_ascii_hexdigit() || "+-._:,xXoOtTzZ ".contains(c));
    starts_well
        && text.chars().all(is_quiet)
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && !is_number
        && !OTHERS.contains(&text.to_ascii_lowercase().as_str())
}

/// Whether `text` can stand as it is on lines of its own.
fn is_literal(text: &str) -> bool {
    let inner = text.strip_suffix('\n').unwrap_or(text);
    let is_quiet = |c: char| c == '\n' || !is_escaped(c);
    inner.contains('\n')
        && inner.chars().all(is_quiet)
        && !inner.starts_with([' ', '\n', '\t'])
        && !inner.ends_with('\n')
        && inner.split('\n').all(|line| line.trim_end() == line)
}

/// Characters that are written as escapes: those that end lines, and those nobody sees.
fn is_escaped(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' | '\u{a0}'
        )
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
}

fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if is_escaped(c) => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::read;

    fn written(json: &str) -> String {
        entry("k", &serde_json::from_str(json).unwrap(), 0).join("\n")
    }

    #[test]
    fn values_are_written_as_people_write_them() {
        for (json, yaml) in [
            (r#""apache-2.0""#, "k: apache-2.0"),
            (r#""no""#, "k: \"no\""),
            (r#""1.0""#, "k: \"1.0\""),
            (r#""2024-01-01""#, "k: \"2024-01-01\""),
            (r#""1K<n<10K""#, "k: 1K<n<10K"),
            (r#""a: b""#, "k: \"a: b\""),
            (r#""""#, "k: \"\""),
            (r#""🚀 é""#, "k: 🚀 é"),
            (r#""a\nb""#, "k: |-\n  a\n  b"),
            (r#""a\n\nb\n""#, "k: |\n  a\n\n  b"),
            (r#"" a\nb""#, r#"k: " a\nb""#),
            ("1e-7", "k: 1.0e-7"),
            ("1e300", "k: 1.0e+300"),
            ("[]", "k: []"),
            ("{}", "k: {}"),
            (r#"["a",["b","c"]]"#, "k:\n- a\n- - b\n  - c"),
            (r#"{"x":{"z":null}}"#, "k:\n  x:\n    z: null"),
            (r#"[{"a":1,"b":[2]}]"#, "k:\n- a: 1\n  b:\n  - 2"),
        ] {
            assert_eq!(written(json), yaml);
            let value: Value = serde_json::from_str(json).unwrap();
            assert_eq!(read(yaml).unwrap().get("k"), Some(&value), "{yaml}");
        }
    }
}
