//! The token of one account, for all requests at once: read from memory, renewed in time and by one
//! of them only, and taken back for all of them when the Hub refuses it.

mod source;
mod state;
#[cfg(test)]
mod tests;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Weak};
use std::time::Duration;

use hubdesk_core::Token;
use tokio::sync::OwnedMutexGuard;

pub(crate) use self::state::Held;
use self::state::State;
use super::{Accounts, Renewal};
use crate::api::{AccountId, NeedsSignIn};

/// How long before its end a token is renewed, in seconds: long enough for a request that begins
/// now to be answered.
const MARGIN: u64 = 300;
/// How long the Hub is left alone after it did not renew a token, or gave one as short-lived as
/// this.
const REST: Duration = Duration::from_secs(300);

/// The token of one account. Clones are the same; it stays the same when somebody signs in again,
/// so that what waits goes on.
#[derive(Clone)]
pub(crate) struct Tokens(Arc<Inner>);

struct Inner {
    id: AccountId,
    owner: Weak<Accounts>,
    state: Mutex<State>,
    /// Held by whoever renews.
    flight: Arc<tokio::sync::Mutex<()>>,
    /// How often a renewal has ended: who waited for one does not ask the same again at once.
    flights: AtomicU64,
}

/// What became of an attempt to renew.
#[derive(Debug, PartialEq, Eq)]
enum End {
    /// There is another token than the one that was to be renewed.
    Changed,
    /// There is not.
    Same,
}

impl Tokens {
    pub(crate) fn new(id: AccountId, owner: Weak<Accounts>, held: Held) -> Self {
        Self(Arc::new(Inner {
            id,
            owner,
            state: Mutex::new(State::of(held)),
            flight: Arc::default(),
            flights: AtomicU64::new(0),
        }))
    }

    /// Whose it is.
    pub(crate) fn id(&self) -> &AccountId {
        &self.0.id
    }

    /// What is known of the token.
    pub(crate) fn held(&self) -> Held {
        self.lock().held.clone()
    }

    /// Whether somebody has to sign in before this is of use.
    pub(crate) fn needs_sign_in(&self) -> bool {
        let state = self.lock();
        state.is_over || state.held.access.is_none()
    }

    /// Why somebody has to sign in before this is of use, as far as that is known: a token that
    /// nobody has looked for yet is not missed.
    pub(crate) fn why_sign_in(&self) -> Option<NeedsSignIn> {
        let state = self.lock();
        match &state.held.access {
            _ if state.is_over => Some(NeedsSignIn::Refused),
            None => state.absence,
            Some(_) => None,
        }
    }

    /// It was looked for and not found, for the reason `absence`.
    pub(crate) fn is_absent(&self, absence: NeedsSignIn) {
        self.lock().absence = Some(absence);
    }

    /// From now on this is the token; who waits for one goes on.
    pub(crate) fn put(&self, held: Held) {
        *self.lock() = State::of(held);
        if let Some(owner) = self.0.owner.upgrade() {
            owner.is_fresh(&self.0.id);
        }
    }

    /// From now on there is none.
    pub(crate) fn clear(&self) {
        *self.lock() = State::default();
    }

    /// From now on there is none, for the reason `why`. Says so.
    pub(crate) fn lose(&self, why: String) {
        tracing::warn!(account = self.0.id, why, "the token is not used any more");
        *self.lock() = State {
            absence: Some(NeedsSignIn::Unreadable),
            why: Some(why),
            ..State::default()
        };
        if let Some(owner) = self.0.owner.upgrade() {
            owner.is_changed();
        }
    }

    /// Why there is none, if that is known.
    pub(crate) fn why(&self) -> Option<String> {
        self.lock().why.clone()
    }

    /// While this is held nobody renews the token.
    pub(crate) async fn hold(&self) -> OwnedMutexGuard<()> {
        Arc::clone(&self.0.flight).lock_owned().await
    }

    /// Tries to renew the token, for what waits for that and cannot ask for anything itself. Leaves
    /// the Hub alone for a while after it did not.
    pub(crate) async fn try_to_renew(&self) {
        let old = {
            let state = self.lock();
            let access = state.held.access.clone();
            access.filter(|_| state.is_renewable())
        };
        if let Some(old) = old {
            self.renew(&old, false).await;
        }
    }

    /// The Hub takes this token no longer, and only a person can help. Says so once.
    pub(crate) fn is_refused(&self) {
        let was_over = std::mem::replace(&mut self.lock().is_over, true);
        if !was_over && let Some(owner) = self.0.owner.upgrade() {
            tracing::info!(account = self.0.id, "the Hub no longer takes the token");
            owner.is_changed();
        }
    }

    /// The token, if it ends so soon, or is so new, that the Hub is asked about it before the next
    /// request.
    fn is_due(&self) -> Option<Token> {
        let owner = self.0.owner.upgrade()?;
        let state = self.lock();
        let end = state.held.expires;
        let is_due = state.is_unknown() || end.is_some_and(|end| end <= owner.now() + MARGIN);
        let is_ready = is_due && state.is_renewable() && !state.waits(owner.elapsed());
        is_ready.then(|| state.held.access.clone()).flatten()
    }

    /// Puts another token in the place of `old`: one of all that ask at the same time does, and the
    /// others wait for it. It is done to its end even if nobody waits any more, since the old
    /// session may be over when the new one is not known yet.
    async fn renew(&self, old: &Token, is_refused: bool) -> End {
        let flights = self.0.flights.load(Ordering::Relaxed);
        let flight = self.hold().await;
        let is_worn = {
            let state = self.lock();
            if state.held.access.as_ref() != Some(old) {
                return End::Changed;
            }
            let Some(owner) = self.0.owner.upgrade() else {
                return End::Same;
            };
            let now = owner.elapsed();
            let is_fresh = state.is_fresh(now);
            let has_just_failed = flights != self.0.flights.load(Ordering::Relaxed);
            if !is_fresh && (has_just_failed || state.is_final() || state.rests(now)) {
                return End::Same;
            }
            !is_fresh
        };
        if !is_worn {
            if is_refused {
                self.is_refused();
            }
            return End::Same;
        }
        let Some(owner) = self.0.owner.upgrade() else {
            return End::Same;
        };
        let run = self.clone().run(old.clone(), is_refused, flight);
        owner.tasks.spawn(run).await.unwrap_or(End::Same)
    }

    async fn run(self, old: Token, is_refused: bool, _flight: OwnedMutexGuard<()>) -> End {
        let Some(owner) = self.0.owner.upgrade() else {
            return End::Same;
        };
        let renewal = owner.renewal(&self, &old).await;
        self.0.flights.fetch_add(1, Ordering::Relaxed);
        let rest_until = Some(owner.elapsed() + REST);
        match renewal {
            Renewal::New(held) => {
                // A sign-in that came in between is newer still.
                if self.lock().held.access.as_ref() == Some(&old) {
                    self.put(held);
                    self.lock().fresh_until = rest_until;
                    owner.is_changed();
                }
                return End::Changed;
            }
            Renewal::Over => self.is_refused(),
            Renewal::Lost(why) => {
                if self.lock().held.access.as_ref() == Some(&old) {
                    self.lose(why);
                }
            }
            Renewal::Unchanged => {
                self.lock().rest_until = rest_until;
                if is_refused {
                    self.is_refused();
                }
            }
            Renewal::Later => self.lock().rest_until = rest_until,
            Renewal::Unreached => {}
        }
        End::Same
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0
            .state
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}
