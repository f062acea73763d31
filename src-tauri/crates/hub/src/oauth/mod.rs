//! Signing in with OAuth 2: the authorization code with PKCE (RFC 7636, 8252) and the device code
//! (RFC 8628), as a client that can keep no secret. Nothing here opens a browser, listens or stores.

mod answer;
mod attempt;

use std::time::Duration;

use hubdesk_core::Token;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::time::sleep;
use url::Url;

use self::answer::{DeviceAnswer, Refusal, TokenAnswer};
pub use self::attempt::{Authorization, Code, DeviceCode};
use crate::call::Call;
use crate::classify::refusal;
use crate::fault::malformed;
use crate::{Endpoint, Error, Hub, route};

/// The sign-in of one Hub, for one public client.
#[derive(Debug, Clone)]
pub struct OAuth {
    hub: Hub,
    client_id: String,
    server: Server,
}

#[derive(Debug, Clone)]
struct Server {
    authorize: Url,
    token: Url,
    device: Url,
}

/// What signing in gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// What requests are sent with.
    pub access: Token,
    /// What renews it; not every server gives one.
    pub refresh: Option<Token>,
    /// How long the access token is good from now on; `None` if the server does not say.
    pub lifetime: Option<Duration>,
    /// What was granted, which may be less than was asked for. Empty if the server does not say.
    pub scopes: Vec<String>,
}

/// Why there is no grant.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The person, or the Hub for them, said no.
    #[error("the sign-in was refused")]
    Denied,
    /// Nobody answered in time.
    #[error("the code has expired")]
    Expired,
    /// The session is over: only a new sign-in helps (`invalid_grant`).
    #[error("the session is over")]
    SessionOver,
    /// What came back does not belong to this attempt.
    #[error("the answer does not belong to this sign-in")]
    NotOurs,
    /// The Hub does not sign anybody in this way.
    #[error("the Hub refuses: {words}")]
    Refused {
        /// Its own words, cleaned; its error code if it has none.
        words: String,
    },
    /// The Hub could not be asked.
    #[error(transparent)]
    Hub(#[from] Error),
}

/// What the metadata of a Hub says (`/.well-known/openid-configuration`).
#[derive(Deserialize, Default)]
struct Metadata {
    authorization_endpoint: Option<String>,
    token_endpoint: Option<String>,
    device_authorization_endpoint: Option<String>,
}

impl OAuth {
    /// Asks `hub`, which needs no token, where it signs people in. One that does not say, signs in
    /// at the usual places. Addresses at another host are not used: the code would go there.
    pub async fn discover(hub: &Hub, client_id: &str) -> Result<Self, Error> {
        let call = Call::get(route::oauth_metadata(hub.endpoint()), None);
        let metadata: Metadata = match hub.ask(&call).await {
            Ok(answer) => answer.value,
            Err(Error::NotFound(..) | Error::Malformed { .. }) => Metadata::default(),
            Err(error) => return Err(error),
        };
        let endpoint = hub.endpoint();
        let server = Server {
            authorize: own(endpoint, metadata.authorization_endpoint, "authorize"),
            token: own(endpoint, metadata.token_endpoint, "token"),
            device: own(endpoint, metadata.device_authorization_endpoint, "device"),
        };
        Ok(Self {
            hub: hub.clone(),
            client_id: client_id.to_owned(),
            server,
        })
    }

    /// A new attempt with a browser that comes back to `redirect`, asking for `scopes`.
    pub fn authorize(&self, redirect: &Url, scopes: &[&str]) -> Authorization {
        Authorization::new(
            self.server.authorize.clone(),
            &self.client_id,
            redirect,
            scopes,
        )
    }

    /// Turns the code of an attempt into a grant. A code is good once, so this is sent once.
    pub async fn redeem(
        &self,
        authorization: &Authorization,
        code: &Code,
    ) -> Result<Grant, SignInError> {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.expose()),
            ("redirect_uri", authorization.redirect()),
            ("code_verifier", authorization.verifier()),
            ("client_id", &self.client_id),
        ];
        self.grant(form).await
    }

    /// A new attempt on another device, asking for `scopes`.
    pub async fn device(&self, scopes: &[&str]) -> Result<DeviceCode, SignInError> {
        let scopes = scopes.join(" ");
        let form = [("client_id", self.client_id.as_str()), ("scope", &scopes)];
        let answer: DeviceAnswer = self.post(&self.server.device, form).await??;
        answer.code()
    }

    /// Waits until the person has decided on the other device, asking now and then as the server
    /// wants. Faults on the way are waited out. Ends with the code's lifetime; drop it to give up.
    pub async fn wait(&self, code: &DeviceCode) -> Result<Grant, SignInError> {
        let mut interval = code.interval();
        loop {
            sleep(interval).await;
            if code.is_over() {
                return Err(SignInError::Expired);
            }
            let form = [
                ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
                ("device_code", code.secret()),
                ("client_id", &self.client_id),
            ];
            match self.post::<TokenAnswer>(&self.server.token, form).await {
                Ok(Ok(answer)) => return answer.grant(),
                Ok(Err(refusal)) if refusal.is_too_early() => {
                    interval = refusal.next_interval(interval);
                }
                Ok(Err(refusal)) => return Err(refusal.into()),
                Err(error) => tracing::debug!(%error, "asking for the device's grant again"),
            }
        }
    }

    /// A new access token for an old session. [`Grant::refresh`] is the new refresh token if the
    /// server has replaced it; the old one is good no longer then.
    pub async fn refresh(&self, refresh: &Token) -> Result<Grant, SignInError> {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh.expose()),
            ("client_id", &self.client_id),
        ];
        self.grant(form).await
    }

    async fn grant(
        &self,
        form: impl IntoIterator<Item = (&str, &str)>,
    ) -> Result<Grant, SignInError> {
        let answer: TokenAnswer = self.post(&self.server.token, form).await??;
        answer.grant()
    }

    /// A refusal comes with a status of 400 and something, and the body says which (RFC 6749,
    /// section 5.2). From 500 on it is trouble, whatever the body says.
    async fn post<T: DeserializeOwned>(
        &self,
        url: &Url,
        form: impl IntoIterator<Item = (&str, &str)>,
    ) -> Result<Result<T, Refusal>, Error> {
        let form: Vec<(&str, &str)> = form.into_iter().collect();
        let call = Call::once(url.clone(), None)
            .form(form.iter().copied())
            .hushed();
        let answer = self.hub.ask_status(&call).await?;
        let (status, body) = &answer.value;
        if let (..500, Ok(refusal)) = (*status, serde_json::from_slice::<Refusal>(body)) {
            return Ok(Err(refusal.without(&form)));
        }
        let exchange = answer.exchange;
        if *status >= 400 {
            return Err(refusal(&answer.headers, None, exchange));
        }
        // What could not be read is not quoted: it may hold the token.
        let wrong = |_| malformed("not what a sign-in is answered with", exchange, None);
        Ok(Ok(serde_json::from_slice(body).map_err(wrong)?))
    }
}

/// The address as it was announced, if it is the endpoint's own; else the usual one.
fn own(endpoint: &Endpoint, announced: Option<String>, usual: &str) -> Url {
    announced
        .and_then(|text| Url::parse(&text).ok())
        .map(|url| endpoint.localise(url))
        .filter(|url| endpoint.is_origin_of(url))
        .unwrap_or_else(|| route::oauth(endpoint, usual))
}
