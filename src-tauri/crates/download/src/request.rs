use std::path::PathBuf;

use hubdesk_core::{CommitId, Patterns, RepoId, RepoPath, Revision};

/// What to download. The same request can be run again and again.
#[derive(Debug, Clone)]
pub struct Request {
    /// From where.
    pub repo: RepoId,
    /// Which revision; it is resolved anew at every run.
    pub revision: Revision,
    /// Which files.
    pub select: Select,
    /// Fetch files that are here already, too.
    pub force: bool,
}

/// Which files of a revision.
#[derive(Debug, Clone)]
pub enum Select {
    /// All of them.
    All,
    /// These; one that does not exist is an error.
    Files(Vec<String>),
    /// Those that match; none is not an error.
    Matching(Patterns),
}

/// How a run ended without an error.
#[derive(Debug)]
pub enum Outcome {
    /// Everything asked for is there.
    Done(Snapshot),
    /// A person stopped it. What arrived is kept.
    Cancelled,
}

/// Where the files are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The commit's folder in the cache.
    pub folder: PathBuf,
    /// The commit.
    pub commit: CommitId,
    /// The files asked for, below `folder`.
    pub files: Vec<RepoPath>,
}
