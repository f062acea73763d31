use std::time::Duration;

/// What an error says about trying again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// It will be the same next time: a person must change something.
    No,
    /// A passing fault: again after a short pause.
    Soon,
    /// The server said when.
    After(Duration),
    /// When there is a network again.
    WhenOnline,
}

/// How long to wait before each further attempt, and when to give up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// Attempts after the first.
    pub retries: u32,
    /// The first pause; each following one is twice as long.
    pub first: Duration,
    /// The longest pause, and the longest wait a server may ask for.
    pub longest: Duration,
}

impl Backoff {
    /// The official client's schedule: 1, 2, 4, 8, 8 s, about 23 s in all
    /// (`huggingface_hub.utils._http.http_backoff`).
    pub const HUB: Self = Self {
        retries: 5,
        first: Duration::from_secs(1),
        longest: Duration::from_secs(8),
    };

    /// The pause before retry number `retry` (from 0), or `None` when it is time to give up.
    pub fn pause(&self, retry: u32) -> Option<Duration> {
        (retry < self.retries).then(|| {
            self.first
                .saturating_mul(1 << retry.min(16))
                .min(self.longest)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schedule_of_the_official_client_and_its_bound() {
        let pauses: Vec<u64> = (0..7)
            .map_while(|n| Backoff::HUB.pause(n))
            .map(|d| d.as_secs())
            .collect();
        assert_eq!(pauses, [1, 2, 4, 8, 8]);
        assert_eq!(pauses.iter().sum::<u64>(), 23);
    }
}
