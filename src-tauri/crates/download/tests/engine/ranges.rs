//! Large files: many ranges, and servers that serve them badly or not at all.

use hubdesk_download::{Ctx, Error, Outcome, Wait};
use hubdesk_standin::{Effect, Fault, Route, StandIn};

use crate::world::{LARGE, World, everything, meanwhile, seed};

fn storage(effect: Effect) -> Fault {
    Fault::on(Route::Storage, effect)
}

async fn survives(fault: Fault) -> World {
    let world = World::start(StandIn::builder().repo(seed()).fault(fault)).await;
    world.run(&everything()).await.unwrap();
    assert!(world.has_large() && world.has_ref());
    world
}

#[tokio::test]
async fn a_large_file_comes_in_many_ranges_and_each_byte_once() {
    let world = World::start(StandIn::builder().repo(seed())).await;
    let ctx = Ctx::default();
    world.run_in(&everything(), &ctx).await.unwrap();
    assert!(world.has_large());
    let read = ctx.progress.meter.read();
    assert_eq!((read.files_done, read.bytes_done), (2, LARGE + 2));
    assert_eq!(read.bytes_moved, LARGE + 2, "no byte came twice");
    let asked = world
        .hub
        .log()
        .records()
        .iter()
        .filter(|record| record.range.is_some())
        .count();
    assert!(asked >= 24, "{asked} requests for ranges");
}

#[tokio::test]
async fn a_server_that_never_serves_ranges_serves_the_file_all_the_same() {
    survives(storage(Effect::IgnoreRange)).await;
}

#[tokio::test]
async fn a_server_that_stops_serving_ranges_on_the_way_is_taken_from_the_start() {
    let world = World::start(StandIn::builder().repo(seed()).bandwidth(8 << 20)).await;
    let request = everything();
    let act = async |_: &Ctx| world.hub.faults().add(storage(Effect::IgnoreRange));
    world.run_with(&request, LARGE / 3, act).await.unwrap();
    assert!(world.has_large());
}

#[tokio::test]
async fn links_that_expire_under_way_are_renewed() {
    let world = World::start(StandIn::builder().repo(seed()).bandwidth(8 << 20)).await;
    let request = everything();
    let expire = async |_: &Ctx| {
        world
            .hub
            .faults()
            .add(storage(Effect::ExpiredLink).times(3))
    };
    world.run_with(&request, LARGE / 3, expire).await.unwrap();
    assert!(world.has_large());
}

#[tokio::test]
async fn connections_that_break_everywhere_cost_no_byte_twice() {
    let world = survives(storage(Effect::Cut { after: 50_000 }).times(12)).await;
    let sent = world.hub.log().body_bytes();
    assert!(sent < LARGE + (1 << 20), "{sent} bytes for {LARGE}");
}

#[tokio::test]
async fn a_server_that_gives_a_byte_at_a_time_is_given_up() {
    let fault = storage(Effect::Cut { after: 1 });
    let world = World::start(StandIn::builder().repo(seed()).fault(fault)).await;
    assert!(matches!(
        world.run(&everything()).await,
        Err(Error::Hub { .. })
    ));
    assert!(!world.has_ref());
}

#[tokio::test]
async fn one_wrong_byte_in_any_range_is_found() {
    let fault = storage(Effect::Flip { at: 7 }).times(1);
    let world = World::start(StandIn::builder().repo(seed()).fault(fault)).await;
    assert!(matches!(
        world.run(&everything()).await,
        Err(Error::Corrupt { .. })
    ));
    assert!(!world.has_large() && !world.has_ref());
    world.run(&everything()).await.unwrap();
    assert!(world.has_large(), "the next run begins anew");
}

#[tokio::test]
async fn what_a_stopped_run_left_is_not_asked_for_again() {
    let world = World::start(StandIn::builder().repo(seed()).bandwidth(8 << 20)).await;
    let request = everything();
    let stop = async |ctx: &Ctx| ctx.cancel.cancel();
    let outcome = world.run_with(&request, LARGE / 2, stop).await.unwrap();
    assert!(matches!(outcome, Outcome::Cancelled));
    assert!(!world.has_large());
    let before = world.hub.log().body_bytes();
    world.run(&request).await.unwrap();
    assert!(world.has_large());
    let rest = world.hub.log().body_bytes() - before;
    assert!(
        rest < LARGE / 2 + (600 << 10),
        "{rest} bytes for the second half"
    );
}

#[tokio::test]
async fn a_partial_that_was_damaged_meanwhile_is_fetched_once_more() {
    let mut world = World::start(StandIn::builder().repo(seed()).bandwidth(8 << 20)).await;
    let request = everything();
    let stop = async |ctx: &Ctx| ctx.cancel.cancel();
    world.run_with(&request, LARGE / 2, stop).await.unwrap();
    let partials = std::fs::read_dir(world.blobs())
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let is_partial = |path: &std::path::PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        name.ends_with(".hubdesk.incomplete") && !name.contains(".journal.")
    };
    let partial = partials.into_iter().find(is_partial).unwrap();
    let mut bytes = std::fs::read(&partial).unwrap();
    bytes[1000] ^= 1;
    std::fs::write(&partial, bytes).unwrap();
    world.new_start();
    world.run(&request).await.unwrap();
    assert!(world.has_large());
}

#[tokio::test]
async fn force_fetches_everything_again() {
    let world = World::start(StandIn::builder().repo(seed())).await;
    world.run(&everything()).await.unwrap();
    let before = world.hub.log().body_bytes();
    let again = hubdesk_download::Request {
        force: true,
        ..everything()
    };
    world.run(&again).await.unwrap();
    assert!(world.has_large());
    assert!(world.hub.log().body_bytes() >= before + LARGE);
}

#[tokio::test]
async fn a_silent_connection_is_named_while_a_new_one_is_tried() {
    let fault = storage(Effect::Stall { after: 20_000 }).times(4);
    let mut world = World::start(StandIn::builder().repo(seed()).fault(fault)).await;
    world.impatient();
    let ctx = Ctx::default();
    let request = everything();
    let watch = async {
        loop {
            if let (_, Some(Wait::Stalled { host })) = ctx.progress.now() {
                return host;
            }
            tokio::task::yield_now().await;
        }
    };
    let (end, host) = meanwhile(world.run_in(&request, &ctx), watch).await;
    end.unwrap();
    assert!(world.hub.storage().ends_with(&host), "{host}");
    assert!(world.has_large());
}
