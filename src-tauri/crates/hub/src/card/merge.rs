use super::{BadCard, Card, Mapping, Value, model_index};

/// What happens to a key that has another value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overwrite {
    /// [`BadCard::Differs`], and nothing is changed.
    Refuse,
    /// It gets the new value.
    Replace,
}

impl Card {
    /// Adds what `new` says. A key that is there with another value is replaced or refused as a
    /// whole, by `overwrite`; only the measurements in `model-index` are compared one by one, and
    /// new ones are added. `name` is what a model is called there that has no name.
    ///
    /// After an error the card is as it was.
    pub fn merge(
        &mut self,
        new: &Mapping,
        overwrite: Overwrite,
        name: &str,
    ) -> Result<(), BadCard> {
        let mut card = self.clone();
        let known = card.metadata()?;
        for (key, value) in new.iter() {
            let old = known.get(key).filter(|old| **old != Value::Null);
            if key == model_index::KEY {
                let value = model_index::merged(old, value, overwrite, name)?;
                card.set(key, &value)?;
            } else if overwrite == Overwrite::Refuse && old.is_some_and(|old| old != value) {
                return Err(BadCard::Differs(key.to_owned()));
            } else {
                card.set(key, value)?;
            }
        }
        *self = card;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::read;

    fn index(results: &str) -> Mapping {
        let json = format!(r#"{{"model-index":[{{"name":"m","results":[{results}]}}]}}"#);
        serde_json::from_str(&json).unwrap()
    }

    fn result(split: &str, metric: &str) -> String {
        format!(
            r#"{{"task":{{"type":"t"}},"dataset":{{"type":"d","name":"D","split":"{split}"}},
            "metrics":[{metric}],"extra":1}}"#
        )
    }

    const ACCURACY: &str = r#"{"type":"acc","value":0.5,"note":"kept"}"#;

    fn with_results() -> Card {
        let mut card = Card::new("---\nlicense: mit # ours\n---\n# T\n");
        let first = index(&result("test", ACCURACY));
        card.merge(&first, Overwrite::Refuse, "org/m").unwrap();
        card
    }

    /// Splits, metrics and values of all measurements.
    fn scores(card: &Card) -> Vec<String> {
        let metadata = card.metadata().unwrap();
        let model = &metadata.get("model-index").unwrap().as_list().unwrap()[0];
        let mut all = Vec::new();
        for result in model
            .as_map()
            .unwrap()
            .get("results")
            .unwrap()
            .as_list()
            .unwrap()
        {
            let result = result.as_map().unwrap();
            let split = result
                .get("dataset")
                .unwrap()
                .as_map()
                .unwrap()
                .text("split");
            for metric in result.get("metrics").unwrap().as_list().unwrap() {
                let metric = metric.as_map().unwrap();
                let value = metric.get("value").unwrap();
                let name = metric.text("type").unwrap();
                all.push(format!("{} {name} {value:?}", split.unwrap()));
            }
        }
        all
    }

    #[test]
    fn a_key_that_is_new_or_the_same_is_no_conflict() {
        let mut card = Card::new("---\nlicense: mit # ours\nempty:\n---\n# T\n");
        let new = read("license: mit\nempty: 1\ntags: [a]").unwrap();
        card.merge(&new, Overwrite::Refuse, "org/m").unwrap();
        assert_eq!(
            card.text(),
            "---\nlicense: mit # ours\nempty: 1\ntags:\n- a\n---\n# T\n"
        );
    }

    #[test]
    fn another_value_is_refused_or_replaces_all_of_it() {
        let mut card = Card::new("---\ntags: [a, b]\n---\n");
        let new = read("added: 1\ntags: [c]").unwrap();
        let refused = card.merge(&new, Overwrite::Refuse, "org/m");
        assert_eq!(refused, Err(BadCard::Differs("tags".to_owned())));
        assert_eq!(card.text(), "---\ntags: [a, b]\n---\n");
        card.merge(&new, Overwrite::Replace, "org/m").unwrap();
        assert_eq!(card.text(), "---\ntags:\n- c\nadded: 1\n---\n");
    }

    #[test]
    fn measurements_are_compared_one_by_one() {
        let mut card = with_results();
        let other = r#"{"type":"f1","value":0.25}"#;
        for (split, metric) in [("test", ACCURACY), ("test", other), ("dev", ACCURACY)] {
            let new = index(&result(split, metric));
            card.merge(&new, Overwrite::Refuse, "org/m").unwrap();
        }
        let number = |text: &str| format!("{:?}", Value::from(text.parse::<f64>().unwrap()));
        assert_eq!(
            scores(&card),
            [
                format!("test acc {}", number("0.5")),
                format!("test f1 {}", number("0.25")),
                format!("dev acc {}", number("0.5")),
            ]
        );
        assert!(
            card.text()
                .starts_with("---\nlicense: mit # ours\nmodel-index:\n- name: m\n")
        );
    }

    #[test]
    fn another_value_of_the_same_measurement_is_overwritten_on_request_only() {
        let mut card = with_results();
        let better = index(&result("test", r#"{"type":"acc","value":0.75}"#));
        let refused = card.merge(&better, Overwrite::Refuse, "org/m");
        assert_eq!(refused, Err(BadCard::Differs("acc".to_owned())));
        card.merge(&better, Overwrite::Replace, "org/m").unwrap();
        assert_eq!(scores(&card).len(), 1);
        assert!(card.text().contains("value: 0.75\n"), "{}", card.text());
        assert!(card.text().contains("note: kept"), "{}", card.text());
    }

    #[test]
    fn a_verified_value_is_replaced_with_its_proof() {
        let verified = r#"{"type":"acc","value":1,"verified":true,"verifyToken":"old"}"#;
        let mut card = Card::new("");
        card.merge(&index(&result("test", verified)), Overwrite::Refuse, "m")
            .unwrap();
        let better = verified.replace("old", "new").replace('1', "2");
        card.merge(&index(&result("test", &better)), Overwrite::Replace, "m")
            .unwrap();
        assert!(card.text().contains("verifyToken: new"), "{}", card.text());
    }

    #[test]
    fn a_model_without_a_name_gets_one() {
        let unnamed = r#"{"model-index":[{"results":[]}]}"#;
        let unnamed: Mapping = serde_json::from_str(unnamed).unwrap();
        let mut card = Card::new("# T\n");
        card.merge(&unnamed, Overwrite::Refuse, "org/m").unwrap();
        assert_eq!(
            card.text(),
            "---\nmodel-index:\n- name: org/m\n  results: []\n---\n# T\n"
        );
    }

    #[test]
    fn measurements_that_lack_what_they_need_are_refused() {
        for results in [
            r#"{"task":{},"dataset":{"type":"d","name":"D"},"metrics":[]}"#,
            r#"{"task":{"type":"t"},"dataset":{"type":"d"},"metrics":[]}"#,
            r#"{"task":{"type":"t"},"dataset":{"type":"d","name":"D"}}"#,
            r#"{"task":{"type":"t"},"dataset":{"type":"d","name":"D"},"metrics":[{"type":"x"}]}"#,
            r#"{"task":{"type":"t"},"dataset":{"type":"d","name":"D"},"metrics":[],
                "source":{"name":"n"}}"#,
        ] {
            let refused = Card::new("").merge(&index(results), Overwrite::Refuse, "m");
            assert!(matches!(refused, Err(BadCard::Incomplete(_))), "{results}");
        }
    }
}
