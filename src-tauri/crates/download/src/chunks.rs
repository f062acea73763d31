use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard};

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use hubdesk_core::{CommitId, Tally};
use hubdesk_hub::Repo;
use hubdesk_xet::{Error as XetError, Piece, Reader, Xet, XetFile};
use tokio::time::{Instant, interval_at, timeout_at};

use crate::halt::Halt;
use crate::step::Step;
use crate::writer::Writer;
use crate::{Error, Wait};

/// The way to a commit's large files through the chunk store, shared by all files of a run.
///
/// It is never the only way. Where it leads nowhere, what came is kept and the rest comes over plain
/// HTTP; a store that is in trouble is left alone for the rest of the run.
pub(crate) struct Chunks {
    reader: Reader,
    is_given_up: AtomicBool,
    /// The files of which every byte came from here.
    whole: Mutex<HashSet<XetFile>>,
    /// When something came last, for whichever file: they share the line.
    moved: Mutex<Instant>,
}

/// How reading one file ended before its end.
enum End {
    Halt(Halt),
    /// Nothing came for too long.
    Silent,
    Failed(XetError),
}

impl Chunks {
    /// Nothing is asked before something is read.
    pub(crate) fn new(xet: &Xet, repo: Repo, commit: &CommitId) -> Self {
        Self {
            reader: Reader::new(xet, repo, commit.clone().into()),
            is_given_up: AtomicBool::new(false),
            whole: Mutex::default(),
            moved: Mutex::new(Instant::now()),
        }
    }

    /// Writes what the store gives of what is missing. That may be less than everything, or nothing;
    /// an error is only what would be the same over plain HTTP.
    pub(crate) async fn fill(
        &self,
        step: &Step<'_>,
        file: &XetFile,
        writer: &Writer,
        tally: &Tally<'_>,
    ) -> Result<(), Halt> {
        self.whole().remove(file);
        if self.is_given_up.load(Ordering::Relaxed) {
            return Ok(());
        }
        let is_from_nothing = writer.partial().finished().is_empty();
        let end = self.read(step, file, writer, tally).await;
        let is_over_for_all = match end {
            Ok(()) => {
                if is_from_nothing {
                    self.whole().insert(file.clone());
                }
                return Ok(());
            }
            Err(End::Halt(halt)) => return Err(halt),
            Err(End::Failed(XetError::Key { source })) if is_refusal(&source) => {
                let repo = step.request.repo.clone();
                return Err(Error::Hub { repo, source }.into());
            }
            Err(End::Silent) => {
                tracing::warn!("the chunk store fell silent; going on over plain HTTP");
                true
            }
            Err(End::Failed(error)) => {
                tracing::warn!(?error, "going on over plain HTTP");
                // Of other files nothing is known when the store does not have this one, or not right.
                !matches!(error, XetError::NotFound { .. } | XetError::Broken { .. })
            }
        };
        self.is_given_up
            .fetch_or(is_over_for_all, Ordering::Relaxed);
        step.progress.wait(Wait::ChunkStore);
        Ok(())
    }

    /// Whether every byte of `file` came from here in this run.
    pub(crate) fn brought_all_of(&self, file: &XetFile) -> bool {
        self.whole().contains(file)
    }

    async fn read(
        &self,
        step: &Step<'_>,
        file: &XetFile,
        writer: &Writer,
        tally: &Tally<'_>,
    ) -> Result<(), End> {
        let tuning = &step.parts.tuning;
        let mut reading = self.reader.read(file, writer.partial().missing());
        let mut settling = interval_at(Instant::now() + tuning.settle_every, tuning.settle_every);
        let mut settles = FuturesUnordered::new();
        self.touch();
        let end = loop {
            let deadline = self.moved() + tuning.chunk_patience;
            tokio::select! {
                biased;
                () = step.cancel.cancelled() => break Err(End::Halt(Halt::Cancelled)),
                Some(()) = settles.next() => {}
                _ = settling.tick() => settles.push(writer.settle(step)),
                next = timeout_at(deadline, reading.next()) => match next {
                    Ok(Ok(Some(piece))) => {
                        step.progress.moving();
                        let written = write(step, piece, writer, tally).await;
                        // Neither the disk nor the bound on the bandwidth is the store's silence.
                        self.touch();
                        if let Err(halt) = written {
                            break Err(End::Halt(halt));
                        }
                    }
                    Ok(Ok(None)) => break Ok(()),
                    Ok(Err(error)) => break Err(End::Failed(error)),
                    // Another file got something meanwhile.
                    Err(_) if self.moved() + tuning.chunk_patience > deadline => {}
                    Err(_) => break Err(End::Silent),
                },
            }
        };
        // Nothing of a run is at work when it has ended.
        while settles.next().await.is_some() {}
        end
    }

    fn whole(&self) -> MutexGuard<'_, HashSet<XetFile>> {
        self.whole
            .lock()
            .expect("nothing panics while it holds this lock")
    }

    fn touch(&self) {
        *self
            .moved
            .lock()
            .expect("nothing panics while it holds this lock") = Instant::now();
    }

    fn moved(&self) -> Instant {
        *self
            .moved
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}

async fn write(
    step: &Step<'_>,
    piece: Piece,
    writer: &Writer,
    tally: &Tally<'_>,
) -> Result<(), Halt> {
    let length = piece.bytes.len();
    tally.add_moved(length as u64);
    let mut buffer = writer.buffer(piece.offset, length);
    buffer.take(piece.bytes);
    buffer.write(step).await?;
    step.allow(length).await
}

/// Whether the Hub has said no, which it would say again when asked for the file itself.
fn is_refusal(error: &hubdesk_hub::Error) -> bool {
    use hubdesk_hub::Error::{Disabled, Forbidden, Gated, OfflineMode, SignedOut};
    matches!(
        error,
        SignedOut { .. } | Gated { .. } | Forbidden { .. } | Disabled { .. } | OfflineMode { .. }
    )
}
