use std::time::Duration;

use hubdesk_core::Token;
use serde::Deserialize;
use tokio::time::Instant;
use url::Url;
use zeroize::Zeroizing;

use super::{DeviceCode, Grant, SignInError};
use crate::exchange::clean;

/// How often to ask for a device's grant if the server does not say, and what "slow down" adds
/// (RFC 8628, section 3.5).
const POLL: Duration = Duration::from_secs(5);
/// The least and the most a server may make us wait between two polls.
const POLL_BOUNDS: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));
/// How long a device code is good if the server does not say, and at most.
const DEVICE_CODE_LIFETIME: Duration = Duration::from_secs(900);
const LONGEST_LIFETIME: Duration = Duration::from_secs(3600);
/// The longest code a person is asked to type.
const LONGEST_USER_CODE: usize = 32;

/// The longest refusal that is repeated to a person, in characters.
const LONGEST_WORDS: usize = 200;

#[derive(Deserialize)]
pub(super) struct TokenAnswer {
    access_token: String,
    refresh_token: Option<String>,
    expires_in: Option<u64>,
    scope: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct DeviceAnswer {
    device_code: String,
    user_code: String,
    verification_uri: String,
    verification_uri_complete: Option<String>,
    expires_in: Option<u64>,
    interval: Option<u64>,
}

#[derive(Deserialize)]
pub(super) struct Refusal {
    error: String,
    error_description: Option<String>,
}

impl Refusal {
    pub(super) fn new(error: String, error_description: Option<String>) -> Self {
        Self {
            error,
            error_description,
        }
    }

    /// The same without what was sent: the server may have repeated a code or a token.
    pub(super) fn without(self, form: &[(&str, &str)]) -> Self {
        let hide = |words: String| {
            let secrets = form.iter().filter(|(key, _)| !is_open(key));
            secrets.fold(words, |words, (_, secret)| words.replace(secret, "…"))
        };
        Self {
            error: hide(self.error),
            error_description: self.error_description.map(hide),
        }
    }

    /// The person has not decided yet.
    pub(super) fn is_too_early(&self) -> bool {
        matches!(self.error.as_str(), "authorization_pending" | "slow_down")
    }

    /// How long to wait before asking again, after `interval` was too short or just too early.
    pub(super) fn next_interval(&self, interval: Duration) -> Duration {
        match self.error.as_str() {
            "slow_down" => (interval + POLL).min(POLL_BOUNDS.1),
            _ => interval,
        }
    }
}

/// Whether a field of a form is for everybody to see. Its words may be in a refusal, and belong there.
fn is_open(key: &str) -> bool {
    matches!(key, "grant_type" | "client_id" | "redirect_uri" | "scope")
}

impl From<Refusal> for SignInError {
    fn from(refusal: Refusal) -> Self {
        match refusal.error.as_str() {
            "access_denied" => Self::Denied,
            "expired_token" => Self::Expired,
            "invalid_grant" => Self::SessionOver,
            _ => {
                let words = refusal.error_description.unwrap_or(refusal.error);
                Self::Refused {
                    words: clean(&words, LONGEST_WORDS, None),
                }
            }
        }
    }
}

impl TokenAnswer {
    pub(super) fn grant(self) -> Result<Grant, SignInError> {
        let (access, refresh) = (
            Zeroizing::new(self.access_token),
            self.refresh_token.map(Zeroizing::new),
        );
        let access = Token::new(&access).ok_or_else(|| SignInError::Refused {
            words: "its token makes no sense".to_owned(),
        })?;
        Ok(Grant {
            access,
            refresh: refresh.and_then(|refresh| Token::new(&refresh)),
            lifetime: self.expires_in.map(Duration::from_secs),
            scopes: self
                .scope
                .unwrap_or_default()
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
        })
    }
}

impl DeviceAnswer {
    /// Refused if a person could not be sent there, or could not type the code.
    pub(super) fn code(self) -> Result<DeviceCode, SignInError> {
        let is_typeable = (1..=LONGEST_USER_CODE).contains(&self.user_code.len())
            && self.user_code.bytes().all(|byte| byte.is_ascii_graphic());
        let page = |text: &str| {
            let url = Url::parse(text).ok()?;
            matches!(url.scheme(), "https" | "http").then_some(url)
        };
        let Some(verification) = page(&self.verification_uri).filter(|_| is_typeable) else {
            return Err(SignInError::Refused {
                words: "its device code makes no sense".to_owned(),
            });
        };
        let complete = self.verification_uri_complete.as_deref().and_then(page);
        Ok(DeviceCode {
            user_code: self.user_code,
            complete: complete.unwrap_or_else(|| verification.clone()),
            verification,
            lifetime: self
                .expires_in
                .map_or(DEVICE_CODE_LIFETIME, Duration::from_secs)
                .min(LONGEST_LIFETIME),
            secret: Zeroizing::new(self.device_code),
            interval: self
                .interval
                .map_or(POLL, Duration::from_secs)
                .clamp(POLL_BOUNDS.0, POLL_BOUNDS.1),
            begun: Instant::now(),
        })
    }
}
