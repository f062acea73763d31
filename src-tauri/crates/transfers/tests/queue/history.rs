//! What has ended, and what nobody here can read.

use hubdesk_store::rusqlite::Transaction;
use hubdesk_transfers::request::Unreadable;
use hubdesk_transfers::{Error, State, TransferId};

use crate::world::{World, at_once, done, page};

async fn sql(world: &World, sql: &'static str) {
    let act = move |tx: &Transaction<'_>| tx.execute_batch(sql);
    world.store.call(act).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_has_ended_stays_until_it_is_cleared() {
    let mut world = World::with(at_once(1)).await;
    let (a, b) = (world.begin().await, world.enqueue().await);
    let c = world.enqueue().await;
    world.end(a, done()).await;
    world.transfers.cancel(c).await.unwrap();
    world.restart().await;
    assert_eq!(world.state(a), State::Done);
    let early = world.transfers.remove(b).await;
    assert!(matches!(early, Err(Error::NotEnded { .. })), "{early:?}");
    world.transfers.remove(a).await.unwrap();
    assert_eq!(world.transfers.clear_ended().await.unwrap(), 1);
    let left: Vec<_> = world.board().transfers.keys().copied().collect();
    assert_eq!(left, [b]);
}

#[tokio::test(start_paused = true)]
async fn no_id_is_given_out_twice() {
    let mut world = World::new().await;
    let id = world.begin().await;
    world.end(id, done()).await;
    world.transfers.remove(id).await.unwrap();
    world.restart().await;
    assert_ne!(world.enqueue().await, id);
}

#[tokio::test(start_paused = true)]
async fn a_transfer_that_still_ends_is_not_forgotten() {
    let world = World::new().await;
    world
        .worker
        .is_slow
        .store(true, std::sync::atomic::Ordering::Relaxed);
    let id = world.begin().await;
    world.transfers.cancel(id).await.unwrap();
    let early = world.transfers.remove(id).await;
    assert!(matches!(early, Err(Error::NotEnded { .. })), "{early:?}");
    assert_eq!(world.transfers.clear_ended().await.unwrap(), 0);
    world.end(id, done()).await;
    world.transfers.remove(id).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_request_of_a_newer_program_is_kept_and_runs_when_it_can_be_read() {
    let mut world = World::with(at_once(1)).await;
    let (first, id) = (world.begin().await, world.enqueue().await);
    sql(
        &world,
        "UPDATE transfer SET request = replace(request, '\"v1\"', '\"v9\"') WHERE id = 2",
    )
    .await;
    world.restart().await;
    let transfer = world.transfer(id);
    assert_eq!(transfer.request, Err(Unreadable::Newer));
    assert_eq!(transfer.state, State::Queued);
    world.worker.works_on(first).await;
    world.end(first, done()).await;
    world.settle().await;
    assert!(world.worker.at_work().is_empty());
    sql(
        &world,
        "UPDATE transfer SET request = replace(request, '\"v9\"', '\"v1\"') WHERE id = 2",
    )
    .await;
    world.restart().await;
    world.worker.works_on(id).await;
}

#[tokio::test(start_paused = true)]
async fn words_of_a_newer_program_are_kept_as_they_are_and_can_be_cancelled() {
    let mut world = World::with(at_once(1)).await;
    let _first = world.begin().await;
    let (state, kind) = (world.enqueue().await, world.enqueue().await);
    sql(
        &world,
        "UPDATE transfer SET state = 'dreaming' WHERE id = 2;
         UPDATE transfer SET kind = 'teleport' WHERE id = 3;",
    )
    .await;
    world.restart().await;
    assert_eq!(world.transfer(state).request, Err(Unreadable::Newer));
    assert_eq!(world.transfer(kind).request, Err(Unreadable::Newer));
    world.transfers.cancel(kind).await.unwrap();
    let word = world.store.call(|tx| {
        tx.query_row("SELECT state FROM transfer WHERE id = 2", [], |row| {
            row.get::<_, String>(0)
        })
    });
    assert_eq!(word.await.unwrap(), "dreaming");
}

#[tokio::test(start_paused = true)]
async fn the_oldest_of_a_long_history_is_forgotten_and_nothing_else() {
    let mut world = World::with(at_once(1)).await;
    let (queued, paused) = (world.begin().await, world.enqueue().await);
    world.transfers.pause(paused).await.unwrap();
    sql(
        &world,
        "WITH RECURSIVE n (i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 10102)
         INSERT INTO transfer (id, kind, request, title, class, rank, state, attempts,
                               created_at, changed_at)
         SELECT i, kind, request, title, class, rank, 'done', 0, i, 20000 - i
         FROM n, (SELECT * FROM transfer WHERE id = 1);",
    )
    .await;
    world.restart().await;
    let board = world.board();
    assert_eq!(board.transfers.len(), 10_002);
    assert!(board.transfers.contains_key(&queued) && board.transfers.contains_key(&paused));
    let gone = [10_102, 10_101, 10_100].map(TransferId::new);
    assert!(gone.iter().all(|id| !board.transfers.contains_key(id)));
}

#[tokio::test(start_paused = true)]
async fn of_a_long_history_only_the_newest_transfers_keep_their_files() {
    let mut world = World::with(at_once(1)).await;
    let open = world.begin().await;
    sql(
        &world,
        "WITH n (i) AS (VALUES (100), (101), (102), (103))
         INSERT INTO transfer (id, kind, request, title, class, rank, state, attempts,
                               files_total, created_at, changed_at)
         SELECT i, kind, request, title, class, rank, 'done', 0, 150000, i, i
         FROM n, (SELECT * FROM transfer WHERE id = 1);
         INSERT INTO transfer_file (transfer_id, path, state, bytes_total)
         SELECT id, 'a', 'done', 1 FROM transfer;",
    )
    .await;
    world.restart().await;
    for (id, expected) in [(103, 1), (102, 1), (101, 0), (100, 0), (open.get(), 1)] {
        let some = world.transfers.files(TransferId::new(id), page(0, 9)).await;
        assert_eq!(some.unwrap().files.len(), expected, "transfer {id}");
    }
}
