//! Names a server gave, and what they must not do to this computer.

use hubdesk_standin::{RepoSeed, StandIn};
use hubdesk_tests::{World, download, ok};
use serde_json::json;

async fn refused(name: &str) -> String {
    let repo = RepoSeed::model("org/m")
        .file("good.txt", "good")
        .raw_entry(name, "bad");
    let world = World::start(StandIn::builder().repo(repo)).await;
    let app = world.app();
    ok(&app, "open_hub", json!({ "endpoint": null })).await;

    let at = json!({ "repo": { "kind": "model", "name": "org/m" }, "revision": "main" });
    let files = ok(&app, "repo_files", at).await;
    let row = files["files"]
        .as_array()
        .unwrap()
        .iter()
        .find(|file| file["path"] == name)
        .unwrap();
    assert!(
        row["problem"].is_string(),
        "the list says beforehand that {name:?} cannot be had"
    );

    let transfer = download(&app, "org/m", None).await;
    assert_eq!(transfer["state"], "failed");
    assert_eq!(transfer["error"]["code"], "badName");
    assert_eq!(world.visible_files(), Vec::<std::path::PathBuf>::new());
    let outside: Vec<_> = std::fs::read_dir(world.home()).unwrap().collect();
    assert!(
        outside.len() <= 2,
        "only the cache and the settings: {outside:?}"
    );

    let good = download(&app, "org/m", Some(&["good.txt"])).await;
    assert_eq!(
        good["state"], "done",
        "the other files can still be had: {good:#}"
    );
    app.close().await;
    transfer["error"]["message"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_name_that_leads_up_is_refused() {
    assert_eq!(
        refused("../x").await,
        r#""../x" cannot be stored on this computer: it leads out of its folder."#
    );
}

#[tokio::test]
async fn a_name_from_the_root_is_refused() {
    assert_eq!(
        refused("/x").await,
        r#""/x" cannot be stored on this computer: it does not stay below a folder."#
    );
}

#[tokio::test]
async fn a_name_that_leads_up_with_backslashes_is_refused_on_every_system() {
    assert_eq!(
        refused(r"a\..\b").await,
        r#""a\\..\\b" cannot be stored on this computer: it leads out of its folder."#
    );
}

#[tokio::test]
async fn a_name_too_long_for_the_file_system_is_refused() {
    let name = "n".repeat(300);
    assert_eq!(
        refused(&name).await,
        format!(
            "{name:?} cannot be stored on this computer: it is longer than this system allows."
        )
    );
}

#[cfg(windows)]
#[tokio::test]
async fn a_device_name_is_refused() {
    assert_eq!(
        refused("CON").await,
        r#""CON" cannot be stored on this computer: this system cannot hold such a name."#
    );
}

#[cfg(unix)]
#[tokio::test]
async fn a_device_name_of_another_system_is_a_file_like_any_other() {
    let repo = RepoSeed::model("org/m").raw_entry("CON", "a file");
    let world = World::start(StandIn::builder().repo(repo)).await;
    let app = world.app();
    ok(&app, "open_hub", json!({ "endpoint": null })).await;
    let done = download(&app, "org/m", Some(&["CON"])).await;
    assert_eq!(done["state"], "done", "{done:#}");
    app.close().await;
}
