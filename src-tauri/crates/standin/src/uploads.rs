//! Large files that have arrived and are not part of a commit yet.

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;

use hubdesk_core::{Digest, RepoId};

use crate::content::Content;

/// Files up to this size are uploaded as a whole, larger ones in parts of this size.
const PART: u64 = 5 << 20;
/// What may lie here at once, in bytes: more than a test or a demo sends.
pub(crate) const ROOM: u64 = 4 << 30;

/// What the storage host received, by repository and announced sha256.
pub(crate) struct Uploads {
    pub(crate) part_size: u64,
    arrived: Mutex<HashMap<(RepoId, Digest), Arrived>>,
}

#[derive(Default)]
struct Arrived {
    parts: BTreeMap<u64, Content>,
    whole: Option<Content>,
}

impl Uploads {
    pub(crate) fn new(part_size: Option<u64>) -> Self {
        Self {
            part_size: part_size.unwrap_or(PART),
            arrived: Mutex::default(),
        }
    }

    /// Keeps what was sent as the object, or as one of its parts. `false` if there is no room.
    pub(crate) fn put(
        &self,
        repo: &RepoId,
        oid: Digest,
        part: Option<u64>,
        content: Content,
    ) -> bool {
        let mut all = self.lock();
        let used: u64 = all.values().map(Arrived::size).sum();
        if used + content.size() > ROOM {
            return false;
        }
        let arrived = all.entry((repo.clone(), oid)).or_default();
        match part {
            Some(number) => {
                arrived.parts.insert(number, content);
            }
            None => arrived.whole = Some(content),
        }
        true
    }

    /// Puts the parts together, if they are those with these numbers and digests.
    pub(crate) fn complete(&self, repo: &RepoId, oid: Digest, parts: &[(u64, Digest)]) -> bool {
        let mut all = self.lock();
        let Some(arrived) = all.get_mut(&(repo.clone(), oid)) else {
            return false;
        };
        let here = arrived
            .parts
            .iter()
            .map(|(number, part)| (*number, part.git_blob()));
        if !here.eq(parts.iter().copied()) {
            return false;
        }
        arrived.whole = Some(Content::chain(
            std::mem::take(&mut arrived.parts).into_values(),
        ));
        true
    }

    /// The object, if what arrived really is it. Anything else is thrown away.
    pub(crate) fn verified(&self, repo: &RepoId, oid: Digest) -> Option<Content> {
        let key = (repo.clone(), oid);
        let content = self.lock().get(&key)?.whole.clone()?;
        if content.sha256() == oid {
            return Some(content);
        }
        self.lock().remove(&key);
        None
    }

    /// Forgets the object: a commit holds it now.
    pub(crate) fn remove(&self, repo: &RepoId, oid: Digest) {
        self.lock().remove(&(repo.clone(), oid));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<(RepoId, Digest), Arrived>> {
        self.arrived
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}

impl Arrived {
    fn size(&self) -> u64 {
        let parts = self.parts.values().chain(&self.whole);
        parts.map(Content::size).sum()
    }
}
