//! The gate of a repository: who asked for access, and what the authors said.

use axum::http::{Method, StatusCode};
use hubdesk_core::{RepoId, date};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::about::Gate;
use crate::answer::Answer;
use crate::ask::Ask;
use crate::error::Refusal;
use crate::model::{Model, Repo};
use crate::repo::object_id;

/// Somebody's wish for access.
#[derive(Debug, Clone)]
pub(crate) struct AccessRequest {
    pub(crate) status: Status,
    /// What they filled in.
    pub(crate) fields: Value,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Pending,
    Accepted,
    Rejected,
}

impl Status {
    const ALL: [Self; 3] = [Self::Pending, Self::Accepted, Self::Rejected];

    fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
        }
    }

    fn parse(word: &str) -> Result<Self, Refusal> {
        let status = Self::ALL.into_iter().find(|status| status.as_str() == word);
        status.ok_or_else(|| Refusal::BadRequest(format!("{word:?} is not a status")))
    }
}

impl Model {
    /// Lets `user` past the gate of `repo`, whether or not they asked.
    pub fn grant(&self, repo: &RepoId, user: &str) {
        self.decide(repo, user, Status::Accepted);
    }

    /// Tells `user` no.
    pub fn reject(&self, repo: &RepoId, user: &str) {
        self.decide(repo, user, Status::Rejected);
    }

    fn decide(&self, repo: &RepoId, user: &str, status: Status) {
        let known = self.edit(repo, |repo| set(repo, user, status));
        assert!(known.is_some(), "there is no {repo}");
    }
}

fn set(repo: &mut Repo, user: &str, status: Status) {
    let request = repo.requests.entry(user.to_owned());
    let new = AccessRequest {
        status,
        fields: Value::Null,
    };
    request.or_insert(new).status = status;
}

/// `POST /{prefix}{id}/ask-access`, and `…/user-access-request/{what}` of the API.
pub(crate) fn answer(ask: &Ask<'_>, id: &RepoId, rest: &[&str]) -> Option<Result<Answer, Refusal>> {
    Some(match (&ask.method, rest) {
        (&Method::POST, ["ask-access"]) => request(ask, id),
        (&Method::POST, ["user-access-request", "cancel"]) => cancel(ask, id),
        (&Method::POST, ["user-access-request", "handle"]) => handle(ask, id),
        (&Method::POST, ["user-access-request", "grant"]) => grant(ask, id),
        (&Method::GET, ["user-access-request", status]) => list(ask, id, status),
        _ => return None,
    })
}

/// Unverified: that a token is enough; the Hub says that this is for browsers.
fn request(ask: &Ask<'_>, id: &RepoId) -> Result<Answer, Refusal> {
    let repo = ask.repo(id)?;
    let Some(credential) = &ask.credential else {
        return Err(Refusal::SignedOut);
    };
    let status = match gate(&repo)? {
        Gate::Auto => Status::Accepted,
        Gate::Manual => Status::Pending,
    };
    let fields = serde_json::from_slice(&ask.body).unwrap_or_default();
    let request = AccessRequest { status, fields };
    ask.hub.model.edit(&repo.id, |repo| {
        let user = credential.user.clone();
        repo.requests.entry(user).or_insert(request);
    });
    let (prefix, name) = (repo.id.kind().url_prefix(), repo.id.name());
    let page = format!("{}/{prefix}{name}", ask.hub.endpoint);
    Ok(Answer::redirect(StatusCode::SEE_OTHER, &page))
}

fn cancel(ask: &Ask<'_>, id: &RepoId) -> Result<Answer, Refusal> {
    let repo = ask.repo(id)?;
    let Some(credential) = &ask.credential else {
        return Err(Refusal::SignedOut);
    };
    let user = &credential.user;
    let is_pending = |request: &AccessRequest| request.status == Status::Pending;
    if !repo.requests.get(user).is_some_and(is_pending) {
        return Err(Refusal::NotFound);
    }
    ask.hub
        .model
        .edit(&repo.id, |repo| repo.requests.remove(user));
    Ok(Answer::json(Value::Null))
}

#[derive(Deserialize)]
struct Decision {
    user: String,
    status: String,
}

fn handle(ask: &Ask<'_>, id: &RepoId) -> Result<Answer, Refusal> {
    let repo = ask.writer(id)?;
    gate(&repo)?;
    let decision: Decision = ask.json()?;
    let status = Status::parse(&decision.status)?;
    match repo.requests.get(&decision.user) {
        Some(request) if request.status != status => {}
        _ => return Err(Refusal::NotFound),
    }
    let user = decision.user;
    ask.hub
        .model
        .edit(&repo.id, |repo| set(repo, &user, status));
    Ok(Answer::json(Value::Null))
}

#[derive(Deserialize)]
struct Grant {
    user: String,
}

fn grant(ask: &Ask<'_>, id: &RepoId) -> Result<Answer, Refusal> {
    let repo = ask.writer(id)?;
    gate(&repo)?;
    let Grant { user } = ask.json()?;
    let is_granted = |request: &AccessRequest| request.status == Status::Accepted;
    if repo.requests.get(&user).is_some_and(is_granted) {
        return Err(Refusal::BadRequest(format!("{user} has access already")));
    }
    if !ask.hub.people.users().contains(&user) {
        return Err(Refusal::NotFound);
    }
    ask.hub
        .model
        .edit(&repo.id, |repo| set(repo, &user, Status::Accepted));
    Ok(Answer::json(Value::Null))
}

fn list(ask: &Ask<'_>, id: &RepoId, status: &str) -> Result<Answer, Refusal> {
    let repo = ask.writer(id)?;
    gate(&repo)?;
    let status = Status::parse(status)?;
    let requests = repo
        .requests
        .iter()
        .filter(|(_, request)| request.status == status);
    let shown = requests.map(|(user, request)| {
        json!({
            "requestId": object_id(&format!("{} {user}", repo.id)),
            "user": {
                "_id": object_id(user),
                "user": user,
                "fullname": user,
                "email": format!("{user}@users.invalid"),
                "avatarUrl": format!("/avatars/{user}.svg"),
                "type": "user",
            },
            "status": status.as_str(),
            "timestamp": date::iso(repo.about.created),
            "fields": request.fields,
        })
    });
    Ok(Answer::json(shown.collect()))
}

fn gate(repo: &Repo) -> Result<Gate, Refusal> {
    let none = || Refusal::BadRequest("This repository is not gated".to_owned());
    repo.about.gate.ok_or_else(none)
}
