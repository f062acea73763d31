//! How fast bytes come, as a person wants to read it: steady, and honest about not knowing.

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
    /// Notes that `total` bytes had come at `now`.
    pub(crate) fn note(&mut self, now: Duration, total: u64) {
        self.looks.push_back((now, total));
        while self.looks.len() > 2 && now.saturating_sub(self.looks[1].0) >= WINDOW {
            self.looks.pop_front();
        }
    }

    /// Bytes per second; 0 while there is nothing to tell it from.
    pub(crate) fn bytes_per_second(&self) -> u64 {
        match (self.looks.front(), self.looks.back()) {
            (Some((from, before)), Some((to, after))) if to > from => {
                (after.saturating_sub(*before) as f64 / (*to - *from).as_secs_f64()) as u64
            }
            _ => 0,
        }
    }
}

/// Seconds to go for `bytes` at `bytes_per_second`; `None` when nothing moves.
pub(crate) fn seconds_left(bytes: u64, bytes_per_second: u64) -> Option<u64> {
    (bytes_per_second > 0).then(|| bytes.div_ceil(bytes_per_second))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_speed_is_that_of_the_last_seconds() {
        let mut speed = Speed::default();
        assert_eq!(speed.bytes_per_second(), 0);
        let mut total = 0;
        for second in 0..10 {
            speed.note(Duration::from_secs(second), total);
            total += 100;
        }
        assert_eq!(speed.bytes_per_second(), 100);
        for second in 10..16 {
            speed.note(Duration::from_secs(second), total);
        }
        assert_eq!(
            speed.bytes_per_second(),
            0,
            "nothing has come for longer than the window"
        );
    }

    #[test]
    fn looks_in_the_wrong_order_do_no_harm() {
        let mut speed = Speed::default();
        for second in [3, 2, 1, 0] {
            speed.note(Duration::from_secs(second), 100);
        }
        assert_eq!(speed.bytes_per_second(), 0);
    }

    #[test]
    fn there_is_no_telling_how_long_nothing_takes() {
        assert_eq!(seconds_left(10, 0), None);
        assert_eq!(seconds_left(10, 3), Some(4));
    }
}
