use std::time::Duration;

use futures_util::TryStreamExt;
use hubdesk_core::{RepoId, RepoKind, RepoPath, Revision};
use hubdesk_hub::{
    Created, Duplicate, Error, Existing, Gated, Hub, License, NewFile, NewRepo, NewSpace, Pointers,
    Sdk, Settings, Visibility, What,
};
use hubdesk_standin::{Content, Effect, Fault, OrgRole, RepoSeed, Route, StandIn};

use crate::scene::{MIRAS_TOKEN, OTHERS_TOKEN, READ_TOKEN, Scene};

fn id(name: &str) -> RepoId {
    RepoId::new(RepoKind::Model, name).unwrap()
}

fn model(name: &str) -> NewRepo {
    NewRepo::model(name, Visibility::Public).unwrap()
}

fn mira(scene: &Scene) -> Hub {
    scene.hub(Some(MIRAS_TOKEN))
}

/// The answer to the next change is lost, after the change was made.
fn lose_an_answer(scene: &Scene) {
    let fault = Fault::on(Route::Change, Effect::Cut { after: 0 }).times(1);
    scene.standin.faults().add(fault);
}

/// The Hub is at work on what the change is about.
fn busy() -> Fault {
    let why = "Cannot create repo: another conflicting operation is in progress";
    let Effect::Status(status, _) = Effect::status(409) else {
        unreachable!("a status is a status")
    };
    let busy = Effect::Status(status, vec![("x-error-message", why.to_owned())]);
    Fault::on(Route::Change, busy)
}

/// How often something was sent to an address with `part` in it.
fn sent(scene: &Scene, method: &str, part: &str) -> usize {
    let records = scene.standin.log().records();
    let is_it =
        |record: &&hubdesk_standin::Record| record.method == method && record.path.contains(part);
    records.iter().filter(is_it).count()
}

async fn exists(scene: &Scene, token: Option<&str>, name: &str) -> bool {
    match scene.repo(token, name).info(&Revision::main()).await {
        Ok(_) => true,
        Err(Error::NotFound(What::Repo, _)) => false,
        Err(other) => panic!("{other:?}"),
    }
}

async fn text(scene: &Scene, id: &RepoId, path: &str) -> String {
    let repo = mira(scene).repo(id);
    let commit = repo.resolve(&Revision::main()).await.unwrap();
    let mut body = repo.file(&commit, path).get(None).await.unwrap();
    let mut bytes = Vec::new();
    while let Some(chunk) = body.chunk().await.unwrap() {
        bytes.extend_from_slice(&chunk);
    }
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn a_repository_of_each_kind_is_made_and_holds_what_it_was_given() {
    let scene = Scene::of_one_model().await;
    let hub = mira(&scene);
    let mut new = NewRepo::dataset("lab/d", Visibility::Private).unwrap();
    new.license = Some(License {
        id: "mit".to_owned(),
        name: None,
        link: None,
    });
    new.files = vec![NewFile {
        path: RepoPath::new("data/raw.dat").unwrap(),
        content: b"\xff\x00".to_vec(),
    }];
    let made = hub.create_repo(&new).await.unwrap();
    assert!(made.is_new);
    assert_eq!(made.id.name(), "lab/d");
    assert!(
        text(&scene, &made.id, "README.md")
            .await
            .contains("license: \"mit\"")
    );
    assert!(
        text(&scene, &made.id, ".gitattributes")
            .await
            .contains("lfs")
    );
    let info = hub.repo(&made.id).info(&Revision::main()).await.unwrap();
    assert!(info.summary.is_private);
    let other = scene.hub(Some(OTHERS_TOKEN)).repo(&made.id);
    let unseen = other.info(&Revision::main()).await;
    assert!(matches!(unseen, Err(Error::NotFound(What::Repo, _))));

    let mut space = NewSpace::new(Sdk::Static);
    space.short_description = Some("Shows things".to_owned());
    let new = NewRepo::space("mira/s", Visibility::Public, space).unwrap();
    let made = hub.create_repo(&new).await.unwrap();
    assert!(
        text(&scene, &made.id, "README.md")
            .await
            .contains("sdk: static")
    );
    let info = hub.repo(&made.id).info(&Revision::main()).await.unwrap();
    assert_eq!(info.summary.sdk.as_deref(), Some("static"));

    let made = hub.create_repo(&model("mira/new")).await.unwrap();
    assert_eq!((made.id, made.is_new), (id("mira/new"), true));
}

#[tokio::test]
async fn a_name_that_is_taken_is_a_conflict_unless_the_existing_one_will_do() {
    let scene = Scene::of_one_model().await;
    let hub = mira(&scene);
    let mut new = model("mira/m");
    let taken = hub.create_repo(&new).await;
    let Err(Error::Conflict { repo, .. }) = taken else {
        panic!("{taken:?}");
    };
    assert_eq!(repo, Some(id("mira/m")));
    new.existing = Existing::Take;
    let found = hub.create_repo(&new).await.unwrap();
    let expected = Created {
        id: id("mira/m"),
        is_new: false,
    };
    assert_eq!(found, expected);
}

#[tokio::test]
async fn a_repository_is_made_only_where_the_account_may() {
    let scene = Scene::of_one_model().await;
    scene
        .standin
        .people()
        .join("readers", "mira", OrgRole::Read);
    scene
        .standin
        .people()
        .join("club", "mira", OrgRole::Contributor);
    for (token, name) in [
        (MIRAS_TOKEN, "other/x"),
        (MIRAS_TOKEN, "readers/x"),
        (MIRAS_TOKEN, "nobody/x"),
        (READ_TOKEN, "mira/x"),
    ] {
        let refused = scene.hub(Some(token)).create_repo(&model(name)).await;
        assert!(
            matches!(refused, Err(Error::Forbidden { .. })),
            "{refused:?}"
        );
    }
    let made = mira(&scene).create_repo(&model("club/x")).await.unwrap();
    let tag = "v1".parse().unwrap();
    let repo = mira(&scene).repo(&made.id);
    repo.create_tag(&tag, &Revision::main(), None)
        .await
        .unwrap();
}

#[tokio::test]
async fn files_that_cannot_be_next_to_each_other_are_refused() {
    let scene = Scene::of_one_model().await;
    let mut new = model("mira/new");
    let file = |path| NewFile {
        path: RepoPath::new(path).unwrap(),
        content: b"x".to_vec(),
    };
    new.files = vec![file("a"), file("a/b")];
    let refused = mira(&scene).create_repo(&new).await;
    assert!(
        matches!(refused, Err(Error::BadRequest { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_repository_whose_answer_was_lost_is_found_and_not_made_again() {
    let scene = Scene::of_one_model().await;
    lose_an_answer(&scene);
    let made = mira(&scene).create_repo(&model("mira/new")).await.unwrap();
    assert!(made.is_new);
    assert_eq!(sent(&scene, "POST", "/repos/create"), 1);
}

#[tokio::test]
async fn one_that_was_there_before_is_not_taken_for_a_new_one_after_a_lost_answer() {
    let scene = Scene::of_one_model().await;
    lose_an_answer(&scene);
    let taken = mira(&scene).create_repo(&model("mira/m")).await;
    assert!(matches!(taken, Err(Error::Conflict { .. })), "{taken:?}");
}

#[tokio::test]
async fn a_busy_hub_is_asked_again() {
    let scene = Scene::of_one_model().await;
    scene.standin.faults().add(busy().times(2));
    mira(&scene).create_repo(&model("mira/new")).await.unwrap();
    assert_eq!(sent(&scene, "POST", "/repos/create"), 3);
}

#[tokio::test]
async fn a_hub_that_stays_busy_has_not_said_that_the_name_is_taken() {
    let scene = Scene::of_one_model().await;
    scene.standin.faults().add(busy().method("POST"));
    let mut new = model("mira/new");
    new.existing = Existing::Take;
    let made = mira(&scene).create_repo(&new).await;
    assert!(matches!(made, Err(Error::Conflict { .. })), "{made:?}");
}

#[tokio::test]
async fn who_is_signed_out_is_told_so() {
    let scene = Scene::of_one_model().await;
    let hub = scene.hub(None);
    let made = hub.create_repo(&model("mira/new")).await;
    assert!(matches!(made, Err(Error::SignedOut { .. })), "{made:?}");
    let moved = hub.move_repo(&id("mira/m"), &id("mira/n")).await;
    assert!(matches!(moved, Err(Error::SignedOut { .. })), "{moved:?}");
}

#[tokio::test]
async fn a_removed_repository_is_gone_and_a_missing_one_cannot_be_removed() {
    let scene = Scene::of_one_model().await;
    let hub = mira(&scene);
    for token in [READ_TOKEN, OTHERS_TOKEN] {
        let refused = scene.hub(Some(token)).delete_repo(&id("mira/m")).await;
        assert!(
            matches!(refused, Err(Error::Forbidden { .. })),
            "{refused:?}"
        );
    }
    hub.delete_repo(&id("mira/m")).await.unwrap();
    assert!(!exists(&scene, Some(MIRAS_TOKEN), "mira/m").await);
    let again = hub.delete_repo(&id("mira/m")).await;
    assert!(
        matches!(again, Err(Error::NotFound(What::Repo, _))),
        "{again:?}"
    );
}

#[tokio::test]
async fn a_removal_whose_answer_was_lost_is_seen_and_not_repeated() {
    let scene = Scene::of_one_model().await;
    lose_an_answer(&scene);
    mira(&scene).delete_repo(&id("mira/m")).await.unwrap();
    assert_eq!(sent(&scene, "DELETE", "/repos/delete"), 1);
}

#[tokio::test]
async fn a_renamed_repository_is_found_under_both_names() {
    let scene = Scene::of_one_model().await;
    let hub = mira(&scene);
    hub.move_repo(&id("mira/m"), &id("lab/n")).await.unwrap();
    for name in ["mira/m", "lab/n"] {
        let info = scene
            .repo(None, name)
            .info(&Revision::main())
            .await
            .unwrap();
        assert_eq!(info.summary.id, id("lab/n"));
    }
    // The old name is free, and whoever takes it ends the redirect.
    hub.create_repo(&model("mira/m")).await.unwrap();
    let info = scene
        .repo(None, "mira/m")
        .info(&Revision::main())
        .await
        .unwrap();
    assert_eq!(info.summary.id, id("mira/m"));
    let taken = hub.move_repo(&id("lab/n"), &id("mira/m")).await;
    assert!(matches!(taken, Err(Error::Conflict { .. })), "{taken:?}");
}

#[tokio::test]
async fn a_move_to_another_person_is_refused() {
    let scene = Scene::of_one_model().await;
    let refused = mira(&scene).move_repo(&id("mira/m"), &id("other/m")).await;
    assert!(
        matches!(refused, Err(Error::Forbidden { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_move_whose_answer_was_lost_is_not_made_again() {
    let scene = Scene::of_one_model().await;
    lose_an_answer(&scene);
    let hub = mira(&scene);
    hub.move_repo(&id("mira/m"), &id("mira/n")).await.unwrap();
    assert_eq!(sent(&scene, "POST", "/repos/move"), 1);
}

#[tokio::test]
async fn settings_are_in_force_at_once() {
    let scene = Scene::of_one_model().await;
    let repo = scene.model();
    let wish = Settings {
        visibility: Some(Visibility::Private),
        gated: Some(Gated::Manual),
        discussions_disabled: Some(true),
        ..Settings::default()
    };
    let set = repo.change_settings(&wish).await.unwrap();
    assert_eq!(set, wish);
    assert!(!exists(&scene, Some(OTHERS_TOKEN), "mira/m").await);

    let wish = Settings {
        visibility: Some(Visibility::Public),
        ..Settings::default()
    };
    repo.change_settings(&wish).await.unwrap();
    let others = scene.repo(Some(OTHERS_TOKEN), "mira/m");
    let info = others.info(&Revision::main()).await.unwrap();
    assert_eq!(info.summary.gated, Gated::Manual);
    let file = others.file(&info.sha, "config.json").get(None).await;
    assert!(matches!(file, Err(Error::Gated { .. })));
    let refused = others.change_settings(&wish).await;
    assert!(
        matches!(refused, Err(Error::Forbidden { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn settings_whose_answer_was_lost_are_sent_again() {
    let scene = Scene::of_one_model().await;
    lose_an_answer(&scene);
    let wish = Settings {
        gated: Some(Gated::Auto),
        ..Settings::default()
    };
    assert_eq!(scene.model().change_settings(&wish).await.unwrap(), wish);
    assert_eq!(sent(&scene, "PUT", "/settings"), 2);
}

#[tokio::test]
async fn a_copy_has_the_files_of_the_original_and_is_made_once() {
    let scene = Scene::of_one_model().await;
    lose_an_answer(&scene);
    let other = scene.hub(Some(OTHERS_TOKEN));
    let copy = Duplicate::new(&id("other/copy"), Visibility::Private).unwrap();
    let original = other.repo(&id("mira/m"));
    let made = original.duplicate(&copy).await.unwrap();
    assert_eq!(made.id, id("other/copy"));
    assert_eq!(sent(&scene, "POST", "/duplicate"), 1);
    let info = other.repo(&made.id).info(&Revision::main()).await.unwrap();
    assert!(info.summary.is_private);
    let source = original.info(&Revision::main()).await.unwrap();
    assert_eq!(info.sha, source.sha);

    let taken = original.duplicate(&copy).await;
    assert!(matches!(taken, Err(Error::Conflict { .. })), "{taken:?}");
}

async fn with_history() -> Scene {
    let model = RepoSeed::model("mira/m")
        .large("old.bin", Content::random(1, 2000))
        .commit("one")
        .remove("old.bin")
        .large("new.bin", Content::random(2, 3000))
        .file("a.txt", "a")
        .commit("two");
    Scene::start(StandIn::builder().repo(model)).await
}

async fn large_files(scene: &Scene) -> Vec<hubdesk_hub::LfsFile> {
    scene.model().lfs_files().try_collect().await.unwrap()
}

fn names(files: &[hubdesk_hub::LfsFile]) -> Vec<&str> {
    let mut names: Vec<_> = files
        .iter()
        .filter_map(|file| file.filename.as_deref())
        .collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn a_squashed_branch_is_one_commit_with_the_same_files() {
    let scene = with_history().await;
    let repo = scene.model();
    lose_an_answer(&scene);
    let commit = repo.squash(&Revision::main(), "all in one").await.unwrap();
    assert_eq!(sent(&scene, "POST", "/super-squash"), 1);
    let commits: Vec<_> = repo.commits(&Revision::main()).try_collect().await.unwrap();
    let shown: Vec<_> = commits
        .iter()
        .map(|one| (&one.id, one.title.as_str()))
        .collect();
    assert_eq!(shown, [(&commit, "all in one")]);
    assert_eq!(text(&scene, &id("mira/m"), "a.txt").await, "a");
    assert_eq!(names(&large_files(&scene).await), ["new.bin"]);
}

#[tokio::test]
async fn only_a_branch_is_squashed() {
    let scene = with_history().await;
    let repo = scene.model();
    let tag = "v1".parse().unwrap();
    repo.create_tag(&tag, &Revision::main(), None)
        .await
        .unwrap();
    let refused = repo.squash(&tag, "no").await;
    assert!(
        matches!(refused, Err(Error::BadRequest { .. })),
        "{refused:?}"
    );
    let missing = repo.squash(&"never".parse().unwrap(), "no").await;
    assert!(matches!(missing, Err(Error::NotFound(What::Revision, _))));
}

#[tokio::test]
async fn large_files_of_every_commit_are_listed_and_removed_for_good() {
    let scene = with_history().await;
    let repo = scene.model();
    let files = large_files(&scene).await;
    assert_eq!(names(&files), ["new.bin", "old.bin"]);
    let old = files
        .iter()
        .filter(|file| file.filename.as_deref() == Some("old.bin"));
    lose_an_answer(&scene);
    repo.delete_lfs_files(old, Pointers::Rewrite).await.unwrap();
    assert_eq!(sent(&scene, "POST", "/lfs-files/batch"), 1);
    assert_eq!(names(&large_files(&scene).await), ["new.bin"]);
    let commits: Vec<_> = repo.commits(&Revision::main()).try_collect().await.unwrap();
    assert_eq!(commits.len(), 2);
}

#[tokio::test]
async fn a_file_removed_without_its_pointers_is_named_and_cannot_be_had() {
    let scene = with_history().await;
    let repo = scene.model();
    let head = repo.resolve(&Revision::main()).await.unwrap();
    let files = large_files(&scene).await;
    repo.delete_lfs_files(&files, Pointers::Leave)
        .await
        .unwrap();
    assert_eq!(repo.resolve(&Revision::main()).await.unwrap(), head);
    assert!(large_files(&scene).await.is_empty());
    let file = repo.file(&head, "new.bin").get(None).await;
    assert!(
        matches!(file, Err(Error::Storage { .. })),
        "{:?}",
        file.err()
    );
}

#[tokio::test]
async fn a_thousand_large_files_go_in_one_request_and_more_in_several() {
    let model = (0..1001).fold(RepoSeed::model("mira/m"), |seed, n| {
        seed.large(&format!("{n}.bin"), Content::random(n, 8))
    });
    let scene = Scene::start(StandIn::builder().repo(model)).await;
    let files = large_files(&scene).await;
    let repo = scene.model();
    repo.delete_lfs_files(&files, Pointers::Rewrite)
        .await
        .unwrap();
    assert_eq!(sent(&scene, "POST", "/lfs-files/batch"), 2);
    assert!(large_files(&scene).await.is_empty());
}

#[tokio::test]
async fn a_removal_that_failed_is_sent_again_after_a_look_at_what_is_left() {
    let scene = with_history().await;
    let files = large_files(&scene).await;
    let down = Fault::on(Route::Change, Effect::status(503))
        .matching("batch")
        .times(1);
    scene.standin.faults().add(down);
    let listed = sent(&scene, "GET", "/lfs-files");
    let repo = scene.model();
    repo.delete_lfs_files(&files, Pointers::Rewrite)
        .await
        .unwrap();
    assert_eq!(sent(&scene, "GET", "/lfs-files"), listed + 1);
    assert_eq!(sent(&scene, "POST", "/lfs-files/batch"), 2);
    assert!(large_files(&scene).await.is_empty());
}

#[tokio::test]
async fn work_that_takes_the_hub_long_is_waited_for() {
    let scene = with_history().await;
    let files = large_files(&scene).await;
    let slow = Effect::Latency(Duration::from_millis(900));
    let slow = Fault::on(Route::Change, slow).method("POST");
    scene.standin.faults().add(slow);
    let listed = sent(&scene, "GET", "/lfs-files");
    let repo = scene.impatient_hub(MIRAS_TOKEN).repo(&id("mira/m"));
    let copy = Duplicate::new(&id("mira/copy"), Visibility::Private).unwrap();
    let (copied, removed) = tokio::join!(
        repo.duplicate(&copy),
        repo.delete_lfs_files(&files, Pointers::Leave)
    );
    removed.unwrap();
    assert!(!copied.unwrap().is_pending, "by the answer itself");
    assert_eq!(sent(&scene, "GET", "/lfs-files"), listed, "no look");
}

#[tokio::test]
async fn a_card_is_judged_before_it_is_pushed() {
    let scene = Scene::of_one_model().await;
    let hub = scene.hub(None);
    let judge = async |text| hub.validate_card(RepoKind::Space, text).await.unwrap();
    assert!(judge("---\nsdk: static\n---\n").await.is_valid());
    let without = judge("# Title\n").await;
    assert!(
        without.is_valid() && without.warnings.len() == 1,
        "{without:?}"
    );
    for text in [
        "---\nsdk: [\n---\n",
        "---\ntitle: x\n---\n",
        "---\n- x\n---\n",
    ] {
        let refused = judge(text).await;
        assert!(
            !refused.is_valid() && !refused.errors[0].is_empty(),
            "{refused:?}"
        );
    }
}

#[tokio::test]
async fn large_files_are_listed_for_those_who_may_change_them() {
    let scene = with_history().await;
    let repo = scene.repo(Some(OTHERS_TOKEN), "mira/m");
    let refused: Result<Vec<_>, _> = repo.lfs_files().try_collect().await;
    assert!(
        matches!(refused, Err(Error::Forbidden { .. })),
        "{refused:?}"
    );
}
