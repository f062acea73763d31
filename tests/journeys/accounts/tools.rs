//! What the command-line tools and git have, and what they are given.

use hubdesk_disk::LockFile;

use super::*;

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
    ok(&app, "repo_list", list()).await;
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
    let _ = call(&app, "repo_list", list()).await;
    let known = ok(&app, "share_account", json!({ "id": id, "isOn": false })).await;
    assert_eq!(known["accounts"][0]["needsSignIn"], "refused");
    assert_eq!(known["accounts"][0]["isShared"], false);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), theirs);
    app.close().await;
}

#[tokio::test]
async fn who_holds_the_files_of_the_tools_does_not_hold_a_sign_in_and_the_tools_follow_later() {
    const NEW: &str = "hf_canary_new_0123456789";
    let builder = StandIn::builder().token(NEW, Credential::of(USER));
    let world = World::start(builder).await;
    world.allow_token_in("token");
    world.allow_token_in("stored_tokens");
    let app = world.app();
    let id = sign_in(&app, TOKEN).await["account"].clone();
    ok(&app, "share_account", json!({ "id": id, "isOn": true })).await;
    let file = world.home().join("stored_tokens");
    let lock = LockFile::try_lock(&world.home().join("stored_tokens.lock"));
    let lock = lock.unwrap().expect("nobody else is at work");
    assert_eq!(sign_in(&app, NEW).await["account"], id);
    let stored = std::fs::read_to_string(&file).unwrap();
    assert!(stored.contains(TOKEN), "they are as they were: {stored}");
    drop(lock);
    app.close().await;
    let stored = std::fs::read_to_string(&file).unwrap();
    assert!(stored.contains(NEW) && !stored.contains(TOKEN), "{stored}");
}
