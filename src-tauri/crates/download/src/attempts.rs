use std::time::Duration;

use hubdesk_core::Retry;

use crate::halt::Halt;
use crate::step::Step;
use crate::{Error, Wait};

/// The longest wait a server may ask for before the run ends with an error that says so.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Counts attempts in a row that brought nothing, and waits between them.
pub(crate) struct Attempts<'s, 'a> {
    step: &'s Step<'a>,
    fruitless: u32,
}

impl<'s, 'a> Attempts<'s, 'a> {
    pub(crate) fn new(step: &'s Step<'a>) -> Self {
        Self { step, fruitless: 0 }
    }

    /// Bytes worth the request arrived: the next fault starts the count anew.
    pub(crate) fn succeeded(&mut self) {
        self.fruitless = 0;
    }

    /// Waits before the next attempt, or gives `error` back when there is no point in one.
    pub(crate) async fn pause(&mut self, error: Error) -> Result<(), Halt> {
        let Error::Hub { source, .. } = &error else {
            return Err(error.into());
        };
        let backoff = self.step.parts.tuning.backoff;
        // A server that asks for pauses without end is given up like one that fails without end.
        let Some(scheduled) = backoff.pause(self.fruitless) else {
            return Err(error.into());
        };
        let (pause, wait) = match source.retry() {
            Retry::No => return Err(error.into()),
            Retry::After(after) if after > LONGEST_WAIT => {
                let repo = self.step.request.repo.clone();
                return Err(Error::RateLimited { repo, after }.into());
            }
            Retry::After(pause) => (pause, Wait::Busy { pause }),
            Retry::Soon | Retry::WhenOnline => match source {
                hubdesk_hub::Error::Stalled { host, .. } => {
                    (scheduled, Wait::Stalled { host: host.clone() })
                }
                _ => (
                    scheduled,
                    Wait::Fault {
                        attempt: self.fruitless + 1,
                        pause: scheduled,
                    },
                ),
            },
        };
        self.fruitless += 1;
        tracing::debug!(%error, fruitless = self.fruitless, "trying again");
        self.step.progress.wait(wait);
        self.step.sleep(pause).await
    }
}
