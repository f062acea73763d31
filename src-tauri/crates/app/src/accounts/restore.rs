//! The start: who was signed in is signed in again, as soon as the keychain has answered.

use std::time::Duration;

use super::facts::facts_of;
use super::keychain::Secrets;
use super::record::{Facts, mark_of};
use super::renew::somebody_else;
use super::{Accounts, EVERYTHING, Entry, Held};
use crate::App;
use crate::api::{ApiError, Kept, NeedsSignIn};

/// How long who opens an account waits for its token.
const PATIENCE: Duration = Duration::from_secs(20);

impl App {
    /// Asks the keychain whether it works and for what it has, and opens the account that was open
    /// last, unless a person was faster.
    pub(crate) async fn restore(&self) {
        let accounts = self.accounts();
        accounts.keychain.check().await;
        for entry in accounts.entries() {
            accounts.load(&entry).await;
        }
        self.open_last();
        accounts.lock().is_restoring = false;
        accounts.events.stale(&EVERYTHING);
    }

    /// Opens the account that was open last, if its token is there and nothing is open.
    fn open_last(&self) {
        let accounts = self.accounts();
        let wanted = accounts.last_active();
        let entry = wanted.and_then(|id| accounts.entry(&id));
        if let Some(entry) = entry.filter(|entry| !entry.tokens.needs_sign_in()) {
            match self.sessions().restore_account(&entry, self.profile()) {
                Ok(()) => drop(tokio::spawn(self.clone().look_again(entry))),
                Err(error) => tracing::warn!(error.message, "the last Hub cannot be opened"),
            }
        }
    }

    /// Asks the keychain again and moves into it what is in memory.
    pub(crate) async fn retry_keychain(&self) -> Result<(), ApiError> {
        let accounts = self.accounts();
        accounts.keychain.check().await;
        for entry in accounts.entries() {
            if entry.tokens.held().access.is_none() {
                accounts.load(&entry).await;
            } else if entry.record.kept == Kept::Memory {
                accounts.move_in(entry).await;
            }
        }
        if self.sessions().open().is_err() {
            self.open_last();
            accounts.events.stale(&EVERYTHING);
        }
        Ok(())
    }

    /// What the Hub says of the account may have changed since the last start.
    async fn look_again(self, entry: Entry) {
        if self.is_told_offline() {
            return;
        }
        let Ok(open) = self.sessions().open() else {
            return;
        };
        // A refusal has been noticed where the token comes from; anything else passes.
        let Ok(facts) = facts_of(&open.hub).await else {
            return;
        };
        let Some(record) = self
            .accounts()
            .entry(entry.tokens.id())
            .map(|entry| entry.record)
        else {
            return;
        };
        if facts.name != record.facts.name {
            // The Hub is not to be believed when it takes one for another.
            entry.tokens.lose(somebody_else(&facts.name));
            return;
        }
        let renewed = move |known: &Facts| {
            let facts = facts.clone();
            facts.granted(known.scopes.clone(), known.expires)
        };
        if renewed(&record.facts) != record.facts {
            let id = entry.tokens.id();
            self.accounts()
                .change_record(id, move |record| record.facts = renewed(&record.facts))
                .await;
            self.accounts().is_changed();
        }
    }
}

impl Accounts {
    /// The same as `load`, for who does not wait for ever while a person looks at a prompt. An
    /// account whose token is there has it at once.
    pub(crate) async fn load_soon(&self, entry: &Entry) {
        if entry.tokens.held().access.is_none() {
            // Without it the Hub says what is missing.
            let _ = tokio::time::timeout(PATIENCE, self.load(entry)).await;
        }
    }

    /// Gives the account its token back, if it can be had.
    pub(crate) async fn load(&self, entry: &Entry) {
        let record = &entry.record;
        let held = match record.kept {
            Kept::Outside => match self.read_outside(record).await {
                Ok(Some((token, expires))) => Held {
                    is_verified: record.verified.as_ref() == Some(&mark_of(&token)),
                    access: Some(token),
                    expires,
                    is_outside: true,
                    ..Held::default()
                },
                Ok(None) => return entry.tokens.is_absent(NeedsSignIn::Gone),
                Err(error) => return entry.tokens.lose(error.message),
            },
            Kept::Keychain => {
                let Some(Secrets { access, refresh }) = self.keychain.read(record).await else {
                    return entry.tokens.is_absent(NeedsSignIn::Unreadable);
                };
                Held {
                    access,
                    refresh,
                    expires: record.facts.expires,
                    ..Held::default()
                }
            }
            Kept::Memory => return entry.tokens.is_absent(NeedsSignIn::Gone),
        };
        // Somebody may have signed in while the keychain was asking.
        if held.access.is_none() {
            entry.tokens.is_absent(NeedsSignIn::Gone);
        } else if entry.tokens.needs_sign_in() {
            entry.tokens.put(held);
        }
    }

    async fn move_in(&self, entry: Entry) {
        let held = entry.tokens.held();
        let secrets = Secrets {
            access: held.access,
            refresh: held.refresh,
        };
        if self.keychain.write(&entry.record, secrets).await {
            self.change_record(entry.tokens.id(), |record| record.kept = Kept::Keychain)
                .await;
        }
    }
}
