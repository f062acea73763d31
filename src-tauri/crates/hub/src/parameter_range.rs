//! How large a model may be, in the words of the Hub.

use std::fmt;
use std::str::FromStr;

/// Bounds for the number of a model's parameters, inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ParameterRange {
    /// At least so many.
    pub min: Option<u64>,
    /// At most so many.
    pub max: Option<u64>,
}

/// A text that is not a [`ParameterRange`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a number of parameters is said as min:6B, max:128B or min:6B,max:128B")]
pub struct BadRange;

/// As the Hub takes it: `min:6B,max:128B`, or nothing.
impl fmt::Display for ParameterRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let comma = if self.min.is_some() { "," } else { "" };
        if let Some(min) = self.min {
            write!(f, "min:{}", in_short(min))?;
        }
        if let Some(max) = self.max {
            write!(f, "{comma}max:{}", in_short(max))?;
        }
        Ok(())
    }
}

/// In the largest unit that says the number exactly.
fn in_short(count: u64) -> String {
    let units = [(1_000_000_000, "B"), (1_000_000, "M"), (1000, "K")];
    match units
        .iter()
        .find(|(unit, _)| count > 0 && count.is_multiple_of(*unit))
    {
        Some((unit, name)) => format!("{}{name}", count / unit),
        None => count.to_string(),
    }
}

/// Reads what [`fmt::Display`] writes, and fractions such as `min:1.5B`.
impl FromStr for ParameterRange {
    type Err = BadRange;

    fn from_str(text: &str) -> Result<Self, BadRange> {
        let mut range = Self::default();
        for part in text.split(',') {
            let (word, number) = part.split_once(':').ok_or(BadRange)?;
            let bound = match word.trim() {
                "min" => &mut range.min,
                "max" => &mut range.max,
                _ => return Err(BadRange),
            };
            let count = count(number.trim()).ok_or(BadRange)?;
            if bound.replace(count).is_some() {
                return Err(BadRange);
            }
        }
        Ok(range)
    }
}

/// `123`, `74K`, `1.5B`; less than a whole parameter is left out.
fn count(text: &str) -> Option<u64> {
    let (number, unit) = match text.chars().next_back()?.to_ascii_uppercase() {
        'K' => (&text[..text.len() - 1], 1000),
        'M' => (&text[..text.len() - 1], 1_000_000),
        'B' => (&text[..text.len() - 1], 1_000_000_000),
        _ => (text, 1),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !are_digits(whole) || !are_digits(fraction) {
        return None;
    }
    let mut place: u64 = unit;
    let mut count = whole.parse::<u64>().ok()?.checked_mul(unit)?;
    for digit in fraction.bytes() {
        place /= 10;
        count = count.checked_add(u64::from(digit - b'0') * place)?;
    }
    Some(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_parameters_is_said_exactly() {
        let range = |min, max| ParameterRange { min, max }.to_string();
        assert_eq!(range(Some(1_500_000_000), None), "min:1500M");
        assert_eq!(range(None, Some(270_000)), "max:270K");
        assert_eq!(range(Some(0), Some(1)), "min:0,max:1");
        assert_eq!(range(None, None), "");
    }

    #[test]
    fn a_number_of_parameters_is_read_as_people_write_it() {
        let range = |min, max| Ok(ParameterRange { min, max });
        for (text, expected) in [
            (
                "min:6B,max:128B",
                range(Some(6_000_000_000), Some(128_000_000_000)),
            ),
            ("max:1.5b", range(None, Some(1_500_000_000))),
            ("min: 270k", range(Some(270_000), None)),
            ("min:0.0000000001B", range(Some(0), None)),
            ("min:7", range(Some(7), None)),
        ] {
            assert_eq!(text.parse(), expected, "{text}");
        }
        for text in [
            "",
            "6B",
            "min:",
            "min:B",
            "min:many",
            "min:-1",
            "min:1e3",
            "min:1.2.3",
            "mid:1",
            "min:1,min:2",
            "min:1,",
            "min:99999999999999999999",
            "min:99999999999B",
            "min:6€",
        ] {
            assert_eq!(text.parse::<ParameterRange>(), Err(BadRange), "{text}");
        }
    }
}
