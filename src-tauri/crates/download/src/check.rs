use std::ops::Range;

use hubdesk_core::{Digest, RepoId};
use hubdesk_hub::{Body, Extent};
use hubdesk_xet::XetFile;

use crate::Error;

/// What one file must turn out to be, as the listing said.
#[derive(Debug, Clone)]
pub(crate) struct Expected {
    pub(crate) repo: RepoId,
    pub(crate) path: String,
    pub(crate) size: u64,
    pub(crate) digest: Digest,
    /// The same in the chunk store, if it is there.
    pub(crate) in_chunks: Option<XetFile>,
}

/// What the server answered to a request for bytes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The body is what was asked for, or the beginning of it.
    AsAsked,
    /// The range was ignored: the body is the whole file.
    FromStart,
}

impl Expected {
    /// Looks at status, range, etag and length of an answer to a request for `asked`
    /// (the whole file when `None`), before a byte of its body is used.
    pub(crate) fn check(&self, asked: Option<&Range<u64>>, body: &Body) -> Result<Answer, Error> {
        if body.etag.is_some_and(|etag| etag != self.digest) {
            return Err(self.changed());
        }
        if let Some(size) = body.linked_size
            && size != self.size
        {
            return Err(self.wrong_length(size));
        }
        match (&body.extent, asked) {
            (Extent::Part { range, total }, Some(asked)) => {
                if let Some(total) = *total
                    && total != self.size
                {
                    return Err(self.wrong_length(total));
                }
                let is_as_asked = range.start == asked.start && range.end <= asked.end;
                if is_as_asked {
                    Ok(Answer::AsAsked)
                } else {
                    Err(self.unusable("another range than the one asked for"))
                }
            }
            (Extent::Part { .. }, None) => {
                Err(self.unusable("a part where the whole file was asked for"))
            }
            (Extent::Whole, asked) => {
                if let Some(length) = body.length
                    && length != self.size
                {
                    return Err(self.wrong_length(length));
                }
                let is_as_asked = asked.is_none_or(|asked| *asked == (0..self.size));
                Ok(if is_as_asked {
                    Answer::AsAsked
                } else {
                    Answer::FromStart
                })
            }
        }
    }

    /// Compares what arrived with the listing.
    pub(crate) fn check_digest(&self, actual: Digest) -> Result<(), Error> {
        if actual == self.digest {
            return Ok(());
        }
        Err(Error::Corrupt {
            repo: self.repo.clone(),
            path: self.path.clone(),
            expected: self.digest,
            actual,
        })
    }

    pub(crate) fn wrong_length(&self, actual: u64) -> Error {
        Error::WrongLength {
            repo: self.repo.clone(),
            path: self.path.clone(),
            expected: self.size,
            actual,
        }
    }

    fn changed(&self) -> Error {
        Error::Changed {
            repo: self.repo.clone(),
            path: self.path.clone(),
        }
    }

    pub(crate) fn unusable(&self, what: &'static str) -> Error {
        Error::Unusable {
            repo: self.repo.clone(),
            what,
        }
    }
}
