//! A repository's large files in all of its history, what is left when history is one commit, and
//! removal for good.

use std::collections::BTreeSet;

use axum::http::Method;
use hubdesk_core::{Digest, RepoId, date};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::ask::Ask;
use crate::error::Refusal;
use crate::git::Blob;
use crate::page::page;

/// Files of one page, and of one removal.
const MOST: usize = 1000;
/// The longest message of a squash.
const LONGEST_MESSAGE: usize = 500;

/// `GET …/lfs-files`, `POST …/lfs-files/batch`, `DELETE …/lfs-files/{key}`,
/// `POST …/super-squash/{branch}`.
pub(crate) fn answer(ask: &Ask<'_>, id: &RepoId, rest: &[&str]) -> Option<Result<Answer, Refusal>> {
    Some(match (&ask.method, rest) {
        (&Method::GET, ["lfs-files"]) => list(ask, id),
        (&Method::POST, ["lfs-files", "batch"]) => delete_batch(ask, id),
        (&Method::DELETE, ["lfs-files", key]) => delete_one(ask, id, key),
        (&Method::POST, ["super-squash", branch]) => squash(ask, id, branch),
        _ => return None,
    })
}

/// What a large file is removed by. unverified: what the Hub takes; here the id of the pointer.
fn key(blob: &Blob) -> String {
    blob.id.to_string()
}

/// unverified: that it takes a right to write.
fn list(ask: &Ask<'_>, id: &RepoId) -> Result<Answer, Refusal> {
    let repo = ask.writer(id)?;
    let files = repo.large_files();
    page(ask, &files, MOST, MOST, |(path, blob, commit)| {
        json!({
            "fileOid": key(blob),
            "oid": blob.digest().to_string(),
            "size": blob.content.size(),
            "pushedAt": date::iso(commit.date),
            "filename": path,
            "ref": "refs/heads/main",
            "pusher": {"name": commit.author},
        })
    })
}

#[derive(Deserialize)]
struct Batch {
    deletions: Deletions,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Deletions {
    sha: Vec<String>,
    #[serde(default = "yes")]
    rewrite_history: bool,
}

fn yes() -> bool {
    true
}

fn delete_batch(ask: &Ask<'_>, id: &RepoId) -> Result<Answer, Refusal> {
    let Batch { deletions } = ask.json()?;
    if !(1..=MOST).contains(&deletions.sha.len()) {
        let why = "\"deletions.sha\" must contain between 1 and 1000 items".to_owned();
        return Err(Refusal::BadRequest(why));
    }
    delete(
        ask,
        id,
        &deletions.sha.into_iter().collect(),
        deletions.rewrite_history,
    )
}

fn delete_one(ask: &Ask<'_>, id: &RepoId, key: &str) -> Result<Answer, Refusal> {
    let rewrite_history = ask.query.get("rewriteHistory") != Some("false");
    delete(ask, id, &BTreeSet::from([key.to_owned()]), rewrite_history)
}

/// unverified: what becomes of keys that are not there; here nothing.
fn delete(
    ask: &Ask<'_>,
    id: &RepoId,
    keys: &BTreeSet<String>,
    rewrite_history: bool,
) -> Result<Answer, Refusal> {
    let repo = ask.writer(id)?;
    let files = repo.large_files();
    let doomed: BTreeSet<Digest> = files
        .iter()
        .filter(|(_, blob, _)| keys.contains(&key(blob)))
        .map(|(_, blob, _)| blob.digest())
        .collect();
    ask.hub.model.edit(&repo.id, |repo| {
        if rewrite_history {
            repo.rewrite(|file| file.blob.lfs.is_none() || !doomed.contains(&file.blob.digest()));
        } else {
            repo.gone.extend(doomed);
        }
    });
    Ok(Answer::json(Value::Null))
}

#[derive(Deserialize)]
struct Message {
    message: Option<String>,
}

fn squash(ask: &Ask<'_>, id: &RepoId, branch: &str) -> Result<Answer, Refusal> {
    let repo = ask.writer(id)?;
    let message = ask.json::<Message>()?.message.unwrap_or_default();
    if message.chars().count() > LONGEST_MESSAGE {
        let why = "\"message\" length must be at most 500 characters".to_owned();
        return Err(Refusal::BadRequest(why));
    }
    let full = format!("refs/heads/{branch}");
    if !repo.refs.contains_key(&full) {
        return Err(match repo.resolve(branch) {
            Some(_) => Refusal::BadRequest(format!("{branch} is not a branch")),
            None => Refusal::NoRevision(branch.to_owned()),
        });
    }
    let squashed = ask
        .hub
        .model
        .edit(&repo.id, |repo| repo.squash(&full, &message));
    let commit = squashed.flatten().ok_or(Refusal::NotFound)?;
    Ok(Answer::json(json!({"commitId": commit.as_str()})))
}
