//! The token goes to the Hub, and nowhere else.

use hubdesk_standin::{Content, Effect, Fault, Host, RepoSeed, Route, StandIn};
use hubdesk_tests::{TOKEN, USER, World, call, download, download_of, end_of, ok, sign_in, until};
use serde_json::json;

#[tokio::test]
async fn the_token_never_leaves_for_another_host() {
    let repo = RepoSeed::model("org/m")
        .private(USER)
        .file("config.json", "{}")
        .large("w.bin", Content::random(1, 9 << 20));
    let world = World::start(StandIn::builder().repo(repo)).await;
    let app = world.app();
    let session = sign_in(&app, TOKEN).await;
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
    let mut said = sign_in(&app, TOKEN).await.to_string();
    said += &ok(&app, "accounts", json!(null)).await.to_string();
    said += &ok(&app, "session", json!(null)).await.to_string();
    said += &format!(
        "{:?}",
        call(
            &app,
            "check_token",
            json!({ "endpoint": 1, "token": TOKEN })
        )
        .await
    );
    said += &format!(
        "{:?}",
        call(
            &app,
            "check_token",
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
        "check_token",
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
    let error = call(&world.app(), "check_token", request)
        .await
        .unwrap_err();
    assert_eq!(
        error.message,
        "http://hub.example is not encrypted, so a token would be seen on the way."
    );
}

#[tokio::test]
async fn closing_the_hub_leaves_the_token_to_what_began_with_it_and_to_nothing_else() {
    let repo = RepoSeed::model("org/m")
        .private(USER)
        .large("w.bin", Content::random(1, 9 << 20));
    let world = World::start(StandIn::builder().repo(repo).bandwidth(20 << 20)).await;
    let app = world.app();
    sign_in(&app, TOKEN).await;
    let request = download_of("org/m", None);
    let id = ok(&app, "start_download", request.clone()).await;
    until(&app, &id, |transfer| {
        transfer["bytesDone"].as_u64() > Some(0)
    })
    .await;
    ok(&app, "close_hub", json!(null)).await;

    let error = call(&app, "start_download", request.clone()).await;
    assert_eq!(error.unwrap_err().message, "No Hub is open.");
    assert_eq!(end_of(&app, &id).await["state"], "done");

    let before = world.hub.log().records().len();
    ok(&app, "open_hub", json!({ "endpoint": null })).await;
    let transfer = download(&app, "org/m", None).await;
    assert_eq!(
        transfer["error"]["message"],
        "There is no model org/m, or it is private."
    );
    let records = world.hub.log().records();
    assert!(records.len() > before, "the new session asked nothing");
    assert!(records[before..].iter().all(|record| !record.has_token));
    app.close().await;
}

#[tokio::test]
async fn a_transfer_is_tried_again_at_its_own_hub_with_its_own_token() {
    let repo = RepoSeed::model("org/m")
        .private(USER)
        .file("config.json", "{}");
    let world = World::start(StandIn::builder().repo(repo)).await;
    let app = world.app();
    let refusal = Fault::on(Route::Resolve, Effect::status(403)).times(1);
    world.hub.faults().add(refusal);
    sign_in(&app, TOKEN).await;
    let failed = download(&app, "org/m", None).await;
    assert_eq!(failed["state"], "failed", "{failed:#}");

    ok(&app, "open_demo", json!(null)).await;
    ok(&app, "retry_transfer", json!({ "id": failed["id"] })).await;
    let done = end_of(&app, &failed["id"]).await;
    assert_eq!(done["state"], "done", "{done:#}");
    app.close().await;
}

#[tokio::test]
async fn the_command_line_sends_no_token_over_an_open_line() {
    let world = World::start(StandIn::builder()).await;
    world.allow_token_in_processes();
    let output = world
        .cli()
        .args(["download", "org/m"])
        .env("HF_ENDPOINT", "http://hub.example")
        .env("HF_TOKEN", TOKEN)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && !said.contains(TOKEN), "{said}");
    assert!(
        said.contains("http://hub.example is not encrypted, so a token would be seen on the way."),
        "{said}"
    );
}

#[tokio::test]
async fn a_password_in_an_address_is_not_repeated() {
    let world = World::start(StandIn::builder()).await;
    let request = json!({ "endpoint": "https://me:canary@hub.example" });
    let error = call(&world.app(), "open_hub", request).await.unwrap_err();
    assert!(!format!("{error:?}").contains("canary"), "{error:?}");
    assert!(
        error
            .message
            .starts_with("That is not the address of a Hub")
    );
}
