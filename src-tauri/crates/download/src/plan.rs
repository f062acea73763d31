use std::collections::BTreeMap;
use std::path::PathBuf;

use hubdesk_cache::Have;
use hubdesk_core::{ByteCount, CommitId, Digest, RepoId, RepoPath};

use crate::halt::blocking;
use crate::listing::select;
use crate::{Entry, Error, Listing, Parts, Request};

/// What a run of a request would do, found out without doing it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The commit the revision resolves to.
    pub commit: CommitId,
    /// The commit's folder in the cache.
    pub folder: PathBuf,
    /// The files selected.
    pub files: Vec<Planned>,
    /// Bytes still to be fetched; content that several files share counts once.
    pub bytes_to_fetch: u64,
    /// Free space of the volume that holds the cache.
    pub bytes_free: u64,
}

/// One file of a [`Preview`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// Its path.
    pub path: RepoPath,
    /// Its size.
    pub size: u64,
    /// It is in the cache.
    pub is_here: bool,
    /// It will be fetched.
    pub is_fetched: bool,
}

/// Finds out what a run of `request` would do.
pub async fn preview(request: &Request, parts: &Parts) -> Result<Preview, Error> {
    let listing = select(request, parts).await?;
    let plan = plan(request, &listing, parts).await?;
    Ok(Preview {
        folder: parts.cache.repo(&request.repo).snapshot(&listing.commit),
        commit: listing.commit,
        bytes_to_fetch: plan.bytes_to_fetch(),
        bytes_free: free_space(parts).await?,
        files: plan.files,
    })
}

/// What is to be done, by content: several files with the same content are fetched once.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) files: Vec<Planned>,
    pub(crate) blobs: Vec<BlobTask>,
}

/// One content to fetch (unless it is here already) and the files to link to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BlobTask {
    pub(crate) digest: Digest,
    pub(crate) size: u64,
    pub(crate) paths: Vec<RepoPath>,
    /// Bytes that an earlier run left.
    pub(crate) found: u64,
    /// The content is in the cache; only links are missing.
    pub(crate) is_blob_here: bool,
}

impl Plan {
    pub(crate) fn bytes_to_fetch(&self) -> u64 {
        let missing = |task: &BlobTask| task.size - task.found;
        self.blobs
            .iter()
            .filter(|task| !task.is_blob_here)
            .fold(0, |sum, task| sum.saturating_add(missing(task)))
    }

    /// Bytes of every file, however many share them.
    pub(crate) fn bytes_total(&self) -> u64 {
        self.files
            .iter()
            .fold(0, |sum, file| sum.saturating_add(file.size))
    }
}

/// Plans `listing`: looks at the cache for each file, on a blocking thread.
pub(crate) async fn plan(
    request: &Request,
    listing: &Listing,
    parts: &Parts,
) -> Result<Plan, Error> {
    let files = accept(&request.repo, &listing.entries)?;
    let (repo, commit) = (parts.cache.repo(&request.repo), listing.commit.clone());
    let force = request.force;
    blocking(move || {
        decide(files, force, |path, entry| {
            repo.have(&commit, path, &entry.digest, entry.size)
        })
    })
    .await
    .map_err(|source| Error::Cache {
        repo: request.repo.clone(),
        source,
    })
}

/// Refuses a listing with a file this machine must not or cannot store, before anything is done.
fn accept(repo: &RepoId, entries: &[Entry]) -> Result<Vec<(RepoPath, Entry)>, Error> {
    entries
        .iter()
        .map(|entry| match &entry.path {
            Ok(path) => Ok((path.clone(), entry.clone())),
            Err(why) => Err(Error::BadName {
                repo: repo.clone(),
                path: entry.name.clone(),
                why: *why,
            }),
        })
        .collect()
}

/// The decision itself: hit, link, resume or fetch. `have` says what is on disk.
fn decide<E>(
    files: Vec<(RepoPath, Entry)>,
    force: bool,
    have: impl Fn(&RepoPath, &Entry) -> Result<Have, E>,
) -> Result<Plan, E> {
    let mut planned = Vec::with_capacity(files.len());
    let mut blobs: BTreeMap<Digest, BlobTask> = BTreeMap::new();
    for (path, entry) in files {
        let have = have(&path, &entry)?;
        let is_here = matches!(have, Have::Here(_));
        let is_fetched = force || matches!(have, Have::Partial(_) | Have::Nothing);
        planned.push(Planned {
            path: path.clone(),
            size: entry.size,
            is_here,
            is_fetched,
        });
        if is_here && !force {
            continue;
        }
        let found = match have {
            Have::Partial(bytes) if !force => bytes.min(entry.size),
            _ => 0,
        };
        blobs
            .entry(entry.digest)
            .or_insert_with(|| BlobTask {
                digest: entry.digest,
                size: entry.size,
                paths: Vec::new(),
                found,
                is_blob_here: !is_fetched,
            })
            .paths
            .push(path);
    }
    Ok(Plan {
        files: planned,
        blobs: blobs.into_values().collect(),
    })
}

/// Refuses to start what cannot end well.
pub(crate) async fn check_room(plan: &Plan, parts: &Parts) -> Result<(), Error> {
    let (need, free) = (plan.bytes_to_fetch(), free_space(parts).await?);
    if need > free {
        let folder = parts.cache.root().to_owned();
        return Err(Error::NoSpace {
            folder,
            need: ByteCount(need),
            free: ByteCount(free),
        });
    }
    Ok(())
}

/// Free space of the cache's volume. Where it cannot be read, writing will tell.
async fn free_space(parts: &Parts) -> Result<u64, Error> {
    let root = parts.cache.root().to_owned();
    Ok(blocking(move || hubdesk_disk::available_space(&root))
        .await
        .unwrap_or_else(|error| {
            tracing::warn!(%error, "free space cannot be read");
            u64::MAX
        }))
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    fn entry(name: &str, content: &str) -> (RepoPath, Entry) {
        let path = RepoPath::new(name).unwrap();
        let entry = Entry {
            name: name.to_owned(),
            path: Ok(path.clone()),
            size: content.len() as u64,
            digest: Digest::git_blob(content.as_bytes()),
            is_large: false,
        };
        (path, entry)
    }

    fn plan_with(files: &[(&str, &str, Have)], force: bool) -> Plan {
        let entries = files
            .iter()
            .map(|(name, content, _)| entry(name, content))
            .collect();
        decide(entries, force, |path, _| {
            let (_, _, have) = files
                .iter()
                .find(|(name, ..)| *name == path.as_str())
                .unwrap();
            Ok::<_, Infallible>(have.clone())
        })
        .unwrap()
    }

    #[test]
    fn a_file_that_is_here_is_left_alone() {
        let plan = plan_with(&[("a", "xxxx", Have::Here("p".into()))], false);
        assert_eq!(
            (plan.blobs.len(), plan.bytes_to_fetch(), plan.bytes_total()),
            (0, 0, 4)
        );
        assert!(plan.files[0].is_here && !plan.files[0].is_fetched);
    }

    #[test]
    fn content_that_is_here_is_only_linked() {
        let plan = plan_with(&[("a", "xxxx", Have::Blob)], false);
        assert!(plan.blobs[0].is_blob_here);
        assert_eq!(plan.bytes_to_fetch(), 0);
    }

    #[test]
    fn what_an_earlier_run_left_is_not_fetched_again() {
        let plan = plan_with(
            &[
                ("a", "xxxx", Have::Partial(3)),
                ("b", "yyyyy", Have::Nothing),
            ],
            false,
        );
        assert_eq!(plan.bytes_to_fetch(), 1 + 5);
    }

    #[test]
    fn a_partial_larger_than_its_file_is_not_believed() {
        assert_eq!(
            plan_with(&[("a", "xxxx", Have::Partial(9))], false).bytes_to_fetch(),
            0
        );
    }

    #[test]
    fn equal_content_is_fetched_once_and_linked_twice() {
        let plan = plan_with(
            &[("a", "same", Have::Nothing), ("b", "same", Have::Nothing)],
            false,
        );
        assert_eq!((plan.blobs.len(), plan.blobs[0].paths.len()), (1, 2));
        assert_eq!((plan.bytes_to_fetch(), plan.bytes_total()), (4, 8));
    }

    #[test]
    fn force_fetches_what_is_here_and_forgets_partials() {
        let files = [
            ("a", "xxxx", Have::Here("p".into())),
            ("b", "yyyyy", Have::Partial(3)),
        ];
        assert_eq!(plan_with(&files, true).bytes_to_fetch(), 4 + 5);
    }
}
