//! Files that a repository holds, and what is at some paths of it.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;

use futures_util::TryStreamExt as _;
use hubdesk_core::{CommitId, Digest, RepoId, RepoPath};
use hubdesk_hub::{EntryKind, Repo, TreeEntry};

use crate::remote::failed;
use crate::{Error, There};

/// A file that a repository holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Which repository.
    pub repo: RepoId,
    /// A commit that has it.
    pub commit: CommitId,
    /// Where it is there.
    pub path: RepoPath,
    /// What it is.
    pub there: There,
    /// Its id in the chunk store, from the listing.
    pub xet_hash: Option<String>,
}

impl Stored {
    /// Whether its content lies beside git, so that a commit names it only.
    pub fn is_large(&self) -> bool {
        matches!(self.there.digest, Digest::Sha256(_))
    }
}

/// Some files of one commit, by their paths.
pub(crate) type Files = BTreeMap<RepoPath, Stored>;

/// What is at exactly these paths.
pub(crate) async fn files_at(
    repo: &Repo,
    commit: &CommitId,
    paths: impl IntoIterator<Item = &RepoPath>,
) -> Result<Files, Error> {
    let paths: Vec<&str> = paths.into_iter().map(RepoPath::as_str).collect();
    let entries = repo.paths_info(commit, &paths).await;
    let entries = entries.map_err(|source| failed(repo, source))?;
    let files = entries.iter().filter_map(|entry| file(repo, commit, entry));
    Ok(files.collect())
}

/// What is at these paths, below them, and in place of the folders above them: all that decides
/// whether something can be put there. What could not be listed in full is an error.
pub(crate) async fn files_around(
    repo: &Repo,
    commit: &CommitId,
    paths: &BTreeSet<RepoPath>,
) -> Result<Files, Error> {
    let mut asked: BTreeSet<&str> = BTreeSet::new();
    for path in paths {
        asked.insert(path.as_str());
        asked.extend(folders_above(path));
    }
    let asked: Vec<&str> = asked.into_iter().collect();
    let entries = repo.paths_info(commit, &asked).await;
    let mut files = Files::new();
    for entry in entries.map_err(|source| failed(repo, source))? {
        files.extend(file(repo, commit, &entry));
        let is_named = || RepoPath::new(&entry.path).is_ok_and(|path| paths.contains(&path));
        if entry.kind == EntryKind::Directory && is_named() {
            let mut below = pin!(repo.tree(commit, Some(&entry.path), true));
            while let Some(entry) = below.try_next().await.map_err(|e| failed(repo, e))? {
                files.extend(file(repo, commit, &entry));
            }
        }
    }
    Ok(files)
}

/// The folders a path lies in, the outermost first.
pub(crate) fn folders_above(path: &RepoPath) -> impl Iterator<Item = &str> {
    let path = path.as_str();
    path.match_indices('/').map(|(end, _)| &path[..end])
}

/// Whether `path` lies below `folder`, and then how it is called there.
pub(crate) fn below<'a>(path: &'a RepoPath, folder: &RepoPath) -> Option<&'a str> {
    let rest = path.as_str().strip_prefix(folder.as_str())?;
    rest.strip_prefix('/')
}

/// `None` for what is no file, or has a path that none of ours can be.
fn file(repo: &Repo, commit: &CommitId, entry: &TreeEntry) -> Option<(RepoPath, Stored)> {
    let path = RepoPath::new(&entry.path).ok()?;
    let stored = Stored {
        repo: repo.id().clone(),
        commit: commit.clone(),
        path: path.clone(),
        there: There::of(entry)?,
        xet_hash: entry.xet_hash.clone(),
    };
    Some((path, stored))
}
