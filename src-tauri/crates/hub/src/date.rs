//! The two ways in which a server writes a moment. Both read as milliseconds since 1970.

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// `2026-11-20T12:12:30.123Z`, as in the Hub's answers. Digits beyond the milliseconds are dropped.
pub(crate) fn iso(text: &str) -> Option<i64> {
    let (date, time) = text.trim().strip_suffix('Z')?.split_once('T')?;
    let mut parts = date.splitn(3, '-').map(|part| part.parse().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let (time, fraction) = time.split_once('.').unwrap_or((time, ""));
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let fraction: String = fraction.chars().chain("000".chars()).take(3).collect();
    Some(moment(year, month, day, time)? + fraction.parse::<i64>().ok()?)
}

/// `Fri, 20 Nov 2026 12:12:30 GMT`, as in the header `Date`. To the second.
pub(crate) fn http(text: &str) -> Option<i64> {
    let (_, rest) = text.trim().strip_suffix(" GMT")?.split_once(", ")?;
    let mut parts = rest.splitn(4, ' ');
    let day = parts.next()?.parse().ok()?;
    let name = parts.next()?;
    let month = MONTHS.iter().position(|month| *month == name)? as u32 + 1;
    let year = parts.next()?.parse().ok()?;
    moment(year, month, day, parts.next()?)
}

fn moment(year: u32, month: u32, day: u32, time: &str) -> Option<i64> {
    let mut parts = time.splitn(3, ':').map(|part| part.parse::<u32>().ok());
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
    let is_date =
        (1..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    // A leap second is one.
    if !is_date || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let seconds = (i64::from(hour) * 60 + i64::from(minute)) * 60 + i64::from(second);
    Some((days(year, month, day) * 86_400 + seconds) * 1000)
}

/// Days since 1970-01-01. Years are counted from March, so that the leap day is the last of one.
fn days(year: u32, month: u32, day: u32) -> i64 {
    let year = i64::from(year) - i64::from(month <= 2);
    let month = i64::from((month + 9) % 12);
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * month + 2) / 5 + i64::from(day) - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn both_ways_mean_the_same_moment() {
        for (text, header, expected) in [
            (
                "1970-01-01T00:00:00.000Z",
                "Thu, 01 Jan 1970 00:00:00 GMT",
                0,
            ),
            (
                "2000-02-29T12:16:39Z",
                "Tue, 29 Feb 2000 12:16:39 GMT",
                951_826_599_000,
            ),
            (
                "2025-12-31T23:59:59.0Z",
                "Wed, 31 Dec 2025 23:59:59 GMT",
                1_767_225_599_000,
            ),
        ] {
            assert_eq!(iso(text), Some(expected), "{text}");
            assert_eq!(http(header), Some(expected), "{header}");
        }
        assert_eq!(iso("1970-01-01T00:00:01.0429Z"), Some(1042));
        for text in [
            "",
            "2000-02-29",
            "2000-13-01T00:00:00Z",
            "2000-01-01T24:00:00Z",
        ] {
            assert_eq!(iso(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd_to_read(text in "[0-9a-zA-Z:., TZ-]{0,40}") {
            let _ = (iso(&text), http(&text));
        }
    }
}
