//! Changes that must not happen twice.

use std::time::Duration;

use tokio::time::Instant;

use crate::{Error, retry};

/// How often a change is sent anew after a look has shown that it did not happen.
const RETRIES: u32 = 2;
/// Before the look: what the lost answer was about may still be on its way.
const SETTLING: Duration = Duration::from_secs(1);

/// What keeps a change from happening twice when it is sent twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Second {
    /// The Hub: it refuses the second one, or the second one changes nothing.
    Harmless,
    /// Nothing. It is sent again only after the Hub itself said that it failed.
    Happens,
}

/// Sends a change with `send`. If its answer is lost, `look` says what became of it: `Some` if it
/// happened, `None` if it is not to be seen. Then it is sent again as far as `second` allows, and
/// a refusal from then on may be about our own first one, so it is looked again. What nobody can
/// tell is [`Error::Unsure`]; that the branch moved on is an answer.
///
/// No attempt begins later than [`retry::PATIENCE`] after the first.
pub(crate) async fn change<T, S, L>(
    second: Second,
    send: impl Fn() -> S,
    look: impl Fn() -> L,
) -> Result<T, Error>
where
    S: Future<Output = Result<T, Error>>,
    L: Future<Output = Result<Option<T>, Error>>,
{
    let start = Instant::now();
    let mut lost = None;
    let mut retry = 0;
    loop {
        let error = match send().await {
            Err(error) if lost.is_some() || error.may_have_happened() => error,
            result => return result,
        };
        tokio::time::sleep(SETTLING).await;
        let is_refused = !error.may_have_happened();
        let is_last = retry == RETRIES || start.elapsed() > retry::PATIENCE;
        match look().await {
            Ok(Some(done)) => return Ok(done),
            Ok(None) if second == Second::Happens && !is_refused && !surely_failed(&error) => {
                return Err(unsure(error));
            }
            Ok(None) if is_refused || is_last => return Err(error),
            Ok(None) => {
                tracing::debug!(%error, "it is not to be seen, so it is sent again");
                retry += 1;
                lost = Some(error);
            }
            Err(moved @ Error::HeadMoved { .. }) => return Err(moved),
            Err(blind) => {
                tracing::debug!(%blind, "whether it happened cannot be seen");
                return Err(unsure(lost.unwrap_or(error)));
            }
        }
    }
}

/// A gateway that lost patience (502, 504) knows nothing about what becomes of the request.
fn surely_failed(error: &Error) -> bool {
    let status = error.exchange().and_then(|exchange| exchange.status);
    matches!(error, Error::Server { .. }) && matches!(status, Some(500 | 503))
}

fn unsure(lost: Error) -> Error {
    Error::Unsure {
        source: Box::new(lost),
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use url::Url;

    use super::*;
    use crate::{Endpoint, Exchange};

    fn timeout() -> Error {
        let url = Url::parse("https://huggingface.co/api").unwrap();
        Error::Timeout {
            exchange: Box::new(Exchange::new("POST", &url, &Endpoint::default())),
        }
    }

    fn refused() -> Error {
        let Error::Timeout { exchange } = timeout() else {
            unreachable!()
        };
        Error::BadRequest { exchange }
    }

    /// What came of it, and how often it was sent.
    async fn run(
        outcomes: &[Option<Error>],
        look: impl Fn() -> Result<Option<&'static str>, Error>,
    ) -> (Result<&'static str, Error>, usize) {
        let sent = Cell::new(0);
        let result = change(
            Second::Harmless,
            async || {
                let error = outcomes.get(sent.get()).is_some_and(Option::is_some);
                sent.set(sent.get() + 1);
                if error {
                    Err(timeout())
                } else {
                    Ok("answered")
                }
            },
            async || look(),
        )
        .await;
        (result, sent.get())
    }

    #[tokio::test(start_paused = true)]
    async fn what_happened_although_the_answer_was_lost_is_not_sent_again() {
        let (result, sent) = run(&[Some(timeout())], || Ok(Some("seen"))).await;
        assert_eq!((result.unwrap(), sent), ("seen", 1));
    }

    #[tokio::test(start_paused = true)]
    async fn what_did_not_happen_is_sent_again_within_bounds() {
        let (result, sent) = run(&[Some(timeout())], || Ok(None)).await;
        assert_eq!((result.unwrap(), sent), ("answered", 2));
        let lost = [Some(timeout()), Some(timeout()), Some(timeout())];
        let (result, sent) = run(&lost, || Ok(None)).await;
        assert!(matches!(result, Err(Error::Timeout { .. })));
        assert_eq!(sent, 3);
    }

    #[tokio::test(start_paused = true)]
    async fn what_cannot_be_seen_is_said_to_be_open() {
        let (result, sent) = run(&[Some(timeout())], || Err(timeout())).await;
        assert!(matches!(result, Err(Error::Unsure { .. })));
        assert_eq!(sent, 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_is_an_answer() {
        let result: Result<(), Error> = change(
            Second::Harmless,
            async || Err(refused()),
            async || unreachable!(),
        )
        .await;
        assert!(matches!(result, Err(Error::BadRequest { .. })));
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_of_the_second_may_be_about_the_first() {
        let run = async |seen: bool| {
            let (sent, looks) = (Cell::new(0), Cell::new(0));
            let send = async || {
                sent.set(sent.get() + 1);
                Err(if sent.get() == 1 {
                    timeout()
                } else {
                    refused()
                })
            };
            let look = async || {
                looks.set(looks.get() + 1);
                Ok((seen && looks.get() == 2).then_some("seen"))
            };
            let result = change(Second::Harmless, send, look).await;
            (result, sent.get(), looks.get())
        };
        let (result, sent, looks) = run(true).await;
        assert_eq!((result.unwrap(), sent, looks), ("seen", 2, 2));
        let (result, ..) = run(false).await;
        assert!(matches!(result, Err(Error::BadRequest { .. })));
    }

    #[tokio::test(start_paused = true)]
    async fn what_would_happen_twice_is_sent_again_only_if_the_hub_says_that_it_failed() {
        let server = |status| {
            let Error::Timeout { mut exchange } = timeout() else {
                unreachable!()
            };
            exchange.status = Some(status);
            Error::Server {
                after: None,
                exchange,
            }
        };
        let run = async |fault: &dyn Fn() -> Error| {
            let sent = Cell::new(0);
            let send = async || {
                sent.set(sent.get() + 1);
                if sent.get() == 1 {
                    Err(fault())
                } else {
                    Ok(())
                }
            };
            let result = change(Second::Happens, send, async || Ok(None)).await;
            (result, sent.get())
        };
        for status in [500, 503] {
            let (result, sent) = run(&|| server(status)).await;
            assert_eq!((result.is_ok(), sent), (true, 2), "{status}");
        }
        let faults: [&dyn Fn() -> Error; 3] = [&timeout, &|| server(502), &|| server(504)];
        for fault in faults {
            let (result, sent) = run(fault).await;
            assert!(matches!(result, Err(Error::Unsure { .. })), "{result:?}");
            assert_eq!(sent, 1);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn that_the_branch_moved_on_is_said_as_it_is() {
        let moved = || {
            let Error::Timeout { exchange } = timeout() else {
                unreachable!()
            };
            Error::HeadMoved { exchange }
        };
        let (result, _) = run(&[Some(timeout())], || Err(moved())).await;
        assert!(matches!(result, Err(Error::HeadMoved { .. })));
    }

    #[tokio::test(start_paused = true)]
    async fn slow_failures_do_not_add_up() {
        let sent = Cell::new(0);
        let slow = async || {
            sent.set(sent.get() + 1);
            tokio::time::sleep(Duration::from_secs(40)).await;
            Err(timeout())
        };
        let result: Result<(), Error> = change(Second::Harmless, slow, async || Ok(None)).await;
        assert!(result.is_err());
        assert_eq!(sent.get(), 2);
    }
}
