//! Work on local files, which may be long: it is seen, it stops with the run, and it is bounded.

use std::fs;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use hubdesk_core::RepoPath;
use hubdesk_download::{AtWork, Ctx, FileWatch, Outcome, Planned};
use hubdesk_standin::{Content, RepoSeed};
use tokio_util::sync::CancellationToken;

use crate::folders::{folder, into, partials, sent, visible, world};
use crate::world::everything;

/// Stops the run as soon as a file is begun, and remembers how many bytes were shown for it.
struct StopAtFile {
    cancel: CancellationToken,
    shown: Mutex<Vec<Arc<AtomicU64>>>,
}

impl FileWatch for StopAtFile {
    fn planned(&self, _: &[Planned]) {}

    fn begun(&self, _: &RepoPath, bytes: Arc<AtomicU64>) -> AtWork {
        self.cancel.cancel();
        self.shown.lock().unwrap().push(bytes);
        Box::new(())
    }

    fn done(&self, _: &RepoPath) {}
}

/// More than is copied in one go.
const LONG: u64 = 20 << 20;

fn long() -> RepoSeed {
    RepoSeed::model("org/m").large("w.bin", Content::random(9, LONG))
}

#[tokio::test]
async fn a_copy_of_what_the_cache_has_is_seen_and_stops_with_the_run() {
    let world = world(long()).await;
    world.run(&everything()).await.unwrap();
    let ctx = Ctx::default();
    let watch = Arc::new(StopAtFile {
        cancel: ctx.cancel.clone(),
        shown: Mutex::default(),
    });
    let ctx = Ctx {
        files: Some(watch.clone()),
        ..ctx
    };
    let end = world.run_in(&into(&world), &ctx).await.unwrap();
    let mine = folder(&world);
    if matches!(end, Outcome::Done(_)) {
        // The blocks are shared, and there was nothing to stop.
        let cache = world.parts.cache.root();
        assert!(hubdesk_disk::shares_blocks(cache, &mine));
        return;
    }
    let shown = watch.shown.lock().unwrap()[0].load(Ordering::Relaxed);
    assert!((1..LONG).contains(&shown), "{shown} bytes are seen");
    assert_eq!(visible(&mine), Vec::<String>::new());
    let ctx = Ctx::default();
    world.run_in(&into(&world), &ctx).await.unwrap();
    let read = ctx.progress.meter.read();
    assert_eq!((read.bytes_done, read.bytes_moved), (LONG, 0));
    assert_eq!(visible(&mine), ["w.bin"]);
    assert_eq!(partials(&world), Vec::<String>::new());
}

#[tokio::test]
async fn what_must_be_read_for_a_plan_is_counted_once() {
    let world = world(long()).await;
    fs::create_dir_all(folder(&world)).unwrap();
    let content = Content::random(9, LONG).read(0, LONG);
    fs::write(folder(&world).join("w.bin"), content).unwrap();
    let ctx = Ctx::default();
    let end = world.run_in(&into(&world), &ctx).await.unwrap();
    assert!(matches!(end, Outcome::Done(_)));
    let read = ctx.progress.meter.read();
    assert_eq!((read.bytes_done, read.bytes_total), (LONG, LONG));
    assert_eq!(sent(&world), 0);
}

#[tokio::test]
async fn more_equal_files_than_are_copied_at_once_all_appear() {
    let many = (0..50).fold(RepoSeed::model("org/m"), |repo, number| {
        repo.file(&format!("d{}/{number}.txt", number % 3), "same")
    });
    let world = world(many).await;
    world.run(&into(&world)).await.unwrap();
    let files = visible(&folder(&world));
    assert_eq!((files.len(), sent(&world)), (50, 4));
    for name in files {
        assert_eq!(fs::read(folder(&world).join(name)).unwrap(), b"same");
    }
    assert_eq!(partials(&world), Vec::<String>::new());
}
