//! A keychain that is missing, or answers later.

use super::*;

/// Somebody has signed in, and at the next start the keychain is not there.
async fn restarted_without_keychain(world: &World) -> (App, Value) {
    let app = world.app();
    let id = sign_in(&app, TOKEN).await["account"].clone();
    app.close().await;
    world.set_keychain(false);
    let app = world.app();
    until_accounts(&app, |known| known["keychain"]["state"] == "missing").await;
    (app, id)
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
async fn nobody_is_signed_out_while_the_keychain_keeps_the_token() {
    let world = World::start(StandIn::builder()).await;
    let (app, id) = restarted_without_keychain(&world).await;
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

#[tokio::test]
async fn a_keychain_that_answers_later_opens_the_account_that_was_open() {
    let world = World::start(StandIn::builder()).await;
    let (app, id) = restarted_without_keychain(&world).await;
    world.set_keychain(true);
    ok(&app, "retry_keychain", Value::Null).await;
    assert_eq!(ok(&app, "session", Value::Null).await["account"], id);
    app.close().await;
}
