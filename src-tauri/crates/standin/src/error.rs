//! How a Hub refuses: status, code, message, and the same message in a JSON body.

use axum::http::{StatusCode, header};
use hubdesk_core::{CommitId, RepoId};
use serde_json::{Value, json};

use crate::answer::{Answer, name};

/// Why a request is not answered.
#[derive(Debug)]
pub(crate) enum Refusal {
    BadToken,
    SignedOut,
    /// Also what a private repository looks like to those who may not see it.
    NoRepo {
        is_anonymous: bool,
    },
    Gated {
        repo: RepoId,
        is_anonymous: bool,
        endpoint: String,
    },
    Disabled,
    /// The authors do not want to talk.
    NoDiscussions,
    NotYours,
    /// No right to make something under this name.
    NoNamespace(String),
    NoRevision(String),
    NoEntry {
        path: String,
        commit: CommitId,
    },
    /// What is to be deleted is not there.
    NothingToDelete(String),
    /// The branch is not where a commit expects it.
    HeadMoved,
    /// The author of the repository said no.
    Rejected {
        repo: RepoId,
    },
    Moved {
        location: String,
    },
    BadRequest(String),
    /// What is to be made is there already.
    Conflict(String),
    TooMany {
        retry_after: Option<u64>,
        reset: Option<u64>,
        class: &'static str,
    },
    NotFound,
    /// A fault with a code of its own.
    Coded(StatusCode, &'static str, String),
    /// A refusal whose body says more.
    Json(StatusCode, Value),
    Other(StatusCode),
}

impl Refusal {
    pub(crate) fn answer(self) -> Answer {
        use StatusCode as S;
        match self {
            Self::BadToken => refuse(
                S::UNAUTHORIZED,
                None,
                "Invalid credentials in Authorization header",
            ),
            Self::SignedOut => refuse(S::UNAUTHORIZED, None, "Invalid username or password."),
            Self::NoRepo { is_anonymous: true } => refuse(
                S::UNAUTHORIZED,
                Some("RepoNotFound"),
                "Invalid username or password.",
            ),
            Self::NoRepo {
                is_anonymous: false,
            } => refuse(S::NOT_FOUND, Some("RepoNotFound"), "Repository not found"),
            Self::Gated {
                repo,
                is_anonymous,
                endpoint,
            } => gated(&repo, is_anonymous, &endpoint),
            Self::Disabled => refuse(S::FORBIDDEN, None, "Access to this resource is disabled."),
            // Unverified: the status and the words.
            Self::NoDiscussions => refuse(
                S::FORBIDDEN,
                None,
                "Discussions are disabled for this repo.",
            ),
            Self::NotYours => refuse(
                S::FORBIDDEN,
                None,
                "You don't have the rights to write to this repository.",
            ),
            Self::NoNamespace(owner) => refuse(
                S::FORBIDDEN,
                None,
                &format!(
                    "You don't have the rights to create a repo under the namespace \"{owner}\""
                ),
            ),
            Self::NoRevision(revision) => refuse(
                S::NOT_FOUND,
                Some("RevisionNotFound"),
                &format!("Invalid rev id: {revision}"),
            ),
            Self::NoEntry { path, commit } => refuse(
                S::NOT_FOUND,
                Some("EntryNotFound"),
                &format!("{path} does not exist on \"{commit}\""),
            )
            .with(name::REPO_COMMIT, commit.as_str()),
            Self::NothingToDelete(path) => refuse(
                S::NOT_FOUND,
                Some("EntryNotFound"),
                &format!("A file with this name doesn't exist: {path}"),
            ),
            Self::HeadMoved => refuse(
                S::PRECONDITION_FAILED,
                None,
                "A commit has happened since. Please refresh and try again.",
            ),
            Self::Rejected { repo } => refuse(
                S::FORBIDDEN,
                Some("GatedRepo"),
                &format!(
                    "Your request to access {} {} has been rejected by the repo's authors.",
                    repo.kind(),
                    repo.name()
                ),
            ),
            Self::Moved { location } => Answer::redirect(S::TEMPORARY_REDIRECT, &location),
            Self::BadRequest(why) => refuse(S::BAD_REQUEST, None, &why),
            Self::Conflict(why) => refuse(S::CONFLICT, None, &why),
            Self::TooMany {
                retry_after,
                reset,
                class,
            } => too_many(retry_after, reset, class),
            Self::NotFound => refuse(S::NOT_FOUND, None, "Sorry, we can't find this page."),
            Self::Coded(status, code, why) => refuse(status, Some(code), &why),
            Self::Json(status, body) => Answer::json(body).status(status),
            Self::Other(status) => refuse(
                status,
                None,
                status.canonical_reason().unwrap_or("Unknown status"),
            ),
        }
    }
}

fn gated(repo: &RepoId, is_anonymous: bool, endpoint: &str) -> Answer {
    let (kind, name) = (repo.kind(), repo.name());
    let restricted = format!("Access to {kind} {name} is restricted");
    let (status, message) = if is_anonymous {
        let advice = "You must have access to it and be authenticated to access it. Please log in.";
        (StatusCode::UNAUTHORIZED, format!("{restricted}. {advice}"))
    } else {
        let page = format!("{endpoint}/{}{name}", kind.url_prefix());
        let advice = format!("you are not in the authorized list. Visit {page} to ask for access.");
        (StatusCode::FORBIDDEN, format!("{restricted} and {advice}"))
    };
    refuse(status, Some("GatedRepo"), &message)
}

fn too_many(retry_after: Option<u64>, reset: Option<u64>, class: &str) -> Answer {
    let message = "You have exceeded the rate limit. Please wait and try again.";
    let mut answer = refuse(StatusCode::TOO_MANY_REQUESTS, None, message);
    if let Some(seconds) = retry_after {
        answer = answer.with(header::RETRY_AFTER, seconds.to_string());
    }
    if let Some(seconds) = reset {
        answer = answer.with(name::RATE_LIMIT, format!("\"{class}\";r=0;t={seconds}"));
    }
    answer
}

fn refuse(status: StatusCode, code: Option<&str>, message: &str) -> Answer {
    let answer = Answer::json(json!({ "error": message }))
        .status(status)
        .with(name::ERROR_MESSAGE, message);
    match code {
        Some(code) => answer.with(name::ERROR_CODE, code),
        None => answer,
    }
}
