use serde::Deserialize;

use crate::avatar::RawPicture;
use crate::call::Call;
use crate::json::{each, lenient, or_default};
use crate::words::words;
use crate::{Avatar, Endpoint, Error, Hub, route};

/// Whose token it is, and what is known about the token. What follows from it:
/// [`User::namespaces`], [`User::what_will_not_work`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// What kind of account; only a [person](User::is_person) signs in.
    pub kind: AccountKind,
    /// The account's number, which outlives a renaming. Empty if the Hub did not say.
    pub id: String,
    /// The account's name, as in addresses.
    pub name: String,
    /// The name the person shows.
    pub full_name: String,
    /// Where to write to, if the token may know.
    pub email: Option<String>,
    /// Whether that address was confirmed.
    pub is_email_verified: Option<bool>,
    /// The person's picture.
    pub avatar: Option<Avatar>,
    /// Whether the account is a paying one.
    pub is_pro: bool,
    /// Whether the account could be charged for something.
    pub can_pay: bool,
    /// The organisations the account belongs to.
    pub orgs: Vec<Org>,
    /// What kind of credential was sent: `access_token`, or what the Hub calls others. Empty if it
    /// did not say.
    pub credential: String,
    /// When the credential ends, as the Hub writes times; `None` if it does not.
    pub expires_at: Option<String>,
    /// What the Hub says about the token; `None` for credentials that are not access tokens.
    pub token: Option<TokenFacts>,
}

words! {
    /// What an account belongs to.
    pub enum AccountKind {
        /// A person.
        User = "user",
        /// An organisation.
        Org = "org",
        /// A program.
        App = "app",
    }
}

/// An organisation a person belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Org {
    /// Its number, which outlives a renaming. Empty if the Hub did not say.
    pub id: String,
    /// Its name, as in addresses.
    pub name: String,
    /// The name it shows.
    pub full_name: String,
    /// Its picture.
    pub avatar: Option<Avatar>,
    /// What it pays for, such as `team` or `enterprise`.
    pub plan: Option<String>,
    /// Whether it could be charged for something.
    pub can_pay: bool,
    /// What the person may do there.
    pub role: Option<OrgRole>,
    /// What the person must do before the organisation lets this token in.
    pub restrictions: Vec<Restriction>,
}

words! {
    /// What a member may do in an organisation.
    pub enum OrgRole {
        /// Everything.
        Admin = "admin",
        /// Change every repository.
        Write = "write",
        /// Make repositories, and change those.
        Contributor = "contributor",
        /// Look.
        Read = "read",
        /// Nothing.
        NoAccess = "no_access",
    }
}

words! {
    /// Why an organisation keeps a member out.
    pub enum Restriction {
        /// A second factor is needed.
        Mfa = "mfa",
        /// Its rules for tokens are not met.
        TokenPolicy = "token-policy",
        /// It does not let this token in.
        TokenRevoked = "token-revoked",
        /// Its own sign-in is needed.
        Sso = "sso",
        /// It cannot be reached from this address.
        Ip = "ip",
    }
}

/// What may be known about a token without knowing it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenFacts {
    /// What its owner called it.
    #[serde(default, rename = "displayName", deserialize_with = "or_default")]
    pub name: String,
    /// `read`, `write`, `fineGrained`, or what the Hub adds.
    #[serde(default, deserialize_with = "or_default")]
    pub role: String,
    /// When it was made, as the Hub writes times.
    #[serde(default, deserialize_with = "lenient")]
    pub created_at: Option<String>,
    /// What exactly it may do, if its role is `fineGrained`.
    #[serde(default, deserialize_with = "lenient")]
    pub fine_grained: Option<FineGrained>,
}

/// What a fine-grained token may do.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FineGrained {
    /// Whether it opens gated repositories that its owner may read.
    #[serde(default, deserialize_with = "or_default")]
    pub can_read_gated_repos: bool,
    /// What it may do everywhere, such as `discussion.write`.
    #[serde(default, deserialize_with = "each")]
    pub global: Vec<String>,
    /// What it may do in one place each.
    #[serde(default, deserialize_with = "each")]
    pub scoped: Vec<Scope>,
}

/// What a fine-grained token may do in one place.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Scope {
    /// The place.
    pub entity: ScopeEntity,
    /// What it may do there, such as `repo.write`.
    #[serde(default, deserialize_with = "each")]
    pub permissions: Vec<String>,
}

/// Where a permission holds.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ScopeEntity {
    /// Its number.
    #[serde(default, rename = "_id", deserialize_with = "or_default")]
    pub id: String,
    /// Its name, if the Hub said it.
    #[serde(default, deserialize_with = "lenient")]
    pub name: Option<String>,
    /// `user`, `org`, `model`, `dataset`, `space`, `collection`, or what the Hub adds.
    #[serde(rename = "type")]
    pub kind: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UserWire {
    #[serde(default, rename = "type", deserialize_with = "lenient")]
    kind: Option<AccountKind>,
    #[serde(default, deserialize_with = "or_default")]
    id: String,
    name: String,
    #[serde(default, rename = "fullname", deserialize_with = "or_default")]
    full_name: String,
    #[serde(default, deserialize_with = "lenient")]
    email: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    email_verified: Option<bool>,
    #[serde(default, deserialize_with = "or_default")]
    avatar_url: RawPicture,
    #[serde(default, deserialize_with = "or_default")]
    is_pro: bool,
    #[serde(default, deserialize_with = "or_default")]
    can_pay: bool,
    #[serde(default, deserialize_with = "each")]
    orgs: Vec<OrgWire>,
    #[serde(default, deserialize_with = "or_default")]
    auth: AuthWire,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OrgWire {
    #[serde(default, deserialize_with = "or_default")]
    id: String,
    name: String,
    #[serde(default, rename = "fullname", deserialize_with = "or_default")]
    full_name: String,
    #[serde(default, deserialize_with = "or_default")]
    avatar_url: RawPicture,
    #[serde(default, deserialize_with = "lenient")]
    plan: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    can_pay: bool,
    #[serde(default, deserialize_with = "lenient")]
    role_in_org: Option<OrgRole>,
    #[serde(default, deserialize_with = "each")]
    security_restrictions: Vec<Restriction>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct AuthWire {
    #[serde(default, rename = "type", deserialize_with = "or_default")]
    kind: String,
    #[serde(default, deserialize_with = "lenient")]
    expires_at: Option<String>,
    #[serde(default)]
    access_token: Option<TokenFacts>,
}

impl User {
    /// Whether a person can work with this credential. Organisations and programs have credentials
    /// of their own, which are refused when somebody signs in with one.
    pub fn is_person(&self) -> bool {
        self.kind == AccountKind::User
    }
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
        let wire: UserWire = self.ask(&call).await?.value;
        Ok(wire.read(self.endpoint()))
    }
}

impl UserWire {
    fn read(self, endpoint: &Endpoint) -> User {
        User {
            kind: self.kind.unwrap_or(AccountKind::User),
            id: self.id,
            name: self.name,
            full_name: self.full_name,
            email: self.email,
            is_email_verified: self.email_verified,
            avatar: endpoint.picture(&self.avatar_url),
            is_pro: self.is_pro,
            can_pay: self.can_pay,
            orgs: self
                .orgs
                .into_iter()
                .map(|org| org.read(endpoint))
                .collect(),
            credential: self.auth.kind,
            expires_at: self.auth.expires_at,
            token: self.auth.access_token,
        }
    }
}

impl OrgWire {
    fn read(self, endpoint: &Endpoint) -> Org {
        Org {
            id: self.id,
            name: self.name,
            full_name: self.full_name,
            avatar: endpoint.picture(&self.avatar_url),
            plan: self.plan,
            can_pay: self.can_pay,
            role: self.role_in_org,
            restrictions: self.security_restrictions,
        }
    }
}

#[cfg(test)]
pub(crate) fn read(json: &str) -> User {
    let wire: UserWire = serde_json::from_str(json).unwrap();
    wire.read(&Endpoint::default())
}

#[cfg(test)]
mod tests;
