use hubdesk_core::RepoId;
use hubdesk_download::Listing;
use hubdesk_hub::{Cursor, Gated, Hub, RepoQuery, RepoSummary};

use super::{repo_id, revision};
use crate::App;
use crate::api::{
    ApiError, Card, FileList, FileRow, RepoAt, RepoListRequest, RepoOverview, RepoPage, RepoRef,
    RepoRow,
};
use crate::error::{download_error, hub_error};
use crate::{card, here};

/// Repositories on one page of a list.
const PAGE: u32 = 50;

pub(crate) async fn repo_list(app: &App, request: RepoListRequest) -> Result<RepoPage, ApiError> {
    let hub = app.sessions().open()?.hub.clone();
    let search = request.search.trim();
    let query = RepoQuery {
        search: (!search.is_empty()).then(|| search.to_owned()),
        limit: Some(PAGE),
        ..RepoQuery::default()
    };
    let cursor = request.cursor.map(Cursor::from);
    let page = hub
        .repos(request.kind, &query, cursor.as_ref())
        .await
        .map_err(|error| hub_error("the list", &error))?;
    let found = page.items;
    let rows = move |app: &App| {
        found
            .into_iter()
            .map(|found| row(app, found.summary))
            .collect()
    };
    Ok(RepoPage {
        repos: app.blocking(rows).await,
        next: page.next.map(|cursor| cursor.as_str().to_owned()),
    })
}

pub(crate) async fn repo_overview(app: &App, request: RepoAt) -> Result<RepoOverview, ApiError> {
    let hub = app.sessions().open()?.hub.clone();
    let (id, asked) = (repo_id(&request.repo)?, revision(&request.revision)?);
    let repo = hub.repo(&id);
    let (info, refs) = tokio::try_join!(repo.info(&asked), repo.refs())
        .map_err(|error| hub_error(&id.to_string(), &error))?;
    let found = info.summary;
    let names = |refs: Vec<hubdesk_hub::Ref>| refs.into_iter().map(|found| found.name).collect();
    let licence = |tag: &String| tag.strip_prefix("license:").map(str::to_owned);
    Ok(RepoOverview {
        web_url: web_url(&hub, &found.id),
        repo: reference(&found.id),
        revision: request.revision,
        commit: info.sha.to_string(),
        task: found.pipeline_tag,
        library: found.library_name.or(found.sdk),
        licence: found.tags.iter().find_map(licence),
        is_gated: found.gated != Gated::No,
        is_private: found.is_private,
        likes: found.likes.unwrap_or(0),
        downloads: found.downloads,
        updated: found.last_modified,
        branches: names(refs.branches),
        tags: names(refs.tags),
        pull_requests: refs
            .pull_requests
            .into_iter()
            .map(|found| found.full_name)
            .collect(),
    })
}

pub(crate) async fn repo_card(app: &App, request: RepoAt) -> Result<Option<Card>, ApiError> {
    let hub = app.sessions().open()?.hub.clone();
    let (id, asked) = (repo_id(&request.repo)?, revision(&request.revision)?);
    let text = card::fetch(&hub.repo(&id), &asked)
        .await
        .map_err(|error| hub_error(&id.to_string(), &error))?;
    let base = format!("{}/blob/{}/", web_url(&hub, &id), request.revision);
    Ok(match text {
        Some(text) => Some(app.cards().render(text, base).await),
        None => None,
    })
}

pub(crate) async fn repo_files(app: &App, request: RepoAt) -> Result<FileList, ApiError> {
    let (id, asked) = (repo_id(&request.repo)?, revision(&request.revision)?);
    let parts = app.parts()?;
    let listing = hubdesk_download::list(&id, &asked, &parts)
        .await
        .map_err(|error| download_error(&error))?;
    Ok(app
        .blocking(move |_| file_list(&parts.cache, &id, listing))
        .await)
}

fn file_list(cache: &hubdesk_cache::Cache, id: &RepoId, listing: Listing) -> FileList {
    let are_here = here::has_files(cache, id, &listing.commit, &listing.entries);
    let bytes = listing
        .entries
        .iter()
        .fold(0, |sum: u64, entry| sum.saturating_add(entry.size));
    let files = listing
        .entries
        .into_iter()
        .zip(are_here)
        .map(|(entry, is_here)| FileRow {
            problem: entry.path.err().map(|why| why.to_string()),
            path: entry.name,
            bytes: entry.size,
            is_large: entry.is_large,
            is_here,
        });
    let mut files: Vec<_> = files.collect();
    files.sort_by(|one, other| one.path.cmp(&other.path));
    FileList {
        commit: listing.commit.to_string(),
        files,
        bytes,
    }
}

fn row(app: &App, found: RepoSummary) -> RepoRow {
    RepoRow {
        is_here: here::has_repo(app.cache(), &found.id),
        repo: reference(&found.id),
        task: found.pipeline_tag,
        library: found.library_name.or(found.sdk),
        likes: found.likes.unwrap_or(0),
        downloads: found.downloads,
        updated: found.last_modified,
        is_gated: found.gated != Gated::No,
        is_private: found.is_private,
    }
}

fn reference(id: &RepoId) -> RepoRef {
    RepoRef {
        kind: id.kind(),
        name: id.name().to_owned(),
    }
}

/// Names hold no character that would need escaping.
pub(crate) fn web_url(hub: &Hub, id: &RepoId) -> String {
    format!("{}/{}{}", hub.endpoint(), id.kind().url_prefix(), id.name())
}
