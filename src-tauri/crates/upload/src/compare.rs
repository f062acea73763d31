//! What becomes of each file, by what is at its place now. Pure.

use hubdesk_core::Digest;
use hubdesk_hub::TreeEntry;

use crate::Fingerprint;

/// What an upload does at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Nothing is there.
    New,
    /// Something else is there.
    Changed,
    /// It is there; nothing is sent.
    Same,
}

/// What is at a path of the repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct There {
    /// The name of its content.
    pub digest: Digest,
    /// The size of the content, in bytes.
    pub size: u64,
}

impl There {
    /// `None` of what is no file.
    pub(crate) fn of(entry: &TreeEntry) -> Option<Self> {
        Some(Self {
            digest: entry.digest()?,
            size: entry.content_size(),
        })
    }
}

/// What can be said without reading a file of `size` bytes: `None` if only its content tells.
pub(crate) fn by_size(size: u64, there: Option<&There>) -> Option<Fate> {
    match there {
        None => Some(Fate::New),
        Some(there) if there.size != size => Some(Fate::Changed),
        Some(_) => None,
    }
}

/// What becomes of a file.
pub(crate) fn fate(fingerprint: &Fingerprint, there: Option<&There>) -> Fate {
    match there {
        None => Fate::New,
        Some(there) if fingerprint.is(&there.digest) => Fate::Same,
        Some(_) => Fate::Changed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_compared_under_both_names() {
        let ours = Fingerprint::of(b"abc");
        let there = |digest| There { digest, size: 3 };
        assert_eq!(fate(&ours, None), Fate::New);
        for digest in [Digest::git_blob(b"abc"), Digest::sha256(b"abc")] {
            assert_eq!(fate(&ours, Some(&there(digest))), Fate::Same);
        }
        for digest in [Digest::git_blob(b"abd"), Digest::sha256(b"abd")] {
            assert_eq!(fate(&ours, Some(&there(digest))), Fate::Changed);
        }
    }

    #[test]
    fn a_size_tells_that_it_is_another_and_never_that_it_is_the_same() {
        let there = There {
            digest: Digest::sha256(b"abc"),
            size: 3,
        };
        assert_eq!(by_size(3, None), Some(Fate::New));
        assert_eq!(by_size(4, Some(&there)), Some(Fate::Changed));
        assert_eq!(by_size(3, Some(&there)), None);
    }
}
