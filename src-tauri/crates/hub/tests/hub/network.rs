//! How the network is used: proxies, certificates, names of requests, and not at all.

use std::pin::pin;
use std::sync::Arc;

use axum::response::Response;
use futures_util::{FutureExt as _, StreamExt as _};
use hubdesk_core::{RepoId, RepoKind, Retry, Token};
use hubdesk_hub::{Certificates, Endpoint, Error, Found, Hub, Profile, Proxy, ProxyAddress};

use crate::support::{
    BLOB, COMMIT, SHA256, Seen, Server, TOKEN, commit, everything, hub_at, json, redirect, reply,
};
use crate::tls::{NAME, TlsServer, Tunnel};

const WHO: &str = r#"{"name":"mira"}"#;
/// `mira:s3cret`, as a header.
const BASIC: &str = "proxy-authorization: Basic bWlyYTpzM2NyZXQ=";

fn hub(endpoint: &str, proxy: &str, certificates: Option<&str>) -> Hub {
    let certificates = certificates.map(|pem| Certificates::from_pem(pem.as_bytes()).unwrap());
    let profile = Profile {
        proxy: Proxy::Manual(ProxyAddress::parse(proxy).unwrap()),
        certificates: certificates.unwrap_or_default(),
        ..Profile::default()
    };
    let endpoint = Endpoint::parse(endpoint).unwrap();
    Hub::new(endpoint, Arc::new(Token::new(TOKEN)), profile).unwrap()
}

fn secure() -> String {
    format!("https://{NAME}")
}

#[tokio::test]
async fn a_certificate_of_ones_own_authority_is_trusted_only_when_it_was_added() {
    let server = TlsServer::start(WHO).await;
    let tunnel = Tunnel::start(server.address, None).await;
    let proxy = tunnel.address.to_string();
    let error = hub(&secure(), &proxy, None).whoami().await.unwrap_err();
    assert!(matches!(error, Error::Insecure { .. }), "{error:?}");
    let added = hub(&secure(), &proxy, Some(&server.authority));
    assert_eq!(added.whoami().await.unwrap().name, "mira");
    let other = hub("https://other.example", &proxy, Some(&server.authority));
    let error = other.whoami().await.unwrap_err();
    assert!(
        matches!(error, Error::Insecure { .. }),
        "trusted under its own name only"
    );
}

#[tokio::test]
async fn a_proxy_gets_the_password_and_no_token_and_nobody_else_gets_the_password() {
    let server = TlsServer::start(WHO).await;
    let tunnel = Tunnel::start(server.address, Some(BASIC)).await;
    let proxy = format!("http://mira:s3cret@{}", tunnel.address);
    let hub = hub(&secure(), &proxy, Some(&server.authority));
    assert_eq!(hub.whoami().await.unwrap().name, "mira");
    let seen = tunnel.seen();
    assert!(seen[0].starts_with("CONNECT hub.example:443 "), "{seen:?}");
    assert!(!seen[0].contains(TOKEN), "{seen:?}");
}

#[tokio::test]
async fn a_proxy_that_refuses_is_named_and_no_secret_is_in_the_error() {
    let server = TlsServer::start(WHO).await;
    let tunnel = Tunnel::start(server.address, Some(BASIC)).await;
    let proxy = format!("http://mira:wr0ng@{}", tunnel.address);
    for endpoint in ["https://hub.example", "http://hub.example"] {
        let hub = hub(endpoint, &proxy, Some(&server.authority));
        let error = hub.whoami().await.unwrap_err();
        assert!(matches!(error, Error::ProxyRefused { .. }), "{error:?}");
        assert_eq!(error.retry(), Retry::No);
        let shown = everything(&error);
        assert!(
            !shown.contains("wr0ng") && !shown.contains(TOKEN),
            "{shown}"
        );
    }
    assert_eq!(server.offered().len(), 0, "nothing came through");
}

#[tokio::test]
async fn the_storage_host_is_asked_through_the_same_proxy_as_the_hub() {
    let proxy = Server::start(|seen| {
        if seen.line.contains("storage.example") {
            reply(200, &[], "bytes")
        } else {
            redirect("http://storage.example/f?sig=x")
        }
    })
    .await;
    let id = RepoId::new(RepoKind::Model, "org/m").unwrap();
    let repo = hub("http://hub.example", &proxy.url, None).repo(&id);
    let mut body = repo.file(&commit(), "f").get(None).await.unwrap();
    assert_eq!(body.chunk().await.unwrap().unwrap(), "bytes");
    let hosts: Vec<_> = proxy
        .seen()
        .iter()
        .map(|seen| seen.header("host").map(str::to_owned))
        .collect();
    assert_eq!(
        hosts,
        [
            Some("hub.example".to_owned()),
            Some("storage.example".to_owned())
        ]
    );
}

#[tokio::test]
async fn what_is_on_this_machine_is_asked_without_the_proxy() {
    let server = Server::start(|_| json(WHO)).await;
    let hub = hub(&server.url, "http://127.0.0.1:1", None);
    assert_eq!(hub.whoami().await.unwrap().name, "mira");
}

#[tokio::test]
async fn facts_and_small_files_share_one_connection_over_http_2_and_large_files_never_do() {
    let server = TlsServer::start_with_http2(WHO).await;
    let tunnel = Tunnel::start(server.address, None).await;
    let hub = hub(
        &secure(),
        &tunnel.address.to_string(),
        Some(&server.authority),
    );
    hub.whoami().await.unwrap();
    let id = RepoId::new(RepoKind::Model, "org/m").unwrap();
    let file = |name: &str| hub.repo(&id).file(&commit(), name);
    let small = ["a", "b", "c", "d"].map(async |name| {
        let mut body = file(name).get_small().await.unwrap();
        assert_eq!(body.chunk().await.unwrap().unwrap(), WHO);
    });
    futures_util::future::join_all(small).await;
    let offered = server.offered();
    assert_eq!(offered, [["h2", "http/1.1"]], "one connection for all");
    // There is no HTTP/1.1 answer to look at; only the hello counts here.
    let _ = file("large").get(None).await;
    assert_eq!(server.offered()[1], ["http/1.1"]);
}

#[tokio::test]
async fn a_request_has_a_name_of_its_own_which_an_error_keeps_when_the_hub_gives_none() {
    let server = Server::start(|seen| match seen.earlier {
        0 => reply(400, &[], "no"),
        _ => reply(400, &[("x-request-id", "theirs")], "no"),
    })
    .await;
    let id = async || {
        let error = server.hub().whoami().await.unwrap_err();
        error.exchange().unwrap().request_id.clone().unwrap()
    };
    let (first, second) = (id().await, id().await);
    let seen = server.seen();
    let sent = |n: usize| seen[n].header("x-amzn-trace-id").unwrap().to_owned();
    assert_eq!(first, sent(0));
    assert_eq!(second, "theirs");
    assert_ne!(sent(0), sent(1));
    let form: Vec<usize> = sent(0).split('-').map(str::len).collect();
    assert_eq!(form, [8, 4, 4, 4, 12]);
    assert_eq!(&sent(0)[14..15], "4", "a random one");
}

#[tokio::test]
async fn who_is_told_to_be_offline_sends_nothing_and_says_why() {
    let server = Server::start(|_| json(WHO)).await;
    let hub = server.hub();
    let profile = Profile {
        is_offline: true,
        ..Profile::default()
    };
    let error = hub
        .with_profile(profile)
        .unwrap()
        .whoami()
        .await
        .unwrap_err();
    assert!(matches!(error, Error::OfflineMode { .. }), "{error:?}");
    assert_eq!(error.retry(), Retry::No);
    assert_eq!(server.lines().len(), 0);
    let again = hub.with_profile(Profile::default()).unwrap();
    assert_eq!(again.whoami().await.unwrap().name, "mira");
    assert!(
        server.seen()[0].header("authorization").is_some(),
        "the same account"
    );
}

#[tokio::test]
async fn a_proxy_that_cannot_be_reached_is_no_network() {
    let closed = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    let hub = hub_at("http://hub.example", None);
    let profile = Profile {
        proxy: Proxy::Manual(ProxyAddress::parse(&closed.to_string()).unwrap()),
        backoff: hubdesk_core::Backoff {
            retries: 0,
            ..hubdesk_core::Backoff::HUB
        },
        ..Profile::default()
    };
    let error = hub
        .with_profile(profile)
        .unwrap()
        .whoami()
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Offline { .. }), "{error:?}");
}

/// A Hub with one large file, for [`Hub::probe`]. Its Xet host has the address `cas`.
fn hub_with_a_file(seen: &Seen, cas: &str) -> Response {
    let path = seen.line.split(['?', ' ']).nth(1).unwrap();
    match path {
        "/api/models" => json(r#"[{"id":"org/m"}]"#),
        "/api/models/org/m/revision/main" => json(format!(r#"{{"id":"org/m","sha":"{COMMIT}"}}"#)),
        path if path.contains("/tree/") => json(format!(
            r#"[{{"type":"file","path":"w","size":9,"oid":"{BLOB}","lfs":{{"oid":"{SHA256}","size":9}}}}]"#
        )),
        path if path.contains("/resolve/") => reply(206, &[("content-range", "bytes 0-0/9")], "x"),
        path if path.contains("/xet-read-token/") => json(format!(
            r#"{{"casUrl":"{cas}","accessToken":"xet_secret","exp":1}}"#
        )),
        _ => reply(404, &[], ""),
    }
}

#[tokio::test]
async fn a_probe_goes_to_every_host_and_takes_no_token_to_the_last() {
    let cas = Server::start(|_| reply(404, &[], "")).await;
    let address = cas.url.clone();
    let server = Server::start(move |seen| hub_with_a_file(seen, &address)).await;
    let probe = server.hub().probe().await;
    for found in [&probe.api, &probe.storage, &probe.xet] {
        assert!(matches!(found, Found::Works { .. }), "{probe:?}");
    }
    let seen = cas.seen();
    assert!(seen[0].header("authorization").is_none(), "{seen:?}");
}

#[tokio::test]
async fn a_probe_says_which_host_fails_and_why() {
    let closed = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let server = Server::start(move |seen| match seen.line.contains("/resolve/") {
        true => reply(503, &[], ""),
        false => hub_with_a_file(seen, &closed),
    })
    .await;
    let probe = server.hub().probe().await;
    assert!(matches!(probe.api, Found::Works { .. }), "{probe:?}");
    assert!(
        matches!(probe.storage, Found::Fails(Error::Server { .. })),
        "{probe:?}"
    );
    assert!(
        matches!(probe.xet, Found::Fails(Error::Offline { .. })),
        "{probe:?}"
    );
    let asked = server
        .lines()
        .iter()
        .filter(|line| line.contains("/resolve/"))
        .count();
    assert_eq!(asked, 1, "each is tried once");
}

#[tokio::test]
async fn a_mirror_keeps_what_the_public_hub_sends_on() {
    let server = Server::start(|seen| match seen.earlier {
        0 => redirect("https://huggingface.co/api/whoami-v2?moved"),
        _ => json(WHO),
    })
    .await;
    assert_eq!(server.hub().whoami().await.unwrap().name, "mira");
    assert_eq!(server.lines()[1], "GET /api/whoami-v2?moved");
}

#[tokio::test]
async fn what_the_hub_warns_of_is_heard_once_whichever_client_heard_it() {
    let server = Server::start(|_| reply(200, &[("x-hf-warning", "plan; Ends soon")], WHO)).await;
    let (endpoint, profile) = (Endpoint::parse(&server.url).unwrap(), Profile::default());
    let old = Hub::new(endpoint, Arc::new(Token::new(TOKEN)), profile.clone()).unwrap();
    let new = old.with_profile(profile.clone()).unwrap();
    for hub in [old, new] {
        hub.whoami().await.unwrap();
    }
    let mut heard = pin!(profile.warnings.stream());
    let warning = heard.next().await.unwrap();
    assert_eq!(format!("http://{}", warning.host), server.url);
    assert_eq!(
        (warning.topic.as_str(), warning.message.as_str()),
        ("plan", "Ends soon")
    );
    assert!(heard.next().now_or_never().is_none(), "and nothing else");
}
