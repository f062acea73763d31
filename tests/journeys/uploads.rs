//! Uploads, from what a person chooses to what is at the Hub.

use std::path::{Path, PathBuf};
use std::time::Duration;

use futures_util::StreamExt as _;
use hubdesk_app::App;
use hubdesk_core::{RepoId, RepoKind};
use hubdesk_standin::{Change, Credential, Effect, Fault, RepoSeed, Route, StandIn};
use hubdesk_tests::{
    PATIENCE, TOKEN, USER, World, call, end_of, is_settled, ok, sign_in, until, until_so,
};
use serde_json::{Value, json};

use crate::queue::program::Program;

pub(crate) const NAME: &str = "mira/m";

pub(crate) fn seed() -> RepoSeed {
    RepoSeed::model(NAME)
        .file("README.md", "# m\n")
        .file("a.txt", "a")
}

pub(crate) fn id() -> RepoId {
    RepoId::new(RepoKind::Model, NAME).unwrap()
}

/// A folder to upload, in the home of the world.
pub(crate) fn folder(world: &World, files: &[(&str, &str)]) -> PathBuf {
    let folder = world.home().join("up");
    for (name, content) in files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    folder
}

pub(crate) async fn signed_in(world: &World) -> App {
    let app = world.app();
    sign_in(&app, TOKEN).await;
    app
}

/// What is asked to upload all of `folder` onto `main`.
pub(crate) async fn upload_of(world: &World, app: &App, folder: &Path) -> Value {
    world.opened.picks(folder);
    let picked = ok(app, "pick_source_folder", Value::Null).await;
    all_of(&picked[0]["id"])
}

fn all_of(source: &Value) -> Value {
    json!({
        "repo": { "kind": "model", "name": NAME },
        "create": null,
        "onto": { "type": "branch", "name": "main", "create": false },
        "sources": [{ "source": source, "to": "" }],
        "include": [],
        "exclude": [],
        "leaveOutJunk": true,
        "leaveOutIgnored": true,
        "remove": null,
    })
}

fn start_of(upload: Value, expect: &Value) -> Value {
    json!({
        "upload": upload,
        "title": "Ours",
        "description": "",
        "acknowledged": [],
        "expect": expect,
        "class": "normal",
    })
}

pub(crate) async fn start(app: &App, upload: Value) -> Value {
    ok(app, "start_upload", start_of(upload, &Value::Null)).await
}

/// Waits until a preview is there.
pub(crate) async fn plan_of(app: &App, upload: Value) -> (Value, Value) {
    let id = ok(app, "start_preview", upload).await;
    let plan = plan_when_ready(app, &id).await;
    (id, plan)
}

/// What a preview has found.
pub(crate) async fn plan_when_ready(app: &App, id: &Value) -> Value {
    let wait = async {
        loop {
            let seen = ok(app, "upload_preview", json!({ "id": id })).await;
            match seen["type"].as_str() {
                Some("ready") => return seen["plan"].clone(),
                Some("looking") => tokio::time::sleep(Duration::from_millis(5)).await,
                _ => panic!("{seen:#}"),
            }
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.unwrap()
}

pub(crate) async fn result(app: &App, id: &Value) -> Value {
    ok(app, "upload_result", json!({ "id": id })).await
}

/// The paths of the files of a transfer that are where they should be.
async fn done_files(app: &App, id: &Value) -> u64 {
    let request = json!({ "id": id, "after": 0, "limit": 10, "state": "done" });
    ok(app, "transfer_files", request).await["total"]
        .as_u64()
        .unwrap()
}

#[tokio::test]
async fn a_folder_goes_into_a_new_private_repository_as_its_preview_says() {
    let world = World::start(StandIn::builder()).await;
    let app = signed_in(&world).await;
    let folder = folder(
        &world,
        &[
            ("README.md", "# m\n"),
            ("d/ü.txt", "u"),
            (".DS_Store", "j"),
            (".gitignore", "*.log\n"),
            ("x.log", "l"),
        ],
    );
    let mut upload = upload_of(&world, &app, &folder).await;
    upload["create"] = json!({ "visibility": "private", "sdk": null });
    let (preview, plan) = plan_of(&app, upload.clone()).await;
    assert_eq!(plan["base"], Value::Null, "{plan:#}");
    assert_eq!(plan["filesToSend"], 3);
    assert_eq!(plan["findings"], json!([]));
    let left_out = json!({ "id": preview, "after": 0, "limit": 10, "fate": "leftOut" });
    let left_out = ok(&app, "preview_files", left_out).await;
    assert_eq!(left_out["total"], 2, "{left_out:#}");
    ok(&app, "close_preview", json!({ "id": preview })).await;

    let transfer = start(&app, upload).await;
    let done = end_of(&app, &transfer).await;
    assert_eq!(done["state"], "done", "{done:#}");
    assert_eq!(done["kind"], "upload");
    assert_eq!(
        done["into"],
        json!({ "type": "repo", "isPullRequest": false })
    );
    assert_eq!(
        (&done["filesTotal"], &done["filesDone"]),
        (&json!(3), &json!(3))
    );
    assert_eq!(done_files(&app, &transfer).await, 3);
    let led_to = result(&app, &transfer).await;
    let commit = led_to["commits"][0]["id"].as_str().unwrap();
    assert_eq!(
        world.hub.hub().head(&id(), "main").unwrap().as_str(),
        commit
    );
    let page = format!("{}/{NAME}", world.hub.endpoint());
    assert_eq!(led_to["url"], page.as_str());
    assert_eq!(
        led_to["commits"][0]["url"],
        format!("{page}/commit/{commit}")
    );
    let request = json!({ "repo": { "kind": "model", "name": NAME }, "revision": "main" });
    let overview = ok(&app, "repo_overview", request).await;
    assert_eq!(overview["isPrivate"], true, "{overview:#}");
    app.close().await;
}

#[tokio::test]
async fn a_pull_request_is_opened_and_named_in_the_result() {
    let world = World::start(StandIn::builder().repo(seed())).await;
    let app = signed_in(&world).await;
    let folder = folder(&world, &[("a.txt", "ours")]);
    let mut upload = upload_of(&world, &app, &folder).await;
    upload["onto"] = json!({ "type": "pullRequest" });
    let before = world.hub.hub().head(&id(), "main");
    let id_of = start(&app, upload).await;
    let done = end_of(&app, &id_of).await;
    assert_eq!(done["state"], "done", "{done:#}");
    assert_eq!(world.hub.hub().head(&id(), "main"), before);
    let led_to = result(&app, &id_of).await;
    let number = &led_to["pullRequest"]["number"];
    let head = world.hub.hub().head(&id(), &format!("refs/pr/{number}"));
    assert_eq!(led_to["commits"][0]["id"], head.unwrap().as_str());
    app.close().await;
}

#[tokio::test]
async fn only_what_was_given_out_can_be_uploaded() {
    let world = World::start(StandIn::builder().repo(seed())).await;
    let app = signed_in(&world).await;
    let folder = folder(&world, &[("a.txt", "ours")]);
    let typed = all_of(&json!(folder.to_str().unwrap()));
    let refused = call(&app, "start_upload", start_of(typed, &Value::Null)).await;
    assert!(refused.is_err(), "{refused:?}");

    let mut events = app.subscribe();
    // The snapshot.
    assert!(events.next().await.is_some());
    app.dropped(vec![folder.join("a.txt"), folder.join("gone")])
        .await;
    let dropped = loop {
        let next = tokio::time::timeout(PATIENCE, events.next()).await;
        let event = serde_json::to_value(next.unwrap().unwrap()).unwrap();
        if event["type"] == "dropped" {
            break event["sources"].clone();
        }
    };
    assert_eq!(dropped.as_array().unwrap().len(), 1, "{dropped:#}");
    assert_eq!(dropped[0]["name"], "a.txt");
    let mut upload = all_of(&dropped[0]["id"]);
    upload["sources"][0]["to"] = json!("d/b.txt");
    let id = start(&app, upload).await;
    assert_eq!(end_of(&app, &id).await["state"], "done");
    app.close().await;
}

#[tokio::test]
async fn what_was_copied_elsewhere_is_pasted_under_an_id_like_what_was_chosen() {
    let world = World::start(StandIn::builder().repo(seed())).await;
    let app = signed_in(&world).await;
    let nothing = ok(&app, "paste_files", Value::Null).await;
    assert_eq!(nothing, json!([]));
    let folder = folder(&world, &[("a.txt", "ours")]);
    world
        .opened
        .picks_files(&[folder.join("a.txt"), folder.clone(), folder.join("gone")]);
    let pasted = ok(&app, "paste_files", Value::Null).await;
    let [file, in_folder] = &pasted.as_array().unwrap()[..] else {
        panic!("{pasted:#}");
    };
    assert_eq!(
        (&file["name"], &file["bytes"]),
        (&json!("a.txt"), &json!(4))
    );
    assert_eq!(in_folder["isFolder"], true);
    let id = start(&app, all_of(&in_folder["id"])).await;
    assert_eq!(end_of(&app, &id).await["state"], "done");
    app.close().await;
}

#[tokio::test]
async fn what_others_have_changed_meanwhile_is_replaced_only_when_a_person_says_so() {
    let world = World::start(StandIn::builder().repo(seed())).await;
    let app = signed_in(&world).await;
    let folder = folder(&world, &[("a.txt", "ours")]);
    let upload = upload_of(&world, &app, &folder).await;
    let (_, plan) = plan_of(&app, upload.clone()).await;
    let theirs = [Change::file("a.txt", "theirs".to_owned())];
    let head = world.hub.hub().commit(&id(), "main", "Theirs", theirs);
    let id_of = ok(&app, "start_upload", start_of(upload, &plan["base"])).await;
    let blocked = end_of(&app, &id_of).await;
    assert_eq!(blocked["blocked"], "conflict", "{blocked:#}");
    let said = blocked["error"]["message"].as_str().unwrap();
    assert!(said.contains("changed by somebody else"), "{said}");
    assert_eq!(world.hub.hub().head(&id(), "main"), Some(head));

    ok(&app, "overwrite_transfer", json!({ "id": id_of })).await;
    let done = until(&app, &id_of, |transfer| transfer["state"] == "done").await;
    assert_eq!(done["error"], Value::Null);
    let led_to = result(&app, &id_of).await;
    assert_eq!(led_to["commits"].as_array().unwrap().len(), 1);
    app.close().await;
}

#[tokio::test]
async fn a_secret_waits_until_a_person_has_acknowledged_it() {
    let world = World::start(StandIn::builder().repo(seed())).await;
    let app = signed_in(&world).await;
    let folder = folder(&world, &[(".env", "A=1"), ("b.txt", "b")]);
    let upload = upload_of(&world, &app, &folder).await;
    let (_, plan) = plan_of(&app, upload.clone()).await;
    assert_eq!(plan["findings"][0]["kind"], "secret", "{plan:#}");
    assert_eq!(plan["findings"][0]["isBlocking"], true);
    let before = world.hub.hub().head(&id(), "main");
    let id_of = start(&app, upload).await;
    let blocked = end_of(&app, &id_of).await;
    assert_eq!(blocked["blocked"], "secret", "{blocked:#}");
    assert_eq!(world.hub.hub().head(&id(), "main"), before);
    let request = json!({ "id": id_of, "paths": [".env"] });
    ok(&app, "acknowledge_secrets", request).await;
    until(&app, &id_of, |transfer| transfer["state"] == "done").await;
    app.close().await;
}

#[tokio::test]
async fn a_revoked_token_waits_for_a_sign_in_and_a_plan_that_is_exhausted_is_said() {
    const NEW: &str = "hf_canary_new_0123456789";
    let world = World::start(StandIn::builder().repo(seed())).await;
    let app = signed_in(&world).await;
    let folder = folder(&world, &[("b.txt", "b")]);
    let upload = upload_of(&world, &app, &folder).await;
    world.hub.people().revoke(TOKEN);
    let id_of = start(&app, upload.clone()).await;
    let parked = until(&app, &id_of, |transfer| transfer["blocked"] == "signedOut").await;
    assert_eq!(parked["signInAt"], world.hub.endpoint().as_str());
    world.hub.people().put(NEW, Credential::of(USER));
    sign_in(&app, NEW).await;
    until(&app, &id_of, |transfer| transfer["state"] == "done").await;

    for (status, code) in [(402, "paymentNeeded"), (403, "forbidden")] {
        std::fs::write(folder.join("b.txt"), format!("for {status}")).unwrap();
        let fault = Fault::on(Route::Change, Effect::status(status)).matching("/commit/");
        world.hub.faults().add(fault);
        let id_of = start(&app, upload.clone()).await;
        let failed = end_of(&app, &id_of).await;
        assert_eq!(failed["state"], "failed", "{failed:#}");
        assert_eq!(failed["error"]["code"], code);
        world.hub.faults().clear();
        ok(&app, "retry_transfer", json!({ "id": id_of })).await;
        until(&app, &id_of, |transfer| transfer["state"] == "done").await;
    }
    app.close().await;
}

const FILES: u64 = 600;

/// More than goes into one commit, and a Hub that takes its time over each.
async fn slow_commits() -> (World, PathBuf) {
    // Long enough for a busy machine to see what is there between two of them.
    let slow = Effect::Latency(Duration::from_secs(3));
    let slow = Fault::on(Route::Change, slow).matching("/commit/");
    let world = World::start(StandIn::builder().repo(seed()).fault(slow)).await;
    let names: Vec<_> = (0..FILES).map(|n| format!("{n:04}.txt")).collect();
    let files: Vec<_> = names.iter().map(|name| (&**name, &**name)).collect();
    let folder = folder(&world, &files);
    (world, folder)
}

fn commits_asked_for(world: &World) -> usize {
    let records = world.hub.log().records();
    let commits = records.iter().filter(|one| one.path.contains("/commit/"));
    commits.count()
}

fn has_committed(transfer: &Value) -> bool {
    let done = transfer["filesDone"].as_u64();
    done > Some(0) && done < Some(FILES)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_upload_goes_on_behind_what_it_has_committed() {
    let (world, folder) = slow_commits().await;
    let app = signed_in(&world).await;
    let upload = upload_of(&world, &app, &folder).await;
    let id_of = start(&app, upload).await;
    until(&app, &id_of, has_committed).await;
    ok(&app, "pause_transfer", json!({ "id": id_of })).await;
    let paused = until(&app, &id_of, is_settled).await;
    assert_eq!(paused["state"], "paused", "{paused:#}");
    ok(&app, "resume_transfer", json!({ "id": id_of })).await;
    let done = until(&app, &id_of, |transfer| transfer["state"] == "done").await;
    assert_eq!(done["filesDone"], FILES);
    let led_to = result(&app, &id_of).await;
    let commits = led_to["commits"].as_array().unwrap().len();
    assert!(commits > 1, "{led_to:#}");
    assert_eq!(commits_asked_for(&world), commits, "none was made twice");
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_upload_goes_on_without_sending_again_what_it_has_committed() {
    let (world, folder) = slow_commits().await;
    let mut program = Program::start_with_folder(&world, &folder);
    sign_in_to(&program).await;
    let picked = program.call("pick_source_folder", Value::Null).await;
    let request = start_of(all_of(&picked[0]["id"]), &Value::Null);
    let id_of = program.call("start_upload", request).await;
    program.until(has_committed).await;
    let before = program.call("upload_result", json!({ "id": id_of })).await;
    assert_ne!(before["commits"], json!([]));
    program.kill();

    // Its keychain has gone with it, so the queue waits for somebody.
    let program = Program::start_with_folder(&world, &folder);
    program
        .until(|transfer| transfer["blocked"] == "signedOut")
        .await;
    sign_in_to(&program).await;
    let done = program.until(|transfer| transfer["state"] == "done").await;
    assert_eq!(done["filesDone"], FILES);
    let after = program.call("upload_result", json!({ "id": id_of })).await;
    assert_eq!(after["base"], before["base"]);
    assert_eq!(after["commits"][0], before["commits"][0]);
    // 250, then at most all others; one may have been on its way when the program was killed.
    let commits = commits_asked_for(&world);
    assert!(commits <= 4, "{commits} commits");
}

async fn sign_in_to(program: &Program) {
    let request = json!({ "endpoint": null, "token": TOKEN });
    program.call("check_token", request).await;
    program.call("keep_token", json!({ "copy": true })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_program_goes_on_with_the_pull_request_it_could_not_note() {
    // It is opened, and nobody comes to know it.
    let stall = Fault::on(Route::Change, Effect::Stall { after: 0 }).matching("/commit/");
    let world = World::start(StandIn::builder().repo(seed()).fault(stall)).await;
    let folder = folder(&world, &[("b.txt", "b")]);
    let mut program = Program::start_with_folder(&world, &folder);
    sign_in_to(&program).await;
    let picked = program.call("pick_source_folder", Value::Null).await;
    let mut upload = all_of(&picked[0]["id"]);
    upload["onto"] = json!({ "type": "pullRequest" });
    let request = start_of(upload, &Value::Null);
    let id_of = program.call("start_upload", request).await;
    let is_there = |branch: &str| world.hub.hub().head(&id(), branch).is_some();
    until_so("a pull request", || is_there("refs/pr/1")).await;
    program.kill();
    world.hub.faults().clear();

    let program = Program::start_with_folder(&world, &folder);
    sign_in_to(&program).await;
    program.until(|transfer| transfer["state"] == "done").await;
    let led_to = program.call("upload_result", json!({ "id": id_of })).await;
    assert_eq!(led_to["pullRequest"]["number"], 1, "{led_to:#}");
    assert_eq!(led_to["commits"].as_array().unwrap().len(), 1);
    assert!(!is_there("refs/pr/2"));
    assert_eq!(commits_asked_for(&world), 1);
}
