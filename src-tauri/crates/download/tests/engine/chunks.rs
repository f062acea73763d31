//! Large files out of the chunk store, and what happens where it is no help.

use std::time::Duration;

use hubdesk_core::{RepoId, RepoKind};
use hubdesk_download::{Ctx, Error, Outcome, Request, Tuning, Wait, preview};
use hubdesk_hub::Profile;
use hubdesk_standin::{Content, Effect, Fault, Host, Record, RepoSeed, Route, StandIn};
use hubdesk_xet::Options;

use crate::world::{BLOCK, LARGE, World, everything, large, seed};

/// A line on which there is time to do something meanwhile.
const SLOW: u64 = 4 << 20;

impl World {
    fn chunk_bytes(&self) -> u64 {
        self.hub.log().body_bytes_of("/xorbs/")
    }

    /// What came of large files over plain HTTP.
    fn plain_bytes(&self) -> u64 {
        let records = self.hub.log().records();
        let plain = records.iter().filter(|record| record.host == Host::Storage);
        plain.map(|record| record.body_bytes).sum()
    }

    fn has_all(&self) -> bool {
        self.has_large() && self.has_ref()
    }
}

fn lasting(route: Route, effect: Effect) -> Fault {
    Fault::on(route, effect)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_file_comes_out_of_the_chunk_store_and_each_byte_once() {
    let world = World::in_chunks(StandIn::builder().repo(seed())).await;
    let ctx = Ctx::default();
    world.run_in(&everything(), &ctx).await.unwrap();
    assert!(world.has_all());
    let read = ctx.progress.meter.read();
    assert_eq!((read.files_done, read.bytes_done), (2, LARGE + 2));
    assert_eq!(read.bytes_moved, LARGE + 2, "no byte came twice");
    assert!(world.chunk_bytes() >= LARGE);
    assert_eq!(world.plain_bytes(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_plan_says_of_requests_is_about_right() {
    let world = World::in_chunks(StandIn::builder().repo(seed())).await;
    let plan = preview(&everything(), &world.parts).await.unwrap();
    world.hub.log().clear();
    world.run(&everything()).await.unwrap();
    let records = world.hub.log().records();
    let is_for_files = |record: &&Record| {
        record.host == Host::Xet
            || !record.path.starts_with("/api/")
            || record.path.contains("/xet-read-token/")
    };
    let asked = records.iter().filter(is_for_files).count() as u64;
    let about = asked - asked / 4..=asked + asked / 2;
    assert!(
        about.contains(&plan.requests),
        "{} of {asked}",
        plan.requests
    );
}

/// Another repository with the same large file.
fn neighbour() -> RepoSeed {
    RepoSeed::model("org/n").large("same.bin", large())
}

fn of_neighbour() -> Request {
    Request {
        repo: RepoId::new(RepoKind::Model, "org/n").unwrap(),
        ..everything()
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn what_came_in_chunks_is_shared_with_the_other_repositories_of_the_cache() {
    let builder = StandIn::builder().repo(seed()).repo(neighbour());
    let world = World::in_chunks(builder).await;
    world.run(&everything()).await.unwrap();
    assert!(world.has_all());
    let sent = world.chunk_bytes();
    let plan = preview(&of_neighbour(), &world.parts).await.unwrap();
    assert_eq!((plan.bytes_to_fetch, plan.requests), (0, 0));
    let snapshot = world.run(&of_neighbour()).await.unwrap();
    let bytes = std::fs::read(snapshot.folder.join("same.bin")).unwrap();
    assert!(bytes == large().read(0, LARGE));
    assert_eq!((world.chunk_bytes(), world.plain_bytes()), (sent, 0));
}

/// A listing may lie about what something is called in the chunk store; only what the store itself
/// has brought under that name may go to others under it.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn what_came_over_plain_http_even_in_part_is_not_shared() {
    let builder = StandIn::builder().repo(seed()).repo(neighbour());
    let mut world = World::in_chunks(builder.bandwidth(SLOW)).await;
    let xet = world.parts.xet.take();
    let stop = async |ctx: &Ctx| ctx.cancel.cancel();
    world
        .run_with(&everything(), LARGE / 2, stop)
        .await
        .unwrap();
    world.parts.xet = xet;
    world.run(&everything()).await.unwrap();
    assert!(world.has_all() && world.chunk_bytes() > 0);
    let store = world.parts.cache.root().join("blobs");
    assert!(!store.try_exists().unwrap());
    let plan = preview(&of_neighbour(), &world.parts).await.unwrap();
    assert_eq!(plan.bytes_to_fetch, LARGE);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_client_everything_comes_over_plain_http() {
    let mut world = World::in_chunks(StandIn::builder().repo(seed())).await;
    world.parts.xet = None;
    world.run(&everything()).await.unwrap();
    assert!(world.has_all());
    assert_eq!(world.chunk_bytes(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_stopped_run_got_in_chunks_is_not_asked_for_again() {
    let builder = StandIn::builder().repo(seed()).bandwidth(SLOW);
    let world = World::in_chunks(builder).await;
    let stop = async |ctx: &Ctx| ctx.cancel.cancel();
    let request = everything();
    let end = world.run_with(&request, LARGE / 2, stop).await.unwrap();
    assert!(matches!(end, Outcome::Cancelled));
    assert!(!world.has_large());
    let ctx = Ctx::default();
    world.run_in(&request, &ctx).await.unwrap();
    assert!(world.has_all());
    let moved = ctx.progress.meter.read().bytes_moved;
    assert!(moved <= LARGE / 2 + 2, "{moved} bytes for the second half");
    assert_eq!(world.plain_bytes(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_over_plain_http_is_gone_on_with_in_chunks() {
    let builder = StandIn::builder().repo(seed()).bandwidth(SLOW);
    let mut world = World::in_chunks(builder).await;
    let xet = world.parts.xet.take();
    let stop = async |ctx: &Ctx| ctx.cancel.cancel();
    let request = everything();
    world.run_with(&request, LARGE / 2, stop).await.unwrap();
    world.parts.xet = xet;
    let ctx = Ctx::default();
    world.run_in(&request, &ctx).await.unwrap();
    assert!(world.has_all());
    assert!(ctx.progress.meter.read().bytes_moved <= LARGE / 2 + 2);
    assert!(world.chunk_bytes() > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_falls_silent_is_left_for_plain_http_and_what_came_is_kept() {
    let builder = StandIn::builder().repo(seed()).bandwidth(SLOW);
    let mut world = World::in_chunks(builder).await;
    // Longer than a busy machine keeps the pieces before the silence from coming.
    world.parts.tuning.chunk_patience = Duration::from_secs(5);
    let silence = async |ctx: &Ctx| {
        let fault = lasting(Route::XetBytes, Effect::Stall { after: 1000 });
        world.hub.faults().add(fault);
        // So that it is seen to wait before the rest has come.
        let late = Effect::Latency(Duration::from_secs(2));
        world
            .hub
            .faults()
            .add(lasting(Route::Storage, late).times(4));
        while ctx.progress.now().1 != Some(Wait::ChunkStore) {
            tokio::task::yield_now().await;
        }
    };
    let request = everything();
    world.run_with(&request, LARGE / 3, silence).await.unwrap();
    assert!(world.has_all());
    let plain = world.plain_bytes();
    assert!(
        (1..=LARGE - LARGE / 3).contains(&plain),
        "{plain} bytes over plain HTTP"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_in_trouble_is_left_for_plain_http() {
    for (route, effect) in [
        (Route::Xet, Effect::status(503)),
        (Route::XetBytes, Effect::status(503)),
        (Route::XetBytes, Effect::Cut { after: 1000 }),
        (Route::Xet, Effect::status(401)),
        (Route::Xet, Effect::status(404)),
    ] {
        let builder = StandIn::builder().repo(seed());
        let world = World::in_chunks(builder.fault(lasting(route, effect.clone()))).await;
        world.run(&everything()).await.unwrap();
        assert!(world.has_all(), "{effect:?}");
        assert!(world.plain_bytes() >= LARGE, "{effect:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_was_given_up_is_not_asked_again_in_the_same_run() {
    let two = (1..=2).fold(RepoSeed::model("org/m"), |repo, number| {
        repo.large(&format!("{number}.bin"), Content::random(number, LARGE))
    });
    let fault = lasting(Route::Xet, Effect::status(503));
    let mut world = World::in_chunks(StandIn::builder().repo(two).fault(fault)).await;
    world.parts.tuning.large_at_once = 1;
    world.run(&everything()).await.unwrap();
    let records = world.hub.log().records();
    let mut asked: Vec<_> = records
        .iter()
        .filter(|record| record.host == Host::Xet)
        .filter_map(|record| record.path.split('?').next())
        .collect();
    asked.dedup();
    assert_eq!(asked.len(), 1, "{asked:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_ends_on_the_way_is_renewed() {
    let builder = StandIn::builder().repo(seed()).bandwidth(SLOW);
    let world = World::in_chunks(builder).await;
    let revoke = async |_: &Ctx| world.hub.revoke_xet_keys();
    world
        .run_with(&everything(), LARGE / 3, revoke)
        .await
        .unwrap();
    assert!(world.has_all());
    assert_eq!(world.plain_bytes(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_that_gives_no_key_gives_the_file() {
    let fault = lasting(Route::Change, Effect::status(404));
    let world = World::in_chunks(StandIn::builder().repo(seed()).fault(fault)).await;
    world.run(&everything()).await.unwrap();
    assert!(world.has_all());
    assert_eq!(world.chunk_bytes(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_have_a_key_is_told_so() {
    let fault = lasting(Route::Change, Effect::Gated);
    let world = World::in_chunks(StandIn::builder().repo(seed()).fault(fault)).await;
    let Err(Error::Hub { source, .. }) = world.run(&everything()).await else {
        panic!("it was let in");
    };
    assert!(
        matches!(source, hubdesk_hub::Error::Gated { .. }),
        "{source:?}"
    );
    assert_eq!(world.plain_bytes(), 0);
    assert!(!world.has_ref());
}

#[tokio::test(flavor = "multi_thread")]
async fn one_wrong_byte_of_the_store_is_found_and_nothing_shown() {
    let fault = Fault::on(Route::XetBytes, Effect::Flip { at: 70_000 }).times(1);
    let world = World::in_chunks(StandIn::builder().repo(seed()).fault(fault)).await;
    let end = world.run(&everything()).await;
    assert!(matches!(end, Err(Error::Corrupt { .. })), "{end:?}");
    assert!(!world.has_large() && !world.has_ref());
    world.run(&everything()).await.unwrap();
    assert!(world.has_all(), "the next run begins anew");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_waits_for_a_silent_store_is_stopped_at_once() {
    let builder = StandIn::builder().repo(seed()).bandwidth(SLOW);
    let mut world = World::in_chunks(builder).await;
    world.parts.tuning.chunk_patience = Duration::from_secs(3600);
    let stop = async |ctx: &Ctx| {
        let fault = lasting(Route::XetBytes, Effect::Stall { after: 1000 });
        world.hub.faults().add(fault);
        let silent = || world.hub.log().body_bytes_of("/xorbs/") >= 2 * BLOCK;
        while !silent() {
            tokio::task::yield_now().await;
        }
        ctx.cancel.cancel();
    };
    let end = world.run_with(&everything(), BLOCK, stop).await.unwrap();
    assert!(matches!(end, Outcome::Cancelled));
}

#[test]
fn what_a_kill_can_cost_is_bounded_in_chunks_too() {
    let tuning = Tuning::default();
    let options = Options::new("unused".into(), Profile::default());
    let of_each = options.block_bytes + tuning.save_every;
    let most = options.memory_bytes + tuning.large_at_once as u64 * of_each;
    assert!(most <= 8 << 20, "{most}");
}
