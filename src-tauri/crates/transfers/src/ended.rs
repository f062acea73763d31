//! What becomes of a transfer when something has happened to it, as pure functions of that and the
//! time.

use std::time::{Duration, SystemTime};

use hubdesk_core::Backoff;

use crate::{Event, Outcome, Reason, State, Stop, Then, Transfer, Until, next};

/// Nobody waits longer than this, whatever a server says or the clock was set to.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);
/// Nobody is tried again sooner than this.
const SHORTEST_WAIT: Duration = Duration::from_secs(1);
/// Runs that bring nothing: after 5 s, 10 s, … 10 min, in all about an hour, the queue gives up.
const TRY_AGAIN: Backoff = Backoff {
    retries: 12,
    first: Duration::from_secs(5),
    longest: Duration::from_secs(600),
};

/// A run that has ended, and what matters about it.
pub(crate) struct Ended {
    /// How it has ended.
    pub(crate) end: Result<Outcome, Stop>,
    /// Whether it has moved anything.
    pub(crate) has_moved: bool,
    /// Whether its account has signed in since it began.
    pub(crate) has_signed_in: bool,
    /// Whether the program ends.
    pub(crate) is_closing: bool,
}

/// What becomes of `transfer`.
pub(crate) fn after(transfer: Transfer, ended: Ended, now: SystemTime) -> Transfer {
    let mut after = transfer;
    let event = match ended.end {
        Ok(Outcome::Done { .. }) => {
            after.attempts = 0;
            Event::Finished
        }
        // It was stopped, and says nothing about what is wanted of its transfer by now.
        _ if after.state != State::Running => return after,
        // At the end of the program nobody has asked for it: it goes on the next time.
        Ok(_) if ended.is_closing => return after,
        Ok(Outcome::Paused) => Event::Pause,
        Ok(Outcome::Cancelled) => Event::Cancel,
        Err(stop) => {
            after.error = Some(stop.code.clone());
            after.room = stop.room;
            match stop.then {
                // It was refused for its old token.
                Then::Blocked(Reason::SignedOut) if ended.has_signed_in => Event::Yield,
                Then::Blocked(reason) => Event::Block(reason),
                Then::WhenOnline => Event::Wait(Until::Online),
                Then::After(pause) => Event::Wait(later(now, pause)),
                Then::Failed => Event::Fail(stop.code),
                Then::Soon => {
                    let tried = if ended.has_moved { 0 } else { after.attempts };
                    after.attempts = tried.saturating_add(1);
                    match TRY_AGAIN.pause(tried) {
                        Some(pause) => Event::Wait(later(now, pause)),
                        None => Event::Fail(stop.code),
                    }
                }
            }
        }
    };
    match next(&after.state, event) {
        Ok(state) => stands(after, state, now),
        Err(_) => after,
    }
}

/// `transfer` in another state since `now`. What went wrong is kept while it is why.
pub(crate) fn stands(transfer: Transfer, state: State, now: SystemTime) -> Transfer {
    let is_why = matches!(
        state,
        State::Waiting(_) | State::Blocked(_) | State::Failed(_)
    );
    Transfer {
        room: transfer
            .room
            .filter(|_| state == State::Blocked(Reason::NoSpace)),
        error: transfer.error.filter(|_| is_why),
        changed_at: now,
        state,
        ..transfer
    }
}

/// Whether its time has come. One that is further away than anybody waits is of a clock that was
/// set.
pub(crate) fn is_due(state: &State, now: SystemTime) -> bool {
    match state {
        State::Waiting(Until::Later(time)) => *time <= now || *time > now + LONGEST_WAIT,
        _ => false,
    }
}

fn later(now: SystemTime, pause: Duration) -> Until {
    Until::Later(now + pause.clamp(SHORTEST_WAIT, LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_was_set_back_keeps_nobody_waiting_for_years() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        let at = |seconds: u64| State::Waiting(Until::Later(now + Duration::from_secs(seconds)));
        assert!(is_due(&at(0), now));
        assert!(!is_due(&at(1), now));
        assert!(!is_due(&at(24 * 60 * 60), now));
        assert!(is_due(&at(24 * 60 * 60 + 1), now));
        assert!(!is_due(&State::Waiting(Until::Online), now));
    }
}
