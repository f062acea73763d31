//! What the repository holds at the paths an upload is about.

use std::collections::{BTreeMap, HashMap};
use std::pin::pin;

use futures_util::TryStreamExt as _;
use hubdesk_core::{CommitId, RepoPath};
use hubdesk_hub::{Repo, TreeEntry};

use crate::{Error, Found, Removal, There};

/// Up to so many files are asked about by name; for more the whole tree costs less.
const FEW: usize = 1000;
/// Rules of the repository itself, which go only by name.
const ATTRIBUTES: &str = ".gitattributes";

/// What is there at one commit.
#[derive(Debug, Default)]
pub(crate) struct Remote {
    /// At the paths that are to be uploaded.
    pub(crate) there: HashMap<RepoPath, There>,
    /// What is to go, in order.
    pub(crate) to_remove: Vec<RepoPath>,
}

impl Remote {
    /// Looks at `commit`. What could not be listed in full is an error, never an absence.
    pub(crate) async fn look(
        repo: &Repo,
        commit: &CommitId,
        files: &BTreeMap<RepoPath, Found>,
        removal: Option<&Removal>,
    ) -> Result<Self, Error> {
        let mut remote = Self::default();
        if removal.is_none() && files.len() <= FEW {
            let paths: Vec<&str> = files.keys().map(RepoPath::as_str).collect();
            let entries = repo.paths_info(commit, &paths).await;
            for entry in entries.map_err(|source| failed(repo, source))? {
                remote.take(&entry, files, None);
            }
        } else {
            let mut entries = pin!(repo.tree(commit, None, true));
            let next = async || entries.try_next().await;
            let mut next = next;
            while let Some(entry) = next().await.map_err(|source| failed(repo, source))? {
                remote.take(&entry, files, removal);
            }
        }
        remote.to_remove.sort();
        Ok(remote)
    }

    fn take(
        &mut self,
        entry: &TreeEntry,
        files: &BTreeMap<RepoPath, Found>,
        removal: Option<&Removal>,
    ) {
        // A path that is none of ours cannot be one we are about.
        let (Some(there), Ok(path)) = (There::of(entry), RepoPath::new(&entry.path)) else {
            return;
        };
        if files.contains_key(&path) {
            self.there.insert(path, there);
        } else if removal.is_some_and(|removal| removal.is_about(&path)) {
            self.to_remove.push(path);
        }
    }
}

impl Removal {
    /// Whether it removes `path`, as the official client has it (`_prepare_upload_folder_deletions`).
    pub(crate) fn is_about(&self, path: &RepoPath) -> bool {
        let relative = match &self.below {
            None => Some(path.as_str()),
            Some(folder) => path
                .as_str()
                .strip_prefix(folder.as_str())
                .and_then(|rest| rest.strip_prefix('/')),
        };
        relative.is_some_and(|relative| {
            relative != ATTRIBUTES && self.patterns.iter().any(|one| one.matches(relative))
        })
    }
}

pub(crate) fn failed(repo: &Repo, source: hubdesk_hub::Error) -> Error {
    let repo = repo.id().clone();
    Error::Hub { repo, source }
}

#[cfg(test)]
mod tests {
    use hubdesk_core::Pattern;

    use super::*;

    #[test]
    fn what_goes_matches_below_its_folder_and_is_never_the_rules_themselves() {
        let removal = |below: Option<&str>, pattern| Removal {
            below: below.map(|path| RepoPath::new(path).unwrap()),
            patterns: vec![Pattern::new(pattern).unwrap()],
        };
        let is_about = |removal: &Removal, path| removal.is_about(&RepoPath::new(path).unwrap());
        let everywhere = removal(None, "*.bin");
        assert!(is_about(&everywhere, "a.bin"));
        assert!(is_about(&everywhere, "d/a.bin"));
        assert!(!is_about(&everywhere, "a.txt"));
        let below = removal(Some("d"), "*");
        assert!(is_about(&below, "d/a"));
        assert!(!is_about(&below, "d"));
        assert!(!is_about(&below, "da/a"));
        assert!(!is_about(&below, "d/.gitattributes"));
        assert!(!is_about(&removal(None, "*"), ".gitattributes"));
    }
}
