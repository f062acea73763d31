//! The first five minutes: the demo Hub, a repository, its card and files, a download.

use hubdesk_standin::{Content, Effect, Fault, RepoSeed, Route, StandIn};
use hubdesk_tests::{
    World, call, download, download_of, end_of, is_settled, ok, plan_of, status, until,
};
use serde_json::{Value, json};

#[tokio::test]
async fn a_person_without_network_or_account_finds_a_demo_file_in_the_cache() {
    let world = World::start(StandIn::builder()).await;
    let app = world.app();
    assert_eq!(ok(&app, "session", Value::Null).await["stage"], "welcome");

    let session = ok(&app, "open_demo", Value::Null).await;
    assert_eq!(
        (&session["stage"], &session["isDemo"]),
        (&json!("open"), &json!(true))
    );

    let page = ok(
        &app,
        "repo_list",
        json!({ "kind": "model", "search": "", "cursor": null }),
    )
    .await;
    let repo = page["repos"][0]["repo"].clone();
    let at = json!({ "repo": repo, "revision": "main" });
    let overview = ok(&app, "repo_overview", at.clone()).await;
    assert_eq!(overview["commit"].as_str().map(str::len), Some(40));
    let card = ok(&app, "repo_card", at.clone()).await;
    assert!(card["html"].as_str().unwrap().contains("<h2>"), "{card}");
    assert!(!card["facts"].as_array().unwrap().is_empty());
    let files = ok(&app, "repo_files", at).await;
    let first = files["files"][0]["path"].clone();
    assert_eq!(files["files"][0]["isHere"], false);

    let name = repo["name"].as_str().unwrap();
    let paths = [first.as_str().unwrap()];
    let ask = plan_of(name, Some(&paths));
    let plan = ok(&app, "plan_download", ask.clone()).await;
    assert_eq!((&plan["files"], &plan["filesHere"]), (&json!(1), &json!(0)));
    let id = ok(&app, "start_download", download_of(name, Some(&paths))).await;
    let done = end_of(&app, &id).await;
    assert_eq!(done["state"], "done", "{done:#}");
    assert_eq!(done["bytesDone"], plan["bytes"]);
    let folder = std::path::Path::new(done["folder"].as_str().unwrap());
    assert!(folder.starts_with(world.cache()));
    assert!(folder.join(first.as_str().unwrap()).is_file());

    ok(&app, "show_folder", json!({ "id": id })).await;
    assert_eq!(world.opened.all(), [done["folder"].as_str().unwrap()]);
    let plan = ok(&app, "plan_download", ask).await;
    assert_eq!(
        (&plan["filesHere"], &plan["bytesToFetch"]),
        (&json!(1), &json!(0))
    );
    app.close().await;
}

#[tokio::test]
async fn a_download_can_be_cancelled_and_goes_on_where_it_stopped() {
    let size: u64 = 24 << 20;
    let repo = RepoSeed::model("org/m").large("w.bin", Content::random(7, size));
    let world = World::start(StandIn::builder().repo(repo).bandwidth(40 << 20)).await;
    let app = world.app();
    ok(&app, "open_hub", json!({ "endpoint": null })).await;
    let request = download_of("org/m", None);
    let id = ok(&app, "start_download", request).await;
    until(&app, &id, |transfer| {
        transfer["bytesDone"].as_u64() > Some(8 << 20)
    })
    .await;
    ok(&app, "cancel_transfer", json!({ "id": id })).await;
    assert_eq!(end_of(&app, &id).await["state"], "cancelled");
    assert_eq!(world.visible_files(), Vec::<std::path::PathBuf>::new());

    let before = world.hub.log().body_bytes_of("w.bin");
    ok(&app, "retry_transfer", json!({ "id": id })).await;
    let done = end_of(&app, &id).await;
    assert_eq!(done["state"], "done", "{done:#}");
    let sent = world.hub.log().body_bytes();
    assert!(
        sent < size + (8 << 20),
        "{sent} bytes for {size}; {before} before the stop"
    );
    app.close().await;
}

#[tokio::test]
async fn a_bar_never_goes_backwards() {
    // Nothing that had arrived of a small file counts when it is cut: its bytes are taken back. On
    // this line that is between two looks, with much seen before and little after.
    let repo = RepoSeed::model("org/m").file("a.bin", "x".repeat(200 << 10));
    let cut = Fault::on(Route::Resolve, Effect::Cut { after: 150 << 10 }).times(1);
    let builder = StandIn::builder()
        .repo(repo)
        .bandwidth(512 << 10)
        .fault(cut);
    let world = World::start(builder).await;
    let app = world.app();
    ok(&app, "open_hub", json!({ "endpoint": null })).await;
    let request = download_of("org/m", None);
    let id = ok(&app, "start_download", request).await;
    let seen = std::cell::Cell::new(0);
    let end = until(&app, &id, |transfer| {
        let done = transfer["bytesDone"].as_u64().unwrap();
        assert!(done >= seen.get(), "{done} after {}", seen.get());
        seen.set(done);
        is_settled(transfer)
    })
    .await;
    assert_eq!(end["state"], "done", "{end:#}");
    app.close().await;
}

#[tokio::test]
async fn the_folder_of_a_stopped_download_is_shown_if_it_is_there() {
    let repo = RepoSeed::model("org/m").large("w.bin", Content::random(7, 24 << 20));
    let world = World::start(StandIn::builder().repo(repo).bandwidth(20 << 20)).await;
    let app = world.app();
    ok(&app, "open_hub", json!({ "endpoint": null })).await;
    let request = download_of("org/m", None);
    let id = ok(&app, "start_download", request).await;
    until(&app, &id, |transfer| {
        transfer["bytesDone"].as_u64() > Some(0)
    })
    .await;
    ok(&app, "cancel_transfer", json!({ "id": id })).await;
    let stopped = end_of(&app, &id).await;
    assert_eq!(stopped["state"], "cancelled");
    assert_ne!(stopped["stage"], "waiting");
    let folder = std::path::Path::new(stopped["folder"].as_str().unwrap());

    if folder.is_dir() {
        std::fs::remove_dir_all(folder).unwrap();
    }
    let error = call(&app, "show_folder", json!({ "id": id })).await;
    assert_eq!(
        error.unwrap_err().message,
        "There is no file of it on this computer."
    );
    std::fs::create_dir_all(folder).unwrap();
    ok(&app, "show_folder", json!({ "id": id })).await;
    assert_eq!(world.opened.all(), [stopped["folder"].as_str().unwrap()]);
    app.close().await;
}

#[tokio::test]
async fn what_was_asked_last_holds_however_long_the_answer_before_takes() {
    let world = World::start(StandIn::builder()).await;
    let app = world.app();
    // The demo Hub has to be started first, and is asked something.
    let slow = ok(&app, "open_demo", Value::Null);
    let quick = ok(&app, "close_hub", Value::Null);
    let (slow, _) = futures_util::future::join(slow, quick).await;
    assert_eq!(slow["stage"], "welcome");
    assert_eq!(ok(&app, "session", Value::Null).await["stage"], "welcome");
}

#[tokio::test]
async fn the_status_follows_what_was_answered() {
    let mut world = World::start(StandIn::builder()).await;
    let app = world.app();
    let list = json!({ "kind": "model", "search": "", "cursor": null });
    let nowhere = json!({ "endpoint": "http://127.0.0.1:9" });
    ok(&app, "open_hub", nowhere).await;
    call(&app, "repo_list", list).await.unwrap_err();
    assert!(!status(&app).await.is_online, "nobody answered");

    ok(&app, "open_hub", json!({ "endpoint": null })).await;
    let at = json!({ "repo": { "kind": "model", "name": "org/none" }, "revision": "main" });
    call(&app, "repo_overview", at).await.unwrap_err();
    assert!(status(&app).await.is_online, "a refusal is an answer");

    world.lose_hub().await;
    assert_eq!(
        download(&app, "org/m", None).await["error"]["code"],
        "offline"
    );
    assert!(!status(&app).await.is_online, "a transfer found nobody");
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_asked_of_a_hub_where_the_environment_says_so() {
    let repo = RepoSeed::model("org/m")
        .file("a.txt", "a")
        .file("b.txt", "b");
    let world = World::start(StandIn::builder().repo(repo)).await;
    let app = world.app_with(("HF_HUB_OFFLINE", "1"));
    ok(&app, "open_hub", json!({ "endpoint": null })).await;
    let failed = download(&app, "org/m", None).await;
    assert_eq!(
        failed["error"]["message"],
        "HF_HUB_OFFLINE is set, so nothing is asked of the Hub."
    );
    let cli = |is_offline: &str| {
        let mut command = world.cli();
        command
            .args(["download", "org/m"])
            .env("HF_HUB_OFFLINE", is_offline);
        command.output().unwrap()
    };
    let empty = cli("1");
    assert!(!empty.status.success());
    assert!(world.hub.log().records().is_empty());

    let online = cli("0");
    assert!(online.status.success(), "{online:?}");
    world.hub.log().clear();
    assert_eq!(cli("1").stdout, online.stdout, "what is whole is found");
    let folder = String::from_utf8(online.stdout).unwrap();
    std::fs::remove_file(std::path::Path::new(folder.trim()).join("b.txt")).unwrap();
    let part = cli("1");
    let said = String::from_utf8(part.stderr).unwrap();
    assert!(
        !part.status.success() && said.contains("b.txt is not in "),
        "{said}"
    );
    assert!(world.hub.log().records().is_empty());
}

#[tokio::test]
async fn a_command_that_breaks_says_so_and_the_next_one_works() {
    let world = World::start(StandIn::builder()).await;
    let app = world.app();
    let breaks = json!({ "url": hubdesk_tests::BREAKS });
    let error = call(&app, "open_link", breaks).await.unwrap_err();
    let error = serde_json::to_value(error).unwrap();
    assert_eq!(error["code"], "internal");
    assert!(
        error["message"].as_str().unwrap().contains("(report "),
        "{error}"
    );
    ok(&app, "open_link", json!({ "url": "https://example.org/" })).await;
}

#[tokio::test]
async fn a_list_comes_in_pages_to_its_end() {
    let repos =
        (0..120).map(|n| RepoSeed::model(&format!("org/m{n:03}")).file("config.json", "{}"));
    let builder = repos.fold(StandIn::builder(), hubdesk_standin::Builder::repo);
    let world = World::start(builder).await;
    let app = world.app();
    ok(&app, "open_hub", json!({ "endpoint": null })).await;
    let (mut names, mut cursor) = (std::collections::BTreeSet::new(), Value::Null);
    loop {
        let page = ok(
            &app,
            "repo_list",
            json!({ "kind": "model", "search": "", "cursor": cursor }),
        )
        .await;
        let rows = page["repos"].as_array().unwrap();
        names.extend(
            rows.iter()
                .map(|row| row["repo"]["name"].as_str().unwrap().to_owned()),
        );
        cursor = page["next"].clone();
        if cursor.is_null() {
            break;
        }
    }
    assert_eq!(names.len(), 120);
    app.close().await;
}

#[tokio::test]
async fn only_checked_links_are_opened_outside() {
    let world = World::start(StandIn::builder()).await;
    let app = world.app();
    ok(&app, "open_link", json!({ "url": "https://example.org/" })).await;
    for bad in ["file:///etc/passwd", "javascript:alert(1)", "ssh://x"] {
        let error = call(&app, "open_link", json!({ "url": bad }))
            .await
            .unwrap_err();
        assert_eq!(error.message, "Only web and mail addresses are opened.");
    }
    let page = format!("{}/org/m", world.hub.endpoint());
    let error = call(&app, "open_link", json!({ "url": page })).await;
    assert!(error.is_err(), "its Hub is not open");
    ok(&app, "open_hub", json!({ "endpoint": null })).await;
    ok(&app, "open_link", json!({ "url": page })).await;
    assert_eq!(world.opened.all(), ["https://example.org/", &page]);
}

#[tokio::test]
async fn nothing_is_asked_of_a_hub_before_one_is_chosen() {
    let world = World::start(StandIn::builder()).await;
    let app = world.app();
    let error = call(
        &app,
        "repo_list",
        json!({ "kind": "model", "search": "", "cursor": null }),
    )
    .await;
    assert_eq!(error.unwrap_err().message, "No Hub is open.");
    assert!(world.hub.log().records().is_empty());
}

#[tokio::test]
async fn what_is_set_is_kept_and_a_wrong_address_is_refused() {
    let world = World::start(StandIn::builder()).await;
    let app = world.app();
    let settings = json!({ "endpoint": world.hub.endpoint(), "appearance": "dark" });
    let saved = ok(&app, "save_settings", settings).await;
    assert_eq!(saved["endpoint"], json!(world.hub.endpoint()));
    let error = call(
        &app,
        "save_settings",
        json!({ "endpoint": "not an address", "appearance": "dark" }),
    )
    .await;
    assert!(
        error
            .unwrap_err()
            .message
            .starts_with("That is not the address of a Hub")
    );
    assert_eq!(
        ok(&world.app(), "settings", Value::Null).await,
        saved,
        "after the next start"
    );
}

#[tokio::test]
async fn two_files_with_the_same_content_cross_the_network_once() {
    let same = "the same words".repeat(100);
    let repo = RepoSeed::model("org/m")
        .file("a.txt", same.clone())
        .file("deep/b.txt", same.clone());
    let world = World::start(StandIn::builder().repo(repo)).await;
    let app = world.app();
    ok(&app, "open_hub", json!({ "endpoint": null })).await;
    let done = download(&app, "org/m", Some(&["a.txt", "deep/b.txt"])).await;
    assert_eq!(
        (&done["state"], &done["filesDone"]),
        (&json!("done"), &json!(2))
    );
    assert_eq!(done["bytesDone"], done["bytesTotal"]);
    let asked = |part: &str| world.hub.log().body_bytes_of(part);
    assert_eq!(asked("/a.txt") + asked("/b.txt"), same.len() as u64);
    app.close().await;
}
