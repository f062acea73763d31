//! What a model scored on benchmarks, as files of their own: `.eval_results/*.yaml`.

use super::read::yaml;
use super::{BadCard, Mapping, Value, write};

/// One score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvalResult {
    /// The benchmark: a dataset's name.
    pub dataset: String,
    /// Which of its tasks.
    pub task: String,
    /// At which revision of the dataset.
    pub revision: Option<String>,
    /// What came out, usually a number.
    pub value: Value,
    /// When: an ISO date, or a date and time.
    pub date: Option<String>,
    /// The proof of a run that can be repeated.
    pub verify_token: Option<String>,
    /// Where it was published.
    pub source: Option<ResultSource>,
    /// Anything else.
    pub notes: Option<String>,
}

/// Where a score was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultSource {
    /// Its address.
    pub url: String,
    /// What it is called.
    pub name: Option<String>,
    /// The account that published it.
    pub user: Option<String>,
    /// The organisation that did.
    pub org: Option<String>,
}

/// The scores of one file. What is not known is left out; what is needed must be there.
pub fn read_results(text: &str) -> Result<Vec<EvalResult>, BadCard> {
    match yaml(text)? {
        Value::Null => Ok(Vec::new()),
        Value::List(items) => items.iter().enumerate().map(one).collect(),
        _ => Err(BadCard::Incomplete("the list of results".to_owned())),
    }
}

/// The text of a file with these scores.
pub fn write_results(results: &[EvalResult]) -> String {
    if results.is_empty() {
        return "[]\n".to_owned();
    }
    let items: Vec<Value> = results.iter().map(value).collect();
    let mut text = write::list(&items, 0).join("\n");
    text.push('\n');
    text
}

fn one((n, item): (usize, &Value)) -> Result<EvalResult, BadCard> {
    let missing = |what: &str| BadCard::Incomplete(format!("{what} of result {}", n + 1));
    let item = item.as_map().ok_or_else(|| missing("the mapping"))?;
    let text = |of: &Mapping, key: &str| of.text(key).map(str::to_owned);
    let dataset = item.get("dataset").and_then(Value::as_map);
    let dataset = dataset.ok_or_else(|| missing("dataset"))?;
    let source = match item.get("source").and_then(Value::as_map) {
        None => None,
        Some(source) => Some(ResultSource {
            url: text(source, "url").ok_or_else(|| missing("source.url"))?,
            name: text(source, "name"),
            user: text(source, "user"),
            org: text(source, "org"),
        }),
    };
    let value = item.get("value").filter(|value| **value != Value::Null);
    Ok(EvalResult {
        dataset: text(dataset, "id").ok_or_else(|| missing("dataset.id"))?,
        task: text(dataset, "task_id").ok_or_else(|| missing("dataset.task_id"))?,
        revision: text(dataset, "revision"),
        value: value.ok_or_else(|| missing("value"))?.clone(),
        date: text(item, "date"),
        verify_token: text(item, "verifyToken"),
        source,
        notes: text(item, "notes"),
    })
}

fn value(result: &EvalResult) -> Value {
    let dataset = texts([
        ("id", Some(&result.dataset)),
        ("task_id", Some(&result.task)),
        ("revision", result.revision.as_ref()),
    ]);
    let mut item = Mapping::new();
    item.set("dataset", dataset.into());
    item.set("value", result.value.clone());
    for (key, text) in [
        ("date", &result.date),
        ("verifyToken", &result.verify_token),
    ] {
        if let Some(text) = text {
            item.set(key, text.as_str().into());
        }
    }
    if let Some(source) = &result.source {
        let source = texts([
            ("url", Some(&source.url)),
            ("name", source.name.as_ref()),
            ("user", source.user.as_ref()),
            ("org", source.org.as_ref()),
        ]);
        item.set("source", source.into());
    }
    if let Some(notes) = &result.notes {
        item.set("notes", notes.as_str().into());
    }
    item.into()
}

fn texts<const N: usize>(entries: [(&str, Option<&String>); N]) -> Mapping {
    let said = entries.into_iter();
    said.filter_map(|(key, text)| Some((key, Value::from(text?.as_str()))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let whole = EvalResult {
            dataset: "org/bench".to_owned(),
            task: "hard".to_owned(),
            revision: Some("0123456".to_owned()),
            value: 20.5.into(),
            date: Some("2026-01-15".to_owned()),
            verify_token: Some("t".to_owned()),
            source: Some(ResultSource {
                url: "https://example.org/x#y".to_owned(),
                name: Some("A: report".to_owned()),
                user: None,
                org: Some("org".to_owned()),
            }),
            notes: Some("two\nlines".to_owned()),
        };
        let bare = EvalResult {
            revision: None,
            date: None,
            verify_token: None,
            source: None,
            notes: None,
            ..whole.clone()
        };
        let text = write_results(&[whole.clone(), bare.clone()]);
        assert!(text.contains("date: \"2026-01-15\""), "{text}");
        assert_eq!(read_results(&text).unwrap(), [whole, bare]);
        assert_eq!(read_results(&write_results(&[])).unwrap(), []);
    }

    #[test]
    fn what_lacks_what_it_needs_is_refused_with_its_number() {
        let ok = "- dataset: {id: a/b, task_id: t}\n  value: 1\n";
        for (text, what) in [
            (
                "- dataset: {id: a/b}\n  value: 1",
                "dataset.task_id of result 2",
            ),
            ("- dataset: {id: a/b, task_id: t}", "value of result 2"),
            (
                "- dataset: {id: a/b, task_id: t}\n  value: 1\n  source: {name: n}",
                "source.url of result 2",
            ),
            ("- 1", "the mapping of result 2"),
        ] {
            let expected = Err(BadCard::Incomplete(what.to_owned()));
            assert_eq!(read_results(&format!("{ok}{text}\n")), expected);
        }
        assert!(read_results("a: 1").is_err());
    }
}
