//! The second host: large files behind signed links. It never wants to see a token.

use std::time::Duration;

use axum::http::{Method, StatusCode, header};
use hubdesk_core::{Digest, RepoId, RepoKind};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::answer::Answer;
use crate::ask::Ask;
use crate::error::Refusal;
use crate::model::Found;
use crate::standin::Hub;
use crate::{file, lfs};

/// How long a link is good, as on the Hub.
const LIFETIME: Duration = Duration::from_secs(3600);
/// Below this uploads arrive. No kind of repository is called so.
const UPLOADS: &str = "/upload/";
/// Below this lie the bytes of the chunk store, at its own host.
pub(crate) const XORBS: &str = "/xorbs/";
/// What signatures are made with. Nobody's secret: links are checked, not protected.
const KEY: &str = "the storage of the stand-in";

/// A link to a large file that works for a while.
pub(crate) fn link(hub: &Hub, repo: &RepoId, sha256: &Digest, file_name: &str) -> String {
    let path = format!("/{}/{}/{sha256}", repo.kind().plural(), repo.name());
    let expires = hub.seconds() + LIFETIME.as_secs();
    let name = file::disposition(file_name);
    let name = utf8_percent_encode(&name, NON_ALPHANUMERIC);
    let signature = sign(&path, expires);
    format!(
        "{}{path}?response-content-disposition={name}&exp={expires}&sig={signature}",
        hub.storage
    )
}

/// A link to put a large file, or a part of one, or to complete it, that works for a while.
/// `rest` is `{sha256}` and what comes after it.
pub(crate) fn upload_link(hub: &Hub, repo: &RepoId, rest: &str) -> String {
    let path = format!("{UPLOADS}{}/{}/{rest}", repo.kind().plural(), repo.name());
    signed(hub, &hub.storage, &path)
}

/// The address of `path` at `host`, good for a while.
pub(crate) fn signed(hub: &Hub, host: &str, path: &str) -> String {
    let expires = hub.seconds() + LIFETIME.as_secs();
    let signature = sign(path, expires);
    format!("{host}{path}?exp={expires}&sig={signature}")
}

/// Any request to the storage host: it must be signed, and without a token.
pub(crate) fn answer(ask: &Ask<'_>) -> Result<Answer, Refusal> {
    check(ask)?;
    match (&ask.method, ask.path.strip_prefix(UPLOADS)) {
        (&Method::GET | &Method::HEAD, None) => get(ask),
        (&Method::PUT, Some(rest)) => lfs::put(ask, rest),
        (&Method::POST, Some(rest)) => lfs::complete(ask, rest),
        _ => Err(Refusal::NotFound),
    }
}

/// A request by a signed link: the link is good, and there is no token.
pub(crate) fn check(ask: &Ask<'_>) -> Result<(), Refusal> {
    if ask.headers.contains_key(header::AUTHORIZATION) {
        let why = "Only one auth mechanism allowed: the link is signed, and there is a token";
        return Err(Refusal::BadRequest(why.to_owned()));
    }
    let expires: Option<u64> = ask.query.get("exp").and_then(|text| text.parse().ok());
    let is_valid = expires.is_some_and(|expires| {
        ask.hub.seconds() < expires && ask.query.get("sig") == Some(&sign(ask.path, expires))
    });
    if is_valid {
        Ok(())
    } else {
        Err(Refusal::Other(StatusCode::FORBIDDEN))
    }
}

/// `GET` and `HEAD /{kind}s/{id}/{sha256}?…&exp=…&sig=…`.
fn get(ask: &Ask<'_>) -> Result<Answer, Refusal> {
    let content = find(ask).ok_or(Refusal::NotFound)?;
    let etag = format!("\"{}\"", content.sha256());
    let disposition = ask.query.get("response-content-disposition");
    let whole = Answer::content(content)
        .with(header::CONTENT_TYPE, "application/octet-stream")
        .with(header::CONTENT_DISPOSITION, disposition.unwrap_or("inline"))
        .with(header::ETAG, &etag)
        .with(header::ACCEPT_RANGES, "bytes");
    Ok(file::ranged(ask, whole, &etag))
}

fn find(ask: &Ask<'_>) -> Option<crate::Content> {
    let (repo, sha256) = ask.path.strip_prefix('/')?.rsplit_once('/')?;
    match ask.hub.model.find(&repo_id(repo)?) {
        Found::Repo(repo) => Some(repo.large_file(&Digest::parse(sha256)?)?.content.clone()),
        Found::Moved(_) | Found::Nothing => None,
    }
}

/// `{kind}s/{id}`.
pub(crate) fn repo_id(text: &str) -> Option<RepoId> {
    let (kind, name) = text.split_once('/')?;
    let kind = RepoKind::ALL.into_iter().find(|k| k.plural() == kind)?;
    RepoId::new(kind, name).ok()
}

fn sign(path: &str, expires: u64) -> String {
    Digest::sha256(format!("{KEY} {path} {expires}").as_bytes()).to_string()
}
