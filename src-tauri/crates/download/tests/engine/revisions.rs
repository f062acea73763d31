//! Revisions of every kind, what one costs after another, and answers without the Hub.

use hubdesk_cache::LinkSupport;
use hubdesk_core::{Pattern, Patterns};
use hubdesk_download::{Error, Into, Request, Select, find_local, preview};
use hubdesk_standin::{RepoSeed, StandIn};

use crate::world::{LARGE, World, everything, large, seed};

fn at(revision: &str) -> Request {
    Request {
        revision: revision.parse().unwrap(),
        ..everything()
    }
}

/// Two commits that share the large file; the old one has a tag, and a pull request adds a file.
fn history() -> RepoSeed {
    RepoSeed::model("org/m")
        .file("config.json", "{}")
        .file("gone.txt", "gone")
        .large("w.bin", large())
        .tag("v1")
        .commit("second")
        .file("config.json", "{\"two\": 2}")
        .remove("gone.txt")
        .pull_request(1)
        .file("proposed.txt", "proposed")
}

fn content_requests(world: &World) -> (usize, u64) {
    let records = world.hub.log().records();
    let is_content = |record: &&hubdesk_standin::Record| {
        !record.path.starts_with("/api/") && matches!(record.status, 200 | 206)
    };
    let content: Vec<_> = records.iter().filter(is_content).collect();
    let bytes = content.iter().map(|record| record.body_bytes).sum();
    (content.len(), bytes)
}

#[tokio::test]
async fn a_branch_a_tag_a_commit_and_a_pull_request_are_all_revisions() {
    let world = World::start(StandIn::builder().repo(history())).await;
    let mut names = Vec::new();
    for (revision, files) in [("main", 2), ("v1", 3), ("refs/pr/1", 3)] {
        let snapshot = world.run(&at(revision)).await.unwrap();
        assert_eq!(snapshot.files.len(), files, "{revision}");
        names.push(snapshot.commit.to_string());
    }
    let by_commit = world.run(&at(&names[1])).await.unwrap();
    assert_eq!(by_commit.files.len(), 3);
    names.dedup();
    assert_eq!(names.len(), 3);
}

#[tokio::test]
async fn an_update_fetches_what_changed_and_links_the_rest() {
    for links in [LinkSupport::Probe, LinkSupport::Never] {
        let world = World::with_links(StandIn::builder().repo(history()), links).await;
        world.run(&at("v1")).await.unwrap();
        world.hub.log().clear();
        let plan = preview(&at("main"), &world.parts).await.unwrap();
        assert_eq!((plan.bytes_to_fetch, plan.requests), (10, 1), "{links:?}");
        let snapshot = world.run(&at("main")).await.unwrap();
        assert_eq!(content_requests(&world), (1, 10), "{links:?}");
        let all = world.hub.log().records().len();
        assert!(all <= 5, "{all} requests");
        let new = std::fs::read(snapshot.folder.join("w.bin")).unwrap();
        assert_eq!(new, large().read(0, LARGE));
    }
}

#[tokio::test]
async fn the_plan_counts_what_a_run_then_asks() {
    let world = World::start(StandIn::builder().repo(history())).await;
    let plan = preview(&everything(), &world.parts).await.unwrap();
    world.run(&everything()).await.unwrap();
    let (requests, bytes) = content_requests(&world);
    assert_eq!(
        (plan.requests, plan.bytes_to_fetch),
        (requests as u64, bytes)
    );
    assert_eq!(plan.bytes_needed, bytes);
    assert!(
        world
            .dir
            .path()
            .canonicalize()
            .unwrap()
            .starts_with(plan.volume)
    );
}

#[tokio::test]
async fn local_files_are_an_answer_when_all_that_is_wanted_is_there() {
    let world = World::start(StandIn::builder().repo(history())).await;
    let cache = &world.parts.cache;
    let nothing = find_local(&everything(), cache);
    assert!(matches!(nothing, Err(Error::NotHere { .. })), "{nothing:?}");
    let part = Request {
        select: Select::Matching(Patterns {
            include: Some(vec![Pattern::new("*.json").unwrap()]),
            exclude: vec![],
        }),
        ..everything()
    };
    let fetched = world.run(&part).await.unwrap();
    world.hub.log().clear();
    assert_eq!(find_local(&part, cache).unwrap(), fetched);
    match find_local(&everything(), cache) {
        Err(Error::Incomplete { files, count, .. }) => {
            assert_eq!((files, count), (vec!["w.bin".to_owned()], 1));
        }
        other => panic!("{other:?}"),
    }
    let one = |name: &str| Request {
        select: Select::Files(vec![name.to_owned()]),
        ..everything()
    };
    assert!(find_local(&one("config.json"), cache).is_ok());
    assert!(matches!(
        find_local(&one("w.bin"), cache),
        Err(Error::NotHere { .. })
    ));
    assert!(world.hub.log().records().is_empty());
}

#[tokio::test]
async fn a_folder_answers_for_itself() {
    let world = World::start(StandIn::builder().repo(seed())).await;
    let request = Request {
        into: Into::Folder(world.dir.path().join("mine")),
        ..everything()
    };
    let cache = &world.parts.cache;
    assert!(find_local(&request, cache).is_err());
    let fetched = world.run(&request).await.unwrap();
    assert_eq!(find_local(&request, cache).unwrap(), fetched);
    std::fs::remove_file(world.dir.path().join("mine/w.bin")).unwrap();
    let partial = find_local(&request, cache);
    assert!(
        matches!(partial, Err(Error::Incomplete { .. })),
        "{partial:?}"
    );
}

#[tokio::test]
async fn a_variant_is_fetched_with_what_it_needs_or_said_to_be_gone() {
    let repo = RepoSeed::model("org/m")
        .file("config.json", "{}")
        .file("README.md", "# m")
        .file("m-Q4_0.gguf", "four")
        .file("m-Q8_0.gguf", "eight");
    let world = World::start(StandIn::builder().repo(repo)).await;
    let variant = |id: &str| Request {
        select: Select::Variant(id.to_owned()),
        ..everything()
    };
    let snapshot = world.run(&variant("gguf:m-Q4_0")).await.unwrap();
    let mut names: Vec<_> = snapshot.files.iter().map(ToString::to_string).collect();
    names.sort();
    assert_eq!(names, ["README.md", "config.json", "m-Q4_0.gguf"]);
    assert_eq!(
        find_local(&variant("gguf:m-Q4_0"), &world.parts.cache)
            .unwrap()
            .files
            .len(),
        3
    );
    match world.run(&variant("gguf:m-Q5_0")).await {
        Err(Error::NoSuchVariant { variant, .. }) => assert_eq!(variant, "gguf:m-Q5_0"),
        other => panic!("{other:?}"),
    }
}
