use std::sync::{Arc, Mutex};

use bytes::Bytes;
use hubdesk_cache::Partial;
use hubdesk_core::Digest;

use crate::Stage;
use crate::halt::{Halt, blocking};
use crate::prefix::PrefixHasher;
use crate::step::Step;

/// Puts the bytes of one large file on disk, whoever brings them and in whatever order.
pub(crate) struct Writer(Arc<Shared>);

struct Shared {
    partial: Arc<Partial>,
    hasher: PrefixHasher,
    /// Held while the journal is brought up to date. Whoever would widen the gap waits for it, and
    /// so the gap stays bounded when the disk is slower than the network.
    saving: Mutex<()>,
    save_every: u64,
}

/// Bytes collected for one write, in the pieces they came in.
pub(crate) struct Buffer {
    writer: Arc<Shared>,
    start: u64,
    pieces: Vec<Bytes>,
    length: usize,
    limit: usize,
}

/// More pieces than this are not collected: who sends crumbs must not cost memory.
const MOST_PIECES: usize = 64;

impl Writer {
    pub(crate) fn new(partial: Arc<Partial>, hasher: PrefixHasher, save_every: u64) -> Self {
        Self(Arc::new(Shared {
            partial,
            hasher,
            saving: Mutex::new(()),
            save_every,
        }))
    }

    pub(crate) fn partial(&self) -> &Arc<Partial> {
        &self.0.partial
    }

    /// An empty buffer for bytes from `start` on.
    pub(crate) fn buffer(&self, start: u64, limit: usize) -> Buffer {
        Buffer {
            writer: Arc::clone(&self.0),
            start,
            pieces: Vec::new(),
            length: 0,
            limit,
        }
    }

    /// The digest of the whole file, which must be all there.
    pub(crate) async fn digest(&self, step: &Step<'_>) -> Result<Digest, Halt> {
        step.progress.enter(Stage::Verifying);
        tracing::debug!("all bytes are there");
        loop {
            let shared = Arc::clone(&self.0);
            let some = blocking(move || shared.hasher.finish_some(&shared.partial)).await;
            match some {
                Ok(Some(digest)) => {
                    tracing::debug!("the digest is known");
                    // Others may still be on the way.
                    step.progress.moving();
                    return Ok(digest);
                }
                Ok(None) if step.cancel.is_cancelled() => return Err(Halt::Cancelled),
                Ok(None) => {}
                Err(error) => return Err(step.cache_error(error).into()),
            }
        }
    }

    /// Brings the journal up to date for the next run. Failing at it only costs bytes.
    pub(crate) async fn save_what_arrived(&self, step: &Step<'_>) {
        if let Err(error) = step.on_partial(&self.0.partial, Partial::save).await {
            tracing::warn!(?error, "what arrived last will be fetched again");
        }
    }

    /// Makes the disk have what was saved. Failing at it matters only if the power fails, too.
    pub(crate) async fn settle(&self, step: &Step<'_>) {
        if let Err(error) = step.on_partial(&self.0.partial, Partial::settle).await {
            tracing::warn!(?error, "a power cut would cost what arrived");
        }
    }
}

impl Shared {
    fn write(&self, start: u64, pieces: &[Bytes]) -> Result<(), hubdesk_cache::Error> {
        let mut at = start;
        for piece in pieces {
            self.partial.write_at(at, piece)?;
            at += piece.len() as u64;
        }
        if self.partial.unsaved() >= self.save_every {
            let _turn = self
                .saving
                .lock()
                .expect("nothing panics while it holds this lock");
            if self.partial.unsaved() >= self.save_every {
                self.partial.save()?;
            }
        }
        self.hasher.advance(&self.partial, start, pieces)
    }
}

impl Buffer {
    pub(crate) fn take(&mut self, bytes: Bytes) {
        self.length += bytes.len();
        self.pieces.push(bytes);
    }

    pub(crate) fn is_full(&self) -> bool {
        self.length >= self.limit || self.pieces.len() >= MOST_PIECES
    }

    /// Where the byte after the last one collected belongs.
    pub(crate) fn end(&self) -> u64 {
        self.start + self.length as u64
    }

    /// Writes what was collected and begins anew behind it.
    pub(crate) async fn write(&mut self, step: &Step<'_>) -> Result<(), Halt> {
        if self.length == 0 {
            return Ok(());
        }
        let (writer, start) = (Arc::clone(&self.writer), self.start);
        let pieces = std::mem::take(&mut self.pieces);
        self.start = self.end();
        self.length = 0;
        let written = blocking(move || writer.write(start, &pieces)).await;
        written.map_err(|error| step.cache_error(error).into())
    }
}
