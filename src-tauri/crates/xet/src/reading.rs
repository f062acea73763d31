use std::ops::Range;

use bytes::Bytes;
use xet::xet_session::{XetFileInfo, XetUnorderedDownloadStream};

use crate::gaps::Gaps;
use crate::reader::Key;
use crate::{Error, Reader, XetFile};

/// Some of a file's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Where they belong in the file.
    pub offset: u64,
    /// The bytes; never none.
    pub bytes: Bytes,
}

/// A file on its way from the store.
///
/// Dropping it is how to stop, and to pause: nothing further is asked for. Requests that are out at
/// that moment, [`Options::memory_bytes`] at most, are read to their end or to the profile's
/// `stall` and thrown away; the store's client knows no way to call them back.
///
/// [`Options::memory_bytes`]: crate::Options::memory_bytes
pub struct Reading {
    reader: Reader,
    file: XetFile,
    missing: Gaps,
    open: Option<Open>,
    /// The key the store refused last, and what was missing then.
    refused: Option<(u64, u64)>,
}

/// What one stream of the store's client brings.
struct Open {
    stream: XetUnorderedDownloadStream,
    range: Range<u64>,
    key: Key,
}

impl Reading {
    pub(crate) fn new(reader: Reader, file: XetFile, missing: Gaps) -> Self {
        Self {
            reader,
            file,
            missing,
            open: None,
            refused: None,
        }
    }

    /// The next piece, in the order they arrive; `None` when everything asked for was given. After
    /// an error, asking again begins anew with what is still missing. May be dropped while it
    /// waits: nothing is lost.
    pub async fn next(&mut self) -> Result<Option<Piece>, Error> {
        while let Some(gap) = self.missing.first() {
            let open = match &mut self.open {
                Some(open) => open,
                none => none.insert(open(&self.reader, &self.file, gap, self.refused).await?),
            };
            match open.stream.next().await {
                Ok(Some((at, bytes))) if bytes.is_empty() => {
                    tracing::debug!(at, "an empty piece");
                }
                Ok(Some((at, bytes))) => return self.take(at, bytes).map(Some),
                Ok(None) => self.close().await?,
                Err(error) => {
                    let key = open.key.number;
                    self.fail(Error::of(&error), key)?;
                }
            }
        }
        self.open = None;
        Ok(None)
    }

    /// Bytes that were asked for and did not come yet.
    pub fn missing_bytes(&self) -> u64 {
        self.missing.bytes()
    }

    fn take(&mut self, at: u64, bytes: Bytes) -> Result<Piece, Error> {
        let start = self.open.as_ref().map_or(0, |open| open.range.start);
        let offset = start.saturating_add(at);
        let end = offset.saturating_add(bytes.len() as u64);
        if self.missing.fill(offset..end) {
            return Ok(Piece { offset, bytes });
        }
        self.open = None;
        let why = "bytes that were not asked for, or came before".to_owned();
        Err(Error::Broken { why })
    }

    /// A stream is over, and should have brought everything. When a recipe cannot be had, the
    /// store's client closes the stream before it writes down why (hf-xet 1.8.0), and all we see is
    /// an early end; a single byte, asked for in another way, tells.
    async fn close(&mut self) -> Result<(), Error> {
        let Some(open) = self.open.take() else {
            return Ok(());
        };
        let Some(gap) = self.missing.first() else {
            return Ok(());
        };
        if !self.missing.touches(&open.range) {
            return Ok(());
        }
        let key = &open.key;
        match self.reader.probe(&self.file, gap.start, key).await {
            Err(error) => self.fail(error, key.number),
            Ok(()) => Err(Error::Unreachable {
                why: "it ended early".to_owned(),
            }),
        }
    }

    /// A key may have come to its end on the way: then a new one is asked for, unless the last new
    /// one brought nothing.
    fn fail(&mut self, error: Error, key: u64) -> Result<(), Error> {
        self.open = None;
        if !matches!(error, Error::Refused { .. }) {
            return Err(error);
        }
        let missing = self.missing.bytes();
        if self.refused.is_some_and(|(_, then)| then == missing) {
            self.refused = None;
            return Err(error);
        }
        tracing::debug!("the store wants another key");
        self.refused = Some((key, missing));
        Ok(())
    }
}

async fn open(
    reader: &Reader,
    file: &XetFile,
    range: Range<u64>,
    refused: Option<(u64, u64)>,
) -> Result<Open, Error> {
    let key = reader.key(refused.map(|(number, _)| number)).await?;
    let info = XetFileInfo::new(file.hash().to_owned(), file.size());
    let stream = key
        .group
        .download_unordered_stream(info, Some(range.clone()))
        .await;
    Ok(Open {
        stream: stream.map_err(|error| Error::of(&error))?,
        range,
        key,
    })
}
