//! Which ranges of a partial are on disk, as text that can be torn at any byte.
//!
//! ```text
//! hubdesk-partial 1 <etag> <size>
//! <start> <end> <check>
//! ```
//!
//! The first line binds the journal to its content. Each further line stands for itself: its check
//! value covers the first line and its own numbers, so a line that is torn, or was meant for other
//! content, is passed over and costs only the bytes it spoke of. Lines are appended after the
//! bytes they speak of were synced, never before.

use std::ops::Range;

use hubdesk_core::Digest;

use crate::ranges::RangeSet;

/// A journal that says nothing but what it is about, or all of `ranges`.
pub(crate) fn compact(digest: &Digest, size: u64, ranges: &RangeSet) -> Vec<u8> {
    let mut text = header(digest, size);
    text.push_str(&records(digest, size, ranges));
    text.into_bytes()
}

/// The lines that say that `ranges` are on disk.
pub(crate) fn records(digest: &Digest, size: u64, ranges: &RangeSet) -> String {
    let header = header(digest, size);
    let lines = ranges.as_slice().iter();
    lines.map(|range| record(&header, range)).collect()
}

/// The ranges that `journal` vouches for in a file of `file_len` bytes that is to hold `size`
/// bytes of `digest`.
///
/// A range that reaches beyond the file is not believed: the file is not the one it was.
pub(crate) fn parse(journal: &[u8], digest: &Digest, size: u64, file_len: u64) -> RangeSet {
    let mut ranges = RangeSet::default();
    let header = header(digest, size);
    let Some(lines) = journal.strip_prefix(header.as_bytes()) else {
        return ranges;
    };
    for line in lines.split_inclusive(|&byte| byte == b'\n') {
        if let Some(range) = parse_record(&header, line)
            && range.end <= size.min(file_len)
        {
            ranges.insert(range);
        }
    }
    ranges
}

fn header(digest: &Digest, size: u64) -> String {
    format!("hubdesk-partial 1 {digest} {size}\n")
}

fn record(header: &str, range: &Range<u64>) -> String {
    let numbers = format!("{} {}", range.start, range.end);
    let check = Digest::sha256(format!("{header}{numbers}").as_bytes()).to_string();
    format!("{numbers} {}\n", &check[..8])
}

/// Reads the two numbers, and believes them if writing them again gives the same line.
fn parse_record(header: &str, line: &[u8]) -> Option<Range<u64>> {
    let text = str::from_utf8(line).ok()?;
    let mut words = text.split(' ');
    let range = words.next()?.parse().ok()?..words.next()?.parse().ok()?;
    (record(header, &range) == text && range.start < range.end).then_some(range)
}

#[cfg(test)]
#[expect(
    clippy::single_range_in_vec_init,
    reason = "a list of ranges may hold one"
)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SIZE: u64 = 1000;

    fn digest() -> Digest {
        Digest::sha256(b"content")
    }

    fn set(ranges: &[Range<u64>]) -> RangeSet {
        let mut set = RangeSet::default();
        ranges.iter().cloned().for_each(|range| set.insert(range));
        set
    }

    fn three_records() -> Vec<u8> {
        compact(&digest(), SIZE, &set(&[0..100, 300..400, 900..1000]))
    }

    #[test]
    fn a_torn_last_record_is_passed_over() {
        let whole = three_records();
        let torn = &whole[..whole.len() - 1];
        assert_eq!(
            parse(torn, &digest(), SIZE, SIZE).as_slice(),
            [0..100, 300..400]
        );
    }

    #[test]
    fn records_after_a_torn_one_still_count_if_they_are_whole() {
        let mut journal = compact(&digest(), SIZE, &set(&[0..100]));
        journal.extend_from_slice(b"300 4\0\0\0\n");
        journal.extend_from_slice(records(&digest(), SIZE, &set(&[100..200])).as_bytes());
        assert_eq!(parse(&journal, &digest(), SIZE, SIZE).as_slice(), [0..200]);
    }

    #[test]
    fn a_journal_of_other_content_or_another_size_says_nothing() {
        let other = Digest::sha256(b"other");
        assert!(parse(&three_records(), &other, SIZE, SIZE).is_empty());
        assert!(parse(&three_records(), &digest(), SIZE + 1, SIZE + 1).is_empty());
        assert!(parse(b"", &digest(), SIZE, SIZE).is_empty());
    }

    #[test]
    fn a_record_moved_from_another_journal_is_not_believed() {
        let mut journal = compact(&digest(), SIZE, &RangeSet::default());
        let foreign = records(&Digest::sha256(b"other"), SIZE, &set(&[0..100]));
        journal.extend_from_slice(foreign.as_bytes());
        assert!(parse(&journal, &digest(), SIZE, SIZE).is_empty());
    }

    #[test]
    fn a_range_beyond_the_end_of_the_file_is_not_believed() {
        let ranges = parse(&three_records(), &digest(), SIZE, 399);
        assert_eq!(ranges.as_slice(), [0..100]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_harm(bytes: Vec<u8>, file_len in 0..2 * SIZE) {
            let mut journal = compact(&digest(), SIZE, &RangeSet::default());
            journal.extend_from_slice(&bytes);
            for journal in [&bytes, &journal] {
                let ranges = parse(journal, &digest(), SIZE, file_len);
                prop_assert!(ranges.as_slice().iter().all(|r| r.end <= SIZE.min(file_len)));
            }
        }

        #[test]
        fn a_journal_cut_anywhere_claims_only_what_the_whole_one_does(cut in 0..300usize) {
            let whole = three_records();
            let claimed = parse(&whole[..cut.min(whole.len())], &digest(), SIZE, SIZE);
            let mut all = parse(&whole, &digest(), SIZE, SIZE);
            let before = all.clone();
            all.extend(&claimed);
            prop_assert_eq!(all, before);
        }

        #[test]
        fn one_changed_byte_never_adds_a_claim(at in 0..200usize, byte: u8) {
            let mut journal = three_records();
            let whole = parse(&journal, &digest(), SIZE, SIZE);
            let at = at % journal.len();
            journal[at] = byte;
            let mut all = parse(&journal, &digest(), SIZE, SIZE);
            all.extend(&whole);
            prop_assert_eq!(all, whole);
        }

        #[test]
        fn what_was_recorded_is_read_again(
            ranges in proptest::collection::vec((0..SIZE, 0..=SIZE), 0..20)
        ) {
            let ranges: Vec<_> = ranges.into_iter().map(|(a, b)| a.min(b)..a.max(b)).collect();
            let written = set(&ranges);
            let journal = compact(&digest(), SIZE, &written);
            prop_assert_eq!(parse(&journal, &digest(), SIZE, SIZE), written);
        }
    }
}
