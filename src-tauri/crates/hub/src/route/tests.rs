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
