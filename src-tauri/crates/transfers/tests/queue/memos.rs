//! What a worker keeps from one run to the next.

use hubdesk_transfers::{Reason, Then};

use crate::world::{World, done, elsewhere, patiently, stop};

#[tokio::test(start_paused = true)]
async fn a_memo_outlives_the_run_the_program_and_another_request_and_goes_with_its_transfer() {
    let mut world = World::new().await;
    let id = world.begin().await;
    let memo = world.worker.ctx(id).memo;
    assert_eq!(patiently(memo.get()).await.unwrap(), None);
    patiently(memo.put("first".to_owned())).await.unwrap();
    patiently(memo.put("second".to_owned())).await.unwrap();
    world.crash().await;

    world.worker.works_on(id).await;
    let memo = world.worker.ctx(id).memo;
    let kept = patiently(memo.get()).await.unwrap();
    assert_eq!(kept.as_deref(), Some("second"));
    let blocked = stop(Then::Blocked(Reason::Conflict));
    world.end(id, blocked).await;
    world
        .transfers
        .redirect(id, elsewhere(), None)
        .await
        .unwrap();
    world.worker.works_on(id).await;
    world.end(id, done()).await;
    let kept = world.transfers.memo(id).await.unwrap();
    assert_eq!(kept.as_deref(), Some("second"));

    world.transfers.remove(id).await.unwrap();
    assert!(world.transfers.memo(id).await.is_err());
    patiently(memo.put("late".to_owned())).await.unwrap();
    assert_eq!(patiently(memo.get()).await.unwrap(), None);
}
