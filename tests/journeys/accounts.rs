//! Signing in, staying signed in, and signing out.

use std::sync::Arc;
use std::time::Duration;

use hubdesk_app::App;
use hubdesk_core::ManualClock;
use hubdesk_standin::{Content, Credential, Effect, Fault, RepoSeed, Route, StandIn};
use hubdesk_tests::{
    TOKEN, USER, World, accounts, browse, call, download, end_of, ok, sign_in, until,
    until_accounts, until_session,
};
use serde_json::{Value, json};

const NOOR: &str = "noor";
const NOORS: &str = "hf_canary_noor_987";

fn all_of(name: &str) -> Value {
    json!({ "repo": { "kind": "model", "name": name }, "revision": "main", "paths": null })
}

fn private(owner: &str) -> RepoSeed {
    RepoSeed::model(&format!("{owner}/m"))
        .private(owner)
        .file("config.json", "{}")
}

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
async fn without_a_keychain_the_session_lasts_until_the_end_and_moves_in_when_there_is_one() {
    let world = World::start(StandIn::builder().repo(private(USER))).await;
    world.set_keychain(false);
    let app = world.app();
    sign_in(&app, TOKEN).await;
    let known = accounts(&app).await;
    assert_eq!(known["keychain"]["state"], "missing");
    assert_eq!(
        known["keychain"]["why"],
        "There is no keychain on this computer, so sign-ins last until Hubdesk is closed."
    );
    assert_eq!(known["accounts"][0]["kept"], "memory");
    assert_eq!(download(&app, "mira/m", None).await["state"], "done");

    world.set_keychain(true);
    let known = ok(&app, "retry_keychain", Value::Null).await;
    assert_eq!(known["accounts"][0]["kept"], "keychain");
    app.close().await;
    let app = world.app();
    until_session(&app, |session| session["user"]["name"] == USER).await;
    app.close().await;
}

#[tokio::test]
async fn an_account_of_a_computer_without_a_keychain_asks_to_sign_in_at_the_next_start() {
    let world = World::start(StandIn::builder()).await;
    world.set_keychain(false);
    let app = world.app();
    sign_in(&app, TOKEN).await;
    app.close().await;
    let app = world.app();
    let known = until_accounts(&app, |known| !known["accounts"][0]["needsSignIn"].is_null()).await;
    assert_eq!(known["accounts"][0]["needsSignIn"], "gone");
    assert_eq!(known["keychain"]["state"], "missing");
    assert_eq!(ok(&app, "session", Value::Null).await["stage"], "welcome");
    app.close().await;
}

#[tokio::test]
async fn a_browser_signs_in_and_strangers_at_its_door_are_sent_away() {
    let world = World::start(StandIn::builder().repo(private(USER))).await;
    let app = world.app();
    let start = json!({ "way": "browser", "endpoint": null });
    ok(&app, "start_sign_in", start).await;
    let known = until_accounts(&app, |known| known["signIn"]["state"] == "waiting").await;
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
    ok(
        &app,
        "start_sign_in",
        json!({ "way": "browser", "endpoint": null }),
    )
    .await;
    let known = until_accounts(&app, |known| known["signIn"]["state"] == "waiting").await;
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
    ok(
        &app,
        "start_sign_in",
        json!({ "way": "device", "endpoint": null }),
    )
    .await;
    let known = until_accounts(&app, |known| known["signIn"]["state"] == "waiting").await;
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
    let start = json!({ "way": "browser", "endpoint": null });
    ok(&app, "start_sign_in", start.clone()).await;
    let first = until_accounts(&app, |known| known["signIn"]["state"] == "waiting").await;
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
async fn what_the_tools_have_is_noticed_and_read_only_when_somebody_says_so() {
    let world = World::start(StandIn::builder().repo(private(USER))).await;
    world.allow_token_in("token");
    world.allow_token_in("stored_tokens");
    std::fs::write(world.home().join("token"), TOKEN).unwrap();
    let stored = format!("[laptop]\nhf_token = {TOKEN}\n\n");
    std::fs::write(world.home().join("stored_tokens"), stored).unwrap();
    let app = world.app_with(("HF_TOKEN", TOKEN));
    let known = accounts(&app).await;
    let sources: Vec<_> = known["found"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["source"])
        .collect();
    assert_eq!(sources, ["environment", "tokenFile", "storedTokens"]);
    assert_eq!(known["overriddenBy"], "HF_TOKEN");
    ok(&app, "open_hub", json!({ "endpoint": null })).await;
    let list = json!({ "kind": "model", "search": "", "cursor": null });
    ok(&app, "repo_list", list).await;
    let records = world.hub.log().records();
    assert!(
        records.iter().all(|record| !record.has_token),
        "nobody has consented"
    );

    let inside = ok(&app, "look_inside", json!({ "source": "storedTokens" })).await;
    assert_eq!(
        inside["names"],
        json!([{ "name": "laptop", "isActive": true }])
    );
    let request = json!({ "source": "storedTokens", "name": "laptop" });
    assert_eq!(ok(&app, "use_found", request).await["name"], USER);
    ok(&app, "keep_token", json!({ "copy": false })).await;
    assert_eq!(accounts(&app).await["accounts"][0]["kept"], "outside");
    app.close().await;

    let app = world.app();
    until_session(&app, |session| session["user"]["name"] == USER).await;
    assert_eq!(download(&app, "mira/m", None).await["state"], "done");
    app.close().await;
}

#[tokio::test]
async fn sharing_writes_what_the_tools_read_and_never_over_somebody_elses_token() {
    let world = World::start(StandIn::builder()).await;
    let name = format!("{USER}'s token");
    let theirs = format!("[{name}]\nhf_token = hf_of_somebody\n\n");
    std::fs::write(world.home().join("stored_tokens"), &theirs).unwrap();
    let app = world.app();
    let id = sign_in(&app, TOKEN).await["account"].clone();
    let known = ok(&app, "share_account", json!({ "id": id, "isOn": true })).await;
    assert_eq!(known["accounts"][0]["isShared"], true);
    let stored = std::fs::read_to_string(world.home().join("stored_tokens")).unwrap();
    assert!(stored.contains(&theirs), "{stored}");
    assert!(
        stored.contains(&format!("[{name} (2)]\nhf_token = {TOKEN}\n")),
        "{stored}"
    );
    assert_eq!(
        std::fs::read_to_string(world.home().join("token")).unwrap(),
        TOKEN
    );

    ok(&app, "share_account", json!({ "id": id, "isOn": false })).await;
    let stored = std::fs::read_to_string(world.home().join("stored_tokens")).unwrap();
    assert_eq!(stored, theirs);
    assert!(!world.home().join("token").is_file());
    app.close().await;
}

#[tokio::test]
async fn a_token_is_shared_with_tools_of_the_same_hub_only() {
    let world = World::start(StandIn::builder()).await;
    let app = world.app_with(("HF_ENDPOINT", "https://hub.example"));
    let request = json!({ "endpoint": world.hub.endpoint(), "token": TOKEN });
    ok(&app, "check_token", request).await;
    let id = ok(&app, "keep_token", json!({ "copy": true })).await["account"].clone();
    let error = call(&app, "share_account", json!({ "id": id, "isOn": true })).await;
    assert!(
        error
            .unwrap_err()
            .message
            .starts_with("The command-line tools speak to https://hub.example")
    );
    assert!(!world.home().join("stored_tokens").is_file());
}

#[tokio::test]
async fn git_gets_the_token_through_a_pipe_when_somebody_says_so() {
    let world = World::start(StandIn::builder()).await;
    let store = world.home().join("git-credentials");
    let settings = format!(
        "[credential]\n\thelper = store --file={}\n",
        store.display()
    );
    std::fs::write(world.home().join(".gitconfig"), settings).unwrap();
    let app = world.app();
    let id = sign_in(&app, TOKEN).await["account"].clone();
    let known = ok(&app, "give_to_git", json!({ "id": id, "isOn": true })).await;
    assert_eq!(known["accounts"][0]["isInGit"], true);
    let kept = std::fs::read_to_string(&store).unwrap();
    assert!(kept.contains(&format!("hf_user:{TOKEN}@")), "{kept}");
    ok(&app, "give_to_git", json!({ "id": id, "isOn": false })).await;
    assert_eq!(std::fs::read_to_string(&store).unwrap().trim(), "");
}

#[tokio::test]
async fn work_whose_token_is_revoked_waits_for_a_sign_in_and_goes_on_without_fetching_twice() {
    const FILES: u64 = 6;
    const SIZE: u64 = 6 << 20;
    const NEW: &str = "hf_canary_new_0123456789";
    let repo = (0..FILES).fold(RepoSeed::model("mira/big").private(USER), |repo, n| {
        repo.large(&format!("w{n}.bin"), Content::random(n, SIZE))
    });
    let world = World::start(StandIn::builder().repo(repo).bandwidth(16 << 20)).await;
    let app = world.app();
    sign_in(&app, TOKEN).await;
    let id = ok(&app, "start_download", all_of("mira/big")).await;
    until(&app, &id, |transfer| {
        transfer["bytesDone"].as_u64() > Some(4 << 20)
    })
    .await;
    // What is on the way goes on; the next file finds out.
    world.hub.people().revoke(TOKEN);
    let parked = until(&app, &id, |transfer| {
        transfer["waitingFor"] == "you to sign in" || transfer["state"] != "running"
    })
    .await;
    assert_eq!(parked["state"], "running", "{parked:#}");
    assert_eq!(parked["stage"], "waiting");
    assert!(
        parked["bytesDone"].as_u64() > Some(4 << 20),
        "the bar stays: {parked:#}"
    );
    assert_eq!(
        accounts(&app).await["accounts"][0]["needsSignIn"],
        "refused"
    );

    world.hub.people().put(NEW, Credential::of(USER));
    sign_in(&app, NEW).await;
    let done = end_of(&app, &id).await;
    assert_eq!(done["state"], "done", "{done:#}");
    let sent: u64 = (0..FILES)
        .map(|n| world.hub.log().body_bytes_of(&format!("w{n}.bin")))
        .sum();
    // What the journals did not know yet: 7 MiB, and what lay in the buffers of the connections.
    assert!(sent < FILES * SIZE + (10 << 20), "{sent} bytes");
    app.close().await;
}

#[tokio::test]
async fn signing_out_stops_what_waits() {
    let repo = RepoSeed::model("mira/m").private(USER).file("a.txt", "a");
    let world = World::start(StandIn::builder().repo(repo)).await;
    let app = world.app();
    let account = sign_in(&app, TOKEN).await["account"].clone();
    world.hub.people().revoke(TOKEN);
    let id = ok(&app, "start_download", all_of("mira/m")).await;
    until(&app, &id, |transfer| {
        transfer["waitingFor"] == "you to sign in"
            && transfer["signInAt"] == world.hub.endpoint().as_str()
    })
    .await;
    ok(&app, "sign_out", json!({ "id": account })).await;
    let end = end_of(&app, &id).await;
    assert_eq!(end["state"], "cancelled");
    app.close().await;
}

/// The program by a clock of its own, signed in with a browser; the token is good for eight hours.
async fn signed_in_with_oauth(world: &World, clock: &Arc<ManualClock>) -> App {
    let app = world.app_at(("X", ""), clock.clone());
    ok(
        &app,
        "start_sign_in",
        json!({ "way": "browser", "endpoint": null }),
    )
    .await;
    let known = until_accounts(&app, |known| known["signIn"]["state"] == "waiting").await;
    let back = browse::consent(known["signIn"]["url"].as_str().unwrap(), USER).await;
    browse::get(&back).await;
    until_accounts(&app, |known| known["accounts"][0]["isActive"] == true).await;
    app
}

fn renewals(world: &World) -> usize {
    let records = world.hub.log().records();
    records
        .iter()
        .filter(|record| record.path == "/oauth/token")
        .count()
        - 1
}

#[tokio::test]
async fn fifty_requests_at_once_renew_a_token_once_and_the_new_one_is_there_after_a_restart() {
    let world = World::start(StandIn::builder().repo(private(USER))).await;
    let clock = Arc::new(ManualClock::default());
    let app = signed_in_with_oauth(&world, &clock).await;
    clock.advance(Duration::from_secs(8 * 3600 - 600));
    let list = json!({ "kind": "model", "search": "", "cursor": null });
    ok(&app, "repo_list", list.clone()).await;
    assert_eq!(renewals(&world), 0, "there is time enough");

    clock.advance(Duration::from_secs(400));
    let requests = (0..50).map(|_| ok(&app, "repo_list", list.clone()));
    futures_util::future::join_all(requests).await;
    assert_eq!(renewals(&world), 1);
    app.close().await;

    let app = world.app_at(("X", ""), clock.clone());
    until_session(&app, |session| session["user"]["name"] == USER).await;
    assert_eq!(download(&app, "mira/m", None).await["state"], "done");
    assert_eq!(renewals(&world), 1, "its end was remembered");
    app.close().await;
}

#[tokio::test]
async fn a_program_takes_over_what_another_has_renewed() {
    let world = World::start(StandIn::builder().repo(private(USER))).await;
    let clock = Arc::new(ManualClock::default());
    let one = signed_in_with_oauth(&world, &clock).await;
    let other = world.app_at(("X", ""), clock.clone());
    until_session(&other, |session| session["user"]["name"] == USER).await;
    clock.advance(Duration::from_secs(8 * 3600 - 100));
    let list = json!({ "kind": "model", "search": "", "cursor": null });
    ok(&one, "repo_list", list.clone()).await;
    ok(&other, "repo_list", list).await;
    assert_eq!(renewals(&world), 1);
    assert_eq!(
        accounts(&other).await["accounts"][0]["needsSignIn"],
        Value::Null
    );
    one.close().await;
    other.close().await;
}

#[tokio::test]
async fn a_token_that_is_refused_is_renewed_once_and_then_asked_for_once() {
    let world = World::start(StandIn::builder().repo(private(USER))).await;
    let clock = Arc::new(ManualClock::default());
    let app = signed_in_with_oauth(&world, &clock).await;
    let revoke = || {
        for token in world.hub.people().tokens_of(USER) {
            world.hub.people().revoke(&token);
        }
    };
    let list = json!({ "kind": "model", "search": "", "cursor": null });
    revoke();
    let requests = (0..20).map(|_| ok(&app, "repo_list", list.clone()));
    futures_util::future::join_all(requests).await;
    assert_eq!(renewals(&world), 1, "nobody noticed");

    revoke();
    let requests = (0..20).map(|_| call(&app, "repo_list", list.clone()));
    let answers = futures_util::future::join_all(requests).await;
    assert!(answers.iter().all(|answer| {
        answer
            .as_ref()
            .is_err_and(|error| error.message == "The token is missing, wrong or expired.")
    }));
    assert_eq!(
        accounts(&app).await["accounts"][0]["needsSignIn"],
        "refused"
    );
    assert_eq!(renewals(&world), 1, "a token this new is not renewed again");
    app.close().await;
}

#[tokio::test]
async fn a_fault_that_passes_while_a_token_is_renewed_does_not_end_the_session() {
    let world = World::start(StandIn::builder().repo(private(USER))).await;
    let clock = Arc::new(ManualClock::default());
    let app = signed_in_with_oauth(&world, &clock).await;
    for token in world.hub.people().tokens_of(USER) {
        world.hub.people().revoke(&token);
    }
    let list = json!({ "kind": "model", "search": "", "cursor": null });
    let trouble = Fault::on(Route::Any, Effect::status(503)).matching("/oauth/token");
    world.hub.faults().add(trouble);
    for _ in 0..2 {
        call(&app, "repo_list", list.clone()).await.unwrap_err();
    }
    assert_eq!(
        accounts(&app).await["accounts"][0]["needsSignIn"],
        Value::Null
    );

    world.hub.faults().clear();
    clock.advance(Duration::from_secs(301));
    ok(&app, "repo_list", list).await;
    app.close().await;
}

#[tokio::test]
async fn a_hub_that_was_not_reached_for_a_renewal_is_asked_again_at_once() {
    let world = World::start(StandIn::builder().repo(private(USER))).await;
    let clock = Arc::new(ManualClock::default());
    let app = signed_in_with_oauth(&world, &clock).await;
    for token in world.hub.people().tokens_of(USER) {
        world.hub.people().revoke(&token);
    }
    let list = json!({ "kind": "model", "search": "", "cursor": null });
    let silence = Effect::Latency(Duration::from_secs(60));
    let trouble = Fault::on(Route::Any, silence).matching("/oauth/token");
    world.hub.faults().add(trouble);
    call(&app, "repo_list", list.clone()).await.unwrap_err();
    world.hub.faults().clear();
    ok(&app, "repo_list", list).await;
    app.close().await;
}

/// The program with the account of the file that the command-line tools go by.
async fn signed_in_by_file(world: &World) -> App {
    world.allow_token_in("token");
    std::fs::write(world.home().join("token"), TOKEN).unwrap();
    let app = world.app();
    ok(
        &app,
        "use_found",
        json!({ "source": "tokenFile", "name": null }),
    )
    .await;
    ok(&app, "keep_token", json!({ "copy": false })).await;
    app
}

#[tokio::test]
async fn a_token_of_the_tools_is_not_sent_to_a_hub_they_do_not_speak_to() {
    let world = World::start(StandIn::builder().repo(private(USER))).await;
    signed_in_by_file(&world).await.close().await;
    let app = world.app_with(("HF_ENDPOINT", "https://hub.example"));
    let known = until_accounts(&app, |known| known["accounts"][0]["limits"][0].is_string()).await;
    assert_eq!(known["accounts"][0]["needsSignIn"], "unreadable");
    let why = known["accounts"][0]["limits"][0].as_str().unwrap();
    assert!(
        why.starts_with("The command-line tools speak to https://hub.example"),
        "{why}"
    );
    app.close().await;
}

#[tokio::test]
async fn an_account_of_the_tools_does_not_become_somebody_else() {
    let builder = StandIn::builder().repo(private(USER)).repo(private(NOOR));
    let world = World::start(builder.user(NOOR, NOORS)).await;
    signed_in_by_file(&world).await.close().await;
    let asked = || {
        let records = world.hub.log().records();
        records
            .iter()
            .filter(|record| record.path.contains("whoami"))
            .count()
    };
    std::fs::write(world.home().join("token"), NOORS).unwrap();
    let before = asked();
    let app = world.app();
    let known = until_accounts(&app, |known| known["accounts"][0]["limits"][0].is_string()).await;
    assert_eq!(known["accounts"][0]["needsSignIn"], "unreadable");
    let why = known["accounts"][0]["limits"][0].as_str().unwrap();
    assert!(
        why.starts_with("The token that is there now is of noor"),
        "{why}"
    );
    assert!(asked() > before);
    assert_ne!(download(&app, "noor/m", None).await["state"], "done");
    app.close().await;
}

#[tokio::test]
async fn a_token_of_the_tools_that_is_another_of_the_same_person_is_taken_over() {
    const NEW: &str = "hf_canary_new_0123456789";
    let builder = StandIn::builder().repo(private(USER));
    let world = World::start(builder.token(NEW, Credential::of(USER))).await;
    let app = signed_in_by_file(&world).await;
    std::fs::write(world.home().join("token"), NEW).unwrap();
    world.hub.people().revoke(TOKEN);
    assert_eq!(download(&app, "mira/m", None).await["state"], "done");
    assert_eq!(
        accounts(&app).await["accounts"][0]["needsSignIn"],
        Value::Null
    );
    app.close().await;
}

#[tokio::test]
async fn nobody_is_signed_out_while_the_keychain_keeps_the_token() {
    let world = World::start(StandIn::builder()).await;
    let app = world.app();
    let id = sign_in(&app, TOKEN).await["account"].clone();
    app.close().await;
    world.set_keychain(false);
    let app = world.app();
    until_accounts(&app, |known| known["keychain"]["state"] == "missing").await;
    let plan = ok(&app, "sign_out_plan", json!({ "id": id })).await;
    assert!(plan["goes"][0].as_str().unwrap().contains("unlocked first"));
    let error = call(&app, "sign_out", json!({ "id": id }))
        .await
        .unwrap_err();
    assert_eq!(
        error.hint.as_deref(),
        Some("Unlock the keychain, then try again.")
    );
    assert_eq!(accounts(&app).await["accounts"][0]["id"], id);

    world.set_keychain(true);
    ok(&app, "sign_out", json!({ "id": id })).await;
    assert_eq!(accounts(&app).await["accounts"], json!([]));
    app.close().await;
}

/// Whoever renews a token waits a while for its answer.
fn slow_renewals(world: &World) {
    let slow = Effect::Latency(Duration::from_millis(100));
    let fault = Fault::on(Route::Any, slow).matching("/oauth/token");
    world.hub.faults().add(fault);
}

#[tokio::test]
async fn two_programs_that_renew_at_the_same_time_spend_one_refresh_token() {
    let world = World::start(StandIn::builder().repo(private(USER))).await;
    let clock = Arc::new(ManualClock::default());
    let one = signed_in_with_oauth(&world, &clock).await;
    let other = world.app_at(("X", ""), clock.clone());
    until_session(&other, |session| session["user"]["name"] == USER).await;
    clock.advance(Duration::from_secs(8 * 3600 - 100));
    slow_renewals(&world);
    let list = json!({ "kind": "model", "search": "", "cursor": null });
    tokio::join!(
        ok(&one, "repo_list", list.clone()),
        ok(&other, "repo_list", list)
    );
    assert_eq!(renewals(&world), 1);
    for app in [one, other] {
        assert_eq!(
            accounts(&app).await["accounts"][0]["needsSignIn"],
            Value::Null
        );
        app.close().await;
    }
}

#[tokio::test]
async fn who_signs_out_while_a_token_is_renewed_stays_signed_out() {
    let world = World::start(StandIn::builder()).await;
    let clock = Arc::new(ManualClock::default());
    let app = signed_in_with_oauth(&world, &clock).await;
    let id = accounts(&app).await["accounts"][0]["id"].clone();
    clock.advance(Duration::from_secs(8 * 3600 - 100));
    slow_renewals(&world);
    let list = json!({ "kind": "model", "search": "", "cursor": null });
    let (_, session) = tokio::join!(
        call(&app, "repo_list", list),
        ok(&app, "sign_out", json!({ "id": id }))
    );
    assert_eq!(renewals(&world), 1, "they have met");
    assert_eq!(session["stage"], "welcome");
    app.close().await;
    let app = world.app();
    let known = until_accounts(&app, |known| known["keychain"]["state"] == "works").await;
    assert_eq!(known["accounts"], json!([]));
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

#[tokio::test]
async fn a_keychain_that_answers_later_opens_the_account_that_was_open() {
    let world = World::start(StandIn::builder()).await;
    let app = world.app();
    let id = sign_in(&app, TOKEN).await["account"].clone();
    app.close().await;
    world.set_keychain(false);
    let app = world.app();
    until_accounts(&app, |known| known["keychain"]["state"] == "missing").await;
    world.set_keychain(true);
    ok(&app, "retry_keychain", Value::Null).await;
    assert_eq!(ok(&app, "session", Value::Null).await["account"], id);
    app.close().await;
}

#[tokio::test]
async fn a_transfer_begun_again_uses_the_token_its_account_has_now() {
    const NEW: &str = "hf_canary_new_0123456789";
    let world = World::start(StandIn::builder().repo(private(USER))).await;
    let app = world.app();
    let account = sign_in(&app, TOKEN).await["account"].clone();
    world.hub.people().revoke(TOKEN);
    let id = ok(&app, "start_download", all_of("mira/m")).await;
    let parked = until(&app, &id, |transfer| {
        transfer["waitingFor"] == "you to sign in"
    });
    assert_eq!(parked.await["endpoint"], world.hub.endpoint());
    ok(&app, "sign_out", json!({ "id": account })).await;
    assert_eq!(end_of(&app, &id).await["state"], "cancelled");
    let request = json!({ "id": id });
    let error = call(&app, "retry_transfer", request.clone()).await;
    assert!(error.unwrap_err().message.contains("not in the list"));

    world.hub.people().put(NEW, Credential::of(USER));
    sign_in(&app, NEW).await;
    ok(&app, "retry_transfer", request).await;
    let done = end_of(&app, &id).await;
    assert_eq!(done["state"], "done", "{done:#}");
    app.close().await;
}

#[tokio::test]
async fn what_somebody_has_put_in_the_place_of_a_shared_token_stays() {
    let world = World::start(StandIn::builder()).await;
    let app = world.app();
    let id = sign_in(&app, TOKEN).await["account"].clone();
    ok(&app, "share_account", json!({ "id": id, "isOn": true })).await;
    let file = world.home().join("stored_tokens");
    let shared = std::fs::read_to_string(&file).unwrap();
    let theirs = shared.replace(TOKEN, "hf_of_somebody");
    std::fs::write(&file, &theirs).unwrap();
    // Who has to sign in again can still take back what was given.
    world.hub.people().revoke(TOKEN);
    let list = json!({ "kind": "model", "search": "", "cursor": null });
    let _ = call(&app, "repo_list", list).await;
    let known = ok(&app, "share_account", json!({ "id": id, "isOn": false })).await;
    assert_eq!(known["accounts"][0]["needsSignIn"], "refused");
    assert_eq!(known["accounts"][0]["isShared"], false);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), theirs);
    app.close().await;
}
