use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime};

/// Where time comes from. Engines never read the clock themselves, so tests own it.
pub trait Clock: Send + Sync {
    /// The time of day, for showing and storing.
    fn now(&self) -> SystemTime;
    /// Time since this clock began; never goes backwards. For speeds and durations.
    fn elapsed(&self) -> Duration;
}

/// The machine's own clock.
#[derive(Debug)]
pub struct SystemClock(Instant);

impl Default for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that asks the machine"
    )]
    fn default() -> Self {
        Self(Instant::now())
    }
}

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that asks the machine"
    )]
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// A clock that stands still until it is told to move.
#[derive(Debug, Default)]
pub struct ManualClock(Mutex<Duration>);

impl ManualClock {
    /// Moves this clock on by `step`.
    pub fn advance(&self, step: Duration) {
        *self
            .0
            .lock()
            .expect("nothing panics while it holds this lock") += step;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + self.elapsed()
    }

    fn elapsed(&self) -> Duration {
        *self
            .0
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}
