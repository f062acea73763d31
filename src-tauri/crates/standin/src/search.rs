//! Lists of repositories, and the small searches around them.

use std::collections::BTreeMap;
use std::sync::Arc;

use hubdesk_core::RepoKind;
use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::ask::Ask;
use crate::error::Refusal;
use crate::model::Repo;
use crate::page::page;
use crate::repo::{describe, object_id, pick};

/// Most entries of one page, as on the Hub.
const PAGE: usize = 1000;
/// Most entries of a quick search or a trending list.
const FEW: usize = 20;
/// What a list tells without being asked for more.
const BRIEF: [&str; 10] = [
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

/// `GET /api/{models|datasets|spaces}`.
pub(crate) fn list(ask: &Ask<'_>, kind: RepoKind) -> Result<Answer, Refusal> {
    let query = &ask.query;
    let words: Vec<String> = query.all("search").map(str::to_lowercase).collect();
    let gated = query.get("gated").map(|text| text == "true");
    let mut found: Vec<_> = visible(ask, kind)
        .filter(|(repo, _)| {
            let name = repo.id.name().to_lowercase();
            words.iter().all(|word| name.contains(word.as_str()))
                && query
                    .all("author")
                    .all(|author| repo.id.owner() == Some(author))
                && query
                    .all("filter")
                    .all(|tag| repo.tags.iter().any(|t| t == tag))
                && query
                    .all("pipeline_tag")
                    .all(|task| repo.card.get("pipeline_tag").and_then(Value::as_str) == Some(task))
                && gated.is_none_or(|wanted| repo.about.gate.is_some() == wanted)
        })
        .collect();
    let ascending = query
        .get("direction")
        .is_some_and(|direction| direction != "-1");
    sort(
        &mut found,
        query.get("sort").unwrap_or("trendingScore"),
        ascending,
    );
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

/// Highest first, or the reverse; repositories without the property come last, equals by name.
fn sort(found: &mut [(Arc<Repo>, Map<String, Value>)], key: &str, ascending: bool) {
    let key = if key == "likes30d" { "likes" } else { key };
    found.sort_by(|(_, a), (_, b)| {
        let (a, b) = (&a[key_or_id(a, key)], &b[key_or_id(b, key)]);
        let order = match (a.as_u64(), b.as_u64()) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => a.as_str().cmp(&b.as_str()),
        };
        if ascending { order } else { order.reverse() }
    });
}

fn key_or_id<'k>(all: &Map<String, Value>, key: &'k str) -> &'k str {
    if all.contains_key(key) { key } else { "id" }
}

/// `GET /api/quicksearch?q=`.
pub(crate) fn quick(ask: &Ask<'_>) -> Answer {
    let query = ask.query.get("q").unwrap_or_default().to_lowercase();
    let kinds: Vec<&str> = ask.query.all("type").collect();
    let limit = limit(ask);
    let mut answer = Map::new();
    for kind in RepoKind::ALL {
        let mut hits = Vec::new();
        if kinds.is_empty() || kinds.contains(&kind.to_string().as_str()) {
            let named = visible(ask, kind)
                .filter(|(repo, _)| repo.id.name().to_lowercase().contains(&query));
            hits.extend(named.map(|(repo, all)| {
                let mut hit = json!({
                    "_id": all["_id"],
                    "id": repo.id.name(),
                    "private": repo.about.is_private,
                    "trendingWeight": all["trendingScore"],
                });
                if let Some(emoji) = repo.card.get("emoji") {
                    hit["emoji"] = emoji.clone();
                }
                hit
            }));
        }
        answer.insert(format!("{}Count", kind.plural()), json!(hits.len()));
        hits.truncate(limit);
        answer.insert(kind.plural().to_owned(), Value::Array(hits));
    }
    let users = ask.hub.people.users();
    let users = users.iter().filter(|user| user.contains(&query));
    let users: Vec<Value> = users
        .map(|user| json!({"_id": object_id(user), "user": user, "fullname": user}))
        .collect();
    answer.insert("usersCount".to_owned(), json!(users.len()));
    answer.insert("users".to_owned(), Value::Array(users));
    for none in ["orgs", "papers", "collections", "buckets", "kernels"] {
        answer.insert(none.to_owned(), json!([]));
        answer.insert(format!("{none}Count"), json!(0));
    }
    Answer::json(Value::Object(answer))
}

/// `GET /api/trending`.
pub(crate) fn trending(ask: &Ask<'_>) -> Answer {
    let wanted = ask.query.get("type").unwrap_or("all");
    let mut found: Vec<_> = RepoKind::ALL
        .into_iter()
        .filter(|kind| wanted == "all" || wanted == kind.to_string())
        .flat_map(|kind| visible(ask, kind))
        .collect();
    sort(&mut found, "trendingScore", false);
    found.truncate(limit(ask));
    let entries = found.into_iter().map(|(repo, mut all)| {
        let names = [BRIEF.as_slice(), &["author", "gated", "lastModified"]].concat();
        pick(&mut all, &names);
        json!({"repoType": repo.id.kind(), "repoData": all})
    });
    Answer::json(json!({ "recentlyTrending": entries.collect::<Value>() }))
}

/// `GET /api/{models|datasets}-tags-by-type`: every tag in use, as a filter to choose from.
pub(crate) fn tags_by_type(ask: &Ask<'_>, kind: RepoKind) -> Answer {
    let mut by_type: BTreeMap<&str, BTreeMap<String, Value>> = BTreeMap::new();
    for (repo, _) in visible(ask, kind) {
        for tag in &repo.tags {
            let is_card = |key: &str| match repo.card.get(key) {
                Some(Value::String(value)) => value == tag,
                Some(Value::Array(values)) => values.iter().any(|value| value == tag),
                _ => false,
            };
            let group = match tag.split_once(':') {
                Some((group, _)) => group,
                None if is_card("pipeline_tag") => "pipeline_tag",
                None if is_card("language") => "language",
                None if is_card("tags") => "other",
                None => "library",
            };
            let label = tag.split_once(':').map_or(tag.as_str(), |(_, label)| label);
            let entry = json!({"id": tag, "label": label, "type": group});
            if let Some(group) = TAG_TYPES.into_iter().find(|known| *known == group) {
                by_type.entry(group).or_default().insert(tag.clone(), entry);
            }
        }
    }
    let wanted = ask.query.get("type");
    let groups = by_type
        .into_iter()
        .filter(|(group, _)| wanted.is_none_or(|wanted| wanted == *group))
        .map(|(group, tags)| (group.to_owned(), tags.into_values().collect::<Value>()));
    Answer::json(Value::Object(groups.collect()))
}

const TAG_TYPES: [&str; 11] = [
    "pipeline_tag",
    "library",
    "dataset",
    "language",
    "license",
    "base_model",
    "region",
    "other",
    "task_categories",
    "size_categories",
    "multilinguality",
];

fn visible(ask: &Ask<'_>, kind: RepoKind) -> impl Iterator<Item = (Arc<Repo>, Map<String, Value>)> {
    let repos = ask.hub.model.repos().into_iter();
    repos
        .filter(move |repo| repo.id.kind() == kind && ask.may_see(repo))
        .filter_map(|repo| {
            let all = describe(&repo, &*repo.resolve("main")?);
            Some((repo, all))
        })
}

fn limit(ask: &Ask<'_>) -> usize {
    let limit = ask.query.get("limit").and_then(|text| text.parse().ok());
    limit.unwrap_or(FEW).clamp(1, FEW)
}
