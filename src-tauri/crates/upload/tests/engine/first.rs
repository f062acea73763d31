//! What is uploaded, and where it goes.

use std::num::NonZeroU64;
use std::time::Duration;

use bytes::Bytes;
use hubdesk_core::{
    Class, Clock as _, Limiter, Pattern, Patterns, RepoId, RepoKind, Share, SystemClock,
};
use hubdesk_hub::{Existing, NewRepo, Visibility};
use hubdesk_standin::{RepoSeed, StandIn};
use hubdesk_upload::{Ctx, Error, LeaveOut, Onto, Removal, Source, What};

use crate::world::{World, all_of, path};

fn seed() -> RepoSeed {
    RepoSeed::model("mira/m")
        .file("README.md", "# m\n")
        .file("old/a.txt", "a")
        .file("old/b.bin", "b")
}

async fn world() -> World {
    World::start(StandIn::builder().repo(seed())).await
}

#[tokio::test]
async fn a_folder_becomes_one_commit() {
    let world = world().await;
    world.write("README.md", "# mine\n");
    world.write("data/x.txt", "x");
    world.write("empty", "");
    let base = world.head().await;
    let uploaded = world.upload(&all_of(world.folder())).await;
    assert_eq!(uploaded.base, base);
    assert_eq!(uploaded.commits, [world.head().await]);
    let files = world.files("main").await;
    let names: Vec<_> = files.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        ["README.md", "data/x.txt", "empty", "old/a.txt", "old/b.bin"]
    );
    assert_eq!(files["README.md"], b"# mine\n");
    assert_eq!(world.titles("main").await[0], "Upload");
}

#[tokio::test]
async fn nothing_new_is_no_commit_and_reads_nothing_twice() {
    let world = world().await;
    world.write("data/x.txt", "x");
    world.write("big.txt", vec![b'x'; 100_000]);
    let request = all_of(world.folder());
    world.upload(&request).await;
    let head = world.head().await;
    world.upload(&request).await;
    let read = *world.seen.put.lock().unwrap();
    world.hub.log().clear();
    let again = world.upload(&request).await;
    assert_eq!((again.commits.len(), again.base), (0, head.clone()));
    assert_eq!(world.head().await, head);
    assert_eq!(*world.seen.put.lock().unwrap(), read);
    assert_eq!(
        (world.asked("/preupload/"), world.asked("/commit/")),
        (0, 0)
    );
}

#[tokio::test]
async fn only_what_has_changed_is_sent() {
    let world = world().await;
    world.write("README.md", "# m\n");
    world.write("old/a.txt", "other");
    world.upload(&all_of(world.folder())).await;
    assert_eq!(world.files("main").await["old/a.txt"], b"other");
    let ctx = Ctx::default();
    world.write("old/a.txt", "third");
    world.run(&all_of(world.folder()), &ctx).await.unwrap();
    assert_eq!(ctx.progress.meter.read().bytes_moved, 5);
}

#[tokio::test]
async fn files_folders_and_bytes_go_where_they_are_to_go() {
    let world = world().await;
    world.write("d/x.txt", "x");
    world.write("f.txt", "f");
    let mut request = all_of(world.folder());
    let source = |what, to: &str| Source {
        what,
        to: Some(path(to)),
    };
    request.sources = vec![
        source(What::Folder(world.folder().join("d")), "in/here"),
        source(What::File(world.folder().join("f.txt")), "g.txt"),
        source(What::Bytes(Bytes::from_static(b"b")), "in/b"),
    ];
    world.upload(&request).await;
    let files = world.files("main").await;
    for (name, content) in [("in/here/x.txt", "x"), ("g.txt", "f"), ("in/b", "b")] {
        assert_eq!(files[name], content.as_bytes(), "{name}");
    }
}

#[tokio::test]
async fn a_source_that_is_not_there_is_an_error_and_changes_nothing() {
    let world = world().await;
    let head = world.head().await;
    let missing = world.folder().join("missing");
    let end = world.run(&all_of(missing), &Ctx::default()).await;
    assert!(matches!(end, Err(Error::Source(_))), "{end:?}");
    assert_eq!(world.head().await, head);
}

#[tokio::test]
async fn a_repository_is_made_on_the_way_and_taken_when_it_is_there() {
    let world = world().await;
    world.write("x.txt", "x");
    let mut new = NewRepo::dataset("mira/new", Visibility::Private).unwrap();
    new.existing = Existing::Take;
    let mut request = all_of(world.folder());
    request.repo = RepoId::new(RepoKind::Dataset, "mira/new").unwrap();
    request.create = Some(new);
    assert_eq!(world.upload(&request).await.commits.len(), 1);
    assert_eq!(world.upload(&request).await.commits.len(), 0);
}

#[tokio::test]
async fn a_branch_is_begun_only_when_asked_for() {
    let world = world().await;
    world.write("x.txt", "x");
    let mut request = all_of(world.folder());
    let onto = |create| Onto::Branch {
        name: "dev".parse().unwrap(),
        create,
    };
    request.onto = onto(false);
    let end = world.run(&request, &Ctx::default()).await;
    assert!(matches!(end, Err(Error::Hub { .. })), "{end:?}");
    request.onto = onto(true);
    world.upload(&request).await;
    assert!(world.files("dev").await.contains_key("x.txt"));
    assert!(!world.files("main").await.contains_key("x.txt"));
}

#[tokio::test]
async fn a_pull_request_is_opened_with_the_first_commit() {
    let world = world().await;
    world.write("x.txt", "x");
    let mut request = all_of(world.folder());
    request.onto = Onto::PullRequest;
    let uploaded = world.upload(&request).await;
    let number = uploaded.pull_request.unwrap();
    assert!(
        world
            .files(&format!("refs/pr/{number}"))
            .await
            .contains_key("x.txt")
    );
    assert!(!world.files("main").await.contains_key("x.txt"));
}

#[tokio::test]
async fn what_travels_within_commits_counts_with_the_limit() {
    let world = world().await;
    for n in 0..5 {
        world.write(&format!("{n}.txt"), "x".repeat(10_000));
    }
    // As it travels, four bytes for three.
    let limiter = Limiter::new(NonZeroU64::new(50_000));
    let ctx = Ctx {
        share: Share::new(limiter, Class::Normal),
        ..Ctx::default()
    };
    let clock = SystemClock::default();
    let begun = clock.elapsed();
    world.run(&all_of(world.folder()), &ctx).await.unwrap();
    let took = clock.elapsed() - begun;
    assert!(took > Duration::from_secs(1), "{took:?}");
    assert_eq!(ctx.progress.meter.read().bytes_moved, 50_000);
}

#[tokio::test]
async fn nothing_new_opens_no_pull_request() {
    let world = world().await;
    world.write("README.md", "# m\n");
    let mut request = all_of(world.folder());
    request.onto = Onto::PullRequest;
    let uploaded = world.upload(&request).await;
    assert_eq!((uploaded.pull_request, uploaded.commits.len()), (None, 0));
}

#[tokio::test]
async fn junk_and_what_the_folders_own_rules_say_stays_here() {
    let world = world().await;
    for (name, content) in [
        ("keep.txt", "k"),
        (".DS_Store", "j"),
        ("__pycache__/a.pyc", "j"),
        (".git/config", "j"),
        (".cache/huggingface/x", "j"),
        (".gitignore", "*.log\n!yes.log\n/build/\n"),
        ("a.log", "i"),
        ("yes.log", "k"),
        ("build/x", "i"),
        ("sub/build/x", "k"),
        ("sub/.hfignore", "private*\n"),
        ("sub/private.txt", "i"),
        ("private.txt", "k"),
    ] {
        world.write(name, content);
    }
    world.upload(&all_of(world.folder())).await;
    let mut files = world.files("main").await;
    files.retain(|_, content| content == b"k");
    let names: Vec<_> = files.into_keys().collect();
    assert_eq!(names, ["keep.txt", "private.txt", "sub/build/x", "yes.log"]);
    let all = world.files("main").await;
    assert!(
        all.values()
            .all(|content| content != b"j" && content != b"i")
    );
}

#[tokio::test]
async fn as_the_official_client_only_workings_are_left_out() {
    let world = world().await;
    world.write(".DS_Store", "k");
    world.write(".git/config", "j");
    world.write("a.pyc", "k");
    let mut request = all_of(world.folder());
    request.leave_out = LeaveOut::NOTHING;
    world.upload(&request).await;
    let files = world.files("main").await;
    assert!(files.contains_key(".DS_Store") && files.contains_key("a.pyc"));
    assert!(!files.contains_key(".git/config"));
}

#[tokio::test]
async fn what_the_rules_of_the_repository_leave_out_is_told() {
    let seed = seed().file(".gitignore", "*.tmp\n");
    let world = World::start(StandIn::builder().repo(seed)).await;
    world.write("x.tmp", "t");
    world.write("x.txt", "x");
    let uploaded = world.upload(&all_of(world.folder())).await;
    assert_eq!(uploaded.ignored, [path("x.tmp")]);
    assert!(!world.files("main").await.contains_key("x.tmp"));
}

#[tokio::test]
async fn patterns_choose_below_the_folder() {
    let world = world().await;
    for name in ["a.txt", "b.bin", "d/c.txt", "d/skip.txt"] {
        world.write(name, name);
    }
    let mut request = all_of(world.folder());
    let one = |text| Pattern::new(text).unwrap();
    request.select = Patterns {
        include: Some(vec![one("*.txt")]),
        exclude: vec![one("d/skip*")],
    };
    request.sources[0].to = Some(path("up"));
    world.upload(&request).await;
    let files = world.files("main").await;
    let names: Vec<_> = files
        .keys()
        .filter(|name| name.starts_with("up/"))
        .collect();
    assert_eq!(names, ["up/a.txt", "up/d/c.txt"]);
}

#[tokio::test]
async fn what_matches_goes_with_the_first_commit_but_not_what_is_uploaded() {
    let seed = seed().file(".gitattributes", "*.bin filter=lfs\n");
    let world = World::start(StandIn::builder().repo(seed)).await;
    world.write("old/a.txt", "new");
    let mut request = all_of(world.folder());
    request.remove = Some(Removal {
        below: None,
        patterns: vec![Pattern::new("*").unwrap()],
    });
    let uploaded = world.upload(&request).await;
    assert_eq!(uploaded.commits.len(), 1);
    let files = world.files("main").await;
    let names: Vec<_> = files.keys().collect();
    assert_eq!(names, [".gitattributes", "old/a.txt"]);
}

#[cfg(unix)]
#[tokio::test]
async fn links_to_files_are_followed_and_links_to_folders_are_not() {
    let world = world().await;
    world.write("real.txt", "r");
    let link = |from: &str, to: &str| {
        std::os::unix::fs::symlink(to, world.folder().join(from)).unwrap();
    };
    link("link.txt", "real.txt");
    link("circle", ".");
    link("dangling", "nowhere");
    world.upload(&all_of(world.folder())).await;
    let files = world.files("main").await;
    assert_eq!(files["link.txt"], b"r");
    assert!(
        !files
            .keys()
            .any(|name| name.starts_with("circle") || name == "dangling")
    );
}

#[tokio::test]
async fn many_files_become_several_commits_each_on_its_parent() {
    let world = world().await;
    for number in 0..700 {
        world.write(&format!("d{}/{number}.txt", number % 7), number.to_string());
    }
    let uploaded = world.upload(&all_of(world.folder())).await;
    assert_eq!(uploaded.commits.len(), 3, "250, 400 and the rest");
    assert_eq!(world.files("main").await.len(), 703);
    let titles = world.titles("main").await;
    assert_eq!(
        titles[..3],
        ["Upload (part 3)", "Upload (part 2)", "Upload"]
    );
    assert_eq!(world.asked("/preupload/"), 3);
}

#[tokio::test]
async fn the_meter_ends_full() {
    let world = world().await;
    world.write("README.md", "# m\n");
    world.write("x.txt", "xyz");
    world.write("w.bin", vec![0; 50_000]);
    let ctx = Ctx::default();
    world.run(&all_of(world.folder()), &ctx).await.unwrap();
    let read = ctx.progress.meter.read();
    assert_eq!((read.files_done, read.files_total), (3, 3));
    assert_eq!((read.bytes_done, read.bytes_total), (50_007, 50_007));
    assert_eq!(read.bytes_moved, 50_003);
}
