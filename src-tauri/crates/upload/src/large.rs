//! Large files of a batch on their way to where the server wants them.

use std::fmt::Display;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use hubdesk_hub::{LargeObject, Mode, Slot, Upload, Way};
use hubdesk_xet::{Batch, Error as XetError, Writer};
use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::ask::Item;
use crate::halt::{Halt, blocking};
use crate::pieces::{Held, Pieces, Ties, stream_range};
use crate::remote::failed;
use crate::run::Step;
use crate::silence::Watch;
use crate::{Content, Error, Fingerprint};

/// How often the Hub is asked anew for addresses that have come to their end.
const ROUNDS: u32 = 4;
/// A key to the chunk store that was good for so long has come to its end when it is refused; one
/// that was not, never was good.
const GOOD_KEY: Duration = Duration::from_secs(60);
/// What the store's client may collect of all files together before it sends a block, in MiB. Of each
/// file it may be a whole block, so that only small files are given to it side by side.
const COLLECTED_MIB: u32 = 64;
/// Keys for one batch, at most. One is good for about an hour.
const KEYS: u32 = 100;

impl Step<'_> {
    /// Sends the large files of a batch. Afterwards each has a fingerprint, and a commit may name
    /// it.
    pub(crate) async fn send_large(&self, items: &mut [Item]) -> Result<(), Halt> {
        let mut large: Vec<&mut Item> = items
            .iter_mut()
            .filter(|item| item.mode == Mode::Large)
            .collect();
        if large.is_empty() {
            return Ok(());
        }
        let _sending = self.ctx.progress.sending();
        if self.by_chunks(&mut large).await? {
            return Ok(());
        }
        self.by_storage(&mut large).await
    }

    /// By way of the chunk store. `false` if that leads nowhere, and plain HTTP may.
    async fn by_chunks(&self, items: &mut [&mut Item]) -> Result<bool, Halt> {
        let Some(xet) = &self.parts.xet else {
            return Ok(false);
        };
        if self.is_store_given_up.load(Ordering::Relaxed) {
            return Ok(false);
        }
        let writer = Writer::new(xet, self.repo.clone(), self.target());
        let ties: Vec<Ties> = items.iter().map(|item| self.ties(item)).collect();
        let mut refusals = 0;
        for _ in 0..KEYS {
            let begun = Instant::now();
            let through = self.through(&writer, items, &ties);
            let end = self.unless_cancelled(through).await?;
            if end.is_err() {
                ties.iter().for_each(Ties::forget);
            }
            match end {
                Ok(()) => return Ok(true),
                Err(Through::Halt(halt)) => return Err(halt),
                Err(Through::Store(XetError::Key { source })) if !is_not_offered(&source) => {
                    return Err(failed(&self.repo, source).into());
                }
                // The store's client cannot be given another key, so the batch begins anew. The
                // files are read again; what the store took of them is not sent again.
                Err(Through::Store(XetError::Refused { why })) => {
                    refusals += u32::from(begun.elapsed() < GOOD_KEY);
                    if refusals > 1 {
                        return Ok(self.give_up_store(&why));
                    }
                    tracing::info!(%why, "going on with a fresh key");
                }
                Err(Through::Store(error)) => return Ok(self.give_up_store(&error)),
                Err(Through::Silent) => return Ok(self.give_up_store(&"it fell silent")),
            }
        }
        Ok(self.give_up_store(&"no key lasts"))
    }

    /// `false`: the rest of the run goes the other way.
    fn give_up_store(&self, why: &dyn Display) -> bool {
        tracing::warn!(%why, "going on over plain HTTP");
        self.is_store_given_up.store(true, Ordering::Relaxed);
        false
    }

    async fn through(
        &self,
        writer: &Writer,
        items: &mut [&mut Item],
        ties: &[Ties],
    ) -> Result<(), Through> {
        let batch = writer.begin().await.map_err(Through::Store)?;
        let tuning = &self.parts.tuning;
        let watch = Watch::default();
        let (room, held) = (Semaphore::new(COLLECTED_MIB as usize), Held::default());
        let files = items.iter_mut().zip(ties).map(Ok);
        let giving = stream::iter(files).try_for_each_concurrent(
            tuning.chunked_at_once,
            async |(item, ties)| {
                // Not *elsewhere*: who has the room waits for the store as well.
                let turn = room.acquire_many(collected_mib(item.found.size));
                let _turn = turn.await.expect("it is not closed");
                self.give(&batch, item, ties, &watch, &held).await
            },
        );
        tokio::select! {
            biased;
            given = giving => given?,
            () = watch.silence(|| batch.moved(), || tuning.chunk_patience) => {
                return Err(Through::Silent);
            }
        }
        let patience = || match batch.has_sent_all() {
            true => tuning.settle_patience,
            false => tuning.chunk_patience,
        };
        tokio::select! {
            biased;
            settled = batch.finish() => settled.map_err(Through::Store),
            () = watch.silence(|| batch.moved(), patience) => Err(Through::Silent),
        }
    }

    async fn give(
        &self,
        batch: &Batch,
        item: &mut Item,
        ties: &Ties,
        watch: &Watch,
        held: &Held,
    ) -> Result<(), Through> {
        let _at_work = self.tell_begun(&item.path, &ties.sent);
        let sending = batch.file().await.map_err(Through::Store)?;
        let mut pieces = Pieces::open(&item.found, self.parts.tuning.write_bytes, held);
        while let Some(piece) = watch.elsewhere(pieces.next()).await {
            let length = piece.len() as u64;
            watch.elsewhere(ties.share.acquire(length)).await;
            sending.write(piece).await.map_err(Through::Store)?;
            watch.gave();
            ties.count(length);
        }
        let read = watch.elsewhere(pieces.finish()).await?;
        let taken = sending.finish().await.map_err(Through::Store)?;
        let fingerprint = read.unwrap_or_else(|| Fingerprint {
            size: taken.size,
            git_blob: None,
            sha256: taken.sha256,
            sample: item.sample.clone(),
        });
        let is_known = item
            .fingerprint
            .as_ref()
            .is_none_or(|known| *known == fingerprint);
        if !is_known || taken.sha256 != fingerprint.sha256 || taken.size != item.found.size {
            return Err(Through::Halt(self.changed(item)));
        }
        self.reader().remember(&item.found, &fingerprint);
        item.fingerprint = Some(fingerprint);
        Ok(())
    }

    /// By way of a storage host.
    async fn by_storage(&self, items: &mut [&mut Item]) -> Result<(), Halt> {
        self.read_all(items).await?;
        let mut left: Vec<&Item> = items.iter().map(|item| &**item).collect();
        for _ in 0..ROUNDS {
            let objects: Vec<_> = left.iter().map(|item| object(item)).collect();
            let target = self.target();
            let asked = self.repo.large_uploads(&target, &objects, false);
            let slots = self.unless_cancelled(asked).await?;
            let slots = slots.map_err(|source| failed(&self.repo, source))?;
            // Put together before anything is waited for, so that the run may move between threads.
            let sending: Vec<_> = left
                .into_iter()
                .zip(slots)
                .map(|(item, slot)| self.by_slot(item, slot))
                .collect();
            let mut sent = stream::iter(sending).buffer_unordered(self.parts.tuning.large_at_once);
            left = Vec::new();
            while let Some(again) = sent.try_next().await? {
                left.extend(again);
            }
            if left.is_empty() {
                return Ok(());
            }
        }
        Err(self.refused(left[0], "its addresses do not work".to_owned()))
    }

    /// Sends one file to where the Hub wants it. Gives it back if its addresses have come to their
    /// end.
    async fn by_slot<'i>(&self, item: &'i Item, slot: Slot) -> Result<Option<&'i Item>, Halt> {
        match slot.way {
            Way::Stored => {
                self.ties(item).settle();
                Ok(None)
            }
            Way::Upload(upload) => Ok(self.send(item, &upload).await?.then_some(item)),
            Way::Refused(why) => Err(self.refused(item, why)),
            Way::Xet(_) => Err(self.refused(item, String::new())),
        }
    }

    /// Fingerprints for all, each file read at most once.
    async fn read_all(&self, items: &mut [&mut Item]) -> Result<(), Halt> {
        stream::iter(items.iter_mut().map(Ok::<_, Halt>))
            .try_for_each_concurrent(self.parts.tuning.reads_at_once, async |item| {
                if item.fingerprint.is_none() {
                    let (reader, found) = (self.reader(), item.found.clone());
                    let read = blocking(move || reader.fingerprint(&found)).await?;
                    item.fingerprint = Some(read);
                }
                Ok(())
            })
            .await
    }

    /// Sends one file in its parts. `true` if its addresses have come to their end.
    async fn send(&self, item: &Item, upload: &Upload) -> Result<bool, Halt> {
        let ties = &self.ties(item);
        let _at_work = self.tell_begun(&item.path, &ties.sent);
        let parts = stream::iter(upload.parts().enumerate().map(Ok))
            .map_ok(|(part, range)| async move {
                let open = || stream_range(&item.found, range.clone(), ties.clone());
                upload.send(part, open).await
            })
            .try_buffer_unordered(self.parts.tuning.parts_at_once);
        let sending = async { upload.finish(parts.try_collect().await?).await };
        let sent = self.unless_cancelled(sending).await?;
        // Whatever the storage host thinks of it: bytes of another file are not to be named.
        self.check(item)?;
        match sent {
            Ok(()) => {
                ties.settle();
                Ok(false)
            }
            Err(hubdesk_hub::Error::Storage { .. }) => {
                ties.forget();
                Ok(true)
            }
            Err(source) => Err(failed(&self.repo, source).into()),
        }
    }

    fn check(&self, item: &Item) -> Result<(), Halt> {
        if let Content::File { path, stamp } = &item.found.content {
            crate::fingerprint::Reading::open(path, stamp)?;
        }
        Ok(())
    }

    fn ties(&self, item: &Item) -> Ties {
        Ties {
            share: self.ctx.share.clone(),
            progress: Arc::clone(&self.ctx.progress),
            sent: Arc::default(),
            size: item.found.size,
        }
    }

    fn changed(&self, item: &Item) -> Halt {
        let path = match &item.found.content {
            Content::File { path, .. } => path.clone(),
            Content::Bytes(_) => item.path.as_str().into(),
        };
        Error::Changed { path }.into()
    }

    fn refused(&self, item: &Item, why: String) -> Halt {
        let repo = self.repo.id().clone();
        let path = item.path.clone();
        Error::Refused { repo, path, why }.into()
    }
}

/// How the way through the chunk store ended early.
enum Through {
    Halt(Halt),
    Store(XetError),
    /// Nothing moved for too long.
    Silent,
}

impl From<Error> for Through {
    fn from(error: Error) -> Self {
        Self::Halt(error.into())
    }
}

/// How much of a file of `size` bytes the store's client may collect, in MiB.
fn collected_mib(size: u64) -> u32 {
    let mib = size.div_ceil(1 << 20).min(u64::from(COLLECTED_MIB));
    u32::try_from(mib).expect("no more than the most")
}

fn object(item: &Item) -> LargeObject {
    let fingerprint: &Fingerprint = item.fingerprint.as_ref().expect("all were read");
    LargeObject {
        sha256: fingerprint.sha256,
        size: fingerprint.size,
    }
}

/// Whether the Hub has no chunk store for this repository; any other refusal holds for plain HTTP
/// as well.
fn is_not_offered(error: &hubdesk_hub::Error) -> bool {
    matches!(error, hubdesk_hub::Error::NotFound(..))
}
