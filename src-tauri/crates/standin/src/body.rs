//! Bodies on their way out: in small pieces, counted as they are handed over, at a bounded speed,
//! and broken where a fault wants it.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, stream};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::content::Content;
use crate::line::Pace;
use crate::log::Entry;

/// Time for what was handed over to leave the machine before the connection is cut.
const FLUSH: Duration = Duration::from_millis(20);

/// A body, and what is to happen to it.
pub(crate) struct Outgoing {
    pub(crate) content: Content,
    pub(crate) start: u64,
    pub(crate) length: u64,
    pub(crate) end: End,
    /// A place in the body where a byte is to be wrong.
    pub(crate) flip: Option<u64>,
    pub(crate) entry: Arc<Entry>,
    /// Bytes handed over at once.
    pub(crate) piece: u64,
    /// Each is waited for: the line that all share, and the connection's own.
    pub(crate) paces: Vec<Arc<Pace>>,
    pub(crate) stop: CancellationToken,
}

/// What comes after the last byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// The next answer.
    Proper,
    /// The connection closes.
    Cut,
    /// Nothing, for ever.
    Stall,
}

impl Outgoing {
    /// The pieces, made one by one as the connection takes them.
    pub(crate) fn into_stream(self) -> impl Stream<Item = io::Result<Bytes>> {
        stream::unfold((self, 0), |(body, at)| async move {
            let piece = body.piece(at).await?;
            let next = at + piece.as_ref().map_or(0, |bytes| bytes.len() as u64);
            Some((piece, (body, next)))
        })
    }

    async fn piece(&self, at: u64) -> Option<io::Result<Bytes>> {
        if self.stop.is_cancelled() {
            return Some(Err(closed()));
        }
        if at >= self.length {
            match self.end {
                End::Proper => return None,
                End::Cut => sleep(FLUSH).await,
                End::Stall => self.stop.cancelled().await,
            }
            return Some(Err(closed()));
        }
        let length = self.piece.min(self.length - at);
        for pace in &self.paces {
            tokio::select! {
                () = pace.wait(length) => {}
                () = self.stop.cancelled() => return Some(Err(closed())),
            }
        }
        let bytes = self.read(at, length);
        self.entry.add_body_bytes(length);
        Some(Ok(bytes))
    }

    /// What lies beyond the content is zeros: a body can be made longer than its file.
    fn read(&self, at: u64, length: u64) -> Bytes {
        let bytes = self.content.read(self.start + at, length);
        let flip = self.flip.filter(|place| (at..at + length).contains(place));
        if flip.is_none() && bytes.len() as u64 == length {
            return bytes;
        }
        let mut bytes = bytes.to_vec();
        bytes.resize(length as usize, 0);
        if let Some(place) = flip {
            bytes[(place - at) as usize] ^= 0xff;
        }
        bytes.into()
    }
}

fn closed() -> io::Error {
    io::ErrorKind::ConnectionReset.into()
}
