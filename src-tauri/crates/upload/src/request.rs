use std::collections::BTreeSet;
use std::path::PathBuf;

use bytes::Bytes;
use hubdesk_core::{CommitId, Pattern, Patterns, RepoId, RepoPath, Revision};
use hubdesk_hub::{Message, NewRepo};

/// What to upload. The same request can be run again and again.
#[derive(Debug, Clone)]
pub struct Request {
    /// To where.
    pub repo: RepoId,
    /// How to make the repository if it is not there; otherwise it has to be.
    pub create: Option<NewRepo>,
    /// On top of what.
    pub onto: Onto,
    /// What; of two files for one place the later one counts.
    pub sources: Vec<Source>,
    /// Which files of folders, by their paths below the source.
    pub select: Patterns,
    /// What is left out of folders by itself.
    pub leave_out: LeaveOut,
    /// What goes from the repository with the first commit.
    pub remove: Option<Removal>,
    /// The files that may go out although they hold a secret. `None`: it is not looked for any, as
    /// the official client does not.
    pub acknowledged: Option<BTreeSet<RepoPath>>,
    /// What the commits say; of several the later ones are numbered.
    pub message: Message,
    /// The commit a person has seen when they decided. What has changed at the same paths since is
    /// [`Error::Overlap`](crate::Error::Overlap), unless `overwrite`.
    pub expect: Option<CommitId>,
    /// Whether what others have changed meanwhile is replaced all the same.
    pub overwrite: bool,
}

/// On top of what the commits are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Onto {
    /// A branch, or `refs/pr/<number>`.
    Branch {
        /// Which.
        name: Revision,
        /// Whether it is begun at `main` if it is not there.
        create: bool,
    },
    /// A new pull request onto `main`.
    PullRequest,
}

/// Something on this machine, and its place in the repository.
#[derive(Debug, Clone)]
pub struct Source {
    /// What.
    pub what: What,
    /// For a file its path, for a folder where its content goes; `None` is the root, which a file
    /// cannot have.
    pub to: Option<RepoPath>,
}

/// Something on this machine.
#[derive(Debug, Clone)]
pub enum What {
    /// A file.
    File(PathBuf),
    /// A folder, with everything below.
    Folder(PathBuf),
    /// Bytes in memory, for what is small.
    Bytes(Bytes),
}

/// What is left out of folders by itself, beside `.git` and `.cache/huggingface`, which always are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeaveOut {
    /// What systems and editors leave about.
    pub junk: bool,
    /// What `.gitignore` and `.hfignore` files in the folder say.
    pub ignored: bool,
}

/// What goes from the repository.
#[derive(Debug, Clone)]
pub struct Removal {
    /// Below this folder; `None` is everywhere.
    pub below: Option<RepoPath>,
    /// What matches one of these there. Never `.gitattributes`, nor what is uploaded.
    pub patterns: Vec<Pattern>,
}

/// How a run ended without an error.
#[derive(Debug)]
pub enum Outcome {
    /// Everything asked for is there.
    Done(Uploaded),
    /// A person stopped it. What was sent is not sent again.
    Cancelled,
}

/// What is there now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uploaded {
    /// What the branch was at before the first commit.
    pub base: CommitId,
    /// The commits of all runs of this request, in order; none if nothing had changed.
    pub commits: Vec<CommitId>,
    /// Where the branch is now.
    pub head: CommitId,
    /// The pull request, if one was opened.
    pub pull_request: Option<u64>,
    /// What the rules of the repository left out.
    pub ignored: Vec<RepoPath>,
}

impl LeaveOut {
    /// What a person who drops a folder expects.
    pub const USUAL: Self = Self {
        junk: true,
        ignored: true,
    };
    /// As the official client: nothing more.
    pub const NOTHING: Self = Self {
        junk: false,
        ignored: false,
    };
}
