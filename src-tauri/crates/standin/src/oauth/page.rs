//! The pages on which a person says yes or no.

use axum::http::{StatusCode, header};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Consent, Decision, PATIENCE};
use crate::answer::Answer;
use crate::ask::Ask;
use crate::error::Refusal;

/// `GET /oauth/authorize?…`
pub(super) fn authorize(ask: &Ask<'_>) -> Result<Answer, Refusal> {
    check(ask)?;
    Ok(question(ask, "/oauth/authorize/decide", "Sign in?"))
}

/// `GET /oauth/authorize/decide?…&allow=true[&as=name]`: back to the program, with a code.
pub(super) fn decide(ask: &Ask<'_>) -> Result<Answer, Refusal> {
    let redirect = check(ask)?;
    let back = |pair: String| {
        let state = encode(ask.query.get("state").unwrap_or_default());
        Answer::redirect(
            StatusCode::FOUND,
            &format!("{redirect}?{pair}&state={state}"),
        )
    };
    if !ask.query.is_true("allow") {
        return Ok(back("error=access_denied".to_owned()));
    }
    let part = |key| ask.query.get(key).unwrap_or_default().to_owned();
    let code = ask.hub.secret();
    let consent = Consent {
        user: who(ask)?,
        client: part("client_id"),
        redirect: redirect.to_owned(),
        challenge: part("code_challenge"),
        scope: part("scope"),
        until: ask.hub.seconds() + PATIENCE,
    };
    let answer = back(format!("code={code}"));
    ask.hub.sign_ins.lock().codes.insert(code, consent);
    Ok(answer)
}

/// `GET /oauth/device[?user_code=…]`
pub(super) fn device(ask: &Ask<'_>) -> Result<Answer, Refusal> {
    Ok(question(ask, "/oauth/device/decide", "Sign in the device?"))
}

/// `GET /oauth/device/decide?user_code=…&allow=true[&as=name]`
pub(super) fn decide_device(ask: &Ask<'_>) -> Result<Answer, Refusal> {
    let decision = if ask.query.is_true("allow") {
        Decision::Allowed { user: who(ask)? }
    } else {
        Decision::Refused
    };
    let code = ask.query.get("user_code").unwrap_or_default();
    let mut state = ask.hub.sign_ins.lock();
    let device = state
        .devices
        .values_mut()
        .find(|device| device.user_code == code && device.decision.is_none());
    let device =
        device.ok_or_else(|| Refusal::BadRequest("no device waits with this code".to_owned()))?;
    device.decision = Some(decision);
    Ok(html("<p>Done. You may close this page.</p>".to_owned()))
}

/// The redirect address, if the request is one a public client may make.
fn check<'a>(ask: &'a Ask<'_>) -> Result<&'a str, Refusal> {
    let is = |key, value| ask.query.get(key) == Some(value);
    let redirect = ask.query.get("redirect_uri").unwrap_or_default();
    let is_loopback = ["http://127.0.0.1:", "http://localhost:", "http://[::1]:"]
        .iter()
        .any(|start| redirect.starts_with(start));
    let is_complete = ["client_id", "state", "code_challenge"]
        .iter()
        .all(|key| ask.query.get(key).is_some_and(|value| !value.is_empty()));
    if is("response_type", "code")
        && is("code_challenge_method", "S256")
        && is_loopback
        && is_complete
    {
        Ok(redirect)
    } else {
        Err(Refusal::BadRequest("not a request to sign in".to_owned()))
    }
}

fn who(ask: &Ask<'_>) -> Result<String, Refusal> {
    let users = ask.hub.people.users();
    let user = match ask.query.get("as") {
        Some(name) => users.into_iter().find(|user| user == name),
        None => users.into_iter().next(),
    };
    user.ok_or_else(|| Refusal::BadRequest("there is no such person".to_owned()))
}

fn question(ask: &Ask<'_>, decide: &str, title: &str) -> Answer {
    // The query is encoded again from its parts, so nothing in it can end the attribute.
    let link =
        |allow: &str| format!("{decide}?{}", ask.query.with("allow", allow)).replace('&', "&amp;");
    html(format!(
        "<h1>{title}</h1><p>A program on this computer wants to sign in at the stand-in Hub.</p>\
         <p><a href=\"{}\">Allow</a> <a href=\"{}\">Refuse</a></p>",
        link("true"),
        link("false"),
    ))
}

fn html(body: String) -> Answer {
    Answer::text(format!("<!doctype html><title>Sign in</title>{body}"))
        .with(header::CONTENT_TYPE, "text/html; charset=utf-8")
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}
