//! Progress: of a run as a whole, and file by file.

use std::sync::Arc;
use std::time::Duration;

use hubdesk_core::Class;
use hubdesk_transfers::{FileState, Only, PageOf, PlannedFile};

use crate::world::{Numbers, World, done, new, page, stop};

fn planned(count: usize) -> Vec<PlannedFile> {
    let file = |number: usize| PlannedFile {
        path: format!("folder/{number:06}.bin"),
        bytes_total: number as u64,
        is_done: number.is_multiple_of(2),
    };
    (0..count).map(file).collect()
}

#[tokio::test(start_paused = true)]
async fn the_board_follows_what_runs_and_a_bar_never_goes_backwards() {
    let world = World::new().await;
    let id = world.begin().await;
    let numbers = Arc::<Numbers>::default();
    world
        .worker
        .ctx(id)
        .progress
        .show(Arc::clone(&numbers) as _);
    numbers.meter.begin((2, 10_000), (0, 1000));
    let tally = numbers.meter.tally(1000);
    for _ in 0..20 {
        tally.add_moved(100);
        world.pass(Duration::from_millis(100)).await;
    }
    let live = world.board().live[&id].clone();
    assert_eq!(live.bytes_done, 3000);
    assert!((900..=1100).contains(&live.bytes_per_second), "{live:?}");
    assert!(matches!(live.seconds_left, Some(6..=8)), "{live:?}");
    tally.set(0);
    world.pass(Duration::from_millis(200)).await;
    let live = world.board().live[&id].clone();
    assert_eq!(live.look.reading.bytes_done, 0);
    assert_eq!(live.bytes_done, 3000);
    world.transfers.pause(id).await.unwrap();
    world.until(|board| board.live.is_empty()).await;
    let transfer = world.transfer(id);
    assert_eq!(
        (transfer.bytes_done, transfer.bytes_total),
        (Some(3000), Some(10_000))
    );
    world.transfers.resume(id).await.unwrap();
    world.worker.works_on(id).await;
    world
        .worker
        .ctx(id)
        .progress
        .show(Arc::clone(&numbers) as _);
    world.pass(Duration::from_millis(200)).await;
    assert_eq!(world.board().live[&id].bytes_done, 3000);
}

#[tokio::test(start_paused = true)]
async fn while_nothing_changes_nobody_is_told_anything() {
    let world = World::new().await;
    world.begin().await;
    world.pass(Duration::from_secs(1)).await;
    let mut board = world.transfers.watch();
    board.mark_unchanged();
    world.pass(Duration::from_secs(5)).await;
    assert!(!board.has_changed().unwrap());
}

#[tokio::test(start_paused = true)]
async fn looking_at_what_runs_does_not_touch_the_five_thousand_that_do_not() {
    let world = World::new().await;
    let id = world.begin().await;
    let many = vec![new(Class::Normal); 5000];
    world.transfers.enqueue_all(many).await.unwrap();
    world.pass(Duration::from_millis(300)).await;
    let numbers = Arc::<Numbers>::default();
    world
        .worker
        .ctx(id)
        .progress
        .show(Arc::clone(&numbers) as _);
    let before = world.board();
    numbers.meter.begin((1, 10), (0, 5));
    world.pass(Duration::from_millis(300)).await;
    let after = world.board();
    assert_eq!(after.live[&id].bytes_done, 5);
    assert!(Arc::ptr_eq(&before.transfers, &after.transfers));
}

#[tokio::test(start_paused = true)]
async fn the_files_of_a_large_transfer_are_written_in_batches_and_read_in_pages() {
    const COUNT: usize = 100_000;
    let world = World::new().await;
    let id = world.begin().await;
    let files = world.worker.ctx(id).files;
    files.plan(planned(COUNT));
    files.end("folder/000001.bin", FileState::Done);
    files.end("folder/000003.bin", FileState::Failed);
    let at_work = files.begin("folder/000005.bin");
    at_work.add(4);
    world.pass(Duration::from_millis(1200)).await;
    let first = world.transfers.files(id, page(0, 10)).await.unwrap();
    assert!(
        !first.files.is_empty(),
        "the first of them do not wait for the last"
    );
    // What is left is written before the transfer ends.
    drop(at_work);
    let at_work = files.begin("folder/000007.bin");
    world.end(id, stop(hubdesk_transfers::Then::Failed)).await;
    drop(at_work);
    let mut all = Vec::new();
    loop {
        let skip = u32::try_from(all.len()).unwrap();
        let some = world.transfers.files(id, page(skip, 9999)).await.unwrap();
        assert!(some.files.len() <= 1000);
        assert_eq!(some.total, COUNT as u64);
        if some.files.is_empty() {
            break;
        }
        all.extend(some.files);
    }
    assert_eq!(all.len(), COUNT);
    assert!(all.is_sorted_by(|a, b| a.path < b.path));
    let states: Vec<_> = all[..6].iter().map(|file| file.state).collect();
    use FileState::{Done, Failed, Pending};
    assert_eq!(states, [Done, Done, Done, Failed, Done, Pending]);
    assert_eq!(all[5].bytes_total, 5);
}

#[tokio::test(start_paused = true)]
async fn a_file_at_work_has_its_bytes_and_a_new_plan_replaces_the_old_one() {
    let mut world = World::new().await;
    let id = world.begin().await;
    let files = world.worker.ctx(id).files;
    files.plan(planned(6));
    let at_work = files.begin("folder/000005.bin");
    at_work.set(4);
    world.pass(Duration::from_millis(1200)).await;
    let some = world.transfers.files(id, page(4, 2)).await.unwrap();
    let bytes: Vec<_> = some.files.iter().map(|file| file.bytes_at_work).collect();
    assert_eq!(bytes, [None, Some(4)]);
    assert_eq!(some.total, 6);
    let only = |only: Only| PageOf {
        only: Some(only),
        ..page(0, 9)
    };
    let working = world.transfers.files(id, only(Only::AtWork)).await.unwrap();
    assert_eq!((working.files.len(), working.total), (1, 1));
    assert_eq!(working.files[0].path, "folder/000005.bin");
    let pending = Only::State(FileState::Pending);
    let pending = world.transfers.files(id, only(pending)).await.unwrap();
    let has_it = pending
        .files
        .iter()
        .any(|file| file.bytes_at_work.is_some());
    assert!(pending.total > 0 && !has_it, "{pending:?}");
    world.restart().await;
    world.worker.works_on(id).await;
    let before = world.transfers.files(id, page(0, 99)).await.unwrap();
    assert_eq!(
        before.files.len(),
        6,
        "they are known before the run has a plan"
    );
    world.worker.ctx(id).files.plan(planned(2));
    world.end(id, done()).await;
    let after = world.transfers.files(id, page(0, 99)).await.unwrap();
    assert_eq!(after.files.len(), 2);
}
