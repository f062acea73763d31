use std::ops::Range;

/// What of a file is still to come, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gaps(Vec<Range<u64>>);

impl Gaps {
    /// The parts of `ranges` that lie inside a file of `size` bytes, sorted and without overlap.
    pub(crate) fn new(ranges: impl IntoIterator<Item = Range<u64>>, size: u64) -> Self {
        let mut inside: Vec<_> = ranges
            .into_iter()
            .map(|range| range.start..range.end.min(size))
            .filter(|range| range.start < range.end)
            .collect();
        inside.sort_by_key(|range| range.start);
        let mut gaps: Vec<Range<u64>> = Vec::with_capacity(inside.len());
        for range in inside {
            match gaps.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => gaps.push(range),
            }
        }
        Self(gaps)
    }

    /// The first gap.
    pub(crate) fn first(&self) -> Option<Range<u64>> {
        self.0.first().cloned()
    }

    /// Bytes still to come.
    pub(crate) fn bytes(&self) -> u64 {
        self.0.iter().map(|gap| gap.end - gap.start).sum()
    }

    /// Whether anything of `range` is still to come.
    pub(crate) fn touches(&self, range: &Range<u64>) -> bool {
        self.0
            .iter()
            .any(|gap| gap.start < range.end && range.start < gap.end)
    }

    /// `range` has come. `false`, and nothing changes, unless all of it was still to come.
    pub(crate) fn fill(&mut self, range: Range<u64>) -> bool {
        let holds = |gap: &Range<u64>| gap.start <= range.start && range.end <= gap.end;
        let Some(at) = self.0.iter().position(holds) else {
            return false;
        };
        let gap = self.0[at].clone();
        let rest = [gap.start..range.start, range.end..gap.end];
        let rest = rest.into_iter().filter(|rest| rest.start < rest.end);
        self.0.splice(at..=at, rest);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_is_cut_to_the_file_sorted_and_joined() {
        let gaps = Gaps::new([20..30, 0..5, 5..7, 6..8, 9..9, 25..99, 200..201], 40);
        assert_eq!(gaps.0, [0..8, 20..40]);
        assert_eq!(gaps.bytes(), 28);
    }

    #[test]
    fn what_has_come_is_taken_out_and_cannot_come_twice() {
        let mut gaps = Gaps::new(std::iter::once(0..10), 10);
        assert!(gaps.fill(3..5));
        assert_eq!(gaps.0, [0..3, 5..10]);
        assert!(!gaps.fill(4..6) && !gaps.fill(2..6) && !gaps.fill(9..11));
        assert!(gaps.touches(&(4..6)) && !gaps.touches(&(3..5)));
        assert!(gaps.fill(0..3) && gaps.fill(5..10));
        assert_eq!((gaps.first(), gaps.bytes()), (None, 0));
    }
}
