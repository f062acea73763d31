//! Who goes first, how much at once, and what people see of it.

use hubdesk_app::api::TransferState;

use super::*;

async fn world_of(count: u64) -> World {
    let builder = (0..count).fold(StandIn::builder().bandwidth(4 << 20), |builder, n| {
        let large = Content::random(n, 4 << 20);
        builder.repo(RepoSeed::model(&format!("org/m{n}")).large("w.bin", large))
    });
    World::start(builder).await
}

async fn set_transfers(app: &App, changes: Value) {
    let mut settings = ok(app, "settings", Value::Null).await;
    for (name, value) in changes.as_object().unwrap() {
        settings["transfers"][name] = value.clone();
    }
    ok(app, "save_settings", settings).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_run_at_once_and_the_others_in_the_order_a_person_gives_them() {
    let world = world_of(5).await;
    let app = opened(&world).await;
    set_transfers(&app, json!({ "atOnce": 2 })).await;
    let mut ids = Vec::new();
    for n in 0..5 {
        ids.push(start(&app, &format!("org/m{n}")).await);
    }
    let shown = board(&app).await;
    let states: Vec<_> = shown.transfers.iter().map(|one| one.state).collect();
    use TransferState::{Queued, Running};
    assert_eq!(states, [Running, Running, Queued, Queued, Queued]);
    assert_eq!((shown.status.running, shown.status.queued), (2, 3));

    let last_first = json!({ "id": ids[4], "before": ids[2] });
    ok(&app, "move_transfer", last_first).await;
    let background = json!({ "id": ids[2], "class": "background" });
    ok(&app, "set_transfer_class", background).await;
    let order: Vec<_> = board(&app)
        .await
        .transfers
        .iter()
        .map(|one| json!(one.id))
        .collect();
    assert_eq!(
        order,
        [&ids[0], &ids[1], &ids[4], &ids[3], &ids[2]].map(Value::clone)
    );
    for id in &ids {
        until(&app, id, is("done")).await;
    }
    // What has ended last is the newest of the history.
    assert_eq!(json!(board(&app).await.transfers[0].id), ids[2]);
    ok(&app, "clear_transfers", Value::Null).await;
    assert!(board(&app).await.transfers.is_empty());
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_can_be_paused_and_resumed_at_once() {
    let world = world_of(3).await;
    let app = opened(&world).await;
    let mut ids = Vec::new();
    for n in 0..3 {
        ids.push(start(&app, &format!("org/m{n}")).await);
    }
    ok(&app, "pause_all", Value::Null).await;
    assert!(board(&app).await.is_all_paused);
    ok(&app, "resume_all", Value::Null).await;
    assert!(!board(&app).await.is_all_paused);
    for id in &ids {
        until(&app, id, is("done")).await;
    }
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_holds_at_once_and_a_schedule_at_its_hours() {
    let world = World::start(
        StandIn::builder()
            .repo(RepoSeed::model("org/m").large("w.bin", Content::random(1, 4 << 20))),
    )
    .await;
    let app = opened(&world).await;
    // It is Monday, ten o'clock, in these tests.
    let monday = json!({
        "days": [1], "from": "09:00", "to": "11:00",
        "downloadLimit": 65536, "uploadLimit": null,
    });
    set_transfers(&app, json!({ "schedule": [monday] })).await;
    let id = start(&app, "org/m").await;
    let slow = until(&app, &id, |transfer| {
        transfer["bytesPerSecond"].as_u64() > Some(0)
    })
    .await;
    assert!(slow["bytesPerSecond"].as_u64() < Some(1 << 20), "{slow:#}");
    assert_eq!(slow["state"], "running");
    set_transfers(&app, json!({ "schedule": [] })).await;
    until(&app, &id, is("done")).await;
    let wrong = json!({ "atOnce": 0 });
    let mut settings = ok(&app, "settings", Value::Null).await;
    settings["transfers"]["atOnce"] = wrong["atOnce"].clone();
    assert!(call(&app, "save_settings", settings).await.is_err());
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_files_of_a_transfer_come_in_pages() {
    let repo = (0..25).fold(RepoSeed::model("org/m"), |repo, n| {
        repo.file(&format!("data/{n:02}.txt"), format!("{n}"))
    });
    let world = World::start(StandIn::builder().repo(repo)).await;
    let app = opened(&world).await;
    let id = start(&app, "org/m").await;
    until(&app, &id, is("done")).await;
    let ask =
        |after: u32, state: Value| json!({ "id": id, "after": after, "limit": 10, "state": state });
    let page = ok(&app, "transfer_files", ask(20, Value::Null)).await;
    assert_eq!(page["total"], 25);
    let paths: Vec<_> = page["files"].as_array().unwrap().iter().collect();
    assert_eq!(paths.len(), 5);
    assert_eq!(paths[0]["path"], "data/20.txt");
    assert_eq!(paths[0]["state"], "done");
    assert_eq!(paths[0]["bytesDone"], paths[0]["bytesTotal"]);
    let none = ok(&app, "transfer_files", ask(0, json!("running"))).await;
    assert_eq!(none["total"], 0);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_variant_is_downloaded_with_what_it_needs_and_nothing_else() {
    let repo = RepoSeed::model("org/gguf")
        .file("config.json", "{}")
        .large("m-Q4_K_M.gguf", Content::random(4, 1 << 20))
        .large("m-Q8_0.gguf", Content::random(8, 2 << 20));
    let world = World::start(StandIn::builder().repo(repo)).await;
    let app = opened(&world).await;
    let at = json!({ "repo": { "kind": "model", "name": "org/gguf" }, "revision": "main" });
    let choices = ok(&app, "download_choices", at.clone()).await;
    let first = &choices["variants"][0];
    assert_eq!(
        (&first["name"], &first["group"]),
        (&json!("Q4_K_M"), &json!("gguf"))
    );
    assert_eq!(
        (&first["fits"], &first["isHere"]),
        (&json!("yes"), &json!(false))
    );
    let mut request = download_of("org/gguf", None);
    request["selection"] = json!({ "type": "variant", "id": first["id"] });
    let id = ok(&app, "start_download", request).await;
    let done = until(&app, &id, is("done")).await;
    assert_eq!(done["chosen"]["type"], "variant");
    let folder = Path::new(done["folder"].as_str().unwrap());
    assert!(folder.join("m-Q4_K_M.gguf").is_file());
    assert!(folder.join("config.json").is_file());
    assert!(!folder.join("m-Q8_0.gguf").is_file());
    let choices = ok(&app, "download_choices", at).await;
    assert_eq!(choices["variants"][0]["isHere"], true);
    app.close().await;
}
