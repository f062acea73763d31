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

pub(crate) fn like(endpoint: &Endpoint, repo: &RepoId) -> Url {
    api(endpoint, repo, "like")
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

pub(crate) fn info(endpoint: &Endpoint, repo: &RepoId, revision: &Revision) -> Url {
    api(
        endpoint,
        repo,
        &format!("revision/{}", segment(revision.as_str())),
    )
}

/// The repository itself, at no revision.
pub(crate) fn repo(endpoint: &Endpoint, repo: &RepoId) -> Url {
    let kind = repo.kind().plural();
    url(endpoint, &format!("/api/{kind}/{}", repo.name()))
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
    Ok(api(endpoint, repo, &format!("tree/{commit}{below}")))
}

pub(crate) fn tree_size(
    endpoint: &Endpoint,
    repo: &RepoId,
    commit: &CommitId,
    path: &str,
) -> Result<Url, Error> {
    let path = encoded_path(path)?;
    Ok(api(endpoint, repo, &format!("treesize/{commit}/{path}")))
}

pub(crate) fn paths_info(endpoint: &Endpoint, repo: &RepoId, commit: &CommitId) -> Url {
    api(endpoint, repo, &format!("paths-info/{commit}"))
}

/// Where the Hub says which Xet host has the files of a commit.
pub(crate) fn xet_read_token(endpoint: &Endpoint, repo: &RepoId, commit: &CommitId) -> Url {
    api(endpoint, repo, &format!("xet-read-token/{commit}"))
}

pub(crate) fn refs(endpoint: &Endpoint, repo: &RepoId) -> Url {
    api(endpoint, repo, "refs")
}

pub(crate) fn branch(endpoint: &Endpoint, repo: &RepoId, name: &str) -> Url {
    api(endpoint, repo, &format!("branch/{}", segment(name)))
}

/// A tag to be deleted, or the revision that gets one.
pub(crate) fn tag(endpoint: &Endpoint, repo: &RepoId, name: &str) -> Url {
    api(endpoint, repo, &format!("tag/{}", segment(name)))
}

pub(crate) fn discussions(endpoint: &Endpoint, repo: &RepoId) -> Url {
    api(endpoint, repo, "discussions")
}

/// A discussion, or what is done to it: `what` is empty or begins with a slash.
pub(crate) fn discussion(endpoint: &Endpoint, repo: &RepoId, num: u64, what: &str) -> Url {
    api(endpoint, repo, &format!("discussions/{num}{what}"))
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

/// What the Hub knows about a Space besides its files; `what` needs no encoding.
pub(crate) fn of_space(endpoint: &Endpoint, space: &RepoId, what: &str) -> Url {
    api(endpoint, space, what)
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

pub(crate) fn settings(endpoint: &Endpoint, repo: &RepoId) -> Url {
    api(endpoint, repo, "settings")
}

pub(crate) fn duplicate(endpoint: &Endpoint, repo: &RepoId) -> Url {
    api(endpoint, repo, "duplicate")
}

pub(crate) fn squash(endpoint: &Endpoint, repo: &RepoId, branch: &str) -> Url {
    api(endpoint, repo, &format!("super-squash/{}", segment(branch)))
}

pub(crate) fn lfs_files(endpoint: &Endpoint, repo: &RepoId) -> Url {
    api(endpoint, repo, "lfs-files")
}

pub(crate) fn delete_lfs_files(endpoint: &Endpoint, repo: &RepoId) -> Url {
    api(endpoint, repo, "lfs-files/batch")
}

pub(crate) fn commits(endpoint: &Endpoint, repo: &RepoId, revision: &Revision) -> Url {
    // A revision is one segment: its slash must not end it.
    api(
        endpoint,
        repo,
        &format!("commits/{}", segment(revision.as_str())),
    )
}

/// `commit` and `preupload`; the revision is one segment.
pub(crate) fn onto(endpoint: &Endpoint, repo: &RepoId, what: &str, revision: &str) -> Url {
    api(endpoint, repo, &format!("{what}/{}", segment(revision)))
}

/// `/lfs-files/duplicate`, `/auth-check` and the like: words without anything to encode.
pub(crate) fn words(endpoint: &Endpoint, repo: &RepoId, words: &str) -> Url {
    api(endpoint, repo, words)
}

pub(crate) fn lfs_batch(endpoint: &Endpoint, repo: &RepoId) -> Url {
    let (prefix, name) = (repo.kind().url_prefix(), repo.name());
    url(
        endpoint,
        &format!("/{prefix}{name}.git/info/lfs/objects/batch"),
    )
}

pub(crate) fn auth_check(endpoint: &Endpoint, repo: &RepoId, to_write: bool) -> Url {
    let rest = if to_write {
        "auth-check/write"
    } else {
        "auth-check"
    };
    api(endpoint, repo, rest)
}

/// `spec` is a revision, or two with `..` in between.
pub(crate) fn compare(endpoint: &Endpoint, repo: &RepoId, spec: &str) -> Url {
    api(endpoint, repo, &format!("compare/{}", segment(spec)))
}

pub(crate) fn scan(endpoint: &Endpoint, repo: &RepoId) -> Url {
    api(endpoint, repo, "scan")
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

fn api(endpoint: &Endpoint, repo: &RepoId, rest: &str) -> Url {
    let kind = repo.kind().plural();
    url(endpoint, &format!("/api/{kind}/{}/{rest}", repo.name()))
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
mod tests {
    use proptest::prelude::*;

    use super::*;

    const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

    fn repo(kind: RepoKind) -> RepoId {
        RepoId::new(kind, "a/b").unwrap()
    }

    fn file(path: &str) -> Result<Url, Error> {
        let commit = COMMIT.parse().unwrap();
        resolve(&Endpoint::default(), &repo(RepoKind::Model), &commit, path)
    }

    #[test]
    fn a_path_keeps_its_slashes_and_nothing_else() {
        assert_eq!(
            file("a b/ü?#&%+.txt").unwrap().as_str(),
            format!("https://huggingface.co/a/b/resolve/{COMMIT}/a%20b/%C3%BC%3F%23%26%25%2B.txt")
        );
        assert_eq!(
            file("a\\b~_.-").unwrap().path().rsplit('/').next(),
            Some("a%5Cb~_.-")
        );
    }

    #[test]
    fn a_revision_is_one_segment() {
        let revision = "refs/pr/1".parse().unwrap();
        let endpoint = Endpoint::parse("http://127.0.0.1:1/base/").unwrap();
        assert_eq!(
            info(&endpoint, &repo(RepoKind::Dataset), &revision).as_str(),
            "http://127.0.0.1:1/base/api/datasets/a/b/revision/refs%2Fpr%2F1"
        );
        assert_eq!(
            commits(&endpoint, &repo(RepoKind::Space), &revision).path(),
            "/base/api/spaces/a/b/commits/refs%2Fpr%2F1"
        );
    }

    #[test]
    fn files_of_datasets_and_spaces_have_a_prefix() {
        let commit = COMMIT.parse().unwrap();
        let path = |kind| {
            let url = resolve(&Endpoint::default(), &repo(kind), &commit, "f").unwrap();
            url.path().to_owned()
        };
        assert_eq!(
            path(RepoKind::Dataset),
            format!("/datasets/a/b/resolve/{COMMIT}/f")
        );
        assert_eq!(
            path(RepoKind::Space),
            format!("/spaces/a/b/resolve/{COMMIT}/f")
        );
    }

    #[test]
    fn the_root_of_a_tree_has_no_path() {
        let commit = COMMIT.parse().unwrap();
        let path = |path| {
            let url = tree(&Endpoint::default(), &repo(RepoKind::Model), &commit, path).unwrap();
            url.path().to_owned()
        };
        assert_eq!(path(None), format!("/api/models/a/b/tree/{COMMIT}"));
        assert_eq!(path(Some("")), path(None));
        assert_eq!(
            path(Some("dir/sub é")),
            format!("{}/dir/sub%20%C3%A9", path(None))
        );
    }

    #[test]
    fn dots_between_slashes_have_no_address() {
        for path in ["..", "../x", "a/../../x", "./x", "a/."] {
            assert!(
                matches!(file(path), Err(Error::Unaddressable { .. })),
                "{path}"
            );
        }
        assert!(file("a/...").is_ok());
        assert!(file("a..b/.x").is_ok());
    }

    #[test]
    fn a_comment_whose_name_leads_elsewhere_has_no_address() {
        let repo = RepoId::new(RepoKind::Model, "a/b").unwrap();
        for id in ["", ".", ".."] {
            let address = comment(&Endpoint::default(), &repo, 1, id);
            assert!(matches!(address, Err(Error::Unaddressable { .. })), "{id}");
        }
    }

    proptest! {
        #[test]
        fn no_path_leads_out_of_its_commit(path in r"[a-z./\\%?#\t\n :@]{0,16}") {
            if let Ok(url) = file(&path) {
                let prefix = format!("/a/b/resolve/{COMMIT}/");
                prop_assert!(url.path().starts_with(&prefix), "{}", url);
                prop_assert_eq!(url.query(), None);
                let rest = percent_encoding::percent_decode_str(&url.path()[prefix.len()..]);
                prop_assert_eq!(rest.decode_utf8().unwrap(), path);
            }
        }
    }
}
