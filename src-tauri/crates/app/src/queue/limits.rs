//! How much the queue may take: what a person has set, by the clock on the wall.

use std::num::{NonZeroU32, NonZeroU64};

use hubdesk_transfers::{Hours, Lane, Limits, Rates, WeekMinute, rates_at};

use crate::api::{ApiError, LimitWindow, TransferSettings};

/// Transfers at work at once, at most.
const MOST_AT_ONCE: u32 = 8;
/// Times with limits of their own, at most.
const MOST_HOURS: usize = 14;
/// The smallest limit: below that nothing would seem to move.
const LEAST_RATE: u64 = 1024;
/// Memory of the chunk store's client, in MiB.
const XET_MEMORY_MIB: std::ops::RangeInclusive<u32> = 4..=256;

/// What holds at `now`. What the file of the settings says and nobody could have set is brought
/// into its bounds.
pub(crate) fn limits(settings: &TransferSettings, now: WeekMinute) -> Limits {
    let at_once = settings.at_once.clamp(1, MOST_AT_ONCE);
    let rates = Rates {
        down: rate(settings.download_limit),
        up: rate(settings.upload_limit),
    };
    let hours: Vec<Hours> = settings
        .schedule
        .iter()
        .take(MOST_HOURS)
        .filter_map(|window| hours(window).ok())
        .collect();
    let rates = rates_at(&hours, rates, now);
    let lane = |bytes_per_second| Lane {
        at_once,
        bytes_per_second,
    };
    Limits {
        at_once: NonZeroU32::new(at_once).unwrap_or(NonZeroU32::MIN),
        down: lane(rates.down),
        up: lane(rates.up),
    }
}

/// Refuses what cannot be meant.
pub(crate) fn checked(settings: &TransferSettings) -> Result<(), ApiError> {
    let refuse = |what: String| Err(ApiError::bad_input(what));
    if !(1..=MOST_AT_ONCE).contains(&settings.at_once) {
        return refuse(format!(
            "Between 1 and {MOST_AT_ONCE} transfers can be at work at once."
        ));
    }
    if settings.schedule.len() > MOST_HOURS {
        return refuse(format!("The schedule can have {MOST_HOURS} times at most."));
    }
    if !XET_MEMORY_MIB.contains(&settings.xet_memory_mib) {
        let (least, most) = (XET_MEMORY_MIB.start(), XET_MEMORY_MIB.end());
        return refuse(format!(
            "The chunk store can have {least} to {most} MiB of memory."
        ));
    }
    let of_hours = settings
        .schedule
        .iter()
        .flat_map(|window| [window.download_limit, window.upload_limit]);
    let all = [settings.download_limit, settings.upload_limit];
    if all
        .into_iter()
        .chain(of_hours)
        .flatten()
        .any(|rate| rate < LEAST_RATE)
    {
        return refuse("A limit has to be 1 kB per second at least.".to_owned());
    }
    settings
        .schedule
        .iter()
        .try_for_each(|window| hours(window).map(drop))
}

fn rate(bytes_per_second: Option<u64>) -> Option<NonZeroU64> {
    NonZeroU64::new(bytes_per_second?.max(LEAST_RATE))
}

fn hours(window: &LimitWindow) -> Result<Hours, ApiError> {
    let mut days = [false; 7];
    for day in &window.days {
        let index = usize::from(*day).checked_sub(1);
        match index.and_then(|index| days.get_mut(index)) {
            Some(day) => *day = true,
            None => {
                return Err(ApiError::bad_input(format!(
                    "There is no day {day} in a week."
                )));
            }
        }
    }
    if window.days.is_empty() {
        return Err(ApiError::bad_input("A time of the schedule needs a day."));
    }
    Ok(Hours {
        days,
        from: minute(&window.from)?,
        to: minute(&window.to)?,
        rates: Rates {
            down: rate(window.download_limit),
            up: rate(window.upload_limit),
        },
    })
}

/// Minutes since midnight of `HH:MM`.
fn minute(text: &str) -> Result<u16, ApiError> {
    let parsed = || {
        let (hours, minutes) = text.split_once(':')?;
        let number = |text: &str| {
            let is_plain = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
            is_plain.then(|| text.parse::<u16>().ok()).flatten()
        };
        let (hours, minutes) = (number(hours)?, number(minutes)?);
        (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
    };
    parsed().ok_or_else(|| ApiError::bad_input(format!("{text:?} is not a time of day.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(days: &[u8], from: &str, to: &str, limit: u64) -> LimitWindow {
        LimitWindow {
            days: days.to_vec(),
            from: from.to_owned(),
            to: to.to_owned(),
            download_limit: Some(limit),
            upload_limit: None,
        }
    }

    fn with(schedule: Vec<LimitWindow>) -> TransferSettings {
        TransferSettings {
            download_limit: Some(9000),
            schedule,
            ..TransferSettings::default()
        }
    }

    #[test]
    fn the_schedule_holds_on_its_days_and_at_its_hours() {
        let settings = with(vec![window(&[1, 5], "09:00", "17:30", 2000)]);
        for (day, hour, minute, expected) in [
            (0, 9, 0, 2000),
            (0, 17, 29, 2000),
            (0, 17, 30, 9000),
            (1, 12, 0, 9000),
            (4, 12, 0, 2000),
        ] {
            let now = WeekMinute::new(day, hour, minute).unwrap();
            let down = limits(&settings, now).down.bytes_per_second;
            assert_eq!(
                down.map(NonZeroU64::get),
                Some(expected),
                "day {day}, {hour}:{minute}"
            );
        }
    }

    #[test]
    fn what_cannot_be_meant_is_refused_and_does_no_harm_in_a_file() {
        let now = WeekMinute::new(0, 10, 0).unwrap();
        let default = TransferSettings::default();
        for wrong in [
            TransferSettings {
                at_once: 0,
                ..default.clone()
            },
            TransferSettings {
                at_once: 9,
                ..default.clone()
            },
            TransferSettings {
                download_limit: Some(0),
                ..default.clone()
            },
            TransferSettings {
                xet_memory_mib: 1,
                ..default.clone()
            },
            with(vec![window(&[0], "09:00", "17:00", 2000)]),
            with(vec![window(&[8], "09:00", "17:00", 2000)]),
            with(vec![window(&[], "09:00", "17:00", 2000)]),
            with(vec![window(&[1], "9:00", "17:00", 2000)]),
            with(vec![window(&[1], "09:00", "24:00", 2000)]),
            with(vec![window(&[1], "09:00", "17:00", 1)]),
            with(vec![window(&[1], "09:00", "17:00", 2000); 15]),
        ] {
            assert!(checked(&wrong).is_err(), "{wrong:?}");
            let held = limits(&wrong, now);
            assert!((1..=8).contains(&held.at_once.get()));
            assert!(
                held.down
                    .bytes_per_second
                    .is_none_or(|rate| rate.get() >= LEAST_RATE)
            );
        }
        assert!(checked(&default).is_ok());
    }
}
