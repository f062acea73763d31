use bytes::Bytes;
use futures_util::TryStreamExt;
use hubdesk_core::{CommitId, RepoId, RepoKind, RepoPath, Revision};
use hubdesk_hub::{Error, Message, Operation, Operations, Repo, Target, What};
use hubdesk_standin::{Change, Content, Effect, Fault, RepoSeed, Route, StandIn};

use crate::scene::{OTHERS_TOKEN, READ_TOKEN, Scene};

pub(crate) fn path(text: &str) -> RepoPath {
    RepoPath::new(text).unwrap()
}

pub(crate) fn put(to: &str, content: &'static str) -> Operation {
    Operation::Put {
        path: path(to),
        content: Bytes::from_static(content.as_bytes()),
    }
}

pub(crate) fn operations(list: impl IntoIterator<Item = Operation>) -> Operations {
    let mut operations = Operations::new();
    for operation in list {
        operations.push(operation).unwrap();
    }
    operations
}

pub(crate) fn message(title: &str) -> Message {
    Message {
        title: title.to_owned(),
        description: String::new(),
    }
}

pub(crate) async fn head(repo: &Repo) -> CommitId {
    repo.resolve(&Revision::main()).await.unwrap()
}

/// `main` where it is now.
pub(crate) async fn on_main(repo: &Repo) -> Target {
    Target::Branch {
        name: Revision::main(),
        parent: head(repo).await,
    }
}

pub(crate) async fn files(repo: &Repo, commit: &CommitId) -> Vec<String> {
    let entries: Vec<_> = repo.tree(commit, None, true).try_collect().await.unwrap();
    let files = entries.into_iter().filter(|entry| entry.digest().is_some());
    files.map(|entry| entry.path).collect()
}

pub(crate) async fn read(repo: &Repo, commit: &CommitId, path: &str) -> Vec<u8> {
    let mut body = repo.file(commit, path).get(None).await.unwrap();
    let mut content = Vec::new();
    while let Some(chunk) = body.chunk().await.unwrap() {
        content.extend_from_slice(&chunk);
    }
    content
}

async fn titles(repo: &Repo, revision: &str) -> Vec<String> {
    let commits: Vec<_> = repo
        .commits(&revision.parse().unwrap())
        .try_collect()
        .await
        .unwrap();
    commits.into_iter().map(|commit| commit.title).collect()
}

/// How often a commit was sent.
fn sent(scene: &Scene) -> usize {
    let records = scene.standin.log().records();
    let is_commit = |path: &str| path.contains("/commit/");
    records.iter().filter(|one| is_commit(&one.path)).count()
}

/// The answer to the next commit is lost, after the commit was made.
fn lose_an_answer(scene: &Scene) {
    let lost = on_commits(Effect::Cut { after: 0 });
    scene.standin.faults().add(lost);
}

fn on_commits(effect: Effect) -> Fault {
    Fault::on(Route::Change, effect)
        .matching("/commit/")
        .times(1)
}

fn somebody_commits(standin: &StandIn, file: &str) -> CommitId {
    let id = RepoId::new(RepoKind::Model, "mira/m").unwrap();
    let change = Change::file(file, "theirs");
    standin.hub().commit(&id, "main", "Theirs", [change])
}

#[tokio::test]
async fn a_commit_adds_replaces_copies_and_removes_all_at_once() {
    let model = RepoSeed::model("mira/m")
        .file("config.json", "{}")
        .file("logs/1.txt", "1")
        .file("logs/deep/2.txt", "2")
        .file("old.txt", "old")
        .large("w.bin", Content::random(1, 5000));
    let scene = Scene::start(StandIn::builder().repo(model)).await;
    let repo = scene.model();
    let target = on_main(&repo).await;
    let Target::Branch { parent, .. } = &target else {
        unreachable!()
    };
    let list = operations([
        put("config.json", "{\"a\":1}"),
        put("new/ü 1.txt", "new"),
        repo.copy_of(parent, "old.txt", path("copy.txt"))
            .await
            .unwrap(),
        repo.copy_of(parent, "w.bin", path("copy.bin"))
            .await
            .unwrap(),
        Operation::RemoveFile {
            path: path("old.txt"),
        },
        Operation::RemoveFolder { path: path("logs") },
    ]);
    let words = Message {
        title: "Tidy".to_owned(),
        description: "All of it.\n\nReally.".to_owned(),
    };
    let made = repo.commit(&target, &words, &list).await.unwrap();

    assert_eq!(made.pull_request, None);
    assert_eq!(head(&repo).await, made.id);
    let expected = [
        "config.json",
        "copy.bin",
        "copy.txt",
        "new/ü 1.txt",
        "w.bin",
    ];
    assert_eq!(files(&repo, &made.id).await, expected);
    assert_eq!(read(&repo, &made.id, "config.json").await, b"{\"a\":1}");
    assert_eq!(read(&repo, &made.id, "copy.txt").await, b"old");
    let large = Content::random(1, 5000).read(0, 5000);
    assert_eq!(read(&repo, &made.id, "copy.bin").await, large);
    let commits: Vec<_> = repo.commits(&Revision::main()).try_collect().await.unwrap();
    let newest = &commits[0];
    assert_eq!((&newest.id, &commits[1].id), (&made.id, parent));
    assert_eq!(
        (&newest.title, &newest.message),
        (&words.title, &words.description)
    );
    assert_eq!(newest.authors, ["mira"]);
}

#[tokio::test]
async fn a_pull_request_leaves_main_alone_and_can_be_added_to() {
    let scene = Scene::of_one_model().await;
    let repo = scene.repo(Some(OTHERS_TOKEN), "mira/m");
    let base = head(&repo).await;
    let target = Target::PullRequest { base: base.clone() };
    let first = repo
        .commit(&target, &message("Offer"), &operations([put("a", "1")]))
        .await
        .unwrap();
    let number = first.pull_request.unwrap();
    let name: Revision = format!("refs/pr/{number}").parse().unwrap();
    assert_eq!(repo.resolve(&name).await.unwrap(), first.id);
    let more = Target::Branch {
        name: name.clone(),
        parent: first.id,
    };
    let second = repo
        .commit(&more, &message("More"), &operations([put("b", "2")]))
        .await
        .unwrap();
    assert_eq!(repo.resolve(&name).await.unwrap(), second.id);
    assert_eq!(head(&repo).await, base);
    let next = repo
        .commit(&target, &message("Another"), &operations([put("c", "3")]))
        .await
        .unwrap();
    assert_eq!(next.pull_request, Some(number + 1));
}

#[tokio::test]
async fn a_branch_that_has_moved_on_is_not_committed_to() {
    let scene = Scene::of_one_model().await;
    let repo = scene.model();
    let stale = on_main(&repo).await;
    let theirs = somebody_commits(&scene.standin, "theirs.txt");
    let list = operations([put("a", "1")]);
    let refused = repo.commit(&stale, &message("T"), &list).await;
    assert!(
        matches!(refused, Err(Error::HeadMoved { .. })),
        "{refused:?}"
    );
    assert_eq!((head(&repo).await, sent(&scene)), (theirs, 1));
}

#[tokio::test]
async fn what_cannot_be_is_refused_and_nothing_of_it_happens() {
    let scene = Scene::of_one_model().await;
    let repo = scene.model();
    let target = on_main(&repo).await;
    let before = head(&repo).await;
    let large = Operation::PutLarge {
        path: path("w.bin"),
        sha256: hubdesk_core::Digest::sha256(b"never uploaded"),
        size: Some(14),
    };
    for bad in [
        large,
        put(".git/config", "x"),
        put("config.json/below", "x"),
        put(".cache/x", "x"),
    ] {
        let list = operations([put("good", "1"), bad]);
        let refused = repo.commit(&target, &message("T"), &list).await;
        assert!(
            matches!(refused, Err(Error::BadRequest { .. })),
            "{refused:?}"
        );
    }
    let untitled = repo
        .commit(&target, &message(""), &operations([put("a", "1")]))
        .await;
    assert!(
        matches!(untitled, Err(Error::BadRequest { .. })),
        "{untitled:?}"
    );
    for missing in [
        Operation::RemoveFile { path: path("no") },
        Operation::RemoveFolder { path: path("no") },
    ] {
        let gone = repo
            .commit(&target, &message("T"), &operations([missing]))
            .await;
        assert!(
            matches!(gone, Err(Error::NotFound(What::Entry, _))),
            "{gone:?}"
        );
    }
    assert_eq!(head(&repo).await, before);
}

#[tokio::test]
async fn only_who_may_write_commits_and_a_token_for_looking_offers_nothing() {
    let scene = Scene::of_one_model().await;
    let target = on_main(&scene.model()).await;
    let base = head(&scene.model()).await;
    let offer = Target::PullRequest { base };
    let list = operations([put("a", "1")]);
    for (token, target) in [
        (READ_TOKEN, &target),
        (OTHERS_TOKEN, &target),
        (READ_TOKEN, &offer),
    ] {
        let repo = scene.repo(Some(token), "mira/m");
        let refused = repo.commit(target, &message("T"), &list).await;
        assert!(
            matches!(refused, Err(Error::Forbidden { .. })),
            "{refused:?}"
        );
    }
    assert_eq!(titles(&scene.model(), "main").await.len(), 1);
}

#[tokio::test]
async fn a_commit_whose_answer_was_lost_is_found_and_not_made_again() {
    let scene = Scene::of_one_model().await;
    let repo = scene.model();
    let target = on_main(&repo).await;
    lose_an_answer(&scene);
    // As the engines do it: on a task of its own.
    let of_task = repo.clone();
    let made = tokio::spawn(async move {
        let list = operations([put("a", "1")]);
        of_task.commit(&target, &message("T"), &list).await
    });
    let made = made.await.unwrap().unwrap();
    assert_eq!((head(&repo).await, sent(&scene)), (made.id, 1));
    assert_eq!(titles(&repo, "main").await, ["T", "Initial commit"]);
}

#[tokio::test]
async fn a_commit_is_found_below_what_others_have_committed_since() {
    let scene = Scene::of_one_model().await;
    let repo = scene.model();
    let target = on_main(&repo).await;
    let Target::Branch { parent, .. } = &target else {
        unreachable!()
    };
    lose_an_answer(&scene);
    let (title, list) = (message("T"), operations([put("a", "1")]));
    let id = repo.id().clone();
    let others = async {
        while scene.standin.hub().head(&id, "main").as_ref() == Some(parent) {
            tokio::task::yield_now().await;
        }
        let ours = scene.standin.hub().head(&id, "main").unwrap();
        // What it wrote is not there any more, and it is recognised all the same.
        let change = [Change::remove("a"), Change::file("b", "theirs")];
        scene.standin.hub().commit(&id, "main", "Theirs", change);
        ours
    };
    let (made, ours) = tokio::join!(repo.commit(&target, &title, &list), others);
    assert_eq!((made.unwrap().id, sent(&scene)), (ours, 1));
    assert_eq!(
        titles(&repo, "main").await,
        ["Theirs", "T", "Initial commit"]
    );
}

#[tokio::test]
async fn a_commit_that_failed_before_it_happened_is_sent_again() {
    let scene = Scene::of_one_model().await;
    let repo = scene.model();
    let target = on_main(&repo).await;
    scene.standin.faults().add(on_commits(Effect::status(503)));
    let made = repo
        .commit(&target, &message("T"), &operations([put("a", "1")]))
        .await
        .unwrap();
    assert_eq!((head(&repo).await, sent(&scene)), (made.id, 2));
    assert_eq!(titles(&repo, "main").await, ["T", "Initial commit"]);
}

#[tokio::test]
async fn a_commit_that_failed_while_others_moved_the_head_does_not_happen() {
    let scene = Scene::of_one_model().await;
    let repo = scene.model();
    let target = on_main(&repo).await;
    let theirs = somebody_commits(&scene.standin, "a");
    scene.standin.faults().add(on_commits(Effect::status(504)));
    let refused = repo
        .commit(&target, &message("T"), &operations([put("a", "1")]))
        .await;
    assert!(
        matches!(refused, Err(Error::HeadMoved { .. })),
        "{refused:?}"
    );
    assert_eq!(head(&repo).await, theirs);
}

#[tokio::test]
async fn a_commit_nobody_can_look_for_is_left_open() {
    let scene = Scene::of_one_model().await;
    let repo = scene.model();
    let target = on_main(&repo).await;
    lose_an_answer(&scene);
    let blind = Fault::on(Route::Commits, Effect::status(404));
    scene.standin.faults().add(blind);
    let unsure = repo
        .commit(&target, &message("T"), &operations([put("a", "1")]))
        .await;
    assert!(matches!(unsure, Err(Error::Unsure { .. })), "{unsure:?}");
    assert_eq!(sent(&scene), 1);
}

#[tokio::test]
async fn a_pull_request_is_opened_once_whatever_becomes_of_the_answer() {
    for (effect, times) in [(Effect::Cut { after: 0 }, 1), (Effect::status(503), 2)] {
        let scene = Scene::of_one_model().await;
        let repo = scene.model();
        let base = head(&repo).await;
        scene.standin.faults().add(on_commits(effect));
        let target = Target::PullRequest { base };
        let of_task = repo.clone();
        let made = tokio::spawn(async move {
            let list = operations([put("a", "1")]);
            of_task.commit(&target, &message("T"), &list).await
        });
        let made = made.await.unwrap().unwrap();
        let offers = repo.refs().await.unwrap().pull_requests;
        assert_eq!((offers.len(), sent(&scene)), (1, times));
        assert_eq!((&offers[0].commit, made.pull_request), (&made.id, Some(1)));
    }
}

#[tokio::test]
async fn a_pull_request_a_gateway_gave_up_on_is_not_opened_again() {
    let scene = Scene::of_one_model().await;
    let repo = scene.model();
    let base = head(&repo).await;
    scene.standin.faults().add(on_commits(Effect::status(504)));
    let unsure = repo
        .commit(
            &Target::PullRequest { base },
            &message("T"),
            &operations([put("a", "1")]),
        )
        .await;
    assert!(matches!(unsure, Err(Error::Unsure { .. })), "{unsure:?}");
    assert_eq!(sent(&scene), 1);
}
