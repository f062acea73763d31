//! What there is to upload, and what is left out and why.

use std::collections::BTreeMap;
use std::fs::{self, DirEntry, FileType};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use hubdesk_core::{BadPath, RepoPath};
use hubdesk_disk::{Doing, PathError, Stamp};
use tokio_util::sync::CancellationToken;

use crate::halt::Halt;
use crate::junk::is_junk;
use crate::rules::Rules;
use crate::{Error, Request, Source, What};

/// Everything below the sources.
#[derive(Debug, Default)]
pub struct Walked {
    /// What is to be uploaded, by its path in the repository.
    pub files: BTreeMap<RepoPath, Found>,
    /// What is not, in the order of walking. A folder stands for everything in it.
    pub left_out: Vec<LeftOut>,
}

/// A file to be uploaded.
#[derive(Debug, Clone)]
pub struct Found {
    /// Where its bytes are.
    pub content: Content,
    /// Its length in bytes, when it was found.
    pub size: u64,
}

/// Where bytes are.
#[derive(Debug, Clone)]
pub enum Content {
    /// In a file, which had this stamp when it was found.
    File {
        /// Its path; links are followed.
        path: PathBuf,
        /// Its stamp.
        stamp: Stamp,
    },
    /// In memory.
    Bytes(Bytes),
}

/// A file or folder that is not uploaded.
#[derive(Debug)]
pub struct LeftOut {
    /// Its path on this machine.
    pub path: PathBuf,
    /// Whether it is a folder.
    pub is_folder: bool,
    /// Why.
    pub why: Why,
}

/// Why something is not uploaded.
#[derive(Debug)]
pub enum Why {
    /// A repository's own workings, or a download's: `.git`, `.cache/huggingface`.
    Workings,
    /// Systems and editors leave it about.
    Junk,
    /// This `.gitignore` or `.hfignore` says so.
    Ignored(PathBuf),
    /// The patterns of the request.
    NotSelected,
    /// A link to a folder, which is not followed: it may lead in a circle, or out.
    LinkedFolder,
    /// Neither a file nor a folder, such as a socket, or a link that leads nowhere.
    NotAFile,
    /// The Hub takes no file of this name.
    Name(BadPath),
    /// It cannot be read.
    Unreadable(PathError),
}

/// Walks the sources of `request`. Folders that cannot be read are left out; a source itself that
/// is not there or cannot be read is an error.
pub(crate) fn walk(request: &Request, cancel: &CancellationToken) -> Result<Walked, Halt> {
    let mut walked = Walked::default();
    for source in &request.sources {
        Walk {
            request,
            cancel,
            source,
            walked: &mut walked,
        }
        .run()?;
    }
    Ok(walked)
}

struct Walk<'a> {
    request: &'a Request,
    cancel: &'a CancellationToken,
    source: &'a Source,
    walked: &'a mut Walked,
}

impl Walk<'_> {
    fn run(mut self) -> Result<(), Halt> {
        let source = self.source;
        match &source.what {
            What::Bytes(bytes) => {
                let found = Found {
                    content: Content::Bytes(bytes.clone()),
                    size: bytes.len() as u64,
                };
                self.put(self.place()?, found);
            }
            What::File(path) => {
                let metadata = fs::metadata(path)
                    .doing("open", path)
                    .map_err(Error::Source)?;
                if !metadata.is_file() {
                    return Err(Error::NotAFile { path: path.clone() }.into());
                }
                let found = Found::file(path.clone(), Stamp::of(&metadata));
                self.put(self.place()?, found);
            }
            What::Folder(root) => {
                let entries = list(root).map_err(Error::Source)?;
                self.folder(root, "", &Rules::new(), entries)?;
            }
        }
        Ok(())
    }

    /// Where a single file goes.
    fn place(&self) -> Result<RepoPath, Error> {
        let path = self.source.to.clone().ok_or(Error::NoPlace)?;
        if is_workings(&path) {
            return Err(Error::Refused {
                repo: self.request.repo.clone(),
                path,
                why: String::new(),
            });
        }
        Ok(path)
    }

    fn put(&mut self, path: RepoPath, found: Found) {
        self.walked.files.insert(path, found);
    }

    /// Walks `folder`, which is `below` the source: empty, or with a slash at its end.
    fn folder(
        &mut self,
        folder: &Path,
        below: &str,
        rules: &Rules,
        entries: Vec<DirEntry>,
    ) -> Result<(), Halt> {
        let rules = match self.request.leave_out.ignored {
            true => &rules.within(folder, &entries),
            false => rules,
        };
        for entry in entries {
            if self.cancel.is_cancelled() {
                return Err(Halt::Cancelled);
            }
            let path = entry.path();
            let kind = match kind(&entry) {
                Ok(kind) => kind,
                Err(error) => {
                    self.leave_out(path, false, Why::Unreadable(error));
                    continue;
                }
            };
            let is_folder = kind.is_dir();
            let name = entry.file_name();
            let Some(name) = name.to_str() else {
                self.leave_out(path, is_folder, Why::Name(BadPath::Unsupported));
                continue;
            };
            if let Some(why) = self.why_not(&path, below, name, is_folder, rules) {
                self.leave_out(path, is_folder, why);
            } else if is_folder {
                match list(&path) {
                    Ok(entries) => {
                        self.folder(&path, &format!("{below}{name}/"), rules, entries)?;
                    }
                    Err(error) => self.leave_out(path, true, Why::Unreadable(error)),
                }
            } else {
                self.file(path, &format!("{below}{name}"), kind);
            }
        }
        Ok(())
    }

    /// What of the rules keeps it out, if one does.
    fn why_not(
        &self,
        path: &Path,
        below: &str,
        name: &str,
        is_folder: bool,
        rules: &Rules,
    ) -> Option<Why> {
        if name == ".git" || (name == "huggingface" && is_cache(below)) {
            return Some(Why::Workings);
        }
        if self.request.leave_out.junk && is_junk(name, is_folder) {
            return Some(Why::Junk);
        }
        rules.ignores(path, is_folder).map(Why::Ignored)
    }

    fn file(&mut self, path: PathBuf, below: &str, kind: FileType) {
        let metadata = match fs::metadata(&path).doing("look at", &path) {
            Ok(metadata) => metadata,
            Err(error) if error.is_not_found() => {
                return self.leave_out(path, false, Why::NotAFile);
            }
            Err(error) => return self.leave_out(path, false, Why::Unreadable(error)),
        };
        let why = if metadata.is_dir() && kind.is_symlink() {
            Some(Why::LinkedFolder)
        } else if !metadata.is_file() {
            Some(Why::NotAFile)
        } else if !self.request.select.select(below) {
            Some(Why::NotSelected)
        } else {
            None
        };
        if let Some(why) = why {
            return self.leave_out(path, false, why);
        }
        match repo_path(self.source.to.as_ref(), below) {
            Ok(place) => self.put(place, Found::file(path, Stamp::of(&metadata))),
            Err(why) => self.leave_out(path, false, Why::Name(why)),
        }
    }

    fn leave_out(&mut self, path: PathBuf, is_folder: bool, why: Why) {
        self.walked.left_out.push(LeftOut {
            path,
            is_folder,
            why,
        });
    }
}

impl Found {
    fn file(path: PathBuf, stamp: Stamp) -> Self {
        Self {
            content: Content::File { path, stamp },
            size: stamp.size,
        }
    }
}

/// Whether `below` ends in `.cache/`.
fn is_cache(below: &str) -> bool {
    below
        .strip_suffix(".cache/")
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
}

/// Where a file `below` a folder goes that itself goes `to`.
fn repo_path(to: Option<&RepoPath>, below: &str) -> Result<RepoPath, BadPath> {
    let path = match to {
        Some(to) => RepoPath::new(&format!("{to}/{below}"))?,
        None => RepoPath::new(below)?,
    };
    if is_workings(&path) {
        return Err(BadPath::Unsupported);
    }
    Ok(path)
}

/// Whether a path is one the official client refuses to commit to, since a checkout or a download
/// would put its own there (`CommitOperationAdd`).
pub(crate) fn is_workings(path: &RepoPath) -> bool {
    path.parts().any(|part| part == ".git" || part == ".cache")
}

/// The entries of a folder, by name.
fn list(folder: &Path) -> Result<Vec<DirEntry>, PathError> {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let mut entries = entries.doing("list", folder)?;
    entries.sort_by_key(DirEntry::file_name);
    Ok(entries)
}

fn kind(entry: &DirEntry) -> Result<FileType, PathError> {
    entry.file_type().doing("look at", &entry.path())
}
