//! Our patterns and the official ones match the same paths: they share a generated table, which
//! `tests/conformance/test_patterns.py` holds against the other side.

use hubdesk_core::Pattern;
use serde_json::Value;

#[test]
fn a_pattern_matches_what_the_official_filter_matches() {
    let table: Value = serde_json::from_str(include_str!("../conformance/patterns.json")).unwrap();
    let paths: Vec<String> = serde_json::from_value(table["paths"].clone()).unwrap();
    let mut differences = Vec::new();
    for row in table["rows"].as_array().unwrap() {
        let text = row["pattern"].as_str().unwrap();
        let pattern = Pattern::new(text).unwrap();
        let ours: Vec<&String> = paths.iter().filter(|path| pattern.matches(path)).collect();
        let theirs: Vec<String> = serde_json::from_value(row["matches"].clone()).unwrap();
        if ours != theirs.iter().collect::<Vec<_>>() {
            differences.push(format!("{text:?}: {ours:?}, officially {theirs:?}"));
        }
    }
    assert!(differences.is_empty(), "{differences:#?}");
}
