use std::borrow::Cow;
use std::fmt;
use std::time::SystemTime;

/// How a transfer stands, as it is stored.
///
/// It is what a person or the outcome of a run wants of it. Whether something of it is at work just
/// now is another matter: a run that was stopped takes a moment to end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Its turn has not come.
    Queued,
    /// It has a place among those at work.
    Running,
    /// A person stopped it for a while.
    Paused,
    /// It goes on by itself.
    Waiting(Until),
    /// It goes on when a person has done something, or when the queue sees that somebody has.
    Blocked(Reason),
    /// Everything asked for was done.
    Done,
    /// It cannot be done, and nothing is known that would change it.
    Failed(Code),
    /// A person stopped it for good.
    Cancelled,
}

/// What a waiting transfer waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// This time.
    Later(SystemTime),
    /// A way to the Hub.
    Online,
}

/// What a person must do for a blocked transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Ask the repository's owner for access.
    Gated,
    /// Sign in again.
    SignedOut,
    /// Make room.
    NoSpace,
    /// Decide what becomes of something that is in the way.
    Conflict,
    /// Make the destination writable, or choose another.
    ReadOnly,
    /// Connect the disk again.
    VolumeGone,
    /// Say whether something may be published that looks like a secret.
    Secret,
}

/// A short word for what went wrong, such as `corrupt`. The worker chooses it, the application has
/// the words for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code(Cow<'static, str>);

/// What happens to a transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// It is given a place among those at work.
    Start,
    /// It has to give its place up: fewer may be at work than before.
    Yield,
    /// A person stops it for a while.
    Pause,
    /// A person lets it go on.
    Resume,
    /// A person stops it for good.
    Cancel,
    /// A person wants it tried again now.
    Retry,
    /// A person wants it done elsewhere, and tried there now.
    Redirect,
    /// Its run has done everything.
    Finished,
    /// Its run has found that it has to wait.
    Wait(Until),
    /// Its run has found that a person is needed.
    Block(Reason),
    /// Its run has found that it cannot be done.
    Fail(Code),
    /// The time it waited for has come.
    Due,
    /// There is a way to the Hub again.
    Online,
    /// Its account has signed in again.
    SignedIn,
    /// Access has been granted.
    Granted,
    /// A look at its destination has found that nothing is in the way any more.
    Cleared,
    /// The program starts, and nothing is at work.
    Restarted,
}

/// An event that cannot happen to a transfer that stands so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a transfer that is {state} cannot {event}")]
pub struct Illegal {
    /// How it stands.
    pub state: &'static str,
    /// What was to happen, as a verb.
    pub event: &'static str,
}

/// What becomes of a transfer. The only place that changes a state.
///
/// A run that was stopped may have done everything before it noticed; then what is done is done,
/// whatever was asked of it meanwhile. Everything else such a run says is of no interest any more.
pub fn next(state: &State, event: Event) -> Result<State, Illegal> {
    use State as S;
    let illegal = || Illegal {
        state: state.name(),
        event: event.name(),
    };
    let next = match (state, &event) {
        (S::Queued, Event::Start) => S::Running,
        (S::Running, Event::Yield) => S::Queued,

        (S::Queued | S::Running | S::Waiting(_) | S::Blocked(_), Event::Pause) => S::Paused,
        (S::Paused, Event::Resume) => S::Queued,
        (_, Event::Cancel) if !state.has_ended() => S::Cancelled,
        (S::Waiting(_) | S::Blocked(_) | S::Failed(_) | S::Cancelled, Event::Retry) => S::Queued,

        // Nothing of it is at work in these states: what still ended would say that it is done.
        (S::Waiting(_) | S::Blocked(_) | S::Failed(_), Event::Redirect) => S::Queued,

        (S::Queued | S::Running | S::Paused | S::Cancelled, Event::Finished) => S::Done,
        (S::Running, Event::Wait(until)) => S::Waiting(*until),
        (S::Running, Event::Block(reason)) => S::Blocked(*reason),
        (S::Running, Event::Fail(code)) => S::Failed(code.clone()),

        (S::Waiting(Until::Later(_)), Event::Due) => S::Queued,
        (S::Waiting(Until::Online), Event::Online) => S::Queued,
        (S::Blocked(Reason::SignedOut), Event::SignedIn) => S::Queued,
        (S::Blocked(Reason::Gated), Event::Granted) => S::Queued,
        (S::Blocked(reason), Event::Cleared) if reason.can_be_seen() => S::Queued,

        (S::Running, Event::Restarted) => S::Queued,
        (_, Event::Restarted) => state.clone(),
        _ => return Err(illegal()),
    };
    Ok(next)
}

impl State {
    /// Whether it is history: nothing happens to it any more unless a person wants it.
    pub fn has_ended(&self) -> bool {
        matches!(self, Self::Done | Self::Failed(_) | Self::Cancelled)
    }

    /// The state in one word.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Waiting(_) => "waiting",
            Self::Blocked(_) => "blocked",
            Self::Done => "done",
            Self::Failed(_) => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 7] = [
        Self::Gated,
        Self::SignedOut,
        Self::NoSpace,
        Self::Conflict,
        Self::ReadOnly,
        Self::VolumeGone,
        Self::Secret,
    ];

    /// Whether a look at the disk shows that it is gone. The others are the Hub's or a person's.
    pub fn can_be_seen(self) -> bool {
        matches!(self, Self::NoSpace | Self::ReadOnly | Self::VolumeGone)
    }

    /// The reason in one word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gated => "gated",
            Self::SignedOut => "signed-out",
            Self::NoSpace => "no-space",
            Self::Conflict => "conflict",
            Self::ReadOnly => "read-only",
            Self::VolumeGone => "volume-gone",
            Self::Secret => "secret",
        }
    }
}

impl Event {
    fn name(&self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Yield => "yield",
            Self::Pause => "be paused",
            Self::Resume => "be resumed",
            Self::Cancel => "be cancelled",
            Self::Retry => "be tried again",
            Self::Redirect => "be done elsewhere",
            Self::Finished => "finish",
            Self::Wait(_) => "wait",
            Self::Block(_) => "be blocked",
            Self::Fail(_) => "fail",
            Self::Due => "be due",
            Self::Online => "come online",
            Self::SignedIn => "be signed in",
            Self::Granted => "be granted access",
            Self::Cleared => "be cleared",
            Self::Restarted => "start anew",
        }
    }
}

impl Code {
    /// The run ended in a way that it must not: a fault of the program.
    pub const INTERNAL: Self = Self(Cow::Borrowed("internal"));

    /// A code.
    pub const fn new(code: &'static str) -> Self {
        Self(Cow::Borrowed(code))
    }

    /// One that was stored.
    pub(crate) fn stored(code: String) -> Self {
        Self(Cow::Owned(code))
    }

    /// The word.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const THEN: SystemTime = SystemTime::UNIX_EPOCH;
    const STATES: [(&str, State); 12] = [
        ("Q", State::Queued),
        ("R", State::Running),
        ("P", State::Paused),
        ("Wl", State::Waiting(Until::Later(THEN))),
        ("Wo", State::Waiting(Until::Online)),
        ("Bs", State::Blocked(Reason::SignedOut)),
        ("Bg", State::Blocked(Reason::Gated)),
        ("Bn", State::Blocked(Reason::NoSpace)),
        ("Bc", State::Blocked(Reason::Conflict)),
        ("D", State::Done),
        ("F", State::Failed(Code::new("f"))),
        ("C", State::Cancelled),
    ];

    /// What becomes of each state, in the order of `STATES`; `-` is illegal.
    fn table() -> Vec<(Event, &'static str)> {
        vec![
            //                                  Q  R  P  Wl Wo Bs Bg Bn Bc D  F  C
            (
                Event::Start,
                "                    R  -  -  -  -  -  -  -  -  -  -  -",
            ),
            (
                Event::Yield,
                "                    -  Q  -  -  -  -  -  -  -  -  -  -",
            ),
            (
                Event::Pause,
                "                    P  P  -  P  P  P  P  P  P  -  -  -",
            ),
            (
                Event::Resume,
                "                   -  -  Q  -  -  -  -  -  -  -  -  -",
            ),
            (
                Event::Cancel,
                "                   C  C  C  C  C  C  C  C  C  -  -  -",
            ),
            (
                Event::Retry,
                "                    -  -  -  Q  Q  Q  Q  Q  Q  -  Q  Q",
            ),
            (
                Event::Redirect,
                "                 -  -  -  Q  Q  Q  Q  Q  Q  -  Q  -",
            ),
            (
                Event::Finished,
                "                 D  D  D  -  -  -  -  -  -  -  -  D",
            ),
            (
                Event::Wait(Until::Later(THEN)),
                " -  Wl -  -  -  -  -  -  -  -  -  -",
            ),
            (
                Event::Wait(Until::Online),
                "      -  Wo -  -  -  -  -  -  -  -  -  -",
            ),
            (
                Event::Block(Reason::SignedOut),
                " -  Bs -  -  -  -  -  -  -  -  -  -",
            ),
            (
                Event::Block(Reason::Gated),
                "     -  Bg -  -  -  -  -  -  -  -  -  -",
            ),
            (
                Event::Block(Reason::NoSpace),
                "   -  Bn -  -  -  -  -  -  -  -  -  -",
            ),
            (
                Event::Block(Reason::Conflict),
                "  -  Bc -  -  -  -  -  -  -  -  -  -",
            ),
            (
                Event::Fail(Code::new("f")),
                "     -  F  -  -  -  -  -  -  -  -  -  -",
            ),
            (
                Event::Due,
                "                      -  -  -  Q  -  -  -  -  -  -  -  -",
            ),
            (
                Event::Online,
                "                   -  -  -  -  Q  -  -  -  -  -  -  -",
            ),
            (
                Event::SignedIn,
                "                 -  -  -  -  -  Q  -  -  -  -  -  -",
            ),
            (
                Event::Granted,
                "                  -  -  -  -  -  -  Q  -  -  -  -  -",
            ),
            (
                Event::Cleared,
                "                  -  -  -  -  -  -  -  Q  -  -  -  -",
            ),
            (
                Event::Restarted,
                "                Q  Q  P  Wl Wo Bs Bg Bn Bc D  F  C",
            ),
        ]
    }

    #[test]
    fn every_state_and_every_event() {
        for (event, row) in table() {
            let expected: Vec<&str> = row.split_whitespace().collect();
            assert_eq!(expected.len(), STATES.len(), "{event:?}");
            for ((_, state), expected) in STATES.iter().zip(expected) {
                let got = match next(state, event.clone()) {
                    Ok(next) => STATES
                        .iter()
                        .find(|(_, state)| *state == next)
                        .map_or("?", |(name, _)| name),
                    Err(_) => "-",
                };
                assert_eq!(got, expected, "{state:?} and {event:?}");
            }
        }
    }

    #[test]
    fn only_what_a_look_at_the_disk_can_show_is_cleared_by_one() {
        for reason in Reason::ALL {
            let cleared = next(&State::Blocked(reason), Event::Cleared);
            let is_on_disk = ["no-space", "read-only", "volume-gone"].contains(&reason.name());
            assert_eq!(cleared.is_ok(), is_on_disk, "{reason:?}");
        }
    }

    #[test]
    fn a_run_that_has_to_wait_waits_for_the_time_it_named() {
        let then = THEN + Duration::from_secs(7);
        let waits = next(&State::Running, Event::Wait(Until::Later(then)));
        assert_eq!(waits, Ok(State::Waiting(Until::Later(then))));
    }

    #[test]
    fn what_cannot_happen_is_said_in_words() {
        let error = next(&State::Done, Event::Pause).unwrap_err();
        assert_eq!(
            error.to_string(),
            "a transfer that is done cannot be paused"
        );
    }
}
