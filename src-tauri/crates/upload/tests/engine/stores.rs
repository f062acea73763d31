//! A chunk store in trouble: what it does not take goes over plain HTTP, in bounded time.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use hubdesk_core::SystemClock;
use hubdesk_standin::{Effect, Fault, RepoSeed, Route, StandIn};
use hubdesk_upload::Ctx;
use hubdesk_xet::{Options, Xet};

use crate::faults::{Row, impatient, word};
use crate::world::{World, all_of, noise};

const ROWS_AT_ONCE: usize = 4;
const NEVER: Duration = Duration::from_secs(24 * 60 * 60);
const LARGE: usize = (3 << 20) + 7;

async fn world() -> World {
    let seed = RepoSeed::model("mira/m").file("README.md", "# m\n");
    let mut world = World::in_chunks(StandIn::builder().repo(seed)).await;
    world.use_profile(impatient());
    let options = Options::new(world.dir.path().join("xet"), impatient());
    world.parts.xet = Some(Xet::new(options, Arc::new(SystemClock::default())).unwrap());
    world.parts.tuning.chunk_patience = Duration::from_secs(6);
    world.parts.tuning.settle_patience = Duration::from_secs(6);
    world
}

fn at(part: &str) -> Vec<Row> {
    let statuses = [401, 403, 404, 503].map(Effect::status);
    let broken = [Effect::Cut { after: 0 }, Effect::Latency(NEVER)];
    let effects = statuses.into_iter().chain(broken);
    let on = |effect| Fault::on(Route::Xet, effect).matching(part);
    let rows = effects.flat_map(|effect| [on(effect.clone()), on(effect).times(1)]);
    rows.map(|fault| Row { fault, end: "done" }).collect()
}

async fn check(rows: Vec<Row>) {
    let borne = stream::iter(rows).map(|row| async move { world().await.bears(&row).await });
    let wrong: String = borne.buffer_unordered(ROWS_AT_ONCE).collect().await;
    assert!(wrong.is_empty(), "{wrong}");
}

#[tokio::test(flavor = "multi_thread")]
async fn that_takes_no_blocks() {
    check(at("/v1/xorbs/")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn that_gives_no_leave_to_send() {
    check(at("/v1/xorb-grants/")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn that_takes_no_files() {
    check(at("/v1/shards")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn that_does_not_say_what_it_has() {
    check(at("/v1/chunks/")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn to_which_the_hub_gives_no_key() {
    let on = |effect| Fault::on(Route::Change, effect).matching("xet-write-token");
    let rows = [
        (on(Effect::status(404)), "done"),
        (on(Effect::status(503)).times(1), "done"),
        (on(Effect::Cut { after: 0 }).times(1), "done"),
        (on(Effect::Latency(NEVER)).times(1), "done"),
        (on(Effect::Unauthorized), "signed out"),
        (on(Effect::status(403)), "forbidden"),
        (on(Effect::status(503)), "server"),
    ];
    check(rows.map(|(fault, end)| Row { fault, end }).into()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_key_ends_on_the_way_gets_nothing_twice() {
    let world = world().await;
    let content = noise(3, LARGE);
    world.write("w.bin", &content);
    // All blocks have arrived by then.
    let ends = Fault::on(Route::Xet, Effect::status(401))
        .matching("/v1/shards")
        .times(1);
    world.hub.faults().add(ends);
    let ctx = Ctx::default();
    let end = world.run(&all_of(world.folder()), &ctx).await;
    assert_eq!(word(&end), "done", "{end:?}");
    assert_eq!(world.asked("xet-write-token"), 2, "the key was replaced");
    assert_eq!(world.asked("/v1/xorbs/"), 1, "the block was sent once");
    assert_eq!(world.sent_to_storage(), 0);
    assert_eq!(world.files("main").await["w.bin"], content);
    let done = ctx.progress.meter.read();
    assert_eq!(done.bytes_done, done.bytes_total, "nothing counts twice");
}
