//! How much is asked of the Hub: there are limits to how often one may.

use std::time::Duration;

use bytes::Bytes;
use hubdesk_standin::{RepoSeed, StandIn};
use hubdesk_upload::{Ctx, Outcome, Source, What, run};

use crate::world::{World, all_of, path};

const FILES: u32 = 100_000;
/// The Hub's window is five minutes, and an account may ask a thousand times in it.
const MOST: usize = 500;
const PATIENCE: Duration = Duration::from_secs(240);

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_thousand_small_files_take_fewer_than_five_hundred_requests() {
    let world = World::start(StandIn::builder().repo(RepoSeed::model("mira/m"))).await;
    let source = |number: u32| Source {
        what: What::Bytes(Bytes::from(number.to_string())),
        to: Some(path(&format!("{:03}/{number}.txt", number % 500))),
    };
    let mut request = all_of(world.folder());
    request.sources = (0..FILES).map(source).collect();
    let ctx = Ctx::default();
    let run = tokio::time::timeout(PATIENCE, run(&request, &world.parts, &ctx));
    let end = run.await.expect("a run ends");
    assert!(matches!(end, Ok(Outcome::Done(_))), "{end:?}");
    let asked = world.hub.log().records().len();
    assert!(asked < MOST, "{asked} requests");
    assert_eq!(ctx.progress.meter.read().files_done, u64::from(FILES));
}
