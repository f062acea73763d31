//! How fast bytes move, as a person wants to read it: steady, and honest about not knowing.

use std::collections::VecDeque;
use std::time::Duration;

/// Over how much time the speed is taken.
const WINDOW: Duration = Duration::from_secs(5);

/// The speed of the last seconds.
#[derive(Debug, Default)]
pub(crate) struct Speed {
    /// Time and total at each look, oldest first. The oldest may lie just outside the window.
    looks: VecDeque<(Duration, u64)>,
}

impl Speed {
    /// Notes that `total` bytes had moved at `now`.
    pub(crate) fn note(&mut self, now: Duration, total: u64) {
        self.looks.push_back((now, total));
        while self.looks.len() > 2 && now.saturating_sub(self.looks[1].0) >= WINDOW {
            self.looks.pop_front();
        }
    }

    /// Bytes per second; 0 while there is nothing to tell it from.
    pub(crate) fn bytes_per_second(&self) -> u64 {
        let (Some((from, before)), Some((to, after))) = (self.looks.front(), self.looks.back())
        else {
            return 0;
        };
        match to.checked_sub(*from) {
            Some(time) if !time.is_zero() => {
                (after.saturating_sub(*before) as f64 / time.as_secs_f64()) as u64
            }
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_speed_is_that_of_the_last_seconds() {
        let mut speed = Speed::default();
        assert_eq!(speed.bytes_per_second(), 0);
        for second in 0..10 {
            speed.note(Duration::from_secs(second), second * 100);
        }
        assert_eq!(speed.bytes_per_second(), 100);
        for second in 10..16 {
            speed.note(Duration::from_secs(second), 900);
        }
        assert_eq!(speed.bytes_per_second(), 0, "nothing moves any more");
        assert!(speed.looks.len() < 10, "what is older is forgotten");
    }
}
