//! What is at work.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use hubdesk_core::Class;

use crate::files::Batch;
use crate::request::Request;
use crate::speed::Speed;
use crate::{Ctx, Live, Look, Outcome, Reason, Stop, Transfer, Worker};

pub(crate) type Work = Pin<Box<dyn Future<Output = Result<Outcome, Stop>> + Send>>;
pub(crate) type Check = Pin<Box<dyn Future<Output = bool> + Send>>;

/// A worker whose type is forgotten.
pub(crate) struct Hands {
    run: Box<dyn Fn(Request, Ctx) -> Work + Send + Sync>,
    is_cleared: Box<dyn Fn(Arc<Transfer>, Reason) -> Check + Send + Sync>,
}

impl Hands {
    pub(crate) fn of<W: Worker>(worker: Arc<W>) -> Self {
        let checker = Arc::clone(&worker);
        Self {
            run: Box::new(move |request, ctx| {
                let worker = Arc::clone(&worker);
                Box::pin(async move { worker.run(request, ctx).await })
            }),
            is_cleared: Box::new(move |transfer, reason| {
                let worker = Arc::clone(&checker);
                Box::pin(async move { worker.is_cleared(transfer, reason).await })
            }),
        }
    }

    pub(crate) fn run(&self, request: Request, ctx: Ctx) -> Work {
        (self.run)(request, ctx)
    }

    pub(crate) fn is_cleared(&self, transfer: Arc<Transfer>, reason: Reason) -> Check {
        (self.is_cleared)(transfer, reason)
    }
}

/// A run that is at work.
pub(crate) struct Run {
    ctx: Ctx,
    speed: Speed,
    /// Bytes that have been shown; a bar never goes backwards.
    bytes_shown: u64,
    bytes_moved: u64,
    /// Sign-ins there had been when it began.
    pub(crate) begun: u64,
}

impl Run {
    /// One of `transfer`, with `begun` sign-ins so far.
    pub(crate) fn new(ctx: Ctx, transfer: &Transfer, begun: u64) -> Self {
        Self {
            ctx,
            speed: Speed::default(),
            bytes_shown: transfer.bytes_done.unwrap_or(0),
            bytes_moved: 0,
            begun,
        }
    }

    /// It is so urgent from now on.
    pub(crate) fn set_class(&self, class: Class) {
        self.ctx.share.set_class(class);
    }

    /// Tells it to end.
    pub(crate) fn cancel(&self) {
        self.ctx.cancel.cancel();
    }

    /// Looks how much has moved at `now`; says whether anything has since the last look.
    pub(crate) fn note(&mut self, now: Duration) -> bool {
        let moved = self.ctx.progress.look().reading.bytes_moved;
        self.speed.note(now, moved);
        let has_moved = moved > self.bytes_moved;
        self.bytes_moved = moved;
        has_moved
    }

    /// Whether it has moved anything at all.
    pub(crate) fn has_moved(&self) -> bool {
        self.ctx.progress.look().reading.bytes_moved > 0
    }

    /// What it has told of its files and is not written yet, at most `limit` of them.
    pub(crate) fn files_to_write(&self, limit: usize) -> Option<Batch> {
        self.ctx.files.take(limit)
    }

    /// How many that are.
    pub(crate) fn files_waiting(&self) -> usize {
        self.ctx.files.waiting()
    }

    /// Bytes of the files that are at work.
    pub(crate) fn files_at_work(&self) -> BTreeMap<String, u64> {
        self.ctx.files.at_work()
    }

    /// How far it is.
    pub(crate) fn live(&mut self) -> Live {
        let look = self.ctx.progress.look();
        let total = look.reading.bytes_total;
        let bytes_done = self.show(&look);
        let bytes_per_second = self.speed.bytes_per_second();
        let left = total.saturating_sub(bytes_done);
        let is_known = bytes_per_second > 0;
        Live {
            bytes_done,
            bytes_per_second,
            seconds_left: is_known.then(|| left.div_ceil(bytes_per_second)),
            look,
        }
    }

    /// Bytes to show. What was shown before stays also while a run does not yet know its size.
    fn show(&mut self, look: &Look) -> u64 {
        self.bytes_shown = self.bytes_shown.max(look.reading.bytes_done);
        match look.reading.bytes_total {
            0 => self.bytes_shown,
            total => self.bytes_shown.min(total),
        }
    }

    /// `transfer` with what is known of it since this run, which has ended so.
    pub(crate) fn measured(&mut self, transfer: Transfer, end: &Result<Outcome, Stop>) -> Transfer {
        let look = self.ctx.progress.look();
        let known = |now: u64, before: Option<u64>| if now > 0 { Some(now) } else { before };
        let place = match end {
            Ok(Outcome::Done { folder }) => folder.as_ref(),
            _ => None,
        };
        let place = place.or(look.folder.as_ref());
        Transfer {
            files_total: known(look.reading.files_total, transfer.files_total),
            files_done: known(look.reading.files_done, transfer.files_done),
            bytes_total: known(look.reading.bytes_total, transfer.bytes_total),
            bytes_done: known(self.show(&look), transfer.bytes_done),
            folder: place
                .and_then(|folder| folder.to_str())
                .map(str::to_owned)
                .or(transfer.folder),
            ..transfer
        }
    }
}
