//! The token of a command without a window.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use hubdesk_core::Token;
use hubdesk_hub::{Endpoint, TokenSource};

use crate::Setup;
use crate::accounts::{Accounts, Entry, Tokens};
use crate::api::ApiError;
use crate::env::Env;
use crate::events::Events;
use crate::settings::SettingsFile;

/// How long the keychain may take. Without a screen nobody answers its prompt.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where the token of a command comes from: what was typed, the environment, the account that is
/// used, the file of the command-line tools. An account whose token cannot be had ends the command:
/// going on as somebody else would be worse.
pub(super) async fn token_source(
    accounts: &Arc<Accounts>,
    env: &Env,
    typed: Option<Token>,
    endpoint: &Endpoint,
) -> Result<Arc<dyn TokenSource>, ApiError> {
    if typed.is_some() || env.is_without_implicit_token() {
        return Ok(Arc::new(typed));
    }
    if let Some(token) = env.token_of_environment() {
        return Ok(Arc::new(Some(token)));
    }
    let active = accounts.last_active();
    let entry = active.and_then(|id| accounts.entry(&id));
    match entry.filter(|entry| entry.endpoint == *endpoint) {
        Some(entry) => Ok(Arc::new(of_account(accounts, &entry).await?)),
        None => Ok(Arc::new(env.token_of_file())),
    }
}

/// The token of an account, with its owner, who renews it.
struct OfAccount {
    tokens: Tokens,
    _owner: Arc<Accounts>,
}

async fn of_account(accounts: &Arc<Accounts>, entry: &Entry) -> Result<OfAccount, ApiError> {
    ask_keychain(accounts).await?;
    accounts.load(entry).await;
    let tokens = entry.tokens.clone();
    if tokens.needs_sign_in() {
        return Err(ApiError::bad_input(format!(
            "The token of {} cannot be had: sign in again, sign out, or give one with --token.",
            entry.record.facts.name
        )));
    }
    Ok(OfAccount {
        tokens,
        _owner: Arc::clone(accounts),
    })
}

impl TokenSource for OfAccount {
    fn token(&self) -> BoxFuture<'_, Option<Token>> {
        self.tokens.token()
    }

    fn refused<'a>(&'a self, token: &'a Token) -> BoxFuture<'a, bool> {
        self.tokens.refused(token)
    }
}

/// Asks whether the keychain works, unless that is known.
pub(super) async fn ask_keychain(accounts: &Accounts) -> Result<(), ApiError> {
    let asked = tokio::time::timeout(PATIENCE, accounts.check_keychain()).await;
    asked.map_err(|_| {
        ApiError::bad_input(
            "The keychain did not answer: it may be asking something on the screen.",
        )
    })
}

/// For those who need no window and no events.
pub(super) fn quiet_accounts(setup: &Setup) -> Arc<Accounts> {
    let settings = SettingsFile::open(&setup.config_dir).get();
    Accounts::open(
        &setup.config_dir,
        setup.env.clone(),
        setup.connection(&settings),
        Arc::clone(&setup.clock),
        Events::default(),
        Arc::clone(&setup.keychain),
    )
}
