//! The command line's sign-ins: no keychain is there, as on a server.

use std::process::{Command, Output};

use hubdesk_standin::{RepoSeed, StandIn};
use hubdesk_tests::{TOKEN, USER, World};
use serde_json::Value;

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

async fn run(world: &World, args: &[&str]) -> Output {
    let mut command = world.cli();
    command.args(args);
    output(command).await
}

/// The Hub of the world answers on this thread, so nobody may wait on it.
async fn output(mut command: Command) -> Output {
    tokio::task::spawn_blocking(move || command.output().unwrap())
        .await
        .unwrap()
}

#[tokio::test]
async fn without_a_keychain_a_token_is_kept_only_where_somebody_wants_it() {
    let world = World::start(StandIn::builder()).await;
    world.allow_token_in_processes();
    let login = ["auth", "login", "--token", TOKEN];
    let refused = run(&world, &login).await;
    assert!(!refused.status.success());
    let said = text(&refused.stderr);
    assert!(said.contains("There is no keychain here"), "{said}");
    assert!(said.contains("--share"), "{said}");
    assert!(!world.home().join("stored_tokens").is_file());

    world.allow_token_in("token");
    world.allow_token_in("stored_tokens");
    let shared = [&login[..], &["--share", "--json"]].concat();
    let account = json(&run(&world, &shared).await);
    assert_eq!(account["user"], USER);
    assert_eq!(account["kept"], "outside");
    let listed = json(&run(&world, &["auth", "list", "--json"]).await);
    assert_eq!(listed["accounts"][0]["is_active"], true);
    let who = json(&run(&world, &["auth", "whoami", "--json"]).await);
    assert_eq!(who["user"], USER);

    let gone = json(&run(&world, &["auth", "logout", "--json"]).await);
    assert_eq!(gone["signed_out"][0]["user"], USER);
    let listed = json(&run(&world, &["auth", "list", "--json"]).await);
    assert_eq!(listed["accounts"], serde_json::json!([]));
    assert!(!world.home().join("token").is_file());
    let nobody = run(&world, &["auth", "whoami"]).await;
    assert!(!nobody.status.success());
}

#[tokio::test]
async fn a_download_uses_the_account_and_the_environment_wins() {
    const NOORS: &str = "hf_canary_noor_987";
    let repo = RepoSeed::model("mira/m").private(USER).file("a.txt", "a");
    let builder = StandIn::builder().repo(repo).user("noor", NOORS);
    let world = World::start(builder).await;
    world.allow_token_in_processes();
    world.allow_token_in("token");
    world.allow_token_in("stored_tokens");
    let download = ["download", "mira/m"];
    assert!(!run(&world, &download).await.status.success());
    let login = ["auth", "login", "--token", TOKEN, "--share", "--json"];
    json(&run(&world, &login).await);
    // Without it the file alone would do as well.
    std::fs::remove_file(world.home().join("token")).unwrap();
    let done = run(&world, &download).await;
    assert!(done.status.success(), "{}", text(&done.stderr));
    let mut who = world.cli();
    who.args(["auth", "whoami", "--json"])
        .env("HF_TOKEN", NOORS);
    let who = output(who).await;
    assert_eq!(json(&who)["user"], "noor");
    assert!(text(&who.stderr).contains("HF_TOKEN is set and wins"));
}

#[tokio::test]
async fn a_code_on_another_device_signs_the_command_line_in() {
    let world = World::start(StandIn::builder()).await;
    world.allow_token_in("token");
    world.allow_token_in("stored_tokens");
    let mut command = world.cli();
    command.args(["auth", "login", "--share", "--json"]);
    let running = tokio::spawn(output(command));
    // It asks whether somebody has decided, so it waits.
    world.asked_for("/oauth/token").await;
    world.hub.allow_devices(USER);
    let account = json(&running.await.unwrap());
    assert_eq!(account["user"], USER);
    assert_eq!(account["token_name"], Value::Null);
}

#[tokio::test]
async fn who_is_signed_in_already_is_told_so_and_who_is_refused_signs_in_anew() {
    let world = World::start(StandIn::builder()).await;
    world.allow_token_in_processes();
    world.allow_token_in("token");
    world.allow_token_in("stored_tokens");
    let first = ["auth", "login", "--token", TOKEN, "--share"];
    let first = run(&world, &first).await;
    assert!(text(&first.stdout).starts_with("Signed in as"));
    let again = run(&world, &["auth", "login", "--share"]).await;
    let said = text(&again.stdout);
    assert!(said.starts_with("Already signed in as"), "{said}");
    let token = run(&world, &["auth", "token"]).await;
    assert_eq!(text(&token.stdout).trim(), TOKEN);

    world.hub.people().revoke(TOKEN);
    let mut command = world.cli();
    command.args(["auth", "login", "--share"]);
    let running = tokio::spawn(output(command));
    world.asked_for("/oauth/token").await;
    world.hub.allow_devices(USER);
    let anew = running.await.unwrap();
    let said = text(&anew.stdout);
    assert!(said.starts_with("Signed in as"), "{said}");
}

#[tokio::test]
async fn who_switches_is_told_the_account_that_is_used_from_now_on() {
    const NOORS: &str = "hf_canary_noor_987";
    let world = World::start(StandIn::builder().user("noor", NOORS)).await;
    world.allow_token_in_processes();
    world.allow_token_in("token");
    world.allow_token_in("stored_tokens");
    for token in [TOKEN, NOORS] {
        json(
            &run(
                &world,
                &["auth", "login", "--share", "--json", "--token", token],
            )
            .await,
        );
    }
    let now = json(&run(&world, &["auth", "switch", "--token-name", USER, "--json"]).await);
    assert_eq!(
        (&now["user"], &now["is_active"]),
        (&USER.into(), &true.into())
    );
    let who = json(&run(&world, &["auth", "whoami", "--json"]).await);
    assert_eq!(who["user"], USER);
}
