//! Large files on their way in: the batch call of git, the storage host, and verification.

use axum::http::{Method, StatusCode, header};
use hubdesk_core::{Digest, RepoId};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::ask::Ask;
use crate::error::Refusal;
use crate::model::Repo;
use crate::serve::UPLOAD;
use crate::storage;
use crate::uploads::ROOM;

/// Objects in one question.
const MOST_OBJECTS: usize = 256;

/// `POST /{prefix}{id}.git/info/lfs/objects/{batch,verify}`, `POST …/lfs-files/duplicate`.
pub(crate) fn answer(ask: &Ask<'_>, id: &RepoId, rest: &[&str]) -> Option<Result<Answer, Refusal>> {
    Some(match (&ask.method, rest) {
        (&Method::POST, ["lfs", "batch"]) => batch(ask, id),
        (&Method::POST, ["lfs", "verify"]) => verify(ask, id),
        (&Method::POST, ["lfs-files", "duplicate"]) => duplicate(ask, id),
        _ => return None,
    })
}

#[derive(Deserialize)]
struct Question {
    operation: String,
    #[serde(default)]
    transfers: Vec<String>,
    objects: Vec<Object>,
}

#[derive(Deserialize)]
struct Object {
    oid: String,
    size: u64,
}

impl Object {
    fn sha256(&self) -> Result<Digest, Refusal> {
        sha256(&self.oid)
    }
}

fn sha256(text: &str) -> Result<Digest, Refusal> {
    match Digest::parse(text) {
        Some(oid @ Digest::Sha256(_)) => Ok(oid),
        _ => Err(Refusal::BadRequest(format!("{text:?} is not a sha256"))),
    }
}

/// Whoever may open a pull request may upload for it. Unverified: which rights the Hub wants here.
fn batch(ask: &Ask<'_>, id: &RepoId) -> Result<Answer, Refusal> {
    let repo = ask.repo(id)?;
    ask.holder_of("repo.write", id)?;
    let question: Question = ask.json()?;
    if question.operation != "upload" || question.objects.len() > MOST_OBJECTS {
        let why = "only uploads of at most 256 objects are answered";
        return Err(Refusal::BadRequest(why.to_owned()));
    }
    let takes_parts = question.transfers.iter().any(|way| way == "multipart");
    let objects: Result<Vec<Value>, Refusal> = question
        .objects
        .iter()
        .map(|object| slot(ask, &repo, object, takes_parts))
        .collect();
    Ok(Answer::json(
        json!({"transfer": "basic", "objects": objects?}),
    ))
}

fn slot(ask: &Ask<'_>, repo: &Repo, object: &Object, takes_parts: bool) -> Result<Value, Refusal> {
    let oid = object.sha256()?;
    let mut slot = json!({"oid": object.oid, "size": object.size});
    if repo.large_file(&oid).is_some() || ask.hub.uploads.verified(&repo.id, oid).is_some() {
        return Ok(slot);
    }
    let link = |rest: &str| storage::upload_link(ask.hub, &repo.id, &format!("{oid}{rest}"));
    let part_size = ask.hub.uploads.part_size;
    let is_in_parts = takes_parts && object.size > part_size;
    let most = if is_in_parts { ROOM } else { UPLOAD as u64 };
    if object.size > most {
        slot["error"] = json!({"code": 422, "message": "larger than this stand-in keeps"});
        return Ok(slot);
    }
    let upload = if is_in_parts {
        let mut header = json!({"chunk_size": part_size.to_string()});
        for part in 1..=object.size.div_ceil(part_size) {
            header[format!("{part:05}")] = json!(link(&format!("/{part}")));
        }
        json!({"href": link("/complete"), "header": header})
    } else {
        json!({"href": link("")})
    };
    let (prefix, name) = (repo.id.kind().url_prefix(), repo.id.name());
    let verify = format!(
        "{}/{prefix}{name}.git/info/lfs/objects/verify",
        ask.hub.endpoint
    );
    slot["actions"] = json!({"upload": upload, "verify": {"href": verify}});
    Ok(slot)
}

/// `PUT /upload/{kind}s/{id}/{sha256}[/{part}]` at the storage host, by a signed link. What comes
/// is taken as it is; whether it is what was announced is asked later.
pub(crate) fn put(ask: &Ask<'_>, rest: &str) -> Result<Answer, Refusal> {
    // A chunked body has no length, and the storage hosts of the Hub want one.
    if ask.header(header::CONTENT_LENGTH).is_none() {
        return Err(Refusal::Other(StatusCode::LENGTH_REQUIRED));
    }
    let (rest, part) = match rest.rsplit_once('/') {
        Some((object, part)) if part.len() < 64 => {
            (object, Some(part.parse().map_err(|_| Refusal::NotFound)?))
        }
        _ => (rest, None),
    };
    let (repo, oid) = place(rest)?;
    let content = crate::Content::bytes(ask.body.clone());
    let etag = format!("\"{}\"", content.git_blob());
    if !ask.hub.uploads.put(&repo, oid, part, content) {
        return Err(Refusal::Other(StatusCode::INSUFFICIENT_STORAGE));
    }
    Ok(Answer::json(Value::Null).with(header::ETAG, etag))
}

#[derive(Deserialize)]
struct Completion {
    parts: Vec<Part>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Part {
    part_number: u64,
    etag: String,
}

/// `POST /upload/{kind}s/{id}/{sha256}/complete` at the storage host, by a signed link. On the Hub
/// it is an address of the Hub itself; unverified whether it wants a token, but clients send none.
pub(crate) fn complete(ask: &Ask<'_>, rest: &str) -> Result<Answer, Refusal> {
    let rest = rest.strip_suffix("/complete").ok_or(Refusal::NotFound)?;
    let (repo, oid) = place(rest)?;
    let Completion { parts } = ask.json()?;
    let digest = |part: &Part| Some((part.part_number, Digest::parse_etag(&part.etag)?));
    let parts: Option<Vec<_>> = parts.iter().map(digest).collect();
    let is_complete = parts.is_some_and(|parts| ask.hub.uploads.complete(&repo, oid, &parts));
    if is_complete {
        Ok(Answer::json(json!({})))
    } else {
        let why = "the parts are not those that were sent";
        Err(Refusal::BadRequest(why.to_owned()))
    }
}

/// `{kind}s/{id}/{sha256}`.
fn place(text: &str) -> Result<(RepoId, Digest), Refusal> {
    let (repo, oid) = text.rsplit_once('/').ok_or(Refusal::NotFound)?;
    let repo = storage::repo_id(repo).ok_or(Refusal::NotFound)?;
    Ok((repo, sha256(oid)?))
}

fn verify(ask: &Ask<'_>, id: &RepoId) -> Result<Answer, Refusal> {
    let repo = ask.repo(id)?;
    ask.holder_of("repo.write", id)?;
    let object: Object = ask.json()?;
    let content = ask.hub.uploads.verified(&repo.id, object.sha256()?);
    match content {
        Some(content) if content.size() == object.size => Ok(Answer::json(json!({}))),
        // Unverified: the Hub's status and words.
        _ => Err(Refusal::BadRequest(
            "the content does not have the size and sha256 that were announced".to_owned(),
        )),
    }
}

#[derive(Deserialize)]
struct Duplication {
    target: Target,
    files: Vec<Copied>,
}

#[derive(Deserialize)]
struct Target {
    #[serde(rename = "type")]
    kind: String,
    name: String,
}

#[derive(Deserialize)]
struct Copied {
    sha256: String,
}

/// Makes large files of one repository known in another. Read access here, write access there.
fn duplicate(ask: &Ask<'_>, id: &RepoId) -> Result<Answer, Refusal> {
    let source = ask.repo(id)?;
    ask.check_gate(&source)?;
    let Duplication { target, files } = ask.json()?;
    let into = storage::repo_id(&format!("{}s/{}", target.kind, target.name));
    let into = ask.writer(&into.ok_or(Refusal::NotFound)?)?;
    let mut failed = Vec::new();
    for file in &files {
        let oid = sha256(&file.sha256)?;
        let is_copied = source.large_file(&oid).is_some_and(|blob| {
            let uploads = &ask.hub.uploads;
            uploads.put(&into.id, oid, None, blob.content.clone())
        });
        if !is_copied {
            failed.push(json!({"sha256": file.sha256, "error": "File not found"}));
        }
    }
    Ok(Answer::json(json!({ "failed": failed })))
}
