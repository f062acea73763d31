//! Sends a request again. File bodies do not come through here.

use std::time::Duration;

use hubdesk_core::{Backoff, Retry};
use tokio::time::Instant;

use crate::Error;
use crate::call::Effect;

/// Without a connection there is no point in the whole schedule while a person waits: two more
/// attempts tell a hiccup from no network.
const OFFLINE_RETRIES: u32 = 2;

/// A change is not worth the whole schedule: somebody waits for its answer.
const CHANGE_RETRIES: u32 = 2;

/// No attempt begins later than this after the first, so that slow failures do not add up; and no
/// request waits longer for the Hub's limit.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Calls `attempt` until it succeeds, fails for good, or the schedule ends; then the last error
/// comes back. A pause the server asks for is kept if it is not longer than [`PATIENCE`]; a longer
/// one comes back at once, with its time, for the caller to decide.
///
/// At most `backoff.retries + 1` attempts, and [`PATIENCE`] plus one attempt of time. A change is
/// sent again only as far as its `effect` allows.
pub(crate) async fn run<T, A>(
    backoff: Backoff,
    effect: Effect,
    attempt: impl Fn() -> A,
) -> Result<T, Error>
where
    A: Future<Output = Result<T, Error>>,
{
    let start = Instant::now();
    let mut retry = 0;
    loop {
        let error = match attempt().await {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        let pause = match is_harmless(effect, retry, &error) {
            true => pause(&backoff, retry, error.retry()),
            false => None,
        };
        match pause {
            Some(pause) if start.elapsed() + pause <= PATIENCE => {
                tracing::debug!(%error, ?pause, "asking again");
                tokio::time::sleep(pause).await;
            }
            _ => return Err(error),
        }
        retry += 1;
    }
}

/// Whether sending the request again can do no harm.
fn is_harmless(effect: Effect, retry: u32, error: &Error) -> bool {
    match effect {
        Effect::Read => true,
        Effect::Repeatable => retry < CHANGE_RETRIES,
        Effect::Once => retry < CHANGE_RETRIES && !error.may_have_happened(),
    }
}

fn pause(backoff: &Backoff, retry: u32, advice: Retry) -> Option<Duration> {
    let scheduled = backoff.pause(retry)?;
    match advice {
        Retry::No => None,
        Retry::Soon => Some(scheduled),
        Retry::After(wanted) => (wanted <= PATIENCE).then(|| wanted.max(scheduled)),
        Retry::WhenOnline => (retry < OFFLINE_RETRIES).then_some(scheduled),
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use url::Url;

    use super::*;
    use crate::{Endpoint, Exchange};

    fn exchange(status: u16) -> Box<Exchange> {
        let url = Url::parse("https://huggingface.co/api").unwrap();
        let exchange = Exchange::new("GET", &url, &Endpoint::default());
        Box::new(Exchange {
            status: Some(status),
            ..exchange
        })
    }

    fn unavailable() -> Error {
        Error::Server {
            after: None,
            exchange: exchange(503),
        }
    }

    /// Attempts made and seconds passed when every attempt fails as `error` says.
    async fn exhaust(error: impl Fn() -> Error) -> (u32, u64) {
        let attempts = Cell::new(0);
        let start = Instant::now();
        let result: Result<(), Error> = run(Backoff::HUB, Effect::Read, async || {
            attempts.set(attempts.get() + 1);
            Err(error())
        })
        .await;
        assert!(result.is_err());
        (attempts.get(), start.elapsed().as_secs())
    }

    #[tokio::test(start_paused = true)]
    async fn a_passing_fault_is_asked_about_on_the_schedule_and_then_given_up() {
        assert_eq!(exhaust(unavailable).await, (6, 23));
    }

    #[tokio::test(start_paused = true)]
    async fn what_will_not_change_is_asked_once() {
        assert_eq!(
            exhaust(|| Error::SignedOut {
                exchange: exchange(401)
            })
            .await,
            (1, 0)
        );
    }

    #[tokio::test(start_paused = true)]
    async fn no_network_is_reported_after_three_seconds() {
        let offline = || Error::Offline {
            exchange: exchange(0),
            source: "unplugged".into(),
        };
        assert_eq!(exhaust(offline).await, (3, 3));
    }

    #[tokio::test(start_paused = true)]
    async fn the_pause_a_server_asks_for_is_kept_up_to_the_longest_one() {
        let limited = |seconds: u64| {
            move || Error::RateLimited {
                after: Duration::from_secs(seconds),
                exchange: exchange(429),
            }
        };
        assert_eq!(exhaust(limited(6)).await, (6, 6 + 6 + 6 + 8 + 8));
        assert_eq!(exhaust(limited(55)).await, (2, 55));
        assert_eq!(exhaust(limited(61)).await, (1, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn slow_failures_do_not_add_up() {
        let attempts = Cell::new(0);
        let start = Instant::now();
        let result: Result<(), Error> = run(Backoff::HUB, Effect::Read, async || {
            attempts.set(attempts.get() + 1);
            tokio::time::sleep(Duration::from_secs(40)).await;
            Err(Error::Timeout {
                exchange: exchange(0),
            })
        })
        .await;
        assert!(result.is_err());
        assert_eq!(attempts.get(), 2);
        assert!(start.elapsed() <= PATIENCE + Duration::from_secs(40));
    }

    #[tokio::test(start_paused = true)]
    async fn a_change_is_sent_again_only_where_that_does_no_harm() {
        let sent = async |effect, error: fn() -> Error| {
            let attempts = Cell::new(0);
            let _: Result<(), Error> = run(Backoff::HUB, effect, async || {
                attempts.set(attempts.get() + 1);
                Err(error())
            })
            .await;
            attempts.get()
        };
        let limited = || Error::RateLimited {
            after: Duration::from_secs(1),
            exchange: exchange(429),
        };
        assert_eq!(sent(Effect::Repeatable, unavailable).await, 3);
        assert_eq!(sent(Effect::Once, unavailable).await, 1);
        assert_eq!(sent(Effect::Once, limited).await, 3);
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_success_is_the_answer() {
        let attempts = Cell::new(0);
        let answer = run(Backoff::HUB, Effect::Read, async || {
            attempts.set(attempts.get() + 1);
            if attempts.get() < 3 {
                Err(unavailable())
            } else {
                Ok("here")
            }
        })
        .await;
        assert_eq!(answer.unwrap(), "here");
    }
}
