//! Another place for the same transfer.

use hubdesk_core::Class;
use hubdesk_transfers::{Error, FileState, Files, PlannedFile, Reason, State, Then};

use crate::world::{World, at_once, done, elsewhere, new, page, stop};

fn plan(files: &Files) {
    let (path, bytes_total, is_done) = ("a.bin".to_owned(), 1, false);
    files.plan(vec![PlannedFile {
        path,
        bytes_total,
        is_done,
    }]);
    files.end("a.bin", FileState::Done);
}

#[tokio::test(start_paused = true)]
async fn a_blocked_transfer_goes_elsewhere_and_stays_the_same_transfer() {
    let mut world = World::with(at_once(1)).await;
    let id = world.begin().await;
    plan(&world.worker.ctx(id).files);
    world.end(id, stop(Then::Blocked(Reason::NoSpace))).await;
    let before = world.transfer(id);
    let other = world.begin().await;
    assert_eq!(
        world.transfers.files(id, page(0, 9)).await.unwrap().total,
        1
    );

    let volume = Some("/media/disk".into());
    world
        .transfers
        .redirect(id, elsewhere(), volume)
        .await
        .unwrap();
    let after = world.transfer(id);
    assert_eq!((after.state, after.error), (State::Queued, None));
    assert_eq!(
        (after.rank, after.created_at),
        (before.rank, before.created_at)
    );
    assert_eq!(after.volume.as_deref(), Some("/media/disk"));
    assert_eq!(after.request, Ok(elsewhere()));
    let files = world.transfers.files(id, page(0, 9)).await.unwrap();
    assert_eq!(files.total, 0, "nothing is there yet");

    world.restart().await;
    assert_eq!(world.transfer(id).request, Ok(elsewhere()), "it is stored");
    world.worker.works_on(id).await;
    assert_eq!(world.worker.asked_last(), Some(elsewhere()));
    assert_eq!(world.state(other), State::Queued, "it has its old place");
}

#[tokio::test(start_paused = true)]
async fn only_what_waits_for_somebody_or_has_failed_can_go_elsewhere() {
    let world = World::with(at_once(1)).await;
    let (running, queued) = (world.begin().await, world.enqueue().await);
    let cancelled = world
        .transfers
        .enqueue(new(Class::Background))
        .await
        .unwrap();
    world.transfers.cancel(cancelled).await.unwrap();
    for id in [running, queued, cancelled] {
        let refused = world.transfers.redirect(id, elsewhere(), None).await;
        assert!(matches!(refused, Err(Error::Illegal(_))), "{refused:?}");
        assert_ne!(world.transfer(id).request, Ok(elsewhere()));
    }
    world.end(running, stop(Then::Failed)).await;
    world
        .transfers
        .redirect(running, elsewhere(), None)
        .await
        .unwrap();
    world.transfers.cancel(queued).await.unwrap();
    world.worker.works_on(running).await;
    world.end(running, done()).await;
    assert_eq!(world.state(running), State::Done);
}
