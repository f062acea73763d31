//! Anything, in any order, ends in a queue that makes sense.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::time::Duration;

use hubdesk_core::Class;
use hubdesk_transfers::{Board, Outcome, Reason, State, Stop, Then, TransferId};
use proptest::prelude::*;

use crate::world::{FAULT, World, at_once, done, elsewhere, new};

/// The most that are ever allowed at once.
const MOST: u32 = 4;

#[derive(Debug, Clone)]
enum Step {
    Enqueue(Class),
    Pause(usize),
    Resume(usize),
    Cancel(usize),
    Retry(usize),
    Redirect(usize),
    Move(usize, Option<usize>),
    Remove(usize),
    Clear,
    PauseAll,
    ResumeAll,
    Limit(u32),
    Online,
    SignedIn,
    Look,
    Woke,
    End(usize, Result<Outcome, Stop>),
    Slow(bool),
    Pass(u64),
    Restart,
    Crash,
}

fn end() -> impl Strategy<Value = Result<Outcome, Stop>> {
    let then = prop::sample::select(vec![
        Then::Soon,
        Then::After(Duration::from_secs(20)),
        Then::WhenOnline,
        Then::Blocked(Reason::Gated),
        Then::Blocked(Reason::SignedOut),
        Then::Blocked(Reason::NoSpace),
        Then::Failed,
    ]);
    prop_oneof![
        2 => Just(done()),
        1 => Just(Ok(Outcome::Paused)),
        1 => Just(Ok(Outcome::Cancelled)),
        4 => then.prop_map(|then| Err(Stop::of(FAULT, then))),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let one = 0..12usize;
    let class = prop::sample::select(Class::ALL.to_vec());
    prop_oneof![
        6 => class.prop_map(Step::Enqueue),
        2 => one.clone().prop_map(Step::Pause),
        2 => one.clone().prop_map(Step::Resume),
        1 => one.clone().prop_map(Step::Cancel),
        2 => one.clone().prop_map(Step::Retry),
        1 => one.clone().prop_map(Step::Redirect),
        2 => (one.clone(), prop::option::of(0..12usize)).prop_map(|(a, b)| Step::Move(a, b)),
        1 => one.clone().prop_map(Step::Remove),
        1 => Just(Step::Clear),
        1 => Just(Step::PauseAll),
        1 => Just(Step::ResumeAll),
        2 => (1..=MOST).prop_map(Step::Limit),
        1 => Just(Step::Online),
        1 => Just(Step::SignedIn),
        1 => Just(Step::Look),
        1 => Just(Step::Woke),
        8 => (one, end()).prop_map(|(one, end)| Step::End(one, end)),
        1 => any::<bool>().prop_map(Step::Slow),
        2 => (1..40u64).prop_map(Step::Pass),
        1 => Just(Step::Restart),
        1 => Just(Step::Crash),
    ]
}

/// The `at`th of what there is, counted round.
fn pick(board: &Board, at: usize) -> Option<TransferId> {
    let count = board.transfers.len().max(1);
    board.transfers.keys().nth(at % count).copied()
}

/// Does a step; whether it is refused does not matter here. Notes what has to be there then.
async fn act(world: &mut World, step: Step, there: &mut BTreeSet<TransferId>) {
    let board = world.board();
    let id = |at: usize| pick(&board, at).unwrap_or(TransferId::new(0));
    let queue = world.transfers.clone();
    match step {
        Step::Enqueue(class) => drop(there.insert(queue.enqueue(new(class)).await.unwrap())),
        Step::Pause(at) => drop(queue.pause(id(at)).await),
        Step::Resume(at) => drop(queue.resume(id(at)).await),
        Step::Cancel(at) => drop(queue.cancel(id(at)).await),
        Step::Retry(at) => drop(queue.retry(id(at)).await),
        Step::Redirect(at) => drop(queue.redirect(id(at), elsewhere(), None).await),
        Step::Woke => queue.woke().await.unwrap(),
        Step::Move(at, before) => drop(queue.move_before(id(at), before.map(id)).await),
        Step::Remove(at) => {
            if queue.remove(id(at)).await.is_ok() {
                there.remove(&id(at));
            }
        }
        Step::Clear => {
            queue.clear_ended().await.unwrap();
            let left: BTreeSet<_> = world.board().transfers.keys().copied().collect();
            let had_ended = |id: &TransferId| board.transfers[id].state.has_ended();
            assert!(
                (&*there - &left).iter().all(had_ended),
                "too much was cleared"
            );
            *there = left;
        }
        Step::PauseAll => drop(queue.pause_all().await.unwrap()),
        Step::ResumeAll => drop(queue.resume_all().await.unwrap()),
        Step::Limit(limit) => queue.set_limits(at_once(limit)).await.unwrap(),
        Step::Online => queue.online().await.unwrap(),
        Step::SignedIn => queue
            .signed_in("https://hub.example", "mira")
            .await
            .unwrap(),
        Step::Look => queue.look_again().await.unwrap(),
        Step::End(at, end) => {
            let at_work = world.worker.at_work();
            if let Some(id) = at_work.get(at % at_work.len().max(1)) {
                world.worker.end(*id, end);
            }
        }
        Step::Slow(is_slow) => world.worker.is_slow.store(is_slow, Ordering::Relaxed),
        Step::Pass(seconds) => world.pass(Duration::from_secs(seconds)).await,
        Step::Restart => world.restart().await,
        Step::Crash => world.crash().await,
    }
}

async fn storm(steps: Vec<Step>) {
    let mut world = World::with(at_once(2)).await;
    let mut there = BTreeSet::new();
    for step in steps {
        act(&mut world, step.clone(), &mut there).await;
        world.settle().await;
        check(&world, &there, &step);
    }
    quiet(&mut world, &there).await;
}

fn check(world: &World, there: &BTreeSet<TransferId>, step: &Step) {
    let board = world.board();
    let known: BTreeSet<_> = board.transfers.keys().copied().collect();
    assert_eq!(&known, there, "after {step:?}");
    assert!(
        !world.worker.was_run_twice.load(Ordering::Relaxed),
        "after {step:?}"
    );
    let running = board
        .transfers
        .values()
        .filter(|t| t.state == State::Running)
        .count();
    assert!(running <= MOST as usize);
    for transfer in board.transfers.values() {
        let is_why = matches!(
            transfer.state,
            State::Waiting(_) | State::Blocked(_) | State::Failed(_)
        );
        assert!(
            is_why || transfer.error.is_none(),
            "{transfer:?} after {step:?}"
        );
    }
}

/// When everything goes well from now on, everything that a person has not stopped gets done.
async fn quiet(world: &mut World, there: &BTreeSet<TransferId>) {
    world.crash().await;
    let known: BTreeSet<_> = world.board().transfers.keys().copied().collect();
    assert_eq!(&known, there, "the database has what memory had");
    world.worker.is_cleared.store(true, Ordering::Relaxed);
    world.transfers.resume_all().await.unwrap();
    for id in there {
        drop(world.transfers.retry(*id).await);
    }
    for _ in 0..there.len() + 2 {
        world.settle().await;
        world.worker.end_all(&done());
        world.settle().await;
    }
    for transfer in world.board().transfers.values() {
        assert_eq!(transfer.state, State::Done, "{transfer:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]
    #[test]
    fn nothing_is_lost_or_run_twice_at_once_whatever_happens(
        steps in prop::collection::vec(step(), 1..40)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(storm(steps));
    }
}
