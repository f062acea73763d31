//! The small searches: while somebody types, by meaning, what is trending, and every tag in use.

use std::collections::{BTreeMap, BTreeSet};

use hubdesk_core::RepoKind;
use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::ask::Ask;
use crate::collections;
use crate::model::Repo;
use crate::overview::{brief, is_org};
use crate::repo::pick;
use crate::search::{BRIEF, Described, sort, visible};

/// Most entries of a quick search or a trending list.
const FEW: usize = 20;

/// `GET /api/quicksearch?q=`. `reposFilter`, `library`, `lang`, `pipelines` and `spacesTags` are
/// not looked at.
pub(crate) fn quick(ask: &Ask<'_>) -> Answer {
    let query = ask.query.get("q").unwrap_or_default().to_lowercase();
    let has = |text: &str| text.to_lowercase().contains(&query);
    let mut answer = Map::new();
    for kind in RepoKind::ALL {
        let mut found: Vec<_> = visible(ask, kind)
            .filter(|(repo, _)| has(repo.id.name()) && is_wanted(ask, repo))
            .collect();
        sort(&mut found, "trendingScore", false);
        let hits = found.iter().map(quick_hit).collect();
        put(ask, &mut answer, &kind.to_string(), hits);
    }
    let users = ask.hub.people.users();
    let (orgs, users) = (owners(ask), users.into_iter().filter(|user| has(user)));
    let orgs = orgs.into_iter().filter(|org| has(org));
    put(
        ask,
        &mut answer,
        "user",
        users.map(|name| brief(ask, &name)).collect(),
    );
    put(
        ask,
        &mut answer,
        "org",
        orgs.map(|name| brief(ask, &name)).collect(),
    );
    put(
        ask,
        &mut answer,
        "collection",
        collections::quick_hits(ask, &query),
    );
    for none in ["paper", "bucket", "kernel"] {
        put(ask, &mut answer, none, Vec::new());
    }
    Answer::json(Value::Object(answer))
}

/// Puts the best of what was found of a kind into the answer, and how many there are.
fn put(ask: &Ask<'_>, answer: &mut Map<String, Value>, kind: &str, mut hits: Vec<Value>) {
    let mut wanted = ask.query.all("type").peekable();
    if wanted.peek().is_some() && !wanted.any(|one| one == kind) {
        hits.clear();
    }
    answer.insert(format!("{kind}sCount"), json!(hits.len()));
    hits.truncate(limit(ask));
    answer.insert(format!("{kind}s"), Value::Array(hits));
}

fn is_wanted(ask: &Ask<'_>, repo: &Repo) -> bool {
    let name = format!("{}/{}", repo.id.kind().plural(), repo.id.name());
    ask.query.all("exclude").all(|excluded| excluded != name)
        && ask
            .query
            .all("namespace")
            .all(|owner| repo.id.owner() == Some(owner))
}

fn quick_hit((repo, all): &Described) -> Value {
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
}

/// Every organisation, with or without members.
fn owners(ask: &Ask<'_>) -> BTreeSet<String> {
    let repos = ask.hub.model.repos();
    let owners = repos.iter().filter_map(|repo| repo.id.owner());
    let mut orgs: BTreeSet<String> = owners.map(str::to_owned).collect();
    orgs.extend(ask.hub.people.orgs());
    orgs.retain(|name| is_org(ask, name));
    orgs
}

/// `GET /api/spaces/semantic-search?q=`. Instead of comparing meanings it counts how many of the
/// words are in the name, the title, the description and the tags.
pub(crate) fn spaces(ask: &Ask<'_>) -> Answer {
    let query = ask.query.get("q").unwrap_or_default().to_lowercase();
    let words: Vec<&str> = query.split_whitespace().collect();
    let sdks: Vec<&str> = ask.query.all("sdk").collect();
    let is_all = ask.query.is_true("includeNonRunning");
    let stage = |all: &Map<String, Value>| {
        let runtime = all.get("runtime")?;
        runtime.get("stage")?.as_str().map(str::to_owned)
    };
    let mut found: Vec<(usize, Value)> = visible(ask, RepoKind::Space)
        .filter(|(_, all)| is_all || stage(all).as_deref() == Some("RUNNING"))
        .filter(|(_, all)| {
            sdks.is_empty() || sdks.iter().any(|sdk| all.get("sdk") == Some(&json!(sdk)))
        })
        .filter(|(repo, _)| {
            let has = |tag: &str| repo.tags.iter().any(|one| one == tag);
            ask.query.all("filter").all(has)
        })
        .filter_map(|one| {
            let text = about(&one).to_lowercase();
            let hits = words.iter().filter(|word| text.contains(**word)).count();
            (hits > 0).then(|| (hits, found_space(&one, hits as f64 / words.len() as f64)))
        })
        .collect();
    found.sort_by(|(a, _), (b, _)| b.cmp(a));
    Answer::json(found.into_iter().map(|(_, space)| space).collect())
}

/// Where words are looked for.
fn about((repo, _): &Described) -> String {
    let card = ["title", "short_description"].map(|key| {
        let text = repo.card.get(key).and_then(Value::as_str);
        text.unwrap_or_default().to_owned()
    });
    format!(
        "{} {} {}",
        repo.id.name(),
        card.join(" "),
        repo.tags.join(" ")
    )
}

fn found_space((repo, all): &Described, relevance: f64) -> Value {
    let card = |key: &str| repo.card.get(key).cloned().unwrap_or_default();
    let of = |key: &str| all.get(key).cloned().unwrap_or_default();
    json!({
        "id": repo.id.name(),
        "author": repo.id.owner(),
        "title": card("title"),
        "emoji": card("emoji"),
        "sdk": of("sdk"),
        "likes": repo.about.likes,
        "private": repo.about.is_private,
        "tags": repo.tags,
        "runtime": of("runtime"),
        "lastModified": of("lastModified"),
        "ai_short_description": card("short_description"),
        "ai_category": "Other",
        "semanticRelevancyScore": relevance,
        "trendingScore": of("trendingScore"),
    })
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

/// What tags of models and of datasets can be about.
const TAG_TYPES: [&str; 18] = [
    "pipeline_tag",
    "library",
    "dataset",
    "language",
    "license",
    "arxiv",
    "doi",
    "region",
    "other",
    "benchmark",
    "task_categories",
    "task_ids",
    "size_categories",
    "modality",
    "format",
    "language_creators",
    "multilinguality",
    "source_datasets",
];

fn limit(ask: &Ask<'_>) -> usize {
    let limit = ask.query.get("limit").and_then(|text| text.parse().ok());
    limit.unwrap_or(FEW).clamp(1, FEW)
}
