use std::collections::VecDeque;
use std::ops::Range;

/// A range is at most so many times the shortest.
const LONGEST: u64 = 4;
/// Into about so many ranges what is left is cut, if they are neither too short nor too long.
const SHARES: u64 = 32;

/// Requests still to be made for one file, in order, so that what is there stays close to a prefix.
///
/// Long ranges spare pauses between requests; towards the end they get shorter, so that all
/// connections end at about the same time. Each is made when it is asked for: a listing may claim
/// any size.
pub(crate) struct Queue {
    missing: VecDeque<Range<u64>>,
    left: u64,
    shortest: u64,
}

impl Queue {
    /// Cuts `missing` into ranges of `shortest` bytes or a few times as many.
    pub(crate) fn new(missing: Vec<Range<u64>>, shortest: u64) -> Self {
        Self {
            left: missing.iter().map(|gap| gap.end - gap.start).sum(),
            missing: missing.into(),
            shortest: shortest.max(1),
        }
    }
}

impl Iterator for Queue {
    type Item = Range<u64>;

    fn next(&mut self) -> Option<Range<u64>> {
        let gap = self.missing.front_mut()?;
        let longest = self.shortest.saturating_mul(LONGEST);
        let length = (self.left / SHARES).clamp(self.shortest, longest);
        let range = gap.start..gap.end.min(gap.start.saturating_add(length));
        gap.start = range.end;
        if gap.is_empty() {
            self.missing.pop_front();
        }
        self.left -= range.end - range.start;
        Some(range)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_cut_into_requests_in_order() {
        let ranges: Vec<_> = Queue::new(vec![0..10, 15..16, 20..25], 4).collect();
        assert_eq!(ranges, [0..4, 4..8, 8..10, 15..16, 20..24, 24..25]);
    }

    #[test]
    fn ranges_are_long_at_first_and_short_at_the_end() {
        let whole = 0..1000;
        let ranges: Vec<_> = Queue::new(Vec::from([whole]), 8).collect();
        let length = |range: &Range<u64>| range.end - range.start;
        assert_eq!(length(&ranges[0]), 31);
        assert!(
            ranges
                .windows(2)
                .all(|pair| length(&pair[0]) >= length(&pair[1]))
        );
        assert_eq!(ranges.iter().map(length).sum::<u64>(), 1000);
        let last = &ranges[ranges.len() - 8..];
        assert!(last.iter().all(|range| length(range) <= 8));
    }

    #[test]
    fn a_listing_that_claims_any_size_costs_no_memory() {
        let whole = 0..u64::MAX;
        let mut ranges = Queue::new(Vec::from([whole]), 1 << 20);
        assert_eq!(ranges.nth(1), Some((4 << 20)..(8 << 20)));
    }
}
