use hubdesk_standin::{DiscussionSeed, RepoSeed};
use reqwest::Method;
use serde_json::{Value, json};

use super::{OWNER, Peer, pluck, reply, signed};

const BASE: &str = "/api/models/owner/m/discussions";

async fn peer() -> Peer {
    let model = RepoSeed::model("owner/m")
        .file("f", "x")
        .discussion(DiscussionSeed::new("Old", "owner", "?").reply("owner", "!"))
        .discussion(DiscussionSeed::new("New", "owner", "?"));
    Peer::with(model).await
}

async fn set(peer: &Peer, settings: Value) {
    let request = peer.request(Method::PUT, "/api/models/owner/m/settings");
    let request = signed(request, OWNER).body(settings.to_string());
    assert_eq!(reply(request).await.status, 200);
}

async fn titles(peer: &Peer, query: &str) -> Vec<String> {
    let list = peer.json(&format!("{BASE}{query}")).await;
    let rows = list["discussions"].as_array().unwrap();
    pluck(rows, "title")
        .into_iter()
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn discussions_come_in_the_order_asked_for_or_set() {
    let peer = peer().await;
    assert_eq!(titles(&peer, "").await, ["New", "Old"]);
    assert_eq!(titles(&peer, "?sort=trending").await, ["Old", "New"]);
    set(&peer, json!({"discussionsSorting": "trending"})).await;
    assert_eq!(titles(&peer, "").await, ["Old", "New"]);
    let newest = titles(&peer, "?sort=recently-created").await;
    assert_eq!(newest, ["New", "Old"]);
    assert_eq!(peer.get(&format!("{BASE}?sort=loud")).await.status, 400);
}

#[tokio::test]
async fn nobody_talks_where_discussions_are_disabled() {
    let peer = peer().await;
    set(&peer, json!({"discussionsDisabled": true})).await;
    for path in [BASE.to_owned(), format!("{BASE}/1")] {
        assert_eq!(peer.get(&path).await.status, 403, "{path}");
    }
    let header = json!({"key": "header", "value": {"summary": "Add"}});
    for (path, body) in [
        (
            BASE.to_owned(),
            json!({"title": "Hello", "description": ""}),
        ),
        (format!("{BASE}/1/comment"), json!({"comment": "Hello"})),
        (format!("{BASE}/1/status"), json!({"status": "closed"})),
        (
            "/api/models/owner/m/commit/main?create_pr=1".to_owned(),
            header,
        ),
    ] {
        let refused = peer.post_as(OWNER, &path, body.to_string()).await;
        assert_eq!(refused.status, 403, "{path}");
        assert!(refused.header("x-error-message").contains("disabled"));
    }
    set(&peer, json!({"discussionsDisabled": false})).await;
    assert_eq!(titles(&peer, "").await.len(), 2);
}
