//! Listings that are wrong, hostile or empty, and what looking costs.

use hubdesk_core::BadPath;
use hubdesk_download::{Error, Request, Select, list, preview};
use hubdesk_standin::{Effect, Fault, RepoSeed, Route, StandIn};

use crate::world::{World, everything, id, seed};

#[tokio::test]
async fn looking_writes_nothing_and_asks_once() {
    let world = World::start(StandIn::builder().repo(seed())).await;
    let request = everything();
    list(&id(), &request.revision, &world.parts).await.unwrap();
    preview(&request, &world.parts).await.unwrap();
    assert!(
        !world.parts.cache.root().try_exists().unwrap(),
        "the cache was not touched"
    );
    let records = world.hub.log().records();
    let listings = records
        .iter()
        .filter(|record| record.path.contains("/tree/"))
        .count();
    assert_eq!(listings, 1);
}

#[tokio::test]
async fn a_listing_that_was_wrong_once_is_asked_for_anew() {
    let fault = Fault::on(Route::Tree, Effect::ListedSize(1)).times(1);
    let world = World::start(StandIn::builder().repo(seed()).fault(fault)).await;
    list(&id(), &everything().revision, &world.parts)
        .await
        .unwrap();
    world.run(&everything()).await.unwrap();
    assert!(world.has_large() && world.has_ref());
}

#[tokio::test]
async fn a_wrong_listing_in_the_cache_is_replaced() {
    let mut world = World::start(StandIn::builder().repo(seed())).await;
    world.run(&everything()).await.unwrap();
    let trees = world.repo().folder().join("trees");
    let tree = std::fs::read_dir(&trees)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let right = std::fs::read_to_string(&tree).unwrap();
    std::fs::write(&tree, right.replace("\"size\": 2", "\"size\": 3")).unwrap();
    std::fs::remove_dir_all(world.repo().folder().join("snapshots")).unwrap();
    std::fs::remove_dir_all(world.blobs()).unwrap();
    world.new_start();
    world.run(&everything()).await.unwrap();
    assert!(world.has_large());
    assert_eq!(std::fs::read_to_string(&tree).unwrap(), right);
}

#[tokio::test]
async fn an_empty_listing_moves_no_ref() {
    let fault = Fault::on(Route::Tree, Effect::EmptyList).times(1);
    let world = World::start(StandIn::builder().repo(seed()).fault(fault)).await;
    assert_eq!(world.run(&everything()).await.unwrap().files, []);
    assert!(!world.has_ref());
    world.run(&everything()).await.unwrap();
    assert!(
        world.has_large() && world.has_ref(),
        "the next look sees the files"
    );
}

#[tokio::test]
async fn a_file_that_is_also_a_folder_is_refused_before_anything_is_fetched() {
    let repo = RepoSeed::model("org/m")
        .raw_entry("a", "file")
        .raw_entry("a/b", "below it");
    let world = World::start(StandIn::builder().repo(repo)).await;
    match world.run(&everything()).await {
        Err(Error::BadListing { path, what, .. }) => {
            assert_eq!(
                (path.as_str(), what),
                ("a/b", "lies in a folder that is a file")
            );
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(world.visible(), Vec::<std::path::PathBuf>::new());
}

#[tokio::test]
async fn a_path_too_long_for_this_system_is_refused_before_anything_is_fetched() {
    let name = ["folder"; 620].join("/");
    let repo = RepoSeed::model("org/m").raw_entry(&name, "x");
    let world = World::start(StandIn::builder().repo(repo)).await;
    let refused = world.run(&everything()).await;
    assert!(
        matches!(
            refused,
            Err(Error::BadName {
                why: BadPath::TooLong,
                ..
            })
        ),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_named_file_that_does_not_exist_is_an_error_and_is_noted_beside_a_snapshot() {
    let world = World::start(StandIn::builder().repo(seed())).await;
    let snapshot = world.run(&everything()).await.unwrap();
    let request = Request {
        select: Select::Files(vec!["nope.json".to_owned()]),
        ..everything()
    };
    assert!(matches!(
        world.run(&request).await,
        Err(Error::NoSuchFile { .. })
    ));
    let mark = world
        .repo()
        .folder()
        .join(".no_exist")
        .join(snapshot.commit.as_str());
    assert!(mark.join("nope.json").is_file());
}

#[tokio::test]
async fn a_few_names_do_not_cost_the_whole_listing() {
    let world = World::start(StandIn::builder().repo(seed())).await;
    let names = vec!["config.json".to_owned(), "config.json".to_owned()];
    let request = Request {
        select: Select::Files(names),
        ..everything()
    };
    assert_eq!(
        world.run(&request).await.unwrap().files.len(),
        1,
        "twice the same is once"
    );
    let records = world.hub.log().records();
    assert!(records.iter().all(|record| !record.path.contains("/tree/")));
}
