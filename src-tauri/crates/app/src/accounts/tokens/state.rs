use std::time::Duration;

use hubdesk_core::Token;

use crate::api::NeedsSignIn;

/// What is known of a token.
#[derive(Debug, Clone, Default)]
pub(crate) struct Held {
    /// What requests are sent with.
    pub(crate) access: Option<Token>,
    /// What renews it, if it came with a sign-in.
    pub(crate) refresh: Option<Token>,
    /// When it ends, in seconds since 1970.
    pub(crate) expires: Option<u64>,
    /// It is read where others may renew it.
    pub(crate) is_outside: bool,
    /// The Hub knows it as this account's. Only one that is read elsewhere may be another's.
    pub(crate) is_verified: bool,
}

/// The token, and how it has fared.
#[derive(Default)]
pub(super) struct State {
    pub(super) held: Held,
    /// The Hub has refused it, and there is no other.
    pub(super) is_over: bool,
    /// The Hub is not asked for another before this time of the clock.
    pub(super) rest_until: Option<Duration>,
    /// It was renewed so recently that until this time of the clock a refusal ends it.
    pub(super) fresh_until: Option<Duration>,
    /// It was looked for, and this is why there is none.
    pub(super) absence: Option<NeedsSignIn>,
    /// Why there is none: a sentence.
    pub(super) why: Option<String>,
}

impl State {
    pub(super) fn of(held: Held) -> Self {
        Self {
            held,
            ..Self::default()
        }
    }

    pub(super) fn is_renewable(&self) -> bool {
        self.held.refresh.is_some() || self.held.is_outside
    }

    /// Whether the token may be somebody else's.
    pub(super) fn is_unknown(&self) -> bool {
        self.held.is_outside && !self.held.is_verified
    }

    /// Whether only a person can help. Who keeps the token elsewhere may put another there.
    pub(super) fn is_final(&self) -> bool {
        self.is_over && !self.held.is_outside
    }

    pub(super) fn waits(&self, now: Duration) -> bool {
        self.is_fresh(now) || self.rests(now)
    }

    pub(super) fn is_fresh(&self, now: Duration) -> bool {
        self.fresh_until.is_some_and(|until| now < until)
    }

    pub(super) fn rests(&self, now: Duration) -> bool {
        self.rest_until.is_some_and(|until| now < until)
    }
}
