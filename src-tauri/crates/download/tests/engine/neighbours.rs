//! Other programs at work in the same cache: they hold locks, prune, and remove.

use hubdesk_cache::LinkSupport;
use hubdesk_core::Digest;
use hubdesk_download::{Ctx, Stage, Wait};
use hubdesk_standin::{RepoSeed, StandIn};

use crate::world::{LARGE, World, everything, large, meanwhile, seed};

#[tokio::test]
async fn a_lock_of_another_program_is_waited_for() {
    let world = World::start(StandIn::builder().repo(seed())).await;
    let digest = large().sha256();
    let held = world.repo().try_lock(&digest).unwrap().unwrap();
    let ctx = Ctx::default();
    let request = everything();
    let release = async {
        let path = loop {
            if let (_, Some(Wait::Lock { path })) = ctx.progress.now() {
                break path;
            }
            tokio::task::yield_now().await;
        };
        assert!(!world.has_large());
        drop(held);
        path
    };
    let (end, path) = meanwhile(world.run_in(&request, &ctx), release).await;
    end.unwrap();
    assert_eq!(path, world.repo().lock_path(&digest));
    assert!(world.has_large());
}

#[tokio::test]
async fn partials_that_are_pruned_on_the_way_cost_only_bytes() {
    let world = World::start(StandIn::builder().repo(seed()).bandwidth(8 << 20)).await;
    let request = everything();
    let prune = async |_: &Ctx| {
        for entry in std::fs::read_dir(world.blobs()).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|end| end == "incomplete") {
                std::fs::remove_file(path).unwrap();
            }
        }
    };
    world.run_with(&request, LARGE / 2, prune).await.unwrap();
    assert!(world.has_large() && world.has_ref());
}

#[tokio::test]
async fn a_repository_removed_on_the_way_is_fetched_whole_or_not_pointed_at() {
    let world = World::start(StandIn::builder().repo(seed()).bandwidth(8 << 20)).await;
    let request = everything();
    let remove = async |_: &Ctx| std::fs::remove_dir_all(world.repo().folder()).unwrap();
    world.run_with(&request, LARGE / 2, remove).await.unwrap();
    assert!(world.has_large() && world.has_ref());
    assert_eq!(
        world.visible().len(),
        2,
        "the small file, done before, came again"
    );
}

#[tokio::test]
async fn finished_files_removed_on_the_way_come_again_before_the_ref_moves() {
    let world = World::start(StandIn::builder().repo(seed()).bandwidth(8 << 20)).await;
    let request = everything();
    let remove = async |_: &Ctx| {
        std::fs::remove_dir_all(world.repo().folder().join("snapshots")).unwrap();
        let small = world.blobs().join(Digest::git_blob(b"{}").to_string());
        std::fs::remove_file(small).unwrap();
    };
    world.run_with(&request, LARGE / 2, remove).await.unwrap();
    assert_eq!(world.visible().len(), 2);
    assert!(world.has_large() && world.has_ref());
}

#[tokio::test]
async fn two_runs_at_once_fetch_each_byte_once() {
    let world = World::start(StandIn::builder().repo(seed())).await;
    let request = everything();
    let (one, other) = tokio::join!(world.run(&request), world.run(&request));
    assert_eq!(one.unwrap(), other.unwrap());
    assert!(world.has_large());
    let storage = world.hub.log().records();
    let storage = storage
        .iter()
        .filter(|record| record.host == hubdesk_standin::Host::Storage);
    let sent: u64 = storage.map(|record| record.body_bytes).sum();
    assert_eq!(sent, LARGE);
}

#[tokio::test]
async fn without_links_the_snapshot_holds_the_files_themselves() {
    let repo = RepoSeed::model("org/m")
        .file("a.txt", "same")
        .file("b/c.txt", "same")
        .large("w.bin", large());
    let world = World::with_links(StandIn::builder().repo(repo), LinkSupport::Never).await;
    world.run(&everything()).await.unwrap();
    assert_eq!(world.visible().len(), 3);
    assert!(world.visible().iter().all(|path| !path.is_symlink()));
    assert!(world.has_large() && world.has_ref());
    let before = world.hub.log().body_bytes_of("w.bin");
    world.run(&everything()).await.unwrap();
    assert_eq!(
        world.hub.log().body_bytes_of("w.bin"),
        before,
        "nothing is fetched again"
    );
}

#[tokio::test]
async fn a_run_ends_in_the_last_stage_with_its_folder_known() {
    let world = World::start(StandIn::builder().repo(seed())).await;
    let ctx = Ctx::default();
    world.run_in(&everything(), &ctx).await.unwrap();
    assert_eq!(ctx.progress.now(), (Stage::Linking, None));
    let folder = ctx.progress.folder().unwrap();
    assert!(folder.starts_with(world.repo().folder().join("snapshots")));
}
