use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ApiError, Secret};

/// Names an account, from one start of the program to the next. Made of its Hub and its user, so
/// that a new token does not make a new account.
pub type AccountId = String;

/// All accounts, and what can be said about signing in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Accounts {
    /// The open one first, then by name.
    pub accounts: Vec<Account>,
    /// The place where tokens are kept.
    pub keychain: Keychain,
    /// Sign-ins of the command-line tools that could be used; none was read.
    pub found: Vec<Found>,
    /// The variable by which the command-line tools go, whatever is shared with them.
    pub overridden_by: Option<String>,
    /// The ways to sign in at the Hub of the settings, besides a token.
    pub ways: Ways,
    /// The attempt under way, or how the last one failed.
    pub sign_in: Option<SignIn>,
}

/// Somebody who has signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// Its name in commands.
    pub id: AccountId,
    /// Base address of its Hub.
    pub endpoint: String,
    /// The user's name in addresses.
    pub name: String,
    /// The name for people, where one is set.
    pub full_name: Option<String>,
    /// How the token came here.
    pub how: How,
    /// What its owner called the token.
    pub token_name: Option<String>,
    /// What the token may do (`read`, `write`, `fineGrained`), as the Hub says; `null` for OAuth.
    pub role: Option<String>,
    /// The OAuth scopes that were granted; none for other tokens.
    pub scopes: Vec<String>,
    /// When the token ends, ISO 8601.
    pub expires_at: Option<String>,
    /// What will not work with this token, a sentence each; none where everything does.
    pub limits: Vec<String>,
    /// The organisations the user belongs to.
    pub orgs: Vec<OrgOf>,
    /// It is the one that is open.
    pub is_active: bool,
    /// Where the token is.
    pub kept: Kept,
    /// The command-line tools were given it, too.
    pub is_shared: bool,
    /// Git's credential helper was given it, too.
    pub is_in_git: bool,
    /// Hubdesk renews the token before it ends; nobody has to do anything about `expires_at`.
    pub renews: bool,
    /// Why somebody has to sign in before what needs the token goes on; `null` while nobody has to.
    pub needs_sign_in: Option<NeedsSignIn>,
}

/// Why an account is of no use until somebody signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum NeedsSignIn {
    /// The Hub no longer takes the token.
    Refused,
    /// The token cannot be read where it is kept, or may not be used as it is there. What helps is
    /// said by `limits` or by the keychain's `why`.
    Unreadable,
    /// There is no token any more.
    Gone,
}

/// An organisation somebody belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OrgOf {
    /// Its name in addresses.
    pub name: String,
    /// The name for people, where one is set.
    #[serde(default)]
    pub full_name: Option<String>,
    /// What the user may do there (`admin`, `write`, `contributor`, `read`), where the Hub says so.
    #[serde(default)]
    pub role: Option<String>,
    /// Why the token may not be used there (`mfa`, `sso`, `ip`, …); none where it may.
    #[serde(default)]
    pub restricted: Vec<String>,
}

/// How a token came here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum How {
    /// Signed in with the system's browser.
    Browser,
    /// Signed in with a code, in a browser anywhere.
    Device,
    /// Typed or pasted.
    Token,
    /// Read from a variable of the environment.
    Environment,
    /// Read from the files of the command-line tools.
    CommandLine,
}

/// Where a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Kept {
    /// In the system's keychain.
    Keychain,
    /// In memory: gone when the program ends.
    Memory,
    /// Where the command-line tools have it; it is read there at each start.
    Outside,
}

/// The place where tokens are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Keychain {
    /// Whether it can be used.
    pub state: KeychainState,
    /// Why not, and what that means: one sentence.
    pub why: Option<String>,
}

/// Whether the keychain can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum KeychainState {
    /// It is being asked; the system may be asking the person.
    Checking,
    /// It keeps tokens.
    Works,
    /// There is none on this computer.
    Missing,
    /// It is locked, or access to it was refused.
    Locked,
    /// It failed otherwise.
    Failed,
}

/// A sign-in of the command-line tools, noticed without being read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "source"
)]
pub enum Found {
    /// A token in the environment.
    Environment {
        /// The variable.
        variable: String,
    },
    /// The file with the active token of the command-line tools.
    TokenFile {
        /// Where it is.
        path: String,
    },
    /// The file with all tokens of the command-line tools.
    StoredTokens {
        /// Where it is.
        path: String,
    },
}

/// The ways to sign in at a Hub, besides a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Ways {
    /// Base address of that Hub; `null` where the settings name none.
    pub endpoint: Option<String>,
    /// With the system's browser.
    pub browser: bool,
    /// With a code, in a browser anywhere.
    pub device: bool,
    /// Why not: one sentence.
    pub why: Option<String>,
}

/// An attempt to sign in. There is one at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SignIn {
    /// The way it takes.
    pub way: Way,
    /// Base address of the Hub.
    pub endpoint: String,
    /// How far it is.
    pub state: SignInState,
    /// The page to open, for opening it by hand.
    pub url: Option<String>,
    /// The code to type there; `device` only.
    pub user_code: Option<String>,
    /// `url` as a QR code: rows of `0` and `1`, without the quiet zone; `device` only.
    pub qr: Option<Vec<String>>,
    /// When it ends by itself, ISO 8601.
    pub expires_at: Option<String>,
    /// Why it failed.
    pub error: Option<ApiError>,
}

/// Where somebody signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Way {
    /// In the system's browser, which leads back here.
    Browser,
    /// In a browser anywhere, with a code.
    Device,
}

/// How far an attempt is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum SignInState {
    /// The Hub is being asked how.
    Starting,
    /// It is the person's turn.
    Waiting,
    /// The person has agreed: the token is fetched and kept.
    Checking,
    /// It has ended without an account: `error` says why.
    Failed,
}

/// Begins to sign in.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StartSignIn {
    /// The way to take.
    pub way: Way,
    /// Base address; `null` takes the one of the settings.
    pub endpoint: Option<String>,
}

/// A token to look at before it is kept.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckToken {
    /// Base address; `null` takes the one of the settings.
    pub endpoint: Option<String>,
    /// The token. It is kept in memory, for five minutes, and never handed out again.
    #[ts(type = "string")]
    pub token: Secret,
}

/// What the Hub says about a token that is not kept yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TokenReport {
    /// The user's name in addresses.
    pub name: String,
    /// The name for people, where one is set.
    pub full_name: Option<String>,
    /// Base address of the Hub.
    pub endpoint: String,
    /// What its owner called the token.
    pub token_name: Option<String>,
    /// What it may do, as the Hub says.
    pub role: Option<String>,
    /// The OAuth scopes that were granted, as far as they are known.
    pub scopes: Vec<String>,
    /// When it ends, ISO 8601.
    pub expires_at: Option<String>,
    /// What will not work with it, a sentence each; none where everything does.
    pub limits: Vec<String>,
    /// Where it would be kept.
    pub keychain: Keychain,
}

/// Keeps the token that was looked at last.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeepToken {
    /// Into the keychain. Where the token was found elsewhere, `false` reads it there at each start;
    /// one that was typed is always copied.
    pub copy: bool,
}

/// Which sign-in of the command-line tools is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum FoundSource {
    /// The variable of the environment.
    Environment,
    /// The file with the active token.
    TokenFile,
    /// The file with all tokens.
    StoredTokens,
}

/// Reads the names, and no more, in the file with all tokens of the command-line tools.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LookInside {
    /// Only `storedTokens` has names.
    pub source: FoundSource,
}

/// The names of stored tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Inside {
    /// In their order.
    pub names: Vec<StoredName>,
}

/// A stored token without the token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StoredName {
    /// What it is stored under.
    pub name: String,
    /// It is the one the command-line tools use.
    pub is_active: bool,
}

/// Reads a sign-in of the command-line tools and looks at its token.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UseFound {
    /// Which one.
    pub source: FoundSource,
    /// Which name in it; `storedTokens` only.
    pub name: Option<String>,
}

/// Names one account in a command.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccountRef {
    /// Which one.
    pub id: AccountId,
}

/// Turns something on or off for one account.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccountSwitch {
    /// Which one.
    pub id: AccountId,
    /// On or off.
    pub is_on: bool,
}

/// What signing out would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SignOutPlan {
    /// What goes, a sentence each.
    pub goes: Vec<String>,
    /// What stays, a sentence each.
    pub stays: Vec<String>,
}
