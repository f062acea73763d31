//! Where things are. Every part of an address is percent-encoded here and nowhere else.

use hubdesk_core::{CommitId, RepoId, RepoKind, Revision};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use crate::{CollectionSlug, Endpoint, Error};

/// Everything but `A-Z a-z 0-9 _ . - ~`, as the official client's `quote(safe="")`.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'_')
    .remove(b'.')
    .remove(b'-')
    .remove(b'~');
/// The same, with the slash left alone.
const PATH: &AsciiSet = &SEGMENT.remove(b'/');

pub(crate) fn whoami(endpoint: &Endpoint) -> Url {
    url(endpoint, "/api/whoami-v2")
}

pub(crate) fn oauth_metadata(endpoint: &Endpoint) -> Url {
    url(endpoint, "/.well-known/openid-configuration")
}

/// Where signing in is if the Hub does not say otherwise.
pub(crate) fn oauth(endpoint: &Endpoint, what: &str) -> Url {
    url(endpoint, &format!("/oauth/{what}"))
}

pub(crate) fn list(endpoint: &Endpoint, kind: RepoKind) -> Url {
    url(endpoint, &format!("/api/{}", kind.plural()))
}

/// Any address below `/api` that is not about one repository; `rest` is written by us.
pub(crate) fn below_api(endpoint: &Endpoint, rest: &str) -> Url {
    url(endpoint, &format!("/api/{rest}"))
}

pub(crate) fn avatar(endpoint: &Endpoint, namespace: &str) -> Result<Url, Error> {
    let rest = format!("avatars/{}", name(namespace)?);
    Ok(below_api(endpoint, &rest))
}

/// What the Hub tells about a person; `what` is written by us.
pub(crate) fn user(endpoint: &Endpoint, user: &str, what: &str) -> Result<Url, Error> {
    let rest = format!("users/{}/{what}", name(user)?);
    Ok(below_api(endpoint, &rest))
}

/// What the Hub tells about an organisation; `what` is written by us.
pub(crate) fn organization(endpoint: &Endpoint, org: &str, what: &str) -> Result<Url, Error> {
    let rest = format!("organizations/{}/{what}", name(org)?);
    Ok(below_api(endpoint, &rest))
}

pub(crate) fn collection(endpoint: &Endpoint, slug: &CollectionSlug) -> Url {
    let (owner, words) = slug.parts();
    let rest = format!("collections/{}/{}", segment(owner), segment(words));
    below_api(endpoint, &rest)
}

pub(crate) fn collection_items(endpoint: &Endpoint, slug: &CollectionSlug) -> Url {
    let (owner, words) = slug.parts();
    let rest = format!("collections/{}/{}/items", segment(owner), segment(words));
    below_api(endpoint, &rest)
}

pub(crate) fn collection_item(
    endpoint: &Endpoint,
    slug: &CollectionSlug,
    item: &str,
) -> Result<Url, Error> {
    let (owner, words) = (segment(slug.parts().0), segment(slug.parts().1));
    let rest = format!("collections/{owner}/{words}/items/{}", name(item)?);
    Ok(below_api(endpoint, &rest))
}

/// The repository itself, at no revision.
pub(crate) fn repo(endpoint: &Endpoint, repo: &RepoId) -> Url {
    let kind = repo.kind().plural();
    url(endpoint, &format!("/api/{kind}/{}", repo.name()))
}

/// What belongs to a repository: `refs`, `lfs-files/batch`. `what` is written by us, without anything
/// to encode.
pub(crate) fn of_repo(endpoint: &Endpoint, repo: &RepoId, what: &str) -> Url {
    let kind = repo.kind().plural();
    url(endpoint, &format!("/api/{kind}/{}/{what}", repo.name()))
}

/// What belongs to a repository at a revision, or by another name that is one segment: its slash
/// must not end it.
pub(crate) fn at(endpoint: &Endpoint, repo: &RepoId, what: &str, name: &str) -> Url {
    of_repo(endpoint, repo, &format!("{what}/{}", segment(name)))
}

pub(crate) fn info(endpoint: &Endpoint, repo: &RepoId, revision: &Revision) -> Url {
    at(endpoint, repo, "revision", revision.as_str())
}

pub(crate) fn tree(
    endpoint: &Endpoint,
    repo: &RepoId,
    commit: &CommitId,
    path: Option<&str>,
) -> Result<Url, Error> {
    let below = match path.filter(|path| !path.is_empty()) {
        Some(path) => format!("/{}", encoded_path(path)?),
        None => String::new(),
    };
    Ok(of_repo(endpoint, repo, &format!("tree/{commit}{below}")))
}

pub(crate) fn tree_size(
    endpoint: &Endpoint,
    repo: &RepoId,
    commit: &CommitId,
    path: &str,
) -> Result<Url, Error> {
    let path = encoded_path(path)?;
    Ok(of_repo(
        endpoint,
        repo,
        &format!("treesize/{commit}/{path}"),
    ))
}

pub(crate) fn paths_info(endpoint: &Endpoint, repo: &RepoId, commit: &CommitId) -> Url {
    of_repo(endpoint, repo, &format!("paths-info/{commit}"))
}

pub(crate) fn branch(endpoint: &Endpoint, repo: &RepoId, name: &str) -> Url {
    at(endpoint, repo, "branch", name)
}

/// A tag to be deleted, or the revision that gets one.
pub(crate) fn tag(endpoint: &Endpoint, repo: &RepoId, name: &str) -> Url {
    at(endpoint, repo, "tag", name)
}

/// A discussion, or what is done to it: `what` is empty or begins with a slash.
pub(crate) fn discussion(endpoint: &Endpoint, repo: &RepoId, num: u64, what: &str) -> Url {
    of_repo(endpoint, repo, &format!("discussions/{num}{what}"))
}

/// Where a comment's text is changed.
pub(crate) fn comment(
    endpoint: &Endpoint,
    repo: &RepoId,
    num: u64,
    id: &str,
) -> Result<Url, Error> {
    let rest = format!("/comment/{}/edit", name(id)?);
    Ok(discussion(endpoint, repo, num, &rest))
}

pub(crate) fn space_hardware(endpoint: &Endpoint) -> Url {
    url(endpoint, "/api/spaces/hardware")
}

pub(crate) fn create(endpoint: &Endpoint) -> Url {
    url(endpoint, "/api/repos/create")
}

pub(crate) fn delete(endpoint: &Endpoint) -> Url {
    url(endpoint, "/api/repos/delete")
}

pub(crate) fn moving(endpoint: &Endpoint) -> Url {
    url(endpoint, "/api/repos/move")
}

pub(crate) fn validate_card(endpoint: &Endpoint) -> Url {
    url(endpoint, "/api/validate-yaml")
}

pub(crate) fn squash(endpoint: &Endpoint, repo: &RepoId, branch: &str) -> Url {
    at(endpoint, repo, "super-squash", branch)
}

pub(crate) fn commits(endpoint: &Endpoint, repo: &RepoId, revision: &Revision) -> Url {
    at(endpoint, repo, "commits", revision.as_str())
}

pub(crate) fn lfs_batch(endpoint: &Endpoint, repo: &RepoId) -> Url {
    let (prefix, name) = (repo.kind().url_prefix(), repo.name());
    url(
        endpoint,
        &format!("/{prefix}{name}.git/info/lfs/objects/batch"),
    )
}

/// `spec` is a revision, or two with `..` in between.
pub(crate) fn compare(endpoint: &Endpoint, repo: &RepoId, spec: &str) -> Url {
    at(endpoint, repo, "compare", spec)
}

/// A file at a commit.
pub(crate) fn resolve(
    endpoint: &Endpoint,
    repo: &RepoId,
    commit: &CommitId,
    path: &str,
) -> Result<Url, Error> {
    resolve_at(endpoint, repo, &commit.clone().into(), path)
}

/// A file at any revision.
pub(crate) fn resolve_at(
    endpoint: &Endpoint,
    repo: &RepoId,
    revision: &Revision,
    path: &str,
) -> Result<Url, Error> {
    let path = encoded_path(path)?;
    let prefix = repo.kind().url_prefix();
    let revision = segment(revision.as_str());
    Ok(url(
        endpoint,
        &format!("/{prefix}{}/resolve/{revision}/{path}", repo.name()),
    ))
}

fn url(endpoint: &Endpoint, rest: &str) -> Url {
    Url::parse(&format!("{endpoint}{rest}")).expect("an endpoint and encoded segments are a URL")
}

fn segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// One segment that somebody chose. Empty or dots alone, it would be an address of something else.
fn name(text: &str) -> Result<String, Error> {
    if matches!(text, "" | "." | "..") {
        return Err(Error::Unaddressable {
            path: text.to_owned(),
        });
    }
    Ok(segment(text))
}

/// A path with its slashes. Dots between slashes cannot be escaped: an address `a/../b` is `b` to
/// every URL parser, `%2e` included, and would be a request for something else.
fn encoded_path(path: &str) -> Result<String, Error> {
    if path.split('/').any(|part| part == "." || part == "..") {
        return Err(Error::Unaddressable {
            path: path.to_owned(),
        });
    }
    Ok(utf8_percent_encode(path, PATH).to_string())
}

#[cfg(test)]
mod tests;
