//! A request, taken apart once for all handlers.

use std::sync::Arc;

use axum::http::{HeaderMap, Method, header};
use bytes::Bytes;
use hubdesk_core::{CommitId, RepoId};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::de::DeserializeOwned;

use crate::error::Refusal;
use crate::gate::Status;
use crate::git::Commit;
use crate::model::{Found, Repo};
use crate::people::{Credential, OrgRole};
use crate::standin::Hub;

/// One request and who asks it.
pub(crate) struct Ask<'a> {
    pub(crate) hub: &'a Hub,
    pub(crate) caller: Caller,
    /// What the caller's token may do; only a [`Caller::User`] has one.
    pub(crate) credential: Option<Credential>,
    pub(crate) method: Method,
    /// As in the request line, still encoded.
    pub(crate) path: &'a str,
    pub(crate) query: Query,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: Bytes,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Caller {
    Anonymous,
    User(String),
    /// Somebody with a token nobody was given.
    Stranger,
}

impl Ask<'_> {
    pub(crate) fn is_anonymous(&self) -> bool {
        self.caller == Caller::Anonymous
    }

    /// The repository, if it is there for this caller.
    pub(crate) fn repo(&self, id: &RepoId) -> Result<Arc<Repo>, Refusal> {
        let missing = Refusal::NoRepo {
            is_anonymous: self.is_anonymous(),
        };
        match self.hub.model.find(id) {
            Found::Repo(repo) if !self.may_see(&repo) => Err(missing),
            Found::Repo(repo) if repo.about.is_disabled => Err(Refusal::Disabled),
            Found::Repo(repo) => Ok(repo),
            Found::Moved(now) => Err(self.moved(id, &now)),
            Found::Nothing => Err(missing),
        }
    }

    /// The repository, if the caller may change it.
    pub(crate) fn writer(&self, id: &RepoId) -> Result<Arc<Repo>, Refusal> {
        let repo = self.repo(id)?;
        let owner = repo.id.owner().unwrap_or_default();
        let may_write = self.write_to(owner);
        match may_write.or_else(|_| self.may_write("repo.write", owner, Some(id))) {
            Err(Refusal::NotYours)
                if self.holder_of("repo.write", id).is_ok() && self.is_creator(&repo) => {}
            result => {
                result?;
            }
        }
        Ok(repo)
    }

    /// Whether the caller made it as a contributor of the organisation that has it.
    fn is_creator(&self, repo: &Repo) -> bool {
        let (Caller::User(user), Some(creator)) = (&self.caller, &repo.about.creator) else {
            return false;
        };
        let owner = repo.id.owner().unwrap_or_default();
        user == creator && self.hub.people.role(user, owner) == Some(OrgRole::Contributor)
    }

    /// The caller's name, if they may change what belongs to `owner`.
    pub(crate) fn write_to(&self, owner: &str) -> Result<&str, Refusal> {
        self.may_write("repo.write", owner, None)
    }

    /// The caller's name, if they may change what belongs to `owner`, and their token has this
    /// `permission` there, or at least for `repo`.
    pub(crate) fn may_write(
        &self,
        permission: &str,
        owner: &str,
        repo: Option<&RepoId>,
    ) -> Result<&str, Refusal> {
        let Some(credential) = &self.credential else {
            return Err(Refusal::SignedOut);
        };
        let may = credential.may(permission, owner, repo)
            && self.hub.people.may_write(&credential.user, owner);
        if may {
            Ok(&credential.user)
        } else {
            Err(Refusal::NotYours)
        }
    }

    /// The caller's name, if their token has this `permission` for `repo`: what they may do there
    /// themselves is another question.
    pub(crate) fn holder_of(&self, permission: &str, repo: &RepoId) -> Result<&str, Refusal> {
        let owner = repo.owner().unwrap_or_default();
        match &self.credential {
            Some(credential) if credential.may(permission, owner, Some(repo)) => {
                Ok(&credential.user)
            }
            Some(_) => Err(Refusal::NotYours),
            None => Err(Refusal::SignedOut),
        }
    }

    /// The body as JSON.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        serde_json::from_slice(&self.body).map_err(|error| Refusal::BadRequest(error.to_string()))
    }

    /// Whether this repository exists as far as the caller may know.
    pub(crate) fn may_see(&self, repo: &Repo) -> bool {
        !repo.about.is_private || self.is_reader(repo)
    }

    /// The name says who owns it; the seed says who else was let in.
    pub(crate) fn is_reader(&self, repo: &Repo) -> bool {
        match &self.caller {
            Caller::User(_) if !self.credential.as_ref().is_some_and(|one| one.opens(repo)) => {
                false
            }
            Caller::User(user) => {
                let owner = repo.id.owner().unwrap_or_default();
                owner == user
                    || repo.about.readers.contains(user)
                    || self.hub.people.is_member(user, owner)
            }
            Caller::Anonymous | Caller::Stranger => false,
        }
    }

    /// Whether the caller may read the files, and not just see that they are there.
    pub(crate) fn check_gate(&self, repo: &Repo) -> Result<(), Refusal> {
        if repo.about.gate.is_none() || self.is_reader(repo) {
            return Ok(());
        }
        let request = match &self.caller {
            Caller::User(user) => repo.requests.get(user),
            Caller::Anonymous | Caller::Stranger => None,
        };
        match request.map(|request| request.status) {
            Some(Status::Accepted) => return Ok(()),
            Some(Status::Rejected) => {
                return Err(Refusal::Rejected {
                    repo: repo.id.clone(),
                });
            }
            Some(Status::Pending) | None => {}
        }
        Err(Refusal::Gated {
            repo: repo.id.clone(),
            is_anonymous: self.is_anonymous(),
            endpoint: self.hub.endpoint.clone(),
        })
    }

    fn moved(&self, old: &RepoId, new: &RepoId) -> Refusal {
        let path = self.path.replacen(old.name(), new.name(), 1);
        let query = self.query.to_string();
        let location = if query.is_empty() {
            path
        } else {
            format!("{path}?{query}")
        };
        Refusal::Moved { location }
    }

    pub(crate) fn header(&self, name: header::HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// The commit `revision` names in `repo`.
pub(crate) fn commit(repo: &Repo, revision: &str) -> Result<Arc<Commit>, Refusal> {
    repo.resolve(revision)
        .ok_or_else(|| Refusal::NoRevision(revision.to_owned()))
}

/// What is at `path` is missing.
pub(crate) fn no_entry(path: &str, commit: &CommitId) -> Refusal {
    Refusal::NoEntry {
        path: path.to_owned(),
        commit: commit.clone(),
    }
}

/// Query or form parameters, in order. `key[]` counts as `key`.
#[derive(Debug, Default)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    pub(crate) fn parse(text: &str) -> Self {
        let decode = |part: &str| {
            let spaced = part.replace('+', " ");
            percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
        };
        let pairs = text.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(key), decode(value))
        });
        Self(pairs.collect())
    }

    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.all(key).next()
    }

    pub(crate) fn all(&self, key: &str) -> impl Iterator<Item = &str> {
        let is_it = move |name: &str| name.strip_suffix("[]").unwrap_or(name) == key;
        let pairs = self.0.iter().filter(move |(name, _)| is_it(name));
        pairs.map(|(_, value)| value.as_str())
    }

    pub(crate) fn is_true(&self, key: &str) -> bool {
        self.get(key)
            .is_some_and(|value| value == "true" || value == "1")
    }

    /// The same query with `key` set to `value`.
    pub(crate) fn with(&self, key: &str, value: &str) -> Self {
        let mut pairs = self.0.clone();
        pairs.retain(|(name, _)| name != key);
        pairs.push((key.to_owned(), value.to_owned()));
        Self(pairs)
    }
}

impl std::fmt::Display for Query {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (n, (key, value)) in self.0.iter().enumerate() {
            let separator = if n == 0 { "" } else { "&" };
            let key = utf8_percent_encode(key, NON_ALPHANUMERIC);
            let value = utf8_percent_encode(value, NON_ALPHANUMERIC);
            write!(f, "{separator}{key}={value}")?;
        }
        Ok(())
    }
}
