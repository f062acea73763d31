use std::fmt;

/// A number of bytes that prints as people read it: decimal units, one digit, as `hf` prints sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ByteCount(pub u64);

impl fmt::Display for ByteCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 < 1000 {
            return write!(f, "{} B", self.0);
        }
        let mut value = self.0 as f64;
        for unit in ["kB", "MB", "GB", "TB", "PB"] {
            value /= 1000.0;
            // 999.95 would round to "1000.0" and belongs to the next unit.
            if value < 999.95 {
                return write!(f, "{value:.1} {unit}");
            }
        }
        write!(f, "{:.1} EB", value / 1000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::ByteCount;

    #[test]
    fn sizes_print_in_decimal_units_with_one_digit() {
        for (bytes, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1.0 kB"),
            (999_949, "999.9 kB"),
            (999_950, "1.0 MB"),
            (4_900_000_000, "4.9 GB"),
            (u64::MAX, "18.4 EB"),
        ] {
            assert_eq!(ByteCount(bytes).to_string(), text);
        }
    }
}
