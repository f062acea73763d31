//! One quota as far as answers tell of it. Pure: what time it is comes in.

use std::time::Duration;

use tokio::time::Instant;

use crate::rate_limit::Limit;

/// Requests at once while no answer has said yet what is allowed.
const AT_ONCE: u64 = 4;
/// How long the others wait for the first answer before a few more are let through.
const FIRST_ANSWER: Duration = Duration::from_secs(1);
/// What is left to people while work in the background waits: this part of the quota.
const KEPT_BACK: u64 = 10;
/// Two resets that are nearer to each other than this may be the same, rounding and a slow line
/// considered.
const SAME_RESET: Duration = Duration::from_secs(2);

/// One quota: who was let through, and what the answers said remains.
#[derive(Debug, Default)]
pub(super) struct Lane {
    known: Known,
    /// Requests whose answer has not come.
    in_flight: u64,
    /// Requests ever let through.
    sent: u64,
    /// Requests that ended without an answer. They may have been counted all the same.
    lost: u64,
    /// The server asked to be left alone until then.
    held_until: Option<Instant>,
}

#[derive(Debug)]
enum Known {
    /// No answer yet.
    Nothing {
        /// Requests that may be on their way.
        allowed: u64,
        /// When a few more are let through, since somebody waits.
        tired: Option<Instant>,
    },
    /// Answers do not speak of a quota.
    NoLimit,
    Window(Window),
}

#[derive(Debug)]
struct Window {
    /// The smallest remainder that an answer has named. What is in flight, and what was lost, may
    /// have to be taken off.
    left: u64,
    /// How many were lost before those that may count in this window, and before it began.
    lost_before: u64,
    lost_at_begin: u64,
    /// When the next window has surely begun, as far as that was said.
    resets: Option<Instant>,
    quota: Option<u64>,
    length: Option<Duration>,
}

/// One request on its way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pass {
    in_flight: u64,
    sent: u64,
    lost: u64,
}

/// Why a request has to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wait {
    /// Nothing remains until then.
    Reset(Instant),
    /// What remains is on its way; the next answer says more, which is worth waiting for until then.
    Answer(Option<Instant>),
}

impl Lane {
    /// Lets one request through if that is surely within the quota.
    pub(super) fn enter(&mut self, now: Instant, is_background: bool) -> Result<Pass, Wait> {
        self.roll(now);
        match self.held_until {
            Some(until) if until > now => return Err(Wait::Reset(until)),
            _ => self.held_until = None,
        }
        match &mut self.known {
            Known::Nothing { allowed, tired } => {
                if tired.is_some_and(|tired| tired <= now) {
                    *allowed += AT_ONCE;
                    *tired = None;
                }
                if self.in_flight >= *allowed {
                    return Err(Wait::Answer(Some(*tired.get_or_insert(now + FIRST_ANSWER))));
                }
            }
            Known::Window(window) => {
                let lost = self.lost - window.lost_before;
                window.has_room(self.in_flight, lost, is_background)?;
            }
            Known::NoLimit => {}
        }
        let pass = Pass {
            in_flight: self.in_flight,
            sent: self.sent,
            lost: self.lost,
        };
        self.in_flight += 1;
        self.sent += 1;
        Ok(pass)
    }

    /// The answer to `pass` came, with what it says about this quota.
    pub(super) fn answered(&mut self, pass: Pass, limit: Option<Limit>, now: Instant) {
        // Who was on the way together with it: their answers may have overtaken this one.
        let overlap = pass.in_flight + (self.sent - pass.sent);
        self.in_flight -= 1;
        let Some(limit) = limit else {
            match &mut self.known {
                Known::Nothing { .. } => self.known = Known::NoLimit,
                Known::NoLimit => {}
                Known::Window(_) => self.lost += 1,
            }
            return;
        };
        let told = Window {
            left: limit.remaining,
            lost_before: pass.lost,
            lost_at_begin: pass.lost,
            resets: limit.resets_in.map(|time| now + time),
            quota: limit.quota,
            length: limit.window,
        };
        match &mut self.known {
            Known::Window(window) => window.learn(told, overlap),
            Known::Nothing { .. } | Known::NoLimit => self.known = Known::Window(told),
        }
    }

    /// No answer will come to a request.
    pub(super) fn lost(&mut self) {
        self.in_flight -= 1;
        self.lost += 1;
    }

    /// A request was never sent.
    pub(super) fn unsent(&mut self) {
        self.in_flight -= 1;
    }

    /// Lets nobody through for this long.
    pub(super) fn hold(&mut self, now: Instant, time: Duration) {
        self.held_until = self.held_until.max(Some(now + time));
    }

    /// Begins the next window when the one that is known has ended.
    fn roll(&mut self, now: Instant) {
        let Known::Window(window) = &mut self.known else {
            return;
        };
        if window.resets.is_none_or(|resets| resets > now) {
            return;
        }
        match window.quota {
            // What was lost in the old one may have been counted in the new one.
            Some(quota) => {
                window.left = quota;
                window.lost_before = std::mem::replace(&mut window.lost_at_begin, self.lost);
                window.resets = window.length.map(|length| now + length);
            }
            None => self.known = Known::default(),
        }
    }
}

impl Default for Known {
    fn default() -> Self {
        Self::Nothing {
            allowed: AT_ONCE,
            tired: None,
        }
    }
}

impl Window {
    fn has_room(&self, in_flight: u64, lost: u64, is_background: bool) -> Result<(), Wait> {
        let kept_back = match (is_background, self.quota) {
            (true, Some(quota)) => quota / KEPT_BACK,
            _ => 0,
        };
        if self.left > in_flight.saturating_add(lost).saturating_add(kept_back) {
            return Ok(());
        }
        match self.resets {
            Some(resets) => Err(Wait::Reset(resets)),
            None if in_flight > 0 => Err(Wait::Answer(None)),
            // Nobody is on the way who could tell more.
            None => Ok(()),
        }
    }

    /// Learns from an answer. It may be older than the one before, even of the window before:
    /// within one window the smaller remainder and the earlier reset are the right ones.
    fn learn(&mut self, told: Self, overlap: u64) {
        self.quota = told.quota.or(self.quota);
        self.length = told.length.or(self.length);
        let same = self.length.map_or(SAME_RESET, |length| length / 2);
        let same = same.max(SAME_RESET);
        let is_after = |one: Option<Instant>, other: Option<Instant>| match (one, other) {
            (Some(one), Some(other)) => one > other + same,
            _ => false,
        };
        if is_after(self.resets, told.resets) {
            return;
        }
        let is_newer =
            is_after(told.resets, self.resets) || told.left > self.left.saturating_add(overlap);
        if is_newer {
            self.left = told.left;
            self.lost_before = told.lost_before;
            self.lost_at_begin = told.lost_at_begin;
            self.resets = told.resets;
        } else {
            self.left = self.left.min(told.left);
            self.resets = match (self.resets, told.resets) {
                (Some(one), Some(other)) => Some(one.min(other)),
                (one, other) => one.or(other),
            };
        }
    }
}
