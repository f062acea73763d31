//! Changes of whole cards, and what holds for every text.

use proptest::prelude::*;

use super::*;

fn after(text: &str, change: impl FnOnce(&mut Card) -> Result<(), BadCard>) -> String {
    let mut card = Card::new(text);
    change(&mut card).unwrap_or_else(|why| panic!("{why} in {text:?}"));
    card.text().to_owned()
}

#[test]
fn a_key_is_set_where_it_stands_and_nothing_else_changes() {
    for (before, expected) in [
        ("---\na: 1\nb: 2\n---\nT", "---\na: x\nb: 2\n---\nT"),
        (
            "---\na: 1 # why\nb: 2\n---\n",
            "---\na: x # why\nb: 2\n---\n",
        ),
        (
            "---\n# top\na:\n- 1\n# in between\n- 2\n\n# about b\nb: 2\n---\n",
            "---\n# top\na: x\n\n# about b\nb: 2\n---\n",
        ),
        (
            "---\r\nb: 2\r\na: 1\r\n---\r\nT\n",
            "---\r\nb: 2\r\na: x\r\n---\r\nT\n",
        ),
        (
            "---\n\"a\": |\n  b: 1\n  c\nb: 2\n---\n",
            "---\na: x\nb: 2\n---\n",
        ),
        (
            "---\n  a: 1\n  b: [1,\n    2]\n---\n",
            "---\n  a: x\n  b: [1,\n    2]\n---\n",
        ),
        (
            "---\nb: {z: 1,  y: 'q'}\n---\n",
            "---\nb: {z: 1,  y: 'q'}\na: x\n---\n",
        ),
        ("---\nb: 2\n# end\n---\n", "---\nb: 2\n# end\na: x\n---\n"),
        ("---\na: # why\n- 1\n- 2\n---\n", "---\na: x # why\n---\n"),
        ("---\n  b: 2\n---\n", "---\n  b: 2\n  a: x\n---\n"),
        ("---\n{}\n---\nT", "---\na: x\n---\nT"),
        ("---\n\n---\nT", "---\na: x\n---\nT"),
        ("# T\r\n", "---\r\na: x\r\n---\r\n# T\r\n"),
        ("", "---\na: x\n---\n"),
        ("\u{feff}---\na: 1\n---\n", "---\na: x\n---\n"),
        ("\n ---\na: 1\n---  \nT", "\n ---\na: x\n---  \nT"),
    ] {
        assert_eq!(
            after(before, |card| card.set("a", &"x".into())),
            expected,
            "{before:?}"
        );
    }
}

#[test]
fn a_key_is_removed_with_its_lines_and_no_others() {
    for (before, expected) in [
        ("---\na: 1\nb: 2\n---\nT", "---\nb: 2\n---\nT"),
        ("---\nb: 2\na:\n  c: 1\n---\nT", "---\nb: 2\n---\nT"),
        ("---\r\nb: 2\r\na: 1\r\n---\r\n", "---\r\nb: 2\r\n---\r\n"),
        ("---\na: 1\n---\nT", "---\n\n---\nT"),
        ("---\nb: 2\n---\nT", "---\nb: 2\n---\nT"),
        (
            "---\na: 1\n# about b\nb: 2\n---\n",
            "---\n# about b\nb: 2\n---\n",
        ),
    ] {
        assert_eq!(
            after(before, |card| card.remove("a")),
            expected,
            "{before:?}"
        );
    }
}

#[test]
fn a_value_that_is_there_is_left_as_it_is_written() {
    let text = "---\na:   [ 'x' , \"y\" ] # flow\n---\n";
    let same = Value::from(vec!["x", "y"]);
    assert_eq!(after(text, |card| card.set("a", &same)), text);
}

#[test]
fn what_cannot_be_changed_alone_is_refused_and_stays() {
    for text in [
        "---\n{a: 1, b: 2}\n---\n",
        "---\na: &x 1\nb: *x\n---\n",
        "---\na: 1\na: 2\n---\n",
        "---\n? a\n: 1\n---\n",
        "---\nbase: &b {c: 1}\n<<: *b\na: 1\n---\n",
    ] {
        let mut card = Card::new(text);
        let refused = card.set("a", &"x".into());
        assert_eq!(refused, Err(BadCard::Entangled("a".to_owned())), "{text}");
        assert_eq!(card.text(), text);
    }
}

#[test]
fn front_matter_that_cannot_be_read_is_not_changed() {
    let mut card = Card::new("---\na: [\n---\nT");
    let refused = card.set("b", &"x".into());
    assert!(
        matches!(refused, Err(BadCard::Unreadable(_))),
        "{refused:?}"
    );
    let mut list = Card::new("---\n- a\n---\nT");
    assert_eq!(list.set("b", &"x".into()), Err(BadCard::NotAMapping));
}

/// Texts that look like cards, and go wrong where cards go wrong.
fn cards() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "---",
        "\n",
        "\r\n",
        "\r",
        " ",
        "\t",
        "a: 1",
        "b:",
        "- x",
        "# c",
        "a: |",
        "  text",
        "'q'",
        "\"",
        "{}",
        "[",
        "]",
        "&x ",
        "*x",
        "é",
        "\u{feff}",
        "\u{85}",
        "\u{2028}",
        "?",
        ": ",
        "tags:",
        "<<: ",
        "!!int ",
        "%YAML 1.1",
        "...",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn well_formed() -> impl Strategy<Value = String> {
    let line = prop::sample::select(vec![
        "b: 2",
        "c:\n- x\n- y # z",
        "# remark",
        "",
        "d: {k: [1, 2]}",
        "e: |\n  text\n\n  more",
        "f: \"q: # r\"",
        "a: old # why",
        "g:\n  h: 1\n  # inside\n  i: 2",
    ]);
    (prop::collection::vec(line, 0..7), any::<bool>()).prop_map(|(mut lines, is_windows)| {
        let mut seen = std::collections::HashSet::new();
        lines.retain(|line| line.is_empty() || seen.insert(*line));
        let text = format!("---\n{}\n---\n# T\n", lines.join("\n"));
        if is_windows {
            text.replace('\n', "\r\n")
        } else {
            text
        }
    })
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>()
            .prop_filter("a number", |n| n.is_finite())
            .prop_map(Value::from),
        "\\PC{0,12}".prop_map(|text| Value::from(text.as_str())),
        any::<String>().prop_map(|text| Value::from(text.as_str())),
        "[ a\n:#'\"0-9-]{0,10}".prop_map(|text| Value::from(text.as_str())),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::List),
            prop::collection::vec(("\\PC{1,8}", inner), 0..4)
                .prop_map(|entries| Value::Map(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_text_is_too_odd(text in cards()) {
        let mut card = Card::new(&text);
        let _ = card.metadata();
        let before = card.clone();
        match card.set("tags", &vec!["x"].into()) {
            Ok(()) => {
                prop_assert_eq!(card.body(), before.body());
                let metadata = card.metadata().unwrap();
                prop_assert_eq!(metadata.get("tags"), Some(&vec!["x"].into()));
            }
            Err(_) => prop_assert_eq!(&card, &before),
        }
        let _ = card.remove("a");
        let _ = read_results(&text);
    }

    #[test]
    fn what_is_set_is_read(value in values(), text in well_formed()) {
        let mut card = Card::new(&text);
        card.set("a", &value).unwrap();
        let metadata = card.metadata().unwrap();
        prop_assert_eq!(metadata.get("a"), Some(&value), "{}", card.text());
    }

    #[test]
    fn setting_and_removing_a_new_key_gives_the_same_text(value in values(), text in well_formed()) {
        let text = text.replacen("---", "---\nfirst: 1", 1);
        let mut card = Card::new(&text);
        card.set("z", &value).unwrap();
        card.remove("z").unwrap();
        prop_assert_eq!(card.text(), text);
    }

    #[test]
    fn every_other_line_stays(value in values(), text in well_formed()) {
        let mut card = Card::new(&text);
        card.set("a", &value).unwrap();
        let mut rest = card.text();
        for line in text.split_inclusive('\n').filter(|line| !line.starts_with("a: old")) {
            match rest.find(line) {
                Some(at) => rest = &rest[at + line.len()..],
                None => prop_assert!(false, "{:?} is gone from {}", line, card.text()),
            }
        }
    }
}
