//! A database that cannot be written to: nothing is lost, and it is said.

use std::time::Duration;

use hubdesk_core::Class;
use hubdesk_transfers::{Error, State, Unsaved};

use crate::world::{World, at_once, done, new};

async fn shut(world: &World, is_shut: bool) {
    let act = move |tx: &hubdesk_store::rusqlite::Transaction<'_>| {
        tx.pragma_update(None, "query_only", is_shut)
    };
    world.store.call(act).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_stored_is_refused_and_changes_nothing() {
    let world = World::new().await;
    let id = world.begin().await;
    shut(&world, true).await;
    let refused = world.transfers.enqueue(new(Class::Normal)).await;
    assert!(
        matches!(
            refused,
            Err(Error::Store(hubdesk_store::Error::ReadOnly { .. }))
        ),
        "{refused:?}"
    );
    assert!(world.transfers.pause(id).await.is_err());
    assert_eq!(world.state(id), State::Running);
    assert!(!world.worker.ctx(id).cancel.is_cancelled());
    assert_eq!(world.board().unsaved, Some(Unsaved::ReadOnly));
}

#[tokio::test(start_paused = true)]
async fn what_has_happened_is_stored_as_soon_as_it_can_be_and_nothing_begins_before() {
    let mut world = World::with(at_once(1)).await;
    let (id, next) = (world.begin().await, world.enqueue().await);
    shut(&world, true).await;
    world.end(id, done()).await;
    world.pass(Duration::from_secs(61)).await;
    assert_eq!(world.state(id), State::Done);
    assert_eq!(world.state(next), State::Queued);
    assert_eq!(world.board().unsaved, Some(Unsaved::ReadOnly));
    shut(&world, false).await;
    world.pass(Duration::from_secs(31)).await;
    assert_eq!(world.board().unsaved, None);
    assert_eq!(world.worker.at_work(), [next]);
    world.crash().await;
    assert_eq!(world.state(id), State::Done);
}

#[tokio::test(start_paused = true)]
async fn a_trouble_that_is_over_is_not_shown_any_more_even_if_there_is_nothing_to_store() {
    let world = World::new().await;
    shut(&world, true).await;
    assert!(world.transfers.enqueue(new(Class::Normal)).await.is_err());
    shut(&world, false).await;
    world.pass(Duration::from_secs(31)).await;
    assert_eq!(world.board().unsaved, None);
}

#[tokio::test(start_paused = true)]
async fn an_end_that_could_not_be_stored_is_found_out_again_by_another_run() {
    let mut world = World::new().await;
    let id = world.begin().await;
    shut(&world, true).await;
    world.end(id, done()).await;
    world.crash().await;
    world.worker.works_on(id).await;
}

#[tokio::test(start_paused = true)]
async fn who_asks_and_goes_away_leaves_all_of_what_was_asked_or_nothing() {
    let mut world = World::with(at_once(1)).await;
    let mut expected = 0;
    for polls in 0..6 {
        let asked = vec![new(Class::Normal); 3];
        let queue = world.transfers.clone();
        let asking = tokio::spawn(async move { queue.enqueue_all(asked).await });
        for _ in 0..polls {
            tokio::task::yield_now().await;
        }
        asking.abort();
        // An answer that was there already is as good as none.
        let _ = asking.await;
        world.crash().await;
        let count = world.board().transfers.len();
        assert!(
            count == expected || count == expected + 3,
            "{count} after {expected}"
        );
        expected = count;
    }
}
