use hubdesk_standin::RepoSeed;
use serde_json::json;

use super::{OWNER, Peer, pluck};

#[tokio::test]
async fn an_empty_branch_has_a_history_of_its_own() {
    let peer = Peer::with(RepoSeed::model("owner/m").file("f", "x")).await;
    let body = json!({"emptyBranch": true}).to_string();
    let path = "/api/models/owner/m/branch/clean";
    assert_eq!(peer.post_as(OWNER, path, body.clone()).await.status, 200);
    assert_eq!(peer.post_as(OWNER, path, body).await.status, 409);
    let tree = peer.json("/api/models/owner/m/tree/clean").await;
    assert_eq!(tree, json!([]));
    let commits = peer.json("/api/models/owner/m/commits/clean").await;
    let on_main = peer.json("/api/models/owner/m/commits/main").await;
    assert_eq!(commits.as_array().unwrap().len(), 1);
    assert_ne!(commits[0]["id"], on_main[0]["id"]);
}

#[tokio::test]
async fn a_tag_may_say_something() {
    let peer = Peer::with(RepoSeed::model("owner/m").file("f", "x")).await;
    let path = "/api/models/owner/m/tag/main";
    let tag = |message: serde_json::Value| json!({"tag": "v1", "message": message}).to_string();
    assert_eq!(peer.post_as(OWNER, path, tag(json!(7))).await.status, 400);
    let said = peer.post_as(OWNER, path, tag(json!("First"))).await;
    assert_eq!(said.status, 200);
    let refs = peer.json("/api/models/owner/m/refs").await;
    assert_eq!(pluck(refs["tags"].as_array().unwrap(), "name"), ["v1"]);
}
