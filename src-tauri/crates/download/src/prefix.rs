use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, TryLockError};

use bytes::Bytes;
use hubdesk_cache::Partial;
use hubdesk_core::{Digest, Hasher};

/// How much is hashed in one go by whoever happens to be writing.
const STEP_BYTES: u64 = 4 << 20;
/// What may wait to be hashed before whoever brings more has to help. Where the link is faster than
/// one core hashes, the connections would take the cores from the hashing, and all of it would be
/// left for the end.
const MOST_WAITING: u64 = 32 << 20;
/// Then for each byte so many are hashed: fast enough to catch up, and half the speed of hashing is
/// left for a link whose many connections let the prefix grow in leaps.
const HELP: u64 = 2;
/// How much at the end, between two looks at whether the run was stopped.
const FINISH_BYTES: u64 = 8 << 20;
const BUFFER_BYTES: usize = 256 << 10;

/// The digest of a growing partial. Ranges arrive in any order; what continues the prefix is hashed
/// as it comes, and what does so later is read back, while it is still in the system's cache. The
/// end needs no second full read.
pub(crate) struct PrefixHasher {
    state: Mutex<State>,
    /// How much of the prefix is hashed. Changes only under the lock.
    hashed: AtomicU64,
}

struct State {
    hasher: Hasher,
    /// What is read back; kept, since that happens with every few pieces.
    buffer: Vec<u8>,
}

impl PrefixHasher {
    pub(crate) fn new(digest: &Digest, size: u64) -> Self {
        Self {
            state: Mutex::new(State {
                hasher: digest.hasher(size),
                buffer: Vec::new(),
            }),
            hashed: AtomicU64::new(0),
        }
    }

    /// Hashes some of what has arrived, unless another thread is at it and keeps up. The latest are
    /// `pieces`, which were written from `start` on.
    pub(crate) fn advance(
        &self,
        partial: &Partial,
        start: u64,
        pieces: &[Bytes],
    ) -> Result<(), hubdesk_cache::Error> {
        let mut state = match self.state.try_lock() {
            Ok(state) => state,
            Err(TryLockError::WouldBlock) => return self.help(partial, pieces),
            Err(TryLockError::Poisoned(_)) => {
                unreachable!("nothing panics while it holds this lock")
            }
        };
        if self.hashed() == start {
            for piece in pieces {
                state.hasher.update(piece);
                self.count(piece.len());
            }
        }
        let until = prefix_end(partial).min(self.hashed().saturating_add(STEP_BYTES));
        self.feed(&mut state, partial, until).map(|_| ())
    }

    /// Waits for a turn at hashing, if that has fallen behind.
    fn help(&self, partial: &Partial, pieces: &[Bytes]) -> Result<(), hubdesk_cache::Error> {
        let end = prefix_end(partial);
        if end.saturating_sub(self.hashed()) <= MOST_WAITING {
            return Ok(());
        }
        let brought: u64 = pieces.iter().map(|piece| piece.len() as u64).sum();
        let mut state = self.lock();
        let until = end.min(self.hashed().saturating_add(HELP * brought));
        self.feed(&mut state, partial, until).map(|_| ())
    }

    /// Hashes a little of the rest, and gives the digest once the whole file is hashed.
    pub(crate) fn finish_some(
        &self,
        partial: &Partial,
    ) -> Result<Option<Digest>, hubdesk_cache::Error> {
        let mut state = self.lock();
        let until = partial
            .size()
            .min(self.hashed().saturating_add(FINISH_BYTES));
        let is_short = !self.feed(&mut state, partial, until)?;
        let is_done = is_short || until == partial.size();
        Ok(is_done.then(|| state.hasher.clone().finish()))
    }

    /// Hashes up to `until`. `false` if the file is shorter than its journal says: the digest will
    /// not match, and that is the answer.
    fn feed(
        &self,
        State { hasher, buffer }: &mut State,
        partial: &Partial,
        until: u64,
    ) -> Result<bool, hubdesk_cache::Error> {
        let mut at = self.hashed();
        if at >= until {
            return Ok(true);
        }
        buffer.resize(BUFFER_BYTES, 0);
        while at < until {
            let want = usize::try_from(until - at)
                .unwrap_or(usize::MAX)
                .min(buffer.len());
            let got = partial.read_at(at, &mut buffer[..want])?;
            if got == 0 {
                return Ok(false);
            }
            hasher.update(&buffer[..got]);
            self.count(got);
            at += got as u64;
        }
        Ok(true)
    }

    fn hashed(&self) -> u64 {
        self.hashed.load(Ordering::Relaxed)
    }

    /// The holder of the lock has hashed `bytes` more.
    fn count(&self, bytes: usize) {
        self.hashed.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}

fn prefix_end(partial: &Partial) -> u64 {
    match partial.finished().first() {
        Some(range) if range.start == 0 => range.end,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use hubdesk_cache::{Cache, LinkSupport};
    use hubdesk_core::{CommitId, RepoId, RepoKind};

    use super::*;

    const MIB: u64 = 1 << 20;

    #[test]
    fn who_brings_more_than_can_be_hashed_helps_until_it_is_little() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::open(dir.path().to_owned(), LinkSupport::Probe);
        let repo = cache.repo(&RepoId::new(RepoKind::Model, "a/b").unwrap());
        let commit: CommitId = "a".repeat(40).parse().unwrap();
        repo.prepare(&commit).unwrap();
        let size = MOST_WAITING + 3 * MIB;
        let content = vec![7; usize::try_from(size).unwrap()];
        let digest = Digest::sha256(&content);
        let lock = repo.try_lock(&digest).unwrap().unwrap();
        let partial = repo.partial(&lock, &digest, size).unwrap();
        let hasher = PrefixHasher::new(&digest, size);
        let brought = [Bytes::from(vec![7; 1 << 20])];

        partial.write_at(MIB, &content[1 << 20..]).unwrap();
        hasher.help(&partial, &brought).unwrap();
        assert_eq!(hasher.hashed(), 0, "what is behind a gap does not wait");
        partial.write_at(0, &content[..1 << 20]).unwrap();
        for hashed in [2 * MIB, 4 * MIB, 4 * MIB] {
            hasher.help(&partial, &brought).unwrap();
            assert_eq!(hasher.hashed(), hashed);
        }
        let mut end = std::iter::repeat_with(|| hasher.finish_some(&partial).unwrap());
        assert_eq!(end.find_map(|end| end), Some(digest));
    }
}
