//! A token that was typed or found: looked at first, kept when the person has seen what it is.

use std::time::Duration;

use hubdesk_core::Token;
use hubdesk_hub::Endpoint;

use super::Accounts;
use super::facts::facts_of;
use super::keep::NewAccount;
use super::record::{Facts, Outside};
use crate::App;
use crate::api::{ApiError, How, TokenReport};
use crate::error::hub_error;
use crate::session::check_line;

/// How long a token that was looked at is remembered. Who goes to lunch has it forgotten.
const PATIENCE: Duration = Duration::from_secs(300);

/// What organisations used to have; their members' own tokens have replaced them.
const OF_ORGANISATION: &str = "api_org";

/// A token that was looked at.
pub(super) struct Checked {
    turn: u64,
    endpoint: Endpoint,
    token: Token,
    facts: Facts,
    how: How,
    outside: Option<Outside>,
}

impl App {
    /// Asks the Hub whose `token` is, and remembers it for a while.
    pub(crate) async fn check(
        &self,
        endpoint: Endpoint,
        token: Token,
        how: How,
        outside: Option<Outside>,
    ) -> Result<TokenReport, ApiError> {
        if token.expose().starts_with(OF_ORGANISATION) {
            return Err(ApiError::bad_input(
                "That is an organisation's token. Use one of your own.",
            ));
        }
        check_line(&endpoint, true)?;
        let accounts = self.accounts();
        let hub = accounts
            .hub(&endpoint, Some(token.clone()))
            .map_err(|error| hub_error("the Hub", &error))?;
        let facts = facts_of(&hub).await?;
        let report = TokenReport {
            name: facts.name.clone(),
            full_name: facts.full_name.clone(),
            endpoint: endpoint.to_string(),
            token_name: facts.token_name.clone(),
            role: facts.role.clone(),
            scopes: facts.scopes.clone(),
            expires_at: facts.end(),
            limits: facts.limits.clone(),
            keychain: accounts.keychain.describe(),
        };
        let turn = {
            let mut state = accounts.lock();
            state.turn += 1;
            state.checked = Some(Checked {
                turn: state.turn,
                endpoint,
                token,
                facts,
                how,
                outside,
            });
            state.turn
        };
        tokio::spawn(forget(accounts.me.clone(), turn));
        Ok(report)
    }

    /// Keeps the token that was looked at last and opens its Hub. `is_copied`: in the keychain, even
    /// if it was found elsewhere.
    pub(crate) async fn keep_checked(&self, is_copied: bool) -> Result<(), ApiError> {
        let checked = self.accounts().lock().checked.take();
        let checked = checked.ok_or_else(|| {
            ApiError::bad_input("The token was forgotten in the meantime: enter it again.")
        })?;
        self.sign_in(NewAccount {
            endpoint: checked.endpoint,
            how: checked.how,
            facts: checked.facts,
            access: checked.token,
            renewal: None,
            outside: checked.outside.filter(|_| !is_copied),
        })
        .await
    }
}

/// Forgets what was looked at in `turn`, when its time has come.
async fn forget(accounts: std::sync::Weak<Accounts>, turn: u64) {
    tokio::time::sleep(PATIENCE).await;
    if let Some(accounts) = accounts.upgrade() {
        let mut state = accounts.lock();
        state.checked.take_if(|checked| checked.turn == turn);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::none_yet;
    use crate::events::Events;

    #[tokio::test(start_paused = true)]
    async fn a_token_that_was_looked_at_is_forgotten_after_five_minutes_unless_another_came() {
        let home = tempfile::tempdir().unwrap();
        let accounts = none_yet(home.path(), Events::default());
        let look = |turn| {
            accounts.lock().checked = Some(Checked {
                turn,
                endpoint: Endpoint::default(),
                token: Token::new("hf_x").unwrap(),
                facts: Facts::default(),
                how: How::Token,
                outside: None,
            });
            forget(accounts.me.clone(), turn)
        };
        let is_known = || accounts.lock().checked.is_some();
        let (first, begun) = (look(1), tokio::time::Instant::now());
        first.await;
        assert!(!is_known());
        assert_eq!(begun.elapsed(), Duration::from_secs(300));
        let (before, now) = (look(2), look(3));
        before.await;
        assert!(is_known(), "its own time is not over");
        now.await;
        assert!(!is_known());
    }
}
