//! Signing in at Hubs that are odd or hostile.

use axum::response::Response;
use hubdesk_core::Token;
use hubdesk_hub::{Error, OAuth, SignInError};

use crate::support::{Seen, Server, reply};

fn answer(status: u16, body: &str) -> Response {
    reply(
        status,
        &[("content-type", "application/json")],
        body.to_owned(),
    )
}

const CODE: &str = r#"{"device_code":"secret","user_code":"AB-1","interval":1,"expires_in":9,
    "verification_uri":"https://hub.example/device"}"#;

/// A Hub without metadata that answers the poll number `n` (from 0) with `poll(n)`.
async fn device_hub(poll: impl Fn(usize) -> Response + Clone + Send + Sync + 'static) -> Server {
    Server::start(move |seen: &Seen| match seen.line.as_str() {
        "POST /oauth/device" => answer(200, CODE),
        "POST /oauth/token" => poll(seen.earlier - 2),
        _ => answer(404, "{}"),
    })
    .await
}

async fn wait(server: &Server) -> Result<String, SignInError> {
    let oauth = OAuth::discover(&server.anonymous(), "us").await?;
    let code = oauth.device(&["profile"]).await?;
    let grant = oauth.wait(&code).await?;
    Ok(grant.access.expose().to_owned())
}

#[tokio::test]
async fn faults_on_the_way_to_a_grant_are_waited_out() {
    let server = device_hub(|n| match n {
        0 => answer(400, r#"{"error":"authorization_pending"}"#),
        1 => answer(502, "<html>bad gateway</html>"),
        2 => answer(200, "not JSON"),
        _ => answer(200, r#"{"access_token":"hf_oauth_x"}"#),
    })
    .await;
    assert_eq!(wait(&server).await.unwrap(), "hf_oauth_x");
}

#[tokio::test]
async fn each_refusal_of_a_device_is_told_apart() {
    for (error, expected) in [
        ("access_denied", "Denied"),
        ("expired_token", "Expired"),
        ("invalid_client", "Refused"),
    ] {
        let body = format!(r#"{{"error":"{error}","error_description":"so be it"}}"#);
        let server = device_hub(move |_| answer(400, &body)).await;
        let refused = format!("{:?}", wait(&server).await.unwrap_err());
        assert!(refused.starts_with(expected), "{error}: {refused}");
    }
}

#[tokio::test]
async fn a_code_that_is_never_answered_ends_with_its_lifetime() {
    let pending = r#"{"error":"authorization_pending"}"#;
    let server = Server::start(move |seen: &Seen| match seen.line.as_str() {
        "POST /oauth/device" => answer(200, &CODE.replace(r#":9"#, ":2")),
        "POST /oauth/token" => answer(400, pending),
        _ => answer(404, "{}"),
    })
    .await;
    assert!(matches!(wait(&server).await, Err(SignInError::Expired)));
}

#[tokio::test]
async fn codes_are_not_sent_to_a_host_that_the_metadata_names() {
    let metadata = r#"{"token_endpoint":"https://evil.example/token",
        "device_authorization_endpoint":"https://evil.example/device"}"#;
    let server = Server::start(move |seen: &Seen| match seen.line.as_str() {
        "GET /.well-known/openid-configuration" => answer(200, metadata),
        "POST /oauth/device" => answer(400, r#"{"error":"no_device"}"#),
        _ => answer(404, "{}"),
    })
    .await;
    let oauth = OAuth::discover(&server.anonymous(), "us").await.unwrap();
    let refused = oauth.device(&[]).await.map(|_| ());
    assert!(
        matches!(refused, Err(SignInError::Refused { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn an_answer_that_is_not_understood_is_not_repeated() {
    let server = Server::start(|seen: &Seen| match seen.line.as_str() {
        "POST /oauth/token" => answer(200, r#"{"access":"hf_oauth_secret"}"#),
        _ => answer(404, "{}"),
    })
    .await;
    let oauth = OAuth::discover(&server.anonymous(), "us").await.unwrap();
    let refresh = hubdesk_core::Token::new("hf_refresh_secret").unwrap();
    let error = oauth.refresh(&refresh).await.unwrap_err();
    assert!(matches!(error, SignInError::Hub(Error::Malformed { .. })));
    assert!(!format!("{error:?} {error}").contains("secret"));
}

#[tokio::test]
async fn a_refusal_is_told_without_what_was_sent() {
    for (status, form) in [(400, "error"), (400, "error_description"), (404, "message")] {
        let server = Server::start(move |seen: &Seen| match seen.line.as_str() {
            "POST /oauth/token" => {
                let body = format!(r#"{{"error": "odd", "{form}": "no {}"}}"#, seen.body);
                reply(status, &[("x-error-code", &seen.body)], body)
            }
            _ => answer(404, "{}"),
        })
        .await;
        let oauth = OAuth::discover(&server.anonymous(), "us").await.unwrap();
        let old = Token::new("hf_refresh_me").unwrap();
        let error = oauth.refresh(&old).await.unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("refresh_me"), "{shown}");
    }
}
