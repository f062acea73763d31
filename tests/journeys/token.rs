//! The token goes to the Hub, and nowhere else.

use hubdesk_standin::{Content, Host, RepoSeed, StandIn};
use hubdesk_tests::{TOKEN, USER, World, call, download, ok};
use serde_json::json;

#[tokio::test]
async fn the_token_never_leaves_for_another_host() {
    let repo = RepoSeed::model("org/m")
        .private(USER)
        .file("config.json", "{}")
        .large("w.bin", Content::random(1, 9 << 20));
    let world = World::start(StandIn::builder().repo(repo)).await;
    let app = world.app();
    let session = ok(
        &app,
        "open_hub",
        json!({ "endpoint": null, "token": TOKEN }),
    )
    .await;
    assert_eq!(session["user"]["name"], USER);
    assert_eq!(download(&app, "org/m", None).await["state"], "done");

    let records = world.hub.log().records();
    let storage: Vec<_> = records
        .iter()
        .filter(|record| record.host == Host::Storage)
        .collect();
    assert!(
        !storage.is_empty(),
        "the large file came from the second host"
    );
    assert!(storage.iter().all(|record| !record.has_token));
    assert!(
        records
            .iter()
            .any(|record| record.host == Host::Hub && record.has_token)
    );
    app.close().await;
}

#[tokio::test]
async fn a_token_that_was_typed_is_never_handed_out_or_written_down() {
    let world = World::start(StandIn::builder()).await;
    let app = world.app();
    let mut said = ok(
        &app,
        "open_hub",
        json!({ "endpoint": null, "token": TOKEN }),
    )
    .await
    .to_string();
    said += &ok(&app, "session", json!(null)).await.to_string();
    said += &format!(
        "{:?}",
        call(&app, "open_hub", json!({ "endpoint": 1, "token": TOKEN })).await
    );
    said += &format!(
        "{:?}",
        call(
            &app,
            "open_hub",
            json!({ "endpoint": null, "token": TOKEN, "x": 1 })
        )
        .await
    );
    assert!(!said.contains("canary"), "{said}");
    let mut files = vec![world.home().to_owned()];
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(
                std::fs::read_dir(&path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
        } else {
            let bytes = std::fs::read(&path).unwrap();
            assert!(
                !String::from_utf8_lossy(&bytes).contains("canary"),
                "{}",
                path.display()
            );
        }
    }
}

#[tokio::test]
async fn a_wrong_token_is_refused_before_anything_is_opened() {
    let world = World::start(StandIn::builder()).await;
    let app = world.app();
    let error = call(
        &app,
        "open_hub",
        json!({ "endpoint": null, "token": "hf_wrong" }),
    )
    .await
    .unwrap_err();
    assert_eq!(error.message, "The token is missing, wrong or expired.");
    assert_eq!(ok(&app, "session", json!(null)).await["stage"], "welcome");
}

#[tokio::test]
async fn a_token_is_not_sent_over_an_open_line() {
    let world = World::start(StandIn::builder()).await;
    let request = json!({ "endpoint": "http://hub.example", "token": TOKEN });
    let error = call(&world.app(), "open_hub", request).await.unwrap_err();
    assert_eq!(
        error.message,
        "http://hub.example is not encrypted, so a token would be seen on the way."
    );
}

#[tokio::test]
async fn closing_the_hub_takes_the_token_away_at_once() {
    let repo = RepoSeed::model("org/m")
        .private(USER)
        .file("config.json", "{}");
    let world = World::start(StandIn::builder().repo(repo)).await;
    let app = world.app();
    ok(
        &app,
        "open_hub",
        json!({ "endpoint": null, "token": TOKEN }),
    )
    .await;
    ok(&app, "close_hub", json!(null)).await;
    ok(&app, "open_hub", json!({ "endpoint": null, "token": null })).await;
    let transfer = download(&app, "org/m", None).await;
    assert_eq!(transfer["error"]["code"], "notFound");
    assert_eq!(
        transfer["error"]["message"],
        "There is no model org/m, or it is private."
    );
    app.close().await;
}
