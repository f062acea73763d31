use crate::Error;

/// Why a step ended early: a person stopped it, or it failed. Being stopped is never an error.
#[derive(Debug)]
pub(crate) enum Halt {
    Cancelled,
    Failed(Box<Error>),
}

impl From<Error> for Halt {
    fn from(error: Error) -> Self {
        match error {
            // Only who stops the run says so.
            Error::Cache {
                source: hubdesk_cache::Error::Stopped,
                ..
            } => Self::Cancelled,
            error => Self::Failed(Box::new(error)),
        }
    }
}

/// What several steps ended with, as one: a failure says more than the stop it caused.
pub(crate) fn first_cause(sum: Result<(), Halt>, end: Result<(), Halt>) -> Result<(), Halt> {
    match (sum, end) {
        (Ok(()), end) => end,
        (Err(Halt::Cancelled), Err(end)) => Err(end),
        (sum, _) => sum,
    }
}

/// Runs `work` on a blocking thread. The work cannot be cancelled, so it is kept short. A panic in
/// it goes on in whoever waits.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(error) => panic!("tasks of a download are never aborted: {error}"),
        })
}

#[cfg(test)]
mod tests {
    use hubdesk_core::{RepoId, RepoKind};

    use super::*;

    #[test]
    fn a_failure_is_told_rather_than_the_stop_it_caused() {
        let failed = || {
            let repo = RepoId::new(RepoKind::Model, "a/b").unwrap();
            Err(Error::Changed {
                repo,
                path: "x".to_owned(),
            }
            .into())
        };
        let cancelled = || Err(Halt::Cancelled);
        for ends in [[cancelled(), failed()], [failed(), cancelled()]] {
            let told = ends.into_iter().fold(Ok(()), first_cause);
            assert!(matches!(told, Err(Halt::Failed(_))));
        }
    }
}
