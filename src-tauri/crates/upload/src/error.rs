use std::path::PathBuf;

use hubdesk_core::{RepoId, RepoPath};
use hubdesk_disk::PathError;

use crate::Secret;

/// Why an upload stopped. What was committed stays; running the request again goes on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The Hub, or the way to it.
    #[error("the upload to {repo} did not work")]
    Hub {
        /// To where.
        repo: RepoId,
        /// What went wrong.
        #[source]
        source: hubdesk_hub::Error,
    },
    /// What is to be uploaded is not there, or cannot be read.
    #[error("what is to be uploaded cannot be read")]
    Source(#[source] PathError),
    /// What was named as a file is none.
    #[error("{} is not a file", path.display())]
    NotAFile {
        /// What was named.
        path: PathBuf,
    },
    /// A single file without a path to go to.
    #[error("a file needs a place in the repository")]
    NoPlace,
    /// A file is not what it was when it was looked at. Nothing of it was published.
    #[error("{} changed while it was uploaded", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// A file holds a secret, or is one, and nobody has said that it may be published.
    #[error("{path} holds a secret")]
    Secret {
        /// The file.
        path: RepoPath,
        /// What it is.
        secret: Secret,
    },
    /// Since the commit a person has seen, others have changed the same files.
    #[error("{} files of {repo} were changed by others meanwhile", paths.len())]
    Overlap {
        /// The repository.
        repo: RepoId,
        /// The files, in order.
        paths: Vec<RepoPath>,
    },
    /// The Hub moves on faster than we can commit.
    #[error("{repo} keeps changing")]
    Unsettled {
        /// The repository.
        repo: RepoId,
    },
    /// The Hub does not take a file.
    #[error("{path} is refused by {repo}: {why}")]
    Refused {
        /// The repository.
        repo: RepoId,
        /// The file.
        path: RepoPath,
        /// Why, in the Hub's words; cleaned, and empty if it gave none.
        why: String,
    },
    /// A file that is to travel within the commit is too long for that.
    #[error("{path} of {size} bytes is too large to travel in a commit")]
    TooLargeForCommit {
        /// The file.
        path: RepoPath,
        /// Its length in bytes.
        size: u64,
    },
    /// The chunk store did not take what it was given, and there is no other way.
    #[error("the chunk store did not take {path}")]
    Xet {
        /// The file.
        path: RepoPath,
        /// What went wrong.
        #[source]
        source: hubdesk_xet::Error,
    },
}
