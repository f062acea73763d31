//! What is in the way of a transfer, and how it goes on.

use std::sync::Arc;
use std::time::Duration;

use hubdesk_core::ManualClock;
use hubdesk_standin::{Effect, Fault, Route};

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_waits_for_the_network_and_goes_on_when_it_is_back() {
    let repo = || RepoSeed::model("org/m").large("w.bin", Content::random(7, SIZE));
    let mut world = slow_world().await;
    let port = world
        .hub
        .endpoint()
        .rsplit(':')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    let app = opened(&world).await;
    let id = start(&app, "org/m").await;
    until(&app, &id, has_some).await;
    world.lose_hub().await;
    let waits = until(&app, &id, is_settled).await;
    assert_eq!(waits["state"], "waiting", "{waits:#}");
    assert_eq!(waits["error"]["code"], "offline");
    assert!(waits["waitingFor"].is_string());
    let back = StandIn::builder()
        .repo(repo())
        .port(port)
        .start()
        .await
        .unwrap();
    until(&app, &id, is("done")).await;
    app.close().await;
    back.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_needs_a_person_who_is_told() {
    let fault = Fault::on(Route::Tree, Effect::ListedSize(1 << 50));
    let repo = RepoSeed::model("org/m").large("w.bin", Content::random(7, 1 << 20));
    let world = World::start(StandIn::builder().repo(repo).fault(fault)).await;
    let app = opened(&world).await;
    let id = start(&app, "org/m").await;
    let blocked = end_of(&app, &id).await;
    assert_eq!(
        (&blocked["state"], &blocked["blocked"]),
        (&json!("blocked"), &json!("noSpace"))
    );
    assert_eq!(board(&app).await.status.needs_you, 1);
    hubdesk_tests::until_so("a person is told", || !world.opened.notices().is_empty()).await;
    assert_eq!(
        world.opened.notices(),
        ["A download needs you: org/m: make room."]
    );
    // How much it needs is known at the next start, too.
    app.close().await;
    drop(app);
    let app = world.app();
    let again = until(&app, &id, |_| true).await;
    assert_eq!(again["error"]["code"], "noSpace", "{again:#}");
    let message = again["error"]["message"].as_str().unwrap();
    assert!(message.ends_with(" PB are needed."), "{message}");
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_goes_away_is_waited_for() {
    let world = slow_world().await;
    let app = opened(&world).await;
    let disk = world.home().join("disk");
    std::fs::create_dir_all(&disk).unwrap();
    let id = start_into(&world, &app, "org/m", &disk).await;
    let running = until(&app, &id, has_some).await;
    assert_eq!(running["into"], json!({ "type": "folder", "path": disk }));
    let away = world.home().join("away");
    std::fs::rename(&disk, &away).unwrap();
    let gone = until(&app, &id, is_settled).await;
    assert_eq!(gone["blocked"], "volumeGone", "{gone:#}");
    std::fs::rename(&away, &disk).unwrap();
    ok(&app, "retry_transfer", json!({ "id": id })).await;
    until(&app, &id, is("done")).await;
    assert_eq!(std::fs::metadata(disk.join("w.bin")).unwrap().len(), SIZE);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_persons_own_file_is_replaced_only_when_they_say_so() {
    let repo = RepoSeed::model("org/m").file("a.txt", "the Hub's");
    let world = World::start(StandIn::builder().repo(repo)).await;
    let app = opened(&world).await;
    let folder = world.home().join("mine");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("a.txt"), "mine").unwrap();
    let id = start_into(&world, &app, "org/m", &folder).await;
    let blocked = end_of(&app, &id).await;
    assert_eq!(blocked["blocked"], "conflict", "{blocked:#}");
    assert_eq!(
        std::fs::read_to_string(folder.join("a.txt")).unwrap(),
        "mine"
    );

    ok(&app, "overwrite_transfer", json!({ "id": id })).await;
    until(&app, &id, is("done")).await;
    assert_eq!(
        std::fs::read_to_string(folder.join("a.txt")).unwrap(),
        "the Hub's"
    );
    assert_eq!(board(&app).await.transfers.len(), 1, "it is the same one");
    let choices = ok(
        &app,
        "download_choices",
        json!({ "repo": { "kind": "model", "name": "org/m" }, "revision": "main" }),
    )
    .await;
    assert_eq!(choices["folders"][0]["path"], json!(folder));
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_that_a_page_made_up_is_no_folder() {
    let world = slow_world().await;
    let app = opened(&world).await;
    let mut request = download_of("org/m", None);
    request["into"] = json!({ "type": "folder", "folder": world.home() });
    let error = call(&app, "start_download", request).await.unwrap_err();
    assert_eq!(error.message, "That folder was not chosen here.");
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_that_is_in_somebodys_way_goes_to_another_folder_and_keeps_their_files() {
    let repo = RepoSeed::model("org/m").file("a.txt", "the Hub's");
    let world = World::start(StandIn::builder().repo(repo)).await;
    let app = opened(&world).await;
    let (mine, other) = (world.home().join("mine"), world.home().join("other"));
    for folder in [&mine, &other] {
        std::fs::create_dir_all(folder).unwrap();
    }
    std::fs::write(mine.join("a.txt"), "mine").unwrap();
    let id = start_into(&world, &app, "org/m", &mine).await;
    assert_eq!(end_of(&app, &id).await["blocked"], "conflict");

    let made_up = json!({ "id": id, "folder": other });
    let error = call(&app, "redirect_transfer", made_up).await.unwrap_err();
    assert_eq!(error.message, "That folder was not chosen here.");
    world.opened.picks(&other);
    let picked = ok(&app, "pick_folder", Value::Null).await;
    let redirect = json!({ "id": id, "folder": picked["id"] });
    ok(&app, "redirect_transfer", redirect.clone()).await;
    let done = until(&app, &id, is("done")).await;
    assert_eq!(done["into"], json!({ "type": "folder", "path": other }));
    let read = |folder: &Path| std::fs::read_to_string(folder.join("a.txt")).unwrap();
    assert_eq!((&*read(&mine), &*read(&other)), ("mine", "the Hub's"));
    assert!(
        call(&app, "redirect_transfer", redirect).await.is_err(),
        "it is done"
    );
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_be_replaced_in_one_folder_may_not_in_another() {
    let repo = RepoSeed::model("org/m").file("a.txt", "the Hub's");
    let fault = Fault::on(Route::Resolve, Effect::status(404));
    let world = World::start(StandIn::builder().repo(repo).fault(fault)).await;
    let app = opened(&world).await;
    let (first, mine) = (world.home().join("first"), world.home().join("mine"));
    for folder in [&first, &mine] {
        std::fs::create_dir_all(folder).unwrap();
        std::fs::write(folder.join("a.txt"), "mine").unwrap();
    }
    let id = start_into(&world, &app, "org/m", &first).await;
    assert_eq!(end_of(&app, &id).await["blocked"], "conflict");
    ok(&app, "overwrite_transfer", json!({ "id": id })).await;
    until(&app, &id, is("failed")).await;
    world.opened.picks(&mine);
    let picked = ok(&app, "pick_folder", Value::Null).await;
    let redirect = json!({ "id": id, "folder": picked["id"] });
    ok(&app, "redirect_transfer", redirect).await;
    let blocked = until(&app, &id, is("blocked")).await;
    assert_eq!(blocked["blocked"], "conflict", "{blocked:#}");
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_machine_has_slept_a_transfer_begins_again_over_new_connections() {
    let repo = RepoSeed::model("org/m").large("w.bin", Content::random(7, SIZE));
    let hub = StandIn::builder().repo(repo).bandwidth(256 << 10);
    let world = World::start(hub).await;
    let clock = Arc::new(ManualClock::default());
    let app = world.app_at(
        ("HF_HUB_CACHE", world.cache().to_str().unwrap()),
        clock.clone(),
    );
    ok(&app, "open_hub", json!({ "endpoint": null })).await;
    let id = start(&app, "org/m").await;
    until(&app, &id, |transfer| {
        transfer["bytesDone"].as_u64() > Some(0)
    })
    .await;
    // Each run asks first which commit is meant, and only then.
    let runs = || {
        let records = world.hub.log().records();
        records
            .iter()
            .filter(|one| one.path.contains("/revision/"))
            .count()
    };
    let before = runs();
    hubdesk_tests::until_so("it begins again", || {
        clock.advance(Duration::from_secs(60));
        runs() > before
    })
    .await;
    let running = until(&app, &id, is("running")).await;
    assert_eq!(running["error"], Value::Null);
    app.close().await;
}
