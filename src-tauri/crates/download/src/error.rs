use std::path::PathBuf;
use std::time::Duration;

use hubdesk_core::{BadPath, ByteCount, Digest, RepoId, Revision};

/// Why a download stopped. What had arrived is kept unless a variant says otherwise.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The Hub, or the way to it.
    #[error("cannot get what is needed of {repo}")]
    Hub {
        /// From where.
        repo: RepoId,
        /// What went wrong.
        #[source]
        source: hubdesk_hub::Error,
    },
    /// The Hub answered, but not with what the request was about.
    #[error("the answer about {repo} cannot be used: {what}")]
    Unusable {
        /// The repository.
        repo: RepoId,
        /// What is wrong with it.
        what: &'static str,
    },
    /// The listing contradicts itself.
    #[error("the listing of {repo} cannot be right: {path:?} {what}")]
    BadListing {
        /// The repository.
        repo: RepoId,
        /// The file that cannot be.
        path: String,
        /// Why it cannot, to stand after its name.
        what: &'static str,
    },
    /// Files that were put in place are gone again, again and again: another program removes them.
    #[error("files of {repo} keep disappearing from the cache")]
    Unsettled {
        /// The repository.
        repo: RepoId,
    },
    /// A file was named that the revision does not have.
    #[error("{path} does not exist in {repo} at {revision}")]
    NoSuchFile {
        /// The repository.
        repo: RepoId,
        /// The revision asked for.
        revision: Revision,
        /// The file.
        path: String,
    },
    /// A file's name would lead out of its folder, or this system cannot hold it.
    #[error("{path:?} of {repo} cannot be stored here: {why}")]
    BadName {
        /// The repository.
        repo: RepoId,
        /// The name as the Hub gave it.
        path: String,
        /// The rule it breaks.
        why: BadPath,
    },
    /// Two names that are one on the volume of the destination, where one file would replace the
    /// other. Nothing was fetched.
    #[error("{path:?} and {other:?} of {repo} are the same name here")]
    SameName {
        /// The repository.
        repo: RepoId,
        /// One of them.
        path: String,
        /// The other.
        other: String,
    },
    /// The content is not what the listing promised. Nothing of it became visible.
    #[error("{path} of {repo} has the wrong content: expected {expected}, got {actual}")]
    Corrupt {
        /// The repository.
        repo: RepoId,
        /// The file.
        path: String,
        /// The listing's digest.
        expected: Digest,
        /// The digest of what arrived.
        actual: Digest,
    },
    /// More or fewer bytes than the listing promised.
    #[error("{path} of {repo} has the wrong length: expected {expected} bytes, got {actual}")]
    WrongLength {
        /// The repository.
        repo: RepoId,
        /// The file.
        path: String,
        /// The listing's size.
        expected: u64,
        /// What the server announced or sent.
        actual: u64,
    },
    /// The file was replaced between the listing and the request.
    #[error("{path} of {repo} changed while it was downloaded")]
    Changed {
        /// The repository.
        repo: RepoId,
        /// The file.
        path: String,
    },
    /// The server asks for a longer wait than a person would sit through.
    #[error("the Hub asks to wait {} s before more of {repo}", after.as_secs())]
    RateLimited {
        /// The repository.
        repo: RepoId,
        /// How long.
        after: Duration,
    },
    /// The volume is too full. Checked before the first byte, and while writing.
    #[error("not enough room in {}: need {need}, have {free}", folder.display())]
    NoSpace {
        /// The cache.
        folder: PathBuf,
        /// What is still to be fetched.
        need: ByteCount,
        /// What is free.
        free: ByteCount,
    },
    /// Files in the folder are not the Hub's, and would be lost. Nothing was fetched.
    #[error("{count} files in the folder for {repo} are not from the Hub")]
    Conflict {
        /// The repository.
        repo: RepoId,
        /// The first of them, as they are on disk.
        files: Vec<PathBuf>,
        /// How many there are.
        count: usize,
    },
    /// A variant was asked for that the revision does not have, or has no longer.
    #[error("{repo} has no variant {variant:?} at {revision}")]
    NoSuchVariant {
        /// The repository.
        repo: RepoId,
        /// The revision asked for.
        revision: Revision,
        /// The variant's id.
        variant: String,
    },
    /// Nothing may be asked of the Hub, and what would be needed is not here.
    #[error("{what} of {repo} is not here")]
    NotHere {
        /// The repository.
        repo: RepoId,
        /// What is missing.
        what: String,
    },
    /// Nothing may be asked of the Hub, and only a part of what was asked for is here.
    #[error("{count} files of {repo} are not in {}", folder.display())]
    Incomplete {
        /// The repository.
        repo: RepoId,
        /// Where the others are.
        folder: PathBuf,
        /// The first that are missing.
        files: Vec<String>,
        /// How many are missing.
        count: usize,
    },
    /// The cache cannot be read or written.
    #[error("cannot use the cache for {repo}")]
    Cache {
        /// The repository.
        repo: RepoId,
        /// What went wrong.
        #[source]
        source: hubdesk_cache::Error,
    },
}

impl Error {
    /// Whether this may be the fault of a listing rather than of what was fetched by it.
    pub(crate) fn doubts_listing(&self) -> bool {
        match self {
            Self::Corrupt { .. }
            | Self::WrongLength { .. }
            | Self::Changed { .. }
            | Self::NoSuchFile { .. }
            | Self::BadListing { .. }
            | Self::BadName { .. }
            | Self::SameName { .. }
            | Self::NoSuchVariant { .. } => true,
            Self::Hub { source, .. } => matches!(
                source,
                hubdesk_hub::Error::NotFound(..) | hubdesk_hub::Error::RangeNotSatisfiable { .. }
            ),
            Self::Unusable { .. }
            | Self::Unsettled { .. }
            | Self::RateLimited { .. }
            | Self::NoSpace { .. }
            | Self::Conflict { .. }
            | Self::NotHere { .. }
            | Self::Incomplete { .. }
            | Self::Cache { .. } => false,
        }
    }
}
