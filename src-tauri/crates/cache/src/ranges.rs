use std::ops::Range;

/// A set of byte positions, kept as ranges that are sorted and do not touch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct RangeSet(Vec<Range<u64>>);

impl RangeSet {
    /// Adds `range`, merging it with what it overlaps or touches. An empty one adds nothing.
    pub(crate) fn insert(&mut self, range: Range<u64>) {
        if range.is_empty() {
            return;
        }
        let first = self.0.partition_point(|r| r.end < range.start);
        let after = self.0.partition_point(|r| r.start <= range.end);
        let mut merged = range;
        for old in &self.0[first..after] {
            merged.start = merged.start.min(old.start);
            merged.end = merged.end.max(old.end);
        }
        self.0.splice(first..after, [merged]);
    }

    /// Adds all of `other`.
    pub(crate) fn extend(&mut self, other: &Self) {
        other.0.iter().cloned().for_each(|range| self.insert(range));
    }

    /// The ranges, in order.
    pub(crate) fn as_slice(&self) -> &[Range<u64>] {
        &self.0
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many positions there are.
    pub(crate) fn bytes(&self) -> u64 {
        self.0.iter().map(|range| range.end - range.start).sum()
    }

    /// What lies between, before and after the ranges, below `size`.
    pub(crate) fn gaps(&self, size: u64) -> Vec<Range<u64>> {
        let mut gaps = Vec::new();
        let mut from = 0;
        for range in &self.0 {
            if from < range.start {
                gaps.push(from..range.start);
            }
            from = range.end;
        }
        if from < size {
            gaps.push(from..size);
        }
        gaps
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SIZE: u64 = 64;

    fn some_ranges() -> impl Strategy<Value = Vec<Range<u64>>> {
        let range = (0..SIZE, 0..=SIZE).prop_map(|(a, b)| a.min(b)..a.max(b));
        proptest::collection::vec(range, 0..12)
    }

    fn set(ranges: &[Range<u64>]) -> RangeSet {
        let mut set = RangeSet::default();
        ranges.iter().cloned().for_each(|range| set.insert(range));
        set
    }

    fn positions(ranges: &[Range<u64>]) -> Vec<bool> {
        (0..SIZE)
            .map(|at| ranges.iter().any(|range| range.contains(&at)))
            .collect()
    }

    proptest! {
        #[test]
        fn merging_loses_and_invents_nothing(ranges in some_ranges()) {
            let set = set(&ranges);
            let expected = positions(&ranges);
            prop_assert_eq!(positions(set.as_slice()), expected.clone());
            prop_assert_eq!(set.bytes(), expected.iter().filter(|&&is| is).count() as u64);
        }

        #[test]
        fn ranges_stay_sorted_apart_and_not_empty(ranges in some_ranges()) {
            let set = set(&ranges);
            prop_assert!(set.as_slice().iter().all(|range| range.start < range.end));
            prop_assert!(set.as_slice().windows(2).all(|pair| pair[0].end < pair[1].start));
        }

        #[test]
        fn gaps_are_exactly_what_is_not_there(ranges in some_ranges()) {
            let set = set(&ranges);
            let missing = positions(&set.gaps(SIZE));
            prop_assert!(positions(&ranges).iter().zip(missing).all(|(is, is_not)| *is != is_not));
        }

        #[test]
        fn the_order_of_adding_does_not_matter(one in some_ranges(), other in some_ranges()) {
            let (mut forth, mut back) = (set(&one), set(&other));
            forth.extend(&set(&other));
            back.extend(&set(&one));
            prop_assert_eq!(forth, back);
        }
    }
}
