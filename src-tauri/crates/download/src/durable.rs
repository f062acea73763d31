use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use hubdesk_cache::{Error, Settled, Staged};
use tokio::sync::{Notify, Semaphore, SemaphorePermit, oneshot};
use tokio::time::{Instant, sleep_until};

use crate::halt::blocking;

/// Files that may wait for the disk at once; each holds two open files.
pub(crate) const MOST_WAITING: usize = 128;
/// A small file counts as one for every part of this length, so that the disk never has much to do
/// before the first of them appears.
const PART_BYTES: u64 = 64 << 10;
/// Between the beginnings of two waits for the disk, so that thousands of files share a few; the
/// first one does not wait, nor does who can go no further. Each wait takes 5 to 60 ms, however many
/// files it is for.
const GAP: Duration = Duration::from_millis(50);

/// Where the files of a run wait for the disk, together: one wait for many, while others are being
/// fetched.
pub(crate) struct Durable {
    room: Semaphore,
    /// Whoever has the turn waits for all that are there by then. When the last wait began.
    turn: tokio::sync::Mutex<Option<Instant>>,
    waiting: Mutex<Vec<Waiting>>,
    is_full: Notify,
}

/// Room to wait in; kept until the content is at its place.
pub(crate) struct Room<'a>(
    #[expect(dead_code, reason = "it is given back when dropped")] SemaphorePermit<'a>,
);

struct Waiting {
    staged: Vec<Staged>,
    told: oneshot::Sender<Result<Vec<Settled>, Error>>,
}

impl Durable {
    pub(crate) fn new() -> Self {
        Self {
            room: Semaphore::new(MOST_WAITING),
            turn: tokio::sync::Mutex::default(),
            waiting: Mutex::default(),
            is_full: Notify::new(),
        }
    }

    /// Waits until another small file of that size may be written.
    pub(crate) async fn room_for(&self, bytes: u64) -> Room<'_> {
        self.room(usize::try_from(bytes.div_ceil(PART_BYTES)).unwrap_or(MOST_WAITING))
            .await
    }

    /// Waits until so many files more may be written.
    pub(crate) async fn room(&self, files: usize) -> Room<'_> {
        let parts = u32::try_from(files.clamp(1, MOST_WAITING)).unwrap_or(1);
        if let Ok(permit) = self.room.try_acquire_many(parts) {
            return Room(permit);
        }
        self.is_full.notify_one();
        let permit = self.room.acquire_many(parts).await;
        Room(permit.expect("it is never closed"))
    }

    /// Waits until the disk has `staged`, together with what others wait for.
    pub(crate) async fn settle(&self, staged: Vec<Staged>) -> Result<Vec<Settled>, Error> {
        let (told, mut done) = oneshot::channel();
        self.waiting().push(Waiting { staged, told });
        tokio::select! {
            biased;
            settled = &mut done => return settled.expect(TOLD),
            mut last = self.turn.lock() => {
                // It may have been another's turn until just now, who has taken ours along.
                if let Ok(settled) = done.try_recv() {
                    return settled;
                }
                if let Some(last) = *last {
                    tokio::select! {
                        () = sleep_until(last + GAP) => {}
                        () = self.is_full.notified() => {}
                    }
                }
                *last = Some(Instant::now());
                let waiting = std::mem::take(&mut *self.waiting());
                blocking(move || settle(waiting)).await;
            }
        }
        done.await.expect(TOLD)
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<Waiting>> {
        self.waiting
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}

const TOLD: &str = "whoever takes somebody along tells them";

fn settle(waiting: Vec<Waiting>) {
    let (mut staged, mut tell) = (Vec::new(), Vec::new());
    for one in waiting {
        tell.push((one.staged.len(), one.told));
        staged.extend(one.staged);
    }
    let mut settled = Staged::settle(staged).into_iter();
    for (count, told) in tell {
        // Who does not wait any more has left its files to the next attempt.
        let _ = told.send(settled.by_ref().take(count).collect());
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::join_all;
    use hubdesk_cache::{Cache, LinkSupport};
    use hubdesk_core::{CommitId, Digest, RepoId, RepoKind};

    use super::*;

    #[tokio::test]
    async fn many_that_wait_together_are_all_told_and_none_before_there_is_room() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::open(dir.path().to_owned(), LinkSupport::Probe);
        let repo = cache.repo(&RepoId::new(RepoKind::Model, "a/b").unwrap());
        let commit: CommitId = "a".repeat(40).parse().unwrap();
        repo.prepare(&commit).unwrap();
        let durable = &Durable::new();
        let most = &std::sync::atomic::AtomicUsize::new(0);
        let all = (0..250_u8).map(|n| {
            let repo = repo.clone();
            async move {
                let content = [n; 9];
                let digest = Digest::git_blob(&content);
                let _room = durable.room_for(PART_BYTES + 1).await;
                let lock = repo.try_lock(&digest).unwrap().unwrap();
                let staged = repo.stage(&lock, &digest, &content).unwrap();
                let taken = MOST_WAITING - durable.room.available_permits();
                most.fetch_max(taken, std::sync::atomic::Ordering::Relaxed);
                let settled = durable.settle(vec![staged]).await.unwrap();
                assert_eq!(settled[0].digest(), &digest);
            }
        });
        join_all(all).await;
        assert_eq!(
            most.load(std::sync::atomic::Ordering::Relaxed),
            MOST_WAITING
        );
        assert!(durable.waiting().is_empty());
    }
}
