use hubdesk_core::{RepoId, RepoKind};
use hubdesk_hub::{Access, Error, FieldKind, What};
use hubdesk_standin::{RepoSeed, StandIn};

use crate::scene::{MIRAS_TOKEN, OTHERS_TOKEN, READ_TOKEN, Scene};

const CARD: &str = "---
extra_gated_heading: Come in
extra_gated_fields:
  Name: text
  Use:
    type: select
    options: [Research, Other]
---
# m
";

async fn gated() -> (Scene, RepoId) {
    let model = RepoSeed::model("mira/m").gated().file("README.md", CARD);
    let scene = Scene::start(StandIn::builder().repo(model)).await;
    (scene, RepoId::new(RepoKind::Model, "mira/m").unwrap())
}

#[tokio::test]
async fn the_gate_opens_for_whom_the_author_lets_in() {
    let (scene, id) = gated().await;
    let access = async |token: Option<&str>| scene.repo(token, "mira/m").access().await.unwrap();
    assert_eq!(access(None).await, Access::SignedOut);
    assert_eq!(access(Some(MIRAS_TOKEN)).await, Access::Granted);
    assert_eq!(access(Some(OTHERS_TOKEN)).await, Access::NotGranted);

    let repo = scene.repo(Some(OTHERS_TOKEN), "mira/m");
    let head = scene.standin.hub().head(&id, "main").unwrap();
    let file = repo.file(&head, "README.md");
    assert!(matches!(file.get(None).await, Err(Error::Gated { .. })));
    scene.standin.hub().grant(&id, "other");
    assert_eq!(access(Some(OTHERS_TOKEN)).await, Access::Granted);
    assert!(file.get(None).await.is_ok());

    scene.standin.hub().reject(&id, "other");
    assert_eq!(access(Some(OTHERS_TOKEN)).await, Access::Rejected);
    assert!(file.get(None).await.is_err());
}

#[tokio::test]
async fn what_cannot_be_seen_has_no_gate() {
    let private = RepoSeed::model("mira/m").private("mira").file("a", "1");
    let scene = Scene::start(StandIn::builder().repo(private)).await;
    let hidden = scene.repo(Some(OTHERS_TOKEN), "mira/m").access().await;
    assert!(matches!(hidden, Err(Error::NotFound(What::Repo, _))));
    assert_eq!(scene.model().access().await.unwrap(), Access::Granted);
}

#[tokio::test]
async fn what_stands_at_the_gate_is_read_from_the_card() {
    let (scene, _) = gated().await;
    let gate = scene.repo(None, "mira/m").gate_text().await.unwrap();
    assert_eq!(gate.heading.as_deref(), Some("Come in"));
    let kinds: Vec<_> = gate.fields.into_iter().map(|field| field.kind).collect();
    let options = vec!["Research".to_owned(), "Other".to_owned()];
    assert_eq!(kinds, [FieldKind::Text, FieldKind::Select(options)]);
}

#[tokio::test]
async fn a_card_without_a_gate_says_nothing() {
    let scene = Scene::of_one_model().await;
    let gate = scene.model().gate_text().await.unwrap();
    assert_eq!(gate, hubdesk_hub::GateText::default());
}

#[tokio::test]
async fn whether_one_may_write_depends_on_person_and_token() {
    let scene = Scene::of_one_model().await;
    for (token, expected) in [
        (Some(MIRAS_TOKEN), true),
        (Some(READ_TOKEN), false),
        (Some(OTHERS_TOKEN), false),
        (None, false),
    ] {
        let may = scene.repo(token, "mira/m").may_write().await;
        assert_eq!(may.unwrap(), expected, "{token:?}");
    }
}
