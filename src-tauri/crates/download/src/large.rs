use std::collections::VecDeque;
use std::iter::once;
use std::ops::Range;
use std::sync::{Arc, Mutex};

use futures_util::future::join_all;
use hubdesk_cache::{BlobLock, Partial};
use hubdesk_hub::{Body, File};

use crate::check::{Answer, Expected};
use crate::fetch::Step;
use crate::halt::{Halt, first_cause};
use crate::prefix::PrefixHasher;
use crate::writer::Writer;

/// Fetches a large file in ranges, verifies it and makes it a blob. `found` bytes of it were
/// counted as here when the run was planned.
pub(crate) async fn fetch_large(
    step: &Step<'_>,
    file: &File,
    expected: &Expected,
    lock: &Arc<BlobLock>,
    found: u64,
) -> Result<(), Halt> {
    let partial = Arc::new(step.open_partial(lock, expected).await?);
    if step.request.force {
        step.on_partial(&partial, Partial::restart).await?;
    }
    let resumed = length(&partial.finished());
    step.progress.meter.take_back(found);
    step.progress.meter.add_found(resumed);
    fill_and_verify(step, file, expected, &partial, resumed > 0).await?;
    let partial = Arc::into_inner(partial).expect("every writer has returned");
    let lock = Arc::clone(lock);
    step.on_disk(move |cache| cache.admit(&lock, partial)).await
}

async fn fill_and_verify(
    step: &Step<'_>,
    file: &File,
    expected: &Expected,
    partial: &Arc<Partial>,
    mut was_resumed: bool,
) -> Result<(), Halt> {
    loop {
        let blob = Blob::new(step, file, expected, partial);
        match blob.fill().await {
            Ok(Filled::All) => {}
            Ok(Filled::RangesIgnored) => blob.fill_in_one_go().await?,
            Err(halt) => {
                blob.writer.save_what_arrived(step).await;
                return Err(halt);
            }
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
#[derive(PartialEq, Eq)]
enum Filled {
    All,
    /// Nothing was written: the server answers a range with the whole file.
    RangesIgnored,
}

struct Blob<'a> {
    step: Step<'a>,
    file: &'a File,
    expected: &'a Expected,
    writer: Writer,
}

impl<'a> Blob<'a> {
    fn new(
        step: &Step<'a>,
        file: &'a File,
        expected: &'a Expected,
        partial: &Arc<Partial>,
    ) -> Self {
        let hasher = PrefixHasher::new(&expected.digest, expected.size);
        Self {
            // The workers of one file stop together, and without stopping the whole run.
            step: step.within(step.cancel.child_token()),
            file,
            expected,
            writer: Writer::new(Arc::clone(partial), hasher, step.tuning.save_every),
        }
    }

    /// Fetches what is missing, several ranges at once. The first goes ahead alone: its answer says
    /// where the bytes are and whether ranges are served at all.
    async fn fill(&self) -> Result<Filled, Halt> {
        let mut queue = split(
            self.writer.partial().missing(),
            self.step.tuning.range_bytes,
        );
        let Some(first) = queue.pop_front() else {
            return Ok(Filled::All);
        };
        let mut attempts = self.step.attempts();
        let body = loop {
            match self.ask(&first).await {
                Ok((body, Answer::AsAsked)) => break body,
                Ok((_, Answer::FromStart)) => return Ok(Filled::RangesIgnored),
                Err(Halt::Failed(error)) => attempts.pause(*error).await?,
                Err(halt) => return Err(halt),
            }
        };
        let queue = Mutex::new(queue);
        let ahead = once(self.work(&queue, Some((first, body))));
        let others = (1..self.step.tuning.ranges_at_once).map(|_| self.work(&queue, None));
        // Each is waited for, also after a failure: a writer left behind could still write.
        let ends = join_all(ahead.chain(others)).await;
        ends.into_iter()
            .fold(Ok(()), first_cause)
            .map(|()| Filled::All)
    }

    /// Fills one range after the other until none is left or any worker failed.
    async fn work(
        &self,
        queue: &Mutex<VecDeque<Range<u64>>>,
        mut opened: Option<(Range<u64>, Body)>,
    ) -> Result<(), Halt> {
        let next = || {
            queue
                .lock()
                .expect("nothing panics while it holds this lock")
                .pop_front()
        };
        loop {
            let (range, body) = match opened.take() {
                Some((range, body)) => (range, Some(body)),
                None => match next() {
                    Some(range) => (range, None),
                    None => return Ok(()),
                },
            };
            if let Err(halt) = self.fill_range(range, body).await {
                self.step.cancel.cancel();
                return Err(halt);
            }
        }
    }

    async fn fill_range(&self, range: Range<u64>, mut opened: Option<Body>) -> Result<(), Halt> {
        let mut attempts = self.step.attempts();
        let mut at = range.start;
        while at < range.end {
            let before = at;
            let result = match opened.take() {
                Some(body) => self.drain(body, &mut at, range.end).await,
                None => match self.ask(&(at..range.end)).await {
                    Ok((body, Answer::AsAsked)) => self.drain(body, &mut at, range.end).await,
                    Ok((_, Answer::FromStart)) => Err(self
                        .expected
                        .unusable("ranges are served one time and ignored the next")
                        .into()),
                    Err(halt) => Err(halt),
                },
            };
            if at > before {
                attempts.succeeded();
            }
            match result {
                Ok(()) => {}
                Err(Halt::Failed(error)) => attempts.pause(*error).await?,
                Err(halt) => return Err(halt),
            }
        }
        Ok(())
    }

    async fn ask(&self, range: &Range<u64>) -> Result<(Body, Answer), Halt> {
        let body = self.step.ask(self.file.get(Some(range.clone()))).await?;
        let answer = self.expected.check(Some(range), &body)?;
        Ok((body, answer))
    }

    /// Writes a body from `at` on, up to `end`, and moves `at` along with what was written.
    async fn drain(&self, mut body: Body, at: &mut u64, end: u64) -> Result<(), Halt> {
        let start = *at;
        let mut buffer = self.writer.buffer(*at, self.step.tuning.write_bytes);
        let result = loop {
            match self.step.ask(body.chunk()).await {
                Ok(Some(chunk)) => {
                    let room = usize::try_from(end - buffer.end()).unwrap_or(usize::MAX);
                    let chunk = chunk.slice(..chunk.len().min(room));
                    self.step.progress.moving();
                    self.step.progress.meter.add_moved(chunk.len() as u64);
                    buffer.take(&chunk);
                    if buffer.is_full() {
                        buffer.write(&self.step).await?;
                        *at = buffer.end();
                    }
                    if buffer.end() == end {
                        break Ok(());
                    }
                }
                Ok(None) if buffer.end() == start => {
                    break Err(self.expected.wrong_length(start).into());
                }
                Ok(None) => break Ok(()),
                Err(halt) => break Err(halt),
            }
        };
        // Whatever ended it, what arrived is kept.
        buffer.write(&self.step).await?;
        *at = buffer.end();
        result
    }

    /// For a server that cannot serve ranges: the whole body, from the first byte at each attempt.
    async fn fill_in_one_go(&self) -> Result<(), Halt> {
        let mut attempts = self.step.attempts();
        loop {
            self.restart().await?;
            let mut at = 0;
            let result = async {
                let body = self.step.ask(self.file.get(None)).await?;
                self.expected.check(None, &body)?;
                self.drain(body, &mut at, self.expected.size).await
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
        self.step
            .progress
            .meter
            .take_back(length(&self.writer.partial().finished()));
        self.step
            .on_partial(self.writer.partial(), Partial::restart)
            .await
    }
}

fn length(ranges: &[Range<u64>]) -> u64 {
    ranges.iter().map(|range| range.end - range.start).sum()
}

/// Cuts what is missing into requests, in order, so that what is there stays close to a prefix.
fn split(missing: Vec<Range<u64>>, longest: u64) -> VecDeque<Range<u64>> {
    let mut ranges = VecDeque::new();
    for gap in missing {
        let mut start = gap.start;
        while start < gap.end {
            let end = gap.end.min(start.saturating_add(longest.max(1)));
            ranges.push_back(start..end);
            start = end;
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_cut_into_requests_in_order() {
        let ranges: Vec<_> = split(vec![0..10, 15..16, 20..25], 4).into();
        assert_eq!(ranges, [0..4, 4..8, 8..10, 15..16, 20..24, 24..25]);
    }
}
