//! `POST /oauth/token`: codes and refresh tokens become access tokens.

use axum::http::header;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hubdesk_core::Digest;
use serde_json::json;

use super::{Decision, Session, refuse};
use crate::answer::Answer;
use crate::ask::{Ask, Query};
use crate::standin::Hub;

/// Error code and description.
struct No(&'static str, &'static str);

pub(super) fn token(ask: &Ask<'_>) -> Answer {
    let form = Query::parse(&String::from_utf8_lossy(&ask.body));
    let session = match form.get("grant_type").unwrap_or_default() {
        "authorization_code" => by_code(ask.hub, &form),
        "urn:ietf:params:oauth:grant-type:device_code" => by_device(ask.hub, &form),
        "refresh_token" => by_refresh(ask.hub, &form),
        _ => Err(No("unsupported_grant_type", "there is no such grant")),
    };
    match session {
        Ok(session) => grant(ask.hub, session),
        Err(No(error, description)) => refuse(error, description),
    }
}

fn grant(hub: &Hub, session: Session) -> Answer {
    let access = session.token(hub);
    let refresh = format!("hf_refresh_{}", hub.secret());
    let answer = json!({
        "access_token": access,
        "token_type": "bearer",
        "expires_in": hub.oauth_lifetime.as_secs(),
        "refresh_token": refresh,
        "scope": session.scope,
    });
    hub.sign_ins.lock().sessions.insert(refresh, session);
    Answer::json(answer).with(header::CACHE_CONTROL, "no-store")
}

fn by_code(hub: &Hub, form: &Query) -> Result<Session, No> {
    let wrong = |why| No("invalid_grant", why);
    // A code is good once, whatever comes of it.
    let code = form.get("code").unwrap_or_default();
    let consent = hub.sign_ins.lock().codes.remove(code);
    let consent = consent.ok_or_else(|| wrong("unknown code"))?;
    let verifier = form.get("code_verifier").unwrap_or_default();
    if consent.until < hub.seconds() {
        return Err(wrong("the code has expired"));
    }
    if form.get("redirect_uri") != Some(&consent.redirect) {
        return Err(wrong("another redirect_uri than at the beginning"));
    }
    if challenge(verifier) != consent.challenge {
        return Err(wrong("the verifier does not belong to the challenge"));
    }
    Ok(Session {
        user: consent.user,
        client: consent.client,
        scope: consent.scope,
    })
}

fn by_device(hub: &Hub, form: &Query) -> Result<Session, No> {
    let code = form.get("device_code").unwrap_or_default();
    let mut state = hub.sign_ins.lock();
    let Some(device) = state.devices.get(code) else {
        return Err(No("invalid_grant", "unknown device code"));
    };
    if device.until < hub.seconds() {
        state.devices.remove(code);
        return Err(No("expired_token", "the code has expired"));
    }
    let session = match device.decision.clone() {
        None => return Err(No("authorization_pending", "nobody has decided yet")),
        Some(Decision::Refused) => Err(No("access_denied", "the person said no")),
        Some(Decision::Allowed { user }) => Ok(Session {
            user,
            client: device.client.clone(),
            scope: device.scope.clone(),
        }),
    };
    state.devices.remove(code);
    session
}

/// The refresh token is replaced each time: one that is used twice is good no longer.
fn by_refresh(hub: &Hub, form: &Query) -> Result<Session, No> {
    let refresh = form.get("refresh_token").unwrap_or_default();
    let mut state = hub.sign_ins.lock();
    match state.sessions.get(refresh) {
        Some(session) if form.get("client_id") != Some(&session.client) => Err(No(
            "invalid_grant",
            "the refresh token belongs to another client",
        )),
        Some(_) => Ok(state.sessions.remove(refresh).expect("just seen")),
        None => Err(No("invalid_grant", "the session is over")),
    }
}

fn challenge(verifier: &str) -> String {
    match Digest::sha256(verifier.as_bytes()) {
        Digest::Sha256(bytes) => URL_SAFE_NO_PAD.encode(bytes),
        Digest::GitBlob(_) => unreachable!("a sha256 was asked for"),
    }
}
