use hubdesk_app::api::ApiError;
use hubdesk_app::{HubUri, RepoKind};

use crate::args::Kind;

/// A repository as it was named, and what the name says beside it.
pub(crate) struct Named {
    pub(crate) repo: String,
    pub(crate) kind: RepoKind,
    pub(crate) revision: Option<String>,
    /// A path in it; with a slash at the end it is meant as a folder.
    pub(crate) path: Option<String>,
}

/// Reads `owner/name`, `datasets/owner/name` or an `hf://` address. Such an address says what kind
/// and revision are, so nothing else may.
pub(crate) fn named(
    text: &str,
    kind: Option<Kind>,
    revision: Option<String>,
) -> Result<Named, ApiError> {
    if text.starts_with("hf://") {
        return by_address(text, kind.is_some(), revision.is_some());
    }
    let (prefix, name) = split_kind(text);
    let (kind, repo) = match kind {
        Some(kind) => (kind.into(), text),
        None => (prefix.unwrap_or_default(), name),
    };
    Ok(Named {
        repo: repo.to_owned(),
        kind,
        revision,
        path: None,
    })
}

fn by_address(text: &str, has_kind: bool, has_revision: bool) -> Result<Named, ApiError> {
    for (is_given, option) in [(has_kind, "--repo-type"), (has_revision, "--revision")] {
        if is_given {
            return Err(ApiError::bad_input(format!(
                "{option} cannot be used with an hf:// address ({text:?})."
            )));
        }
    }
    let uri =
        HubUri::parse(text, None).map_err(|error| ApiError::bad_input(format!("{error}.")))?;
    let repo = uri.repo().ok_or_else(|| {
        ApiError::bad_input(format!("{text:?} is not a model, a dataset or a Space."))
    })?;
    // A slash at the end means a folder, and the address itself has lost it.
    let end = if text.ends_with('/') { "/" } else { "" };
    Ok(Named {
        repo: repo.name().to_owned(),
        kind: repo.kind(),
        revision: uri.revision().map(ToString::to_string),
        path: uri.path().map(|path| format!("{path}{end}")),
    })
}

/// `datasets/owner/name` names the kind; `owner/name` does not.
fn split_kind(repo: &str) -> (Option<RepoKind>, &str) {
    match repo.split_once('/') {
        Some((kind, name)) if name.contains('/') => match RepoKind::from_plural(kind) {
            Some(kind) => (Some(kind), name),
            None => (None, repo),
        },
        _ => (None, repo),
    }
}
