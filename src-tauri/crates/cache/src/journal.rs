//! Which ranges of a partial are on disk, as text that can be torn at any byte.
//!
//! ```text
//! hubdesk-partial 1 <etag> <size>
//! <start> <end> <check>
//! <start> <end> <boot> <check>
//! ```
//!
//! The first line binds the journal to its content. Each further line stands for itself: its check
//! value covers the first line and its own numbers, so a line that is torn, or was meant for other
//! content, is passed over and costs only the bytes it spoke of. A line of the first kind is appended
//! after the bytes it speaks of were synced, never before. One of the second kind only says that
//! they were written, while the system ran that calls itself `boot`: killed processes lose nothing
//! of that, and after the next start of the system the line is not believed.

use std::ops::Range;

use hubdesk_core::Digest;
use hubdesk_disk::boot_id;

use crate::ranges::RangeSet;

/// A journal that says nothing but what it is about, or all of `ranges`.
pub(crate) fn compact(digest: &Digest, size: u64, ranges: &RangeSet) -> Vec<u8> {
    let mut text = header(digest, size);
    text.push_str(&records(digest, size, ranges));
    text.into_bytes()
}

/// What a journal vouches for.
#[derive(Debug, Default)]
pub(crate) struct Vouched {
    /// On disk.
    pub(crate) synced: RangeSet,
    /// Written while this very system ran. What is on disk may be in it, too.
    pub(crate) noted: RangeSet,
}

impl Vouched {
    pub(crate) fn all(&self) -> RangeSet {
        let mut all = self.synced.clone();
        all.extend(&self.noted);
        all
    }
}

/// The lines that say that `ranges` are on disk.
pub(crate) fn records(digest: &Digest, size: u64, ranges: &RangeSet) -> String {
    lines(digest, size, ranges, None)
}

/// The lines that say that `ranges` were written while `boot` ran.
pub(crate) fn notes(digest: &Digest, size: u64, ranges: &RangeSet, boot: &str) -> String {
    lines(digest, size, ranges, Some(boot))
}

fn lines(digest: &Digest, size: u64, ranges: &RangeSet, boot: Option<&str>) -> String {
    let header = header(digest, size);
    let lines = ranges.as_slice().iter();
    lines.map(|range| record(&header, range, boot)).collect()
}

/// The ranges that `journal` vouches for in a file of `file_len` bytes that is to hold `size`
/// bytes of `digest`.
///
/// A range that reaches beyond the file is not believed: the file is not the one it was.
pub(crate) fn parse(journal: &[u8], digest: &Digest, size: u64, file_len: u64) -> RangeSet {
    vouched(journal, digest, size, file_len, boot_id()).all()
}

/// The same, while the system runs that calls itself `boot`, with what stands behind each.
pub(crate) fn vouched(
    journal: &[u8],
    digest: &Digest,
    size: u64,
    file_len: u64,
    boot: Option<&str>,
) -> Vouched {
    let mut found = Vouched::default();
    let header = header(digest, size);
    let Some(lines) = journal.strip_prefix(header.as_bytes()) else {
        return found;
    };
    for line in lines.split_inclusive(|&byte| byte == b'\n') {
        let is_there = |range: &Range<u64>| range.end <= size.min(file_len);
        if let Some(range) = parse_record(&header, line, None).filter(is_there) {
            found.synced.insert(range);
        } else if let Some(boot) = boot
            && let Some(range) = parse_record(&header, line, Some(boot)).filter(is_there)
        {
            found.noted.insert(range);
        }
    }
    found
}

fn header(digest: &Digest, size: u64) -> String {
    format!("hubdesk-partial 1 {digest} {size}\n")
}

fn record(header: &str, range: &Range<u64>, boot: Option<&str>) -> String {
    let mut said = format!("{} {}", range.start, range.end);
    if let Some(boot) = boot {
        said.push(' ');
        said.push_str(boot);
    }
    let check = Digest::sha256(format!("{header}{said}").as_bytes()).to_string();
    format!("{said} {}\n", &check[..8])
}

/// Reads the two numbers, and believes them if writing them again gives the same line.
fn parse_record(header: &str, line: &[u8], boot: Option<&str>) -> Option<Range<u64>> {
    let text = str::from_utf8(line).ok()?;
    let mut words = text.split(' ');
    let range = words.next()?.parse().ok()?..words.next()?.parse().ok()?;
    (record(header, &range, boot) == text && range.start < range.end).then_some(range)
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
    fn what_was_only_written_counts_until_the_system_starts_anew() {
        let mut journal = compact(&digest(), SIZE, &set(&[0..100]));
        let noted = notes(&digest(), SIZE, &set(&[100..200]), "this-boot");
        journal.extend_from_slice(noted.as_bytes());
        let read = |boot| vouched(&journal, &digest(), SIZE, SIZE, boot);
        let now = read(Some("this-boot"));
        assert_eq!(now.all().as_slice(), [0..200]);
        assert_eq!(now.synced.as_slice(), [0..100]);
        for later in [Some("next-boot"), None] {
            assert_eq!(read(later).all().as_slice(), [0..100]);
        }
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
