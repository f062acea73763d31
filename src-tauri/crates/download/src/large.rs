use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt as _, StreamExt as _};
use hubdesk_cache::{BlobLock, Partial, Staged};
use hubdesk_core::Tally;
use hubdesk_hub::{Body, File};
use tokio::time::{Instant, interval_at};

use crate::check::{Answer, Expected};
use crate::halt::Halt;
use crate::prefix::PrefixHasher;
use crate::queue::Queue;
use crate::step::Step;
use crate::width::{TRIAL, Width};
use crate::writer::Writer;

/// Fetches a large file in ranges and verifies it; what is given waits for the disk.
pub(crate) async fn fetch_large(
    step: &Step<'_>,
    file: &File,
    expected: &Expected,
    lock: &Arc<BlobLock>,
    tally: &Tally<'_>,
) -> Result<Staged, Halt> {
    let partial = Arc::new(step.open_partial(lock, expected).await?);
    if step.force {
        step.on_partial(&partial, Partial::restart).await?;
    }
    let resumed = length(&partial.finished());
    tally.set(resumed);
    fill_and_verify(step, file, expected, &partial, tally, resumed > 0).await?;
    let partial = Arc::into_inner(partial).expect("every writer has returned");
    step.on_disk(move |_| partial.stage()).await
}

async fn fill_and_verify(
    step: &Step<'_>,
    file: &File,
    expected: &Expected,
    partial: &Arc<Partial>,
    tally: &Tally<'_>,
    mut was_resumed: bool,
) -> Result<(), Halt> {
    loop {
        let hasher = PrefixHasher::new(&expected.digest, expected.size);
        let writer = Writer::new(Arc::clone(partial), hasher, step.parts.tuning.save_every);
        let blob = Blob {
            step,
            file,
            expected,
            tally,
            writer,
            arrived: AtomicU64::new(0),
        };
        let filled = match blob.fill().await {
            Ok(Filled::All) => Ok(()),
            Ok(Filled::RangesIgnored(body)) => blob.fill_in_one_go(*body).await,
            Err(halt) => Err(halt),
        };
        if let Err(halt) = filled {
            blob.writer.save_what_arrived(step).await;
            return Err(halt);
        }
        let actual = blob.writer.digest(step).await?;
        let Err(error) = expected.check_digest(actual) else {
            return Ok(());
        };
        blob.restart().await?;
        // What an earlier run left may have been damaged since: once more, from nothing.
        if !was_resumed {
            return Err(error.into());
        }
        was_resumed = false;
    }
}

/// How filling ranges went.
enum Filled {
    All,
    /// The server answered a range with the whole file, whose body this is.
    RangesIgnored(Box<Body>),
}

struct Blob<'b, 'a> {
    step: &'b Step<'a>,
    file: &'b File,
    expected: &'b Expected,
    tally: &'b Tally<'b>,
    writer: Writer,
    /// Bytes since the last trial began.
    arrived: AtomicU64,
}

impl Blob<'_, '_> {
    /// Fetches what is missing: out of the chunk store, and what that does not give in ranges,
    /// several at once. The first of these goes ahead alone: its answer says
    /// where the bytes are and whether ranges are served at all.
    async fn fill(&self) -> Result<Filled, Halt> {
        if let (Some(chunks), Some(file)) = (self.step.chunks, &self.expected.in_chunks) {
            chunks
                .fill(self.step, file, &self.writer, self.tally)
                .await?;
        }
        let tuning = &self.step.parts.tuning;
        let mut queue = Queue::new(self.writer.partial().missing(), tuning.range_bytes);
        let Some(first) = queue.next() else {
            return Ok(Filled::All);
        };
        let mut attempts = self.step.attempts();
        let body = loop {
            match self.ask(self.step, &first).await {
                Ok((body, Answer::AsAsked)) => break body,
                Ok((body, Answer::FromStart)) => return Ok(Filled::RangesIgnored(Box::new(body))),
                Err(Halt::Failed(error)) => attempts.pause(*error).await?,
                Err(halt) => return Err(halt),
            }
        };
        self.fill_with_workers(Mutex::new(queue), (first, body))
            .await
    }

    /// Opens connections until the queue is empty, more of them while they bring more, and has what
    /// was written settled now and then.
    async fn fill_with_workers(
        &self,
        queue: Mutex<Queue>,
        first: (Range<u64>, Body),
    ) -> Result<Filled, Halt> {
        let tuning = &self.step.parts.tuning;
        // The workers of one file stop together, and without stopping the whole run.
        let step = &self.step.within(self.step.cancel.child_token());
        let queue = &queue;
        let mut workers = FuturesUnordered::new();
        workers.push(self.work(step, queue, Some(first)).boxed());
        let open = tuning.ranges_at_once.clamp(1, tuning.most_ranges.max(1));
        (1..open).for_each(|_| workers.push(self.work(step, queue, None).boxed()));
        let mut width = Width::new(open, tuning.most_ranges);
        let mut trials = interval_at(Instant::now() + TRIAL, TRIAL);
        let mut settling = interval_at(Instant::now() + tuning.settle_every, tuning.settle_every);
        // Each is waited for, also after a failure: a writer left behind could still write.
        let mut end = Ok(Filled::All);
        loop {
            tokio::select! {
                biased;
                done = workers.next() => match done {
                    None => return end,
                    Some(done) => end = worst(end, done),
                },
                _ = trials.tick(), if !width.is_settled() => {
                    let more = width.judge(self.arrived.swap(0, Ordering::Relaxed));
                    (0..more).for_each(|_| workers.push(self.work(step, queue, None).boxed()));
                }
                _ = settling.tick() => workers.push(self.settle(step).boxed()),
            }
        }
    }

    async fn settle(&self, step: &Step<'_>) -> Result<Filled, Halt> {
        self.writer.settle(step).await;
        Ok(Filled::All)
    }

    /// Fills one range after the other until none is left, or any worker cannot go on.
    async fn work(
        &self,
        step: &Step<'_>,
        queue: &Mutex<Queue>,
        mut opened: Option<(Range<u64>, Body)>,
    ) -> Result<Filled, Halt> {
        let next = || {
            queue
                .lock()
                .expect("nothing panics while it holds this lock")
                .next()
        };
        loop {
            let (range, body) = match opened.take() {
                Some((range, body)) => (range, Some(body)),
                None => match next() {
                    Some(range) => (range, None),
                    None => return Ok(Filled::All),
                },
            };
            let filled = self.fill_range(step, range, body).await;
            if !matches!(filled, Ok(Filled::All)) {
                step.cancel.cancel();
                return filled;
            }
        }
    }

    async fn fill_range(
        &self,
        step: &Step<'_>,
        range: Range<u64>,
        mut opened: Option<Body>,
    ) -> Result<Filled, Halt> {
        let mut attempts = step.attempts();
        let mut at = range.start;
        while at < range.end {
            let before = at;
            let result = match opened.take() {
                Some(body) => self.drain(step, body, &mut at, range.end).await,
                None => match self.ask(step, &(at..range.end)).await {
                    Ok((body, Answer::AsAsked)) => self.drain(step, body, &mut at, range.end).await,
                    Ok((body, Answer::FromStart)) => {
                        return Ok(Filled::RangesIgnored(Box::new(body)));
                    }
                    Err(halt) => Err(halt),
                },
            };
            // A crumb is not worth a request: who sends nothing else is given up.
            let is_worth_it =
                at == range.end || at - before >= step.parts.tuning.write_bytes as u64;
            if is_worth_it {
                attempts.succeeded();
            }
            match result {
                Ok(()) if is_worth_it => {}
                Ok(()) => return Err(self.expected.unusable("a range that came in crumbs").into()),
                Err(Halt::Failed(error)) => attempts.pause(*error).await?,
                Err(halt) => return Err(halt),
            }
        }
        Ok(Filled::All)
    }

    async fn ask(&self, step: &Step<'_>, range: &Range<u64>) -> Result<(Body, Answer), Halt> {
        let body = step.ask(self.file.get(Some(range.clone()))).await?;
        let answer = self.expected.check(Some(range), &body)?;
        Ok((body, answer))
    }

    /// Writes a body from `at` on, up to `end`, and moves `at` along with what was written.
    async fn drain(
        &self,
        step: &Step<'_>,
        mut body: Body,
        at: &mut u64,
        end: u64,
    ) -> Result<(), Halt> {
        let mut buffer = self.writer.buffer(*at, step.parts.tuning.write_bytes);
        let result = loop {
            match step.chunk(&mut body).await {
                Ok(Some(chunk)) => {
                    let room = usize::try_from(end - buffer.end()).unwrap_or(usize::MAX);
                    let chunk = chunk.slice(..chunk.len().min(room));
                    step.progress.moving();
                    self.tally.add_moved(chunk.len() as u64);
                    self.arrived
                        .fetch_add(chunk.len() as u64, Ordering::Relaxed);
                    buffer.take(chunk);
                    if buffer.is_full() {
                        buffer.write(step).await?;
                        *at = buffer.end();
                    }
                    if buffer.end() == end {
                        break Ok(());
                    }
                }
                Ok(None) => break Ok(()),
                Err(halt) => break Err(halt),
            }
        };
        // Whatever ended it, what arrived is kept.
        buffer.write(step).await?;
        *at = buffer.end();
        result
    }

    /// For a server that does not serve ranges: the whole body, from the first byte at each attempt.
    async fn fill_in_one_go(&self, body: Body) -> Result<(), Halt> {
        let mut attempts = self.step.attempts();
        let mut opened = Some(body);
        loop {
            self.restart().await?;
            let mut at = 0;
            let result = async {
                let body = match opened.take() {
                    Some(body) => body,
                    None => self.step.ask(self.file.get(None)).await?,
                };
                self.expected.check(None, &body)?;
                self.drain(self.step, body, &mut at, self.expected.size)
                    .await
            }
            .await;
            match result {
                Ok(()) if at == self.expected.size => return Ok(()),
                Ok(()) => return Err(self.expected.wrong_length(at).into()),
                Err(Halt::Failed(error)) => attempts.pause(*error).await?,
                Err(halt) => return Err(halt),
            }
        }
    }

    async fn restart(&self) -> Result<(), Halt> {
        self.tally.set(0);
        self.step
            .on_partial(self.writer.partial(), Partial::restart)
            .await
    }
}

/// What two workers ended with, as one: ranges that are not served decide how to go on.
fn worst(one: Result<Filled, Halt>, other: Result<Filled, Halt>) -> Result<Filled, Halt> {
    match (one, other) {
        (Ok(Filled::All), other) => other,
        (one @ Ok(Filled::RangesIgnored(_)), _) | (one, Ok(Filled::All)) => one,
        (Err(_), other @ Ok(Filled::RangesIgnored(_))) => other,
        (Err(Halt::Cancelled), other @ Err(_)) => other,
        (one @ Err(_), Err(_)) => one,
    }
}

fn length(ranges: &[Range<u64>]) -> u64 {
    ranges.iter().map(|range| range.end - range.start).sum()
}
