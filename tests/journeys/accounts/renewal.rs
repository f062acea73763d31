//! Tokens that end and are renewed.

use super::*;

/// A world with a private repository, and the program signed in there with a browser.
async fn signed_in_somewhere() -> (World, Arc<ManualClock>, App) {
    let world = World::start(StandIn::builder().repo(private(USER))).await;
    let clock = Arc::new(ManualClock::default());
    let app = signed_in_with_oauth(&world, &clock).await;
    (world, clock, app)
}

/// The Hub takes none of the person's tokens any more.
fn revoke(world: &World) {
    for token in world.hub.people().tokens_of(USER) {
        world.hub.people().revoke(&token);
    }
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
    let (world, clock, app) = signed_in_somewhere().await;
    clock.advance(Duration::from_secs(8 * 3600 - 600));
    ok(&app, "repo_list", list()).await;
    assert_eq!(renewals(&world), 0, "there is time enough");

    clock.advance(Duration::from_secs(400));
    let requests = (0..50).map(|_| ok(&app, "repo_list", list()));
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
    let (world, clock, one) = signed_in_somewhere().await;
    let other = world.app_at(("X", ""), clock.clone());
    until_session(&other, |session| session["user"]["name"] == USER).await;
    clock.advance(Duration::from_secs(8 * 3600 - 100));
    ok(&one, "repo_list", list()).await;
    ok(&other, "repo_list", list()).await;
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
    let (world, _, app) = signed_in_somewhere().await;
    revoke(&world);
    let requests = (0..20).map(|_| ok(&app, "repo_list", list()));
    futures_util::future::join_all(requests).await;
    assert_eq!(renewals(&world), 1, "nobody noticed");

    revoke(&world);
    let requests = (0..20).map(|_| call(&app, "repo_list", list()));
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
    let (world, clock, app) = signed_in_somewhere().await;
    revoke(&world);
    let trouble = Fault::on(Route::Any, Effect::status(503)).matching("/oauth/token");
    world.hub.faults().add(trouble);
    for _ in 0..2 {
        call(&app, "repo_list", list()).await.unwrap_err();
    }
    assert_eq!(
        accounts(&app).await["accounts"][0]["needsSignIn"],
        Value::Null
    );

    world.hub.faults().clear();
    clock.advance(Duration::from_secs(301));
    ok(&app, "repo_list", list()).await;
    app.close().await;
}

#[tokio::test]
async fn a_hub_that_was_not_reached_for_a_renewal_is_asked_again_at_once() {
    let world = World::start(StandIn::builder().repo(private(USER))).await;
    world.set_read_timeout(Duration::from_secs(2));
    let clock = Arc::new(ManualClock::default());
    let app = signed_in_with_oauth(&world, &clock).await;
    revoke(&world);
    let silence = Effect::Latency(Duration::from_secs(60));
    let trouble = Fault::on(Route::Any, silence).matching("/oauth/token");
    world.hub.faults().add(trouble);
    call(&app, "repo_list", list()).await.unwrap_err();
    world.hub.faults().clear();
    ok(&app, "repo_list", list()).await;
    app.close().await;
}

/// Whoever renews a token waits a while for its answer.
fn slow_renewals(world: &World) {
    let slow = Effect::Latency(Duration::from_millis(300));
    let fault = Fault::on(Route::Any, slow).matching("/oauth/token");
    world.hub.faults().add(fault);
}

#[tokio::test]
async fn two_programs_that_renew_at_the_same_time_spend_one_refresh_token() {
    let (world, clock, one) = signed_in_somewhere().await;
    let other = world.app_at(("X", ""), clock.clone());
    until_session(&other, |session| session["user"]["name"] == USER).await;
    clock.advance(Duration::from_secs(8 * 3600 - 100));
    slow_renewals(&world);
    tokio::join!(
        ok(&one, "repo_list", list()),
        ok(&other, "repo_list", list())
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
    let (world, clock, app) = signed_in_somewhere().await;
    let id = accounts(&app).await["accounts"][0]["id"].clone();
    clock.advance(Duration::from_secs(8 * 3600 - 100));
    slow_renewals(&world);
    let (_, session) = tokio::join!(
        call(&app, "repo_list", list()),
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
async fn a_token_that_is_renewed_while_the_program_closes_is_kept() {
    let (world, clock, app) = signed_in_somewhere().await;
    clock.advance(Duration::from_secs(8 * 3600 - 100));
    slow_renewals(&world);
    tokio::select! {
        answer = call(&app, "repo_list", list()) => panic!("it is renewed first: {answer:?}"),
        () = hubdesk_tests::until_so("a renewal begins", || renewals(&world) > 0) => {}
    }
    // Whoever has asked does not wait any more.
    app.close().await;
    drop(app);
    world.hub.faults().clear();

    let app = world.app_at(("X", ""), clock.clone());
    until_session(&app, |session| session["user"]["name"] == USER).await;
    ok(&app, "repo_list", list()).await;
    assert_eq!(renewals(&world), 1, "the new one was there");
    assert_eq!(
        accounts(&app).await["accounts"][0]["needsSignIn"],
        Value::Null
    );
    app.close().await;
}
