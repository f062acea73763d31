//! History that is written anew.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use hubdesk_core::{CommitId, Digest, RepoId};

use crate::discussion::Discussions;
use crate::git::{Blob, Commit, File};
use crate::model::Repo;

impl Repo {
    /// Makes the history of the branch `full` one commit with the same files. Commits that
    /// nothing names any more are forgotten.
    pub(crate) fn squash(&mut self, full: &str, message: &str) -> Option<CommitId> {
        let head = self.commits.get(self.refs.get(full)?)?.clone();
        let files = head.tree.files.clone();
        let changed = files.keys().cloned().collect();
        // A second later: a squash of what is one commit already is another commit, too.
        let date = head.date + 1;
        let commit = Commit::new(None, files, changed, message, &head.author, date);
        let id = commit.id.clone();
        self.commits.insert(id.clone(), Arc::new(commit));
        self.refs.insert(full.to_owned(), id.clone());
        self.forget_unnamed();
        Some(id)
    }

    /// Writes every commit anew with the files that `keep` wants, and moves all refs.
    pub(crate) fn rewrite(&mut self, keep: impl Fn(&File) -> bool) {
        let mut anew: HashMap<CommitId, Arc<Commit>> = HashMap::new();
        for head in self.refs.values() {
            let Some(head) = self.commits.get(head) else {
                continue;
            };
            let chain: Vec<_> = self.history(head.clone()).collect();
            for old in chain.into_iter().rev() {
                if anew.contains_key(&old.id) {
                    continue;
                }
                let parent = old.parent.as_ref().and_then(|parent| anew.get(parent));
                let files: BTreeMap<_, _> = old
                    .tree
                    .files
                    .iter()
                    .filter(|(_, file)| keep(file))
                    .map(|(path, file)| (path.clone(), file.clone()))
                    .collect();
                let commit = Commit::new(
                    parent.map(Arc::as_ref),
                    files,
                    old.changed.clone(),
                    &old.title,
                    &old.author,
                    old.date,
                );
                anew.insert(old.id.clone(), Arc::new(commit));
            }
        }
        for commit in self.refs.values_mut() {
            if let Some(now) = anew.get(commit) {
                *commit = now.id.clone();
            }
        }
        self.commits = anew
            .into_values()
            .map(|commit| (commit.id.clone(), commit))
            .collect();
        self.read_card();
    }

    /// Every large file of every commit once: a path it had, and the oldest commit with it.
    pub(crate) fn large_files(&self) -> Vec<(String, Arc<Blob>, Arc<Commit>)> {
        let mut commits: Vec<_> = self.commits.values().collect();
        commits.sort_by_key(|commit| (commit.date, &commit.id));
        let mut found: BTreeMap<Digest, (String, Arc<Blob>, Arc<Commit>)> = BTreeMap::new();
        for commit in commits {
            for (path, File { blob, .. }) in &commit.tree.files {
                if blob.lfs.is_some() && !self.gone.contains(&blob.digest()) {
                    let row = || (path.clone(), blob.clone(), commit.clone());
                    found.entry(blob.digest()).or_insert_with(row);
                }
            }
        }
        found.into_values().collect()
    }

    /// The same under another name, made at `created` by `creator`: its files and their history,
    /// and what everybody is told about it. What people said, asked for and set there stays there.
    /// Unverified: that its gate comes along.
    pub(crate) fn copy_as(&self, id: &RepoId, created: u64, creator: &str) -> Self {
        let mut copy = self.clone();
        copy.id = id.clone();
        copy.about.created = created;
        copy.about.creator = Some(creator.to_owned());
        copy.about.readers.clear();
        (copy.about.downloads, copy.about.likes) = (0, 0);
        copy.about.recent_likes = None;
        copy.about.settings.clear();
        copy.about.discussions_disabled = false;
        copy.about.properties.retain(|(name, _)| name != "runtime");
        copy.discussions = Discussions::default();
        copy.requests.clear();
        let space = self.space.as_ref();
        copy.space = space.map(|space| space.copy_as(id.name(), created));
        copy.refs.retain(|name, _| !name.starts_with("refs/pr/"));
        copy.forget_unnamed();
        copy
    }

    fn forget_unnamed(&mut self) {
        let heads = self.refs.values().filter_map(|head| self.commits.get(head));
        let named: HashMap<_, _> = heads
            .flat_map(|head| self.history(head.clone()))
            .map(|commit| (commit.id.clone(), commit))
            .collect();
        self.commits = named;
    }
}
