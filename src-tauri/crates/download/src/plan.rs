use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::PathBuf;
use std::thread::{self, available_parallelism};

use hubdesk_cache::{Have, Pace};
use hubdesk_core::{ByteCount, CommitId, Digest, RepoId, RepoPath};
use hubdesk_disk::{Sameness, first_clash};
use tokio_util::sync::CancellationToken;

use crate::halt::blocking;
use crate::listing::{Selection, Trust, select};
use crate::place::{Copies, Found, Place};
use crate::{Entry, Error, Parts, Request};

/// How many files in the way an error names.
const CONFLICTS_NAMED: usize = 10;
/// Threads that look for files at the same time; a disk has little use for more.
const MOST_LOOKERS: usize = 4;
/// For fewer files than this a thread costs more than it brings.
const FILES_A_LOOKER: usize = 256;

/// What a run of a request would do, found out without doing it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The commit the revision resolves to.
    pub commit: CommitId,
    /// The commit's folder in the cache, or the person's folder.
    pub folder: PathBuf,
    /// The files selected.
    pub files: Vec<Planned>,
    /// Bytes still to be fetched; content that several files share counts once.
    pub bytes_to_fetch: u64,
    /// Requests for files this takes when nothing fails. Finding out what there is comes on top. Over
    /// plain HTTP they are known; out of the chunk store they are an [estimate](hubdesk_xet::Xet::requests).
    pub requests: u64,
    /// Bytes this adds to the volume, with the copies of what is here already.
    pub bytes_needed: u64,
    /// Free space of the volume.
    pub bytes_free: u64,
    /// Where the volume that holds the files begins.
    pub volume: PathBuf,
    /// Files of a person's own that are in the way in a folder.
    pub conflicts: Vec<RepoPath>,
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
    let place = Place::of(request, parts);
    let selection = select(request, &place, parts, Trust::Known).await?;
    // What is read for it stops when nobody waits any more.
    let wanted = CancellationToken::new();
    let _wanted = wanted.clone().drop_guard();
    let place = place.paced(Pace::new(move |_| !wanted.is_cancelled()));
    let plan = plan(&request.repo, &selection, request.force, &place).await?;
    let store = place.store();
    Ok(Preview {
        folder: place.root(&selection.commit),
        commit: selection.commit,
        bytes_to_fetch: plan.bytes_to_fetch(),
        requests: plan.requests(parts),
        bytes_needed: plan.bytes_needed(),
        bytes_free: free_space(&place).await,
        volume: blocking(move || hubdesk_disk::volume_of(&store)).await,
        conflicts: plan.conflicts,
        files: plan.files,
    })
}

/// What is to be done, by content: several files with the same content are fetched once.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) files: Vec<Planned>,
    pub(crate) blobs: Vec<BlobTask>,
    /// A person's own files in the way.
    pub(crate) conflicts: Vec<RepoPath>,
    /// What further files with the same content take.
    copies: Copies,
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
    /// Its name in the content-addressed store, if it is there.
    pub(crate) xet_hash: Option<String>,
}

impl BlobTask {
    /// The file in whose name it is fetched.
    pub(crate) fn first(&self) -> &RepoPath {
        let first = self.paths.first();
        first.expect("a content is only planned for a file")
    }
}

impl Plan {
    pub(crate) fn bytes_to_fetch(&self) -> u64 {
        let missing = |task: &BlobTask| task.size - task.found;
        self.blobs
            .iter()
            .filter(|task| !task.is_blob_here)
            .fold(0, |sum, task| sum.saturating_add(missing(task)))
    }

    /// Requests for the bytes that are missing.
    fn requests(&self, parts: &Parts) -> u64 {
        let (tuning, xet) = (&parts.tuning, parts.xet.as_ref());
        let requests = |task: &BlobTask| match (task.size, xet) {
            (0, _) => 0,
            (size, _) if size <= tuning.small_bytes => 1,
            (size, Some(xet)) if task.xet_hash.is_some() => xet.requests(size - task.found),
            (size, _) => (size - task.found).div_ceil(tuning.range_bytes.max(1)),
        };
        let tasks = || self.blobs.iter().filter(|task| !task.is_blob_here);
        let is_in_chunks =
            |task: &BlobTask| task.size > tuning.small_bytes && task.xet_hash.is_some();
        // One key to the store for all.
        let key = u64::from(xet.is_some() && tasks().any(is_in_chunks));
        tasks().map(requests).fold(key, u64::saturating_add)
    }

    /// Bytes still to be fetched, and those of every further copy that takes room.
    fn bytes_needed(&self) -> u64 {
        let copies = |task: &BlobTask| {
            let (takes_room, own) = match task.is_blob_here {
                true => (self.copies.of_found, 0),
                false => (self.copies.of_fetched, 1),
            };
            let count = task.paths.len() as u64 - own;
            task.size.saturating_mul(count * u64::from(takes_room))
        };
        let tasks = self.blobs.iter();
        tasks
            .map(copies)
            .fold(self.bytes_to_fetch(), u64::saturating_add)
    }

    /// A person's own files are not touched, and nothing is fetched beside them.
    pub(crate) fn check_conflicts(&self, repo: &RepoId, place: &Place) -> Result<(), Error> {
        if self.conflicts.is_empty() {
            return Ok(());
        }
        let named = self.conflicts.iter().take(CONFLICTS_NAMED);
        Err(Error::Conflict {
            repo: repo.clone(),
            files: named
                .map(|path| place.store().join(path.as_str()))
                .collect(),
            count: self.conflicts.len(),
        })
    }

    /// Every file is at its place.
    pub(crate) fn is_done(&self) -> bool {
        self.blobs.is_empty()
    }

    /// Bytes of every file, however many share them.
    pub(crate) fn bytes_total(&self) -> u64 {
        self.files
            .iter()
            .fold(0, |sum, file| sum.saturating_add(file.size))
    }
}

/// Plans what was selected: looks at the cache for each file, on a blocking thread.
pub(crate) async fn plan(
    repo: &RepoId,
    selection: &Selection,
    force: bool,
    place: &Place,
) -> Result<Plan, Error> {
    let (id, place) = (repo.clone(), place.clone());
    let (commit, entries) = (selection.commit.clone(), selection.entries.clone());
    blocking(move || {
        let cache_error = |source| Error::Cache {
            repo: id.clone(),
            source,
        };
        let files = accept(&id, entries, |path| place.check(&commit, path))?;
        let sameness = place.sameness().map_err(cache_error)?;
        check_names(&id, &files, sameness)?;
        let survey = place.survey(&commit, files.len());
        let found = look_for(&files, |path, entry| {
            let found = place.foresee(&survey, &commit, path, entry);
            found.map_err(cache_error)
        })?;
        let plan = decide(files, force, found);
        let has_copies = |task: &BlobTask| task.is_blob_here || task.paths.len() > 1;
        let copies = match plan.blobs.iter().any(has_copies) {
            true => place.copies(),
            false => Copies::default(),
        };
        Ok(Plan { copies, ..plan })
    })
    .await
}

/// Looks for each file with `find`: on several threads where there are many, since every look is a
/// wait for the system.
fn look_for<E: Send>(
    files: &[(RepoPath, Entry)],
    find: impl Fn(&RepoPath, &Entry) -> Result<Found, E> + Sync,
) -> Result<Vec<Found>, E> {
    let look = |files: &[(RepoPath, Entry)]| -> Result<Vec<Found>, E> {
        files
            .iter()
            .map(|(path, entry)| find(path, entry))
            .collect()
    };
    let threads = available_parallelism().map_or(1, usize::from);
    let threads = threads.min(MOST_LOOKERS).min(files.len() / FILES_A_LOOKER);
    if threads < 2 {
        return look(files);
    }
    let found: Result<Vec<_>, E> = thread::scope(|scope| {
        let parts = files.chunks(files.len().div_ceil(threads));
        let lookers: Vec<_> = parts.map(|part| scope.spawn(move || look(part))).collect();
        let found = lookers.into_iter().map(|looker| {
            let found = looker.join();
            found.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        found.collect()
    });
    Ok(found?.into_iter().flatten().collect())
}

/// Refuses a listing that cannot be right, or has a file this machine must not or cannot store,
/// before anything is done.
fn accept(
    repo: &RepoId,
    entries: Vec<Entry>,
    check: impl Fn(&RepoPath) -> Result<(), hubdesk_cache::Error>,
) -> Result<Vec<(RepoPath, Entry)>, Error> {
    let mut files = Vec::with_capacity(entries.len());
    for entry in entries {
        let bad = |why| Error::BadName {
            repo: repo.clone(),
            path: entry.name.clone(),
            why,
        };
        let path = entry.path.clone().map_err(bad)?;
        match check(&path) {
            Ok(()) => files.push((path, entry)),
            Err(hubdesk_cache::Error::BadName { why, .. }) => return Err(bad(why)),
            Err(source) => {
                return Err(Error::Cache {
                    repo: repo.clone(),
                    source,
                });
            }
        }
    }
    match contradiction(&files) {
        None => Ok(files),
        Some((path, what)) => Err(Error::BadListing {
            repo: repo.clone(),
            path: path.to_string(),
            what,
        }),
    }
}

/// Refuses two names that are one at the destination, where one file would replace the other.
fn check_names(
    repo: &RepoId,
    files: &[(RepoPath, Entry)],
    sameness: Sameness,
) -> Result<(), Error> {
    let names = files.iter().map(|(path, _)| path.as_str());
    match first_clash(names, sameness) {
        None => Ok(()),
        Some((path, other)) => Err(Error::SameName {
            repo: repo.clone(),
            path: path.to_owned(),
            other: other.to_owned(),
        }),
    }
}

/// What cannot be true of one commit: two files with one name, a file that is also a folder, one
/// content with two sizes.
fn contradiction(files: &[(RepoPath, Entry)]) -> Option<(&RepoPath, &'static str)> {
    let names: HashSet<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
    let mut seen = HashSet::with_capacity(files.len());
    let mut sizes = HashMap::with_capacity(files.len());
    for (path, entry) in files {
        if !seen.insert(path.as_str()) {
            return Some((path, "is there twice"));
        }
        let mut folders = path
            .as_str()
            .match_indices('/')
            .map(|(at, _)| &path.as_str()[..at]);
        if folders.any(|folder| names.contains(folder)) {
            return Some((path, "lies in a folder that is a file"));
        }
        if *sizes.entry(entry.digest).or_insert(entry.size) != entry.size {
            return Some((path, "has the content of another file, but not its size"));
        }
    }
    None
}

/// The decision itself: hit, link, resume or fetch. `found` says what is on disk of each file.
fn decide(files: Vec<(RepoPath, Entry)>, force: bool, found: Vec<Found>) -> Plan {
    let mut planned = Vec::with_capacity(files.len());
    let mut blobs: BTreeMap<Digest, BlobTask> = BTreeMap::new();
    let mut conflicts = Vec::new();
    for ((path, entry), found) in files.into_iter().zip(found) {
        let Found {
            have,
            is_in_the_way,
        } = found;
        if is_in_the_way {
            conflicts.push(path.clone());
        }
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
                xet_hash: entry.xet_hash,
            })
            .paths
            .push(path);
    }
    Plan {
        files: planned,
        blobs: blobs.into_values().collect(),
        conflicts,
        copies: Copies::default(),
    }
}

/// Refuses to start what cannot end well.
pub(crate) async fn check_room(plan: &Plan, place: &Place) -> Result<(), Error> {
    let (need, free) = (plan.bytes_needed(), free_space(place).await);
    if need > free {
        let folder = place.store();
        return Err(Error::NoSpace {
            folder,
            need: ByteCount(need),
            free: ByteCount(free),
        });
    }
    Ok(())
}

/// Free space of the destination's volume. Where it cannot be read, writing will tell.
async fn free_space(place: &Place) -> u64 {
    let store = place.store();
    blocking(move || hubdesk_disk::available_space(&store))
        .await
        .unwrap_or_else(|error| {
            tracing::warn!(%error, "free space cannot be read");
            u64::MAX
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, content: &str) -> (RepoPath, Entry) {
        let path = RepoPath::new(name).unwrap();
        let entry = Entry {
            name: name.to_owned(),
            path: Ok(path.clone()),
            size: content.len() as u64,
            digest: Digest::git_blob(content.as_bytes()),
            is_large: false,
            xet_hash: None,
        };
        (path, entry)
    }

    fn plan_with(files: &[(&str, &str, Have)], force: bool) -> Plan {
        let entries = files
            .iter()
            .map(|(name, content, _)| entry(name, content))
            .collect();
        let found = files.iter().map(|(_, _, have)| have.clone().into());
        decide(entries, force, found.collect())
    }

    #[test]
    fn what_many_lookers_find_is_in_the_order_of_the_files() {
        let name = |number: usize| number.to_string();
        let files: Vec<_> = (0..3 * FILES_A_LOOKER + 1)
            .map(|number| entry(&name(number), "x"))
            .collect();
        let number = |path: &RepoPath| path.as_str().parse::<u64>().unwrap();
        let found = look_for(&files, |path, _| {
            Ok::<_, u64>(Have::Partial(number(path)).into())
        });
        let expected = (0..files.len() as u64).map(|number| Have::Partial(number).into());
        assert_eq!(found.unwrap(), expected.collect::<Vec<Found>>());
        let failed = look_for(&files, |path, _| match number(path) {
            number if number > 300 => Err(number),
            _ => Ok(Have::Nothing.into()),
        });
        assert_eq!(failed, Err(301), "the first failure is told");
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
    fn copies_need_room_besides_what_is_fetched() {
        let files = [
            ("a", "same", Have::Nothing),
            ("b", "same", Have::Nothing),
            ("c", "here", Have::Blob),
        ];
        let plan = plan_with(&files, false);
        assert_eq!(plan.bytes_needed(), 4, "links need none");
        for (of_found, of_fetched, needed) in [
            (true, true, 4 + 4 + 4),
            (true, false, 4 + 4),
            (false, true, 4 + 4),
            (false, false, 4),
        ] {
            let copies = Copies {
                of_found,
                of_fetched,
            };
            let plan = Plan {
                copies,
                ..plan_with(&files, false)
            };
            let bytes = (plan.bytes_to_fetch(), plan.bytes_needed());
            assert_eq!(bytes, (4, needed), "{copies:?}");
        }
    }

    #[test]
    fn a_listing_that_cannot_be_right_is_refused() {
        let same_content_other_size = {
            let (path, mut entry) = entry("b", "xxxx");
            entry.size = 9;
            (path, entry)
        };
        for (files, what) in [
            (vec![entry("a", "x"), entry("a", "y")], "is there twice"),
            (
                vec![entry("a/b", "x"), entry("a", "y")],
                "lies in a folder that is a file",
            ),
            (
                vec![entry("a", "xxxx"), same_content_other_size],
                "has the content of another file, but not its size",
            ),
        ] {
            assert_eq!(contradiction(&files).map(|(_, what)| what), Some(what));
        }
        let good = [entry("a", "x"), entry("a.b", "x"), entry("ab/c", "y")];
        assert_eq!(contradiction(&good), None);
    }

    #[test]
    fn two_names_that_are_one_at_the_destination_are_refused() {
        let repo = RepoId::new(hubdesk_core::RepoKind::Model, "a/b").unwrap();
        let files = [entry("README.md", "x"), entry("readme.md", "y")];
        let of_case = Sameness {
            of_case: true,
            of_form: false,
        };
        assert!(check_names(&repo, &files, Sameness::default()).is_ok());
        let error = check_names(&repo, &files, of_case).unwrap_err();
        assert_eq!(
            error.to_string(),
            "\"README.md\" and \"readme.md\" of model a/b are the same name here"
        );
        assert!(check_names(&repo, &files[..1], of_case).is_ok());
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
