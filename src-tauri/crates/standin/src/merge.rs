//! Merging a pull request: forwards where that is enough, else path by path.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hubdesk_core::{CommitId, Digest};

use crate::discussion::pull_ref;
use crate::git::{Commit, File};
use crate::model::Repo;
use crate::seed::{Change, What};

/// What merging would do.
pub(crate) enum Merge {
    /// `main` moves on to the head of the pull request.
    Forward(CommitId),
    /// `main` gets a commit with these changes.
    Commit(Vec<Change>),
    /// Both sides changed these paths.
    Conflicts(Vec<String>),
}

impl Repo {
    /// The newest commit both come from.
    pub(crate) fn merge_base(&self, one: &Arc<Commit>, other: &Arc<Commit>) -> Option<Arc<Commit>> {
        let known: BTreeSet<_> = self.history(one.clone()).map(|c| c.id.clone()).collect();
        self.history(other.clone()).find(|c| known.contains(&c.id))
    }

    /// What merging pull request `num` would do now; `None` if its ref or `main` is gone.
    pub(crate) fn plan_merge(&self, num: u64) -> Option<Merge> {
        let (main, head) = (self.resolve("main")?, self.resolve(&pull_ref(num))?);
        let base = self.merge_base(&main, &head)?;
        if base.id == main.id {
            return Some(Merge::Forward(head.id.clone()));
        }
        let ours = changes(&base, &main);
        let theirs = changes(&base, &head);
        let differs = |path: &&String| ours.get(*path).is_some_and(|ours| *ours != theirs[*path]);
        let blocked = |path: &&String| {
            let files = main.tree.files.keys();
            let stays = |file: &&String| !matches!(theirs.get(*file), Some(None));
            theirs[*path].is_some() && files.filter(stays).any(|file| is_in_the_way(file, path))
        };
        let is_conflict = |path: &&String| differs(path) || blocked(path);
        let conflicts: Vec<String> = theirs.keys().filter(is_conflict).cloned().collect();
        if !conflicts.is_empty() {
            return Some(Merge::Conflicts(conflicts));
        }
        let wanted = theirs.keys().filter(|path| !ours.contains_key(*path));
        let changes = wanted.map(|path| change(path, head.tree.files.get(path)));
        Some(Merge::Commit(changes.collect()))
    }

    /// Merges pull request `num` if nothing is in conflict; the new head of `main`.
    pub(crate) fn merge(&mut self, num: u64, title: &str) -> Result<CommitId, Vec<String>> {
        let merged = match self.plan_merge(num) {
            Some(Merge::Forward(head)) => {
                self.refs.insert("refs/heads/main".to_owned(), head.clone());
                head
            }
            Some(Merge::Commit(changes)) => self.commit("refs/heads/main", title, &changes),
            Some(Merge::Conflicts(paths)) => return Err(paths),
            None => return Err(Vec::new()),
        };
        self.read_card();
        Ok(merged)
    }
}

/// What differs between two commits: the new content by path, `None` where the file is gone.
fn changes(from: &Commit, to: &Commit) -> BTreeMap<String, Option<Digest>> {
    let (old, new) = (&from.tree.files, &to.tree.files);
    let id = |file: Option<&File>| file.map(|file| file.blob.digest());
    let paths: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let changed = paths
        .into_iter()
        .filter(|path| id(old.get(*path)) != id(new.get(*path)));
    changed
        .map(|path| (path.clone(), id(new.get(path))))
        .collect()
}

/// Whether one of two paths would have to be a file and a folder at once.
fn is_in_the_way(one: &str, other: &str) -> bool {
    let is_below = |path: &str, folder: &str| {
        path.strip_prefix(folder)
            .is_some_and(|rest| rest.starts_with('/'))
    };
    is_below(one, other) || is_below(other, one)
}

fn change(path: &str, file: Option<&File>) -> Change {
    let what = match file {
        None => What::Remove,
        Some(file) if file.blob.lfs.is_some() => What::Large(file.blob.content.clone()),
        Some(file) => What::Regular(file.blob.content.clone()),
    };
    Change {
        path: path.to_owned(),
        what,
        is_raw: file.is_some_and(|file| file.is_raw),
    }
}
