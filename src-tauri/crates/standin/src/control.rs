//! For test programs that run in another process: what was asked so far, and what others than the
//! one who is signed in would decide.

use axum::http::Method;
use hubdesk_core::{RepoId, RepoKind};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::ask::Ask;
use crate::error::Refusal;
use crate::log::{Host, Log, Record};
use crate::model::Found;

/// Where everything of it is; no repository can have this name.
const PLACE: &str = "/_standin/";

/// Whether `path` is about the stand-in itself.
pub(crate) fn is_at(path: &str) -> bool {
    path.starts_with(PLACE)
}

/// - `GET log` gives the requests that are remembered, `DELETE log` forgets them.
/// - `POST grant` `{kind, repo, user}` lets a person past a gate.
/// - `POST revoke` `{token}` takes a token back.
pub(crate) fn answer(ask: &Ask<'_>) -> Result<Answer, Refusal> {
    let what = ask.path.strip_prefix(PLACE).unwrap_or_default();
    match (&ask.method, what) {
        (&Method::GET, "log") => Ok(log(&ask.hub.log)),
        (&Method::DELETE, "log") => {
            ask.hub.log.clear();
            Ok(Answer::json(Value::Null))
        }
        (&Method::POST, "grant") => grant(ask),
        (&Method::POST, "revoke") => revoke(ask),
        _ => Err(Refusal::NotFound),
    }
}

fn log(log: &Log) -> Answer {
    let records = log.records();
    // Its own requests are nobody's business.
    let asked = records.iter().filter(|record| !is_at(&record.path));
    Answer::json(json!({ "requests": asked.map(row).collect::<Vec<_>>() }))
}

#[derive(Deserialize)]
struct Grant {
    kind: RepoKind,
    repo: String,
    user: String,
}

fn grant(ask: &Ask<'_>) -> Result<Answer, Refusal> {
    let grant: Grant = ask.json()?;
    let id =
        RepoId::new(grant.kind, &grant.repo).map_err(|why| Refusal::BadRequest(why.to_string()))?;
    match ask.hub.model.find(&id) {
        Found::Repo(repo) if repo.about.gate.is_some() => {
            ask.hub.model.grant(&id, &grant.user);
            Ok(Answer::json(Value::Null))
        }
        Found::Repo(_) | Found::Moved(_) | Found::Nothing => Err(Refusal::NotFound),
    }
}

#[derive(Deserialize)]
struct Revoke {
    token: String,
}

fn revoke(ask: &Ask<'_>) -> Result<Answer, Refusal> {
    let Revoke { token } = ask.json()?;
    ask.hub.people.revoke(&token);
    Ok(Answer::json(Value::Null))
}

fn row(record: &Record) -> Value {
    json!({
        "host": match record.host {
            Host::Hub => "hub",
            Host::Storage => "storage",
            Host::Xet => "xet",
        },
        "method": record.method,
        "path": record.path,
        "had_token": record.has_token,
        "range": record.range,
        "status": record.status,
        "bytes": record.body_bytes,
    })
}
