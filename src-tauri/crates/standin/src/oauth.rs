//! Signing in with OAuth 2: authorization code with PKCE, device code, refresh.
//!
//! Any client id is good, as for a client registered at the Hub. The person is asked on a page
//! with two links, and is whoever the link says (`as=`), by default the first user there is:
//! nobody has a password here. Shapes and error codes are those of RFC 6749, 7636 and 8628; where
//! the Hub adds to them it is unverified.

mod grant;
mod page;

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use axum::http::{Method, StatusCode, header};
use hubdesk_core::Digest;
use serde_json::json;

use crate::answer::Answer;
use crate::ask::{Ask, Query};
use crate::error::Refusal;
use crate::people::{Credential, Rights};
use crate::repo::object_id;
use crate::standin::Hub;

/// How long a code and an unanswered question are good, in seconds.
const PATIENCE: u64 = 900;
/// How long an access token is good unless the builder says otherwise: the Hub's eight hours.
pub(crate) const LIFETIME: Duration = Duration::from_secs(8 * 3600);

/// The sign-ins under way, and the sessions that came of them.
#[derive(Default)]
pub(crate) struct SignIns(Mutex<State>);

#[derive(Default)]
struct State {
    /// By the code of the redirect.
    codes: HashMap<String, Consent>,
    /// By the secret half of the device code.
    devices: HashMap<String, Device>,
    /// By refresh token.
    sessions: HashMap<String, Session>,
}

/// What a person has agreed to in a browser.
struct Consent {
    user: String,
    client: String,
    redirect: String,
    challenge: String,
    scope: String,
    until: u64,
}

/// A device that waits.
struct Device {
    user_code: String,
    client: String,
    scope: String,
    until: u64,
    decision: Option<Decision>,
}

#[derive(Clone)]
enum Decision {
    Allowed { user: String },
    Refused,
}

#[derive(Clone)]
struct Session {
    user: String,
    client: String,
    scope: String,
}

/// `GET /.well-known/openid-configuration`, everything below `/oauth`; `None` for other addresses.
pub(crate) fn answer(ask: &Ask<'_>) -> Option<Result<Answer, Refusal>> {
    Some(match (&ask.method, ask.path) {
        (&Method::GET, "/.well-known/openid-configuration") => Ok(metadata(ask.hub)),
        (&Method::GET, "/oauth/authorize") => page::authorize(ask),
        (&Method::GET, "/oauth/authorize/decide") => page::decide(ask),
        (&Method::GET, "/oauth/device") => page::device(ask),
        (&Method::GET, "/oauth/device/decide") => page::decide_device(ask),
        (&Method::POST, "/oauth/device") => Ok(begin_device(ask)),
        (&Method::POST, "/oauth/token") => Ok(grant::token(ask)),
        (&Method::GET | &Method::POST, "/oauth/userinfo") => userinfo(ask),
        _ => return None,
    })
}

fn metadata(hub: &Hub) -> Answer {
    let at = |path: &str| format!("{}{path}", hub.endpoint);
    Answer::json(json!({
        "issuer": hub.endpoint,
        "authorization_endpoint": at("/oauth/authorize"),
        "token_endpoint": at("/oauth/token"),
        "userinfo_endpoint": at("/oauth/userinfo"),
        "device_authorization_endpoint": at("/oauth/device"),
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
        "grant_types_supported": [
            "authorization_code",
            "refresh_token",
            "urn:ietf:params:oauth:grant-type:device_code",
        ],
    }))
}

fn begin_device(ask: &Ask<'_>) -> Answer {
    let form = Query::parse(&String::from_utf8_lossy(&ask.body));
    let Some(client) = form.get("client_id") else {
        return refuse("invalid_request", "client_id is missing");
    };
    let secret = ask.hub.secret();
    let word = Digest::sha256(secret.as_bytes()).to_string().to_uppercase();
    let user_code = format!("{}-{}", &word[..4], &word[4..8]);
    let page = format!("{}/oauth/device", ask.hub.endpoint);
    let device = Device {
        user_code: user_code.clone(),
        client: client.to_owned(),
        scope: form.get("scope").unwrap_or_default().to_owned(),
        until: ask.hub.seconds() + PATIENCE,
        decision: None,
    };
    let answer = json!({
        "device_code": secret,
        "user_code": user_code,
        "verification_uri": page,
        "verification_uri_complete": format!("{page}?user_code={user_code}"),
        "expires_in": PATIENCE,
        "interval": 1,
    });
    ask.hub.sign_ins.lock().devices.insert(secret, device);
    Answer::json(answer)
}

/// `GET /oauth/userinfo`: who an OAuth token belongs to.
fn userinfo(ask: &Ask<'_>) -> Result<Answer, Refusal> {
    let credential = ask.credential.as_ref().ok_or(Refusal::SignedOut)?;
    let user = &credential.user;
    Ok(Answer::json(json!({
        "sub": object_id(user),
        "name": user,
        "preferred_username": user,
        "profile": format!("{}/{user}", ask.hub.endpoint),
        "picture": format!("{}/avatars/{user}.svg", ask.hub.endpoint),
        "isPro": false,
        "orgs": ask.hub.people.orgs_of(user).iter().map(|(org, role)| json!({
            "sub": object_id(org),
            "name": org,
            "preferred_username": org,
            "picture": format!("{}/avatars/{org}.svg", ask.hub.endpoint),
            "roleInOrg": role.as_str(),
        })).collect::<Vec<_>>(),
    })))
}

/// An error as RFC 6749 wants it.
fn refuse(error: &str, description: &str) -> Answer {
    Answer::json(json!({"error": error, "error_description": description}))
        .status(StatusCode::BAD_REQUEST)
        .with(header::CACHE_CONTROL, "no-store")
}

impl SignIns {
    /// Says yes as `user` on every device that waits.
    pub(crate) fn allow_devices(&self, user: &str) {
        let user = user.to_owned();
        for device in self.lock().devices.values_mut() {
            let allowed = Decision::Allowed { user: user.clone() };
            device.decision.get_or_insert(allowed);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.0
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}

impl Session {
    /// A token of this session, known to the Hub from now on.
    fn token(&self, hub: &Hub) -> String {
        let token = format!("hf_oauth_{}", hub.secret());
        let may_write = ["write-repos", "manage-repos", "contribute-repos"];
        let has_write = self
            .scope
            .split(' ')
            .any(|scope| may_write.contains(&scope));
        hub.people.put(
            &token,
            Credential {
                rights: if has_write {
                    Rights::Write
                } else {
                    Rights::Read
                },
                expires: Some(hub.seconds() + hub.oauth_lifetime.as_secs()),
                is_oauth: true,
                ..Credential::of(&self.user)
            },
        );
        token
    }
}
