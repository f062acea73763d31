use std::time::Duration;

use futures_util::future::join_all;
use hubdesk_hub::Error;
use hubdesk_standin::{RepoSeed, StandIn};

use crate::scene::{MIRAS_TOKEN, Scene};

async fn scene(quota: u64) -> Scene {
    let model = RepoSeed::model("mira/m").file("README.md", "# m\n");
    let second = Duration::from_secs(1);
    Scene::start(StandIn::builder().repo(model).quota("api", quota, second)).await
}

fn refused(scene: &Scene) -> usize {
    let records = scene.standin.log().records();
    records.iter().filter(|record| record.status == 429).count()
}

#[tokio::test]
async fn two_hundred_calls_against_a_quota_of_fifty_are_never_refused() {
    let scene = scene(50).await;
    let repo = scene.model();
    let asked = join_all((0..200).map(|_| repo.refs())).await;
    assert!(asked.iter().all(Result::is_ok), "{asked:?}");
    assert_eq!(
        scene.standin.log().records().len(),
        200,
        "each was sent once"
    );
    assert_eq!(refused(&scene), 0);
}

#[tokio::test]
async fn who_does_not_know_what_another_program_has_used_is_refused_once_and_then_waits() {
    let scene = scene(5).await;
    // Two clients with a budget each are two programs.
    let (one, other) = (scene.model(), scene.model());
    for _ in 0..5 {
        one.refs().await.unwrap();
    }
    let asked = join_all((0..8).map(|_| other.refs())).await;
    assert!(asked.iter().all(Result::is_ok), "{asked:?}");
    assert!(
        refused(&scene) <= 4,
        "those that were on the way before the first answer"
    );
}

#[tokio::test]
async fn everybody_has_a_quota_of_their_own() {
    let scene = scene(4).await;
    let mine = scene.hub(Some(MIRAS_TOKEN));
    for _ in 0..4 {
        mine.whoami().await.unwrap();
    }
    let nobody = scene.hub(None).whoami().await.unwrap_err();
    assert!(matches!(nobody, Error::SignedOut { .. }), "{nobody:?}");
}
