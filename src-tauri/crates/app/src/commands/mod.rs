//! Command bodies: parse what came, one engine call, map what comes out. No decisions.

pub(crate) mod account;
pub(crate) mod change;
pub(crate) mod download;
pub(crate) mod gate;
pub(crate) mod repo;
pub(crate) mod session;
pub(crate) mod settings;
pub(crate) mod transfer;
pub(crate) mod upload;

use hubdesk_core::{RepoId, Revision};

use crate::api::{ApiError, RepoRef};

pub(crate) fn repo_id(repo: &RepoRef) -> Result<RepoId, ApiError> {
    RepoId::new(repo.kind, &repo.name).map_err(|error| {
        ApiError::bad_input(format!("{:?} is not the name of a repository.", error.0))
    })
}

pub(crate) fn revision(text: &str) -> Result<Revision, ApiError> {
    text.parse()
        .map_err(|_| ApiError::bad_input(format!("{text:?} is not a revision.")))
}
