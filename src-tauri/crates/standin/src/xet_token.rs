use std::time::UNIX_EPOCH;

use axum::http::{HeaderName, Method};
use hubdesk_core::RepoId;
use serde_json::json;

use crate::answer::Answer;
use crate::ask::{self, Ask};
use crate::commit;
use crate::error::Refusal;

/// How long a token is good, in seconds.
const LIFETIME: u64 = 900;

/// `GET /api/{kind}/{id}/xet-{read,write}-token/{revision}`. Not found where there is no store.
pub(crate) fn answer(ask: &Ask<'_>, id: &RepoId, rest: &[&str]) -> Option<Result<Answer, Refusal>> {
    match (&ask.method, rest) {
        (&Method::GET, ["xet-read-token", revision]) => Some(token(ask, id, revision, false)),
        (&Method::GET, ["xet-write-token", revision]) => Some(token(ask, id, revision, true)),
        _ => None,
    }
}

fn token(ask: &Ask<'_>, id: &RepoId, revision: &str, is_write: bool) -> Result<Answer, Refusal> {
    let repo = ask.repo(id)?;
    if !is_write {
        ask.check_gate(&repo)?;
        ask::commit(&repo, revision)?;
    } else if ask.query.is_true("create_pr") {
        ask.holder_of("repo.write", id)?;
    } else {
        let repo = commit::writer(ask, id, revision)?;
        ask::commit(&repo, revision)?;
    }
    let store = ask.hub.xet_store.as_ref().ok_or(Refusal::NotFound)?;
    let now = ask.hub.clock.now().duration_since(UNIX_EPOCH);
    let expires = now.unwrap_or_default().as_secs() + LIFETIME;
    let token = if is_write { "xet_write" } else { "xet_read" };
    // Said twice: one official client reads the headers, the other one the body.
    let header = |name| HeaderName::from_static(name);
    let body = json!({"casUrl": store, "accessToken": token, "exp": expires});
    Ok(Answer::json(body)
        .with(header("x-xet-cas-url"), store)
        .with(header("x-xet-access-token"), token)
        .with(header("x-xet-token-expiration"), expires.to_string()))
}
