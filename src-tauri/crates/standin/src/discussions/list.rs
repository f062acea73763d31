use hubdesk_core::RepoId;
use serde::Deserialize;
use serde_json::json;

use super::check_enabled;
use crate::answer::Answer;
use crate::ask::Ask;
use crate::discussion::{Discussion, Status};
use crate::error::Refusal;
use crate::model::Repo;
use crate::settings::Sorting;
use crate::talk;

/// Discussions of one page.
const PAGE: usize = 50;

/// `GET …/discussions`, narrowed, in an order, a page at a time. Unverified: that `open` means
/// drafts, too, and `closed` merged ones.
pub(super) fn answer(ask: &Ask<'_>, id: &RepoId) -> Result<Answer, Refusal> {
    let repo = ask.repo(id)?;
    check_enabled(&repo)?;
    let wanted = |name, all: &[&str]| match ask.query.get(name) {
        Some(value) if !all.contains(&value) => {
            Err(Refusal::BadRequest(format!("Invalid {name}: {value}")))
        }
        value => Ok(value.unwrap_or("all")),
    };
    let kind = wanted("type", &["all", "discussion", "pull_request"])?;
    let status = wanted("status", &["all", "open", "closed"])?;
    let author = ask.query.get("author");
    let search = ask.query.get("search").map(str::to_lowercase);
    let fits = |one: &&Discussion| {
        let is_open = matches!(one.status, Status::Open | Status::Draft);
        let is_kind = kind == "all" || (kind == "pull_request") == one.pull.is_some();
        let is_status = status == "all" || (status == "open") == is_open;
        let is_found = |word: &String| one.title.to_lowercase().contains(word);
        is_kind
            && is_status
            && author.is_none_or(|author| one.author.as_deref() == Some(author))
            && search.as_ref().is_none_or(is_found)
    };
    let mut found: Vec<&Discussion> = repo.discussions.iter().filter(fits).collect();
    sort(&mut found, order(ask, &repo)?);
    let size = ask.hub.page_size.unwrap_or(PAGE);
    let page: usize = ask.query.get("p").map_or(Ok(0), str::parse).unwrap_or(0);
    let start = page.saturating_mul(size).min(found.len());
    let end = (start + size).min(found.len());
    let shown = found[start..end]
        .iter()
        .map(|one| talk::summary(&repo, one));
    let is_closed = |one: &&Discussion| matches!(one.status, Status::Closed | Status::Merged);
    Ok(Answer::json(json!({
        "discussions": shown.collect::<Vec<_>>(),
        "count": found.len(),
        "start": start,
        "numClosedDiscussions": repo.discussions.iter().filter(is_closed).count(),
    })))
}

/// What is asked for, or what the repository is set to.
fn order(ask: &Ask<'_>, repo: &Repo) -> Result<Sorting, Refusal> {
    let set = repo.about.settings.get("discussionsSorting");
    let word = match ask.query.get("sort") {
        Some(word) => json!(word),
        None => set.cloned().unwrap_or_else(|| json!("recently-created")),
    };
    Sorting::deserialize(word).map_err(|why| Refusal::BadRequest(format!("Invalid sort: {why}")))
}

/// From the newest first. Unverified: what makes a trend; here it is how much is said. Nobody
/// reacts to anything here.
fn sort(found: &mut [&Discussion], by: Sorting) {
    match by {
        Sorting::Trending => found.sort_by_key(|one| std::cmp::Reverse(one.comments())),
        Sorting::RecentlyCreated | Sorting::Reactions => {}
    }
}
