//! What is done to a repository after an upload, or without one: it is planned, shown, and made.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::TryStreamExt as _;
use hubdesk_app::App;
use hubdesk_core::{Digest, Token};
use hubdesk_hub::{Endpoint, Hub, Profile, Repo, TokenSource};
use hubdesk_standin::{Change, Content, Effect, Fault, RepoSeed, Route, StandIn};
use hubdesk_tests::{TOKEN, World, call, end_of, ok};
use serde_json::{Value, json};

use crate::uploads::{NAME, folder, id, result, seed, signed_in, start, upload_of};

/// The repository, as its owner sees it without this program.
fn repo(world: &World) -> Repo {
    let tokens: Arc<dyn TokenSource> = Arc::new(Token::new(TOKEN));
    let endpoint = Endpoint::parse(&world.hub.endpoint()).unwrap();
    let hub = Hub::new(endpoint, tokens, Profile::default()).unwrap();
    hub.repo(&id())
}

async fn tree(world: &World, revision: &str) -> BTreeMap<String, Digest> {
    let repo = repo(world);
    let commit = repo.resolve(&revision.parse().unwrap()).await.unwrap();
    let entries: Vec<_> = repo.tree(&commit, None, true).try_collect().await.unwrap();
    let file = |entry: &hubdesk_hub::TreeEntry| Some((entry.path.clone(), entry.digest()?));
    entries.iter().filter_map(file).collect()
}

fn head(world: &World) -> String {
    let head = world.hub.hub().head(&id(), "main").unwrap();
    head.as_str().to_owned()
}

/// Somebody else puts a file there.
fn theirs(world: &World, path: &str) {
    let change = [Change::file(path, format!("theirs of {path}"))];
    world.hub.hub().commit(&id(), "main", "Theirs", change);
}

/// A file that is changed, one that is new, and one that goes; onto `main` or as a pull request.
async fn uploaded(world: &World, app: &App, onto: Value) -> Value {
    let folder = folder(world, &[("a.txt", "ours"), ("d/b.txt", "b")]);
    let mut upload = upload_of(world, app, &folder).await;
    upload["onto"] = onto;
    upload["remove"] = json!({ "below": "", "patterns": ["old*"] });
    let transfer = start(app, upload).await;
    assert_eq!(end_of(app, &transfer).await["state"], "done");
    transfer
}

fn main_branch() -> Value {
    json!({ "type": "branch", "name": "main", "create": false })
}

async fn world() -> World {
    let seed = seed().file("old.txt", "old");
    World::start(StandIn::builder().repo(seed)).await
}

async fn plan_undo(app: &App, transfer: &Value) -> Value {
    ok(app, "plan_undo", json!({ "id": transfer })).await
}

async fn run(app: &App, command: &str, plan: &Value) -> Value {
    ok(app, command, json!({ "id": plan["id"] })).await
}

#[tokio::test]
async fn an_upload_is_taken_back_as_its_plan_says_and_only_once() {
    let world = world().await;
    let before = tree(&world, "main").await;
    let app = signed_in(&world).await;
    let transfer = uploaded(&world, &app, main_branch()).await;
    assert_ne!(tree(&world, "main").await, before);

    let plan = plan_undo(&app, &transfer).await;
    assert_eq!(plan["branch"], "main", "{plan:#}");
    assert_eq!(plan["pullRequest"], Value::Null);
    let counts = ["removed", "restored", "broughtBack", "leftAlone"].map(|name| &plan[name]);
    assert_eq!(counts, [1, 1, 1, 0], "{plan:#}");
    let fates = plan["files"].as_array().unwrap().iter();
    let fates: Vec<_> = fates
        .map(|file| {
            (
                file["path"].as_str().unwrap(),
                file["fate"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        fates,
        [
            ("d/b.txt", "removed"),
            ("a.txt", "restored"),
            ("old.txt", "broughtBack")
        ]
    );
    assert_ne!(tree(&world, "main").await, before, "it was only planned");

    let undone = run(&app, "run_undo", &plan).await;
    assert_eq!(undone["commits"].as_array().unwrap().len(), 1);
    assert_eq!(undone["commits"][0]["id"], head(&world));
    assert_eq!(tree(&world, "main").await, before);
    let again = run(&app, "run_undo", &plan).await;
    assert_eq!(again, undone, "it is not done twice");
    let history: Vec<_> = repo(&world)
        .commits(&"main".parse().unwrap())
        .try_collect()
        .await
        .unwrap();
    assert_eq!(history[0].title, "Undo \"Ours\"");

    let plan = plan_undo(&app, &transfer).await;
    assert_eq!(
        (&plan["filesTotal"], &plan["asBefore"]),
        (&json!(0), &json!(3))
    );
    app.close().await;
}

#[tokio::test]
async fn what_others_have_changed_since_an_upload_stays_and_is_named() {
    let world = world().await;
    let before = tree(&world, "main").await;
    let app = signed_in(&world).await;
    let transfer = uploaded(&world, &app, main_branch()).await;
    theirs(&world, "d/b.txt");
    let plan = plan_undo(&app, &transfer).await;
    assert_eq!(plan["leftAlone"], 1, "{plan:#}");
    let first = &plan["files"][0];
    assert_eq!(
        (&first["path"], &first["fate"]),
        (&json!("d/b.txt"), &json!("leftAlone"))
    );
    assert_eq!(first["why"], "was changed by somebody else since");
    run(&app, "run_undo", &plan).await;
    let mut after = tree(&world, "main").await;
    let kept = after.remove("d/b.txt");
    assert_eq!(kept, Some(Digest::git_blob(b"theirs of d/b.txt")));
    assert_eq!(after, before);
    app.close().await;
}

#[tokio::test]
async fn a_plan_that_others_overtake_is_made_behind_them_or_not_at_all() {
    let world = world().await;
    let app = signed_in(&world).await;
    let transfer = uploaded(&world, &app, main_branch()).await;
    let plan = plan_undo(&app, &transfer).await;
    theirs(&world, "a.txt");
    let head_of_others = head(&world);
    let refused = call(&app, "run_undo", json!({ "id": plan["id"] })).await;
    let error = serde_json::to_value(refused.unwrap_err()).unwrap();
    assert_eq!(error["code"], "conflict", "{error:#}");
    assert_eq!(head(&world), head_of_others);

    // It is looked at again; what others do elsewhere meanwhile is in nobody's way.
    let plan = plan_undo(&app, &transfer).await;
    assert_eq!(plan["leftAlone"], 1);
    theirs(&world, "elsewhere.txt");
    run(&app, "run_undo", &plan).await;
    let after = tree(&world, "main").await;
    assert_eq!(
        after.get("a.txt"),
        Some(&Digest::git_blob(b"theirs of a.txt"))
    );
    assert!(after.contains_key("elsewhere.txt") && after.contains_key("old.txt"));
    assert!(!after.contains_key("d/b.txt"));
    app.close().await;
}

#[tokio::test]
async fn a_pull_request_is_taken_back_on_its_own_branch_and_on_main_once_it_is_merged() {
    let world = world().await;
    let before = tree(&world, "main").await;
    let app = signed_in(&world).await;
    let transfer = uploaded(&world, &app, json!({ "type": "pullRequest" })).await;
    let led_to = result(&app, &transfer).await;
    let number = led_to["pullRequest"]["number"].as_u64().unwrap();
    let plan = plan_undo(&app, &transfer).await;
    assert_eq!(plan["pullRequest"], number, "{plan:#}");
    let branch = format!("refs/pr/{number}");
    assert_eq!(plan["branch"], branch);

    repo(&world).merge(number, None).await.unwrap();
    let plan = plan_undo(&app, &transfer).await;
    assert_eq!(
        (&plan["branch"], &plan["pullRequest"]),
        (&json!("main"), &Value::Null)
    );
    run(&app, "run_undo", &plan).await;
    assert_eq!(tree(&world, "main").await, before);

    let folder = folder(&world, &[("a.txt", "ours again")]);
    let mut upload = upload_of(&world, &app, &folder).await;
    upload["onto"] = json!({ "type": "pullRequest" });
    let transfer = start(&app, upload).await;
    assert_eq!(end_of(&app, &transfer).await["state"], "done");
    let plan = plan_undo(&app, &transfer).await;
    run(&app, "run_undo", &plan).await;
    assert_eq!(tree(&world, plan["branch"].as_str().unwrap()).await, before);
    assert_eq!(tree(&world, "main").await, before);
    app.close().await;
}

#[tokio::test]
async fn only_what_has_ended_and_has_led_to_something_can_be_taken_back() {
    let world = world().await;
    let app = signed_in(&world).await;
    let same = folder(&world, &[("a.txt", "a")]);
    let upload = upload_of(&world, &app, &same).await;
    let transfer = start(&app, upload.clone()).await;
    assert_eq!(end_of(&app, &transfer).await["state"], "done");
    let refused = call(&app, "plan_undo", json!({ "id": transfer })).await;
    let words = refused.unwrap_err().message;
    assert!(words.starts_with("Nothing was committed"), "{words}");

    let fault = Fault::on(Route::Change, Effect::status(503)).matching("/commit/");
    world.hub.faults().add(fault);
    std::fs::write(same.join("a.txt"), "other").unwrap();
    let transfer = start(&app, upload).await;
    end_of(&app, &transfer).await;
    let refused = call(&app, "plan_undo", json!({ "id": transfer })).await;
    let words = refused.unwrap_err().message;
    assert!(words.contains("has not ended"), "{words}");
    let refused = call(&app, "run_undo", json!({ "id": 99 })).await;
    assert!(refused.is_err(), "it was never planned");
    app.close().await;
}

#[tokio::test]
async fn a_preview_of_a_transfer_names_the_secrets_nobody_has_acknowledged() {
    let world = world().await;
    let app = signed_in(&world).await;
    let folder = folder(
        &world,
        &[(".env", "A=1"), ("d/id_rsa", "k"), ("b.txt", "b")],
    );
    let upload = upload_of(&world, &app, &folder).await;
    let transfer = start(&app, upload).await;
    let secrets = async || {
        let preview = ok(&app, "preview_transfer", json!({ "id": transfer })).await;
        let plan = crate::uploads::plan_when_ready(&app, &preview).await;
        let findings = plan["findings"].as_array().unwrap().clone();
        let secrets = findings.iter().filter(|one| one["kind"] == "secret");
        let paths = secrets.map(|one| one["path"].as_str().unwrap().to_owned());
        paths.collect::<Vec<_>>()
    };
    let blocked = end_of(&app, &transfer).await;
    assert_eq!(blocked["blocked"], "secret", "{blocked:#}");
    assert_eq!(secrets().await, [".env", "d/id_rsa"]);
    let request = json!({ "id": transfer, "paths": [".env"] });
    ok(&app, "acknowledge_secrets", request).await;
    let blocked = end_of(&app, &transfer).await;
    assert_eq!(blocked["blocked"], "secret", "{blocked:#}");
    assert_eq!(secrets().await, ["d/id_rsa"]);
    let request = json!({ "id": transfer, "paths": ["d/id_rsa"] });
    ok(&app, "acknowledge_secrets", request).await;
    assert_eq!(end_of(&app, &transfer).await["state"], "done");
    app.close().await;
}

fn rearrange(acts: Value) -> Value {
    json!({
        "repo": { "kind": "model", "name": NAME },
        "onto": main_branch(),
        "acts": acts,
        "overwrite": false,
        "title": "",
        "description": "",
    })
}

#[tokio::test]
async fn files_are_copied_moved_and_deleted_as_planned_and_that_is_not_done_twice() {
    let weights = Content::random(7, 3000);
    let other = RepoSeed::model("mira/other").file("x/notes.txt", "notes");
    let own = seed().large("w.bin", weights).file("old/1.txt", "1");
    let builder = StandIn::builder().repo(own).repo(other);
    let world = World::start(builder).await;
    let before = tree(&world, "main").await;
    let app = signed_in(&world).await;
    let acts = json!([
        { "type": "move", "from": "w.bin", "to": "d/w.bin" },
        { "type": "copy", "elsewhere": null, "from": "a.txt", "to": "b.txt" },
        {
            "type": "copy",
            "elsewhere": { "repo": { "kind": "model", "name": "mira/other" }, "revision": "main" },
            "from": "x",
            "to": "from-other",
        },
        { "type": "delete", "path": "old" },
    ]);
    let planned = ok(&app, "plan_rearrange", rearrange(acts)).await;
    assert_eq!(planned["type"], "ready", "{planned:#}");
    let plan = &planned["plan"];
    let counts = ["moved", "copied", "deleted", "replaced"].map(|name| &plan[name]);
    assert_eq!(counts, [1, 2, 1, 0], "{plan:#}");
    assert_eq!(plan["bytesKept"], 3000);
    assert_eq!(tree(&world, "main").await, before);
    let made = run(&app, "run_rearrange", plan).await;
    assert_eq!(made["commits"][0]["id"], head(&world), "{made:#}");
    assert_eq!(run(&app, "run_rearrange", plan).await, made);
    let after = tree(&world, "main").await;
    let mut expected = before;
    let large = expected.remove("w.bin").unwrap();
    expected.insert("d/w.bin".to_owned(), large);
    expected.insert("b.txt".to_owned(), expected["a.txt"]);
    expected.insert(
        "from-other/notes.txt".to_owned(),
        Digest::git_blob(b"notes"),
    );
    expected.remove("old/1.txt");
    assert_eq!(after, expected);
    app.close().await;
}

#[tokio::test]
async fn what_is_in_the_way_of_a_copy_or_move_is_said_before_anything_is_done() {
    let world = world().await;
    let app = signed_in(&world).await;
    let before = head(&world);
    let acts = json!([
        { "type": "move", "from": "a.txt", "to": "old.txt" },
        { "type": "delete", "path": "gone.txt" },
    ]);
    let planned = ok(&app, "plan_rearrange", rearrange(acts)).await;
    assert_eq!(planned["type"], "refused", "{planned:#}");
    let obstacles = planned["obstacles"].as_array().unwrap().iter();
    let obstacles: Vec<_> = obstacles
        .map(|one| (one["kind"].as_str().unwrap(), one["path"].as_str().unwrap()))
        .collect();
    assert_eq!(
        obstacles,
        [("missing", "gone.txt"), ("occupied", "old.txt")]
    );
    assert_eq!(head(&world), before);
    let none = call(&app, "plan_rearrange", rearrange(json!([]))).await;
    assert!(none.is_err());
    app.close().await;
}

#[tokio::test]
async fn a_move_stops_where_others_have_changed_the_same_meanwhile() {
    let world = world().await;
    let app = signed_in(&world).await;
    let acts = json!([{ "type": "move", "from": "a.txt", "to": "b.txt" }]);
    let planned = ok(&app, "plan_rearrange", rearrange(acts)).await;
    theirs(&world, "a.txt");
    let head_of_others = head(&world);
    let request = json!({ "id": planned["plan"]["id"] });
    let refused = call(&app, "run_rearrange", request).await;
    let error = serde_json::to_value(refused.unwrap_err()).unwrap();
    assert_eq!(error["code"], "conflict", "{error:#}");
    assert_eq!(head(&world), head_of_others);
    app.close().await;
}
