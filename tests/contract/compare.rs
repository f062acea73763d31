use hubdesk_core::{Digest, Revision};
use hubdesk_hub::{ChangeKind, Error, Span, What};
use hubdesk_standin::{Content, RepoSeed, StandIn};

use crate::scene::Scene;

async fn scene() -> Scene {
    let model = RepoSeed::model("mira/m")
        .file("README.md", "one\ntwo\n")
        .file("old name.txt", "moved\n")
        .file("gone.bin", &b"\0\xff"[..])
        .commit("First")
        .tag("v1")
        .file("README.md", "one\n2\n")
        .remove("old name.txt")
        .file("new/ñame.txt", "moved\n")
        .remove("gone.bin")
        .large("w.bin", Content::random(1, 700))
        .commit("Second");
    Scene::start(StandIn::builder().repo(model)).await
}

fn name(text: &str) -> Revision {
    text.parse().unwrap()
}

fn from_v1() -> Span {
    Span::Between {
        base: name("v1"),
        head: Revision::main(),
    }
}

#[tokio::test]
async fn changed_files_are_listed_with_their_blobs() {
    let scene = scene().await;
    let repo = scene.model();
    let changes = repo.changed_files(&from_v1()).await.unwrap();
    let short: Vec<_> = changes
        .iter()
        .map(|one| (one.kind, one.path.as_str(), one.is_binary, one.size))
        .collect();
    assert_eq!(
        short,
        [
            (ChangeKind::Modified, "README.md", false, 6),
            (ChangeKind::Deleted, "gone.bin", true, 0),
            (ChangeKind::Renamed, "new/ñame.txt", false, 6),
            (ChangeKind::Added, "w.bin", false, 700),
        ]
    );
    let readme = &changes[0];
    assert_eq!(readme.old, Some(Digest::git_blob(b"one\ntwo\n")));
    assert_eq!(readme.new, Some(Digest::git_blob(b"one\n2\n")));
    assert_eq!(changes[2].from.as_deref(), Some("old name.txt"));
    assert_eq!((changes[1].new, changes[3].old), (None, None));
    let commit = Span::Commit(Revision::main());
    assert_eq!(repo.changed_files(&commit).await.unwrap(), changes);
}

#[tokio::test]
async fn nothing_changes_between_a_commit_and_itself_and_a_first_commit_is_all_new() {
    let scene = scene().await;
    let repo = scene.model();
    let same = Span::Between {
        base: name("v1"),
        head: name("v1"),
    };
    assert_eq!(repo.changed_files(&same).await.unwrap(), []);
    let first = repo.changed_files(&Span::Commit(name("v1"))).await.unwrap();
    assert!(first.iter().all(|one| one.kind == ChangeKind::Added));
    assert_eq!(first.len(), 3);
}

#[tokio::test]
async fn a_patch_is_read_up_to_what_is_wanted() {
    let scene = scene().await;
    let repo = scene.model();
    let whole = repo.patch(&from_v1(), 1 << 20).await.unwrap();
    assert!(whole.is_whole);
    assert!(
        whole
            .text
            .contains("--- a/README.md\n+++ b/README.md\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n")
    );
    assert!(whole.text.contains("rename to new/ñame.txt"));
    assert!(whole.text.contains("+oid sha256:"));
    let start = repo.patch(&from_v1(), 40).await.unwrap();
    assert_eq!(
        (start.text.as_str(), start.is_whole),
        (&whole.text[..40], false)
    );
}

#[tokio::test]
async fn what_is_not_there_cannot_be_compared() {
    let scene = scene().await;
    let missing = Span::Commit(name("v9"));
    let error = scene.model().changed_files(&missing).await.unwrap_err();
    assert!(
        matches!(error, Error::NotFound(What::Revision, _)),
        "{error:?}"
    );
}
