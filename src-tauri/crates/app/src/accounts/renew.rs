//! Another token in the place of one that ends.

use std::time::Duration;

use hubdesk_core::Token;
use hubdesk_disk::LockFile;
use hubdesk_hub::{Endpoint, Error, Grant, OAuth, SignInError};

use super::keychain::Secrets;
use super::record::{Record, mark_of};
use super::{Accounts, Entry, Held, Tokens};
use crate::api::Kept;

/// How asking for another token ended.
pub(crate) enum Renewal {
    /// This is it.
    New(Held),
    /// There is none without a person.
    Over,
    /// What there is now may not be used, for this reason: a sentence.
    Lost(String),
    /// Who keeps it elsewhere has no other yet.
    Unchanged,
    /// There may be one later: the Hub is in trouble.
    Later,
    /// The Hub was not reached, so nothing is known.
    Unreached,
}

impl Accounts {
    /// Asks for another token than `old`, and keeps it before anybody can use it.
    pub(super) async fn renewal(&self, tokens: &Tokens, old: &Token) -> Renewal {
        let Some(Entry {
            record, endpoint, ..
        }) = self.entry(tokens.id())
        else {
            return Renewal::Over;
        };
        let held = tokens.held();
        match (&held.refresh, &record.client_id) {
            (Some(refresh), Some(client)) => {
                // Only one program may spend a refresh token; the next finds what the first has got.
                let _lock = self.lock_renewal(&record).await;
                if let Some(held) = self.renewed_elsewhere(&record, old).await {
                    return Renewal::New(held);
                }
                let asked = async {
                    let hub = self.hub(&endpoint, None)?;
                    let oauth = OAuth::discover(&hub, client).await?;
                    oauth.refresh(refresh).await
                };
                self.refreshed(&record, old, refresh, asked.await).await
            }
            _ if held.is_outside => self.read_again(&record, &endpoint, &held).await,
            _ => Renewal::Over,
        }
    }

    /// Waits until no other program renews the account's token.
    async fn lock_renewal(&self, record: &Record) -> Option<LockFile> {
        let (accounts, id) = (self.me.upgrade()?, record.id());
        let wait = move || accounts.list.lock_renewal(&id);
        tokio::task::spawn_blocking(wait).await.ok()?
    }

    async fn refreshed(
        &self,
        record: &Record,
        old: &Token,
        refresh: &Token,
        answer: Result<Grant, SignInError>,
    ) -> Renewal {
        match answer {
            Ok(grant) => Renewal::New(self.keep_grant(record, old, refresh, grant).await),
            // Another program may have been faster by a moment.
            Err(SignInError::SessionOver) => match self.renewed_elsewhere(record, old).await {
                Some(held) => Renewal::New(held),
                None => Renewal::Over,
            },
            Err(error) => {
                tracing::warn!(%error, account = record.id(), "the token cannot be renewed now");
                match &error {
                    SignInError::Hub(error) => not_now(error),
                    _ => Renewal::Later,
                }
            }
        }
    }

    /// The old refresh token is good no longer, so the new one is safe before the access token that
    /// came with it is used.
    async fn keep_grant(
        &self,
        record: &Record,
        old: &Token,
        refresh: &Token,
        grant: Grant,
    ) -> Held {
        let refresh = grant.refresh.unwrap_or_else(|| refresh.clone());
        let expires = self.end_of(grant.lifetime);
        let mut record = record.clone();
        record.facts.expires = expires;
        // Nobody takes out again what is put in for an account that another program has signed out.
        let is_listed = self.record_on_disk(&record.id()).await.is_some();
        if record.kept == Kept::Keychain && is_listed {
            let secrets = Secrets {
                access: Some(grant.access.clone()),
                refresh: Some(refresh.clone()),
            };
            if !self.keychain.write(&record, secrets).await {
                record.kept = Kept::Memory;
            }
        }
        let kept = record.kept;
        let change = move |record: &mut Record| {
            record.facts.expires = expires;
            record.kept = kept;
        };
        self.change_record(&record.id(), change).await;
        self.give_again(record, Some(old.clone()), grant.access.clone());
        Held {
            access: Some(grant.access),
            refresh: Some(refresh),
            expires,
            ..Held::default()
        }
    }

    /// What another program of ours, the window or the command line, has kept in the place of `old`.
    async fn renewed_elsewhere(&self, record: &Record, old: &Token) -> Option<Held> {
        if record.kept != Kept::Keychain {
            return None;
        }
        let Secrets { access, refresh } = self.keychain.read_soon(record).await?;
        let access = access.filter(|token| token != old)?;
        let id = record.id();
        let expires = self.record_on_disk(&id).await?.facts.expires;
        self.change_record(&id, move |record| record.facts.expires = expires)
            .await;
        Some(Held {
            access: Some(access),
            refresh,
            expires,
            ..Held::default()
        })
    }

    /// The command-line tools renew their own sign-ins, and only they can. What is there by now may
    /// be somebody else's, so the Hub is asked before it is used.
    async fn read_again(&self, record: &Record, endpoint: &Endpoint, held: &Held) -> Renewal {
        let (token, expires) = match self.read_outside(record).await {
            Ok(Some(read)) => read,
            Ok(None) => return Renewal::Over,
            Err(error) => return Renewal::Lost(error.message),
        };
        if held.is_verified && held.access.as_ref() == Some(&token) {
            return Renewal::Unchanged;
        }
        let user = match self.hub(endpoint, Some(token.clone())) {
            Ok(hub) => hub.whoami().await,
            Err(error) => Err(error),
        };
        match user {
            Ok(user) if user.name == record.facts.name => {
                let verified = Some(mark_of(&token));
                let change = move |record: &mut Record| record.verified.clone_from(&verified);
                self.change_record(&record.id(), change).await;
                Renewal::New(Held {
                    access: Some(token),
                    expires,
                    is_outside: true,
                    is_verified: true,
                    ..Held::default()
                })
            }
            Ok(user) => Renewal::Lost(somebody_else(&user.name)),
            Err(Error::SignedOut { .. }) => Renewal::Over,
            Err(error) => {
                tracing::warn!(%error, account = record.id(), "whose the token is is not known");
                not_now(&error)
            }
        }
    }

    /// When something ends that is good for `lifetime` from now on, in seconds since 1970.
    pub(super) fn end_of(&self, lifetime: Option<Duration>) -> Option<u64> {
        lifetime.map(|lifetime| self.now().saturating_add(lifetime.as_secs()))
    }
}

fn not_now(error: &Error) -> Renewal {
    match error {
        Error::Offline { .. } | Error::OfflineMode { .. } | Error::Timeout { .. } => {
            Renewal::Unreached
        }
        _ => Renewal::Later,
    }
}

/// Why an account has lost its token to `name`.
pub(super) fn somebody_else(name: &str) -> String {
    format!("The token that is there now is of {name}, so it is not used: sign in again.")
}
