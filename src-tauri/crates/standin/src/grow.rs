//! Repositories from seeds.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use hubdesk_core::{CommitId, RepoKind};
use serde_json::Map;

use crate::content::mix;
use crate::discussion::Discussions;
use crate::git::{Blob, Commit, File};
use crate::model::Repo;
use crate::seed::{Change, RepoSeed, Step, What};
use crate::space::Space;

impl Repo {
    pub(crate) fn grow(seed: &RepoSeed) -> Self {
        let mut repo = Self {
            id: seed.id.clone(),
            about: seed.about.clone(),
            refs: BTreeMap::new(),
            card: Map::new(),
            tags: Vec::new(),
            discussions: Discussions::default(),
            space: None,
            requests: BTreeMap::new(),
            commits: HashMap::new(),
            gone: BTreeSet::new(),
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
                Step::Convert(name) => (
                    "Convert files",
                    Some((format!("refs/convert/{name}"), true)),
                ),
                Step::PullRequest(n) => ("Update files", Some((format!("refs/pr/{n}"), true))),
            };
            if !open.is_empty() {
                repo.commit(&on, title, &std::mem::take(&mut open));
            }
            if let Some((name, is_followed)) = refs {
                let head = repo.refs.get(&on).cloned();
                let is_anew = matches!(step, Step::Convert(_));
                if let Some(head) = head.filter(|_| !is_anew) {
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
        repo.adopt_pull_requests();
        repo.space = repo.run();
        for discussion in &seed.discussions {
            repo.take_up(discussion);
        }
        repo
    }

    pub(crate) fn commit(&mut self, on: &str, title: &str, changes: &[Change]) -> CommitId {
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

    /// What runs in it, if it is a Space: as the seed describes it.
    fn run(&self) -> Option<Space> {
        let date = self.resolve("main").map_or(0, |head| head.date);
        let mut properties = self.about.properties.iter();
        let runtime = properties.find(|(name, _)| name == "runtime");
        let runtime = runtime.map(|(_, value)| value);
        let is_space = self.id.kind() == RepoKind::Space;
        is_space.then(|| Space::new(self.id.name(), runtime, date))
    }
}
