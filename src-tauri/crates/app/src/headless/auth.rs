use std::sync::Arc;

use futures_util::StreamExt as _;
use hubdesk_core::Token;
use hubdesk_hub::{Endpoint, Hub};

use super::token::{ask_keychain, token_source};
use crate::accounts::facts_of;
use crate::api::{
    Account, AccountId, ApiError, ErrorCode, How, Kept, KeychainState, SignIn, SignInState, Way,
};
use crate::endpoint::endpoint;
use crate::env::Env;
use crate::error::hub_error;
use crate::session::check_line;
use crate::{App, Setup};

/// Signing in and out without a window.
pub struct Auth(App);

/// One call of `auth login`.
#[derive(Debug, Clone)]
pub struct Login {
    /// The token; `None` signs in with a code, in a browser anywhere.
    pub token: Option<Token>,
    /// Even if somebody is signed in already.
    pub force: bool,
    /// Gives it to the command-line tools, too; without a keychain it is kept there alone.
    pub share: bool,
    /// Gives it to git's credential helper, too.
    pub git: bool,
}

/// What a sign-in came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedIn {
    /// Whose.
    pub account: Account,
    /// The account was signed in before, and the Hub takes its token.
    pub was_before: bool,
}

/// What signing out came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedOut {
    /// The accounts that were signed out.
    pub gone: Vec<Account>,
    /// Why it went no further.
    pub error: Option<ApiError>,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhoAmI {
    /// The user's name in addresses.
    pub name: String,
    /// The name for people, where one is set.
    pub full_name: Option<String>,
    /// The organisations of the user.
    pub orgs: Vec<String>,
    /// What its owner called the token.
    pub token_name: Option<String>,
    /// What it may do.
    pub role: Option<String>,
    /// Base address of the Hub.
    pub endpoint: String,
}

impl Auth {
    /// The accounts of the person whose environment this is.
    pub fn open(setup: Setup) -> Self {
        Self(App::without_window(setup))
    }

    /// All accounts; their tokens are not asked for.
    pub async fn list(&self) -> Vec<Account> {
        let active = self.0.accounts().last_active();
        let describe = move |app: &App| app.accounts().describe(active.as_ref(), None);
        self.0.blocking(describe).await.accounts
    }

    /// Who is signed in: by the environment, by an account, or by the file of the command-line
    /// tools, in this order. The Hub is asked.
    pub async fn whoami(&self, env: &Env) -> Result<WhoAmI, ApiError> {
        self.0.check_online()?;
        let endpoint = endpoint(env, &[])?;
        let tokens = token_source(self.0.accounts(), env, None, &endpoint).await?;
        check_line(&endpoint, tokens.token().await.is_some())?;
        let hub = Hub::new(endpoint.clone(), tokens, self.0.profile());
        let hub = hub.map_err(|error| hub_error("the Hub", &error))?;
        let facts = facts_of(&hub).await?;
        Ok(WhoAmI {
            name: facts.name,
            full_name: facts.full_name,
            orgs: facts.orgs.into_iter().map(|org| org.name).collect(),
            token_name: facts.token_name,
            role: facts.role,
            endpoint: endpoint.to_string(),
        })
    }

    /// The token a command would use, by the order of [`Auth::whoami`]. The Hub is not asked.
    pub async fn token(&self, env: &Env) -> Result<Token, ApiError> {
        let endpoint = endpoint(env, &[])?;
        let tokens = token_source(self.0.accounts(), env, None, &endpoint).await?;
        let token = tokens.token().await;
        token.ok_or_else(|| ApiError::bad_input("Nobody is signed in."))
    }

    /// Signs in. `tell` is shown where to go with which code.
    pub async fn login(
        &self,
        env: &Env,
        login: Login,
        tell: impl Fn(&SignIn),
    ) -> Result<LoggedIn, ApiError> {
        self.0.check_online()?;
        let endpoint = endpoint(env, &[])?;
        let before = match login.force || login.token.is_some() {
            true => None,
            false => self.signed_in_at(&endpoint).await?,
        };
        let was_before = before.is_some();
        let id = match before {
            Some(id) => {
                self.0.enter(&self.0.accounts().listed(&id)?).await?;
                id
            }
            None => {
                let has_keychain = self.has_keychain().await?;
                if !has_keychain && !login.share {
                    return Err(no_keychain());
                }
                match login.token {
                    Some(token) => {
                        self.0.check(endpoint, token, How::Token, None).await?;
                        self.0.keep_checked(true).await?;
                    }
                    None => self.by_device(endpoint, tell).await?,
                }
                self.0.active().ok_or_else(ApiError::no_hub)?
            }
        };
        if login.share {
            self.share(&id).await?;
        }
        if login.git {
            self.0.give_to_git(&id, true).await?;
        }
        let account = self.list().await.into_iter().find(|one| one.id == id);
        let account = account.ok_or_else(ApiError::no_hub)?;
        Ok(LoggedIn {
            account,
            was_before,
        })
    }

    /// The account that is used at `endpoint`, if the Hub takes its token.
    async fn signed_in_at(&self, endpoint: &Endpoint) -> Result<Option<AccountId>, ApiError> {
        let accounts = self.0.accounts();
        let entry = accounts.last_active().and_then(|id| accounts.entry(&id));
        let Some(entry) = entry.filter(|entry| entry.endpoint == *endpoint) else {
            return Ok(None);
        };
        ask_keychain(accounts).await?;
        accounts.load(&entry).await;
        if entry.tokens.needs_sign_in() {
            return Ok(None);
        }
        check_line(endpoint, true)?;
        let tokens = Arc::new(entry.tokens.clone());
        let hub = Hub::new(endpoint.clone(), tokens, self.0.profile());
        let hub = hub.map_err(|error| hub_error("the Hub", &error))?;
        match facts_of(&hub).await {
            Ok(_) => Ok(Some(entry.tokens.id().clone())),
            Err(error) if error.code == ErrorCode::SignedOut => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Gives the account to the command-line tools, unless they have it.
    async fn share(&self, id: &str) -> Result<(), ApiError> {
        if self.0.accounts().listed(id)?.record.kept != Kept::Outside {
            self.0.share(id, true).await?;
            self.0.accounts().leave_with_tools(id).await;
        }
        Ok(())
    }

    /// Waits for what is given to others.
    pub async fn close(self) {
        self.0.close().await;
    }

    /// Signs the account called `name` out, or all, until one cannot be.
    pub async fn logout(&self, name: Option<&str>) -> Result<LoggedOut, ApiError> {
        let all = self.list().await;
        let wanted: Vec<Account> = match name {
            Some(name) => vec![one_called(&all, name)?],
            None => all,
        };
        if !wanted.is_empty() {
            self.has_keychain().await?;
        }
        let mut gone = Vec::new();
        for account in wanted {
            if let Err(error) = self.0.sign_out(&account.id).await {
                let error = Some(error);
                return Ok(LoggedOut { gone, error });
            }
            gone.push(account);
        }
        Ok(LoggedOut { gone, error: None })
    }

    /// Makes the account called `name` the one that is used.
    pub async fn switch(&self, name: &str, git: bool) -> Result<Account, ApiError> {
        let id = one_called(&self.list().await, name)?.id;
        let entry = self.0.accounts().listed(&id)?;
        if entry.record.kept == Kept::Keychain {
            self.has_keychain().await?;
        }
        self.0.accounts().load_soon(&entry).await;
        self.0.enter(&entry).await?;
        self.0.accounts().lead_tools(&entry.record).await;
        if git {
            self.0.give_to_git(&id, true).await?;
        }
        one_called(&self.list().await, &id)
    }

    async fn by_device(&self, endpoint: Endpoint, tell: impl Fn(&SignIn)) -> Result<(), ApiError> {
        let mut events = self.0.subscribe();
        self.0.start_sign_in(Way::Device, endpoint)?;
        let mut is_told = false;
        while events.next().await.is_some() {
            let Some(attempt) = self.0.accounts().attempt() else {
                return Ok(());
            };
            match (attempt.state, attempt.error.clone()) {
                (SignInState::Waiting, _) if !is_told => {
                    tell(&attempt);
                    is_told = true;
                }
                (SignInState::Failed, Some(error)) => return Err(error),
                _ => {}
            }
        }
        Err(ApiError::internal(
            "The sign-in has ended without an answer.",
        ))
    }

    async fn has_keychain(&self) -> Result<bool, ApiError> {
        ask_keychain(self.0.accounts()).await?;
        let keychain = self.0.accounts().keychain();
        Ok(keychain.state == KeychainState::Works)
    }
}

fn no_keychain() -> ApiError {
    ApiError {
        hint: Some(
            "Use --share to keep it in the files of the command-line tools, or set HF_TOKEN."
                .to_owned(),
        ),
        ..ApiError::bad_input(
            "There is no keychain here, and a token is not written to a file unless you say so.",
        )
    }
}

/// The account whose token, user or id has this name.
fn one_called(all: &[Account], name: &str) -> Result<Account, ApiError> {
    let is_it = |account: &&Account| {
        account.token_name.as_deref() == Some(name) || account.name == name || account.id == name
    };
    let found: Vec<&Account> = all.iter().filter(is_it).collect();
    match found.as_slice() {
        [account] => Ok((*account).clone()),
        [] => Err(ApiError::bad_input(format!(
            "There is no account {name:?}."
        ))),
        many => {
            let ids: Vec<&str> = many.iter().map(|account| account.id.as_str()).collect();
            Err(ApiError::bad_input(format!(
                "{name:?} may be any of {}.",
                ids.join(", ")
            )))
        }
    }
}
