//! Keeping an account: first the token, then the list, then the Hub is opened with it.

use hubdesk_core::Token;
use hubdesk_hub::Endpoint;

use super::keychain::Secrets;
use super::record::{Facts, Outside, Record, mark_of};
use super::{Accounts, Entry, Held, Tokens};
use crate::App;
use crate::api::{AccountId, ApiError, How, Kept};

/// Somebody who has just signed in.
pub(crate) struct NewAccount {
    pub(crate) endpoint: Endpoint,
    pub(crate) how: How,
    pub(crate) facts: Facts,
    pub(crate) access: Token,
    pub(crate) renewal: Option<Renewable>,
    /// Where the token is read at each start, if it is not kept here.
    pub(crate) outside: Option<Outside>,
}

/// What renews a token.
pub(crate) struct Renewable {
    pub(crate) refresh: Token,
    /// Whose session it is.
    pub(crate) client_id: String,
}

impl Accounts {
    /// Keeps `new`, in the place of the same user's former sign-in: what waits for that goes on,
    /// and what was given to others is given anew.
    pub(crate) async fn keep(&self, new: NewAccount) -> Entry {
        let mut record = Record {
            endpoint: new.endpoint.to_string(),
            how: new.how,
            kept: if new.outside.is_some() {
                Kept::Outside
            } else {
                Kept::Keychain
            },
            facts: new.facts,
            client_id: new.renewal.as_ref().map(|one| one.client_id.clone()),
            verified: new.outside.is_some().then(|| mark_of(&new.access)),
            outside: new.outside,
            shared: None,
            is_in_git: false,
        };
        let held = Held {
            access: Some(new.access),
            refresh: new.renewal.map(|one| one.refresh),
            expires: record.facts.expires,
            is_outside: record.kept == Kept::Outside,
            is_verified: true,
        };
        let before = self.entry(&record.id());
        // A renewal under way would put the former sign-in in the place of this one.
        let _flight = match &before {
            Some(before) => Some(before.tokens.hold().await),
            None => None,
        };
        if record.kept == Kept::Keychain {
            let secrets = Secrets {
                access: held.access.clone(),
                refresh: held.refresh.clone(),
            };
            if !self.keychain.write(&record, secrets).await {
                record.kept = Kept::Memory;
            }
        } else if before
            .as_ref()
            .is_some_and(|entry| entry.record.kept == Kept::Keychain)
        {
            // It is read elsewhere from now on; the old one is of no use to anybody.
            let _ = self.keychain.remove(&record).await;
        }
        if let Some(before) = &before {
            record.shared = before.record.shared.clone();
            record.is_in_git = before.record.is_in_git;
        }
        let old = before.and_then(|entry| entry.tokens.held().access);
        let access = held.access.clone();
        let entry = self.put_entry(record, new.endpoint, held);
        let noted = entry.record.clone();
        self.change_list(move |list| list.put(&noted)).await;
        if let Some(access) = access {
            self.give_again(entry.record.clone(), old, access);
        }
        entry
    }

    fn put_entry(&self, record: Record, endpoint: Endpoint, held: Held) -> Entry {
        let mut state = self.lock();
        let id = record.id();
        if let Some(entry) = state
            .entries
            .iter_mut()
            .find(|entry| *entry.tokens.id() == id)
        {
            entry.record = record;
            entry.tokens.put(held);
            return entry.clone();
        }
        let entry = Entry {
            tokens: Tokens::new(id, self.me.clone(), held),
            record,
            endpoint,
        };
        state.entries.push(entry.clone());
        drop(state);
        self.is_fresh(entry.tokens.id());
        entry
    }
}

impl App {
    /// Keeps `new` and opens its Hub with it.
    pub(crate) async fn sign_in(&self, new: NewAccount) -> Result<(), ApiError> {
        let entry = self.accounts().keep(new).await;
        self.enter(&entry).await
    }

    /// Opens the account's Hub.
    pub(crate) async fn enter(&self, entry: &Entry) -> Result<(), ApiError> {
        self.sessions().open_account(entry, self.profile())?;
        self.remember().await;
        Ok(())
    }

    /// Remembers whose Hub is open, for the next start.
    pub(crate) async fn remember(&self) {
        self.accounts().remember_active(self.active()).await;
    }

    /// The account that is open.
    pub(crate) fn active(&self) -> Option<AccountId> {
        self.sessions().account()
    }
}
