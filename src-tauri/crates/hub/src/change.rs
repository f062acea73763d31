//! Changes that must not happen twice.

use std::time::Duration;

use crate::Error;

/// How often a change is sent anew after a look has shown that it did not happen.
const RETRIES: u32 = 2;
/// Before the look: what the lost answer was about may still be on its way.
const SETTLING: Duration = Duration::from_secs(1);

/// Sends a change with `send`. If its answer is lost, `look` says what became of it: `Some` if it
/// happened, `None` if it did not, and then it is sent again. A look that fails leaves it open:
/// [`Error::Unsure`].
pub(crate) async fn change<T, S, L>(send: impl Fn() -> S, look: impl Fn() -> L) -> Result<T, Error>
where
    S: Future<Output = Result<T, Error>>,
    L: Future<Output = Result<Option<T>, Error>>,
{
    let mut retry = 0;
    loop {
        let lost = match send().await {
            Err(error) if error.may_have_happened() => error,
            result => return result,
        };
        tokio::time::sleep(SETTLING).await;
        match look().await {
            Ok(Some(done)) => return Ok(done),
            Ok(None) if retry < RETRIES => {
                tracing::debug!(error = %lost, "it did not happen, so it is sent again");
                retry += 1;
            }
            Ok(None) => return Err(lost),
            Err(error) => {
                tracing::debug!(%error, "whether it happened cannot be seen");
                return Err(Error::Unsure {
                    source: Box::new(lost),
                });
            }
        }
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
        let result: Result<(), Error> =
            change(async || Err(refused()), async || unreachable!()).await;
        assert!(matches!(result, Err(Error::BadRequest { .. })));
    }
}
