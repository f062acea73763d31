//! What a commit changes, and what the tree holds at those paths afterwards.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use hubdesk_core::{CommitId, Digest, RepoPath};
use serde::Serialize;

use crate::Message;

/// One change of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operation {
    /// Adds or replaces a file whose content travels within the commit.
    Put {
        /// Where.
        path: RepoPath,
        /// All of it.
        content: Bytes,
    },
    /// Adds or replaces a file by what the storage of the repository already holds.
    PutLarge {
        /// Where.
        path: RepoPath,
        /// The sha256 of the content.
        sha256: Digest,
        /// Its size in bytes; `None` for the copy of a large file that the repository has.
        size: Option<u64>,
    },
    /// Removes a file.
    RemoveFile {
        /// Which.
        path: RepoPath,
    },
    /// Removes everything below a folder.
    RemoveFolder {
        /// Which, without a slash at the end.
        path: RepoPath,
    },
}

/// The changes of one commit, never more than one request carries. They happen in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Operations {
    list: Vec<Operation>,
    bytes: usize,
}

impl Operations {
    /// The most that the changes of one commit take up on their way, in bytes: 30 MiB of files, a
    /// third more in base64. The Hub takes up to 1 GB, but no longer than a minute for all of it,
    /// and the request is held in memory.
    pub const MOST_BYTES: usize = 40 << 20;

    /// No changes yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a change. Gives it back if there is no room for it: it belongs into the next commit.
    /// A file that does not fit into an empty list is too large for any, and must be sent as a
    /// large one.
    pub fn push(&mut self, operation: Operation) -> Result<(), Operation> {
        let bytes = self.bytes + operation.bytes();
        if bytes > Self::MOST_BYTES {
            return Err(operation);
        }
        self.bytes = bytes;
        self.list.push(operation);
        Ok(())
    }

    /// The changes, in order.
    pub fn as_slice(&self) -> &[Operation] {
        &self.list
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The body of the request: a header, then one line for each change.
    pub(crate) fn ndjson(&self, message: &Message, parent: &CommitId) -> Bytes {
        let mut body = Vec::with_capacity(self.bytes + 512);
        let header = Line::Header {
            summary: &message.title,
            description: &message.description,
            parent_commit: parent.as_str(),
        };
        header.write(&mut body);
        for operation in &self.list {
            operation.line().write(&mut body);
        }
        body.into()
    }

    /// What is at each path that is changed, afterwards; `None` is nothing. Later changes win.
    pub(crate) fn outcome(&self) -> BTreeMap<&str, Option<Digest>> {
        let mut outcome = BTreeMap::new();
        for operation in &self.list {
            let path = operation.path();
            match operation.content() {
                Some(digest) => {
                    // A file makes its folders again.
                    let folders = path.match_indices('/').map(|(end, _)| &path[..end]);
                    folders.for_each(|folder| {
                        outcome.remove(folder);
                    });
                    outcome.insert(path, Some(digest));
                }
                None => {
                    let is_below = |other: &str| {
                        let rest = other.strip_prefix(path);
                        rest.is_some_and(|rest| rest.starts_with('/'))
                    };
                    outcome.retain(|other, _| !is_below(other));
                    outcome.insert(path, None);
                }
            }
        }
        outcome
    }
}

impl Operation {
    /// The path that is changed.
    pub fn path(&self) -> &str {
        match self {
            Self::Put { path, .. }
            | Self::PutLarge { path, .. }
            | Self::RemoveFile { path }
            | Self::RemoveFolder { path } => path.as_str(),
        }
    }

    /// The name of what will be at the path, if there will be something.
    fn content(&self) -> Option<Digest> {
        match self {
            Self::Put { content, .. } => Some(Digest::git_blob(content)),
            Self::PutLarge { sha256, .. } => Some(*sha256),
            Self::RemoveFile { .. } | Self::RemoveFolder { .. } => None,
        }
    }

    /// An upper bound of what its line takes up; a path may need an escape for every character.
    fn bytes(&self) -> usize {
        let content = match self {
            Self::Put { content, .. } => content.len().div_ceil(3) * 4,
            _ => 0,
        };
        256 + 6 * self.path().len() + content
    }

    fn line(&self) -> Line<'_> {
        match self {
            Self::Put { path, content } => Line::File {
                content: BASE64.encode(content),
                path: path.as_str(),
                encoding: "base64",
            },
            Self::PutLarge { path, sha256, size } => Line::LfsFile {
                path: path.as_str(),
                algo: "sha256",
                oid: sha256.to_string(),
                size: *size,
            },
            Self::RemoveFile { path } => Line::DeletedFile {
                path: path.as_str(),
            },
            Self::RemoveFolder { path } => Line::DeletedFolder {
                path: format!("{path}/"),
            },
        }
    }
}

#[derive(Serialize)]
#[serde(tag = "key", content = "value", rename_all = "camelCase")]
enum Line<'a> {
    #[serde(rename_all = "camelCase")]
    Header {
        summary: &'a str,
        description: &'a str,
        parent_commit: &'a str,
    },
    File {
        content: String,
        path: &'a str,
        encoding: &'a str,
    },
    LfsFile {
        path: &'a str,
        algo: &'a str,
        oid: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        size: Option<u64>,
    },
    DeletedFile {
        path: &'a str,
    },
    DeletedFolder {
        path: String,
    },
}

impl Line<'_> {
    fn write(&self, body: &mut Vec<u8>) {
        serde_json::to_writer(&mut *body, self).expect("lines are plain data");
        body.push(b'\n');
    }
}

#[cfg(test)]
mod tests;
