//! Giving a sign-in to others: the command-line tools, and git. Only ever when a person says so.

use std::sync::Arc;

use hubdesk_core::Token;
use hubdesk_secrets::{CliSignIn, Given, SignInError, Stored};
use tokio::sync::OwnedMutexGuard;

use super::record::{Outside, Record, Shared, mark_of};
use super::{Accounts, Entry};
use crate::App;
use crate::api::{ApiError, Kept};
use crate::error::{git_error, tools_error};

/// How many names are tried for a sign-in whose name is taken by another token.
const MOST_NAMES: u32 = 100;

impl App {
    /// Gives the account to the command-line tools, or takes it back.
    pub(crate) async fn share(&self, id: &str, is_on: bool) -> Result<(), ApiError> {
        let accounts = self.accounts();
        let _alone = accounts.alone_giving().await;
        let Entry {
            record,
            endpoint,
            tokens,
            ..
        } = accounts.listed(id)?;
        if is_on == record.shared.is_some() {
            return Ok(());
        }
        if !is_on {
            return accounts.unshare(record).await;
        }
        let theirs = accounts.tools_endpoint()?;
        if theirs != endpoint {
            return Err(ApiError::bad_input(format!(
                "The command-line tools speak to {theirs}, and would send this account's token there."
            )));
        }
        if record.kept == Kept::Outside {
            return Err(ApiError::bad_input(
                "This token is read from where the command-line tools have it.",
            ));
        }
        let token = tokens.held().access.ok_or_else(no_token)?;
        let is_active = self.active().as_deref() == Some(id);
        let (tools, stored) = (accounts.tools(), stored(&record, token));
        let name = (record.facts.token_name.clone())
            .unwrap_or_else(|| format!("oauth-{}", record.facts.name));
        let given = self
            .blocking(move |_| give(&tools, &name, &stored, is_active))
            .await;
        let shared = Some(given.map_err(|error| tools_error(&error))?);
        accounts
            .change_record(id, move |record| record.shared.clone_from(&shared))
            .await;
        Ok(())
    }

    /// Gives the account to git's credential helper, or takes it back. The helper has one token for
    /// a Hub, so another account of the same Hub loses its place.
    pub(crate) async fn give_to_git(&self, id: &str, is_on: bool) -> Result<(), ApiError> {
        let accounts = self.accounts();
        let _alone = accounts.alone_giving().await;
        let Entry { record, tokens, .. } = accounts.listed(id)?;
        let git = accounts.git();
        if !is_on {
            if record.is_in_git {
                let taken = git.reject(&record.endpoint).await;
                taken.map_err(|error| git_error(&error))?;
            }
            accounts
                .change_record(id, |record| record.is_in_git = false)
                .await;
            return Ok(());
        }
        let token = tokens.held().access.ok_or_else(no_token)?;
        let has_helper = git.is_configured().await;
        if !has_helper.map_err(|error| git_error(&error))? {
            return Err(ApiError::bad_input(
                "Git has no credential helper. Set one up (git config --global credential.helper …), then try again.",
            ));
        }
        let given = git.approve(&record.endpoint, &token).await;
        given.map_err(|error| git_error(&error))?;
        for other in accounts.entries() {
            let is_it = other.record.id() == record.id();
            let has_place =
                is_it || (other.record.is_in_git && other.record.endpoint == record.endpoint);
            if has_place {
                let change = move |record: &mut Record| record.is_in_git = is_it;
                accounts.change_record(other.tokens.id(), change).await;
            }
        }
        Ok(())
    }
}

impl Accounts {
    /// The account was opened: the command-line tools follow, if it is shared with them.
    pub(crate) async fn lead_tools(&self, record: &Record) {
        let Some(shared) = record.shared.clone() else {
            return;
        };
        let tools = self.tools();
        let switched = tokio::task::spawn_blocking(move || tools.switch(&shared.name)).await;
        if let Ok(Err(error)) = switched {
            tracing::warn!(%error, "the command-line tools cannot be switched");
        }
    }

    /// Without a keychain the account is read from now on where the command-line tools have it.
    pub(crate) async fn leave_with_tools(&self, id: &str) {
        let Some(Entry { record, tokens, .. }) = self.entry(id) else {
            return;
        };
        if let (Kept::Memory, Some(shared)) = (record.kept, &record.shared) {
            let name = shared.name.clone();
            let verified = tokens.held().access.as_ref().map(mark_of);
            let change = move |record: &mut Record| {
                let name = name.clone();
                record.kept = Kept::Outside;
                record.outside = Some(Outside::StoredTokens { name });
                record.verified.clone_from(&verified);
            };
            self.change_record(id, change).await;
        }
    }

    /// Who was given `old` is given `new`, by a task of its own: others may hold their files' lock,
    /// or look at a prompt of git's, for longer than a sign-in can wait.
    pub(super) fn give_again(&self, record: Record, old: Option<Token>, new: Token) {
        let old = old.filter(|_| record.shared.is_some());
        if old.is_none() && !record.is_in_git {
            return;
        }
        let Some(accounts) = self.me.upgrade() else {
            return;
        };
        // The place in the row is taken now: an older token never comes after a newer one.
        let place = Arc::clone(&self.giving).try_lock_owned();
        self.tasks.spawn(async move {
            let _alone = match place {
                Ok(place) => place,
                Err(_) => Arc::clone(&accounts.giving).lock_owned().await,
            };
            if let (Some(shared), Some(old)) = (record.shared.clone(), old) {
                let (tools, stored) = (accounts.tools(), stored(&record, new.clone()));
                let renew = move || tools.renew(&shared.name, &old, &stored);
                if let Ok(Err(error)) = tokio::task::spawn_blocking(renew).await {
                    tracing::warn!(%error, "the command-line tools keep an old token");
                }
            }
            if record.is_in_git
                && let Err(error) = accounts.git().approve(&record.endpoint, &new).await
            {
                tracing::warn!(%error, "git keeps an old token");
            }
        });
    }

    /// While this is held nothing is given to others, and what was to be given has been.
    pub(super) async fn alone_giving(&self) -> OwnedMutexGuard<()> {
        Arc::clone(&self.giving).lock_owned().await
    }

    /// Takes the account back from the command-line tools.
    pub(super) async fn unshare(&self, record: Record) -> Result<(), ApiError> {
        let Some(shared) = record.shared.clone() else {
            return Ok(());
        };
        if !shared.was_there {
            let tools = self.tools();
            let entry = self.entry(&record.id());
            let token = entry.and_then(|entry| entry.tokens.held().access);
            let take = move || match token {
                Some(token) => tools.remove_if(&shared.name, &token),
                // Nobody has the token here. It was given under this name, and must not stay.
                None => tools.remove(&shared.name),
            };
            let removed = tokio::task::spawn_blocking(take).await;
            if let Ok(Err(error)) = removed {
                return Err(tools_error(&error));
            }
        }
        self.change_record(&record.id(), |record| record.shared = None)
            .await;
        Ok(())
    }
}

fn no_token() -> ApiError {
    ApiError::bad_input("Sign in to this account first.")
}

/// What the tools are given. Never the refresh token: they would take it for their own client's, and
/// end the session with it.
fn stored(record: &Record, token: Token) -> Stored {
    let end = record.facts.expires;
    Stored {
        token,
        refresh_token: None,
        expires_at: end.and_then(|end| i64::try_from(end).ok()),
    }
}

/// Stores the token under a name that is free, or has it already. Another token of that name is
/// somebody's own sign-in, and stays. Blocks.
fn give(
    tools: &CliSignIn,
    wanted: &str,
    stored: &Stored,
    is_active: bool,
) -> Result<Shared, SignInError> {
    for n in 1..MOST_NAMES {
        let name = match n {
            1 => wanted.to_owned(),
            n => format!("{wanted} ({n})"),
        };
        if let Given::There { name, was_there } = tools.give(&name, stored, is_active)? {
            return Ok(Shared { name, was_there });
        }
    }
    Err(SignInError::NoSuchName {
        name: wanted.to_owned(),
    })
}
