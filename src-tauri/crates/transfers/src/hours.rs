//! Bandwidth by the time of the week.

use std::num::NonZeroU64;

/// Minutes of a day.
const DAY: u16 = 24 * 60;
/// Minutes of a week.
const WEEK: u16 = 7 * DAY;

/// A minute of the local week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct WeekMinute(u16);

impl WeekMinute {
    /// `day` from Monday (0) to Sunday (6); `None` if there is no such minute.
    pub fn new(day: u8, hour: u8, minute: u8) -> Option<Self> {
        let is_one = day < 7 && hour < 24 && minute < 60;
        is_one.then(|| Self(u16::from(day) * DAY + u16::from(hour) * 60 + u16::from(minute)))
    }

    /// Monday is 0.
    fn day(self) -> u16 {
        self.0 / DAY
    }

    fn of_day(self) -> u16 {
        self.0 % DAY
    }
}

/// Bytes per second of both directions; `None` is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rates {
    /// From the Hub.
    pub down: Option<NonZeroU64>,
    /// To the Hub.
    pub up: Option<NonZeroU64>,
}

/// A time of day at which other rates hold, on some days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    /// The days it begins on, Monday first.
    pub days: [bool; 7],
    /// First minute of the day it holds in.
    pub from: u16,
    /// First minute it does not hold in any more. Not after `from`: it lasts until the next day,
    /// so equal times are a whole day.
    pub to: u16,
    /// What holds.
    pub rates: Rates,
}

impl Hours {
    fn holds(&self, now: WeekMinute) -> bool {
        let (today, minute) = (usize::from(now.day()), now.of_day());
        let yesterday = (today + 6) % 7;
        if self.from < self.to {
            return self.days[today] && (self.from..self.to).contains(&minute);
        }
        (self.days[today] && minute >= self.from) || (self.days[yesterday] && minute < self.to)
    }
}

/// Which rates hold at `now`: those of the first hours that hold then, else `otherwise`.
pub fn rates_at(hours: &[Hours], otherwise: Rates, now: WeekMinute) -> Rates {
    let held = hours.iter().find(|hours| hours.holds(now));
    held.map_or(otherwise, |hours| hours.rates)
}

/// Minutes until other rates hold than at `now`; `None` if they never do.
pub fn minutes_until_change(hours: &[Hours], otherwise: Rates, now: WeekMinute) -> Option<u16> {
    let at = |minutes: u16| rates_at(hours, otherwise, WeekMinute((now.0 + minutes) % WEEK));
    (1..WEEK).find(|&minutes| at(minutes) != at(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORKDAYS: [bool; 7] = [true, true, true, true, true, false, false];
    const FRIDAY: [bool; 7] = [false, false, false, false, true, false, false];
    const SUNDAY: [bool; 7] = [false, false, false, false, false, false, true];

    fn down(bytes_per_second: u64) -> Rates {
        Rates {
            down: NonZeroU64::new(bytes_per_second),
            up: None,
        }
    }

    fn hours(days: [bool; 7], from: u16, to: u16, bytes_per_second: u64) -> Hours {
        Hours {
            days,
            from: from * 60,
            to: to * 60,
            rates: down(bytes_per_second),
        }
    }

    fn at(day: u8, hour: u8, minute: u8) -> WeekMinute {
        WeekMinute::new(day, hour, minute).unwrap()
    }

    #[test]
    fn which_rates_hold_when() {
        let hours = [
            hours(FRIDAY, 12, 13, 3),
            hours(WORKDAYS, 9, 17, 1),
            hours(SUNDAY, 22, 6, 2),
        ];
        for (day, hour, minute, expected) in [
            (0, 8, 59, 9),
            (0, 9, 0, 1),
            (0, 16, 59, 1),
            (0, 17, 0, 9),
            (4, 11, 59, 1),
            (4, 12, 0, 3),
            (4, 13, 0, 1),
            (5, 12, 0, 9),
            (6, 21, 59, 9),
            (6, 22, 0, 2),
            // It goes on over midnight, here also over the end of the week.
            (0, 0, 0, 2),
            (0, 5, 59, 2),
            (0, 6, 0, 9),
            (1, 0, 0, 9),
        ] {
            let held = rates_at(&hours, down(9), at(day, hour, minute));
            assert_eq!(held, down(expected), "day {day}, {hour}:{minute:02}");
        }
    }

    #[test]
    fn equal_times_are_a_whole_day() {
        let hours = [hours(FRIDAY, 8, 8, 1)];
        for (day, hour, expected) in [(4, 7, 9), (4, 8, 1), (5, 7, 1), (5, 8, 9)] {
            let held = rates_at(&hours, down(9), at(day, hour, 0));
            assert_eq!(held, down(expected), "day {day}, {hour}:00");
        }
    }

    #[test]
    fn the_next_change_is_known() {
        let work = [hours(WORKDAYS, 9, 17, 1)];
        let until = |day, hour, minute| minutes_until_change(&work, down(9), at(day, hour, minute));
        assert_eq!(until(0, 8, 59), Some(1));
        assert_eq!(until(4, 17, 0), Some(2 * DAY + 16 * 60));
        assert_eq!(minutes_until_change(&[], down(9), at(0, 0, 0)), None);
        assert_eq!(minutes_until_change(&work, down(1), at(0, 0, 0)), None);
    }

    #[test]
    fn there_is_no_such_minute() {
        for (day, hour, minute) in [(7, 0, 0), (0, 24, 0), (0, 0, 60)] {
            assert_eq!(WeekMinute::new(day, hour, minute), None);
        }
    }
}
