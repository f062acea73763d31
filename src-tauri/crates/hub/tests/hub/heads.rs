use hubdesk_core::{Digest, Revision};
use hubdesk_hub::{Error, Xet};

use crate::support::{COMMIT, SHA256, Server, commit, everything, redirect, reply};

fn main() -> Revision {
    Revision::main()
}

#[tokio::test]
async fn a_file_in_the_chunk_store_names_its_hash_and_where_a_key_is() {
    let storage = Server::start(|_| reply(200, &[], "bytes")).await;
    let location = format!("{}/w?X-Amz-Signature=secret", storage.url);
    let routes = [
        (
            "link",
            r#"<https://huggingface.co/api/key>; rel="xet-auth""#,
        ),
        ("x-xet-refresh-route", "/api/key"),
    ];
    for route in routes {
        let location = location.clone();
        let server = Server::start(move |_| {
            let headers = [
                ("location", location.as_str()),
                ("x-repo-commit", COMMIT),
                ("x-linked-etag", SHA256),
                ("x-linked-size", "9000000000"),
                ("x-xet-hash", SHA256),
                ("content-length", "0"),
                route,
            ];
            reply(302, &headers, "")
        })
        .await;
        let file = server.repo().file_metadata(&main(), "w.bin").await.unwrap();
        assert_eq!(Some(file.etag), Digest::parse(SHA256));
        assert_eq!((file.size, &file.commit), (Some(9_000_000_000), &commit()));
        let xet = Xet {
            hash: SHA256.to_owned(),
            token_route: format!("{}/api/key", server.url),
        };
        assert_eq!(file.xet.as_ref(), Some(&xet));
        assert_eq!(server.lines(), ["HEAD /org/m/resolve/main/w.bin"]);
        assert!(!format!("{file:?}").contains("secret"));
    }
    assert_eq!(storage.lines().len(), 0);
}

#[tokio::test]
async fn a_key_that_is_elsewhere_is_not_fetched() {
    for (name, value) in [
        ("link", r#"<https://evil.example/key>; rel="xet-auth""#),
        ("x-xet-refresh-route", "https://evil.example/key"),
        ("x-other", "no route at all"),
    ] {
        let server = Server::start(move |_| {
            let headers = [
                ("x-repo-commit", COMMIT),
                ("etag", SHA256),
                ("x-xet-hash", SHA256),
                (name, value),
            ];
            reply(200, &headers, "")
        })
        .await;
        let file = server.repo().file_metadata(&main(), "w.bin").await;
        assert_eq!(file.unwrap().xet, None, "{value}");
    }
}

#[tokio::test]
async fn a_redirect_within_the_hub_is_followed() {
    let server = Server::start(|seen| match seen.earlier {
        0 => redirect("/new/name/resolve/main/f"),
        _ => reply(200, &[("x-repo-commit", COMMIT), ("etag", SHA256)], "12345"),
    })
    .await;
    let file = server.repo().file_metadata(&main(), "f").await.unwrap();
    assert_eq!(file.size, Some(5));
    let lines = server.lines();
    assert_eq!(lines[1], "HEAD /new/name/resolve/main/f");
}

#[tokio::test]
async fn a_head_without_what_is_needed_is_malformed() {
    for headers in [
        [("etag", SHA256), ("x-other", "")],
        [("x-repo-commit", COMMIT), ("x-other", "")],
        [("x-repo-commit", COMMIT), ("etag", "../../x")],
        [("x-repo-commit", "main"), ("etag", SHA256)],
    ] {
        let server = Server::start(move |_| reply(200, &headers, "")).await;
        let error = server.repo().file_metadata(&main(), "f").await;
        let error = error.unwrap_err();
        assert!(matches!(error, Error::Malformed { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn a_place_without_tls_or_with_a_password_is_refused() {
    for to in ["ftp://evil.example/x", "http://me:pw@evil.example/x"] {
        let server = Server::start(move |_| redirect(to)).await;
        let error = server.repo().file_metadata(&main(), "f").await;
        let error = error.unwrap_err();
        assert!(matches!(error, Error::UnsafeRedirect { .. }), "{error:?}");
        assert!(!everything(&error).contains("pw"));
    }
}
