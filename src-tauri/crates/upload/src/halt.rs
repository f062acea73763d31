use crate::{Error, Outcome, Uploaded};

/// Why a step ended early: a person stopped it, or it failed. Being stopped is never an error.
#[derive(Debug)]
pub(crate) enum Halt {
    Cancelled,
    Failed(Box<Error>),
}

impl Halt {
    /// How a run ended, for who started it.
    pub(crate) fn outcome(end: Result<Uploaded, Self>) -> Result<Outcome, Error> {
        match end {
            Ok(uploaded) => Ok(Outcome::Done(uploaded)),
            Err(Self::Cancelled) => Ok(Outcome::Cancelled),
            Err(Self::Failed(error)) => Err(*error),
        }
    }
}

impl From<Error> for Halt {
    fn from(error: Error) -> Self {
        Self::Failed(Box::new(error))
    }
}

/// Runs `work` on a blocking thread, which looks for itself whether it is to stop. A panic in it
/// goes on in whoever waits.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(error) => panic!("tasks of an upload are never aborted: {error}"),
        })
}
