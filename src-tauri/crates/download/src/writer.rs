use std::sync::{Arc, Mutex};

use bytes::BytesMut;
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

/// Bytes collected for one write.
pub(crate) struct Buffer {
    writer: Arc<Shared>,
    start: u64,
    bytes: BytesMut,
    limit: usize,
}

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
            bytes: BytesMut::with_capacity(limit),
            limit,
        }
    }

    /// The digest of the whole file, which must be all there.
    pub(crate) async fn digest(&self, step: &Step<'_>) -> Result<Digest, Halt> {
        step.progress.enter(Stage::Verifying);
        loop {
            let shared = Arc::clone(&self.0);
            let some = blocking(move || shared.hasher.finish_some(&shared.partial)).await;
            match some {
                Ok(Some(digest)) => {
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
}

impl Shared {
    fn write(&self, start: u64, bytes: &[u8]) -> Result<(), hubdesk_cache::Error> {
        self.partial.write_at(start, bytes)?;
        if self.partial.unsaved() >= self.save_every {
            let _turn = self
                .saving
                .lock()
                .expect("nothing panics while it holds this lock");
            if self.partial.unsaved() >= self.save_every {
                self.partial.save()?;
            }
        }
        self.hasher.advance(&self.partial)
    }
}

impl Buffer {
    pub(crate) fn take(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    pub(crate) fn is_full(&self) -> bool {
        self.bytes.len() >= self.limit
    }

    /// Where the byte after the last one collected belongs.
    pub(crate) fn end(&self) -> u64 {
        self.start + self.bytes.len() as u64
    }

    /// Writes what was collected and begins anew behind it.
    pub(crate) async fn write(&mut self, step: &Step<'_>) -> Result<(), Halt> {
        if self.bytes.is_empty() {
            return Ok(());
        }
        let (writer, start) = (Arc::clone(&self.writer), self.start);
        let bytes = std::mem::take(&mut self.bytes);
        self.start += bytes.len() as u64;
        let (written, bytes) = blocking(move || (writer.write(start, &bytes), bytes)).await;
        self.bytes = bytes;
        self.bytes.clear();
        written.map_err(|error| step.cache_error(error).into())
    }
}
