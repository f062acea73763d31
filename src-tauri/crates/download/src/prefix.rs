use std::sync::{Mutex, TryLockError};

use bytes::Bytes;
use hubdesk_cache::Partial;
use hubdesk_core::{Digest, Hasher};

/// How much is hashed in one go by whoever happens to be writing.
const STEP_BYTES: u64 = 4 << 20;
/// How much at the end, between two looks at whether the run was stopped.
const FINISH_BYTES: u64 = 8 << 20;
const BUFFER_BYTES: usize = 256 << 10;

/// The digest of a growing partial. Ranges arrive in any order; what continues the prefix is hashed
/// as it comes, and what does so later is read back, while it is still in the system's cache. The
/// end needs no second full read.
pub(crate) struct PrefixHasher {
    state: Mutex<(Hasher, u64)>,
}

impl PrefixHasher {
    pub(crate) fn new(digest: &Digest, size: u64) -> Self {
        Self {
            state: Mutex::new((digest.hasher(size), 0)),
        }
    }

    /// Hashes some of what has arrived, unless another thread is at it. The latest are `pieces`,
    /// which were written from `start` on.
    pub(crate) fn advance(
        &self,
        partial: &Partial,
        start: u64,
        pieces: &[Bytes],
    ) -> Result<(), hubdesk_cache::Error> {
        match self.state.try_lock() {
            Ok(mut state) => {
                if state.1 == start {
                    for piece in pieces {
                        state.0.update(piece);
                        state.1 += piece.len() as u64;
                    }
                }
                let until = prefix_end(partial).min(state.1.saturating_add(STEP_BYTES));
                feed(&mut state, partial, until).map(|_| ())
            }
            Err(TryLockError::WouldBlock) => Ok(()),
            Err(TryLockError::Poisoned(_)) => {
                unreachable!("nothing panics while it holds this lock")
            }
        }
    }

    /// Hashes a little of the rest, and gives the digest once the whole file is hashed.
    pub(crate) fn finish_some(
        &self,
        partial: &Partial,
    ) -> Result<Option<Digest>, hubdesk_cache::Error> {
        let mut state = self
            .state
            .lock()
            .expect("nothing panics while it holds this lock");
        let until = partial.size().min(state.1.saturating_add(FINISH_BYTES));
        let is_short = !feed(&mut state, partial, until)?;
        let is_done = is_short || until == partial.size();
        Ok(is_done.then(|| state.0.clone().finish()))
    }
}

fn prefix_end(partial: &Partial) -> u64 {
    match partial.finished().first() {
        Some(range) if range.start == 0 => range.end,
        _ => 0,
    }
}

/// `false` if the file is shorter than its journal says: the digest will not match, and that is
/// the answer.
fn feed(
    (hasher, at): &mut (Hasher, u64),
    partial: &Partial,
    until: u64,
) -> Result<bool, hubdesk_cache::Error> {
    if *at >= until {
        return Ok(true);
    }
    let mut buffer = vec![0; BUFFER_BYTES];
    while *at < until {
        let want = usize::try_from(until - *at)
            .unwrap_or(usize::MAX)
            .min(buffer.len());
        let got = partial.read_at(*at, &mut buffer[..want])?;
        if got == 0 {
            return Ok(false);
        }
        hasher.update(&buffer[..got]);
        *at += got as u64;
    }
    Ok(true)
}
