use std::time::{Duration, Instant};

use hubdesk_standin::{Content, Host, RepoSeed, StandIn};
use reqwest::Method;
use tokio::time::timeout;

use super::{OWNER, Peer, small};

const LIMIT: Duration = Duration::from_secs(20);

#[tokio::test]
async fn the_log_says_what_was_asked_and_what_was_sent() {
    let peer = Peer::with(small()).await;
    peer.get_as(OWNER, "/api/models/org/m/tree/main?recursive=true")
        .await;
    let link = peer.link("/org/m/resolve/main/w.bin").await;
    peer.range(&link, "bytes=100-1099").await;
    peer.head(&link).await;
    let records = peer.standin.log().records();
    let [tree, redirect, range, head] = records.as_slice() else {
        panic!("{records:?}");
    };
    assert_eq!(tree.path, "/api/models/org/m/tree/main?recursive=true");
    assert!(tree.has_token && tree.host == Host::Hub && tree.status == 200);
    assert!(!redirect.has_token && redirect.status == 302);
    assert_eq!(
        (range.host, range.status, range.body_bytes),
        (Host::Storage, 206, 1000)
    );
    assert_eq!(range.range.as_deref(), Some("bytes=100-1099"));
    assert_eq!((head.method.as_str(), head.body_bytes), ("HEAD", 0));
    let log = peer.standin.log();
    assert_eq!(log.body_bytes_of("/models/org/m/"), tree.body_bytes + 1000);
    assert_eq!(
        log.body_bytes(),
        tree.body_bytes + redirect.body_bytes + 1000
    );
    log.clear();
    assert!(log.records().is_empty());
}

#[tokio::test]
async fn bytes_nobody_takes_are_not_counted() {
    let seed = RepoSeed::model("org/m").large("w.bin", Content::random(2, 64 << 20));
    let peer = Peer::with(seed).await;
    let link = peer.link("/org/m/resolve/main/w.bin").await;
    let mut response = peer.request(Method::GET, &link).send().await.unwrap();
    let first = response.chunk().await.unwrap().unwrap().len();
    // The count settles when every buffer between the two is full.
    let mut before = 0;
    let counted = timeout(LIMIT, async {
        loop {
            tokio::time::sleep(Duration::from_millis(50)).await;
            let now = peer.standin.log().body_bytes_of("/models/");
            if now == before && now > 0 {
                return now;
            }
            before = now;
        }
    });
    let counted = counted.await.unwrap();
    assert!(counted < 8 << 20, "{counted} bytes for {first} taken");
    drop(response);
}

#[tokio::test]
async fn a_file_of_two_gigabytes_costs_no_memory_and_any_part_can_be_read() {
    let size = 2 << 30;
    let content = Content::random(3, size);
    let seed = RepoSeed::model("org/m").large("w.bin", content.clone());
    let peer = Peer::with(seed).await;
    let head = peer.head("/org/m/resolve/main/w.bin").await;
    assert_eq!(head.header("x-linked-size"), size.to_string());
    let end = peer.range(head.header("location"), "bytes=-5000").await;
    assert_eq!(end.body, content.read(size - 5000, 5000));
}

#[tokio::test]
async fn bandwidth_is_a_limit_for_all_bodies_together() {
    let builder = StandIn::builder().repo(small()).bandwidth(1_000_000);
    let peer = Peer::start(builder).await;
    let link = peer.link("/org/m/resolve/main/w.bin").await;
    #[expect(
        clippy::disallowed_methods,
        reason = "it is the real clock that is measured"
    )]
    let start = Instant::now();
    let (a, b) = tokio::join!(peer.get(&link), peer.get(&link));
    assert_eq!(a.body.len() + b.body.len(), 600_000);
    assert!(start.elapsed() >= Duration::from_millis(550));
}

#[tokio::test]
async fn both_hosts_listen_on_loopback_only() {
    let peer = Peer::start(StandIn::builder()).await;
    for url in [peer.standin.endpoint(), peer.standin.storage()] {
        assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    }
    let home = peer.get("/").await;
    assert!(String::from_utf8_lossy(&home.body).contains("stand-in"));
    assert_eq!(home.header("content-type"), "text/plain; charset=utf-8");
}

#[tokio::test]
async fn a_stopped_hub_frees_its_port() {
    let standin = StandIn::builder().start().await.unwrap();
    let port: u16 = standin
        .endpoint()
        .rsplit(':')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    assert!(
        StandIn::builder().port(port).start().await.is_err(),
        "it is taken"
    );
    timeout(LIMIT, standin.shutdown()).await.unwrap();
    let again = StandIn::builder().port(port).start().await.unwrap();
    assert!(again.endpoint().ends_with(&port.to_string()));
}

#[tokio::test]
async fn a_client_that_takes_nothing_does_not_hold_up_the_end() {
    let seed = RepoSeed::model("org/m").large("w.bin", Content::random(2, 64 << 20));
    let peer = Peer::with(seed).await;
    let link = peer.link("/org/m/resolve/main/w.bin").await;
    let response = peer.request(Method::GET, &link).send().await.unwrap();
    timeout(LIMIT, peer.standin.shutdown()).await.unwrap();
    drop(response);
}

#[tokio::test]
async fn a_state_folder_keeps_the_address_and_gives_it_up_when_it_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("hub");
    let start = || StandIn::builder().state(state.clone()).start();
    let first = start().await.unwrap();
    let (endpoint, storage) = (first.endpoint(), first.storage());
    let second = start().await.unwrap();
    assert_ne!(second.endpoint(), endpoint, "the first still runs");
    let moved = second.endpoint();
    timeout(LIMIT, first.shutdown()).await.unwrap();
    timeout(LIMIT, second.shutdown()).await.unwrap();
    let third = start().await.unwrap();
    assert_eq!(third.endpoint(), moved);
    assert_ne!(third.storage(), storage);
    third.shutdown().await;
    std::fs::write(state.join("address.json"), "{\"hub\":").unwrap();
    assert!(start().await.is_ok(), "a broken file is the same as none");
}
