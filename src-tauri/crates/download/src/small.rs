use bytes::{Bytes, BytesMut};
use hubdesk_core::{Digest, Tally};
use hubdesk_hub::{Body, Error, File};

use crate::check::Expected;
use crate::halt::Halt;
use crate::step::Step;

/// Fetches a small file into memory, whole, and verifies it.
pub(crate) async fn fetch_small(
    step: &Step<'_>,
    file: &File,
    expected: &Expected,
    tally: &Tally<'_>,
) -> Result<Bytes, Halt> {
    let mut attempts = step.attempts();
    let mut is_first = true;
    loop {
        // Without a range to resume with, what an attempt brought is asked for again.
        tally.set(0);
        // A connection that many share may be what is wrong.
        let brought = match std::mem::take(&mut is_first) {
            true => attempt(step, file.get_small(), expected, tally).await,
            false => attempt(step, file.get(None), expected, tally).await,
        };
        match brought {
            Ok(bytes) => {
                expected.check_digest(digest(expected, &bytes))?;
                return Ok(bytes);
            }
            Err(Halt::Failed(error)) => attempts.pause(*error).await?,
            Err(Halt::Cancelled) => return Err(Halt::Cancelled),
        }
    }
}

async fn attempt(
    step: &Step<'_>,
    answer: impl Future<Output = Result<Body, Error>>,
    expected: &Expected,
    tally: &Tally<'_>,
) -> Result<Bytes, Halt> {
    let mut body = step.ask(answer).await?;
    expected.check(None, &body)?;
    // Small is small by the tuning, so the size is no danger to the memory.
    let mut bytes = BytesMut::with_capacity(usize::try_from(expected.size).unwrap_or(0));
    while let Some(chunk) = step.chunk(&mut body).await? {
        step.progress.moving();
        tally.add_moved(chunk.len() as u64);
        bytes.extend_from_slice(&chunk);
        if bytes.len() as u64 > expected.size {
            return Err(expected.wrong_length(bytes.len() as u64).into());
        }
    }
    if (bytes.len() as u64) < expected.size {
        return Err(expected.wrong_length(bytes.len() as u64).into());
    }
    Ok(bytes.freeze())
}

fn digest(expected: &Expected, bytes: &[u8]) -> Digest {
    let mut hasher = expected.digest.hasher(expected.size);
    hasher.update(bytes);
    hasher.finish()
}
