use hubdesk_core::{Digest, Revision};
use hubdesk_hub::{Error, File};

use crate::support::{COMMIT, SHA256, Server, TOKEN, commit, everything, json, redirect, reply};

fn file(server: &Server) -> File {
    server.repo().file(&commit(), "w.bin")
}

/// A Hub that sends every request for bytes to `storage`, as for large files.
async fn hub_before(storage: String) -> Server {
    Server::start(move |_| {
        let etag = format!("\"{SHA256}\"");
        let headers = [
            ("location", storage.as_str()),
            ("x-linked-etag", etag.as_str()),
            ("x-linked-size", "5"),
            ("x-repo-commit", COMMIT),
        ];
        reply(302, &headers, "moved")
    })
    .await
}

#[tokio::test]
async fn the_storage_host_never_sees_the_token_and_the_hub_does() {
    let storage = Server::start(|_| reply(200, &[("etag", "\"of the storage\"")], "bytes")).await;
    let server = hub_before(format!("{}/f?Signature=very-signed", storage.url)).await;
    let mut body = file(&server).get(None).await.unwrap();
    assert_eq!(body.chunk().await.unwrap().unwrap(), "bytes");
    assert_eq!(body.etag, Digest::parse(SHA256));
    assert_eq!(
        (body.linked_size, body.commit.clone()),
        (Some(5), Some(commit()))
    );
    assert!(!format!("{body:?}").contains("very-signed"));

    let asked = &server.seen()[0];
    assert_eq!(asked.line, format!("GET /org/m/resolve/{COMMIT}/w.bin"));
    assert_eq!(
        asked.header("authorization"),
        Some(format!("Bearer {TOKEN}").as_str())
    );
    assert_eq!(asked.header("x-hf-download-counter"), Some("1"));
    let seen = &storage.seen()[0];
    assert!(
        seen.headers
            .values()
            .all(|value| !value.to_str().unwrap().contains(TOKEN))
    );
    assert_eq!(seen.header("authorization"), None);
    assert_eq!(seen.header("accept-encoding"), Some("identity"));
    assert_eq!(seen.header("referer"), None);
}

#[tokio::test]
async fn a_renamed_repository_is_followed_within_the_hub_with_the_token() {
    let server = Server::start(|seen| match seen.earlier {
        0 => reply(
            307,
            &[("location", "/api/models/org/new/revision/main")],
            "",
        ),
        _ => json(format!(r#"{{"id":"org/new","sha":"{COMMIT}"}}"#)),
    })
    .await;
    let info = server.repo().info(&Revision::main()).await.unwrap();
    assert_eq!(info.summary.id.name(), "org/new");
    assert!(server.seen()[1].header("authorization").is_some());
}

#[tokio::test]
async fn facts_are_not_taken_from_another_host() {
    let other = Server::start(|_| json(r#"{"name":"mallory"}"#)).await;
    let elsewhere = other.url.clone();
    let server = Server::start(move |_| redirect(&elsewhere)).await;
    let error = server.hub().whoami().await.unwrap_err();
    assert!(matches!(error, Error::UnsafeRedirect { .. }), "{error:?}");
    assert_eq!(other.lines().len(), 0);
}

#[tokio::test]
async fn another_host_cannot_send_the_token_back_to_the_hub() {
    let storage = Server::start(|seen| redirect(seen.line.split_once("to=").unwrap().1)).await;
    let to = storage.url.clone();
    let server = Server::start(move |seen| {
        let host = seen.header("host").unwrap();
        redirect(&format!("{to}/?to=http://{host}/settings"))
    })
    .await;
    let error = file(&server).get(None).await.unwrap_err();
    assert!(matches!(error, Error::UnsafeRedirect { .. }), "{error:?}");
    assert_eq!(server.lines().len(), 1);
}

#[tokio::test]
async fn redirects_without_an_end_are_left_after_twenty() {
    let server = Server::start(|seen| redirect(&format!("/{}", seen.earlier))).await;
    let error = file(&server).get(None).await.unwrap_err();
    assert!(matches!(error, Error::TooManyRedirects { .. }), "{error:?}");
    assert_eq!(server.lines().len(), 21, "the request and twenty redirects");

    let server = Server::start(|seen| redirect(&format!("/{}", seen.earlier))).await;
    let error = server.hub().whoami().await.unwrap_err();
    assert!(matches!(error, Error::TooManyRedirects { .. }), "{error:?}");
    assert_eq!(server.lines().len(), 21);
}

#[tokio::test]
async fn an_address_that_is_not_for_the_web_is_refused_without_its_secrets() {
    for to in [
        "file:///etc/passwd",
        "ftp://h/x",
        "http://me:very-signed@127.0.0.1:1/x?s=very-signed",
    ] {
        let server = Server::start(move |_| redirect(to)).await;
        let error = file(&server).get(None).await.unwrap_err();
        assert!(matches!(error, Error::UnsafeRedirect { .. }), "{error:?}");
        assert!(
            !everything(&error).contains("very-signed"),
            "{}",
            everything(&error)
        );
    }
}

#[tokio::test]
async fn a_redirect_without_an_address_is_malformed() {
    let server = Server::start(|_| reply(302, &[], "")).await;
    let error = file(&server).get(None).await.unwrap_err();
    assert!(matches!(error, Error::Malformed { .. }), "{error:?}");
}

#[tokio::test]
async fn a_signed_address_is_in_no_error() {
    for status in [403, 503] {
        let storage = Server::start(move |_| reply(status, &[], "<Error>no</Error>")).await;
        let server = hub_before(format!("{}/f?Signature=very-signed", storage.url)).await;
        let error = file(&server).get(None).await.unwrap_err();
        assert!(
            !everything(&error).contains("very-signed"),
            "{}",
            everything(&error)
        );
        assert!(error.exchange().unwrap().url.contains("Signature=…"));
    }
    let server = hub_before("http://127.0.0.1:1/f?Signature=very-signed".to_owned()).await;
    let error = file(&server).get(None).await.unwrap_err();
    assert!(matches!(error, Error::Offline { .. }), "{error:?}");
    assert!(
        !everything(&error).contains("very-signed"),
        "{}",
        everything(&error)
    );
}
