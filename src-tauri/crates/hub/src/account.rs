use serde::Deserialize;

use crate::call::Call;
use crate::json::or_default;
use crate::{Error, Hub, route};

/// Whose token it is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct User {
    /// The account's name, as in addresses.
    pub name: String,
    /// The name the person shows.
    #[serde(default, rename = "fullname", deserialize_with = "or_default")]
    pub full_name: String,
    /// Whether the account is a paying one.
    #[serde(default, rename = "isPro", deserialize_with = "or_default")]
    pub is_pro: bool,
    /// The organisations the account belongs to.
    #[serde(default, deserialize_with = "or_default")]
    pub orgs: Vec<Org>,
    /// What the Hub says about the token; `None` for credentials that are not access tokens.
    #[serde(default, rename = "auth", deserialize_with = "access_token")]
    pub token: Option<TokenFacts>,
}

/// An organisation a person belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Org {
    /// Its name, as in addresses.
    pub name: String,
    /// The name it shows.
    #[serde(default, rename = "fullname", deserialize_with = "or_default")]
    pub full_name: String,
}

/// What may be known about a token without knowing it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TokenFacts {
    /// What its owner called it.
    #[serde(default, rename = "displayName", deserialize_with = "or_default")]
    pub name: String,
    /// `read`, `write`, `fineGrained`, or what the Hub adds.
    #[serde(default, deserialize_with = "or_default")]
    pub role: String,
}

/// What a sign-in tells about the person, by the standard names (OpenID Connect Core, section 5.1).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct UserInfo {
    /// The account's id, which stays when it is renamed.
    pub sub: String,
    /// The account's name, as in addresses.
    #[serde(default)]
    pub preferred_username: Option<String>,
    /// The name the person shows.
    #[serde(default)]
    pub name: Option<String>,
    /// Their picture, as the server says: not checked.
    #[serde(default)]
    pub picture: Option<String>,
}

impl Hub {
    /// Whose sign-in the token comes from. Only for tokens of a sign-in, unlike [`Hub::whoami`].
    pub async fn user_info(&self) -> Result<UserInfo, Error> {
        let call = Call::get(route::oauth(self.endpoint(), "userinfo"), None);
        Ok(self.ask(&call).await?.value)
    }

    /// Whose token is in use. [`Error::SignedOut`] without one, or with one that does not count.
    ///
    /// The Hub limits this call strictly: once per token and start of the program.
    pub async fn whoami(&self) -> Result<User, Error> {
        let call = Call::get(route::whoami(self.endpoint()), None);
        Ok(self.ask(&call).await?.value)
    }
}

fn access_token<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<TokenFacts>, D::Error> {
    #[derive(Deserialize, Default)]
    struct Auth {
        #[serde(default, rename = "accessToken")]
        access_token: Option<TokenFacts>,
    }
    or_default::<D, Auth>(deserializer).map(|auth| auth.access_token)
}
