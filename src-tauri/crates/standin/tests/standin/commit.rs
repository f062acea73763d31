//! What other clients than ours may send.

use hubdesk_core::{RepoId, RepoKind};
use hubdesk_standin::RepoSeed;
use serde_json::{Value, json};

use super::{OWNER, Peer};

async fn peer() -> (Peer, String) {
    let peer = Peer::with(RepoSeed::model("owner/m").file("a.txt", "a").tag("v1")).await;
    let head = peer.json("/api/models/owner/m").await["sha"].clone();
    (peer, head.as_str().unwrap().to_owned())
}

fn file(path: &str, content: &str, encoding: &str) -> Value {
    json!({"key": "file", "value": {"path": path, "content": content, "encoding": encoding}})
}

fn lines(parent: Option<&str>, operations: &[Value]) -> String {
    let mut header = json!({"summary": "T", "description": ""});
    if let Some(parent) = parent {
        header["parentCommit"] = parent.into();
    }
    let header = json!({"key": "header", "value": header});
    let lines = [&header].into_iter().chain(operations);
    lines.map(|line| format!("{line}\n")).collect()
}

#[tokio::test]
async fn a_parent_may_be_abbreviated_or_left_out() {
    let (peer, head) = peer().await;
    let path = "/api/models/owner/m/commit/main";
    let b = file("./b.txt", "bä", "utf-8");
    let first = lines(Some(&head[..7]), std::slice::from_ref(&b));
    let first = peer.post_as(OWNER, path, first).await;
    assert_eq!(first.status, 200);
    let url = first.json()["commitUrl"].as_str().unwrap().to_owned();
    assert!(url.ends_with(first.json()["commitOid"].as_str().unwrap()));
    assert_eq!(peer.get("/owner/m/resolve/main/b.txt").await.body, "bä");

    let stale = lines(Some(&head[..7]), std::slice::from_ref(&b));
    assert_eq!(peer.post_as(OWNER, path, stale).await.status, 412);
    let next = lines(None, &[file("c.txt", "Yw==", "base64")]);
    assert_eq!(peer.post_as(OWNER, path, next).await.status, 200);
    assert_eq!(peer.get("/owner/m/resolve/main/c.txt").await.body, "c");
    let id = RepoId::new(RepoKind::Model, "owner/m").unwrap();
    assert_ne!(peer.standin.hub().head(&id, "main").unwrap().as_str(), head);
}

#[tokio::test]
async fn tags_and_commits_are_not_committed_to() {
    let (peer, head) = peer().await;
    for onto in ["v1", "refs%2Ftags%2Fv1", &head, "no-such-branch"] {
        let path = format!("/api/models/owner/m/commit/{onto}");
        let body = lines(None, &[file("b.txt", "b", "utf-8")]);
        let refused = peer.post_as(OWNER, &path, body).await;
        assert_eq!(refused.code(), Some("RevisionNotFound"), "{onto}");
    }
}

#[tokio::test]
async fn a_body_that_is_no_commit_is_refused() {
    let (peer, head) = peer().await;
    let good = lines(None, &[]);
    let twice = good.repeat(2);
    let unknown = format!("{good}{{\"key\":\"nonsense\",\"value\":{{}}}}\n");
    let no_base64 = lines(None, &[file("b", "?", "base64")]);
    let too_short = lines(Some(&head[..4]), &[]);
    for body in ["", "{", &twice, &unknown, &no_base64, &too_short] {
        let refused = peer.post_as(OWNER, "/api/models/owner/m/commit/main", body.to_owned());
        assert_eq!(refused.await.status, 400, "{body}");
    }
    assert_eq!(peer.json("/api/models/owner/m").await["sha"], head);
}

#[tokio::test]
async fn only_signed_links_take_uploads() {
    let (peer, _) = peer().await;
    let path = format!("/upload/models/owner/m/{}", "0".repeat(64));
    let unsigned = peer.standin.storage() + &path;
    let put = super::reply(peer.request(reqwest::Method::PUT, &unsigned).body("x")).await;
    assert_eq!(put.status, 403);
}
