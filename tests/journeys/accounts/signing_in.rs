//! Signing in, taking turns, and signing out.

use super::*;

#[tokio::test]
async fn a_pasted_token_is_looked_at_first_and_is_there_after_a_restart() {
    let world = World::start(StandIn::builder().repo(private(USER))).await;
    let app = world.app();
    let request = json!({ "endpoint": null, "token": TOKEN });
    let report = ok(&app, "check_token", request).await;
    assert_eq!(report["name"], USER);
    assert_eq!(report["role"], "write");
    assert_eq!(report["limits"], json!([]));
    assert_eq!(
        accounts(&app).await["accounts"],
        json!([]),
        "nothing is kept yet"
    );

    let session = ok(&app, "keep_token", json!({ "copy": true })).await;
    let id = session["account"].as_str().unwrap().to_owned();
    let known = accounts(&app).await;
    assert_eq!(known["accounts"][0]["id"], id);
    assert_eq!(known["accounts"][0]["kept"], "keychain");
    app.close().await;

    let app = world.app();
    let session = until_session(&app, |session| session["account"] == id).await;
    assert_eq!(session["isRestoring"], false);
    assert_eq!(download(&app, "mira/m", None).await["state"], "done");
    app.close().await;
}

#[tokio::test]
async fn a_token_for_reading_says_up_front_what_will_not_work() {
    const READS: &str = "hf_reads_only";
    let builder = StandIn::builder().token(READS, Credential::read_only(USER));
    let world = World::start(builder).await;
    let request = json!({ "endpoint": null, "token": READS });
    let report = ok(&world.app(), "check_token", request).await;
    assert_eq!(
        report["limits"][0],
        "Uploading, creating, deleting and changing settings will not work."
    );
}

#[tokio::test]
async fn a_token_of_an_organisation_is_refused_unasked() {
    let world = World::start(StandIn::builder()).await;
    let request = json!({ "endpoint": null, "token": "api_org_abc" });
    let error = call(&world.app(), "check_token", request)
        .await
        .unwrap_err();
    assert_eq!(
        error.message,
        "That is an organisation's token. Use one of your own."
    );
    assert!(
        world.hub.log().records().is_empty(),
        "the Hub was not asked"
    );
}

#[tokio::test]
async fn a_browser_signs_in_and_strangers_at_its_door_are_sent_away() {
    let world = World::start(StandIn::builder().repo(private(USER))).await;
    let app = world.app();
    let known = asked_to_sign_in(&app, "browser").await;
    let url = known["signIn"]["url"].as_str().unwrap();

    let door = browse::redirect_of(url);
    for stranger in [
        "/callback?code=stolen&state=guessed",
        "/callback?error=access_denied&state=guessed",
        "/favicon.ico",
    ] {
        let answer = browse::get(&format!("{door}{stranger}")).await;
        assert!(answer.status >= 400, "{stranger}: {}", answer.status);
    }
    let known = accounts(&app).await;
    assert_eq!(known["signIn"]["state"], "waiting", "{known:#}");

    let back = browse::consent(url, USER).await;
    let page = browse::get(&back).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("You are signed in."), "{}", page.text);
    let session = until_session(&app, |session| session["user"]["name"] == USER).await;
    assert_eq!(
        session["account"],
        format!("{USER}@{}", world.hub.endpoint())
    );
    let known = until_accounts(&app, |known| known["signIn"].is_null()).await;
    let account = &known["accounts"][0];
    assert_eq!(account["how"], "browser");
    assert_eq!(world.opened.all(), [url]);
    assert_eq!(
        account["limits"],
        json!([]),
        "all that was asked for was granted"
    );
    assert!(account["expiresAt"].is_string() && account["role"].is_null());
    assert_eq!(download(&app, "mira/m", None).await["state"], "done");
    app.close().await;
}

#[tokio::test]
async fn who_says_no_in_the_browser_is_not_signed_in() {
    let world = World::start(StandIn::builder()).await;
    let app = world.app();
    let known = asked_to_sign_in(&app, "browser").await;
    let back = browse::refuse(known["signIn"]["url"].as_str().unwrap()).await;
    browse::get(&back).await;
    let known = until_accounts(&app, |known| known["signIn"]["state"] == "failed").await;
    assert_eq!(
        known["signIn"]["error"]["message"],
        "The sign-in was refused in the browser."
    );
    let known = ok(&app, "cancel_sign_in", Value::Null).await;
    assert_eq!(known["signIn"], Value::Null);
    assert_eq!(known["accounts"], json!([]));
}

#[tokio::test]
async fn another_device_signs_in_with_a_code() {
    let world = World::start(StandIn::builder().repo(private(USER))).await;
    let app = world.app();
    let known = asked_to_sign_in(&app, "device").await;
    let sign_in = &known["signIn"];
    let (url, code) = (
        sign_in["url"].as_str().unwrap(),
        sign_in["userCode"].as_str().unwrap(),
    );
    assert!(url.ends_with(code), "{url}");
    let qr = sign_in["qr"].as_array().unwrap();
    assert!(qr.iter().all(|row| row.as_str().unwrap().len() == qr.len()));

    browse::allow_device(url, USER).await;
    until_session(&app, |session| session["user"]["name"] == USER).await;
    assert_eq!(accounts(&app).await["accounts"][0]["how"], "device");
    app.close().await;
}

#[tokio::test]
async fn a_new_attempt_takes_the_place_of_the_old_one() {
    let world = World::start(StandIn::builder()).await;
    let app = world.app();
    let first = asked_to_sign_in(&app, "browser").await;
    let start = json!({ "way": "browser", "endpoint": null });
    ok(&app, "start_sign_in", start).await;
    let first = first["signIn"]["url"].clone();
    until_accounts(&app, |known| {
        known["signIn"]["state"] == "waiting" && known["signIn"]["url"] != first
    })
    .await;
    let door = browse::redirect_of(first.as_str().unwrap());
    assert!(
        browse::is_closed(&door).await,
        "nobody listens for the old one"
    );
}

#[tokio::test]
async fn a_build_that_is_not_registered_says_so_and_takes_a_token() {
    let world = World::start(StandIn::builder()).await;
    let app = world.app_with(("HUBDESK_OAUTH_CLIENT_ID", ""));
    let known = accounts(&app).await;
    assert_eq!(known["ways"]["browser"], false);
    let why = known["ways"]["why"].as_str().unwrap();
    assert!(why.ends_with("a token always works."), "{why}");
    let start = json!({ "way": "device", "endpoint": null });
    let error = call(&app, "start_sign_in", start).await.unwrap_err();
    assert_eq!(error.message, why);
    sign_in(&app, TOKEN).await;
}

#[tokio::test]
async fn two_accounts_take_turns_and_each_sees_its_own() {
    let builder = StandIn::builder().repo(private(USER)).repo(private(NOOR));
    let world = World::start(builder.user(NOOR, NOORS)).await;
    let app = world.app();
    let mira = sign_in(&app, TOKEN).await["account"].clone();
    let noor = sign_in(&app, NOORS).await["account"].clone();
    assert_ne!(mira, noor);
    assert_eq!(download(&app, "noor/m", None).await["state"], "done");
    assert_eq!(download(&app, "mira/m", None).await["state"], "failed");

    ok(&app, "switch_account", json!({ "id": mira })).await;
    assert_eq!(download(&app, "mira/m", None).await["state"], "done");
    let known = accounts(&app).await;
    let names: Vec<_> = known["accounts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["name"])
        .collect();
    assert_eq!(names, [USER, NOOR], "the open one first");
    app.close().await;
}

#[tokio::test]
async fn signing_out_says_what_goes_and_what_stays_and_then_does_it() {
    let world = World::start(StandIn::builder().repo(private(USER))).await;
    let app = world.app();
    let id = sign_in(&app, TOKEN).await["account"].clone();
    download(&app, "mira/m", None).await;
    ok(&app, "share_account", json!({ "id": id, "isOn": true })).await;
    let plan = ok(&app, "sign_out_plan", json!({ "id": id })).await;
    let said = plan.to_string();
    for part in [
        "removed from the keychain",
        "command-line tools",
        "1 repository in",
        "/settings/tokens",
    ] {
        assert!(said.contains(part), "{part}: {plan:#}");
    }
    let session = ok(&app, "sign_out", json!({ "id": id })).await;
    assert_eq!(session["stage"], "welcome");
    assert_eq!(accounts(&app).await["accounts"], json!([]));
    let left = std::fs::read_to_string(world.home().join("stored_tokens")).unwrap();
    assert_eq!(left, "");
    assert!(!world.home().join("token").is_file());
    app.close().await;
    let app = world.app();
    let known = until_accounts(&app, |known| known["keychain"]["state"] == "works").await;
    assert_eq!(known["accounts"], json!([]));
    assert_eq!(ok(&app, "session", Value::Null).await["stage"], "welcome");
    app.close().await;
}

#[tokio::test]
async fn what_one_program_notes_of_an_account_is_not_undone_by_another() {
    let world = World::start(StandIn::builder()).await;
    world.allow_token_in("token");
    world.allow_token_in("stored_tokens");
    let one = world.app();
    let id = sign_in(&one, TOKEN).await["account"].clone();
    let other = world.app();
    until_session(&other, |session| session["account"] == id).await;
    ok(&one, "share_account", json!({ "id": id, "isOn": true })).await;
    ok(&other, "give_to_git", json!({ "id": id, "isOn": false })).await;
    one.close().await;
    other.close().await;
    let app = world.app();
    assert_eq!(accounts(&app).await["accounts"][0]["isShared"], true);
    app.close().await;
}
