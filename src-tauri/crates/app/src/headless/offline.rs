use hubdesk_cache::{Cache, Lookup};
use hubdesk_core::RepoPath;
use hubdesk_download::{Request, Select, Snapshot};

use crate::api::ApiError;
use crate::error::cache_error;

/// Finds what `request` is about in the cache, without asking the Hub. A snapshot counts as whole
/// when every file that its kept listing names, and that is wanted, is there
/// (`huggingface_hub._snapshot_download`). Without a listing nobody knows, so it does not count.
pub(super) fn find(request: &Request, cache: &Cache) -> Result<Snapshot, ApiError> {
    let repo = cache.repo(&request.repo);
    let in_cache = |error| cache_error(&error);
    if request.force {
        return Err(ApiError::told_offline());
    }
    let commit = match request.revision.as_commit() {
        Some(commit) => Some(commit.clone()),
        None => repo.read_ref(&request.revision).map_err(in_cache)?,
    };
    let commit = commit.ok_or_else(|| missing(request, &request.revision.to_string()))?;
    let names: Vec<String> = match &request.select {
        Select::Files(names) => names.clone(),
        Select::All | Select::Matching(_) => {
            let listing = repo.read_tree(&commit).map_err(in_cache)?;
            let listing = listing.ok_or_else(|| missing(request, "the list of files"))?;
            let is_wanted = |name: &String| match &request.select {
                Select::Matching(patterns) => patterns.select(name),
                Select::All | Select::Files(_) => true,
            };
            let names = listing.into_iter().map(|file| file.path);
            names.filter(is_wanted).collect()
        }
    };
    let find = |name: String| match RepoPath::new(&name) {
        Ok(path) if matches!(repo.lookup(&commit, &path), Lookup::Hit(_)) => Ok(path),
        _ => Err(missing(request, &name)),
    };
    Ok(Snapshot {
        files: names.into_iter().map(find).collect::<Result<_, _>>()?,
        folder: repo.snapshot(&commit),
        commit,
    })
}

fn missing(request: &Request, what: &str) -> ApiError {
    let told = ApiError::told_offline();
    ApiError {
        message: format!(
            "{} Of the {}, {what} is not in the cache.",
            told.message, request.repo
        ),
        ..told
    }
}
