//! A folder of a person's own: what is there is compared, kept, replaced or left, and nothing is
//! ever written outside it.

use std::fs;
use std::path::{Path, PathBuf};

use hubdesk_core::RepoPath;
use hubdesk_download::{Error, Into, Outcome, Overwrite, Request, preview, run};
use hubdesk_standin::{RepoSeed, StandIn};

use crate::world::{LARGE, World, everything, large, seed};

pub(crate) fn folder(world: &World) -> PathBuf {
    world.dir.path().join("mine")
}

pub(crate) fn into(world: &World) -> Request {
    Request {
        into: Into::Folder(folder(world)),
        ..everything()
    }
}

fn replacing(world: &World) -> Request {
    Request {
        overwrite: Overwrite::Yes,
        ..into(world)
    }
}

fn seed_of_two() -> RepoSeed {
    RepoSeed::model("org/m")
        .file("config.json", "{}")
        .file("dir/a.txt", "old")
        .large("w.bin", large())
}

pub(crate) async fn world(repo: RepoSeed) -> World {
    World::start(StandIn::builder().repo(repo)).await
}

/// What is in the folder, without its books.
pub(crate) fn visible(folder: &Path) -> Vec<String> {
    let mut folders = vec![folder.to_owned()];
    let mut names = Vec::new();
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true if path.ends_with(".cache") => {}
                true => folders.push(path),
                false => {
                    let name = path.strip_prefix(folder).unwrap();
                    names.push(name.to_str().unwrap().to_owned());
                }
            }
        }
    }
    names.sort();
    names
}

pub(crate) fn sent(world: &World) -> u64 {
    let records = world.hub.log().records();
    let is_content = |record: &&hubdesk_standin::Record| {
        !record.path.starts_with("/api/") && matches!(record.status, 200 | 206)
    };
    records
        .iter()
        .filter(is_content)
        .map(|record| record.body_bytes)
        .sum()
}

pub(crate) fn partials(world: &World) -> Vec<String> {
    let downloads = folder(world).join(".cache/huggingface/download");
    let names = fs::read_dir(downloads).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.ends_with(".incomplete")).collect()
}

#[tokio::test]
async fn files_lie_under_their_names_with_a_note_each_and_the_cache_is_not_touched() {
    let world = world(seed_of_two()).await;
    let snapshot = world.run(&into(&world)).await.unwrap();
    let folder = folder(&world);
    assert_eq!(snapshot.folder, folder);
    assert_eq!(visible(&folder), ["config.json", "dir/a.txt", "w.bin"]);
    assert_eq!(
        fs::read(folder.join("w.bin")).unwrap(),
        large().read(0, LARGE)
    );
    assert!(!folder.join("w.bin").is_symlink());
    let books = folder.join(".cache/huggingface");
    assert_eq!(fs::read_to_string(books.join(".gitignore")).unwrap(), "*");
    assert_eq!(fs::metadata(books.join("CACHEDIR.TAG")).unwrap().len(), 191);
    let note = fs::read_to_string(books.join("download/dir/a.txt.metadata")).unwrap();
    let lines: Vec<&str> = note.lines().collect();
    assert_eq!(lines[0], snapshot.commit.as_str());
    assert_eq!(lines[1], hubdesk_core::Digest::git_blob(b"old").to_string());
    assert!(lines[2].parse::<f64>().unwrap() > 1.6e9);
    assert_eq!(partials(&world), Vec::<String>::new());
    assert!(!world.parts.cache.root().try_exists().unwrap());
}

#[tokio::test]
async fn a_second_run_fetches_nothing_and_needs_no_listing() {
    let world = world(seed_of_two()).await;
    world.run(&into(&world)).await.unwrap();
    world.hub.log().clear();
    let mut world = world;
    world.new_start();
    world.run(&into(&world)).await.unwrap();
    assert_eq!(sent(&world), 0);
    let records = world.hub.log().records();
    assert!(records.iter().all(|record| !record.path.contains("/tree/")));
}

#[tokio::test]
async fn of_a_new_commit_only_what_changed_is_fetched_and_all_notes_name_it() {
    let repo = seed_of_two().commit("next").file("dir/a.txt", "newer");
    let world = world(repo).await;
    let commits = {
        let old = Request {
            revision: "main".parse().unwrap(),
            ..into(&world)
        };
        world.run(&old).await.unwrap()
    };
    // The folder as it was at an earlier commit, whose content the Hub had then.
    let folder = folder(&world);
    let book = folder.join(".cache/huggingface/download/dir/a.txt.metadata");
    fs::write(folder.join("dir/a.txt"), "old").unwrap();
    let old = hubdesk_core::Digest::git_blob(b"old");
    let long_after = "99999999999.0";
    fs::write(&book, format!("{}\n{old}\n{long_after}\n", "b".repeat(40))).unwrap();
    let before = sent(&world);
    world.run(&into(&world)).await.unwrap();
    assert_eq!(sent(&world) - before, 5);
    assert_eq!(
        fs::read_to_string(folder.join("dir/a.txt")).unwrap(),
        "newer"
    );
    assert!(
        fs::read_to_string(book)
            .unwrap()
            .starts_with(commits.commit.as_str())
    );
}

#[tokio::test]
async fn a_file_of_a_persons_own_stays_and_nothing_is_fetched() {
    let world = world(seed_of_two()).await;
    let folder = folder(&world);
    fs::create_dir_all(folder.join("dir")).unwrap();
    fs::write(folder.join("dir/a.txt"), "mine").unwrap();
    match world.run(&into(&world)).await {
        Err(Error::Conflict { files, count, .. }) => {
            assert_eq!((files, count), (vec![folder.join("dir/a.txt")], 1));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(sent(&world), 0);
    assert_eq!(visible(&folder), ["dir/a.txt"]);
    let plan = preview(&into(&world), &world.parts).await.unwrap();
    assert_eq!(plan.conflicts, [RepoPath::new("dir/a.txt").unwrap()]);
    world.run(&replacing(&world)).await.unwrap();
    assert_eq!(fs::read_to_string(folder.join("dir/a.txt")).unwrap(), "old");
}

#[tokio::test]
async fn a_changed_file_stays_and_one_that_was_only_touched_does_not_count_as_changed() {
    let world = world(seed_of_two()).await;
    world.run(&into(&world)).await.unwrap();
    let folder = folder(&world);
    let later = |name: &str| {
        let file = fs::File::options()
            .write(true)
            .open(folder.join(name))
            .unwrap();
        let time = file.metadata().unwrap().modified().unwrap();
        file.set_modified(time + std::time::Duration::from_secs(60))
            .unwrap();
    };
    later("w.bin");
    later("config.json");
    let before = sent(&world);
    world.run(&into(&world)).await.unwrap();
    assert_eq!(
        sent(&world),
        before,
        "the same content is not fetched again"
    );
    // The same length, so that only time and content can tell.
    fs::write(folder.join("dir/a.txt"), "odl").unwrap();
    later("dir/a.txt");
    let refused = world.run(&into(&world)).await;
    assert!(
        matches!(refused, Err(Error::Conflict { .. })),
        "{refused:?}"
    );
    assert_eq!(fs::read_to_string(folder.join("dir/a.txt")).unwrap(), "odl");
}

#[tokio::test]
async fn a_file_that_is_there_already_without_a_note_is_taken_over() {
    let world = world(seed_of_two()).await;
    let folder = folder(&world);
    fs::create_dir_all(folder.join("dir")).unwrap();
    fs::write(folder.join("dir/a.txt"), "old").unwrap();
    fs::write(folder.join("w.bin"), large().read(0, LARGE)).unwrap();
    let plan = preview(&into(&world), &world.parts).await.unwrap();
    assert_eq!((plan.bytes_to_fetch, plan.conflicts.len()), (2, 0));
    world.run(&into(&world)).await.unwrap();
    assert_eq!(sent(&world), 2);
    assert!(
        folder
            .join(".cache/huggingface/download/w.bin.metadata")
            .is_file()
    );
}

#[tokio::test]
async fn a_folder_in_the_way_is_never_replaced() {
    let world = world(seed_of_two()).await;
    let inside = folder(&world).join("w.bin");
    fs::create_dir_all(&inside).unwrap();
    fs::write(inside.join("mine"), "mine").unwrap();
    for request in [into(&world), replacing(&world)] {
        let refused = world.run(&request).await;
        assert!(
            matches!(refused, Err(Error::Conflict { .. })),
            "{refused:?}"
        );
    }
    assert!(inside.join("mine").is_file());
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_that_leads_out_is_not_written_through() {
    let world = world(seed_of_two()).await;
    let (folder, outside) = (folder(&world), world.dir.path().join("outside"));
    fs::create_dir_all(&folder).unwrap();
    fs::create_dir_all(&outside).unwrap();
    std::os::unix::fs::symlink(&outside, folder.join("dir")).unwrap();
    let refused = world.run(&replacing(&world)).await;
    let source = match refused {
        Err(Error::Cache { source, .. }) => source,
        other => panic!("{other:?}"),
    };
    assert!(matches!(source, hubdesk_cache::Error::LeadsOut { .. }));
    assert_eq!(visible(&outside), Vec::<String>::new());
    // Neither is a link in a file's own place: it gives way.
    fs::remove_file(folder.join("dir")).unwrap();
    let target = outside.join("precious");
    fs::write(&target, "precious").unwrap();
    std::os::unix::fs::symlink(&target, folder.join("config.json")).unwrap();
    let refused = world.run(&into(&world)).await;
    assert!(
        matches!(refused, Err(Error::Conflict { .. })),
        "{refused:?}"
    );
    world.run(&replacing(&world)).await.unwrap();
    assert_eq!(fs::read_to_string(target).unwrap(), "precious");
    assert!(!folder.join("config.json").is_symlink());
}

#[cfg(unix)]
#[tokio::test]
async fn books_behind_a_link_that_leads_out_are_refused() {
    let world = world(seed_of_two()).await;
    let (folder, outside) = (folder(&world), world.dir.path().join("outside"));
    fs::create_dir_all(&folder).unwrap();
    fs::create_dir_all(&outside).unwrap();
    std::os::unix::fs::symlink(&outside, folder.join(".cache")).unwrap();
    assert!(world.run(&into(&world)).await.is_err());
    assert_eq!(visible(&outside), Vec::<String>::new());
}

#[tokio::test]
async fn content_that_the_cache_has_is_copied_and_may_be_edited() {
    let world = world(seed_of_two()).await;
    world.run(&everything()).await.unwrap();
    let before = sent(&world);
    let plan = preview(&into(&world), &world.parts).await.unwrap();
    assert_eq!((plan.bytes_to_fetch, plan.requests), (0, 0));
    assert_eq!(plan.bytes_needed, LARGE + 2 + 3);
    world.run(&into(&world)).await.unwrap();
    assert_eq!(sent(&world), before);
    let mine = folder(&world).join("dir/a.txt");
    fs::write(&mine, "edited").unwrap();
    let kept = world
        .visible()
        .into_iter()
        .find(|path| path.ends_with("dir/a.txt"));
    assert_eq!(fs::read_to_string(kept.unwrap()).unwrap(), "old");
}

#[tokio::test]
async fn equal_files_are_fetched_once_and_are_files_of_their_own() {
    let repo = RepoSeed::model("org/m")
        .large("a.bin", large())
        .large("b/b.bin", large())
        .file("x", "")
        .file("y/__init__.py", "");
    let world = world(repo).await;
    world.run(&into(&world)).await.unwrap();
    assert_eq!(sent(&world), LARGE);
    let folder = folder(&world);
    assert_eq!(visible(&folder), ["a.bin", "b/b.bin", "x", "y/__init__.py"]);
    assert_eq!(
        fs::read(folder.join("b/b.bin")).unwrap(),
        large().read(0, LARGE)
    );
    fs::write(folder.join("a.bin"), "edited").unwrap();
    assert_eq!(fs::metadata(folder.join("b/b.bin")).unwrap().len(), LARGE);
    assert_eq!(partials(&world), Vec::<String>::new());
}

#[tokio::test]
async fn a_run_that_was_stopped_goes_on_where_it_was() {
    let builder = StandIn::builder().repo(seed()).bandwidth(8 << 20);
    let mut world = World::start(builder).await;
    let request = into(&world);
    let stop = async |ctx: &hubdesk_download::Ctx| ctx.cancel.cancel();
    let end = world.run_with(&request, LARGE / 2, stop).await.unwrap();
    assert!(matches!(end, Outcome::Cancelled));
    assert!(
        !folder(&world).join("w.bin").is_file(),
        "nothing half done is seen"
    );
    world.new_start();
    let plan = preview(&request, &world.parts).await.unwrap();
    assert!(
        plan.bytes_to_fetch <= LARGE / 2 + 2,
        "{}",
        plan.bytes_to_fetch
    );
    world.run(&request).await.unwrap();
    assert_eq!(
        fs::read(folder(&world).join("w.bin")).unwrap(),
        large().read(0, LARGE)
    );
    let twice = sent(&world).saturating_sub(LARGE + 2);
    assert!(twice <= 1 << 20, "{twice} bytes were fetched twice");
}

#[tokio::test]
async fn wrong_bytes_never_appear_in_a_folder() {
    use hubdesk_standin::{Effect, Fault, Route};
    let fault = Fault::on(Route::Storage, Effect::Flip { at: 1000 });
    let world = World::start(StandIn::builder().repo(seed()).fault(fault)).await;
    let refused = world.run(&into(&world)).await;
    assert!(matches!(refused, Err(Error::Corrupt { .. })), "{refused:?}");
    assert!(!folder(&world).join("w.bin").is_file());
}

#[tokio::test]
async fn files_that_would_lie_among_the_books_are_left_out() {
    let note = ".cache/huggingface/download/config.json.metadata";
    let repo = RepoSeed::model("org/m")
        .file("config.json", "{}")
        .raw_entry(note, "forged");
    let world = world(repo).await;
    let snapshot = world.run(&into(&world)).await.unwrap();
    assert_eq!(snapshot.files, [RepoPath::new("config.json").unwrap()]);
    let kept = fs::read_to_string(folder(&world).join(note)).unwrap();
    assert!(kept.starts_with(snapshot.commit.as_str()));
}

#[tokio::test]
async fn force_fetches_again_what_is_the_hubs_and_leaves_what_is_not() {
    let world = world(seed_of_two()).await;
    world.run(&into(&world)).await.unwrap();
    let before = sent(&world);
    let forced = Request {
        force: true,
        ..into(&world)
    };
    world.run(&forced).await.unwrap();
    assert_eq!(sent(&world), 2 * before);
    fs::write(folder(&world).join("config.json"), "my own").unwrap();
    let refused = world.run(&forced).await;
    assert!(
        matches!(refused, Err(Error::Conflict { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_file_that_a_person_makes_while_it_is_fetched_stays() {
    let builder = StandIn::builder().repo(seed()).bandwidth(8 << 20);
    let world = World::start(builder).await;
    let mine = folder(&world).join("w.bin");
    let write = async |_: &hubdesk_download::Ctx| fs::write(&mine, "mine").unwrap();
    let end = world.run_with(&into(&world), LARGE / 2, write).await;
    assert!(matches!(end, Err(Error::Conflict { .. })), "{end:?}");
    assert_eq!(fs::read_to_string(&mine).unwrap(), "mine");
}

#[tokio::test]
async fn a_folder_that_goes_away_on_the_way_is_not_made_anew() {
    let builder = StandIn::builder().repo(seed()).bandwidth(8 << 20);
    let world = World::start(builder).await;
    let folder = folder(&world);
    let elsewhere = world.dir.path().join("elsewhere");
    let remove = async |_: &hubdesk_download::Ctx| fs::rename(&folder, &elsewhere).unwrap();
    match world.run_with(&into(&world), LARGE / 2, remove).await {
        Err(Error::Cache { source, .. }) => {
            assert!(
                matches!(source, hubdesk_cache::Error::Gone { .. }),
                "{source:?}"
            );
        }
        other => panic!("{other:?}"),
    }
    assert!(!folder.try_exists().unwrap());
    fs::rename(&elsewhere, &folder).unwrap();
    let plan = preview(&into(&world), &world.parts).await.unwrap();
    assert!(
        plan.bytes_to_fetch < LARGE,
        "what had arrived is still there"
    );
}

#[tokio::test]
async fn two_runs_into_one_folder_fetch_each_byte_once() {
    let world = world(seed_of_two()).await;
    let (request, ctx) = (into(&world), hubdesk_download::Ctx::default);
    let (one, other) = (ctx(), ctx());
    let (one, other) = tokio::join!(
        run(&request, &world.parts, &one),
        run(&request, &world.parts, &other)
    );
    assert!(one.is_ok() && other.is_ok());
    assert_eq!(sent(&world), LARGE + 2 + 3);
    assert_eq!(visible(&folder(&world)).len(), 3);
}
