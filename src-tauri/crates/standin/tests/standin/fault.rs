use std::time::{Duration, Instant};

use hubdesk_core::Digest;
use hubdesk_standin::{Content, Effect, Fault, RepoSeed, Route};
use reqwest::Method;
use serde_json::json;
use tokio::time::timeout;

use super::{OWNER, Peer, small};

const LARGE: &str = "/org/m/resolve/main/w.bin";
const SMALL: &str = "/org/m/resolve/main/dir/sub/a%20b.txt";
/// Longer than anything here takes.
const LIMIT: Duration = Duration::from_secs(20);

async fn with(route: Route, effect: Effect) -> Peer {
    let peer = Peer::with(small()).await;
    peer.standin.faults().add(Fault::on(route, effect));
    peer
}

/// The bytes that came before the body ended or broke, and whether it broke.
async fn body(peer: &Peer, url: &str) -> (Vec<u8>, bool) {
    let mut response = peer.request(Method::GET, url).send().await.unwrap();
    let mut bytes = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => bytes.extend(chunk),
            Ok(None) => return (bytes, false),
            Err(_) => return (bytes, true),
        }
    }
}

fn content() -> Vec<u8> {
    Content::random(1, 300_000).read(0, 300_000).to_vec()
}

#[tokio::test]
async fn a_cut_body_breaks_after_as_many_bytes_as_it_says() {
    for after in [0, 1, 100_000] {
        let peer = with(Route::Storage, Effect::Cut { after }).await;
        let link = peer.link(LARGE).await;
        let (bytes, is_broken) = body(&peer, &link).await;
        assert_eq!((bytes.len() as u64, is_broken), (after, true));
        assert_eq!(bytes, content()[..after as usize]);
        let sent = peer.standin.log().records().last().unwrap().body_bytes;
        assert_eq!(sent, after);
    }
}

#[tokio::test]
async fn a_stalled_body_gives_no_more_and_does_not_end() {
    let peer = with(Route::Storage, Effect::Stall { after: 50_000 }).await;
    let link = peer.link(LARGE).await;
    let mut response = peer.request(Method::GET, &link).send().await.unwrap();
    let mut count = 0;
    while count < 50_000 {
        count += timeout(LIMIT, response.chunk())
            .await
            .unwrap()
            .unwrap()
            .unwrap()
            .len();
    }
    let more = timeout(Duration::from_millis(200), response.chunk()).await;
    assert!(count == 50_000 && more.is_err(), "{count} {more:?}");
    timeout(LIMIT, peer.standin.shutdown()).await.unwrap();
    assert!(
        timeout(LIMIT, response.chunk()).await.unwrap().is_err(),
        "stopping ends it"
    );
}

#[tokio::test]
async fn one_wrong_byte_keeps_the_length() {
    let peer = with(Route::Storage, Effect::Flip { at: 99_999 }).await;
    let link = peer.link(LARGE).await;
    let got = peer.get(&link).await.body;
    let right = content();
    let wrong: Vec<_> = (0..right.len()).filter(|n| got[*n] != right[*n]).collect();
    assert_eq!(wrong, [99_999]);
}

#[tokio::test]
async fn a_body_may_be_longer_or_shorter_than_its_file_and_say_so() {
    for (by, length) in [(-1, 299_999), (7, 300_007)] {
        let peer = with(Route::Storage, Effect::Length(by)).await;
        let link = peer.link(LARGE).await;
        let reply = peer.get(&link).await;
        assert_eq!(reply.header("content-length"), length.to_string());
        assert_eq!(reply.body.len(), length);
    }
}

#[tokio::test]
async fn a_length_that_lies_promises_more_than_comes() {
    let peer = with(Route::Resolve, Effect::Announce(10)).await;
    let response = peer.request(Method::GET, SMALL).send().await.unwrap();
    assert_eq!(response.content_length(), Some(15));
    assert_eq!(body(&peer, SMALL).await, (b"hello".to_vec(), true));
}

#[tokio::test]
async fn listed_sizes_may_be_wrong() {
    let peer = with(Route::Tree, Effect::ListedSize(5)).await;
    let tree = peer.json("/api/models/org/m/tree/main").await;
    assert_eq!(tree[0]["size"], 0, "a folder has none");
    let large = &tree[3];
    assert_eq!(
        (&large["size"], &large["lfs"]["size"]),
        (&json!(300_005), &json!(300_005))
    );
}

#[tokio::test]
async fn a_range_may_be_ignored_or_be_another() {
    let peer = with(Route::Storage, Effect::IgnoreRange).await;
    let link = peer.link(LARGE).await;
    let reply = peer.range(&link, "bytes=10-19").await;
    assert_eq!((reply.status, reply.body.len()), (200, 300_000));

    let peer = with(Route::Storage, Effect::ShiftRange(5)).await;
    let link = peer.link(LARGE).await;
    let reply = peer.range(&link, "bytes=10-19").await;
    assert_eq!(
        (reply.status, reply.header("content-range")),
        (206, "bytes 15-24/300000")
    );
    assert_eq!(reply.body, content()[15..25]);
}

#[tokio::test]
async fn the_etag_may_be_another_than_the_listing_says() {
    let etag = Digest::sha256(b"other").to_string();
    let peer = with(Route::Resolve, Effect::Etag(etag.clone())).await;
    assert_eq!(
        peer.head(LARGE).await.header("x-linked-etag"),
        format!("\"{etag}\"")
    );
    assert_eq!(peer.head(SMALL).await.header("etag"), format!("\"{etag}\""));
}

#[tokio::test]
async fn refusals_look_like_the_hubs_own() {
    let limited = Effect::TooMany {
        retry_after: Some(3),
        reset: Some(7),
    };
    let teapot = Effect::Status("418".parse().unwrap(), vec![("x-odd", "yes".to_owned())]);
    for (effect, status, code, header) in [
        (
            Effect::status(503),
            503,
            None,
            ("x-error-message", "Service Unavailable"),
        ),
        (teapot, 418, None, ("x-odd", "yes")),
        (
            Effect::Unauthorized,
            401,
            None,
            (
                "x-error-message",
                "Invalid credentials in Authorization header",
            ),
        ),
        (limited.clone(), 429, None, ("retry-after", "3")),
        (limited, 429, None, ("ratelimit", "\"resolvers\";r=0;t=7")),
        (Effect::RedirectLoop, 302, None, ("location", SMALL)),
    ] {
        let peer = with(Route::Resolve, effect).await;
        let reply = peer.get(SMALL).await;
        assert_eq!((reply.status, reply.code()), (status, code));
        assert_eq!(reply.header(header.0), header.1);
        assert_eq!(
            peer.get("/api/models/org/m").await.status,
            200,
            "another route is well"
        );
    }
    let peer = with(Route::Resolve, Effect::Gated).await;
    let (anonymous, user) = (peer.get(SMALL).await, peer.get_as(OWNER, SMALL).await);
    assert_eq!(
        (anonymous.status, anonymous.code()),
        (401, Some("GatedRepo"))
    );
    assert_eq!((user.status, user.code()), (403, Some("GatedRepo")));
    let peer = with(Route::Storage, Effect::ExpiredLink).await;
    let link = peer.link(LARGE).await;
    assert_eq!(peer.get(&link).await.status, 403);
}

#[tokio::test]
async fn lists_may_be_empty_or_end_in_the_middle() {
    let peer = with(Route::Tree, Effect::EmptyList).await;
    let reply = peer.get("/api/models/org/m/tree/main?limit=1").await;
    assert_eq!((reply.json(), reply.headers.get("link")), (json!([]), None));
    let peer = with(Route::List, Effect::MalformedJson).await;
    let reply = peer.get("/api/models").await;
    assert_eq!(reply.status, 200);
    assert!(!reply.body.is_empty());
    assert!(serde_json::from_slice::<serde_json::Value>(&reply.body).is_err());
}

#[tokio::test]
async fn latency_delays_the_answer() {
    #[expect(
        clippy::disallowed_methods,
        reason = "it is the real clock that is measured"
    )]
    let start = Instant::now();
    let peer = with(Route::Any, Effect::Latency(Duration::from_millis(150))).await;
    assert_eq!(peer.get(SMALL).await.status, 200);
    assert!(start.elapsed() >= Duration::from_millis(150));
}

#[tokio::test]
async fn a_fault_hits_what_it_names_as_often_as_it_says() {
    let peer = Peer::with(small()).await;
    let fault = Fault::on(Route::Resolve, Effect::status(500));
    peer.standin
        .faults()
        .add(fault.matching("a b.txt").times(2));
    let mut seen = Vec::new();
    for path in ["/org/m/resolve/main/config.json", SMALL, SMALL, SMALL] {
        seen.push(peer.get(path).await.status);
    }
    assert_eq!(seen, [200, 500, 500, 200]);
    peer.standin
        .faults()
        .add(Fault::on(Route::Any, Effect::status(500)));
    assert_eq!(peer.get(SMALL).await.status, 500);
    peer.standin.faults().clear();
    assert_eq!(peer.get(SMALL).await.status, 200);
}

#[tokio::test]
async fn a_fault_and_the_log_find_a_file_by_name_on_the_storage_host() {
    let seed = RepoSeed::model("org/m")
        .large("a b/c d.bin", vec![1; 1000])
        .large("e.bin", "x");
    let peer = Peer::with(seed).await;
    let fault = Fault::on(Route::Storage, Effect::status(500));
    peer.standin
        .faults()
        .add(fault.matching("c d.bin").times(1));
    let other = peer.link("/org/m/resolve/main/e.bin").await;
    assert_eq!(peer.get(&other).await.status, 200);
    let link = peer.link("/org/m/resolve/main/a%20b/c%20d.bin").await;
    assert_eq!(peer.get(&link).await.status, 500);
    let before = peer.standin.log().body_bytes_of("c d.bin");
    assert_eq!(peer.get(&link).await.status, 200);
    assert_eq!(peer.standin.log().body_bytes_of("c d.bin"), before + 1000);
}

#[tokio::test]
async fn a_counted_fault_of_ranges_is_not_spent_on_a_request_without_one() {
    let peer = Peer::with(small()).await;
    let fault = Fault::on(Route::Storage, Effect::IgnoreRange);
    peer.standin.faults().add(fault.times(1));
    let link = peer.link(LARGE).await;
    peer.get(&link).await;
    assert_eq!(peer.range(&link, "bytes=0-9").await.status, 200);
    assert_eq!(peer.range(&link, "bytes=0-9").await.status, 206);
}
