//! Others who commit at the same time, answers that are lost, and runs that go on.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use hubdesk_standin::{Change, Effect, Fault, RepoSeed, Route, StandIn};
use hubdesk_upload::{Ctx, Error, Keep, Outcome, Uploaded};

use crate::world::{Kept, World, all_of, id, path};

async fn world() -> World {
    let seed = RepoSeed::model("mira/m")
        .file("README.md", "# m\n")
        .file("a.txt", "a");
    World::start(StandIn::builder().repo(seed)).await
}

fn on_commits(effect: Effect) -> Fault {
    Fault::on(Route::Change, effect)
        .matching("/commit/")
        .times(1)
}

impl World {
    fn somebody_writes(&self, file: &str, content: &str) {
        let change = [Change::file(file, content.to_owned())];
        self.hub.hub().commit(&id(), "main", "Theirs", change);
    }
}

#[tokio::test]
async fn what_others_did_elsewhere_stays() {
    let world = world().await;
    world.write("x.txt", "x");
    let mut request = all_of(world.folder());
    request.expect = Some(world.head().await);
    world.somebody_writes("theirs.txt", "t");
    world.upload(&request).await;
    let files = world.files("main").await;
    assert!(files.contains_key("x.txt") && files.contains_key("theirs.txt"));
}

#[tokio::test]
async fn what_others_did_to_the_same_file_is_replaced_only_on_request() {
    let world = world().await;
    world.write("a.txt", "ours");
    let mut request = all_of(world.folder());
    request.expect = Some(world.head().await);
    world.somebody_writes("a.txt", "theirs");
    let end = world.run(&request, &Ctx::default()).await;
    let Err(Error::Overlap { paths, .. }) = end else {
        panic!("{end:?}");
    };
    assert_eq!(paths, [path("a.txt")]);
    assert_eq!(world.files("main").await["a.txt"], b"theirs");
    request.overwrite = true;
    world.upload(&request).await;
    assert_eq!(world.files("main").await["a.txt"], b"ours");
}

#[tokio::test]
async fn the_same_change_of_others_is_none_of_ours() {
    let world = world().await;
    world.write("a.txt", "ours");
    let mut request = all_of(world.folder());
    request.expect = Some(world.head().await);
    world.somebody_writes("a.txt", "ours");
    assert_eq!(world.upload(&request).await.commits.len(), 0);
}

#[tokio::test]
async fn a_branch_that_moves_just_before_the_commit_is_followed() {
    let world = world().await;
    world.write("x.txt", "x");
    world.write("a.txt", "theirs and ours");
    let slow = on_commits(Effect::status(412));
    world.hub.faults().add(slow);
    // While the commit is refused, somebody commits one of the two.
    world.somebody_writes("a.txt", "theirs and ours");
    let uploaded = world.upload(&all_of(world.folder())).await;
    assert_eq!(uploaded.commits.len(), 1);
    assert_eq!(world.files("main").await["x.txt"], b"x");
}

#[tokio::test]
async fn a_commit_whose_answer_is_lost_happens_once() {
    for effect in [Effect::Cut { after: 0 }, Effect::status(500)] {
        let world = world().await;
        world.write("x.txt", "x");
        world.hub.faults().add(on_commits(effect.clone()));
        world.upload(&all_of(world.folder())).await;
        let titles = world.titles("main").await;
        let ours = titles.iter().filter(|title| *title == "Upload").count();
        assert_eq!(ours, 1, "{effect:?}: {titles:?}");
        assert_eq!(world.files("main").await["x.txt"], b"x");
    }
}

#[tokio::test]
async fn a_commit_that_is_too_much_is_cut_in_two() {
    let world = world().await;
    for number in 0..50 {
        world.write(&format!("{number}.txt"), number.to_string());
    }
    world.hub.faults().add(on_commits(Effect::status(413)));
    let uploaded = world.upload(&all_of(world.folder())).await;
    assert_eq!(uploaded.commits.len(), 2);
    assert_eq!(world.files("main").await.len(), 52);
}

#[tokio::test]
async fn a_run_that_was_stopped_goes_on_without_what_is_there() {
    let world = world().await;
    for number in 0..600 {
        world.write(&format!("{number:03}.txt"), number.to_string());
    }
    let kept = Arc::new(Kept::default());
    let ctx = Ctx {
        keep: Some(kept.clone()),
        ..Ctx::default()
    };
    let cancel = ctx.cancel.clone();
    let stop = async {
        while kept.0.lock().unwrap().commits.is_empty() {
            tokio::task::yield_now().await;
        }
        cancel.cancel();
        std::future::pending::<()>().await
    };
    let request = all_of(world.folder());
    let end = tokio::select! {
        end = world.run(&request, &ctx) => end,
        () = stop => unreachable!("it waits"),
    };
    assert!(matches!(end, Ok(Outcome::Cancelled)), "{end:?}");
    let made = kept.0.lock().unwrap().clone();
    let before = world.files("main").await.len();
    assert!(before > 2 && before < 602, "{before}");
    let ctx = Ctx {
        made: made.clone(),
        keep: Some(kept),
        ..Ctx::default()
    };
    let Ok(Outcome::Done(Uploaded { base, commits, .. })) = world.run(&request, &ctx).await else {
        panic!("it did not go on");
    };
    assert_eq!(Some(base), made.base);
    assert!(commits.starts_with(&made.commits));
    assert_eq!(world.files("main").await.len(), 602);
    let sent = ctx.progress.meter.read().bytes_moved;
    let all: usize = (0..600_u32).map(|number| number.to_string().len()).sum();
    assert!((sent as usize) < all, "{sent} of {all}");
}

#[tokio::test]
async fn what_is_kept_is_kept_before_the_next_commit() {
    struct Counts(std::sync::Mutex<Vec<usize>>);
    impl Keep for Counts {
        fn keep<'a>(&'a self, made: &'a hubdesk_upload::Made) -> BoxFuture<'a, ()> {
            Box::pin(async {
                // Whoever keeps it takes its time.
                tokio::task::yield_now().await;
                self.0.lock().unwrap().push(made.commits.len());
            })
        }
    }
    let world = world().await;
    for number in 0..300 {
        world.write(&format!("{number:03}.txt"), number.to_string());
    }
    let counts = Arc::new(Counts(Default::default()));
    let ctx = Ctx {
        keep: Some(counts.clone()),
        ..Ctx::default()
    };
    world.run(&all_of(world.folder()), &ctx).await.unwrap();
    assert_eq!(*counts.0.lock().unwrap(), [1, 2]);
}
