use std::path::Path;

use hubdesk_cache::{Cache, LocalFolder, Lookup, RepoCache, TreeFile};
use hubdesk_core::{CommitId, RepoPath};

use crate::listing::variant_files;
use crate::{Error, Into, Request, Select, Snapshot};

/// How many missing files an error names.
const MISSING_NAMED: usize = 10;

/// Finds what `request` is about without asking the Hub, as the official client does when it is
/// told to use local files only. Blocks; call it from a thread that may.
///
/// A kept listing decides what is wanted, and then all of it must be there: [`Error::Incomplete`].
/// Without one nobody knows better than the folder, and what is in it is the answer.
/// [`Error::NotHere`] if nothing is known of the revision.
pub fn find_local(request: &Request, cache: &Cache) -> Result<Snapshot, Error> {
    let here = Here {
        request,
        repo: cache.repo(&request.repo),
        folder: match &request.into {
            Into::Cache => None,
            Into::Folder(folder) => Some(LocalFolder::open(folder.clone())),
        },
    };
    let commit = here.commit()?;
    let folder = match &here.folder {
        None => here.repo.snapshot(&commit),
        Some(folder) => folder.root().to_owned(),
    };
    if !folder.is_dir() {
        return Err(here.not_here(&format!("the snapshot {commit}")));
    }
    let names = match &request.select {
        Select::Files(names) => names.clone(),
        select => {
            let files = match here.listing(&commit)? {
                Some(files) => files,
                None if matches!(select, Select::Variant(_)) => {
                    return Err(here.not_here("the list of files"));
                }
                None => files_in(&folder),
            };
            let of_variant = variant_files(request, &files)?;
            let is_wanted = |file: &TreeFile| match select {
                Select::Matching(patterns) => patterns.select(&file.path),
                Select::Variant(_) => of_variant.contains(&file.path),
                Select::All | Select::Files(_) => true,
            };
            files
                .into_iter()
                .filter(is_wanted)
                .map(|file| file.path)
                .collect()
        }
    };
    let mut files = Vec::with_capacity(names.len());
    let mut missing = Vec::new();
    for name in names {
        match RepoPath::new(&name) {
            Ok(path) if here.has(&commit, &path) => files.push(path),
            _ => missing.push(name),
        }
    }
    if missing.is_empty() {
        return Ok(Snapshot {
            folder,
            commit,
            files,
        });
    }
    if let (Select::Files(_), [name]) = (&request.select, missing.as_slice()) {
        return Err(here.not_here(name));
    }
    let count = missing.len();
    missing.truncate(MISSING_NAMED);
    Err(Error::Incomplete {
        repo: request.repo.clone(),
        folder,
        files: missing,
        count,
    })
}

struct Here<'r> {
    request: &'r Request,
    repo: RepoCache,
    folder: Option<LocalFolder>,
}

impl Here<'_> {
    /// The commit that was last seen under the revision's name, here or by Python. A folder that was
    /// filled by us alone knows it from its listings, if there is only one.
    fn commit(&self) -> Result<CommitId, Error> {
        let revision = &self.request.revision;
        if let Some(commit) = revision.as_commit() {
            return Ok(commit.clone());
        }
        let known = self.repo.read_ref(revision);
        let known = known.map_err(|source| self.trouble(source))?;
        let of_folder = || self.folder.as_ref()?.only_commit();
        known
            .or_else(of_folder)
            .ok_or_else(|| self.not_here(revision.as_str()))
    }

    fn listing(&self, commit: &CommitId) -> Result<Option<Vec<TreeFile>>, Error> {
        let listing = match &self.folder {
            None => self.repo.read_tree(commit),
            Some(folder) => folder.read_tree(commit),
        };
        listing.map_err(|source| self.trouble(source))
    }

    fn has(&self, commit: &CommitId, path: &RepoPath) -> bool {
        match &self.folder {
            None => matches!(self.repo.lookup(commit, path), Lookup::Hit(_)),
            Some(folder) => folder.place(path).is_ok_and(|place| place.is_file()),
        }
    }

    fn trouble(&self, source: hubdesk_cache::Error) -> Error {
        Error::Cache {
            repo: self.request.repo.clone(),
            source,
        }
    }

    fn not_here(&self, what: &str) -> Error {
        Error::NotHere {
            repo: self.request.repo.clone(),
            what: what.to_owned(),
        }
    }
}

/// What is in a folder, by name only. A folder's own books are not.
fn files_in(root: &Path) -> Vec<TreeFile> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).into_iter().flatten().flatten();
        for path in entries.map(|entry| entry.path()) {
            let is_link = path.is_symlink();
            if path.is_dir() && !is_link {
                folders.push(path);
                continue;
            }
            let parts = path.strip_prefix(root).ok().map(|name| {
                let parts = name.iter().map(|part| part.to_string_lossy().into_owned());
                parts.collect::<Vec<_>>().join("/")
            });
            let name = parts.and_then(|name| RepoPath::new(&name).ok());
            if let Some(name) = name.filter(|name| !LocalFolder::is_among_books(name)) {
                files.push(TreeFile {
                    path: name.to_string(),
                    size: 0,
                    blob_id: String::new(),
                    lfs: None,
                    xet_hash: None,
                });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}
