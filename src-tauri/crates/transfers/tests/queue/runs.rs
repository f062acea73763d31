//! What becomes of runs, and of those that are stopped.

use std::sync::atomic::Ordering;

use hubdesk_transfers::{Code, Error, Outcome, Reason, State, Then};

use crate::world::{FAULT, World, at_once, done, patiently, stop};

#[tokio::test(start_paused = true)]
async fn a_transfer_runs_to_its_end_and_says_where_its_files_are() {
    let world = World::new().await;
    let id = world.begin().await;
    assert_eq!(world.state(id), State::Running);
    world.end(id, done()).await;
    let transfer = world.transfer(id);
    assert_eq!(transfer.state, State::Done);
    assert_eq!(transfer.folder.as_deref(), Some("/there"));
}

#[tokio::test(start_paused = true)]
async fn what_ran_when_the_program_ended_runs_again_and_what_was_paused_stays_so() {
    let mut world = World::with(at_once(2)).await;
    let (running, paused) = (world.begin().await, world.begin().await);
    world.transfers.pause(paused).await.unwrap();
    let queued = world.enqueue().await;
    for crashes in [false, true] {
        match crashes {
            false => world.restart().await,
            true => world.crash().await,
        }
        world.worker.works_on(running).await;
        world.worker.works_on(queued).await;
        assert_eq!(world.state(paused), State::Paused, "crashed: {crashes}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_paused_transfer_that_is_resumed_waits_for_its_old_run_to_end() {
    let world = World::new().await;
    world.worker.is_slow.store(true, Ordering::Relaxed);
    let id = world.begin().await;
    world.transfers.pause(id).await.unwrap();
    assert!(world.worker.ctx(id).cancel.is_cancelled());
    world.transfers.resume(id).await.unwrap();
    world.settle().await;
    assert_eq!(world.worker.begun(), [id]);
    world.worker.end(id, stop(Then::Failed));
    world.worker.works_on(id).await;
    assert_eq!(world.worker.begun(), [id, id]);
    assert_eq!(
        world.state(id),
        State::Running,
        "what a stopped run says is old"
    );
    assert!(!world.worker.was_run_twice.load(Ordering::Relaxed));
}

#[tokio::test(start_paused = true)]
async fn what_was_done_before_the_run_noticed_that_it_should_stop_is_done() {
    let world = World::new().await;
    world.worker.is_slow.store(true, Ordering::Relaxed);
    let (paused, cancelled) = (world.begin().await, world.begin().await);
    world.transfers.pause(paused).await.unwrap();
    world.transfers.cancel(cancelled).await.unwrap();
    world.end(paused, done()).await;
    world.end(cancelled, done()).await;
    assert_eq!(world.state(paused), State::Done);
    assert_eq!(world.state(cancelled), State::Done);
}

#[tokio::test(start_paused = true)]
async fn a_worker_may_stop_by_itself() {
    let world = World::new().await;
    let (paused, cancelled) = (world.begin().await, world.begin().await);
    world.end(paused, Ok(Outcome::Paused)).await;
    world.end(cancelled, Ok(Outcome::Cancelled)).await;
    assert_eq!(world.state(paused), State::Paused);
    assert_eq!(world.state(cancelled), State::Cancelled);
}

#[tokio::test(start_paused = true)]
async fn a_failure_keeps_its_reason_until_somebody_tries_again() {
    let mut world = World::new().await;
    let (failed, gated) = (world.begin().await, world.begin().await);
    world.end(failed, stop(Then::Failed)).await;
    world.end(gated, stop(Then::Blocked(Reason::Gated))).await;
    world.restart().await;
    assert_eq!(world.state(failed), State::Failed(FAULT));
    assert_eq!(world.state(gated), State::Blocked(Reason::Gated));
    assert_eq!(world.transfer(gated).error, Some(FAULT));
    world.transfers.retry(failed).await.unwrap();
    world.transfers.retry(gated).await.unwrap();
    world.worker.works_on(failed).await;
    world.worker.works_on(gated).await;
    assert_eq!(world.transfer(gated).error, None);
}

#[tokio::test(start_paused = true)]
async fn a_panic_fails_its_transfer_and_nothing_else() {
    let world = World::with(at_once(1)).await;
    let (id, next) = (world.begin().await, world.enqueue().await);
    world.worker.panics.store(true, Ordering::Relaxed);
    world.worker.end(id, done());
    world
        .until(|board| board.transfers[&id].state.has_ended())
        .await;
    assert_eq!(world.state(id), State::Failed(Code::INTERNAL));
    world.worker.works_on(next).await;
}

#[tokio::test(start_paused = true)]
async fn the_end_of_the_program_waits_three_seconds_and_says_what_is_left() {
    let mut world = World::new().await;
    let quick = world.begin().await;
    world.worker.is_slow.store(true, Ordering::Relaxed);
    let slow = world.begin().await;
    let start = tokio::time::Instant::now();
    let left = patiently(world.transfers.shut_down()).await;
    assert_eq!(left, [slow]);
    let seconds = start.elapsed().as_secs_f64();
    assert!((3.0..4.0).contains(&seconds), "{seconds} s");
    let late = world.transfers.pause(quick).await;
    assert!(matches!(late, Err(Error::Closed)), "{late:?}");
    world.crash().await;
    world.worker.works_on(quick).await;
    world.worker.works_on(slow).await;
}

#[tokio::test(start_paused = true)]
async fn commands_that_mean_nothing_are_refused_in_words() {
    let world = World::new().await;
    let id = world.begin().await;
    let refused = world.transfers.resume(id).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "a transfer that is running cannot be resumed"
    );
    let unknown = hubdesk_transfers::TransferId::new(99);
    let refused = world.transfers.pause(unknown).await.unwrap_err();
    assert!(matches!(refused, Error::Unknown { id } if id == unknown));
}
