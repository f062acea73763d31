use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use futures_util::{StreamExt as _, TryStreamExt as _};
use hubdesk_cache::TreeFile;
use hubdesk_core::{BadPath, CommitId, Digest, Os, RepoId, RepoPath, Revision};
use hubdesk_hub::{EntryKind, TreeEntry};

use crate::halt::blocking;
use crate::place::Place;
use crate::{Error, Parts, Request, Select, variants};

/// More names than this are looked up in the whole listing: that takes fewer requests.
const MOST_NAMES: usize = 1000;
/// More files than any repository has; an answer without end must not fill the memory.
const MOST_FILES: usize = 2_000_000;

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
    /// Its name in the content-addressed store, if it is there. Not checked.
    pub xet_hash: Option<String>,
}

/// Which listings are good enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trust {
    /// A listing of a commit never changes, so one seen before will do.
    Known,
    /// The one seen before was wrong: only the Hub will do.
    Fresh,
}

/// What a request is about.
pub(crate) struct Selection {
    pub(crate) commit: CommitId,
    /// The files selected.
    pub(crate) entries: Vec<Entry>,
    /// The whole listing they were selected from, where it was looked at.
    pub(crate) whole: Option<Whole>,
}

/// A whole listing, and where it is from.
#[derive(Clone)]
pub(crate) struct Whole {
    pub(crate) files: Arc<[TreeFile]>,
    /// It was asked of the Hub in this very run.
    pub(crate) is_fresh: bool,
}

/// Lists all files of `revision`. Writes nothing.
pub async fn list(repo: &RepoId, revision: &Revision, parts: &Parts) -> Result<Listing, Error> {
    let commit = resolve(repo, revision, parts).await?;
    let place = Place::in_cache(repo, parts);
    let whole = whole(repo, &commit, &place, parts, Trust::Known).await?;
    let entries = whole
        .files
        .iter()
        .map(|file| Entry::new(repo, file))
        .collect::<Result<_, _>>()?;
    Ok(Listing { commit, entries })
}

/// Finds what `request` selects. A few named files are asked for by name, so that they do not cost
/// the listing of a large repository.
pub(crate) async fn select(
    request: &Request,
    place: &Place,
    parts: &Parts,
    trust: Trust,
) -> Result<Selection, Error> {
    let mut selection = select_all(request, place, parts, trust).await?;
    selection.entries.retain(|entry| !place.leaves_out(entry));
    Ok(selection)
}

async fn select_all(
    request: &Request,
    place: &Place,
    parts: &Parts,
    trust: Trust,
) -> Result<Selection, Error> {
    let repo = &request.repo;
    let commit = resolve(repo, &request.revision, parts).await?;
    let Select::Files(names) = &request.select else {
        let whole = whole(repo, &commit, place, parts, trust).await?;
        let of_variant = variant_files(request, &whole.files)?;
        let is_wanted = |file: &&TreeFile| match &request.select {
            Select::Matching(patterns) => patterns.select(&file.path),
            Select::Variant(_) => of_variant.contains(&file.path),
            Select::All | Select::Files(_) => true,
        };
        let files = whole.files.iter().filter(is_wanted);
        let entries = files
            .map(|file| Entry::new(repo, file))
            .collect::<Result<_, _>>()?;
        return Ok(Selection {
            commit,
            entries,
            whole: Some(whole),
        });
    };
    let names: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    let (files, whole) = named(repo, &commit, place, parts, trust, &names).await?;
    let mut files: HashMap<String, TreeFile> = files
        .into_iter()
        .map(|file| (file.path.clone(), file))
        .collect();
    let mut entries = Vec::with_capacity(names.len());
    for name in names {
        match files.remove(name) {
            Some(file) => entries.push(Entry::new(repo, &file)?),
            None => return Err(absent(request, &commit, name, parts).await),
        }
    }
    Ok(Selection {
        commit,
        entries,
        whole,
    })
}

/// The files of the variant asked for, if one is.
pub(crate) fn variant_files(
    request: &Request,
    files: &[TreeFile],
) -> Result<HashSet<String>, Error> {
    let Select::Variant(id) = &request.select else {
        return Ok(HashSet::new());
    };
    let sizes = files.iter().map(|file| {
        let size = file.lfs.map_or(file.size, |(_, size)| size);
        (file.path.as_str(), size)
    });
    let variants = variants(sizes);
    let wanted = variants.into_iter().find(|variant| variant.id == *id);
    let wanted = wanted.ok_or_else(|| Error::NoSuchVariant {
        repo: request.repo.clone(),
        revision: request.revision.clone(),
        variant: id.clone(),
    })?;
    Ok(wanted.files.into_iter().chain(wanted.companions).collect())
}

/// Files among which all of `names` are, if the commit has them; from a whole listing where one is
/// known, or is cheaper.
async fn named(
    repo: &RepoId,
    commit: &CommitId,
    place: &Place,
    parts: &Parts,
    trust: Trust,
    names: &BTreeSet<&str>,
) -> Result<(Vec<TreeFile>, Option<Whole>), Error> {
    if trust == Trust::Known
        && let Some(whole) = known(repo, commit, place, parts).await?
    {
        let found = whole
            .files
            .iter()
            .filter(|file| names.contains(file.path.as_str()));
        let found: Vec<TreeFile> = found.cloned().collect();
        // What it does not have is asked for once more: it may have been a wrong one.
        if found.len() >= names.len() {
            return Ok((found, Some(whole)));
        }
    }
    if names.len() > MOST_NAMES {
        let whole = whole(repo, commit, place, parts, Trust::Fresh).await?;
        return Ok((whole.files.to_vec(), Some(whole)));
    }
    let names: Vec<&str> = names.iter().copied().collect();
    let found = parts.hub.repo(repo).paths_info(commit, &names).await;
    let found = found.map_err(|source| Error::Hub {
        repo: repo.clone(),
        source,
    })?;
    Ok((tree_files(found), None))
}

async fn resolve(repo: &RepoId, revision: &Revision, parts: &Parts) -> Result<CommitId, Error> {
    let resolved = parts.hub.repo(repo).resolve(revision).await;
    resolved.map_err(|source| Error::Hub {
        repo: repo.clone(),
        source,
    })
}

async fn whole(
    repo: &RepoId,
    commit: &CommitId,
    place: &Place,
    parts: &Parts,
    trust: Trust,
) -> Result<Whole, Error> {
    if trust == Trust::Known
        && let Some(whole) = known(repo, commit, place, parts).await?
    {
        return Ok(whole);
    }
    let stream = parts
        .hub
        .repo(repo)
        .tree(commit, None, true)
        .take(MOST_FILES + 1);
    let found: Vec<TreeEntry> = stream.try_collect().await.map_err(|source| Error::Hub {
        repo: repo.clone(),
        source,
    })?;
    if found.len() > MOST_FILES {
        return Err(Error::Unusable {
            repo: repo.clone(),
            what: "a listing without an end",
        });
    }
    let whole = Whole {
        files: tree_files(found).into(),
        is_fresh: true,
    };
    // An empty answer is more likely a fault than a repository.
    if !whole.files.is_empty() {
        parts.listings.put(repo, commit, &whole);
    }
    Ok(whole)
}

/// The listing as it was seen before, in this program or on disk.
async fn known(
    repo: &RepoId,
    commit: &CommitId,
    place: &Place,
    parts: &Parts,
) -> Result<Option<Whole>, Error> {
    if let Some(whole) = parts.listings.get(repo, commit) {
        return Ok(Some(whole));
    }
    let (place, wanted) = (place.clone(), commit.clone());
    let read = blocking(move || place.read_tree(&wanted)).await;
    let files = read.map_err(|source| Error::Cache {
        repo: repo.clone(),
        source,
    })?;
    let whole = files.map(|files| Whole {
        files: files.into(),
        is_fresh: false,
    });
    if let Some(whole) = &whole {
        parts.listings.put(repo, commit, whole);
    }
    Ok(whole)
}

/// Records that `name` does not exist, as the official client does, and says so. The mark is found
/// through the ref, and a ref without its snapshot would hide the whole repository from the
/// official scan; so both are only made where the snapshot exists.
async fn absent(request: &Request, commit: &CommitId, name: &str, parts: &Parts) -> Error {
    if let Ok(path) = RepoPath::new(name) {
        let (cache, commit) = (parts.cache.repo(&request.repo), commit.clone());
        let revision = request.revision.clone();
        let note = move || {
            if !cache.snapshot(&commit).is_dir() {
                return Ok(());
            }
            cache.mark_absent(&commit, &path)?;
            cache.point_ref(&revision, &commit)
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
    fn new(repo: &RepoId, file: &TreeFile) -> Result<Self, Error> {
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
            xet_hash: file.xet_hash.clone(),
            name: file.path.clone(),
        })
    }
}
