//! What a Hub holds: repositories, their refs and their commits, all in memory.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, RwLock};

use hubdesk_core::{CommitId, Digest, RepoId};
use serde_json::{Map, Value};

use crate::about::About;
use crate::card;
use crate::discussion::Discussions;
use crate::gate::AccessRequest;
use crate::git::{Blob, Commit};
use crate::seed::{Change, RepoSeed};
use crate::space::Space;

/// Why the lock is never poisoned, unless a test has already failed.
const UNBROKEN: &str = "only an impossible commit panics while it holds this lock";

/// The repositories of a running stand-in. May be changed while it answers.
#[derive(Default)]
pub struct Model(RwLock<State>);

#[derive(Default)]
struct State {
    repos: BTreeMap<RepoId, Arc<Repo>>,
    renamed: BTreeMap<RepoId, RepoId>,
}

/// What is found under a name.
pub(crate) enum Found {
    Repo(Arc<Repo>),
    Moved(RepoId),
    Nothing,
}

/// One repository as it is at one moment.
#[derive(Clone)]
pub(crate) struct Repo {
    pub(crate) id: RepoId,
    pub(crate) about: About,
    pub(crate) refs: BTreeMap<String, CommitId>,
    pub(crate) card: Map<String, Value>,
    pub(crate) tags: Vec<String>,
    pub(crate) discussions: Discussions,
    /// What runs, if it is a Space.
    pub(crate) space: Option<Space>,
    /// Who asked for access, and what became of it.
    pub(crate) requests: BTreeMap<String, AccessRequest>,
    pub(crate) commits: HashMap<CommitId, Arc<Commit>>,
    /// Large files that were removed for good while commits still name them.
    pub(crate) gone: BTreeSet<Digest>,
}

impl Model {
    /// Adds a repository, or replaces the one of the same name.
    pub fn put_repo(&self, seed: RepoSeed) {
        let repo = Repo::grow(&seed);
        let mut state = self.0.write().expect(UNBROKEN);
        for old in seed.old_names {
            state.renamed.insert(old, seed.id.clone());
        }
        state.repos.insert(seed.id, Arc::new(repo));
    }

    /// Adds a repository, if its name is free.
    pub(crate) fn insert(&self, repo: Repo) -> bool {
        let mut state = self.0.write().expect(UNBROKEN);
        if state.repos.contains_key(&repo.id) {
            return false;
        }
        state.renamed.remove(&repo.id);
        state.repos.insert(repo.id.clone(), Arc::new(repo));
        true
    }

    /// Gives a repository another name, if that is free. The old name, and all before it, lead
    /// there.
    pub(crate) fn rename(&self, from: &RepoId, to: &RepoId) -> bool {
        let mut state = self.0.write().expect(UNBROKEN);
        if state.repos.contains_key(to) {
            return false;
        }
        let Some(repo) = state.repos.remove(from) else {
            return false;
        };
        let renamed = Repo {
            id: to.clone(),
            ..Repo::clone(&repo)
        };
        state.repos.insert(to.clone(), Arc::new(renamed));
        for now in state.renamed.values_mut().filter(|now| *now == from) {
            *now = to.clone();
        }
        state.renamed.insert(from.clone(), to.clone());
        state.renamed.remove(to);
        true
    }

    /// Takes a repository away, as if it had never been.
    pub fn remove_repo(&self, id: &RepoId) {
        let mut state = self.0.write().expect(UNBROKEN);
        state.repos.remove(id);
        state.renamed.retain(|_, now| now != id);
    }

    /// Moves `branch` on by one commit. Panics if there is no such repository.
    pub fn commit(
        &self,
        id: &RepoId,
        branch: &str,
        title: &str,
        changes: impl IntoIterator<Item = Change>,
    ) -> CommitId {
        let changes: Vec<_> = changes.into_iter().collect();
        let mut state = self.0.write().expect(UNBROKEN);
        let Some(repo) = state.repos.get_mut(id).map(Arc::make_mut) else {
            panic!("there is no {id}");
        };
        let commit = repo.commit(&format!("refs/heads/{branch}"), title, &changes);
        repo.read_card();
        commit
    }

    /// The commit `revision` names now.
    pub fn head(&self, id: &RepoId, revision: &str) -> Option<CommitId> {
        match self.find(id) {
            Found::Repo(repo) => repo.resolve(revision).map(|commit| commit.id.clone()),
            Found::Moved(_) | Found::Nothing => None,
        }
    }

    /// The program in a Space writes a line. Panics if there is no such Space.
    pub fn write_log(&self, id: &RepoId, text: &str, seconds: u64) {
        match self.find(id) {
            Found::Repo(repo) if repo.space.is_some() => {
                let space = repo.space.iter();
                space.for_each(|space| space.run_log.write(text, seconds));
            }
            _ => panic!("there is no {id} that runs"),
        }
    }

    /// Every large file of every commit, some more than once; those of older commits come first.
    #[cfg(feature = "xet")]
    pub(crate) fn large_blobs(&self) -> Vec<Arc<Blob>> {
        let mut blobs = Vec::new();
        for repo in self.repos() {
            let mut commits: Vec<_> = repo.commits.values().collect();
            commits.sort_by_key(|commit| commit.date);
            let files = commits.iter().flat_map(|commit| commit.tree.files.values());
            let large = files.filter(|file| file.blob.lfs.is_some());
            blobs.extend(large.map(|file| file.blob.clone()));
        }
        blobs
    }

    /// Changes a repository, if it is there.
    pub(crate) fn edit<T>(&self, id: &RepoId, change: impl FnOnce(&mut Repo) -> T) -> Option<T> {
        let mut state = self.0.write().expect(UNBROKEN);
        Some(change(Arc::make_mut(state.repos.get_mut(id)?)))
    }

    pub(crate) fn find(&self, id: &RepoId) -> Found {
        let state = self.0.read().expect(UNBROKEN);
        match (state.repos.get(id), state.renamed.get(id)) {
            (Some(repo), _) => Found::Repo(repo.clone()),
            (None, Some(now)) => Found::Moved(now.clone()),
            (None, None) => Found::Nothing,
        }
    }

    pub(crate) fn repos(&self) -> Vec<Arc<Repo>> {
        let state = self.0.read().expect(UNBROKEN);
        state.repos.values().cloned().collect()
    }
}

impl Repo {
    /// Adds a commit and lets the full ref `on` name it. What it holds is there again, if it had
    /// been removed for good.
    pub(crate) fn add(&mut self, on: &str, commit: Commit) {
        for file in commit.tree.files.values() {
            self.gone.remove(&file.blob.digest());
        }
        self.refs.insert(on.to_owned(), commit.id.clone());
        self.commits.insert(commit.id.clone(), Arc::new(commit));
        self.read_card();
    }

    pub(crate) fn read_card(&mut self) {
        let Some(head) = self.resolve("main") else {
            return;
        };
        let readme = head.tree.files.get("README.md");
        let text = readme.map(|file| file.blob.content.read(0, u64::MAX));
        self.card = text
            .and_then(|text| card::front_matter(&String::from_utf8_lossy(&text)))
            .unwrap_or_default();
        let files = head.tree.files.keys().map(String::as_str);
        self.tags = card::tags(self.id.kind(), &self.card, files);
    }

    /// The commit a branch, a tag, a full ref or a hash stands for.
    pub(crate) fn resolve(&self, revision: &str) -> Option<Arc<Commit>> {
        let by_name = [
            format!("refs/heads/{revision}"),
            format!("refs/tags/{revision}"),
            revision.to_owned(),
        ];
        let named = by_name.iter().find_map(|name| self.refs.get(name));
        let id = named.cloned().or_else(|| revision.parse().ok())?;
        self.commits.get(&id).cloned()
    }

    /// `from` and everything before it, newest first.
    pub(crate) fn history(&self, from: Arc<Commit>) -> impl Iterator<Item = Arc<Commit>> {
        std::iter::successors(Some(from), |commit| {
            self.commits.get(commit.parent.as_ref()?).cloned()
        })
    }

    /// The large file with this content in any commit.
    pub(crate) fn large_file(&self, sha256: &Digest) -> Option<Arc<Blob>> {
        let files = self
            .commits
            .values()
            .flat_map(|commit| commit.tree.files.values());
        files
            .map(|file| &file.blob)
            .find(|blob| blob.lfs.is_some() && blob.digest() == *sha256)
            .filter(|_| !self.gone.contains(sha256))
            .cloned()
    }
}
