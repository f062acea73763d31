//! Work that waits for somebody to sign in.

use super::*;

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
    let parked = until(&app, &id, is_settled).await;
    assert_eq!(parked["state"], "blocked", "{parked:#}");
    assert_eq!(parked["blocked"], "signedOut");
    assert_eq!(parked["waitingFor"], "you to sign in");
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
    let done = until(&app, &id, |transfer| transfer["state"] == "done").await;
    assert_eq!(done["blocked"], Value::Null);
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
    assert_eq!(end["state"], "cancelled", "{end:#}");
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
    ok(&app, "retry_transfer", request).await;
    let parked = end_of(&app, &id).await;
    assert_eq!(parked["blocked"], "signedOut", "{parked:#}");
    let said = parked["error"]["message"].as_str().unwrap();
    assert!(said.contains("not signed in"), "{said}");

    world.hub.people().put(NEW, Credential::of(USER));
    sign_in(&app, NEW).await;
    until(&app, &id, |transfer| transfer["state"] == "done").await;
    app.close().await;
}
