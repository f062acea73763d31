use hubdesk_standin::{RepoSeed, StandIn};
use reqwest::Method;
use serde_json::json;

use super::{Peer, STRANGER, reply};

async fn tell(peer: &Peer, what: &str, body: serde_json::Value) -> u16 {
    let request = peer.request(Method::POST, &format!("/_standin/{what}"));
    reply(request.body(body.to_string())).await.status
}

fn gated() -> RepoSeed {
    RepoSeed::dataset("owner/gated").gated().file("f", "x")
}

#[tokio::test]
async fn a_gate_is_opened_and_a_token_ended_from_outside() {
    let peer = Peer::start(StandIn::builder().repo(gated()).control(true)).await;
    let file = "/datasets/owner/gated/resolve/main/f";
    assert_eq!(peer.get_as(STRANGER, file).await.status, 403);
    let grant = json!({"kind": "dataset", "repo": "owner/gated", "user": "stranger"});
    assert_eq!(tell(&peer, "grant", grant).await, 200);
    assert_eq!(peer.get_as(STRANGER, file).await.status, 200);
    let nothing = json!({"kind": "model", "repo": "owner/gated", "user": "stranger"});
    assert_eq!(tell(&peer, "grant", nothing).await, 404);
    assert_eq!(tell(&peer, "revoke", json!({"token": STRANGER})).await, 200);
    assert_eq!(peer.get_as(STRANGER, file).await.status, 401);
    let log = peer.json("/_standin/log").await;
    assert_eq!(log["requests"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn without_control_nobody_decides_from_outside() {
    let peer = Peer::with(gated()).await;
    let grant = json!({"kind": "dataset", "repo": "owner/gated", "user": "stranger"});
    assert_eq!(tell(&peer, "grant", grant).await, 404);
    assert_eq!(tell(&peer, "revoke", json!({"token": STRANGER})).await, 404);
    let whoami = peer.get_as(STRANGER, "/api/whoami-v2").await;
    assert_eq!(whoami.status, 200);
}
