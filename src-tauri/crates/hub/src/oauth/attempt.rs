use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hubdesk_core::Digest;
use tokio::time::Instant;
use url::{Url, form_urlencoded};
use zeroize::Zeroizing;

use super::SignInError;
use super::answer::Refusal;

/// An attempt to sign in with a browser. Holds what only this program may know.
pub struct Authorization {
    /// The page to open.
    pub url: Url,
    redirect: Url,
    verifier: Zeroizing<String>,
    state: String,
}

/// What came back to the redirect address.
pub struct Code(Zeroizing<String>);

/// An attempt to sign in on another device.
pub struct DeviceCode {
    /// What the person types there.
    pub user_code: String,
    /// Where they type it.
    pub verification: Url,
    /// The same with the code filled in, for a link or a picture.
    pub complete: Url,
    /// How long the code is good.
    pub lifetime: Duration,
    pub(super) secret: Zeroizing<String>,
    pub(super) interval: Duration,
    pub(super) begun: Instant,
}

impl Authorization {
    pub(super) fn new(mut url: Url, client_id: &str, redirect: &Url, scopes: &[&str]) -> Self {
        let verifier = Zeroizing::new(random::<32>());
        let state = random::<16>();
        let Digest::Sha256(challenge) = Digest::sha256(verifier.as_bytes()) else {
            unreachable!("a sha256 was asked for")
        };
        url.query_pairs_mut()
            .append_pair("client_id", client_id)
            .append_pair("response_type", "code")
            .append_pair("redirect_uri", redirect.as_str())
            .append_pair("scope", &scopes.join(" "))
            .append_pair("state", &state)
            .append_pair("code_challenge", &URL_SAFE_NO_PAD.encode(challenge))
            .append_pair("code_challenge_method", "S256");
        Self {
            url,
            redirect: redirect.clone(),
            verifier,
            state,
        }
    }

    pub(super) fn redirect(&self) -> &str {
        self.redirect.as_str()
    }

    pub(super) fn verifier(&self) -> &str {
        &self.verifier
    }

    /// Reads the query of the request that came to the redirect address.
    pub fn code(&self, query: &str) -> Result<Code, SignInError> {
        let mut code = None;
        let mut state = None;
        let mut refusal = None;
        let mut description = None;
        for (key, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*key {
                "code" => code = Some(Zeroizing::new(value.into_owned())),
                "state" => state = Some(value.into_owned()),
                "error" => refusal = Some(value.into_owned()),
                "error_description" => description = Some(value.into_owned()),
                _ => {}
            }
        }
        if state.as_deref() != Some(&self.state) {
            return Err(SignInError::NotOurs);
        }
        match (refusal, code) {
            (Some(error), _) => Err(Refusal::new(error, description).into()),
            (None, Some(code)) => Ok(Code(code)),
            (None, None) => Err(SignInError::NotOurs),
        }
    }
}

impl Code {
    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl DeviceCode {
    pub(super) fn secret(&self) -> &str {
        &self.secret
    }

    pub(super) fn interval(&self) -> Duration {
        self.interval
    }

    pub(super) fn is_over(&self) -> bool {
        self.begun.elapsed() >= self.lifetime
    }
}

/// `N` random bytes as text that an address can carry.
fn random<const N: usize>() -> String {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(&mut *bytes).expect("the system gives random bytes");
    URL_SAFE_NO_PAD.encode(*bytes)
}
