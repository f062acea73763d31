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
    /// Where to.
    pub into: Into,
    /// What becomes of a person's own files that are in the way.
    pub overwrite: Overwrite,
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
    /// One of its [`variants`](crate::variants), by its id, with what it needs. One that the
    /// revision does not have is an error.
    Variant(String),
}

/// Where the files go.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Into {
    /// The shared cache.
    #[default]
    Cache,
    /// A folder of a person's own, under their names.
    Folder(PathBuf),
}

/// What becomes of what is in the way in a folder and is not the Hub's: a file somebody made, or
/// changed. An older version of the Hub's file is always replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Overwrite {
    /// It stays, and nothing is fetched: [`Error::Conflict`](crate::Error::Conflict).
    #[default]
    Never,
    /// It is replaced, unless it is a folder.
    Yes,
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
    /// The commit's folder in the cache, or the person's folder.
    pub folder: PathBuf,
    /// The commit.
    pub commit: CommitId,
    /// The files asked for, below `folder`.
    pub files: Vec<RepoPath>,
}
