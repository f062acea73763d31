use std::sync::Arc;
use std::time::Duration;

use hubdesk_core::{Digest, ManualClock};
use hubdesk_standin::{Content, Host, StandIn};

use super::{OWNER, Peer, small};

#[tokio::test]
async fn a_regular_file_comes_from_the_hub_with_its_git_id_as_etag() {
    let peer = Peer::with(small()).await;
    let path = "/org/m/resolve/main/dir/sub/a%20b.txt";
    let etag = format!("\"{}\"", Digest::git_blob(b"hello"));
    for reply in [peer.get(path).await, peer.head(path).await] {
        assert_eq!(reply.status, 200);
        assert_eq!(reply.header("etag"), etag);
        assert_eq!(reply.header("content-length"), "5");
        assert_eq!(reply.header("accept-ranges"), "bytes");
        assert_eq!(reply.header("x-repo-commit").len(), 40);
    }
    assert_eq!(peer.get(path).await.body, "hello");
}

#[tokio::test]
async fn ranges_are_answered_exactly() {
    let peer = Peer::with(small()).await;
    let path = "/org/m/resolve/main/dir/sub/a%20b.txt";
    for (range, status, body, content_range) in [
        ("bytes=1-3", 206, "ell", "bytes 1-3/5"),
        ("bytes=3-", 206, "lo", "bytes 3-4/5"),
        ("bytes=-2", 206, "lo", "bytes 3-4/5"),
        ("bytes=0-99", 206, "hello", "bytes 0-4/5"),
    ] {
        let reply = peer.range(path, range).await;
        assert_eq!(
            (reply.status, reply.body.as_ref()),
            (status, body.as_bytes()),
            "{range}"
        );
        assert_eq!(reply.header("content-range"), content_range, "{range}");
    }
    let outside = peer.range(path, "bytes=5-").await;
    assert_eq!(
        (outside.status, outside.header("content-range")),
        (416, "bytes */5")
    );
    assert_eq!(peer.range(path, "bytes=0-1,3-4").await.status, 200);
    let request = peer
        .request(reqwest::Method::GET, path)
        .header("range", "bytes=1-3");
    let stale = super::reply(request.header("if-range", "\"other\"")).await;
    assert_eq!((stale.status, stale.body.len()), (200, 5));
}

#[tokio::test]
async fn a_large_file_is_redirected_to_the_second_host_with_its_sha256() {
    let peer = Peer::with(small()).await;
    let content = Content::random(1, 300_000);
    let head = peer.head("/org/m/resolve/main/w.bin").await;
    assert_eq!(head.status, 302);
    assert_eq!(
        head.header("x-linked-etag"),
        format!("\"{}\"", content.sha256())
    );
    assert_eq!(head.header("x-linked-size"), "300000");
    assert_eq!(head.header("x-repo-commit").len(), 40);
    let link = head.header("location");
    assert!(link.starts_with(&format!("{}/", peer.standin.storage())));
    assert_ne!(peer.standin.storage(), peer.standin.endpoint());

    let whole = peer.get(link).await;
    assert_eq!((whole.status, whole.body), (200, content.read(0, 300_000)));
    let part = peer.range(link, "bytes=70000-250000").await;
    assert_eq!(part.header("content-range"), "bytes 70000-250000/300000");
    assert_eq!(
        (part.status, part.body),
        (206, content.read(70_000, 180_001))
    );
    assert_eq!(peer.head(link).await.header("content-length"), "300000");
}

#[tokio::test]
async fn the_second_host_refuses_and_records_a_token() {
    let peer = Peer::with(small()).await;
    let link = peer.link("/org/m/resolve/main/w.bin").await;
    let reply = peer.get_as(OWNER, &link).await;
    assert_eq!(reply.status, 400);
    let records = peer.standin.log().records();
    let last = records.last().unwrap();
    assert_eq!(
        (last.host, last.has_token, last.status),
        (Host::Storage, true, 400)
    );
    assert!(
        !format!("{records:?}").contains(OWNER),
        "a log never holds the token itself"
    );
}

#[tokio::test]
async fn links_are_signed_and_expire() {
    let clock = Arc::new(ManualClock::default());
    let peer = Peer::start(StandIn::builder().repo(small()).clock(clock.clone())).await;
    let link = peer.link("/org/m/resolve/main/w.bin").await;
    let other = link.replace("exp=3600", "exp=9999999");
    assert_ne!(other, link);
    assert_eq!(
        peer.get(&other).await.status,
        403,
        "the signature covers the expiry"
    );
    assert_eq!(peer.get(link.split('?').next().unwrap()).await.status, 403);
    clock.advance(Duration::from_secs(3599));
    assert_eq!(peer.get(&link).await.status, 200);
    clock.advance(Duration::from_secs(1));
    assert_eq!(peer.get(&link).await.status, 403);
}

#[tokio::test]
async fn a_missing_file_still_tells_the_commit() {
    let peer = Peer::with(small()).await;
    for path in ["nope.txt", "dir"] {
        let reply = peer.get(&format!("/org/m/resolve/main/{path}")).await;
        assert_eq!(
            (reply.status, reply.code()),
            (404, Some("EntryNotFound")),
            "{path}"
        );
        assert_eq!(reply.header("x-repo-commit").len(), 40);
    }
    let reply = peer.get("/org/m/resolve/nope/config.json").await;
    assert_eq!(
        (reply.status, reply.code()),
        (404, Some("RevisionNotFound"))
    );
}
