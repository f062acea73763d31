//! What a finding needs to know beside the files of an upload.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;

use futures_util::{StreamExt as _, TryStreamExt as _};
use hubdesk_core::{CommitId, RepoPath};
use hubdesk_hub::card::{Card, Mapping};
use hubdesk_hub::{Error as HubError, Repo, What};

use crate::fingerprint::read_whole;
use crate::halt::{Halt, blocking};
use crate::preflight::CROWDED;
use crate::remote::failed;
use crate::{Error, Fate, Found, Planned};

/// The longest card that is read; what is longer is none that a person wrote.
const LONGEST_CARD: u64 = 1 << 20;
/// Folders that are listed, those with the most new entries.
const MOST_FOLDERS: usize = 8;

/// What a finding needs to know beside the files.
#[derive(Debug, Default)]
pub(crate) struct Beside {
    /// Whether the repository has a card already.
    pub(crate) has_card: bool,
    /// What the card says that is to be uploaded, or why nobody can tell.
    pub(crate) card: Option<Result<Mapping, String>>,
    /// The names of what is in some folders of the repository and stays there; the root is empty.
    pub(crate) names: Names,
}

/// Names by the folder they are in.
pub(crate) type Names = BTreeMap<String, BTreeSet<String>>;

/// What a card to be uploaded says. `None` if there is none that can be one.
pub(crate) async fn read_card(
    found: Option<&Found>,
) -> Result<Option<Result<Mapping, String>>, Halt> {
    let Some(found) = found.filter(|found| found.size <= LONGEST_CARD).cloned() else {
        return Ok(None);
    };
    let bytes = blocking(move || read_whole(&found)).await?;
    let text = String::from_utf8_lossy(&bytes);
    let said = Card::new(&text).metadata();
    Ok(Some(said.map_err(|error| error.to_string())))
}

/// What is in the folders that get the most new entries, but for what is removed. A folder that is
/// longer than is good is not read to its end.
pub(crate) async fn names_there(
    repo: &Repo,
    commit: &CommitId,
    files: &[Planned],
    to_remove: &[RepoPath],
) -> Result<Names, Error> {
    let mut names = Names::new();
    for folder in growing(files) {
        let path = Some(folder).filter(|folder| !folder.is_empty());
        let mut entries = pin!(
            repo.tree(commit, path, false)
                .take(CROWDED + to_remove.len() + 1)
        );
        let mut there = BTreeSet::new();
        loop {
            let entry = match entries.try_next().await {
                Ok(Some(entry)) => entry,
                // A new folder.
                Ok(None) | Err(HubError::NotFound(What::Entry, _)) => break,
                Err(source) => return Err(failed(repo, source)),
            };
            let goes = RepoPath::new(&entry.path).is_ok_and(|path| to_remove.contains(&path));
            let name = entry.path.rsplit('/').next().unwrap_or_default();
            if !goes {
                there.insert(name.to_owned());
            }
        }
        names.insert(folder.to_owned(), there);
    }
    Ok(names)
}

/// The folders that get the most new files, the most first.
fn growing(files: &[Planned]) -> Vec<&str> {
    let mut new: BTreeMap<&str, usize> = BTreeMap::new();
    for file in files.iter().filter(|file| file.fate == Fate::New) {
        let path = file.path.as_str();
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        *new.entry(folder).or_default() += 1;
    }
    let mut folders: Vec<_> = new.into_iter().collect();
    folders.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    folders.truncate(MOST_FOLDERS);
    folders.into_iter().map(|(folder, _)| folder).collect()
}
