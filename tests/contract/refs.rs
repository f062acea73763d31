use hubdesk_core::Revision;
use hubdesk_hub::{Error, What};
use hubdesk_standin::{Effect, Fault, Route};

use crate::scene::{OTHERS_TOKEN, READ_TOKEN, Scene};

fn name(text: &str) -> Revision {
    text.parse().unwrap()
}

async fn branches(scene: &Scene) -> Vec<String> {
    let refs = scene.model().refs().await.unwrap();
    refs.branches
        .into_iter()
        .map(|branch| branch.name)
        .collect()
}

#[tokio::test]
async fn branches_and_tags_come_and_go() {
    let scene = Scene::of_one_model().await;
    let repo = scene.model();
    repo.create_branch(&name("feat/x"), None).await.unwrap();
    repo.create_tag(&name("v1"), &name("feat/x"), Some("first"))
        .await
        .unwrap();
    let refs = repo.refs().await.unwrap();
    let head = repo.resolve(&Revision::main()).await.unwrap();
    assert_eq!(branches(&scene).await, ["feat/x", "main"]);
    assert_eq!(
        (refs.tags[0].name.as_str(), &refs.tags[0].commit),
        ("v1", &head)
    );

    repo.delete_branch(&name("feat/x")).await.unwrap();
    repo.delete_tag(&name("v1")).await.unwrap();
    let refs = repo.refs().await.unwrap();
    assert_eq!((refs.branches.len(), refs.tags.len()), (1, 0));
}

#[tokio::test]
async fn what_is_there_is_a_conflict_and_main_stays() {
    let scene = Scene::of_one_model().await;
    let repo = scene.model();
    repo.create_branch(&name("b"), None).await.unwrap();
    let again = repo.create_branch(&name("b"), None).await;
    assert!(matches!(again, Err(Error::Conflict { .. })), "{again:?}");
    let main = repo.delete_branch(&Revision::main()).await;
    assert!(matches!(main, Err(Error::BadRequest { .. })), "{main:?}");
    let missing = repo.delete_tag(&name("never")).await;
    assert!(matches!(missing, Err(Error::NotFound(What::Revision, _))));
}

#[tokio::test]
async fn only_who_may_write_makes_a_branch() {
    let scene = Scene::of_one_model().await;
    for token in [Some(READ_TOKEN), Some(OTHERS_TOKEN)] {
        let repo = scene.repo(token, "mira/m");
        let refused = repo.create_branch(&name("b"), None).await;
        assert!(
            matches!(refused, Err(Error::Forbidden { .. })),
            "{refused:?}"
        );
    }
    assert_eq!(branches(&scene).await, ["main"]);
}

#[tokio::test]
async fn a_branch_whose_answer_was_lost_is_found_and_not_made_again() {
    let scene = Scene::of_one_model().await;
    scene
        .standin
        .faults()
        .add(Fault::on(Route::Change, Effect::Cut { after: 0 }).times(1));
    scene.model().create_branch(&name("b"), None).await.unwrap();
    assert_eq!(branches(&scene).await, ["b", "main"]);
    let records = scene.standin.log().records();
    let sent = records.iter().filter(|record| record.method == "POST");
    assert_eq!(sent.count(), 1);
}

#[tokio::test]
async fn an_old_branch_is_not_taken_for_one_that_was_never_made() {
    let scene = Scene::of_one_model().await;
    let repo = scene.model();
    repo.create_branch(&name("b"), None).await.unwrap();
    let lost = Fault::on(Route::Change, Effect::status(502)).method("POST");
    scene.standin.faults().add(lost.times(1));
    let again = repo.create_branch(&name("b"), None).await;
    assert!(matches!(again, Err(Error::Conflict { .. })), "{again:?}");
}
