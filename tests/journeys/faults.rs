//! Servers and networks that go wrong: what a person reads, and what is left on disk.
//!
//! Each test names the fault, the sentence, and whether the download ends well in spite of it. In
//! none of them does anything wrong become visible.

use hubdesk_standin::{Content, Effect, Fault, Host, RepoSeed, Route, StandIn};
use hubdesk_tests::{World, call, download, ok};
use serde_json::{Value, json};

const LARGE: u64 = 3 << 20;
const CONFIG: &str = r#"{"layers": 2}"#;

fn seed() -> RepoSeed {
    RepoSeed::model("org/m")
        .file("config.json", CONFIG)
        .large("w.bin", Content::random(3, LARGE))
}

/// Downloads everything while `faults` are at work; gives the transfer and the world after it.
async fn download_under(faults: Vec<Fault>) -> (Value, World) {
    let builder = faults.into_iter().fold(
        StandIn::builder().repo(seed()),
        hubdesk_standin::Builder::fault,
    );
    let world = World::start(builder).await;
    let app = world.app();
    ok(&app, "open_hub", json!({ "endpoint": null })).await;
    let transfer = download(&app, "org/m", None).await;
    app.close().await;
    (transfer, world)
}

/// The download ends well: both files are there, with the right content.
async fn survives(faults: Vec<Fault>) -> World {
    let (transfer, world) = download_under(faults).await;
    assert_eq!(transfer["state"], "done", "{transfer:#}");
    assert_eq!(
        transfer["bytesDone"], transfer["bytesTotal"],
        "{transfer:#}"
    );
    assert_eq!(world.visible_files().len(), 2);
    for file in world.visible_files() {
        let content = std::fs::read(&file).unwrap();
        let expected: bytes::Bytes = if file.ends_with("w.bin") {
            Content::random(3, LARGE).read(0, LARGE)
        } else {
            CONFIG.into()
        };
        assert!(
            content == expected,
            "{} has the wrong content",
            file.display()
        );
    }
    world
}

/// The download stops with this code and sentence, and the file in question is not visible.
async fn fails(fault: Fault, file: &str, code: &str, sentence: &str) -> World {
    let (transfer, world) = download_under(vec![fault]).await;
    let state = match code {
        "offline" | "proxyRefused" | "hubDown" | "rateLimited" => "waiting",
        "signedOut" | "gated" | "noSpace" => "blocked",
        _ => "failed",
    };
    assert_eq!(transfer["state"], state, "{transfer:#}");
    assert_eq!(transfer["error"]["code"], code, "{transfer:#}");
    let said = transfer["error"]["message"].as_str().unwrap();
    let said = said
        .replace(&host(&world.hub.endpoint()), "HUB")
        .replace(&host(&world.hub.storage()), "STORAGE");
    assert_eq!(said, sentence);
    assert!(
        world
            .visible_files()
            .iter()
            .all(|path| !path.ends_with(file)),
        "{file} is visible"
    );
    assert!(
        !world.cache().join("models--org--m/refs/main").is_file(),
        "the ref moved"
    );
    world
}

fn host(url: &str) -> String {
    url.strip_prefix("http://").unwrap().to_owned()
}

fn on_large(effect: Effect) -> Fault {
    Fault::on(Route::Storage, effect)
}

fn on_small(effect: Effect) -> Fault {
    Fault::on(Route::Resolve, effect).matching("config.json")
}

#[tokio::test]
async fn a_body_that_is_cut_goes_on_where_it_broke() {
    let world = survives(vec![
        on_large(Effect::Cut { after: LARGE / 2 }).times(1),
        on_small(Effect::Cut { after: 3 }).times(1),
    ])
    .await;
    let sent = storage_bytes(&world);
    assert!(
        sent < LARGE + (1 << 20),
        "{sent} bytes were sent for {LARGE}"
    );
}

fn storage_bytes(world: &World) -> u64 {
    let records = world.hub.log().records();
    records
        .iter()
        .filter(|record| record.host == Host::Storage)
        .map(|record| record.body_bytes)
        .sum()
}

#[tokio::test]
async fn a_body_that_is_cut_again_and_again_is_given_up() {
    let cut = on_small(Effect::Cut { after: 3 });
    fails(
        cut,
        "config.json",
        "offline",
        "The connection to HUB broke again and again.",
    )
    .await;
}

#[tokio::test]
async fn wrong_bytes_never_become_visible() {
    let sentence =
        "w.bin arrived, but its content is not what the Hub announced. It was thrown away.";
    fails(
        on_large(Effect::Flip { at: 1000 }),
        "w.bin",
        "badAnswer",
        sentence,
    )
    .await;
    let sentence =
        "config.json arrived, but its content is not what the Hub announced. It was thrown away.";
    fails(
        on_small(Effect::Flip { at: 3 }),
        "config.json",
        "badAnswer",
        sentence,
    )
    .await;
}

#[tokio::test]
async fn a_length_other_than_the_listed_one_is_said() {
    let sentence = "config.json should have 13 bytes, but the server has 11.";
    fails(
        on_small(Effect::Length(-2)),
        "config.json",
        "badAnswer",
        sentence,
    )
    .await;
    let sentence = "config.json should have 13 bytes, but the server has 18.";
    fails(
        on_small(Effect::Length(5)),
        "config.json",
        "badAnswer",
        sentence,
    )
    .await;
}

#[tokio::test]
async fn a_listing_with_a_wrong_size_is_found_out() {
    let (transfer, world) =
        download_under(vec![Fault::on(Route::Tree, Effect::ListedSize(1))]).await;
    assert_eq!(transfer["error"]["code"], "badAnswer", "{transfer:#}");
    assert_eq!(world.visible_files(), Vec::<std::path::PathBuf>::new());
}

#[tokio::test]
async fn more_bytes_announced_than_listed_is_found_out_before_they_come() {
    let sentence = "config.json should have 13 bytes, but the server has 18.";
    fails(
        on_small(Effect::Announce(5)),
        "config.json",
        "badAnswer",
        sentence,
    )
    .await;
}

#[tokio::test]
async fn a_server_that_ignores_ranges_is_served_from_the_start() {
    survives(vec![on_large(Effect::IgnoreRange)]).await;
}

#[tokio::test]
async fn a_range_that_was_not_asked_for_is_refused() {
    let sentence = "The Hub's answer about the model org/m cannot be used: another range than the one asked for.";
    fails(
        on_large(Effect::ShiftRange(10)),
        "w.bin",
        "badAnswer",
        sentence,
    )
    .await;
}

#[tokio::test]
async fn content_that_changed_since_the_listing_is_not_mixed_in() {
    let other = "\"da39a3ee5e6b4b0d3255bfef95601890afd80709\"".to_owned();
    let sentence = "config.json was replaced on the server while it was downloaded.";
    fails(
        on_small(Effect::Etag(other)),
        "config.json",
        "badAnswer",
        sentence,
    )
    .await;
}

#[tokio::test]
async fn an_expired_link_is_asked_for_again() {
    survives(vec![on_large(Effect::ExpiredLink).times(2)]).await;
}

#[tokio::test]
async fn a_storage_host_that_never_gives_out_the_file_is_named() {
    let sentence = "STORAGE does not give out the file, although the Hub sent us there.";
    fails(on_large(Effect::ExpiredLink), "w.bin", "hubDown", sentence).await;
}

fn gone() -> Effect {
    let Effect::Status(status, _) = Effect::status(404) else {
        unreachable!("it was just made")
    };
    Effect::Status(status, vec![("X-Error-Code", "EntryNotFound".to_owned())])
}

#[tokio::test]
async fn each_refusal_has_its_own_words() {
    for (effect, code, sentence) in [
        (
            Effect::Unauthorized,
            "signedOut",
            "The token is missing, wrong or expired.",
        ),
        (
            Effect::Gated,
            "gated",
            "Access to the model org/m must be requested first.",
        ),
        (
            Effect::status(403),
            "forbidden",
            "This account may not use model org/m.",
        ),
        (
            gone(),
            "notFound",
            "The file does not exist in model org/m at this revision.",
        ),
    ] {
        let (transfer, world) = download_under(vec![on_small(effect)]).await;
        assert_eq!(transfer["error"]["code"], code, "{transfer:#}");
        let message = transfer["error"]["message"].as_str().unwrap();
        assert!(
            message.starts_with(sentence.trim_end_matches('.')),
            "{message}"
        );
        assert!(transfer["error"]["requestId"].is_string(), "{transfer:#}");
        assert!(
            world
                .visible_files()
                .iter()
                .all(|path| !path.ends_with("config.json"))
        );
    }
}

#[tokio::test]
async fn a_hub_that_asks_for_a_pause_gets_it() {
    let fault = on_small(Effect::TooMany {
        retry_after: Some(1),
        reset: None,
    })
    .times(1);
    survives(vec![fault]).await;
}

#[tokio::test]
async fn a_pause_longer_than_a_person_would_wait_ends_the_download_in_words() {
    let fault = on_small(Effect::TooMany {
        retry_after: Some(3600),
        reset: None,
    });
    let sentence = "The Hub has had too many requests and asks to wait 60 minutes.";
    let world = fails(fault, "config.json", "rateLimited", sentence).await;
    let asked = world
        .hub
        .log()
        .records()
        .iter()
        .filter(|record| record.path.contains("config.json"))
        .count();
    assert_eq!(asked, 1, "it did not ask again before the time");
}

#[tokio::test]
async fn a_burst_of_server_errors_passes() {
    survives(vec![
        Fault::on(Route::Repo, Effect::status(502)).times(2),
        Fault::on(Route::Tree, Effect::status(503)).times(2),
        on_small(Effect::status(500)).times(2),
        on_large(Effect::status(504)).times(2),
    ])
    .await;
}

#[tokio::test]
async fn a_server_that_stays_in_trouble_is_named() {
    fails(
        on_small(Effect::status(503)),
        "config.json",
        "hubDown",
        "HUB is in trouble (status 503).",
    )
    .await;
}

#[tokio::test]
async fn a_connection_that_falls_silent_is_closed_and_asked_again() {
    survives(vec![
        on_large(Effect::Stall { after: LARGE / 3 }).times(1),
        on_small(Effect::Stall { after: 3 }).times(1),
    ])
    .await;
}

#[tokio::test]
async fn a_server_that_stays_silent_is_given_up() {
    let fault = on_small(Effect::Stall { after: 0 });
    fails(
        fault,
        "config.json",
        "offline",
        "HUB did not answer in time.",
    )
    .await;
}

#[tokio::test]
async fn a_redirect_in_circles_ends() {
    fails(
        on_small(Effect::RedirectLoop),
        "config.json",
        "badAnswer",
        "HUB sends requests in circles.",
    )
    .await;
}

#[tokio::test]
async fn half_an_answer_is_said_to_make_no_sense() {
    let (transfer, _) = download_under(vec![Fault::on(Route::Tree, Effect::MalformedJson)]).await;
    let message = transfer["error"]["message"].as_str().unwrap();
    assert!(
        message.contains("gave an answer that makes no sense"),
        "{message}"
    );
}

#[tokio::test]
async fn an_empty_listing_is_not_taken_for_an_empty_repository_for_ever() {
    let (transfer, world) =
        download_under(vec![Fault::on(Route::Tree, Effect::EmptyList).times(1)]).await;
    assert_eq!(transfer["filesTotal"], 0);
    let app = world.app();
    ok(&app, "open_hub", json!({ "endpoint": null })).await;
    assert_eq!(
        download(&app, "org/m", None).await["filesTotal"],
        2,
        "the next look sees the files"
    );
    app.close().await;
}

#[tokio::test]
async fn a_hub_that_is_not_there_is_named_and_the_status_says_offline() {
    let world = World::start(StandIn::builder().repo(seed())).await;
    let app = world.app();
    ok(
        &app,
        "open_hub",
        json!({ "endpoint": "http://127.0.0.1:9" }),
    )
    .await;
    let error = call(
        &app,
        "repo_list",
        json!({ "kind": "model", "search": "", "cursor": null }),
    )
    .await
    .unwrap_err();
    assert_eq!(error.message, "127.0.0.1:9 cannot be reached.");
    assert_eq!(
        error.hint.as_deref(),
        Some("Check the network, and the address of the Hub in the settings.")
    );
}
