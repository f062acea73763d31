//! Commits that arrive over HTTP.

use std::sync::Arc;
use std::time::UNIX_EPOCH;

use axum::http::Method;
use hubdesk_core::RepoId;
use serde::Deserialize;
use serde_json::json;

use crate::answer::Answer;
use crate::ask::Ask;
use crate::discussions;
use crate::error::Refusal;
use crate::model::Repo;
use crate::push::Push;

/// `POST /api/{kind}/{id}/commit/{revision}[?create_pr=1]`.
pub(crate) fn answer(ask: &Ask<'_>, id: &RepoId, rest: &[&str]) -> Option<Result<Answer, Refusal>> {
    match (&ask.method, rest) {
        (&Method::POST, ["commit", revision]) => Some(commit(ask, id, revision)),
        _ => None,
    }
}

/// The repository, if the caller may commit to `revision`. Unverified: that whoever may see a
/// repository may add to its pull requests, whoever opened them.
pub(crate) fn writer(ask: &Ask<'_>, id: &RepoId, revision: &str) -> Result<Arc<Repo>, Refusal> {
    if revision.starts_with("refs/pr/") {
        ask.holder_of("repo.write", id)?;
        ask.repo(id)
    } else {
        ask.writer(id)
    }
}

/// One line of the request.
#[derive(Deserialize)]
#[serde(tag = "key", content = "value", rename_all = "camelCase")]
pub(crate) enum Line {
    Header(Header),
    #[serde(rename_all = "camelCase")]
    File {
        path: String,
        content: String,
        #[serde(default)]
        encoding: Encoding,
    },
    LfsFile {
        path: String,
        oid: String,
        size: Option<u64>,
    },
    DeletedFile {
        path: String,
    },
    DeletedFolder {
        path: String,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Header {
    pub(crate) summary: String,
    #[serde(default)]
    pub(crate) description: String,
    pub(crate) parent_commit: Option<String>,
}

#[derive(Deserialize, Default)]
pub(crate) enum Encoding {
    #[serde(rename = "base64")]
    Base64,
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
}

fn commit(ask: &Ask<'_>, id: &RepoId, revision: &str) -> Result<Answer, Refusal> {
    let is_new = ask.query.is_true("create_pr");
    let author = ask.holder_of("repo.write", id)?;
    let repo = if is_new {
        let repo = ask.repo(id)?;
        ask.check_gate(&repo)?;
        discussions::check_enabled(&repo)?;
        repo
    } else {
        writer(ask, id, revision)?
    };
    let (header, operations) = parse(&ask.body)?;
    let now = ask.hub.clock.now().duration_since(UNIX_EPOCH);
    let push = Push {
        uploads: &ask.hub.uploads,
        #[cfg(feature = "xet")]
        xet: ask.hub.xet.as_deref(),
        header: &header,
        operations: &operations,
        author,
        now: now.unwrap_or_default().as_secs(),
    };
    // Looked up and changed under one lock: of two commits onto one parent only one happens.
    let made = ask
        .hub
        .model
        .edit(&repo.id, |repo| push.onto(repo, revision, is_new))
        .ok_or(Refusal::NotFound)??;
    let page = format!(
        "{}/{}{}",
        ask.hub.endpoint,
        repo.id.kind().url_prefix(),
        repo.id.name()
    );
    let mut answer = json!({
        "success": true,
        "commitOid": made.id,
        "commitUrl": format!("{page}/commit/{}", made.id),
        "hookOutput": "",
    });
    if let Some(number) = made.pull_request {
        answer["pullRequestUrl"] = json!(format!("{page}/discussions/{number}"));
    }
    Ok(Answer::json(answer))
}

fn parse(body: &[u8]) -> Result<(Header, Vec<Line>), Refusal> {
    let lines = serde_json::Deserializer::from_slice(body).into_iter::<Line>();
    let lines: Result<Vec<Line>, _> = lines.collect();
    let mut lines = lines
        .map_err(|error| Refusal::BadRequest(error.to_string()))?
        .into_iter();
    match lines.next() {
        Some(Line::Header(header)) if !header.summary.trim().is_empty() => {
            Ok((header, lines.collect()))
        }
        _ => Err(Refusal::BadRequest(
            "a commit begins with a header that has a summary".to_owned(),
        )),
    }
}
