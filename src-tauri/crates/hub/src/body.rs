use std::fmt;
use std::ops::Range;
use std::time::Duration;

use bytes::Bytes;
use hubdesk_core::{CommitId, Digest, RepoId, Token};
use reqwest::Response;
use reqwest::header::{CONTENT_RANGE, HeaderMap};
use tokio::time::timeout;

use crate::classify::{refusal, storage_refusal};
use crate::exchange::text;
use crate::fault::{malformed, network_fault};
use crate::sent::Sent;
use crate::{Error, Exchange, Hub};

/// The bytes of a file on their way, and what the answer says about them. Dropping it closes the
/// connection unless everything was read.
pub struct Body {
    /// Which part of the file this is.
    pub extent: Extent,
    /// How many bytes will come, if the answer says so.
    pub length: Option<u64>,
    /// What the endpoint calls the content; `None` if it was not asked, or did not say.
    pub etag: Option<Digest>,
    /// How large the endpoint says the content is.
    pub linked_size: Option<u64>,
    /// The commit the endpoint says it is from.
    pub commit: Option<CommitId>,
    response: Response,
    exchange: Exchange,
    /// What it was asked with: it must not be quoted.
    token: Option<Token>,
    stall: Duration,
    /// For a body that is read into memory.
    longest: Duration,
}

/// Which part of a file an answer holds, by its own account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Extent {
    /// All of it, whatever was asked for.
    Whole,
    /// A range.
    Part {
        /// The bytes, the end not included.
        range: Range<u64>,
        /// The size of the whole file, if the answer says so.
        total: Option<u64>,
    },
}

impl Body {
    /// Reads the head of the answer to a request for bytes. `said` are the endpoint's headers, if
    /// it had a word in this; `about` is set if the answer itself is the endpoint's.
    pub(crate) async fn open(
        hub: &Hub,
        sent: Sent,
        said: Option<&HeaderMap>,
        about: Option<&RepoId>,
    ) -> Result<Self, Error> {
        if sent.is_refusal() {
            let token = sent.token.clone();
            let (headers, exchange) = hub.explain(sent, token.as_ref()).await;
            return Err(match about {
                Some(_) => refusal(&headers, about, exchange),
                None => storage_refusal(&headers, exchange),
            });
        }
        if sent.is_encoded() {
            return Err(sent.unexpected("the bytes are packed although we asked for them plain"));
        }
        let length = sent.response.content_length();
        let extent = match sent.response.status().as_u16() {
            200 => Extent::Whole,
            206 => part(sent.response.headers(), length)
                .ok_or_else(|| sent.unexpected("a part that does not say which"))?,
            _ => return Err(sent.unexpected("a status that is neither 200 nor 206")),
        };
        let etag = said.and_then(|said| text(said, "x-linked-etag").or_else(|| text(said, "etag")));
        let etag = match etag {
            Some(text) => Some(
                Digest::parse_etag(&text)
                    .ok_or_else(|| sent.unexpected(&format!("the etag {text}")))?,
            ),
            None => None,
        };
        let said = |name| text(said?, name);
        Ok(Self {
            extent,
            length,
            etag,
            linked_size: said("x-linked-size").and_then(|size| size.parse().ok()),
            commit: said("x-repo-commit").and_then(|commit| commit.parse().ok()),
            response: sent.response,
            exchange: sent.exchange,
            token: sent.token,
            stall: hub.profile().stall,
            longest: hub.profile().longest_body(),
        })
    }

    /// Who sends it.
    pub(crate) fn host(&self) -> &str {
        self.exchange.host()
    }

    /// The next bytes, or `None` at the end. [`Error::Stalled`] when none come for a while,
    /// [`Error::Cut`] when the connection ends before its time; what came before is good.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        match timeout(self.stall, self.response.chunk()).await {
            Ok(Ok(chunk)) => Ok(chunk),
            Ok(Err(error)) => Err(network_fault(error, self.exchange.clone())),
            Err(_) => Err(Error::Stalled {
                host: self.exchange.host().to_owned(),
                after: self.stall,
                exchange: Box::new(self.exchange.clone()),
            }),
        }
    }

    /// Reads the bytes of `wanted`, as far as the file has them. The answer may also be the whole
    /// file: then it is read only as far as needed.
    pub(crate) async fn piece(mut self, wanted: &Range<u64>) -> Result<Piece, Error> {
        let (start, total) = match &self.extent {
            Extent::Whole => (0, self.length),
            Extent::Part { range, total } => (range.start, *total),
        };
        let skip = wanted.start.checked_sub(start);
        let skip = match (&self.extent, skip) {
            (Extent::Whole, Some(skip)) | (_, Some(skip @ 0)) => skip as usize,
            _ => return Err(self.unexpected("another part than was asked for")),
        };
        let length = (wanted.end - wanted.start) as usize;
        let mut bytes = self.read_to(skip + length).await?;
        bytes.drain(..skip.min(bytes.len()));
        bytes.truncate(length);
        Ok(Piece {
            bytes,
            total,
            exchange: self.exchange,
            token: self.token,
        })
    }

    /// Reads the whole file, of at most `most` bytes.
    pub(crate) async fn whole(mut self, most: usize) -> Result<Piece, Error> {
        if self.extent != Extent::Whole {
            return Err(self.unexpected("a part where the whole file was asked for"));
        }
        let bytes = self.read_to(most + 1).await?;
        if bytes.len() > most {
            return Err(self.unexpected("larger than any such file may be"));
        }
        Ok(Piece {
            total: Some(bytes.len() as u64),
            bytes,
            exchange: self.exchange,
            token: self.token,
        })
    }

    /// The bytes up to the end, or until there are `enough`, perhaps some more.
    /// [`Error::Timeout`] when they come too slowly.
    async fn read_to(&mut self, enough: usize) -> Result<Vec<u8>, Error> {
        let (exchange, longest) = (Box::new(self.exchange.clone()), self.longest);
        let reading = async {
            let mut bytes = Vec::new();
            while bytes.len() < enough {
                match self.chunk().await? {
                    Some(chunk) => bytes.extend_from_slice(&chunk),
                    None => break,
                }
            }
            Ok(bytes)
        };
        let read = timeout(longest, reading).await;
        read.unwrap_or(Err(Error::Timeout { exchange }))
    }

    /// The error for bytes that are not what was to come.
    pub(crate) fn unexpected(&self, what: &str) -> Error {
        malformed(what, self.exchange.clone(), self.token.as_ref())
    }
}

/// A part of a file in memory, or all of it.
pub(crate) struct Piece {
    pub(crate) bytes: Vec<u8>,
    /// The size of the whole file, if the answer says so.
    pub(crate) total: Option<u64>,
    pub(crate) exchange: Exchange,
    /// What it was asked with: it must not be quoted.
    pub(crate) token: Option<Token>,
}

/// Not derived: the response knows its full address, signature included.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body")
            .field("extent", &self.extent)
            .field("length", &self.length)
            .field("etag", &self.etag)
            .field("exchange", &self.exchange)
            .finish_non_exhaustive()
    }
}

/// The extent of a 206, if it is well-formed and as long as the answer says.
fn part(headers: &HeaderMap, length: Option<u64>) -> Option<Extent> {
    let (range, total) = parse_content_range(headers.get(CONTENT_RANGE)?.to_str().ok()?)?;
    let fits = length.is_none_or(|length| length == range.end - range.start);
    fits.then_some(Extent::Part { range, total })
}

/// `bytes 0-9/100` or `bytes 0-9/*`.
fn parse_content_range(header: &str) -> Option<(Range<u64>, Option<u64>)> {
    let (range, total) = header.strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let (first, end) = (number(first)?, number(last)?.checked_add(1)?);
    let total = match total {
        "*" => None,
        total => Some(number(total)?),
    };
    let is_sound = first < end && total.is_none_or(|total| end <= total);
    is_sound.then_some((first..end, total))
}

/// Digits only: Rust's own parser also takes a plus sign.
fn number(text: &str) -> Option<u64> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_a_sound_content_range_is_read() {
        for (header, expected) in [
            ("bytes 0-9/100", Some((0..10, Some(100)))),
            ("bytes 90-99/100", Some((90..100, Some(100)))),
            ("bytes 5-5/*", Some((5..6, None))),
            ("bytes 90-100/100", None),
            ("bytes 9-0/100", None),
            ("bytes +1-9/100", None),
            ("bytes -9/100", None),
            ("bytes */100", None),
            ("bytes 0-18446744073709551615/*", None),
            ("bytes 0-9", None),
            ("items 0-9/100", None),
            ("", None),
        ] {
            assert_eq!(parse_content_range(header), expected, "{header}");
        }
    }

    proptest! {
        #[test]
        fn a_written_range_is_read_back(first in 0..1u64 << 40, length in 1..1u64 << 40, more in 0..9u64) {
            let (end, total) = (first + length, first + length + more);
            let header = format!("bytes {first}-{}/{total}", end - 1);
            prop_assert_eq!(parse_content_range(&header), Some((first..end, Some(total))));
        }
    }
}
