//! Bytes of files, piece by piece, on their way out.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use hubdesk_core::Share;
use hubdesk_disk::read_at;
use hubdesk_hub::Bytestream;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::fingerprint::{Hashing, LARGEST_BLOB, Reading};
use crate::halt::blocking;
use crate::{Content, Error, Fingerprint, Found, Progress};

/// What is read at once for a storage host, in bytes.
const PIECE: u64 = 1 << 20;
/// Pieces that are read ahead.
const AHEAD: usize = 2;
/// When so many bytes are held, short pieces are read: two blocks of the chunk store. Nothing that is
/// new throughout comes to that.
const MOST_HELD: u64 = 128 << 20;
/// The length of a short piece, in bytes: about that of a chunk.
const SHORT: usize = 64 << 10;

/// How many bytes of pieces somebody has hold of.
///
/// The chunk store's client cuts its chunks out of the pieces it is given, and one new chunk holds all
/// of its piece until its block is sent. Where little is new, here and there, that comes to many times
/// the block.
#[derive(Debug, Clone, Default)]
pub(crate) struct Held(Arc<AtomicU64>);

/// Bytes that are counted for as long as anybody has some of them.
struct Counted {
    bytes: Vec<u8>,
    held: Held,
}

impl Held {
    fn count(&self, bytes: Vec<u8>) -> Bytes {
        self.0.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        let held = self.clone();
        Bytes::from_owner(Counted { bytes, held })
    }

    /// How long the next piece is, if it should be `wanted` bytes.
    fn next(&self, wanted: usize) -> usize {
        match self.0.load(Ordering::Relaxed) {
            held if held < MOST_HELD => wanted,
            _ => wanted.min(SHORT),
        }
    }
}

impl AsRef<[u8]> for Counted {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let bytes = self.bytes.len() as u64;
        self.held.0.fetch_sub(bytes, Ordering::Relaxed);
    }
}

/// A file from its beginning to its end. The next pieces are read while one is on its way.
pub(crate) struct Pieces {
    pieces: mpsc::Receiver<Bytes>,
    reading: JoinHandle<Result<Option<Fingerprint>, Error>>,
}

impl Pieces {
    /// Begins to read `found`, `length` bytes at a time, or less while too much is held.
    pub(crate) fn open(found: &Found, length: usize, held: &Held) -> Self {
        let (give, pieces) = mpsc::channel(AHEAD);
        let (found, held) = (found.clone(), held.clone());
        let reading = tokio::task::spawn_blocking(move || read(&found, length, &held, &give));
        Self { pieces, reading }
    }

    /// The next piece; `None` at the end, or when something went wrong.
    pub(crate) async fn next(&mut self) -> Option<Bytes> {
        self.pieces.recv().await
    }

    /// What was read, after the last piece; `None` of a long file, whose sha256 is computed where
    /// it is sent to. An error if something went wrong, or the file is not any more what it was.
    pub(crate) async fn finish(self) -> Result<Option<Fingerprint>, Error> {
        drop(self.pieces);
        match self.reading.await {
            Ok(end) => end,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
}

/// Nobody wants the rest when `give` is closed; what is returned then is not looked at.
fn read(
    found: &Found,
    length: usize,
    held: &Held,
    give: &mpsc::Sender<Bytes>,
) -> Result<Option<Fingerprint>, Error> {
    let (path, stamp) = match &found.content {
        Content::Bytes(bytes) => {
            let _ = give.blocking_send(bytes.clone());
            return Ok(Some(Fingerprint::of(bytes)));
        }
        Content::File { path, stamp } => (path, stamp),
    };
    let mut reading = Reading::open(path, stamp)?;
    let mut hashing = (found.size <= LARGEST_BLOB).then(|| Hashing::new(found.size));
    let mut left = found.size;
    loop {
        let mut piece = vec![0; held.next(length)];
        let count = reading.fill(&mut piece)?;
        piece.truncate(count);
        left = left
            .checked_sub(count as u64)
            .ok_or_else(|| reading.changed())?;
        if let Some(hashing) = &mut hashing {
            hashing.update(&piece);
        }
        if count == 0 || give.blocking_send(held.count(piece)).is_err() {
            break;
        }
    }
    reading.check()?;
    let fingerprint = hashing.map(Hashing::finish);
    match (left, fingerprint) {
        (0, None) => Ok(None),
        (0, Some(Some(fingerprint))) => Ok(Some(fingerprint)),
        _ => Err(reading.changed()),
    }
}

/// What bounds and counts the bytes of one file on their way out.
#[derive(Clone)]
pub(crate) struct Ties {
    pub(crate) share: Share,
    pub(crate) progress: Arc<Progress>,
    /// Bytes of the file that were sent, those sent twice included.
    pub(crate) sent: Arc<AtomicU64>,
    pub(crate) size: u64,
}

impl Ties {
    /// `bytes` more went out.
    pub(crate) fn count(&self, bytes: u64) {
        self.progress.meter.add_moved(bytes);
        let before = self.sent.fetch_add(bytes, Ordering::Relaxed);
        let counted = |sent: u64| sent.min(self.size);
        let tally = self.progress.meter.tally(counted(before));
        tally.set(counted(before.saturating_add(bytes)));
    }

    /// Nothing of it is there after all.
    pub(crate) fn forget(&self) {
        let before = self.sent.swap(0, Ordering::Relaxed);
        self.progress.meter.tally(before.min(self.size)).set(0);
    }

    /// All of it is there, however much of it went out.
    pub(crate) fn settle(&self) {
        let before = self.sent.swap(self.size, Ordering::Relaxed);
        self.progress
            .meter
            .tally(before.min(self.size))
            .set(self.size);
    }
}

/// The bytes of `found` at `range`. Bytes that are not there end the stream early.
pub(crate) fn stream_range(found: &Found, range: Range<u64>, ties: Ties) -> Bytestream {
    let content = found.content.clone();
    let state = (range, None::<Arc<File>>);
    stream::try_unfold(state, move |(range, file)| {
        let (content, ties) = (content.clone(), ties.clone());
        async move {
            if range.is_empty() {
                return Ok(None);
            }
            let length = PIECE.min(range.end - range.start);
            ties.share.acquire(length).await;
            let (bytes, file) = match content {
                Content::Bytes(all) => {
                    let end = (range.start + length).min(all.len() as u64);
                    (all.slice(range.start.min(end) as usize..end as usize), None)
                }
                Content::File { path, .. } => {
                    let at = range.start;
                    let (bytes, file) =
                        blocking(move || read_piece(&path, file, at, length as usize)).await?;
                    (bytes, Some(file))
                }
            };
            if bytes.is_empty() {
                return Ok(None);
            }
            let moved = bytes.len() as u64;
            ties.count(moved);
            Ok(Some((bytes, (range.start + moved..range.end, file))))
        }
    })
    .boxed()
}

fn read_piece(
    path: &Path,
    file: Option<Arc<File>>,
    at: u64,
    length: usize,
) -> io::Result<(Bytes, Arc<File>)> {
    let file = match file {
        Some(file) => file,
        None => Arc::new(File::open(path)?),
    };
    let mut bytes = vec![0; length];
    let mut filled = 0;
    while filled < length {
        match read_at(&file, &mut bytes[filled..], at + filled as u64)? {
            0 => break,
            count => filled += count,
        }
    }
    bytes.truncate(filled);
    Ok((bytes.into(), file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_get_short_while_too_much_of_them_is_held() {
        let held = Held::default();
        let piece = held.count(vec![7; 4096]);
        assert_eq!(piece, [7; 4096][..]);
        let rest = held.count(vec![0; MOST_HELD as usize - 4096]);
        let long = 1 << 20;
        assert_eq!(held.next(long), SHORT);
        assert_eq!(held.next(SHORT / 2), SHORT / 2, "never longer than wanted");
        let chunk = piece.slice(10..20);
        drop(piece);
        assert_eq!(held.next(long), SHORT, "a part holds all of it");
        drop(chunk);
        assert_eq!(held.next(long), long);
        drop(rest);
    }
}
