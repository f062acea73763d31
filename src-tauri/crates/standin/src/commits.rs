use hubdesk_core::{RepoId, date};
use serde_json::json;

use crate::answer::{Answer, name};
use crate::ask::{self, Ask};
use crate::error::Refusal;
use crate::page::page;

/// Commits of one page, if nothing else is asked for, and at most.
const PAGE: usize = 50;
const MOST: usize = 1000;

/// `GET /api/{kind}/{id}/commits/{revision}`, newest first.
pub(crate) fn list(ask: &Ask<'_>, id: &RepoId, revision: &str) -> Result<Answer, Refusal> {
    let repo = ask.repo(id)?;
    let commits: Vec<_> = repo.history(ask::commit(&repo, revision)?).collect();
    let is_formatted = ask.query.all("expand").any(|what| what == "formatted");
    let answer = page(ask, &commits, PAGE, MOST, |commit| {
        let mut shown = json!({
            "id": commit.id.as_str(),
            "title": commit.title,
            "message": commit.message,
            "authors": [{"user": commit.author, "avatar": format!("/avatars/{}.svg", commit.author)}],
            "date": date::iso(commit.date),
        });
        if is_formatted {
            shown["formatted"] =
                json!({"title": escape(&commit.title), "message": escape(&commit.message)});
        }
        shown
    })?;
    Ok(answer.with(name::TOTAL_COUNT, commits.len().to_string()))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
