//! Large files, by the ways the server offers.

use hubdesk_standin::{Effect, Fault, Host, RepoSeed, Route, StandIn};
use hubdesk_upload::{Ctx, Error, Outcome};

use crate::world::{World, all_of, noise};

const LARGE: usize = 3 << 20;

fn builder() -> hubdesk_standin::Builder {
    StandIn::builder().repo(RepoSeed::model("mira/m").file("README.md", "# m\n"))
}

impl World {
    /// Requests that sent something to the storage host.
    pub(crate) fn sent_to_storage(&self) -> usize {
        let records = self.hub.log().records();
        let puts = records
            .iter()
            .filter(|one| one.host == Host::Storage && one.method == "PUT");
        puts.count()
    }

    async fn has(&self, name: &str, content: &[u8]) -> bool {
        self.files("main")
            .await
            .get(name)
            .is_some_and(|found| found == content)
    }
}

#[tokio::test]
async fn in_one_part() {
    let world = World::start(builder()).await;
    let content = noise(1, LARGE);
    world.write("w.bin", &content);
    world.upload(&all_of(world.folder())).await;
    assert!(world.has("w.bin", &content).await);
    assert_eq!(world.sent_to_storage(), 1);
}

#[tokio::test]
async fn in_several_parts_each_tried_again_by_itself() {
    let broken = Fault::on(Route::Storage, Effect::status(503))
        .method("PUT")
        .times(2);
    let world = World::start(builder().part_size(1 << 20).fault(broken)).await;
    let content = noise(2, LARGE - 5);
    world.write("w.bin", &content);
    world.upload(&all_of(world.folder())).await;
    assert!(world.has("w.bin", &content).await);
    assert_eq!(world.sent_to_storage(), 5, "three parts, two of them twice");
}

#[tokio::test]
async fn what_the_storage_has_is_not_sent_again() {
    let world = World::start(builder()).await;
    let content = noise(3, LARGE);
    world.write("w.bin", &content);
    world.upload(&all_of(world.folder())).await;
    world.write("copy.bin", &content);
    world.hub.log().clear();
    world.upload(&all_of(world.folder())).await;
    assert!(world.has("copy.bin", &content).await);
    assert_eq!(world.sent_to_storage(), 0);
}

#[tokio::test]
async fn an_address_that_has_expired_is_asked_for_anew() {
    let expired = Fault::on(Route::Storage, Effect::ExpiredLink)
        .method("PUT")
        .times(2);
    let world = World::start(builder().fault(expired)).await;
    let content = noise(4, LARGE);
    world.write("w.bin", &content);
    world.upload(&all_of(world.folder())).await;
    assert!(world.has("w.bin", &content).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn into_the_chunk_store_and_nothing_to_the_storage_host() {
    let world = World::in_chunks(builder()).await;
    let (one, other) = (noise(5, LARGE), noise(6, LARGE));
    world.write("one.bin", &one);
    world.write("other.bin", &other);
    let uploaded = world.upload(&all_of(world.folder())).await;
    assert_eq!(uploaded.commits.len(), 1);
    assert!(world.has("one.bin", &one).await && world.has("other.bin", &other).await);
    assert_eq!(world.sent_to_storage(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_changed_file_the_chunk_store_gets_what_it_does_not_have() {
    let world = World::in_chunks(builder()).await;
    let mut content = noise(7, 2 * LARGE);
    world.write("w.bin", &content);
    let ctx = Ctx::default();
    world.run(&all_of(world.folder()), &ctx).await.unwrap();
    content[LARGE] ^= 1;
    world.write("w.bin", &content);
    world.upload(&all_of(world.folder())).await;
    assert!(world.has("w.bin", &content).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chunk_store_in_trouble_is_left_for_plain_http() {
    for fault in [
        Fault::on(Route::Xet, Effect::status(503)),
        Fault::on(Route::Xet, Effect::status(404)),
        Fault::on(Route::Change, Effect::status(404)).matching("xet-write-token"),
    ] {
        let what = format!("{fault:?}");
        let world = World::in_chunks(builder().fault(fault)).await;
        let content = noise(8, LARGE);
        world.write("w.bin", &content);
        world.upload(&all_of(world.folder())).await;
        assert!(world.has("w.bin", &content).await, "{what}");
        assert_eq!(world.sent_to_storage(), 1, "{what}");
    }
}

#[tokio::test]
async fn a_file_that_changes_on_its_way_is_not_published() {
    let world = World::start(builder().bandwidth(2 << 20)).await;
    world.write("w.bin", noise(9, LARGE));
    let head = world.head().await;
    let ctx = Ctx::default();
    let (request, path) = (all_of(world.folder()), world.folder().join("w.bin"));
    let change = async {
        while ctx.progress.meter.read().bytes_moved == 0 {
            tokio::task::yield_now().await;
        }
        std::fs::write(path, noise(10, LARGE)).unwrap();
        std::future::pending::<()>().await
    };
    let end = tokio::select! {
        end = world.run(&request, &ctx) => end,
        () = change => unreachable!("it waits"),
    };
    assert!(matches!(end, Err(Error::Changed { .. })), "{end:?}");
    assert_eq!(world.head().await, head);
    world.upload(&request).await;
    assert!(world.has("w.bin", &noise(10, LARGE)).await);
}

#[tokio::test]
async fn a_run_is_stopped_at_once() {
    let stall = Fault::on(Route::Storage, Effect::Stall { after: 0 }).method("PUT");
    let world = World::start(builder().fault(stall)).await;
    world.write("w.bin", noise(11, LARGE));
    let (request, ctx) = (all_of(world.folder()), Ctx::default());
    let stop = async {
        while ctx.progress.meter.read().bytes_moved == 0 {
            tokio::task::yield_now().await;
        }
        ctx.cancel.cancel();
        std::future::pending::<()>().await
    };
    let end = tokio::select! {
        end = world.run(&request, &ctx) => end,
        () = stop => unreachable!("it waits"),
    };
    assert!(matches!(end, Ok(Outcome::Cancelled)), "{end:?}");
}
