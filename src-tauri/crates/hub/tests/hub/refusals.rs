use std::time::Duration;

use hubdesk_core::{Retry, Revision};
use hubdesk_hub::{Error, What};

use crate::support::{Server, TOKEN, commit, everything, impatient, json, reply, silent_after};

/// The error of a repository call that is always answered like this, and how often it was asked.
async fn refused(
    status: u16,
    headers: &'static [(&str, &str)],
    body: &'static str,
) -> (Error, usize) {
    let server = Server::start(move |_| reply(status, headers, body)).await;
    let error = server.repo().info(&Revision::main()).await.unwrap_err();
    (error, server.lines().len())
}

#[tokio::test]
async fn each_refusal_is_told_apart_and_asked_once() {
    let (error, asked) = refused(404, &[("x-error-code", "RevisionNotFound")], "").await;
    assert!(
        matches!(error, Error::NotFound(What::Revision, _)),
        "{error:?}"
    );
    assert_eq!(asked, 1);

    let (error, _) = refused(404, &[("x-error-code", "RepoNotFound")], "").await;
    assert!(matches!(error, Error::NotFound(What::Repo, _)), "{error:?}");

    let (error, _) = refused(401, &[], "").await;
    assert!(matches!(error, Error::NotFound(What::Repo, _)), "{error:?}");

    let (error, _) = refused(403, &[("x-error-code", "GatedRepo")], "").await;
    assert!(
        matches!(&error, Error::Gated { repo, .. } if repo.name() == "org/m"),
        "{error:?}"
    );
    assert_eq!(error.to_string(), "access to model org/m must be requested");

    let (error, _) = refused(403, &[("x-error-message", "your plan ended")], "").await;
    assert!(matches!(&error, Error::Forbidden { message, .. } if message == "your plan ended"));

    let disabled = &[("x-error-message", "Access to this resource is disabled.")];
    let (error, _) = refused(403, disabled, "").await;
    assert!(matches!(error, Error::Disabled { .. }), "{error:?}");

    let (error, _) = refused(400, &[], r#"{"error":"odd revision"}"#).await;
    assert!(matches!(error, Error::BadRequest { .. }), "{error:?}");
    assert_eq!(error.to_string(), "the request was refused: odd revision");
}

#[tokio::test]
async fn a_wrong_token_is_told_apart_from_a_hidden_repository() {
    let headers = &[(
        "x-error-message",
        "Invalid credentials in Authorization header",
    )];
    let (error, _) = refused(401, headers, "").await;
    assert!(matches!(error, Error::SignedOut { .. }), "{error:?}");

    let server = Server::start(|_| reply(401, &[], "")).await;
    let error = server.hub().whoami().await.unwrap_err();
    assert!(matches!(error, Error::SignedOut { .. }), "{error:?}");
}

#[tokio::test]
async fn the_words_and_the_request_id_of_a_refusal_are_kept() {
    let headers = &[("x-request-id", "Root=1-abc"), ("x-error-message", "No.")];
    let (error, _) = refused(
        403,
        headers,
        r#"{"error":"No.","errors":[{"message":"Really."}]}"#,
    )
    .await;
    let exchange = error.exchange().unwrap();
    assert_eq!((exchange.method, exchange.status), ("GET", Some(403)));
    assert_eq!(exchange.request_id.as_deref(), Some("Root=1-abc"));
    assert_eq!(exchange.message.as_deref(), Some("No.; Really."));
    assert!(exchange.url.contains("/api/models/org/m/revision/main"));
}

#[tokio::test]
async fn a_token_that_the_server_repeats_is_in_no_error() {
    let server = Server::start(|seen| {
        let said = seen.header("authorization").unwrap_or_default().to_owned();
        reply(
            403,
            &[("x-error-message", &said), ("x-request-id", &said)],
            said.clone(),
        )
    })
    .await;
    let error = server.hub().whoami().await.unwrap_err();
    assert_eq!(
        everything(&error).matches(TOKEN).count(),
        0,
        "{}",
        everything(&error)
    );
    assert!(
        error
            .exchange()
            .unwrap()
            .message
            .as_ref()
            .unwrap()
            .contains("hf_…")
    );

    let error = server
        .repo()
        .file(&commit(), "f")
        .get(None)
        .await
        .unwrap_err();
    assert_eq!(
        everything(&error).matches(TOKEN).count(),
        0,
        "{}",
        everything(&error)
    );
}

#[tokio::test]
async fn a_passing_fault_is_asked_about_again() {
    for status in [408, 429, 500, 502, 503, 504] {
        let server = Server::start(move |seen| match seen.earlier {
            0 | 1 => reply(status, &[], ""),
            _ => json(r#"{"name":"ada"}"#),
        })
        .await;
        assert_eq!(server.hub().whoami().await.unwrap().name, "ada", "{status}");
    }
}

#[tokio::test]
async fn a_lasting_fault_comes_back_after_the_last_retry() {
    let (error, asked) = refused(503, &[], "").await;
    assert!(matches!(error, Error::Server { .. }), "{error:?}");
    assert_eq!((error.retry(), asked), (Retry::Soon, 3));
}

#[tokio::test]
async fn a_long_pause_the_server_wants_comes_back_at_once_with_its_time() {
    let headers = &[("ratelimit", r#""api";r=0;t=255"#), ("retry-after", "1")];
    let (error, asked) = refused(429, headers, "").await;
    let expected = Duration::from_secs(256);
    assert!(
        matches!(error, Error::RateLimited { after, .. } if after == expected),
        "{error:?}"
    );
    assert_eq!((error.retry(), asked), (Retry::After(expected), 1));
}

#[tokio::test]
async fn the_text_of_an_error_is_bounded() {
    let server = Server::start(|_| reply(403, &[], "x".repeat(1 << 20))).await;
    let error = server.hub().whoami().await.unwrap_err();
    assert!(everything(&error).len() < 3000);
}

#[tokio::test]
async fn a_refusal_whose_text_never_ends_is_still_that_refusal() {
    let server = Server::start(|_| reply(403, &[], silent_after("no"))).await;
    let error = impatient(&server.url).whoami().await.unwrap_err();
    assert_eq!(error.to_string(), "not allowed: no");
}

#[tokio::test]
async fn what_is_gone_was_removed_by_us_only_if_an_answer_was_lost() {
    let missing = || reply(404, &[("x-error-code", "RepoNotFound")], "");
    let after = async |first: u16| {
        let server = Server::start(move |seen| match seen.earlier {
            0 => reply(first, &[], ""),
            _ => missing(),
        })
        .await;
        server.repo().unlike().await
    };
    after(502).await.unwrap();
    let never = after(429).await;
    assert!(
        matches!(never, Err(Error::NotFound(What::Repo, _))),
        "{never:?}"
    );
}

#[tokio::test]
async fn an_answer_that_makes_no_sense_is_quoted_without_the_token() {
    let bodies = [
        format!(r#"{{"name": "mira", "type": "user", "auth": "{TOKEN}"}}"#),
        format!(r#""{TOKEN}""#),
    ];
    for body in bodies {
        let server = Server::start(move |_| json(body.clone())).await;
        let error = server.hub().whoami().await.unwrap_err();
        assert!(matches!(error, Error::Malformed { .. }), "{error:?}");
        assert!(!everything(&error).contains(TOKEN), "{error:?}");
    }
}

#[tokio::test]
async fn an_address_that_a_server_makes_of_the_token_is_shown_without_it() {
    for location in [
        format!("/{TOKEN}"),
        format!("ftp://evil.example/{TOKEN}?x={TOKEN}"),
    ] {
        let server = Server::start(move |seen| match seen.earlier {
            0 => reply(307, &[("location", &location)], ""),
            _ => reply(404, &[], ""),
        })
        .await;
        let error = server.hub().whoami().await.unwrap_err();
        assert!(!everything(&error).contains(TOKEN), "{error:?}");
    }
}
