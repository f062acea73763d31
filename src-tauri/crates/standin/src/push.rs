//! What a commit does to a repository.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hubdesk_core::{Digest, RepoPath};

use crate::commit::{Encoding, Header, Line};
use crate::content::Content;
use crate::discussion::{Opening, Status};
use crate::error::Refusal;
use crate::git::{Blob, Commit, File};
use crate::model::Repo;
use crate::upload_mode::LARGEST_REGULAR;
use crate::uploads::Uploads;

/// One commit to be.
pub(crate) struct Push<'a> {
    pub(crate) uploads: &'a Uploads,
    #[cfg(feature = "xet")]
    pub(crate) xet: Option<&'a crate::xet_store::XetStore>,
    pub(crate) header: &'a Header,
    pub(crate) operations: &'a [Line],
    pub(crate) author: &'a str,
    /// Unix seconds.
    pub(crate) now: u64,
}

/// A commit that was made.
pub(crate) struct Made {
    pub(crate) id: String,
    pub(crate) pull_request: Option<u64>,
}

impl Push<'_> {
    /// Makes the commit on top of `revision`, or as a new pull request; or nothing changes.
    pub(crate) fn onto(
        &self,
        repo: &mut Repo,
        revision: &str,
        is_new: bool,
    ) -> Result<Made, Refusal> {
        let parent = self.parent(repo, revision, is_new)?;
        let mut files = parent.tree.files.clone();
        let mut changed = BTreeSet::new();
        for operation in self.operations {
            self.apply(repo, operation, &mut files, &mut changed)?;
        }
        let message = match self.header.description.as_str() {
            "" => self.header.summary.clone(),
            description => format!("{}\n\n{description}", self.header.summary),
        };
        let commit = Commit::new(
            Some(&parent),
            files,
            changed.into_iter().collect(),
            &message,
            self.author,
            self.now.max(parent.date + 1),
        );
        let opening = Opening {
            title: &self.header.summary,
            author: Some(self.author),
            text: &self.header.description,
            date: self.now,
        };
        let pull_request =
            is_new.then(|| repo.open_pull_request(parent.id.clone(), &opening, Status::Open));
        let id = commit.id.to_string();
        let on = match pull_request {
            Some(number) => format!("refs/pr/{number}"),
            None => full(revision),
        };
        self.forget_uploads(repo, &commit);
        repo.add(&on, commit);
        Ok(Made { id, pull_request })
    }

    /// What the commit goes on top of: the head of the branch, which must be the parent that was
    /// expected; for a new pull request that parent itself.
    fn parent(&self, repo: &Repo, revision: &str, is_new: bool) -> Result<Arc<Commit>, Refusal> {
        let missing = || Refusal::NoRevision(revision.to_owned());
        let head = repo.refs.get(&full(revision)).ok_or_else(missing)?;
        let head = repo.resolve(head.as_str()).ok_or_else(missing)?;
        let Some(expected) = &self.header.parent_commit else {
            return Ok(head);
        };
        let is_id = (5..=40).contains(&expected.len())
            && expected.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_id {
            let why = format!("{expected:?} is not a commit");
            return Err(Refusal::BadRequest(why));
        }
        let is_expected = |commit: &Arc<Commit>| {
            let id = commit.id.as_str();
            id.starts_with(&expected.to_ascii_lowercase())
        };
        if is_new {
            let mut history = repo.history(head);
            return history
                .find(is_expected)
                .ok_or_else(|| Refusal::NoRevision(expected.clone()));
        }
        Some(head).filter(is_expected).ok_or(Refusal::HeadMoved)
    }

    fn apply(
        &self,
        repo: &Repo,
        operation: &Line,
        files: &mut BTreeMap<String, File>,
        changed: &mut BTreeSet<String>,
    ) -> Result<(), Refusal> {
        let (path, blob) = match operation {
            Line::Header(_) => {
                return Err(Refusal::BadRequest("a second header".to_owned()));
            }
            Line::File {
                path,
                content,
                encoding,
            } => (checked(path)?, regular(path, content, encoding)?),
            Line::LfsFile { path, oid, size } => {
                (checked(path)?, self.large(repo, path, oid, *size)?)
            }
            Line::DeletedFile { path } => {
                let path = checked(path)?;
                if files.remove(&path).is_none() {
                    return Err(Refusal::NothingToDelete(path));
                }
                changed.insert(path);
                return Ok(());
            }
            Line::DeletedFolder { path } => {
                let path = checked(path.trim_end_matches('/'))?;
                let below: Vec<String> = files
                    .range(format!("{path}/")..)
                    .map(|(file, _)| file.clone())
                    .take_while(|file| file.starts_with(&format!("{path}/")))
                    .collect();
                // Unverified: that a folder that is not there is refused.
                if below.is_empty() {
                    return Err(Refusal::NothingToDelete(path));
                }
                for file in below {
                    files.remove(&file);
                    changed.insert(file);
                }
                return Ok(());
            }
        };
        check_place(&path, files)?;
        changed.insert(path.clone());
        files.insert(
            path,
            File {
                blob,
                is_raw: false,
            },
        );
        Ok(())
    }

    /// A large file that was uploaded, or that the repository has. The words are the Hub's.
    fn large(
        &self,
        repo: &Repo,
        path: &str,
        oid: &str,
        size: Option<u64>,
    ) -> Result<Arc<Blob>, Refusal> {
        let sha256 = Digest::parse(oid).filter(|oid| matches!(oid, Digest::Sha256(_)));
        let blob = sha256.and_then(|oid| {
            let arrived = || self.uploads.verified(&repo.id, oid);
            let fresh = || Some(Arc::new(Blob::large(arrived()?)));
            repo.large_file(&oid)
                .or_else(fresh)
                .or_else(|| self.in_chunks(&oid))
        });
        let fits = |blob: &Arc<Blob>| size.is_none_or(|size| size == blob.content.size());
        blob.filter(fits).ok_or_else(|| {
            Refusal::BadRequest(format!(
                "Your push was rejected because an LFS pointer pointed to a file that does not exist: {path}"
            ))
        })
    }

    /// A large file that came to the chunk store.
    #[cfg(feature = "xet")]
    fn in_chunks(&self, oid: &Digest) -> Option<Arc<Blob>> {
        let file = self.xet?.arrived(oid)?;
        let blob = Blob::large(file.content);
        let lfs = blob.lfs.as_ref()?;
        // A fresh one is not set.
        let _ = lfs.xet_hash.set(file.hash);
        Some(Arc::new(blob))
    }

    #[cfg(not(feature = "xet"))]
    fn in_chunks(&self, _: &Digest) -> Option<Arc<Blob>> {
        None
    }

    fn forget_uploads(&self, repo: &Repo, commit: &Commit) {
        for path in &commit.changed {
            if let Some(file) = commit.tree.files.get(path) {
                self.uploads.remove(&repo.id, file.blob.digest());
            }
        }
    }
}

/// The full name of what is committed to. Only branches and pull requests move; a tag and a hash
/// are no branches. Unverified: what the Hub says to a commit onto one of those.
fn full(revision: &str) -> String {
    if revision.starts_with("refs/pr/") || revision.starts_with("refs/heads/") {
        revision.to_owned()
    } else {
        format!("refs/heads/{revision}")
    }
}

/// The path without what the official client strips. What it refuses is refused; unverified: that
/// the Hub refuses the same.
fn checked(path: &str) -> Result<String, Refusal> {
    let path = path.trim_start_matches("./").trim_start_matches('/');
    let is_good = RepoPath::new(path)
        .is_ok_and(|path| !path.parts().any(|part| part == ".git" || part == ".cache"));
    if is_good {
        Ok(path.to_owned())
    } else {
        let why = format!("Invalid path: {path:?}");
        Err(Refusal::BadRequest(why))
    }
}

/// A file cannot lie below a file, nor take the place of a folder. Unverified: the Hub's words.
fn check_place(path: &str, files: &BTreeMap<String, File>) -> Result<(), Refusal> {
    let folder = format!("{path}/");
    let is_folder = files
        .range(folder.clone()..)
        .next()
        .is_some_and(|(other, _)| other.starts_with(&folder));
    let mut folders = path.match_indices('/').map(|(end, _)| &path[..end]);
    if is_folder || folders.any(|folder| files.contains_key(folder)) {
        let why = format!("{path:?} is a folder, or lies below a file");
        return Err(Refusal::BadRequest(why));
    }
    Ok(())
}

fn regular(path: &str, content: &str, encoding: &Encoding) -> Result<Arc<Blob>, Refusal> {
    let bytes = match encoding {
        Encoding::Utf8 => content.as_bytes().to_vec(),
        Encoding::Base64 => BASE64
            .decode(content)
            .map_err(|error| Refusal::BadRequest(error.to_string()))?,
    };
    if bytes.len() as u64 > LARGEST_REGULAR {
        return Err(Refusal::BadRequest(format!(
            "Your push was rejected because it contains files larger than 10 MiB: {path}"
        )));
    }
    Ok(Arc::new(Blob::regular(Content::bytes(bytes))))
}
