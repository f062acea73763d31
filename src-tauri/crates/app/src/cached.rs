//! What the cache itself knows of a revision that was never opened here while its Hub could be asked:
//! somebody has downloaded it, perhaps with another tool.

use std::fs;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use hubdesk_cache::{Lookup, RepoCache, TreeFile};
use hubdesk_core::{CommitId, RepoId, RepoPath, Revision};
use serde_json::Value;

use crate::App;
use crate::api::{Card, FileList, FileRow, Reply, RepoAt};
use crate::card;
use crate::commands::repo::web_url;
use crate::commands::{repo_id, revision};

/// Files of a snapshot that are looked at, where no listing says what belongs to it.
const MOST_FILES: usize = 100_000;
/// Folders within folders that are looked into.
const DEEPEST: usize = 50;

/// A revision that is in the cache.
struct Cached {
    repo: RepoCache,
    commit: CommitId,
    /// The listing that was kept.
    tree: Option<Vec<TreeFile>>,
    /// Since when this is known to be the revision, in milliseconds since 1970.
    as_of: u64,
}

/// The answer to `command` as far as the cache has it: the files, and the card. Anything else only
/// the Hub knows.
pub(crate) async fn answer(app: &App, command: &str, request: Value) -> Option<Reply> {
    if !matches!(command, "repo_files" | "repo_card") {
        return None;
    }
    let request: RepoAt = serde_json::from_value(request).ok()?;
    let (id, asked) = (
        repo_id(&request.repo).ok()?,
        revision(&request.revision).ok()?,
    );
    let hub = app.sessions().open().ok()?.hub.clone();
    let (of, wanted) = (id.clone(), asked.clone());
    let cached = app.blocking(move |app| Cached::find(app, &of, &wanted));
    let cached = cached.await?;
    let as_of = Some(cached.as_of);
    let answer = if command == "repo_files" {
        let files = app.blocking(move |_| cached.files()).await?;
        serde_json::to_value(files)
    } else {
        let text = app.blocking(move |_| cached.card()).await?;
        let base = format!("{}/blob/{asked}/", web_url(&hub, &id));
        let card: Option<Card> = match text {
            Some(text) => Some(app.cards().render(text, base).await),
            None => None,
        };
        serde_json::to_value(card)
    };
    Some(Reply {
        answer: answer.ok()?,
        as_of,
    })
}

impl Cached {
    /// Blocks.
    fn find(app: &App, id: &RepoId, revision: &Revision) -> Option<Self> {
        let repo = app.cache().repo(id);
        let commit = match revision.as_commit() {
            Some(commit) => commit.clone(),
            None => repo.read_ref(revision).ok()??,
        };
        let tree = repo.read_tree(&commit).ok().flatten();
        let snapshot = repo.snapshot(&commit);
        if tree.is_none() && !snapshot.is_dir() {
            return None;
        }
        let listing = repo.folder().join("trees").join(format!("{commit}.json"));
        let times = [modified(&snapshot), modified(&listing)];
        let as_of = times.into_iter().flatten().max()?;
        Some(Self {
            repo,
            commit,
            tree,
            as_of,
        })
    }

    /// All files, by the listing; without one, those that are here. Blocks.
    fn files(self) -> Option<FileList> {
        let mut files = match &self.tree {
            Some(tree) => tree.iter().map(|file| self.listed(file)).collect(),
            None => {
                let mut found = Vec::new();
                let root = self.repo.snapshot(&self.commit);
                walk(&root, "", DEEPEST, &mut found);
                found
            }
        };
        files.sort_by(|one, other| one.path.cmp(&other.path));
        let sizes = files.iter().map(|file| file.bytes);
        Some(FileList {
            commit: self.commit.to_string(),
            bytes: sizes.fold(0, u64::saturating_add),
            files,
        })
    }

    fn listed(&self, file: &TreeFile) -> FileRow {
        let path = RepoPath::new(&file.path);
        let is_here =
            |path: &RepoPath| matches!(self.repo.lookup(&self.commit, path), Lookup::Hit(_));
        FileRow {
            is_here: path.as_ref().is_ok_and(is_here),
            problem: path.err().map(|why| why.to_string()),
            path: file.path.clone(),
            bytes: file.lfs.map_or(file.size, |(_, size)| size),
            is_large: file.lfs.is_some(),
        }
    }

    /// The card; `Some(None)` where it is known that there is none. Blocks.
    fn card(self) -> Option<Option<card::Text>> {
        const CARD: &str = "README.md";
        let path = RepoPath::new(CARD).ok()?;
        if let Lookup::Hit(file) = self.repo.lookup(&self.commit, &path) {
            return card::read(&file).ok().map(Some);
        }
        let tree = self.tree?;
        let has_card = tree.iter().any(|file| file.path == CARD);
        (!has_card).then_some(None)
    }
}

/// The files below `folder`, whose path in the repository is `path`.
fn walk(folder: &Path, path: &str, deepest: usize, found: &mut Vec<FileRow>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        // A snapshot holds files as links, and folders as folders.
        let (Some(name), Ok(kind)) = (name.to_str(), entry.file_type()) else {
            continue;
        };
        let path = match path {
            "" => name.to_owned(),
            path => format!("{path}/{name}"),
        };
        if kind.is_dir() {
            if deepest > 0 {
                walk(&entry.path(), &path, deepest - 1, found);
            }
        } else if let Ok(file) = fs::metadata(entry.path())
            && file.is_file()
            && found.len() < MOST_FILES
        {
            found.push(FileRow {
                path,
                bytes: file.len(),
                is_large: is_large(&entry.path()),
                is_here: true,
                problem: None,
            });
        }
    }
}

/// A large file is a link to a blob that is named by a sha256.
fn is_large(link: &Path) -> bool {
    let blob = fs::read_link(link).ok();
    let name = blob.as_deref().and_then(Path::file_name);
    name.is_some_and(|name| name.len() == 64)
}

fn modified(path: &Path) -> Option<u64> {
    let time: SystemTime = fs::metadata(path).ok()?.modified().ok()?;
    let since = time.duration_since(UNIX_EPOCH).ok()?;
    u64::try_from(since.as_millis()).ok()
}
