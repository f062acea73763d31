use serde_saphyr::options::{DuplicateKeyPolicy, NonFiniteFloatPolicy};

use super::{BadCard, Mapping, Value};

/// The most front matter that is read, in bytes: some datasets describe thousands of columns.
const LARGEST: usize = 4 << 20;

/// The most that aliases may stand for, in values. A bomb is known by less.
const MOST_REPLAYED: usize = 20_000;

/// What front matter says. Nothing, and a lone `null`, is an empty mapping.
///
/// Words as `yes` and `off` are read as the official reader does, which knows YAML 1.1; of a key
/// that comes twice the last value counts. Dates are text. What would grow beyond bounds when its
/// aliases are followed is refused.
pub fn read(front: &str) -> Result<Mapping, BadCard> {
    match yaml(front)? {
        Value::Null => Ok(Mapping::new()),
        Value::Map(mapping) => Ok(mapping),
        _ => Err(BadCard::NotAMapping),
    }
}

pub(super) fn yaml(text: &str) -> Result<Value, BadCard> {
    if text.len() > LARGEST {
        let why = format!("it is longer than {LARGEST} bytes");
        return Err(BadCard::Unreadable(why));
    }
    // A file without a value is no error for the official reader.
    let is_empty = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
    if text.split(['\n', '\r']).all(is_empty) {
        return Ok(Value::Null);
    }
    let options = serde_saphyr::options! {
        duplicate_keys: DuplicateKeyPolicy::LastWins,
        non_finite_float_policy: NonFiniteFloatPolicy::AsString,
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: MOST_REPLAYED,
        },
        with_snippet: false,
    };
    serde_saphyr::from_str_with_options(text, options)
        .map_err(|why| BadCard::Unreadable(why.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_matter_is_read_in_its_order() {
        let read = read("z: 1\na: [x, 2.5]\nm:\n  k: no\n").unwrap();
        let keys: Vec<_> = read.iter().map(|(key, _)| key).collect();
        assert_eq!(keys, ["z", "a", "m"]);
        assert_eq!(
            read.get("a"),
            Some(&Value::from(vec![Value::from("x"), Value::from(2.5)]))
        );
        let inner = read.get("m").and_then(Value::as_map).unwrap();
        assert_eq!(inner.get("k"), Some(&Value::Bool(false)));
    }

    #[test]
    fn nothing_is_an_empty_mapping_and_a_list_is_none() {
        for empty in ["", "\n", "# only a remark", "null", "{}"] {
            assert_eq!(read(empty), Ok(Mapping::new()), "{empty:?}");
        }
        assert_eq!(read("- a"), Err(BadCard::NotAMapping));
        assert_eq!(read("text"), Err(BadCard::NotAMapping));
        assert!(matches!(read("a: [b"), Err(BadCard::Unreadable(_))));
    }

    #[test]
    fn the_last_of_two_values_counts() {
        assert_eq!(
            read("a: 1\nb: 2\na: 3").unwrap().get("a"),
            Some(&Value::from(3))
        );
    }

    #[test]
    fn a_bomb_is_refused() {
        let bomb = (0..12).fold("a0: &a0 [x]\n".to_owned(), |text, n| {
            let aliases = vec![format!("*a{n}"); 12].join(",");
            format!("{text}a{}: &a{} [{aliases}]\n", n + 1, n + 1)
        });
        assert!(matches!(read(&bomb), Err(BadCard::Unreadable(_))));
        let deep = "[".repeat(100_000);
        assert!(matches!(read(&deep), Err(BadCard::Unreadable(_))));
    }
}
