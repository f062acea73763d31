//! What a model scored, as it stands in the front matter of its card.
//!
//! ```yaml
//! model-index:
//! - name: my-model
//!   results:
//!   - task: {type: text-classification}
//!     dataset: {type: imdb, name: IMDb, split: test}
//!     metrics:
//!     - {type: accuracy, value: 0.91}
//!     source: {name: a leaderboard, url: https://…}
//! ```

use super::merge::Overwrite;
use super::{BadCard, Mapping, Value};

pub(super) const KEY: &str = "model-index";

/// One value of one result, with where it belongs.
struct Measurement<'a> {
    result: &'a Mapping,
    metric: &'a Mapping,
}

/// `old` and what `new` says beyond it. A measurement that is there with the same value is left
/// alone; with another value it is replaced if that is allowed; what is not there comes last.
/// Fields nobody knows stay.
pub(super) fn merged(
    old: Option<&Value>,
    new: &Value,
    overwrite: Overwrite,
    name: &str,
) -> Result<Value, BadCard> {
    let mut models = models(new)?;
    for model in &mut models {
        // A name belongs at the top.
        if model.get("name").is_none() {
            let known = old.and_then(first_name).unwrap_or(name);
            let named = [("name".to_owned(), Value::from(known))];
            let rest = model
                .iter()
                .map(|(key, value)| (key.to_owned(), value.clone()));
            *model = named.into_iter().chain(rest).collect();
        }
    }
    let mut all = match old {
        Some(Value::List(list)) if !list.is_empty() => self::models(&Value::List(list.clone()))?,
        _ => return Ok(models.into()),
    };
    for measurement in models.iter().flat_map(measurements) {
        place(&mut all, &measurement, overwrite)?;
    }
    Ok(all.into())
}

/// The models of an index, each with well-formed results.
fn models(index: &Value) -> Result<Vec<Mapping>, BadCard> {
    let incomplete = |what: &str| BadCard::Incomplete(format!("{what} of {KEY}"));
    let models = index.as_list().ok_or_else(|| incomplete("the list"))?;
    if models.is_empty() {
        return Err(incomplete("the first model"));
    }
    for result in models.iter().flat_map(results) {
        let has = |part: &str, key: &str| {
            let part = result
                .as_map()
                .and_then(|result| result.get(part)?.as_map());
            part.is_some_and(|part| part.text(key).is_some())
        };
        for (part, key) in [("task", "type"), ("dataset", "type"), ("dataset", "name")] {
            if !has(part, key) {
                return Err(incomplete(&format!("{part}.{key} of a result")));
            }
        }
        if has("source", "name") && !has("source", "url") {
            return Err(incomplete("source.url of a result"));
        }
        let metrics = list_of(result, "metrics").ok_or_else(|| incomplete("metrics"))?;
        let is_whole = |metric: &Value| {
            let metric = metric.as_map();
            metric.is_some_and(|metric| {
                metric.text("type").is_some() && metric.get("value").is_some()
            })
        };
        if !metrics.iter().all(is_whole) {
            return Err(incomplete("type and value of a metric"));
        }
    }
    let maps = models.iter().map(|model| model.as_map().cloned());
    maps.collect::<Option<_>>()
        .ok_or_else(|| incomplete("a model"))
}

fn results(model: &Value) -> &[Value] {
    list_of(model, "results").unwrap_or_default()
}

fn list_of<'a>(value: &'a Value, key: &str) -> Option<&'a [Value]> {
    value.as_map()?.get(key)?.as_list()
}

fn first_name(index: &Value) -> Option<&str> {
    index.as_list()?.first()?.as_map()?.text("name")
}

fn measurements(model: &Mapping) -> Vec<Measurement<'_>> {
    let results = model
        .get("results")
        .and_then(Value::as_list)
        .unwrap_or_default();
    let of_result = |result| {
        let metrics = list_of(result, "metrics").unwrap_or_default();
        metrics.iter().filter_map(|metric| {
            Some(Measurement {
                result: result.as_map()?,
                metric: metric.as_map()?,
            })
        })
    };
    results.iter().flat_map(of_result).collect()
}

impl Measurement<'_> {
    /// Whether both results are about the same.
    fn belongs_to(&self, result: &Mapping) -> bool {
        same(self.result, result, &["task"], &["type", "name"])
            && same(
                self.result,
                result,
                &["dataset"],
                &["type", "name", "config", "split", "revision", "args"],
            )
            && same(self.result, result, &["source"], &["name", "url"])
    }

    /// Whether both are the same measurement, whatever came out.
    fn is_metric(&self, metric: &Mapping) -> bool {
        let keys = ["type", "name", "config", "args", "verified"];
        keys.iter()
            .all(|key| said(self.metric.get(key)) == said(metric.get(key)))
    }
}

fn same(a: &Mapping, b: &Mapping, path: &[&str], keys: &[&str]) -> bool {
    let part = |of: &Mapping, key: &str| -> Option<Value> {
        let part = of.get(path[0])?.as_map()?;
        said(part.get(key)).cloned()
    };
    keys.iter().all(|key| part(a, key) == part(b, key))
}

/// `null` says as much as absence.
fn said(value: Option<&Value>) -> Option<&Value> {
    value.filter(|value| **value != Value::Null)
}

fn place(
    models: &mut [Mapping],
    new: &Measurement<'_>,
    overwrite: Overwrite,
) -> Result<(), BadCard> {
    let mut is_known = false;
    let results = models
        .iter_mut()
        .filter_map(|model| list_mut(model, "results"))
        .flatten();
    for result in results.filter_map(map_mut) {
        if !new.belongs_to(result) {
            continue;
        }
        let metrics = list_mut(result, "metrics").into_iter().flatten();
        for metric in metrics
            .filter_map(map_mut)
            .filter(|metric| new.is_metric(metric))
        {
            is_known = true;
            update(metric, new.metric, overwrite)?;
        }
    }
    if !is_known {
        append(&mut models[0], new);
    }
    Ok(())
}

fn update(old: &mut Mapping, new: &Mapping, overwrite: Overwrite) -> Result<(), BadCard> {
    if old.get("value") == new.get("value") {
        return Ok(());
    }
    if overwrite == Overwrite::Refuse {
        let metric = new.text("name").or(new.text("type")).unwrap_or_default();
        return Err(BadCard::Differs(metric.to_owned()));
    }
    if let Some(value) = new.get("value") {
        old.set("value", value.clone());
    }
    // The proof is one of the value.
    if old.get("verified") == Some(&Value::Bool(true)) {
        match new.get("verifyToken") {
            Some(token) => old.set("verifyToken", token.clone()),
            None => drop(old.remove("verifyToken")),
        }
    }
    Ok(())
}

fn append(model: &mut Mapping, new: &Measurement<'_>) {
    if list_mut(model, "results").is_none() {
        model.set("results", Value::List(Vec::new()));
    }
    let results = list_mut(model, "results").expect("it was just put there");
    let metric = Value::Map(new.metric.clone());
    let fitting = results
        .iter_mut()
        .filter_map(map_mut)
        .find(|result| new.belongs_to(result));
    if let Some(metrics) = fitting.and_then(|result| list_mut(result, "metrics")) {
        metrics.push(metric);
        return;
    }
    let mut result = new.result.clone();
    result.set("metrics", Value::List(vec![metric]));
    results.push(Value::Map(result));
}

fn list_mut<'a>(map: &'a mut Mapping, key: &str) -> Option<&'a mut Vec<Value>> {
    match map.get_mut(key)? {
        Value::List(list) => Some(list),
        _ => None,
    }
}

fn map_mut(value: &mut Value) -> Option<&mut Mapping> {
    match value {
        Value::Map(map) => Some(map),
        _ => None,
    }
}
