use futures_util::TryStreamExt;
use hubdesk_core::{RepoId, RepoKind};
use hubdesk_hub::{Conflicts, DiscussionFilter, DiscussionKind, DiscussionStatus, Error, Event};
use hubdesk_hub::{Happening, Repo};
use hubdesk_standin::{Change, DiscussionSeed, Effect, Fault, RepoSeed, Route, StandIn};

use crate::scene::{MIRA, MIRAS_TOKEN, OTHERS_TOKEN, READ_TOKEN, Scene};

/// One model whose pull request 1 adds a file, with a discussion that is over.
async fn talkative() -> Scene {
    let model = RepoSeed::model("mira/m")
        .file("README.md", "# m\n")
        .file("config.json", "{}\n")
        .commit("First")
        .pull_request(1)
        .file("new.txt", "new\n")
        .commit("Add a file")
        .discussion(DiscussionSeed::new("Is it any good?", "other", "Is it?").closed())
        .discussion(DiscussionSeed::by_nobody("Where from?", "Where?").locked());
    Scene::start(StandIn::builder().repo(model).page_size(2)).await
}

async fn titles(repo: &Repo, filter: &DiscussionFilter) -> Vec<String> {
    let all: Vec<_> = repo.discussions(filter).try_collect().await.unwrap();
    all.into_iter().map(|one| one.title).collect()
}

async fn status(repo: &Repo, num: u64) -> DiscussionStatus {
    repo.discussion(num).await.unwrap().summary.status
}

fn said(events: &[Event]) -> Vec<&str> {
    let texts = events.iter().filter_map(|event| match &event.what {
        Happening::Comment(comment) => Some(comment.text.text.as_str()),
        _ => None,
    });
    texts.collect()
}

fn lose_one_answer(scene: &Scene) {
    spoil_one_change(scene, Effect::Cut { after: 0 });
}

fn spoil_one_change(scene: &Scene, effect: Effect) {
    let fault = Fault::on(Route::Change, effect).method("POST").times(1);
    scene.standin.faults().add(fault);
}

fn posts(scene: &Scene) -> usize {
    let records = scene.standin.log().records();
    let sent = records.iter().filter(|record| record.method == "POST");
    sent.count()
}

#[tokio::test]
async fn a_list_goes_over_its_pages_and_can_be_narrowed() {
    let scene = talkative().await;
    let repo = scene.model();
    let all = titles(&repo, &DiscussionFilter::default()).await;
    assert_eq!(all, ["Where from?", "Is it any good?", "Add a file"]);
    let only = async |filter| titles(&repo, &filter).await;
    let default = DiscussionFilter::default;
    for (filter, expected) in [
        (
            DiscussionFilter {
                kind: Some(DiscussionKind::PullRequest),
                ..default()
            },
            "Add a file",
        ),
        (
            DiscussionFilter {
                is_open: Some(false),
                ..default()
            },
            "Is it any good?",
        ),
        (
            DiscussionFilter {
                search: Some("FROM".to_owned()),
                ..default()
            },
            "Where from?",
        ),
        (
            DiscussionFilter {
                author: Some("other".to_owned()),
                ..default()
            },
            "Is it any good?",
        ),
    ] {
        assert_eq!(only(filter).await, [expected]);
    }
}

#[tokio::test]
async fn a_discussion_is_opened_answered_renamed_and_closed() {
    let scene = talkative().await;
    let (mine, theirs) = (scene.model(), scene.repo(Some(OTHERS_TOKEN), "mira/m"));
    let num = theirs
        .create_discussion("A question", "Why?")
        .await
        .unwrap();
    let answer = mine.comment(num, "Because <b>.").await.unwrap();
    mine.edit_comment(num, &answer.id, "Because.")
        .await
        .unwrap();
    mine.rename_discussion(num, "An answer").await.unwrap();
    mine.close_discussion(num, Some("Done.")).await.unwrap();

    let now = mine.discussion(num).await.unwrap();
    assert_eq!(said(&now.events), ["Why?", "Because.", "Done."]);
    assert_eq!(now.summary.title, "An answer");
    assert_eq!(now.summary.status, DiscussionStatus::Closed);
    assert_eq!(now.summary.author.unwrap().name, "other");
    assert!(now.pull.is_none());
    let Happening::Comment(edited) = &now.events[1].what else {
        panic!("{:?}", now.events);
    };
    assert!(edited.is_edited);
    let renamed = Happening::Title {
        from: "A question".to_owned(),
        to: "An answer".to_owned(),
    };
    assert!(now.events.iter().any(|event| event.what == renamed));

    theirs.reopen_discussion(num, None).await.unwrap();
    assert_eq!(status(&mine, num).await, DiscussionStatus::Open);
}

#[tokio::test]
async fn a_pull_request_shows_its_change_and_is_merged() {
    let scene = talkative().await;
    let repo = scene.model();
    let before = repo.discussion(1).await.unwrap();
    let pull = before.pull.unwrap();
    assert_eq!(pull.conflicts, Conflicts::None);
    assert_eq!(
        (pull.base.as_str(), &pull.merge_commit),
        ("refs/heads/main", &None)
    );
    let diff = pull.diff.unwrap().text;
    assert!(
        diff.contains("+++ b/new.txt\n@@ -0,0 +1,1 @@\n+new\n"),
        "{diff}"
    );
    let commits = before.events.iter().filter(
        |event| matches!(&event.what, Happening::Commit { subject, .. } if subject == "Add a file"),
    );
    assert_eq!(commits.count(), 1);

    repo.merge(1, None).await.unwrap();
    let after = repo.discussion(1).await.unwrap();
    assert_eq!(after.summary.status, DiscussionStatus::Merged);
    let id = RepoId::new(RepoKind::Model, "mira/m").unwrap();
    let main = scene.standin.hub().head(&id, "main").unwrap();
    let pull = after.pull.unwrap();
    assert_eq!(pull.merge_commit.as_deref(), Some(main.as_str()));
    assert_eq!(pull.head_commit.as_deref(), Some(main.as_str()));
}

#[tokio::test]
async fn both_sides_of_a_merge_are_kept_and_conflicts_stop_it() {
    let scene = talkative().await;
    let repo = scene.model();
    let id = RepoId::new(RepoKind::Model, "mira/m").unwrap();
    let commit = |change| scene.standin.hub().commit(&id, "main", "On main", [change]);
    commit(Change::file("new.txt", "another\n"));
    let pull = repo.discussion(1).await.unwrap().pull.unwrap();
    assert_eq!(pull.conflicts, Conflicts::Files(vec!["new.txt".to_owned()]));
    let refused = repo.merge(1, None).await;
    assert!(
        matches!(refused, Err(Error::Conflict { .. })),
        "{refused:?}"
    );

    commit(Change::remove("new.txt"));
    commit(Change::file(
        "new.txt/inside.txt",
        "a folder of that name\n",
    ));
    let refused = repo.merge(1, None).await;
    assert!(
        matches!(refused, Err(Error::Conflict { .. })),
        "{refused:?}"
    );

    commit(Change::remove("new.txt/inside.txt"));
    commit(Change::file("config.json", "{\"a\": 1}\n"));
    repo.merge(1, Some("Thank you")).await.unwrap();
    let head = repo.resolve(&"main".parse().unwrap()).await.unwrap();
    let entries: Vec<_> = repo.tree(&head, None, true).try_collect().await.unwrap();
    let paths: Vec<_> = entries.iter().map(|entry| entry.path.as_str()).collect();
    assert_eq!(paths, ["README.md", "config.json", "new.txt"]);
}

#[tokio::test]
async fn a_draft_is_published_before_it_is_merged() {
    let scene = talkative().await;
    let repo = scene.model();
    let num = repo.create_pull_request("Later", "").await.unwrap();
    assert_eq!(status(&repo, num).await, DiscussionStatus::Draft);
    assert!(
        repo.refs()
            .await
            .unwrap()
            .pull_requests
            .iter()
            .any(|one| one.full_name == format!("refs/pr/{num}"))
    );
    let refused = repo.merge(num, None).await;
    assert!(
        matches!(refused, Err(Error::BadRequest { .. })),
        "{refused:?}"
    );
    repo.reopen_discussion(num, None).await.unwrap();
    repo.merge(num, None).await.unwrap();
    assert_eq!(status(&repo, num).await, DiscussionStatus::Merged);
}

#[tokio::test]
async fn who_may_not_take_part_is_refused() {
    let scene = talkative().await;
    let theirs = scene.repo(Some(OTHERS_TOKEN), "mira/m");
    let looks = scene.repo(Some(READ_TOKEN), "mira/m");
    let anonymous = scene.repo(None, "mira/m");
    assert_eq!(
        titles(&anonymous, &DiscussionFilter::default()).await.len(),
        3
    );
    let refusals = [
        looks.comment(2, "x").await.map(drop),
        looks.create_discussion("Title", "x").await.map(drop),
        theirs.comment(3, "it is locked").await.map(drop),
        theirs.merge(1, None).await,
        theirs.rename_discussion(1, "Mine now").await,
        theirs.close_discussion(1, None).await,
    ];
    for refused in refusals {
        assert!(
            matches!(refused, Err(Error::Forbidden { .. })),
            "{refused:?}"
        );
    }
    let refused = anonymous.comment(2, "x").await;
    assert!(refused.is_err());
    scene.model().comment(3, "it is mine").await.unwrap();
}

#[tokio::test]
async fn what_happened_although_its_answer_was_lost_is_not_done_again() {
    let scene = talkative().await;
    let repo = scene.repo(Some(MIRAS_TOKEN), "mira/m");
    let mut sent = 0;
    let mut once = |what: &str| {
        sent += 1;
        assert_eq!(posts(&scene), sent, "{what}");
    };

    lose_one_answer(&scene);
    let num = repo.create_discussion("Lost", "and found").await.unwrap();
    once("create");
    assert_eq!(
        repo.discussion(num)
            .await
            .unwrap()
            .summary
            .author
            .unwrap()
            .name,
        MIRA
    );
    lose_one_answer(&scene);
    let comment = repo.comment(num, "here").await.unwrap();
    once("comment");
    lose_one_answer(&scene);
    repo.edit_comment(num, &comment.id, "there").await.unwrap();
    once("edit");
    lose_one_answer(&scene);
    repo.rename_discussion(num, "Found").await.unwrap();
    once("rename");
    lose_one_answer(&scene);
    repo.close_discussion(num, None).await.unwrap();
    once("close");
    lose_one_answer(&scene);
    repo.merge(1, None).await.unwrap();
    once("merge");

    let now = repo.discussion(num).await.unwrap();
    assert_eq!(said(&now.events), ["and found", "there"]);
}

#[tokio::test]
async fn what_somebody_else_said_is_not_taken_for_ours() {
    let scene = talkative().await;
    scene
        .repo(Some(OTHERS_TOKEN), "mira/m")
        .comment(2, "+1")
        .await
        .unwrap();
    // The request fails; the same text by somebody else is there, a second old.
    spoil_one_change(&scene, Effect::status(500));
    let comment = scene.model().comment(2, "+1").await.unwrap();
    assert_eq!(comment.author.unwrap().name, MIRA);
    let all = scene.model().discussion(2).await.unwrap();
    assert_eq!(said(&all.events), ["Is it?", "+1", "+1"]);
}

#[tokio::test]
async fn what_may_still_come_is_not_said_twice() {
    let scene = talkative().await;
    let repo = scene.model();
    repo.comment(2, "again").await.unwrap();
    repo.create_discussion("Again", "x").await.unwrap();
    for gone in [502, 504] {
        spoil_one_change(&scene, Effect::status(gone));
        let before = posts(&scene);
        let open = repo.comment(2, "again").await;
        assert!(matches!(open, Err(Error::Unsure { .. })), "{open:?}");
        spoil_one_change(&scene, Effect::status(gone));
        let open = repo.create_discussion("Again", "x").await;
        assert!(matches!(open, Err(Error::Unsure { .. })), "{open:?}");
        assert_eq!(posts(&scene), before + 2);
    }
}
