//! What a fine-grained token may do, and where.

use hubdesk_core::{RepoId, RepoKind};
use serde_json::{Value, json};

use crate::model::Repo;
use crate::people::{Credential, Rights};
use crate::repo::object_id;

/// The permissions of a fine-grained token, in the Hub's words. None to begin with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grants {
    can_read_gated: bool,
    global: Vec<String>,
    scoped: Vec<Scope>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Scope {
    kind: &'static str,
    name: String,
    permissions: Vec<String>,
}

impl Grants {
    /// Opens gated repositories that its owner may read.
    pub fn gated(mut self) -> Self {
        self.can_read_gated = true;
        self
    }

    /// Everywhere, such as `discussion.write`.
    pub fn everywhere(mut self, permission: &str) -> Self {
        self.global.push(permission.to_owned());
        self
    }

    /// In all that belongs to the person `user`.
    pub fn of_user(self, user: &str, permissions: &[&str]) -> Self {
        self.scope("user", user, permissions)
    }

    /// In all that belongs to the organisation `org`.
    pub fn of_org(self, org: &str, permissions: &[&str]) -> Self {
        self.scope("org", org, permissions)
    }

    /// In one repository.
    pub fn of_repo(self, repo: &RepoId, permissions: &[&str]) -> Self {
        let kind = match repo.kind() {
            RepoKind::Model => "model",
            RepoKind::Dataset => "dataset",
            RepoKind::Space => "space",
        };
        self.scope(kind, repo.name(), permissions)
    }

    fn scope(mut self, kind: &'static str, name: &str, permissions: &[&str]) -> Self {
        self.scoped.push(Scope {
            kind,
            name: name.to_owned(),
            permissions: permissions.iter().map(|&one| one.to_owned()).collect(),
        });
        self
    }

    /// Whether `permission` holds for all of `owner`'s, or for `repo` alone.
    fn allow(&self, permission: &str, owner: &str, repo: Option<&RepoId>) -> bool {
        let is_here = |scope: &&Scope| match scope.kind {
            "user" | "org" => scope.name == owner,
            kind => repo
                .is_some_and(|repo| kind == repo.kind().to_string() && scope.name == repo.name()),
        };
        let mut scoped = self.scoped.iter().filter(is_here);
        self.global.iter().any(|one| one == permission)
            || scoped.any(|scope| scope.permissions.iter().any(|one| one == permission))
    }

    /// As `whoami` tells it.
    pub(crate) fn json(&self) -> Value {
        let scoped = self.scoped.iter().map(|scope| {
            json!({
                "entity": {
                    "_id": object_id(&scope.name),
                    "type": scope.kind,
                    "name": scope.name,
                },
                "permissions": scope.permissions,
            })
        });
        json!({
            "canReadGatedRepos": self.can_read_gated,
            "global": self.global,
            "scoped": scoped.collect::<Value>(),
        })
    }
}

impl Credential {
    /// Whether the token has `permission`, such as `repo.write`, for all of `owner`'s, or at least
    /// for `repo`. Whether its owner may do it is another question.
    pub(crate) fn may(&self, permission: &str, owner: &str, repo: Option<&RepoId>) -> bool {
        match &self.rights {
            Rights::Write => true,
            Rights::Read => permission.ends_with(".read"),
            Rights::FineGrained(grants) => grants.allow(permission, owner, repo),
        }
    }

    /// Whether the token opens what its owner may read of `repo`.
    pub(crate) fn opens(&self, repo: &Repo) -> bool {
        let owner = repo.id.owner().unwrap_or_default();
        let has = |permission| self.may(permission, owner, Some(&repo.id));
        let is_gate_open = match &self.rights {
            Rights::FineGrained(grants) => !repo.about.is_private && grants.can_read_gated,
            Rights::Read | Rights::Write => true,
        };
        is_gate_open || has("repo.content.read") || has("repo.write")
    }
}
