//! Which repositories and files are on this computer.

use hubdesk_cache::{Cache, Have};
use hubdesk_core::{CommitId, RepoId};
use hubdesk_download::Entry;

/// Whether some revision of `id` is in the cache.
pub(crate) fn has_repo(cache: &Cache, id: &RepoId) -> bool {
    let snapshots = cache.repo(id).folder().join("snapshots");
    std::fs::read_dir(snapshots).is_ok_and(|mut entries| entries.next().is_some())
}

/// For each file of a commit, whether it is in the cache. One that cannot be told is not.
pub(crate) fn has_files(
    cache: &Cache,
    id: &RepoId,
    commit: &CommitId,
    entries: &[Entry],
) -> Vec<bool> {
    let repo = cache.repo(id);
    // Most repositories on screen are not here at all, and then one look is enough.
    if !repo.snapshot(commit).is_dir() {
        return vec![false; entries.len()];
    }
    let is_here = |entry: &Entry| {
        let path = entry.path.as_ref().ok()?;
        let have = repo.have(commit, path, &entry.digest, entry.size).ok()?;
        Some(matches!(have, Have::Here(_)))
    };
    entries
        .iter()
        .map(|entry| is_here(entry).unwrap_or(false))
        .collect()
}
