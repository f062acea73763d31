use std::sync::{Arc, OnceLock};

use bytes::{Bytes, BytesMut};
use hubdesk_core::{Digest, Hasher};

/// Bytes that repeat in random content, so that making it costs little more than copying.
const PAGE: usize = 64 * 1024;
/// Every so many bytes carry a mark of their own, so that no two places hold the same.
const SECTOR: u64 = 512;
/// How much is made at once to compute a digest.
const READ: u64 = 1 << 20;

/// What a file holds: bytes, or a rule that makes them again whenever they are asked for.
///
/// Cheap to clone. Digests are computed once, when first asked for.
#[derive(Clone)]
pub struct Content(Arc<Inner>);

struct Inner {
    source: Source,
    size: u64,
    sha256: OnceLock<Digest>,
    git_blob: OnceLock<Digest>,
}

enum Source {
    Bytes(Bytes),
    Random {
        seed: u64,
        page: Bytes,
    },
    Chain(Vec<Content>),
    #[cfg(feature = "xet")]
    Made(Made),
}

/// Puts together the bytes at a range that lies in the content; fewer when it cannot.
#[cfg(feature = "xet")]
pub(crate) type Made = Arc<dyn Fn(std::ops::Range<u64>) -> Bytes + Send + Sync>;

impl Content {
    /// Exactly these bytes.
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        let size = bytes.len() as u64;
        Self::new(Source::Bytes(bytes), size)
    }

    /// `size` bytes that look random and are the same for the same `seed` for ever. They are made
    /// by offset when they are read, so that a file of any size costs no memory.
    pub fn random(seed: u64, size: u64) -> Self {
        let page = (0..PAGE as u64 / 8)
            .flat_map(|n| mix(seed, n).to_le_bytes())
            .collect();
        Self::new(Source::Random { seed, page }, size)
    }

    /// One content after the other, as a header before its generated data.
    pub fn chain(parts: impl IntoIterator<Item = Content>) -> Self {
        let parts: Vec<_> = parts.into_iter().collect();
        let size = parts.iter().map(Self::size).sum();
        Self::new(Source::Chain(parts), size)
    }

    /// `size` bytes that are put together whenever they are read.
    #[cfg(feature = "xet")]
    pub(crate) fn made(size: u64, make: Made) -> Self {
        Self::new(Source::Made(make), size)
    }

    fn new(source: Source, size: u64) -> Self {
        Self(Arc::new(Inner {
            source,
            size,
            sha256: OnceLock::new(),
            git_blob: OnceLock::new(),
        }))
    }

    /// The number of bytes.
    pub fn size(&self) -> u64 {
        self.0.size
    }

    /// The bytes from `offset`, at most `length` of them; fewer at the end.
    pub fn read(&self, offset: u64, length: u64) -> Bytes {
        let start = offset.min(self.0.size);
        let end = offset.saturating_add(length).min(self.0.size);
        match &self.0.source {
            Source::Bytes(bytes) => bytes.slice(start as usize..end as usize),
            Source::Random { seed, page } => random(*seed, page, start, end),
            Source::Chain(parts) => {
                let mut out = BytesMut::with_capacity((end - start) as usize);
                let mut part_start = 0;
                for part in parts {
                    let part_end = part_start + part.size();
                    let (from, to) = (start.max(part_start), end.min(part_end));
                    if from < to {
                        out.extend_from_slice(&part.read(from - part_start, to - from));
                    }
                    part_start = part_end;
                }
                out.freeze()
            }
            #[cfg(feature = "xet")]
            Source::Made(make) => make(start..end),
        }
    }

    /// The sha256 over all of it.
    pub fn sha256(&self) -> Digest {
        *self.0.sha256.get_or_init(|| self.hash(Hasher::sha256()))
    }

    /// The id git gives it as a blob.
    pub fn git_blob(&self) -> Digest {
        let git_blob = || self.hash(Hasher::git_blob(self.size()));
        *self.0.git_blob.get_or_init(git_blob)
    }

    fn hash(&self, mut hasher: Hasher) -> Digest {
        self.feed(&mut hasher);
        hasher.finish()
    }

    fn feed(&self, hasher: &mut Hasher) {
        match &self.0.source {
            Source::Bytes(bytes) => hasher.update(bytes),
            Source::Chain(parts) => parts.iter().for_each(|part| part.feed(hasher)),
            _ => {
                let starts = (0..self.size()).step_by(READ as usize);
                starts.for_each(|at| hasher.update(&self.read(at, READ)));
            }
        }
    }
}

impl From<Bytes> for Content {
    fn from(bytes: Bytes) -> Self {
        Self::bytes(bytes)
    }
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Self {
        Self::bytes(bytes)
    }
}

impl<const N: usize> From<&'static [u8; N]> for Content {
    fn from(bytes: &'static [u8; N]) -> Self {
        Self::bytes(bytes.as_slice())
    }
}

impl From<&'static [u8]> for Content {
    fn from(bytes: &'static [u8]) -> Self {
        Self::bytes(bytes)
    }
}

impl From<String> for Content {
    fn from(text: String) -> Self {
        Self::bytes(text)
    }
}

impl From<&'static str> for Content {
    fn from(text: &'static str) -> Self {
        Self::bytes(text)
    }
}

fn random(seed: u64, page: &[u8], start: u64, end: u64) -> Bytes {
    let mut out = BytesMut::with_capacity((end - start) as usize);
    let mut at = start;
    while at < end {
        let in_page = at as usize % PAGE;
        let length = (PAGE - in_page).min((end - at) as usize);
        out.extend_from_slice(&page[in_page..in_page + length]);
        at += length as u64;
    }
    for sector in start / SECTOR..end.div_ceil(SECTOR) {
        let mark = mix(!seed, sector).to_le_bytes();
        let (from, to) = (sector * SECTOR, sector * SECTOR + mark.len() as u64);
        let (first, last) = (from.max(start), to.min(end));
        if first < last {
            let place = (first - start) as usize..(last - start) as usize;
            let part = (first - from) as usize..(last - from) as usize;
            out[place].copy_from_slice(&mark[part]);
        }
    }
    out.freeze()
}

/// Number `index` of the sequence that belongs to `seed` (the splitmix64 generator).
pub(crate) fn mix(seed: u64, index: u64) -> u64 {
    let mut z = seed.wrapping_add(index.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_piece_of_generated_content_equals_that_piece_of_the_whole() {
        let content = Content::chain([
            Content::bytes("header"),
            Content::random(7, 200_000),
            Content::bytes("end"),
        ]);
        let whole = content.read(0, u64::MAX);
        assert_eq!(whole.len() as u64, content.size());
        for (offset, length) in [(0, 3), (4, 600), (65_530, 70_000), (511, 2), (200_000, 999)] {
            let end = (offset + length).min(whole.len());
            assert_eq!(
                content.read(offset as u64, length as u64),
                whole[offset..end],
                "{offset}+{length}"
            );
        }
        assert_eq!(content.sha256(), Digest::sha256(&whole));
        assert_eq!(content.git_blob(), Digest::git_blob(&whole));
    }

    #[test]
    fn no_two_sectors_of_random_content_are_alike() {
        let content = Content::random(1, 4 * PAGE as u64).read(0, u64::MAX);
        let sectors: std::collections::HashSet<_> = content.chunks(SECTOR as usize).collect();
        assert_eq!(sectors.len(), 4 * PAGE / SECTOR as usize);
    }
}
