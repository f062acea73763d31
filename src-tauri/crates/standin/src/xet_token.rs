use std::time::Duration;

use axum::http::{HeaderName, Method};
use hubdesk_core::RepoId;
use serde_json::json;

use crate::answer::Answer;
use crate::ask::{self, Ask};
use crate::commit;
use crate::error::Refusal;

/// How long a token is good.
pub(crate) const LIFETIME: Duration = Duration::from_secs(900);

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
    let (store, token, expires) = key(ask, is_write).ok_or(Refusal::NotFound)?;
    // Said twice: one official client reads the headers, the other one the body.
    let header = |name| HeaderName::from_static(name);
    let body = json!({"casUrl": store, "accessToken": token, "exp": expires});
    Ok(Answer::json(body)
        .with(header("x-xet-cas-url"), store)
        .with(header("x-xet-access-token"), token)
        .with(header("x-xet-token-expiration"), expires.to_string()))
}

/// Where the store is, a key to it, and when that ends.
fn key(ask: &Ask<'_>, is_write: bool) -> Option<(String, String, u64)> {
    #[cfg(feature = "xet")]
    if let Some(store) = &ask.hub.xet {
        let (token, expires) = store.issue(ask.hub.secret(), is_write, ask.hub.seconds());
        return Some((store.address.clone(), token, expires));
    }
    // One elsewhere, of which nothing is known: it gets a word.
    let store = ask.hub.xet_store.clone()?;
    let token = if is_write { "xet_write" } else { "xet_read" };
    Some((
        store,
        token.to_owned(),
        ask.hub.seconds() + LIFETIME.as_secs(),
    ))
}
