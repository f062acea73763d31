//! The program is killed, and started again.

use super::program::Program;
use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_program_goes_on_by_itself_and_fetches_little_twice() {
    const KILLS: u64 = 3;
    let world = slow_world().await;
    let mut program = Program::start(&world);
    program.call("open_hub", json!({ "endpoint": null })).await;
    program
        .call("start_download", download_of("org/m", None))
        .await;
    for kill in 1..=KILLS {
        let enough = kill * (2 << 20);
        program
            .until(|transfer| transfer["bytesDone"].as_u64() > Some(enough))
            .await;
        program.kill();
        program = Program::start(&world);
    }
    let done = program.until(is("done")).await;
    assert_eq!(done["bytesDone"], SIZE);
    let sent = world.hub.log().body_bytes_of("w.bin");
    assert!(
        sent < SIZE + KILLS * (8 << 20),
        "{sent} bytes were sent for {SIZE}"
    );
    program.kill();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_transfer_is_paused_after_a_kill() {
    let world = slow_world().await;
    let mut program = Program::start(&world);
    program.call("open_hub", json!({ "endpoint": null })).await;
    let id = program
        .call("start_download", download_of("org/m", None))
        .await;
    program.until(has_some).await;
    program.call("pause_transfer", json!({ "id": id })).await;
    program.kill();
    let mut program = Program::start(&world);
    let paused = program.until(|transfer| transfer["id"] == id).await;
    assert_eq!(paused["state"], "paused", "{paused:#}");
    program.call("resume_transfer", json!({ "id": id })).await;
    program.until(is("done")).await;
    program.kill();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_a_lost_token_may_read_waits_for_it_and_is_not_missing() {
    let repo = RepoSeed::model("mira/p").private(hubdesk_tests::USER);
    let repo = repo.large("w.bin", Content::random(7, SIZE));
    let world = World::start(StandIn::builder().repo(repo).bandwidth(8 << 20)).await;
    let sign_in = async |program: &Program| {
        let request = json!({ "endpoint": null, "token": hubdesk_tests::TOKEN });
        program.call("check_token", request).await;
        program.call("keep_token", json!({ "copy": true })).await;
    };
    let mut program = Program::start(&world);
    sign_in(&program).await;
    program
        .call("start_download", download_of("mira/p", None))
        .await;
    program.until(has_some).await;
    program.kill();
    // Its keychain has gone with it.
    let mut program = Program::start(&world);
    program
        .until(|transfer| transfer["blocked"] == "signedOut")
        .await;
    sign_in(&program).await;
    program.until(is("done")).await;
    program.kill();
}
