//! What a Hub holds: repositories, their refs and their commits, all in memory.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, RwLock};

use hubdesk_core::{CommitId, Digest, RepoId};
use serde_json::{Map, Value};

use crate::card;
use crate::content::mix;
use crate::gate::AccessRequest;
use crate::git::{Blob, Commit, File};
use crate::seed::{About, Change, RepoSeed, Step, What};

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
    /// Who asked for access, and what became of it.
    pub(crate) requests: BTreeMap<String, AccessRequest>,
    /// The last number of a discussion or pull request; both count together.
    last_number: u64,
    commits: HashMap<CommitId, Arc<Commit>>,
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

    /// Takes a repository away, as if it had never been.
    pub fn remove_repo(&self, id: &RepoId) {
        let mut state = self.0.write().expect(UNBROKEN);
        state.repos.remove(id);
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
    fn grow(seed: &RepoSeed) -> Self {
        let mut repo = Self {
            id: seed.id.clone(),
            about: seed.about.clone(),
            refs: BTreeMap::new(),
            card: Map::new(),
            tags: Vec::new(),
            requests: BTreeMap::new(),
            last_number: 0,
            commits: HashMap::new(),
        };
        let mut on = "refs/heads/main".to_owned();
        let mut open = Vec::new();
        for step in &seed.steps {
            let (title, refs) = match step {
                Step::Change(change) => {
                    open.push(change.clone());
                    continue;
                }
                Step::Commit(title) => (title.as_str(), None),
                Step::Branch(name) => ("Update files", Some((format!("refs/heads/{name}"), true))),
                Step::Tag(name) => ("Update files", Some((format!("refs/tags/{name}"), false))),
                Step::PullRequest(n) => ("Update files", Some((format!("refs/pr/{n}"), true))),
            };
            if !open.is_empty() {
                repo.commit(&on, title, &std::mem::take(&mut open));
            }
            if let Step::PullRequest(number) = step {
                repo.last_number = repo.last_number.max(*number);
            }
            if let Some((name, is_followed)) = refs {
                if let Some(head) = repo.refs.get(&on).cloned() {
                    repo.refs.entry(name.clone()).or_insert(head);
                }
                if is_followed {
                    on = name;
                }
            }
        }
        if !open.is_empty() || repo.commits.is_empty() {
            repo.commit(&on, "Initial commit", &open);
        }
        repo.read_card();
        repo
    }

    fn commit(&mut self, on: &str, title: &str, changes: &[Change]) -> CommitId {
        let parent = self
            .refs
            .get(on)
            .and_then(|id| self.commits.get(id))
            .cloned();
        let mut files = parent
            .as_ref()
            .map_or_else(BTreeMap::new, |p| p.tree.files.clone());
        let mut changed = BTreeSet::new();
        for change in changes {
            let blob = match &change.what {
                What::Regular(content) => Blob::regular(content.clone()),
                What::Large(content) => Blob::large(content.clone()),
                What::Remove => {
                    files.remove(&change.path);
                    changed.insert(change.path.clone());
                    continue;
                }
            };
            let file = File {
                blob: Arc::new(blob),
                is_raw: change.is_raw,
            };
            files.insert(change.path.clone(), file);
            changed.insert(change.path.clone());
        }
        let count = self.commits.len() as u64;
        // About a day later, at another time of day.
        let date = parent.as_ref().map_or(self.about.created + 97, |parent| {
            parent.date + 70_000 + mix(count, parent.date) % 40_000
        });
        let author = self.id.owner().unwrap_or("hub").to_owned();
        let changed = changed.into_iter().collect();
        let commit = Commit::new(parent.as_deref(), files, changed, title, &author, date);
        let id = commit.id.clone();
        self.commits.insert(id.clone(), Arc::new(commit));
        self.refs.insert(on.to_owned(), id.clone());
        id
    }

    /// Adds a commit and lets the full ref `on` name it.
    pub(crate) fn add(&mut self, on: &str, commit: Commit) {
        self.refs.insert(on.to_owned(), commit.id.clone());
        self.commits.insert(commit.id.clone(), Arc::new(commit));
        self.read_card();
    }

    /// The number of a new discussion or pull request.
    pub(crate) fn next_number(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }

    fn read_card(&mut self) {
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
            .cloned()
    }
}
