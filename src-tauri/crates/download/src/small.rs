use bytes::{Bytes, BytesMut};
use hubdesk_hub::File;

use crate::check::Expected;
use crate::fetch::Step;
use crate::halt::Halt;

/// Fetches a small file into memory, whole, and verifies it.
pub(crate) async fn fetch_small(
    step: &Step<'_>,
    file: &File,
    expected: &Expected,
) -> Result<Bytes, Halt> {
    let mut attempts = step.attempts();
    loop {
        let (taken, result) = attempt(step, file, expected).await;
        match result {
            Ok(bytes) => {
                expected.check_digest(digest(expected, &bytes))?;
                return Ok(bytes);
            }
            Err(Halt::Cancelled) => {
                step.progress.meter.take_back(taken);
                return Err(Halt::Cancelled);
            }
            Err(Halt::Failed(error)) => {
                // Without a range to resume with, what came is asked for again.
                step.progress.meter.take_back(taken);
                attempts.pause(*error).await?;
            }
        }
    }
}

/// One request. Says how many bytes it counted as moved, so that a failure can take them back.
async fn attempt(step: &Step<'_>, file: &File, expected: &Expected) -> (u64, Result<Bytes, Halt>) {
    let mut taken = 0;
    let result = async {
        let mut body = step.ask(file.get(None)).await?;
        expected.check(None, &body)?;
        let capacity = usize::try_from(expected.size)
            .unwrap_or(usize::MAX)
            .min(step.tuning.write_bytes);
        let mut bytes = BytesMut::with_capacity(capacity);
        while let Some(chunk) = step.ask(body.chunk()).await? {
            taken += chunk.len() as u64;
            step.progress.moving();
            step.progress.meter.add_moved(chunk.len() as u64);
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
    .await;
    (taken, result)
}

fn digest(expected: &Expected, bytes: &[u8]) -> hubdesk_core::Digest {
    let mut hasher = expected.digest.hasher(expected.size);
    hasher.update(bytes);
    hasher.finish()
}
