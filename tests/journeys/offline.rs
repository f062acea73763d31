//! Without a way to the Hub: what was read before is still there, with its age.

use std::future::ready;
use std::time::Duration;

use futures_util::StreamExt as _;
use hubdesk_app::api::UiEvent;
use hubdesk_standin::{Effect, Fault, RepoSeed, Route, StandIn};
use hubdesk_tests::{TOKEN, World, board_with, download, ok, reply, sign_in, status};
use serde_json::{Value, json};

const READS: [&str; 3] = ["repo_overview", "repo_card", "repo_files"];

fn repo() -> Value {
    json!({ "repo": { "kind": "model", "name": "org/m" }, "revision": "main" })
}

async fn world() -> World {
    let repo = RepoSeed::model("org/m")
        .file("README.md", "# m\n")
        .file("a.txt", "a");
    World::start(StandIn::builder().repo(repo)).await
}

fn open() -> Value {
    json!({ "endpoint": null })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_is_answered_with_its_age_when_the_hub_cannot_be_reached() {
    let mut world = world().await;
    let app = world.app();
    sign_in(&app, TOKEN).await;
    let mut known = Vec::new();
    for command in READS {
        let reply = reply(&app, command, repo()).await.unwrap();
        assert_eq!(reply.as_of, None, "{command}: it is as it is now");
        known.push(reply.answer);
    }
    world.lose_hub().await;
    for (command, answer) in READS.into_iter().zip(known) {
        let reply = reply(&app, command, repo()).await.unwrap();
        assert!(reply.as_of.is_some(), "{command}");
        assert_eq!(reply.answer, answer, "{command}");
    }
    assert!(!status(&app).await.is_online);
    let other = json!({ "repo": { "kind": "model", "name": "org/other" }, "revision": "main" });
    let error = reply(&app, "repo_overview", other).await.unwrap_err();
    assert_eq!(
        json!(error.code),
        "offline",
        "what was never read is not known"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_told_to_be_offline_opens_the_hub_and_reads_what_is_known() {
    let world = world().await;
    let app = world.app();
    ok(&app, "open_hub", open()).await;
    ok(&app, "repo_overview", repo()).await;
    app.close().await;
    world.hub.log().clear();

    let app = world.app_with(("HF_HUB_OFFLINE", "1"));
    ok(&app, "open_hub", open()).await;
    let told = status(&app).await;
    assert!(told.is_told_offline && !told.is_online);
    let known = reply(&app, "repo_overview", repo()).await.unwrap();
    assert!(known.as_of.is_some());
    let error = reply(&app, "repo_files", repo()).await.unwrap_err();
    assert_eq!(
        error.message,
        "HF_HUB_OFFLINE is set, so nothing is asked of the Hub."
    );
    assert!(world.hub.log().records().is_empty(), "nothing was sent");
    // The demo is part of the program, and no network.
    ok(&app, "open_demo", Value::Null).await;
    let list = json!({ "kind": "model", "search": "", "cursor": null });
    assert_eq!(reply(&app, "repo_list", list).await.unwrap().as_of, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_account_is_not_shown_what_this_one_read_and_signing_out_forgets_it() {
    let mut world = world().await;
    let app = world.app();
    let session = sign_in(&app, TOKEN).await;
    ok(&app, "repo_overview", repo()).await;
    ok(&app, "sign_out", json!({ "id": session["account"] })).await;
    let kept = world.home().join(".cache/hubdesk/answers");
    let accounts = std::fs::read_dir(kept).unwrap().count();
    assert_eq!(accounts, 0, "nothing is left of it");

    sign_in(&app, TOKEN).await;
    ok(&app, "repo_overview", repo()).await;
    ok(&app, "open_hub", open()).await;
    world.lose_hub().await;
    let asked = reply(&app, "repo_overview", repo()).await;
    assert!(asked.is_err(), "{asked:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_an_answer_and_nothing_older_takes_its_place() {
    let world = world().await;
    let app = world.app();
    sign_in(&app, TOKEN).await;
    ok(&app, "repo_overview", repo()).await;
    world.hub.people().revoke(TOKEN);
    let refused = reply(&app, "repo_overview", repo()).await.unwrap_err();
    assert_eq!(json!(refused.code), "signedOut");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_for_the_limit_is_on_the_board_and_counts_down() {
    let repo = RepoSeed::model("org/m").file("a.txt", "a");
    let window = Duration::from_secs(2);
    let world = World::start(StandIn::builder().repo(repo).quota("api", 4, window)).await;
    let app = world.app();
    ok(&app, "open_hub", open()).await;
    let mut events = app.subscribe();
    let ask = async {
        for _ in 0..4 {
            ok(&app, "repo_overview", self::repo()).await;
        }
    };
    let look = hubdesk_tests::board_with(&mut events, |status| status.hub_wait_seconds.is_some());
    let ((), seen) = tokio::join!(ask, look);
    assert!(seen.hub_wait_seconds <= Some(3), "{seen:?}");
    hubdesk_tests::board_with(&mut events, |status| status.hub_wait_seconds.is_none()).await;
    let records = world.hub.log().records();
    assert!(records.iter().all(|record| record.status != 429));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_of_the_connection_names_each_host_and_what_is_wrong() {
    let model = RepoSeed::model("org/m").large("w.bin", vec![7; 4096]);
    let mut world = World::start(StandIn::builder().repo(model)).await;
    let app = world.app();
    ok(&app, "open_hub", open()).await;
    let seen = |answer: &Value| -> Vec<(String, String)> {
        let checks = answer["checks"].as_array().unwrap().iter();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        checks
            .map(|check| (text(&check["what"]), text(&check["state"])))
            .collect()
    };
    let pairs = |states: [&str; 3]| -> Vec<(String, String)> {
        let whats = ["api", "storage", "xet"].into_iter().zip(states);
        whats
            .map(|(what, state)| (what.to_owned(), state.to_owned()))
            .collect()
    };
    let answer = ok(&app, "test_connection", Value::Null).await;
    assert_eq!(seen(&answer), pairs(["works", "works", "notOffered"]));
    let storage = answer["checks"][1]["host"].as_str().unwrap();
    assert!(world.hub.storage().ends_with(storage), "{storage}");

    world.lose_hub().await;
    let answer = ok(&app, "test_connection", Value::Null).await;
    assert_eq!(seen(&answer), pairs(["fails", "skipped", "skipped"]));
    let words = answer["checks"][0]["words"].as_str().unwrap();
    assert!(words.contains("cannot be reached"), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_of_the_network_hold_at_once_and_no_password_is_given_out() {
    let world = world().await;
    let app = world.app();
    ok(
        &app,
        "open_hub",
        json!({ "endpoint": "http://hub.example" }),
    )
    .await;
    let mut settings = ok(&app, "settings", Value::Null).await;
    let proxy = world
        .hub
        .endpoint()
        .replace("http://", "http://mira:s3cret@");
    settings["proxy"] = json!("manual");
    settings["proxyAddress"] = json!(proxy);
    let saved = ok(&app, "save_settings", settings).await;
    assert_eq!(saved["proxyAddress"], json!(world.hub.endpoint()));
    // The stand-in is no proxy, but it sees what is asked of one.
    let _ = reply(&app, "repo_overview", repo()).await;
    assert!(
        !world.hub.log().records().is_empty(),
        "asked through the proxy at once"
    );
    let file = std::fs::read_to_string(world.home().join("config/settings.json")).unwrap();
    assert!(!file.contains("s3cret"), "{file}");

    let mut settings = saved;
    settings["certificates"] = json!("/nowhere/ca.pem");
    let error = reply(&app, "save_settings", settings).await.unwrap_err();
    assert!(
        error.message.contains("/nowhere/ca.pem"),
        "{}",
        error.message
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_comes_after_somebody_has_signed_out_is_not_kept() {
    let world = world().await;
    let app = world.app();
    let session = sign_in(&app, TOKEN).await;
    let late = Effect::Latency(Duration::from_millis(700));
    world.hub.faults().add(Fault::on(Route::Repo, late));
    let slow = app.call("repo_overview", repo());
    let leave = async {
        world.asked_for("/api/models/org/m").await;
        ok(&app, "sign_out", json!({ "id": session["account"] })).await;
    };
    let (answer, ()) = tokio::join!(slow, leave);
    assert!(answer.is_ok(), "it was on the way: {answer:?}");
    let kept = world.home().join(".cache/hubdesk/answers");
    let accounts = std::fs::read_dir(kept).map_or(0, Iterator::count);
    assert_eq!(accounts, 0, "nothing is left of it");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_network_is_noticed_when_it_is_back_without_anybody_asking() {
    let mut world = world().await;
    let address = world.hub.endpoint();
    let (_, port) = address.rsplit_once(':').unwrap();
    let app = world.app();
    ok(&app, "open_hub", open()).await;
    world.lose_hub().await;
    reply(&app, "repo_overview", repo()).await.unwrap_err();
    assert!(!status(&app).await.is_online);

    let mut events = app.subscribe();
    let back = StandIn::builder().port(port.parse().unwrap()).start().await;
    let back = back.unwrap();
    board_with(&mut events, |status| status.is_online).await;
    let asked = back.log().records();
    let asked: Vec<_> = asked.iter().map(|record| record.path.as_str()).collect();
    assert_eq!(asked.len(), 1, "{asked:?}");
    app.close().await;
    back.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_downloaded_is_answered_though_it_was_never_opened() {
    let mut world = world().await;
    let app = world.app();
    ok(&app, "open_hub", open()).await;
    assert_eq!(download(&app, "org/m", None).await["state"], "done");
    world.lose_hub().await;
    let look = async || {
        let files = reply(&app, "repo_files", repo()).await.unwrap();
        assert!(files.as_of.is_some(), "it says how old it is");
        let files = files.answer["files"].as_array().unwrap().clone();
        let names = files.iter().map(|file| file["path"].clone());
        assert!(files.iter().all(|file| file["isHere"] == true), "{files:?}");
        let card = reply(&app, "repo_card", repo()).await.unwrap();
        assert!(card.as_of.is_some());
        let html = card.answer["html"].as_str().unwrap();
        assert!(html.contains("m</h"), "{html}");
        names.collect::<Vec<_>>()
    };
    assert_eq!(look().await, ["README.md", "a.txt"]);
    // Other tools keep no listing: then it is what is in the folder.
    let kept = world.cache().join("models--org--m/trees");
    std::fs::remove_dir_all(kept).unwrap();
    assert_eq!(look().await, ["README.md", "a.txt"]);
    let other = json!({ "repo": { "kind": "model", "name": "org/m" }, "revision": "other" });
    reply(&app, "repo_files", other).await.unwrap_err();
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_hub_warns_of_is_told_once_to_each_window() {
    let world = world().await;
    let app = world.app();
    ok(&app, "open_hub", open()).await;
    let warned = vec![("x-hf-warning", "quota; Nearly <b>full</b>".to_owned())];
    let Effect::Status(status, _) = Effect::status(403) else {
        panic!("a status is one");
    };
    let warns = Effect::Status(status, warned);
    world.hub.faults().add(Fault::on(Route::Any, warns));
    for _ in 0..2 {
        reply(&app, "repo_overview", repo()).await.unwrap_err();
    }
    let expected = UiEvent::HubWarning {
        topic: "quota".to_owned(),
        message: "Nearly <b>full</b>".to_owned(),
        endpoint: world.hub.endpoint(),
    };
    for _ in 0..2 {
        let events = app.subscribe();
        let is_news = |event: &UiEvent| ready(!matches!(event, UiEvent::Transfers { .. }));
        let mut events = std::pin::pin!(events.filter(is_news));
        let first = events.next().await.unwrap();
        assert!(matches!(first, UiEvent::Snapshot { .. }), "{first:?}");
        assert_eq!(events.next().await.unwrap(), expected);
        ok(&app, "close_hub", Value::Null).await;
        let next = events.next().await.unwrap();
        assert!(matches!(next, UiEvent::Stale { .. }), "{next:?}");
    }
}
