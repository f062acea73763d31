use hubdesk_core::Digest;

/// A file in the store: its id there, and how long it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct XetFile {
    hash: String,
    size: u64,
}

/// An id that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a file of the chunk store is named by 64 hex digits")]
pub struct BadFile;

impl XetFile {
    /// The file with the id `hash` as a listing or a header says it. The size is never left to the
    /// store: its client takes a size that is too small for the truth.
    pub fn new(hash: &str, size: u64) -> Result<Self, BadFile> {
        let is_lower = !hash.bytes().any(|byte| byte.is_ascii_uppercase());
        match Digest::parse(hash) {
            Some(Digest::Sha256(_)) if is_lower => Ok(Self {
                hash: hash.to_owned(),
                size,
            }),
            _ => Err(BadFile),
        }
    }

    /// Its id: 64 hex digits.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// Its length in bytes.
    pub fn size(&self) -> u64 {
        self.size
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_64_hex_digits_and_nothing_else() {
        let good = "0123456789abcdef".repeat(4);
        assert_eq!(XetFile::new(&good, 3).unwrap().hash(), good);
        for bad in ["", "abc", &"0".repeat(40), &"g".repeat(64), &"A".repeat(64)] {
            assert_eq!(XetFile::new(bad, 3), Err(BadFile), "{bad:?}");
        }
        assert_eq!(XetFile::new(&format!("../{}", &good[3..]), 3), Err(BadFile));
    }
}
