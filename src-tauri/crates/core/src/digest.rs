use std::fmt;

use sha1::Sha1;
use sha2::{Digest as _, Sha256};

/// The Hub's name for content: the git blob id of a regular file, the sha256 of a large one.
///
/// It is also the file's etag, and its name in the cache's `blobs` folder. Parsing accepts nothing
/// but hex of the right length, so a digest is always safe as a file name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Digest {
    /// sha1 over `blob <length>\0<content>`, 40 hex digits.
    GitBlob([u8; 20]),
    /// sha256 over the content, 64 hex digits.
    Sha256([u8; 32]),
}

impl Digest {
    /// Parses 40 or 64 lower-case hex digits; anything else is `None`.
    pub fn parse(hex: &str) -> Option<Self> {
        match hex.len() {
            40 => decode(hex).map(Self::GitBlob),
            64 => decode(hex).map(Self::Sha256),
            _ => None,
        }
    }

    /// Parses the value of an `ETag` or `X-Linked-Etag` header, normalised as the official client
    /// does: leading `W` and `/` go, then quotes at both ends.
    pub fn parse_etag(header: &str) -> Option<Self> {
        Self::parse(header.trim_start_matches(['W', '/']).trim_matches('"'))
    }

    /// The git blob id of `content`.
    pub fn git_blob(content: &[u8]) -> Self {
        let mut hasher = Hasher::git_blob(content.len() as u64);
        hasher.update(content);
        hasher.finish()
    }

    /// The sha256 of `content`.
    pub fn sha256(content: &[u8]) -> Self {
        Self::Sha256(Sha256::digest(content).into())
    }

    /// A hasher of the same kind, for content of `size` bytes.
    pub fn hasher(&self, size: u64) -> Hasher {
        match self {
            Self::GitBlob(_) => Hasher::git_blob(size),
            Self::Sha256(_) => Hasher::Sha256(Sha256::new()),
        }
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes: &[u8] = match self {
            Self::GitBlob(bytes) => bytes,
            Self::Sha256(bytes) => bytes,
        };
        bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Computes a [`Digest`] piece by piece.
#[derive(Clone)]
pub enum Hasher {
    /// For [`Digest::GitBlob`].
    GitBlob(Sha1),
    /// For [`Digest::Sha256`].
    Sha256(Sha256),
}

impl Hasher {
    /// A hasher for a git blob of `size` bytes: git's header comes first and needs the size.
    pub fn git_blob(size: u64) -> Self {
        let mut sha1 = Sha1::new();
        sha1.update(format!("blob {size}\0"));
        Self::GitBlob(sha1)
    }

    /// A hasher for a sha256.
    pub fn sha256() -> Self {
        Self::Sha256(Sha256::new())
    }

    /// Takes the next piece of content.
    pub fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::GitBlob(sha1) => sha1.update(bytes),
            Self::Sha256(sha256) => sha256.update(bytes),
        }
    }

    /// The digest of everything taken.
    pub fn finish(self) -> Digest {
        match self {
            Self::GitBlob(sha1) => Digest::GitBlob(sha1.finalize().into()),
            Self::Sha256(sha256) => Digest::Sha256(sha256.finalize().into()),
        }
    }
}

fn decode<const N: usize>(hex: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(hex.as_bytes().chunks_exact(2)) {
        *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
    }
    Some(bytes)
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY_BLOB: &str = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";
    const EMPTY_SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn known_digests_of_empty_content() {
        assert_eq!(Digest::git_blob(b"").to_string(), EMPTY_BLOB);
        assert_eq!(Digest::sha256(b"").to_string(), EMPTY_SHA256);
    }

    #[test]
    fn pieces_give_the_same_digest_as_the_whole() {
        for whole in [
            Digest::git_blob(b"hello world"),
            Digest::sha256(b"hello world"),
        ] {
            let mut hasher = whole.hasher(11);
            hasher.update(b"hello ");
            hasher.update(b"world");
            assert_eq!(hasher.finish(), whole);
        }
    }

    #[test]
    fn etags_are_normalised_as_the_official_client_does() {
        for header in [
            EMPTY_BLOB.to_owned(),
            format!("\"{EMPTY_BLOB}\""),
            format!("W/\"{EMPTY_BLOB}\""),
        ] {
            assert_eq!(
                Digest::parse_etag(&header),
                Digest::parse(EMPTY_BLOB),
                "{header}"
            );
        }
    }

    #[test]
    fn nothing_but_lower_case_hex_of_the_right_length_is_a_digest() {
        for bad in [
            "",
            "../../etc/passwd",
            &EMPTY_BLOB[1..],
            &EMPTY_BLOB.to_uppercase(),
            &"é".repeat(20),
        ] {
            assert_eq!(Digest::parse(bad), None, "{bad}");
        }
    }
}
