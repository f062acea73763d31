use hubdesk_standin::{DiscussionSeed, RepoSeed, StandIn};
use serde_json::{Value, json};

use super::{OWNER, Peer, STRANGER, pluck};

async fn create(peer: &Peer, more: Value) -> u16 {
    let mut body = json!({"name": "new", "type": "space", "sdk": "docker"});
    for (key, value) in more.as_object().unwrap() {
        body[key] = value.clone();
    }
    let path = "/api/repos/create";
    peer.post_as(OWNER, path, body.to_string()).await.status
}

async fn read(peer: &Peer, path: &str) -> Value {
    peer.get_as(OWNER, path).await.json()
}

/// The stages of a Space until it comes to rest.
async fn stages(peer: &Peer, name: &str) -> Vec<String> {
    let mut seen = Vec::new();
    while seen.last().is_none_or(|stage| stage != "RUNNING") && seen.len() < 9 {
        let runtime = read(peer, &format!("/api/spaces/{name}/runtime")).await;
        seen.push(runtime["stage"].as_str().unwrap().to_owned());
    }
    seen
}

#[tokio::test]
async fn a_new_space_gets_ready_on_the_machine_that_was_asked_for() {
    let peer = Peer::start(StandIn::builder()).await;
    let wish = json!({
        "hardware": "t4-small",
        "sleepTimeSeconds": 900,
        "secrets": [{"key": "KEY", "value": "hidden", "description": "d"}],
        "variables": [{"key": "MODE", "value": "fast"}],
    });
    assert_eq!(create(&peer, wish).await, 200);
    let runtime = read(&peer, "/api/spaces/owner/new").await["runtime"].clone();
    let hardware = json!({"current": null, "requested": "t4-small"});
    assert_eq!(runtime["hardware"], hardware);
    assert_eq!(
        stages(&peer, "owner/new").await,
        ["BUILDING", "APP_STARTING", "RUNNING"]
    );
    let runtime = read(&peer, "/api/spaces/owner/new/runtime").await;
    assert_eq!(runtime["hardware"]["current"], "t4-small");
    assert_eq!(runtime["gcTimeout"], 900);
    let secrets = read(&peer, "/api/spaces/owner/new/secrets").await;
    assert_eq!(secrets["KEY"]["description"], "d");
    assert_eq!(secrets["KEY"].get("value"), None);
    let variables = read(&peer, "/api/spaces/owner/new/variables").await;
    assert_eq!(variables["MODE"]["value"], "fast");
}

#[tokio::test]
async fn a_space_begins_with_the_files_of_its_template() {
    let peer = Peer::start(StandIn::builder()).await;
    let templates = peer.json("/api/spaces/templates").await;
    let first = &templates["templates"][0];
    let wish = json!({"template": first["repoId"], "sdk": first["sdk"]});
    assert_eq!(create(&peer, wish).await, 200);
    let tree = peer.json("/api/spaces/owner/new/tree/main").await;
    let files = pluck(tree.as_array().unwrap(), "path");
    assert_eq!(files, [".gitattributes", "Dockerfile", "README.md"]);
}

#[tokio::test]
async fn a_space_that_cannot_be_is_not_made() {
    let peer = Peer::start(StandIn::builder()).await;
    for wish in [
        json!({"hardware": "abacus"}),
        json!({"sleepTimeSeconds": -2}),
        json!({"secrets": [{"key": "1", "value": "v"}]}),
        json!({"variables": [{"key": "K"}]}),
        json!({"template": "nobody/template"}),
        json!({"template": "SpacesExamples/jupyterlab", "sdk": "gradio"}),
        json!({"type": "model", "hardware": "cpu-basic"}),
        json!({"type": "dataset", "variables": [{"key": "K", "value": "v"}]}),
    ] {
        assert_eq!(create(&peer, wish.clone()).await, 400, "{wish}");
    }
    assert_eq!(peer.json("/api/spaces").await, json!([]));
}

#[tokio::test]
async fn a_copy_has_the_variables_and_nothing_that_is_the_owners() {
    let source = RepoSeed::space("owner/s")
        .file("app.py", "")
        .discussion(DiscussionSeed::new("Why", "owner", "?"))
        .gated();
    let peer = Peer::start(StandIn::builder().repo(source)).await;
    for (what, key) in [("secrets", "KEY"), ("variables", "MODE")] {
        let body = json!({"key": key, "value": "v"}).to_string();
        let path = format!("/api/spaces/owner/s/{what}");
        assert_eq!(peer.post_as(OWNER, &path, body).await.status, 200);
    }
    peer.post_as(STRANGER, "/spaces/owner/s/ask-access", "{}")
        .await;
    let body = json!({
        "repository": "owner/copy",
        "variables": [{"key": "MORE", "value": "w"}],
    });
    let path = "/api/spaces/owner/s/duplicate";
    let copied = peer.post_as(OWNER, path, body.to_string()).await;
    assert_eq!(copied.status, 200);
    let of_copy = |what: &str| format!("/api/spaces/owner/copy/{what}");
    assert_eq!(read(&peer, &of_copy("secrets")).await, json!({}));
    let variables = read(&peer, &of_copy("variables")).await;
    let names: Vec<_> = variables.as_object().unwrap().keys().collect();
    assert_eq!(names, ["MODE", "MORE"]);
    assert_eq!(read(&peer, &of_copy("discussions")).await["count"], 0);
    let asked = read(&peer, &of_copy("user-access-request/pending")).await;
    assert_eq!(asked, json!([]));
    assert_eq!(stages(&peer, "owner/copy").await.len(), 3);
    // What the copy does is not seen in the original.
    assert_eq!(stages(&peer, "owner/s").await, ["RUNNING"]);
}
