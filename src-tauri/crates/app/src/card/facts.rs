use hubdesk_hub::card::{self, Value};

use crate::api::Fact;

/// Facts and values shown at most.
const MOST_FACTS: usize = 60;
const MOST_VALUES: usize = 60;
const LONGEST_VALUE: usize = 300;
/// The facts people look for first, first.
const FIRST: [&str; 9] = [
    "license",
    "license_name",
    "pipeline_tag",
    "library_name",
    "language",
    "base_model",
    "datasets",
    "metrics",
    "tags",
];

/// The lines of front matter; none when it is no YAML.
pub(super) fn facts(front: &str) -> Vec<Fact> {
    let fields = card::read(front).unwrap_or_default();
    let mut facts: Vec<Fact> = fields
        .iter()
        .filter_map(|(name, value)| {
            let values = values(value);
            (!values.is_empty()).then(|| Fact {
                name: cut(name),
                values,
            })
        })
        .collect();
    facts.sort_by_key(|fact| {
        FIRST
            .iter()
            .position(|name| *name == fact.name)
            .unwrap_or(FIRST.len())
    });
    facts.truncate(MOST_FACTS);
    facts
}

/// A value, or the values of a list; what is nested deeper is not shown.
fn values(value: &Value) -> Vec<String> {
    let one = |value: &Value| match value {
        Value::Text(text) => Some(cut(text)),
        Value::Bool(is) => Some(is.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::List(_) | Value::Map(_) => None,
    };
    match value {
        Value::List(list) => list.iter().filter_map(one).take(MOST_VALUES).collect(),
        value => one(value).into_iter().collect(),
    }
}

fn cut(text: &str) -> String {
    text.chars().take(LONGEST_VALUE).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_matter_becomes_facts_in_the_order_people_look_for_them() {
        let text =
            "---\ntags:\n- one\n- 2\nlicense: mit\nmodel-index:\n- name: x\nempty: []\n---\n# T\n";
        let (front, rest) = card::split(text);
        let facts = facts(front.unwrap());
        let names: Vec<_> = facts.iter().map(|fact| fact.name.as_str()).collect();
        assert_eq!(names, ["license", "tags"]);
        assert_eq!(facts[1].values, ["one", "2"]);
        assert_eq!(rest, "# T\n");
    }

    #[test]
    fn front_matter_that_is_no_yaml_is_left_out_and_a_bomb_is_refused() {
        assert_eq!(facts("a: [b"), []);
        let bomb = (0..12).fold("a0: &a0 [x]\n".to_owned(), |text, n| {
            let aliases = vec![format!("*a{n}"); 12].join(",");
            format!("{text}a{}: &a{} [{aliases}]\n", n + 1, n + 1)
        });
        assert_eq!(facts(&bomb), []);
    }
}
