//! Where things are. Every part of an address is percent-encoded here and nowhere else.

use hubdesk_core::{CommitId, RepoId, RepoKind, Revision};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use crate::{Endpoint, Error};

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

pub(crate) fn list(endpoint: &Endpoint, kind: RepoKind) -> Url {
    url(endpoint, &format!("/api/{}", kind.plural()))
}

pub(crate) fn info(endpoint: &Endpoint, repo: &RepoId, revision: &Revision) -> Url {
    api(
        endpoint,
        repo,
        &format!("revision/{}", segment(revision.as_str())),
    )
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

pub(crate) fn commits(endpoint: &Endpoint, repo: &RepoId, revision: &Revision) -> Url {
    // A revision is one segment: its slash must not end it.
    api(
        endpoint,
        repo,
        &format!("commits/{}", segment(revision.as_str())),
    )
}

pub(crate) fn resolve(
    endpoint: &Endpoint,
    repo: &RepoId,
    commit: &CommitId,
    path: &str,
) -> Result<Url, Error> {
    let path = encoded_path(path)?;
    let prefix = repo.kind().url_prefix();
    Ok(url(
        endpoint,
        &format!("/{prefix}{}/resolve/{commit}/{path}", repo.name()),
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
