//! Lists of repositories.

use std::cmp::Ordering;
use std::sync::Arc;

use hubdesk_core::RepoKind;
use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::ask::{Ask, Query};
use crate::error::Refusal;
use crate::model::Repo;
use crate::page::page;
use crate::repo::{describe, pick};

/// Most entries of one page, as on the Hub.
const PAGE: usize = 1000;
/// What a list tells without being asked for more.
pub(crate) const BRIEF: [&str; 10] = [
    "likes",
    "trendingScore",
    "private",
    "downloads",
    "tags",
    "pipeline_tag",
    "library_name",
    "createdAt",
    "modelId",
    "sdk",
];

/// A repository, and everything the Hub says about it.
pub(crate) type Described = (Arc<Repo>, Map<String, Value>);

/// `GET /api/{models|datasets|spaces}`.
pub(crate) fn list(ask: &Ask<'_>, kind: RepoKind) -> Result<Answer, Refusal> {
    let query = &ask.query;
    let key = query.get("sort").unwrap_or("trendingScore");
    if !can_sort(kind, key) {
        return Err(Refusal::BadRequest(format!("Invalid sort: {key}")));
    }
    let bounds = bounds(query)?;
    let mut found: Vec<_> = visible(ask, kind)
        .filter(|one| fits(one, query))
        .filter(|one| match kind {
            RepoKind::Model => fits_model(one, query, bounds),
            RepoKind::Dataset => true,
            RepoKind::Space => fits_space(one, query),
        })
        .collect();
    let ascending = query
        .get("direction")
        .is_some_and(|direction| direction != "-1");
    sort(&mut found, key, ascending);
    let expand: Vec<&str> = query.all("expand").collect();
    page(ask, &found, PAGE, PAGE, |(_, all)| {
        let mut all = all.clone();
        if !expand.is_empty() {
            pick(&mut all, &expand);
        } else if !query.is_true("full") {
            let mut names = BRIEF.to_vec();
            names.extend(
                ["cardData", "config"]
                    .into_iter()
                    .filter(|key| query.is_true(key)),
            );
            pick(&mut all, &names);
        }
        Value::Object(all)
    })
}

/// What every kind can be narrowed by.
fn fits((repo, _): &Described, query: &Query) -> bool {
    let name = repo.id.name().to_lowercase();
    let gated = query.get("gated").map(|text| text == "true");
    query
        .all("search")
        .all(|word| name.contains(&word.to_lowercase()))
        && query
            .all("author")
            .all(|author| repo.id.owner() == Some(author))
        && query
            .all("filter")
            .all(|tag| repo.tags.iter().any(|one| one == tag))
        && gated.is_none_or(|wanted| repo.about.gate.is_some() == wanted)
}

fn fits_model((repo, all): &Described, query: &Query, (min, max): (f64, f64)) -> bool {
    let providers = texts(all.get("inferenceProviderMapping"), "provider");
    let is_any_of = |key: &str, has: &[String]| {
        let mut wanted = query.all(key).flat_map(|values| values.split(','));
        query.get(key).is_none() || wanted.any(|one| has.iter().any(|has| has == one))
    };
    let is_served = !providers.is_empty();
    let by_any = query.all("inference_provider").any(|one| one == "all");
    let size = parameters(all).map_or(f64::NAN, |count| count as f64);
    let is_sized = query.get("num_parameters").is_none() || (min..=max).contains(&size);
    query
        .all("pipeline_tag")
        .all(|task| all.get("pipeline_tag").and_then(Value::as_str) == Some(task))
        && is_any_of("apps", &repo.about.apps)
        && query
            .all("inference")
            .all(|warm| warm == "warm" && is_served)
        && (is_any_of("inference_provider", &providers) || by_any && is_served)
        && is_sized
}

/// Whether a Space must use all the named repositories or just one of them is unverified: all.
fn fits_space((_, all): &Described, query: &Query) -> bool {
    let models = texts(all.get("models"), "");
    let datasets = texts(all.get("datasets"), "");
    let is_linked = !models.is_empty() || !datasets.is_empty();
    query
        .all("models")
        .all(|one| models.iter().any(|has| has == one))
        && query
            .all("datasets")
            .all(|one| datasets.iter().any(|has| has == one))
        && (!query.is_true("linked") || is_linked)
}

/// The texts of a list, or the ones under `key` in a list of objects.
fn texts(list: Option<&Value>, key: &str) -> Vec<String> {
    let list = list.and_then(Value::as_array).into_iter().flatten();
    let text = |one: &Value| one.get(key).unwrap_or(one).as_str().map(str::to_owned);
    list.filter_map(text).collect()
}

fn parameters(all: &Map<String, Value>) -> Option<u64> {
    ["safetensors", "gguf"]
        .into_iter()
        .find_map(|key| all.get(key)?.get("total")?.as_u64())
}

/// `min:6B,max:128B`: the bounds of `num_parameters`.
fn bounds(query: &Query) -> Result<(f64, f64), Refusal> {
    let (mut min, mut max) = (0.0, f64::INFINITY);
    for bound in query
        .all("num_parameters")
        .flat_map(|bounds| bounds.split(','))
    {
        let count = |text: &str| -> Option<f64> {
            let units = [('K', 1e3), ('M', 1e6), ('B', 1e9), ('T', 1e12)];
            let unit = units.into_iter().find(|(name, _)| text.ends_with(*name));
            let (number, unit) = unit.map_or((text, 1.0), |(name, unit)| {
                (text.trim_end_matches(name), unit)
            });
            Some(number.parse::<f64>().ok()? * unit)
        };
        match bound
            .split_once(':')
            .map(|(side, text)| (side, count(text)))
        {
            Some(("min", Some(count))) => min = count,
            Some(("max", Some(count))) => max = count,
            _ => {
                let why = format!("Invalid num_parameters: {bound}");
                return Err(Refusal::BadRequest(why));
            }
        }
    }
    Ok((min, max))
}

/// Which orders a kind has is in part unverified, and so is that others are refused.
fn can_sort(kind: RepoKind, key: &str) -> bool {
    match key {
        "createdAt" | "likes" | "likes30d" | "lastModified" | "trendingScore" | "mainSize"
        | "id" | "_id" => true,
        "downloads" => kind != RepoKind::Space,
        "num_parameters" => kind == RepoKind::Model,
        "datasetsServerInfo.numRows" => kind == RepoKind::Dataset,
        _ => false,
    }
}

/// Highest first, or the reverse; repositories without the property come last, equals by name.
pub(crate) fn sort(found: &mut [Described], key: &str, ascending: bool) {
    found.sort_by(|one, other| {
        let (a, b) = (value(one, key), value(other, key));
        let order = match (&a, &b) {
            (Value::Null, Value::Null) => Ordering::Equal,
            (Value::Null, _) => return Ordering::Greater,
            (_, Value::Null) => return Ordering::Less,
            (Value::String(a), Value::String(b)) => a.cmp(b),
            _ => a.as_u64().cmp(&b.as_u64()),
        };
        let order = if ascending { order } else { order.reverse() };
        order.then_with(|| one.0.id.cmp(&other.0.id))
    });
}

/// What is compared, `null` if the repository does not have it.
fn value((repo, all): &Described, key: &str) -> Value {
    match key {
        "likes30d" => json!(repo.about.recent_likes.unwrap_or(repo.about.likes / 12)),
        "num_parameters" => json!(parameters(all)),
        "datasetsServerInfo.numRows" => json!(repo.about.rows),
        "mainSize" => all.get("usedStorage").cloned().unwrap_or_default(),
        _ => all.get(key).cloned().unwrap_or_default(),
    }
}

/// The repositories of a kind that the caller may know of.
pub(crate) fn visible(ask: &Ask<'_>, kind: RepoKind) -> impl Iterator<Item = Described> {
    let repos = ask.hub.model.repos().into_iter();
    repos
        .filter(move |repo| repo.id.kind() == kind && ask.may_see(repo))
        .filter_map(|repo| {
            let all = describe(&repo, &*repo.resolve("main")?);
            Some((repo, all))
        })
}
