use std::collections::BTreeMap;

use axum::http::Method;
use hubdesk_core::{CommitId, RepoId};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::ask::{self, Ask};
use crate::error::Refusal;
use crate::git::Commit;
use crate::model::Repo;

/// `GET /api/{kind}/{id}/refs[?include_prs=1]`.
pub(crate) fn list(ask: &Ask<'_>, id: &RepoId) -> Result<Answer, Refusal> {
    let repo = ask.repo(id)?;
    let group = |prefix: &str| -> Value {
        let refs = repo.refs.iter().filter_map(|(full, commit)| {
            let name = full.strip_prefix(prefix)?;
            Some(json!({"name": name, "ref": full, "targetCommit": commit.as_str()}))
        });
        refs.collect()
    };
    let mut answer = json!({
        "branches": group("refs/heads/"),
        "tags": group("refs/tags/"),
        "converts": group("refs/convert/"),
    });
    if ask.query.is_true("include_prs") {
        answer["pullRequests"] = group("refs/pr/");
    }
    Ok(Answer::json(answer))
}

/// `POST` and `DELETE …/branch/{name}`, `POST …/tag/{revision}`, `DELETE …/tag/{name}`.
pub(crate) fn answer(ask: &Ask<'_>, id: &RepoId, rest: &[&str]) -> Option<Result<Answer, Refusal>> {
    Some(match (&ask.method, rest) {
        (&Method::POST, ["branch", name]) => create_branch(ask, id, name),
        (&Method::DELETE, ["branch", name]) => delete_branch(ask, id, name),
        (&Method::POST, ["tag", revision]) => create_tag(ask, id, revision),
        (&Method::DELETE, ["tag", name]) => delete(ask, id, &format!("refs/tags/{name}")),
        _ => return None,
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewBranch {
    starting_point: Option<String>,
    #[serde(default)]
    empty_branch: bool,
    #[serde(default)]
    overwrite: bool,
}

fn create_branch(ask: &Ask<'_>, id: &RepoId, name: &str) -> Result<Answer, Refusal> {
    let repo = ask.writer(id)?;
    let new: NewBranch = ask.json()?;
    if name.starts_with("refs/") {
        let why = format!("Invalid reference for a branch: {name}");
        return Err(Refusal::BadRequest(why));
    }
    let full = format!("refs/heads/{name}");
    if repo.refs.contains_key(&full) && !new.overwrite {
        return Err(Refusal::Conflict(format!(
            "Reference {full} already exists"
        )));
    }
    if new.empty_branch {
        return begin(ask, &repo, &full);
    }
    let from = ask::commit(&repo, new.starting_point.as_deref().unwrap_or("main"))?;
    point(ask, &repo, full, from.id.clone())
}

/// A branch with a history of its own. Unverified: that it begins with a commit of no files, and
/// that a starting point beside it counts for nothing.
fn begin(ask: &Ask<'_>, repo: &Repo, full: &str) -> Result<Answer, Refusal> {
    let user = ask.holder_of("repo.write", &repo.id)?;
    let (now, title) = (ask.hub.seconds(), "initial commit");
    let commit = Commit::new(None, BTreeMap::new(), Vec::new(), title, user, now);
    let made = ask.hub.model.edit(&repo.id, |repo| repo.add(full, commit));
    made.ok_or(Refusal::NotFound)?;
    Ok(Answer::json(Value::Null))
}

fn delete_branch(ask: &Ask<'_>, id: &RepoId, name: &str) -> Result<Answer, Refusal> {
    if name == "main" {
        let why = "The main branch cannot be deleted".to_owned();
        return Err(Refusal::BadRequest(why));
    }
    delete(ask, id, &format!("refs/heads/{name}"))
}

#[derive(Deserialize)]
struct NewTag {
    tag: String,
    message: Option<Value>,
}

fn create_tag(ask: &Ask<'_>, id: &RepoId, revision: &str) -> Result<Answer, Refusal> {
    let repo = ask.writer(id)?;
    let NewTag { tag, message } = ask.json()?;
    // Nothing of the API ever shows it again.
    if message.is_some_and(|message| !message.is_string()) {
        let why = "\"message\" must be a string".to_owned();
        return Err(Refusal::BadRequest(why));
    }
    let full = format!("refs/tags/{tag}");
    if repo.refs.contains_key(&full) {
        return Err(Refusal::Conflict(format!("Tag {tag} already exists")));
    }
    let from = ask::commit(&repo, revision)?;
    point(ask, &repo, full, from.id.clone())
}

fn point(ask: &Ask<'_>, repo: &Repo, full: String, to: CommitId) -> Result<Answer, Refusal> {
    ask.hub
        .model
        .edit(&repo.id, |repo| repo.refs.insert(full, to))
        .ok_or(Refusal::NotFound)?;
    Ok(Answer::json(Value::Null))
}

fn delete(ask: &Ask<'_>, id: &RepoId, full: &str) -> Result<Answer, Refusal> {
    let repo = ask.writer(id)?;
    let gone = ask.hub.model.edit(&repo.id, |repo| repo.refs.remove(full));
    match gone.flatten() {
        Some(_) => Ok(Answer::json(Value::Null)),
        None => Err(Refusal::NoRevision(full.to_owned())),
    }
}
