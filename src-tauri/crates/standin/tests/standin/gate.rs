use hubdesk_standin::{RepoSeed, StandIn};
use serde_json::json;

use super::{OWNER, Peer, STRANGER};

const FILE: &str = "/owner/gated/resolve/main/f";
const REQUESTS: &str = "/api/models/owner/gated/user-access-request";

async fn peer() -> Peer {
    let gated = RepoSeed::model("owner/gated").gated().file("f", "x");
    let auto = RepoSeed::dataset("owner/auto").gated_auto().file("f", "x");
    Peer::start(StandIn::builder().repo(gated).repo(auto)).await
}

/// The names of those whose requests are in this state.
async fn listed(peer: &Peer, state: &str) -> Vec<String> {
    let list = peer.get_as(OWNER, &format!("{REQUESTS}/{state}")).await;
    let list = list.json();
    let names = list.as_array().unwrap().iter();
    names
        .map(|one| one["user"]["user"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_request_is_pending_until_the_author_decides() {
    let peer = peer().await;
    let asked = peer
        .post_as(STRANGER, "/owner/gated/ask-access", r#"{"Name":"S"}"#)
        .await;
    assert_eq!(asked.status, 303);
    assert!(asked.header("location").ends_with("/owner/gated"));
    assert_eq!(peer.get_as(STRANGER, FILE).await.status, 403);
    assert_eq!(listed(&peer, "pending").await, ["stranger"]);

    let decide = async |status: &str| {
        let body = json!({"user": "stranger", "status": status}).to_string();
        let path = format!("{REQUESTS}/handle");
        peer.post_as(OWNER, &path, body).await.status
    };
    assert_eq!(decide("accepted").await, 200);
    assert_eq!(decide("accepted").await, 404);
    assert_eq!(peer.get_as(STRANGER, FILE).await.status, 200);
    assert_eq!(decide("rejected").await, 200);
    let refused = peer.get_as(STRANGER, FILE).await;
    assert_eq!((refused.status, refused.code()), (403, Some("GatedRepo")));
    assert!(refused.header("x-error-message").contains("rejected"));
    // Who was told no cannot ask again.
    peer.post_as(STRANGER, "/owner/gated/ask-access", "{}")
        .await;
    assert_eq!(listed(&peer, "rejected").await, ["stranger"]);
}

#[tokio::test]
async fn a_gate_may_open_for_everyone_who_asks() {
    let peer = peer().await;
    let file = "/datasets/owner/auto/resolve/main/f";
    assert_eq!(peer.get_as(STRANGER, file).await.status, 403);
    let path = "/datasets/owner/auto/ask-access";
    assert_eq!(peer.post_as(STRANGER, path, "{}").await.status, 303);
    assert_eq!(peer.get_as(STRANGER, file).await.status, 200);
}

#[tokio::test]
async fn an_author_lets_in_whom_they_like_and_nobody_else_does() {
    let peer = peer().await;
    let grant = format!("{REQUESTS}/grant");
    let whom = |user: &str| json!({ "user": user }).to_string();
    assert_eq!(
        peer.post_as(STRANGER, &grant, whom("stranger"))
            .await
            .status,
        403
    );
    assert_eq!(
        peer.post_as(OWNER, &grant, whom("nobody")).await.status,
        404
    );
    assert_eq!(
        peer.post_as(OWNER, &grant, whom("stranger")).await.status,
        200
    );
    assert_eq!(
        peer.post_as(OWNER, &grant, whom("stranger")).await.status,
        400
    );
    assert_eq!(peer.get_as(STRANGER, FILE).await.status, 200);
}

#[tokio::test]
async fn what_has_no_gate_has_no_requests() {
    let open = RepoSeed::model("owner/open").file("f", "x");
    let peer = Peer::start(StandIn::builder().repo(open)).await;
    let path = "/api/models/owner/open/user-access-request/pending";
    assert_eq!(peer.get_as(OWNER, path).await.status, 400);
    let asked = peer.post_as(STRANGER, "/owner/open/ask-access", "{}").await;
    assert_eq!(asked.status, 400);
}
