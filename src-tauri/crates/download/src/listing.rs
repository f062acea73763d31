use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use futures_util::TryStreamExt as _;
use hubdesk_cache::{RepoCache, TreeFile};
use hubdesk_core::{BadPath, CommitId, Digest, Os, RepoId, RepoPath, Revision};
use hubdesk_hub::{EntryKind, TreeEntry};

use crate::halt::blocking;
use crate::{Error, Parts, Request, Select};

/// More names than this are looked up in the whole listing: that takes fewer requests.
const MOST_NAMES: usize = 1000;

/// The files of one commit.
#[derive(Debug, Clone)]
pub struct Listing {
    /// The commit.
    pub commit: CommitId,
    /// Its files, in the order the Hub lists them.
    pub entries: Vec<Entry>,
}

/// One file as the Hub lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The name as it came.
    pub name: String,
    /// The name as a path, or why it cannot be one on this machine.
    pub path: Result<RepoPath, BadPath>,
    /// Size in bytes.
    pub size: u64,
    /// What the content must hash to.
    pub digest: Digest,
    /// Kept outside git.
    pub is_large: bool,
}

/// Lists all files of `revision`. A commit's listing never changes, so one seen before is read
/// from the cache and only the revision is resolved.
pub async fn list(repo: &RepoId, revision: &Revision, parts: &Parts) -> Result<Listing, Error> {
    let in_hub = |source| Error::Hub {
        repo: repo.clone(),
        source,
    };
    let commit = parts
        .hub
        .repo(repo)
        .resolve(revision)
        .await
        .map_err(in_hub)?;
    let files = all_files(repo, &commit, parts).await?;
    let entries = files
        .into_iter()
        .map(|file| Entry::new(repo, file))
        .collect::<Result<_, _>>()?;
    Ok(Listing { commit, entries })
}

/// Lists what `request` selects. Named files are asked for by name, so that a few files of a large
/// repository do not cost its whole listing.
pub(crate) async fn select(request: &Request, parts: &Parts) -> Result<Listing, Error> {
    let repo = &request.repo;
    let Select::Files(names) = &request.select else {
        let mut listing = list(repo, &request.revision, parts).await?;
        if let Select::Matching(patterns) = &request.select {
            listing.entries.retain(|entry| patterns.select(&entry.name));
        }
        return Ok(listing);
    };
    let in_hub = |source| Error::Hub {
        repo: repo.clone(),
        source,
    };
    let commit = parts
        .hub
        .repo(repo)
        .resolve(&request.revision)
        .await
        .map_err(in_hub)?;
    let files = match read_tree(repo, &commit, parts).await? {
        Some(files) => files,
        None if names.len() > MOST_NAMES => all_files(repo, &commit, parts).await?,
        None => {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let found = parts
                .hub
                .repo(repo)
                .paths_info(&commit, &names)
                .await
                .map_err(in_hub)?;
            tree_files(found)
        }
    };
    let mut by_name: HashMap<String, TreeFile> = files
        .into_iter()
        .map(|file| (file.path.clone(), file))
        .collect();
    let mut entries = Vec::with_capacity(names.len());
    for name in names.iter().collect::<BTreeSet<_>>() {
        match by_name.remove(name) {
            Some(file) => entries.push(Entry::new(repo, file)?),
            None => return Err(absent(request, &commit, name, parts).await),
        }
    }
    Ok(Listing { commit, entries })
}

async fn all_files(
    repo: &RepoId,
    commit: &CommitId,
    parts: &Parts,
) -> Result<Vec<TreeFile>, Error> {
    if let Some(files) = read_tree(repo, commit, parts).await? {
        return Ok(files);
    }
    let stream = parts.hub.repo(repo).tree(commit, None, true);
    let found: Vec<TreeEntry> = stream.try_collect().await.map_err(|source| Error::Hub {
        repo: repo.clone(),
        source,
    })?;
    let files = tree_files(found);
    // An empty answer is more likely a fault than a repository, and this file is never asked again.
    if !files.is_empty() {
        let (cache, commit, kept) = (parts.cache.repo(repo), commit.clone(), files.clone());
        if let Err(error) = blocking(move || cache.write_tree(&commit, &kept)).await {
            tracing::warn!(%repo, %error, "the listing cannot be kept for the next time");
        }
    }
    Ok(files)
}

async fn read_tree(
    repo: &RepoId,
    commit: &CommitId,
    parts: &Parts,
) -> Result<Option<Vec<TreeFile>>, Error> {
    let (cache, commit) = (parts.cache.repo(repo), commit.clone());
    blocking(move || cache.read_tree(&commit))
        .await
        .map_err(|source| Error::Cache {
            repo: repo.clone(),
            source,
        })
}

/// Records that `name` does not exist, as the official client does, and says so.
async fn absent(request: &Request, commit: &CommitId, name: &str, parts: &Parts) -> Error {
    if let Ok(path) = RepoPath::new(name) {
        let (cache, commit) = (parts.cache.repo(&request.repo), commit.clone());
        let revision = request.revision.clone();
        let note = move || -> Result<(), hubdesk_cache::Error> {
            cache.mark_absent(&commit, &path)?;
            note_ref(&cache, &revision, &commit)
        };
        if let Err(error) = blocking(note).await {
            tracing::warn!(%error, "the absence of a file cannot be noted");
        }
    }
    Error::NoSuchFile {
        repo: request.repo.clone(),
        revision: request.revision.clone(),
        path: name.to_owned(),
    }
}

/// The mark is only found through the ref. A ref without its snapshot hides the whole repository
/// from the official scan, so the ref moves only where the snapshot exists.
fn note_ref(
    cache: &RepoCache,
    revision: &Revision,
    commit: &CommitId,
) -> Result<(), hubdesk_cache::Error> {
    if Path::is_dir(&cache.snapshot(commit)) {
        cache.point_ref(revision, commit)
    } else {
        Ok(())
    }
}

/// The files of an answer, as the cache keeps them.
fn tree_files(found: Vec<TreeEntry>) -> Vec<TreeFile> {
    let files = found
        .into_iter()
        .filter(|entry| entry.kind == EntryKind::File);
    files
        .map(|entry| TreeFile {
            size: entry.content_size(),
            blob_id: entry.oid.to_string(),
            lfs: entry.lfs.map(|lfs| (lfs.sha256, lfs.size)),
            xet_hash: entry.xet_hash,
            path: entry.path,
        })
        .collect()
}

impl Entry {
    /// A file without a digest to check it by is not acceptable.
    fn new(repo: &RepoId, file: TreeFile) -> Result<Self, Error> {
        let (digest, size) = match file.lfs {
            Some((sha256, size)) => (Some(sha256), size),
            None => (Digest::parse(&file.blob_id), file.size),
        };
        let digest = digest.ok_or_else(|| Error::Unusable {
            repo: repo.clone(),
            what: "a file of the listing has no digest",
        })?;
        let path = RepoPath::new(&file.path).and_then(|path| {
            path.check(Os::HERE)?;
            Ok(path)
        });
        Ok(Self {
            path,
            size,
            digest,
            is_large: file.lfs.is_some(),
            name: file.path,
        })
    }
}
