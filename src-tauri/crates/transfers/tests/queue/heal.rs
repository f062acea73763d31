//! What waits goes on by itself, and not before.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use hubdesk_core::Class;
use hubdesk_transfers::request::Request;
use hubdesk_transfers::{New, Reason, Room, State, Stop, Then, TransferId, Until};

use crate::world::{FAULT, Numbers, World, at_once, done, new, request, stop};

const OFFLINE: State = State::Waiting(Until::Online);

async fn go_offline(world: &World, count: usize) -> Vec<TransferId> {
    let mut ids = Vec::new();
    for _ in 0..count {
        let id = world.begin().await;
        world.end(id, stop(Then::WhenOnline)).await;
        assert_eq!(world.state(id), OFFLINE);
        ids.push(id);
    }
    ids
}

#[tokio::test(start_paused = true)]
async fn everything_goes_on_when_there_is_a_network_again() {
    let world = World::new().await;
    let ids = go_offline(&world, 3).await;
    world.transfers.online().await.unwrap();
    for id in ids {
        world.worker.works_on(id).await;
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_sign_one_tries_and_when_it_gets_through_so_do_the_others() {
    let world = World::new().await;
    let ids = go_offline(&world, 3).await;
    world.pass(Duration::from_secs(29)).await;
    assert!(world.worker.at_work().is_empty());
    world.pass(Duration::from_secs(2)).await;
    assert_eq!(world.worker.at_work(), [ids[0]]);
    world.end(ids[0], stop(Then::WhenOnline)).await;
    assert!(world.worker.at_work().is_empty(), "it did not get through");
    world.pass(Duration::from_secs(31)).await;
    let numbers = Arc::<Numbers>::default();
    world
        .worker
        .ctx(ids[0])
        .progress
        .show(Arc::clone(&numbers) as _);
    numbers.meter.add_moved(1);
    world.pass(Duration::from_secs(1)).await;
    assert_eq!(world.worker.at_work(), ids, "a byte has come");
}

#[tokio::test(start_paused = true)]
async fn a_passing_fault_is_tried_again_later_and_later_until_the_queue_gives_up() {
    let mut world = World::new().await;
    let id = world.begin().await;
    let mut total = 0;
    for (attempt, seconds) in [5, 10, 20, 40, 80, 160, 320].into_iter().enumerate() {
        world.end(id, stop(Then::Soon)).await;
        assert!(matches!(world.state(id), State::Waiting(Until::Later(_))));
        assert_eq!(world.transfer(id).attempts as usize, attempt + 1);
        world.pass(Duration::from_secs(seconds - 1)).await;
        assert!(world.worker.at_work().is_empty(), "too early");
        world.pass(Duration::from_millis(1200)).await;
        assert_eq!(world.worker.at_work(), [id], "after {seconds} s");
        total += 1;
        if total == 2 {
            world.restart().await;
            world.worker.works_on(id).await;
        }
    }
    for _ in 0..5 {
        world.end(id, stop(Then::Soon)).await;
        world.pass(Duration::from_secs(601)).await;
    }
    world.end(id, stop(Then::Soon)).await;
    assert_eq!(world.state(id), State::Failed(FAULT));
}

#[tokio::test(start_paused = true)]
async fn a_run_that_brought_something_starts_the_count_anew() {
    let world = World::new().await;
    let id = world.begin().await;
    for _ in 0..3 {
        world.end(id, stop(Then::Soon)).await;
        world.pass(Duration::from_secs(60)).await;
    }
    assert_eq!(world.transfer(id).attempts, 3);
    let numbers = Arc::<Numbers>::default();
    numbers.meter.add_moved(1);
    world.worker.ctx(id).progress.show(numbers);
    world.end(id, stop(Then::Soon)).await;
    assert_eq!(world.transfer(id).attempts, 1);
}

#[tokio::test(start_paused = true)]
async fn the_time_a_server_names_is_kept_over_a_restart_and_is_no_attempt() {
    let mut world = World::new().await;
    let id = world.begin().await;
    world
        .end(id, stop(Then::After(Duration::from_secs(3600))))
        .await;
    world.restart().await;
    assert_eq!(world.transfer(id).attempts, 0);
    tokio::time::advance(Duration::from_secs(3590)).await;
    world.settle().await;
    assert!(world.worker.at_work().is_empty());
    tokio::time::advance(Duration::from_secs(11)).await;
    world.worker.works_on(id).await;
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_ever_because_a_server_says_so() {
    let world = World::new().await;
    let id = world.begin().await;
    world.end(id, stop(Then::After(Duration::MAX))).await;
    let day = Duration::from_secs(24 * 60 * 60 + 1);
    tokio::time::advance(day).await;
    world.worker.works_on(id).await;
}

#[tokio::test(start_paused = true)]
async fn a_full_disk_is_looked_at_again_until_there_is_room() {
    for reason in [Reason::NoSpace, Reason::ReadOnly, Reason::VolumeGone] {
        let world = World::new().await;
        let id = world.begin().await;
        world.end(id, stop(Then::Blocked(reason))).await;
        world.pass(Duration::from_secs(61)).await;
        assert_eq!(world.state(id), State::Blocked(reason));
        world.worker.is_cleared.store(true, Ordering::Relaxed);
        world.pass(Duration::from_secs(31)).await;
        assert_eq!(world.state(id), State::Running);
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_makes_room_need_not_wait_for_the_next_look() {
    let world = World::new().await;
    let id = world.begin().await;
    world.end(id, stop(Then::Blocked(Reason::NoSpace))).await;
    world.worker.is_cleared.store(true, Ordering::Relaxed);
    world.transfers.look_again().await.unwrap();
    world.worker.works_on(id).await;
}

#[tokio::test(start_paused = true)]
async fn what_only_a_person_can_decide_stays_blocked() {
    let world = World::new().await;
    world.worker.is_cleared.store(true, Ordering::Relaxed);
    for reason in [Reason::Gated, Reason::Conflict, Reason::SignedOut] {
        let id = world.begin().await;
        world.end(id, stop(Then::Blocked(reason))).await;
        world.transfers.online().await.unwrap();
        world.transfers.look_again().await.unwrap();
        world.pass(Duration::from_secs(61)).await;
        assert_eq!(world.state(id), State::Blocked(reason));
    }
}

#[tokio::test(start_paused = true)]
async fn signing_in_lets_the_transfers_of_that_account_go_on() {
    let world = World::new().await;
    let hers = world.begin().await;
    let mut other = request();
    other.account = Some("other".to_owned());
    let other = New {
        request: Request::Download(other),
        ..new(Class::Normal)
    };
    let other = world.transfers.enqueue(other).await.unwrap();
    world.worker.works_on(other).await;
    let signed_out = Then::Blocked(Reason::SignedOut);
    world.end(hers, stop(signed_out)).await;
    world.end(other, stop(signed_out)).await;
    world
        .transfers
        .signed_in("https://elsewhere.example", "mira")
        .await
        .unwrap();
    assert_eq!(world.state(hers), State::Blocked(Reason::SignedOut));
    world
        .transfers
        .signed_in("https://hub.example", "mira")
        .await
        .unwrap();
    world.worker.works_on(hers).await;
    assert_eq!(world.state(other), State::Blocked(Reason::SignedOut));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_of_a_token_that_has_been_replaced_meanwhile_blocks_nothing() {
    let world = World::with(at_once(1)).await;
    let id = world.begin().await;
    world
        .transfers
        .signed_in("https://hub.example", "mira")
        .await
        .unwrap();
    world.end(id, stop(Then::Blocked(Reason::SignedOut))).await;
    world.worker.works_on(id).await;
    world.end(id, stop(Then::Blocked(Reason::SignedOut))).await;
    assert_eq!(world.state(id), State::Blocked(Reason::SignedOut));
}

#[tokio::test(start_paused = true)]
async fn what_nobodys_token_was_enough_for_goes_on_when_somebody_signs_in_at_that_hub() {
    let world = World::new().await;
    let mut nobodys = request();
    nobodys.account = None;
    let nobodys = New {
        request: Request::Download(nobodys),
        ..new(Class::Normal)
    };
    let id = world.transfers.enqueue(nobodys).await.unwrap();
    world.worker.works_on(id).await;
    world.end(id, stop(Then::Blocked(Reason::SignedOut))).await;
    let signed_in = |endpoint| world.transfers.signed_in(endpoint, "mira");
    signed_in("https://elsewhere.example").await.unwrap();
    assert_eq!(world.state(id), State::Blocked(Reason::SignedOut));
    signed_in("https://hub.example").await.unwrap();
    world.worker.works_on(id).await;
}

#[tokio::test(start_paused = true)]
async fn access_that_is_granted_lets_the_transfers_of_that_repository_go_on() {
    let world = World::new().await;
    let id = world.begin().await;
    let repo = request().repo.name;
    world.end(id, stop(Then::Blocked(Reason::Gated))).await;
    let granted = |repo| world.transfers.access_granted("https://hub.example", repo);
    granted("lab/other").await.unwrap();
    assert_eq!(world.state(id), State::Blocked(Reason::Gated));
    granted(&repo).await.unwrap();
    world.worker.works_on(id).await;
}

#[tokio::test(start_paused = true)]
async fn a_transfer_made_more_urgent_comes_behind_those_of_its_new_class() {
    let world = World::with(at_once(1)).await;
    let (running, later) = (world.begin().await, world.enqueue().await);
    let urgent = world
        .transfers
        .enqueue(new(Class::Interactive))
        .await
        .unwrap();
    world
        .transfers
        .set_class(later, Class::Interactive)
        .await
        .unwrap();
    world.end(running, done()).await;
    world.worker.works_on(urgent).await;
    world.end(urgent, done()).await;
    world.worker.works_on(later).await;
}

#[tokio::test(start_paused = true)]
async fn how_much_room_is_missing_and_where_is_known_after_a_restart() {
    let mut world = World::new().await;
    let id = world.begin().await;
    let room = Room {
        folder: "/cache".to_owned(),
        bytes: 1 << 40,
    };
    let stop = Stop {
        room: Some(room.clone()),
        ..Stop::of(FAULT, Then::Blocked(Reason::NoSpace))
    };
    world.end(id, Err(stop)).await;
    world.restart().await;
    assert_eq!(world.transfer(id).room, Some(room.clone()));
    world.pass(Duration::from_secs(31)).await;
    let looked_at = world.worker.looked_at().unwrap();
    assert_eq!(looked_at.room, Some(room), "whoever looks knows it");
    world.transfers.retry(id).await.unwrap();
    assert_eq!(world.transfer(id).room, None, "it is found out anew");
}

#[tokio::test(start_paused = true)]
async fn the_volume_that_was_chosen_is_known_to_every_run() {
    let mut world = World::new().await;
    let volume = PathBuf::from("/media/disk");
    let new = New {
        volume: Some(volume.clone()),
        ..new(Class::Normal)
    };
    let id = world.transfers.enqueue(new).await.unwrap();
    world.worker.works_on(id).await;
    assert_eq!(world.worker.ctx(id).volume, Some(volume.clone()));
    world.restart().await;
    world.worker.works_on(id).await;
    assert_eq!(world.worker.ctx(id).volume, Some(volume));
}

#[tokio::test(start_paused = true)]
async fn after_a_sleep_what_runs_begins_again_and_what_waits_for_the_network_tries() {
    let world = World::with(at_once(2)).await;
    let offline = go_offline(&world, 1).await[0];
    let running = world.begin().await;
    let paused = world.begin().await;
    world.transfers.pause(paused).await.unwrap();
    let before = world.worker.begun().len();
    let old = world.worker.ctx(running);
    world.transfers.woke().await.unwrap();
    assert!(old.cancel.is_cancelled(), "its connections are dropped");
    world.worker.works_on(offline).await;
    world.settle().await;
    assert_eq!(world.worker.begun().len(), before + 2);
    assert_eq!(world.worker.at_work(), [offline, running]);
    assert!(!world.worker.ctx(running).cancel.is_cancelled());
    assert_eq!(world.transfer(running).attempts, 0, "that was no failure");
    assert_eq!(world.state(paused), State::Paused);
}
