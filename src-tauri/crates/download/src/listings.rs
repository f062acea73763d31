use std::collections::VecDeque;
use std::sync::Mutex;

use hubdesk_core::{CommitId, RepoId};

use crate::listing::Whole;

/// Listings kept; what a person has looked at in the last minutes.
const KEPT: usize = 8;

/// Listings seen lately, in memory. Looking at a repository asks once, and writes nothing.
#[derive(Default)]
pub struct Listings(Mutex<VecDeque<Kept>>);

struct Kept {
    repo: RepoId,
    commit: CommitId,
    whole: Whole,
}

impl Listings {
    pub(crate) fn get(&self, repo: &RepoId, commit: &CommitId) -> Option<Whole> {
        let kept = self.lock();
        let found = kept
            .iter()
            .find(|kept| kept.repo == *repo && kept.commit == *commit);
        found.map(|kept| Whole {
            is_fresh: false,
            ..kept.whole.clone()
        })
    }

    pub(crate) fn put(&self, repo: &RepoId, commit: &CommitId, whole: &Whole) {
        self.forget(repo, commit);
        let mut kept = self.lock();
        kept.truncate(KEPT - 1);
        kept.push_front(Kept {
            repo: repo.clone(),
            commit: commit.clone(),
            whole: whole.clone(),
        });
    }

    pub(crate) fn forget(&self, repo: &RepoId, commit: &CommitId) {
        self.lock()
            .retain(|kept| kept.repo != *repo || kept.commit != *commit);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<Kept>> {
        self.0
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}
