//! Who goes next, and how much at once.

use std::num::NonZeroU64;
use std::time::Duration;

use hubdesk_core::Class;
use hubdesk_transfers::{Lane, Limits, State, TransferId};

use crate::world::{World, at_once, done, new};

/// Lets one after the other run to its end; gives the order.
async fn run_out(world: &World, first: TransferId, count: usize) -> Vec<TransferId> {
    let mut order = Vec::new();
    world.end(first, done()).await;
    while order.len() < count {
        world.settle().await;
        let id = world.worker.at_work()[0];
        order.push(id);
        world.end(id, done()).await;
    }
    order
}

#[tokio::test(start_paused = true)]
async fn no_more_run_at_once_than_may() {
    let world = World::with(at_once(2)).await;
    let (a, b) = (world.begin().await, world.begin().await);
    let c = world.enqueue().await;
    world.settle().await;
    assert_eq!(world.worker.at_work(), [a, b]);
    world.end(a, done()).await;
    world.worker.works_on(c).await;
}

#[tokio::test(start_paused = true)]
async fn the_urgent_go_first_and_a_person_orders_the_rest() {
    let mut world = World::with(at_once(1)).await;
    let first = world.begin().await;
    let classes = [
        Class::Background,
        Class::Normal,
        Class::Normal,
        Class::Interactive,
    ];
    let ids = world
        .transfers
        .enqueue_all(classes.map(new).to_vec())
        .await
        .unwrap();
    let [background, a, b, urgent] = ids[..] else {
        panic!("four were asked for");
    };
    let late = world.enqueue().await;
    world.transfers.move_before(late, Some(a)).await.unwrap();
    world.transfers.move_before(a, None).await.unwrap();
    world.restart().await;
    world.worker.works_on(urgent).await;
    world.transfers.pause(urgent).await.unwrap();
    world
        .transfers
        .move_before(background, Some(b))
        .await
        .unwrap();
    world.worker.works_on(first).await;
    let order = run_out(&world, first, 4).await;
    assert_eq!(order, [late, background, b, a]);
}

#[tokio::test(start_paused = true)]
async fn there_is_always_room_between_two() {
    let world = World::with(at_once(1)).await;
    let first = world.begin().await;
    let (upper, lower) = (world.enqueue().await, world.enqueue().await);
    let mut expected = vec![lower];
    for _ in 0..45 {
        let id = world.enqueue().await;
        world
            .transfers
            .move_before(id, Some(expected[0]))
            .await
            .unwrap();
        expected.insert(0, id);
    }
    expected.insert(0, upper);
    let order = run_out(&world, first, expected.len()).await;
    assert_eq!(order, expected);
}

#[tokio::test(start_paused = true)]
async fn with_fewer_places_the_least_urgent_go_back_into_the_queue() {
    let world = World::with(at_once(3)).await;
    let ids = [
        world.begin().await,
        world.begin().await,
        world.begin().await,
    ];
    world.transfers.set_limits(at_once(1)).await.unwrap();
    world.until(|board| board.live.len() == 1).await;
    assert_eq!(world.worker.at_work(), ids[..1]);
    assert_eq!(world.state(ids[2]), State::Queued);
    world.transfers.set_limits(at_once(3)).await.unwrap();
    world.worker.works_on(ids[1]).await;
    world.worker.works_on(ids[2]).await;
}

#[tokio::test(start_paused = true)]
async fn a_limit_of_bandwidth_holds_at_once_for_what_runs() {
    let world = World::new().await;
    let ctx = world.worker.ctx(world.begin().await);
    let slow = |bytes_per_second: u64| Limits {
        down: Lane {
            bytes_per_second: NonZeroU64::new(bytes_per_second),
            ..Limits::default().down
        },
        ..Limits::default()
    };
    world.transfers.set_limits(slow(1000)).await.unwrap();
    ctx.share.acquire(1000).await;
    let waits = tokio::spawn(async move { ctx.share.acquire(1000).await });
    world.pass(Duration::from_millis(500)).await;
    assert!(!waits.is_finished());
    world.pass(Duration::from_millis(700)).await;
    assert!(waits.is_finished());
}

#[tokio::test(start_paused = true)]
async fn everything_can_be_paused_and_resumed_at_once() {
    let world = World::with(at_once(1)).await;
    let (running, queued) = (world.begin().await, world.enqueue().await);
    let ended = world.enqueue().await;
    world.transfers.cancel(ended).await.unwrap();
    assert_eq!(world.transfers.pause_all().await.unwrap(), 2);
    world.until(|board| board.live.is_empty()).await;
    assert_eq!(world.state(ended), State::Cancelled);
    assert_eq!(world.transfers.resume_all().await.unwrap(), 2);
    world.worker.works_on(running).await;
    assert_eq!(world.state(queued), State::Queued);
}

#[tokio::test(start_paused = true)]
async fn one_that_is_made_more_urgent_has_the_bandwidth_of_its_new_class_while_it_runs() {
    let world = World::new().await;
    let (first, other) = (world.begin().await, world.begin().await);
    let class = |id| world.worker.ctx(id).share.class();
    assert_eq!(class(first), Class::Normal);
    world
        .transfers
        .set_class(first, Class::Interactive)
        .await
        .unwrap();
    assert_eq!(class(first), Class::Interactive);
    world
        .transfers
        .move_before(other, Some(first))
        .await
        .unwrap();
    assert_eq!(class(other), Class::Interactive, "it was moved into it");
    assert_eq!(world.worker.begun().len(), 2, "nothing was begun again");
}
