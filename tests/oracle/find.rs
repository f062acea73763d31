//! Lists, searches and the words they can be narrowed by.

use futures_util::TryStreamExt;
use hubdesk_core::RepoKind;
use hubdesk_hub::{
    Hits, ListedRepo, QuickHits, QuickQuery, QuickRepo, RepoQuery, Sort, SpaceSearch, TagGroup,
};
use serde_json::{Map, Value, json};

use crate::Outcome;
use crate::question::Question;

pub(crate) async fn answer(asked: &Question) -> Outcome {
    let hub = &asked.hub;
    Ok(Some(match asked.call() {
        "list" => {
            let found: Vec<ListedRepo> = hub
                .all_repos(asked.kind()?, &query(asked)?)
                .try_collect()
                .await?;
            found.iter().map(listed).collect()
        }
        "search_spaces" => {
            let search = SpaceSearch {
                text: asked.text("text")?.to_owned(),
                ..SpaceSearch::default()
            };
            let found = hub.search_spaces(&search).await?;
            let found = found.iter();
            found
                .map(|one| json!([one.space.summary.id.name(), one.space.title, one.relevance]))
                .collect()
        }
        "tags" => match asked.kind()? {
            RepoKind::Dataset => groups(&hub.dataset_tags(None).await?, |group| group.as_str()),
            _ => groups(&hub.model_tags(None).await?, |group| group.as_str()),
        },
        "quicksearch" => {
            let query = QuickQuery {
                text: asked.text("text")?.to_owned(),
                ..QuickQuery::default()
            };
            hits(&hub.quicksearch(&query).await?)
        }
        "trending" => {
            let found = hub.trending(Some(asked.kind()?), 20).await?;
            found.iter().map(|one| one.summary.id.name()).collect()
        }
        _ => return Ok(None),
    }))
}

fn query(asked: &Question) -> Result<RepoQuery, Box<dyn std::error::Error>> {
    let owned = |text: &str| text.to_owned();
    let sort = match asked.some("sort") {
        None => None,
        Some("trending_score") => Some(Sort::Trending),
        Some("likes") => Some(Sort::Likes),
        Some("downloads") => Some(Sort::Downloads),
        Some("last_modified") => Some(Sort::Modified),
        Some("created_at") => Some(Sort::Created),
        Some(other) => return Err(format!("{other} is no order").into()),
    };
    Ok(RepoQuery {
        search: asked.some("search").map(owned),
        author: asked.some("author").map(owned),
        filter: asked.texts("filter").into_iter().map(owned).collect(),
        sort,
        ..RepoQuery::default()
    })
}

fn listed(repo: &ListedRepo) -> Value {
    let summary = &repo.summary;
    json!({
        "id": summary.id.name(),
        "author": repo.author,
        "is_private": summary.is_private,
        "downloads": summary.downloads,
        "likes": summary.likes,
        "tags": summary.tags,
        "pipeline_tag": summary.pipeline_tag,
        "library_name": summary.library_name,
        "sdk": summary.sdk,
    })
}

fn groups<G>(all: &[TagGroup<G>], name: impl Fn(&G) -> &str) -> Value {
    let groups = all.iter().map(|group| {
        let tags = group.tags.iter().map(|tag| json!([tag.id, tag.label]));
        (name(&group.group).to_owned(), tags.collect())
    });
    Value::Object(groups.collect::<Map<_, _>>())
}

fn hits(found: &QuickHits) -> Value {
    let repos = |hits: &Hits<QuickRepo>| -> Value {
        let best = hits.best.iter().map(|repo| repo.id.name());
        json!([best.collect::<Vec<_>>(), hits.total])
    };
    let users = found.users.best.iter().map(|user| user.name.as_str());
    let orgs = found.orgs.best.iter().map(|org| org.name.as_str());
    let collections = found.collections.best.iter().map(|one| one.title.as_str());
    json!({
        "models": repos(&found.models),
        "datasets": repos(&found.datasets),
        "spaces": repos(&found.spaces),
        "users": [users.collect::<Vec<_>>(), found.users.total],
        "orgs": [orgs.collect::<Vec<_>>(), found.orgs.total],
        "collections": [collections.collect::<Vec<_>>(), found.collections.total],
    })
}
