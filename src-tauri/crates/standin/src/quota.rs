//! How much each account may ask: counted in fixed windows, and written on every answer.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use crate::answer::{Answer, name};
use crate::ask::Caller;
use crate::error::Refusal;

/// The public Hub's window.
const WINDOW: Duration = Duration::from_secs(300);

/// What is allowed, and what was used of it.
#[derive(Default)]
pub(crate) struct Quotas {
    /// Classes that are really limited; the others only say so.
    limited: HashMap<&'static str, (u64, Duration)>,
    used: Mutex<HashMap<(String, &'static str), Used>>,
}

/// Requests counted in the window of this number.
#[derive(Clone, Copy, Default)]
struct Used {
    window: u128,
    requests: u64,
}

impl Quotas {
    /// Limits `class` to `quota` requests in every `window`, for each account by itself.
    ///
    /// # Panics
    /// If the window has no length.
    pub(crate) fn limit(&mut self, class: &'static str, quota: u64, window: Duration) {
        assert!(!window.is_zero(), "a window has a length");
        self.limited.insert(class, (quota, window));
    }

    /// Counts a request of `caller` at the time `now`. `Err` is the refusal if it is one too many.
    pub(crate) fn take(
        &self,
        class: &'static str,
        caller: &Caller,
        now: Duration,
    ) -> Result<(), Refusal> {
        let Some(&(quota, window)) = self.limited.get(class) else {
            return Ok(());
        };
        let number = now.as_nanos() / window.as_nanos();
        let mut all = self
            .used
            .lock()
            .expect("nothing panics while it holds this lock");
        let used = all.entry((who(caller), class)).or_default();
        if used.window != number {
            *used = Used {
                window: number,
                requests: 0,
            };
        }
        if used.requests == quota {
            return Err(Refusal::TooMany {
                retry_after: None,
                reset: Some(seconds_left(now, window)),
                class,
            });
        }
        used.requests += 1;
        Ok(())
    }

    /// Writes on an answer what is allowed and what remains. The quotas that are not limited here
    /// are the public Hub's, and of those nothing is ever used up.
    pub(crate) fn say(
        &self,
        answer: Answer,
        class: &'static str,
        caller: &Caller,
        now: Duration,
    ) -> Answer {
        let limited = self.limited.get(class).copied();
        let (quota, window) = limited.unwrap_or_else(|| (usual(class, caller), WINDOW));
        let seconds = window.as_secs().max(1);
        let answer = answer.with(
            name::RATE_LIMIT_POLICY,
            format!("\"fixed window\";\"{class}\";q={quota};w={seconds}"),
        );
        if answer.headers.contains_key(name::RATE_LIMIT) {
            return answer;
        }
        let (left, reset) = match limited {
            Some(_) => (
                quota.saturating_sub(self.used(class, caller)),
                seconds_left(now, window),
            ),
            None => (quota, seconds),
        };
        answer.with(name::RATE_LIMIT, format!("\"{class}\";r={left};t={reset}"))
    }

    fn used(&self, class: &'static str, caller: &Caller) -> u64 {
        let used = self
            .used
            .lock()
            .expect("nothing panics while it holds this lock");
        used.get(&(who(caller), class))
            .map_or(0, |used| used.requests)
    }
}

/// All that come without a token that counts come from one address.
fn who(caller: &Caller) -> String {
    match caller {
        Caller::User(name) => format!("user {name}"),
        Caller::Stranger | Caller::Anonymous => "address".to_owned(),
    }
}

/// To the end of the window, rounded down as the Hub does (unverified).
fn seconds_left(now: Duration, window: Duration) -> u64 {
    let passed = now.as_nanos() % window.as_nanos();
    let left = window.as_nanos() - passed;
    u64::try_from(left / 1_000_000_000).unwrap_or(u64::MAX)
}

fn usual(class: &str, caller: &Caller) -> u64 {
    match (class, caller) {
        ("resolvers", Caller::User(_)) => 5000,
        ("resolvers", _) => 3000,
        ("api", Caller::User(_)) => 1000,
        ("api", _) => 500,
        (_, Caller::User(_)) => 200,
        _ => 100,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_ends_by_itself_and_everybody_has_their_own() {
        let mut quotas = Quotas::default();
        quotas.limit("api", 2, Duration::from_secs(10));
        let mira = Caller::User("mira".to_owned());
        let take =
            |caller: &Caller, at: u64| quotas.take("api", caller, Duration::from_secs(at)).is_ok();
        assert!(take(&mira, 21) && take(&mira, 29));
        assert!(!take(&mira, 29));
        assert!(take(&Caller::Anonymous, 29));
        assert!(take(&mira, 30));
        let other = quotas.take("pages", &mira, Duration::ZERO);
        assert!(other.is_ok(), "another class is not limited");
    }
}
