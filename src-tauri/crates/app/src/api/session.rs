use std::fmt;

use hubdesk_core::Token;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{AccountId, ApiError};

/// Which Hub is open, and as whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// Whether a Hub was chosen yet.
    pub stage: SessionStage,
    /// Base address of the open Hub, or of the one the settings name while none is open.
    pub endpoint: String,
    /// The Hub is the one that ships with the program.
    pub is_demo: bool,
    /// Who is signed in; `null` when anonymous.
    pub user: Option<UserName>,
    /// Whose account it is; `null` when anonymous, and for the demo.
    pub account: Option<AccountId>,
    /// The keychain is being asked who was signed in: show the frame, not the welcome page.
    pub is_restoring: bool,
    /// The cache shared with the other tools of the Hub.
    pub cache: CacheFound,
}

/// Before or after the first choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum SessionStage {
    /// Nothing chosen yet: show the welcome page.
    Welcome,
    /// A Hub is open.
    Open,
}

/// A person or robot on the Hub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UserName {
    /// The name in addresses.
    pub name: String,
    /// The name for people, where one is set.
    pub full_name: Option<String>,
    /// What the token may do (`read`, `write`, `fineGrained`), where the Hub says so.
    pub role: Option<String>,
}

/// What is known of the cache before it is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CacheFound {
    /// Its folder.
    pub path: String,
    /// Repository folders in it; 0 when it is new or cannot be read.
    pub repos: u32,
}

/// Opens a Hub without an account.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OpenHub {
    /// Base address; `null` takes the one of the settings.
    pub endpoint: Option<String>,
}

/// Something typed that nobody else may read: it comes in, prints as `…` and cannot be sent back.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The token; `None` when nothing was typed.
    pub(crate) fn token(&self) -> Result<Option<Token>, ApiError> {
        if self.0.trim().is_empty() {
            return Ok(None);
        }
        let token = Token::new(&self.0);
        token
            .map(Some)
            .ok_or_else(|| ApiError::bad_input("That cannot be a token."))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// Opens a link outside the program.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OpenLink {
    /// `https:`, `mailto:`, or an address at the Hub that is open; anything else is refused.
    pub url: String,
}

#[cfg(test)]
mod tests {
    use super::super::CheckToken;

    #[test]
    fn a_request_with_a_token_does_not_print_it() {
        let request = r#"{"endpoint":null,"token":"hf_canary"}"#;
        let request: CheckToken = serde_json::from_str(request).unwrap();
        assert!(!format!("{request:?}").contains("canary"));
        assert!(request.token.token().unwrap().is_some());
    }
}
