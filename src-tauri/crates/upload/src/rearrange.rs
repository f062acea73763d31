//! Copies, moves and deletions, as commits of what the Hub holds already.
//!
//! Large files are named in their new places, and made known to another repository first; nothing
//! of them comes to this machine. Regular ones do, since a commit carries them.

use std::collections::{BTreeMap, BTreeSet};

use hubdesk_core::{CommitId, Digest, RepoId, RepoPath, Revision};
use hubdesk_hub::{Error as HubError, Hub, LargeCopy, Message, Repo, Target, What};
use tokio_util::sync::CancellationToken;

use crate::arrange::{Counts, Obstacle, Source, arrange};
use crate::edit::{Edit, Editing, Group};
use crate::halt::Halt;
use crate::remote::failed;
use crate::stored::{Files, Stored, below, files_around};
use crate::{Error, Onto, Outcome, Progress, Stage};

/// What to do within a repository. All of it happens at once: each act sees what was there before
/// any of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rearrange {
    /// In which repository.
    pub repo: RepoId,
    /// On top of what.
    pub onto: Onto,
    /// What.
    pub acts: Vec<Act>,
    /// Whether files that are there may be replaced.
    pub overwrite: bool,
    /// What the commits say; of several the later ones are numbered.
    pub message: Message,
}

/// One thing to do with a file, or with a folder and everything in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// It is at another place as well.
    Copy {
        /// Where it is.
        from: Place,
        /// Its path there. What is in a folder joins what is there by the same name.
        to: RepoPath,
    },
    /// It is at another place.
    Move {
        /// Where it is.
        from: RepoPath,
        /// Its path there, as of a copy.
        to: RepoPath,
    },
    /// It is gone.
    Delete {
        /// Where it is.
        path: RepoPath,
    },
}

/// Where something is that is copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Another repository, or another revision of this one. `None` is what is rearranged.
    pub elsewhere: Option<(RepoId, Revision)>,
    /// Its path there.
    pub path: RepoPath,
}

/// Whether it can be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rearranging {
    /// It can.
    Ready(RearrangePlan),
    /// Not as it was asked for.
    Refused(Vec<Obstacle>),
}

/// What would be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RearrangePlan {
    /// What it was compared with, and is made on top of.
    pub base: CommitId,
    /// How much it is.
    pub counts: Counts,
    /// Whether the branch is to be made first.
    creates_branch: bool,
    groups: Vec<Group>,
}

impl RearrangePlan {
    /// What is changed, path by path.
    pub fn edits(&self) -> impl Iterator<Item = &Edit> {
        self.groups.iter().flatten()
    }

    /// What would come by way of this machine, in bytes: regular files only.
    pub fn bytes_fetched(&self) -> u64 {
        self.edits().map(Edit::bytes_fetched).sum()
    }

    /// What stays on the Hub although it gets another place, in bytes: large files.
    pub fn bytes_kept(&self) -> u64 {
        let comes = self.edits().filter_map(|edit| edit.then.as_ref());
        let large = comes.filter(|file| file.is_large());
        large.map(|file| file.there.size).sum()
    }
}

/// What `request` would do. Only looks; whoever does not want to know any more drops it.
pub async fn plan_rearrange(request: &Rearrange, hub: &Hub) -> Result<Rearranging, Error> {
    let repo = hub.repo(&request.repo);
    let (base, creates_branch) = base(&request.onto, &repo).await?;
    let paths: BTreeSet<RepoPath> = request.acts.iter().flat_map(Act::paths_here).collect();
    let here = files_around(&repo, &base, &paths).await?;
    let mut sources = Vec::new();
    let mut obstacles = Vec::new();
    for act in &request.acts {
        if let Some(path) = act.place_in_itself() {
            obstacles.push(Obstacle::IntoItself(path));
            continue;
        }
        let found = match act.elsewhere() {
            Some((repo, revision, path)) => {
                let there = files_elsewhere(&hub.repo(repo), revision, path).await?;
                act.sources(&there)
            }
            None => act.sources(&here),
        };
        if found.is_empty() {
            obstacles.push(Obstacle::Missing(act.from().clone()));
        }
        sources.extend(found);
    }
    match arrange(&sources, &here, request.overwrite) {
        Ok(arranged) if obstacles.is_empty() => Ok(Rearranging::Ready(RearrangePlan {
            base,
            counts: arranged.counts,
            creates_branch,
            groups: arranged.groups,
        })),
        Ok(_) => Ok(Rearranging::Refused(obstacles)),
        Err(more) => {
            obstacles.extend(more);
            Ok(Rearranging::Refused(obstacles))
        }
    }
}

/// Does what `plan` says, or as much of it as was not done yet. What others change at those paths
/// between the plan and the commit is [`Error::Overlap`], and then nothing more is done.
///
/// What it gives can be taken back like an upload.
pub async fn run_rearrange(
    request: &Rearrange,
    plan: &RearrangePlan,
    hub: &Hub,
    cancel: &CancellationToken,
    progress: &Progress,
) -> Result<Outcome, Error> {
    let repo = hub.repo(&request.repo);
    progress.enter(Stage::Sending);
    let known = tokio::select! {
        biased;
        () = cancel.cancelled() => return Ok(Outcome::Cancelled),
        known = make_known(plan, hub, &repo) => known,
    };
    known?;
    let target = match &request.onto {
        Onto::Branch { name, .. } => {
            if plan.creates_branch {
                create_branch(&repo, name, &plan.base).await?;
            }
            Target::Branch {
                name: name.clone(),
                parent: plan.base.clone(),
            }
        }
        Onto::PullRequest => Target::PullRequest {
            base: plan.base.clone(),
        },
    };
    let message = &request.message;
    let editing = Editing {
        hub,
        repo,
        message,
        cancel,
        progress,
        target,
    };
    Halt::outcome(editing.run(plan.groups.clone()).await)
}

/// The commit that is built on, and whether its branch is still to be made.
async fn base(onto: &Onto, repo: &Repo) -> Result<(CommitId, bool), Error> {
    let hub = |source| failed(repo, source);
    let main = Revision::main();
    let (name, may_create) = match onto {
        Onto::Branch { name, create } => (name, *create),
        Onto::PullRequest => (&main, false),
    };
    match repo.resolve(name).await {
        Err(HubError::NotFound(What::Revision, _)) if may_create => {
            Ok((repo.resolve(&main).await.map_err(hub)?, true))
        }
        head => Ok((head.map_err(hub)?, false)),
    }
}

/// If it is there by now, the commit will tell whether that matters.
async fn create_branch(repo: &Repo, name: &Revision, at: &CommitId) -> Result<(), Error> {
    let from = Revision::from(at.clone());
    match repo.create_branch(name, Some(&from)).await {
        Ok(()) | Err(HubError::Conflict { .. }) => Ok(()),
        Err(source) => Err(failed(repo, source)),
    }
}

async fn files_elsewhere(
    repo: &Repo,
    revision: &Revision,
    path: &RepoPath,
) -> Result<Files, Error> {
    let commit = repo.resolve(revision).await;
    let commit = commit.map_err(|source| failed(repo, source))?;
    files_around(repo, &commit, &BTreeSet::from([path.clone()])).await
}

/// Makes the large files of other repositories known in `into`, all before the first commit.
async fn make_known(plan: &RearrangePlan, hub: &Hub, into: &Repo) -> Result<(), Error> {
    let mut copies: BTreeMap<&RepoId, BTreeMap<Digest, (LargeCopy, &RepoPath)>> = BTreeMap::new();
    for edit in plan.edits() {
        let Some(file) = &edit.then else { continue };
        if file.is_large() && file.repo != *into.id() {
            let of_repo = copies.entry(&file.repo).or_default();
            of_repo.insert(file.there.digest, (large_copy(file), &edit.path));
        }
    }
    for (source, files) in copies {
        let source = hub.repo(source);
        let wanted: Vec<LargeCopy> = files.values().map(|(copy, _)| copy.clone()).collect();
        let copied = source.duplicate_large(&wanted, into.id()).await;
        let not_copied = copied.map_err(|error| failed(&source, error))?;
        // What was not asked for is not missed.
        let first = not_copied.into_iter().find_map(|one| {
            let (_, path) = files.get(&one.sha256)?;
            Some(((*path).clone(), one.error))
        });
        if let Some((path, why)) = first {
            let repo = into.id().clone();
            return Err(Error::Refused { repo, path, why });
        }
    }
    Ok(())
}

fn large_copy(file: &Stored) -> LargeCopy {
    LargeCopy {
        xet_hash: file.xet_hash.clone(),
        sha256: file.there.digest,
        path: file.path.to_string(),
    }
}

impl Act {
    fn from(&self) -> &RepoPath {
        match self {
            Self::Copy { from, .. } => &from.path,
            Self::Move { from, .. } => from,
            Self::Delete { path } => path,
        }
    }

    fn to(&self) -> Option<&RepoPath> {
        match self {
            Self::Copy { to, .. } | Self::Move { to, .. } => Some(to),
            Self::Delete { .. } => None,
        }
    }

    fn elsewhere(&self) -> Option<(&RepoId, &Revision, &RepoPath)> {
        match self {
            Self::Copy { from, .. } => {
                let (repo, revision) = from.elsewhere.as_ref()?;
                Some((repo, revision, &from.path))
            }
            Self::Move { .. } | Self::Delete { .. } => None,
        }
    }

    /// The paths of the repository that it is about.
    fn paths_here(&self) -> impl Iterator<Item = RepoPath> {
        let from = match self.elsewhere() {
            Some(_) => None,
            None => Some(self.from()),
        };
        from.into_iter().chain(self.to()).cloned()
    }

    /// The place, if that is within what goes there.
    fn place_in_itself(&self) -> Option<RepoPath> {
        let to = self.to().filter(|_| self.elsewhere().is_none())?;
        let is_itself = to == self.from() || below(to, self.from()).is_some();
        is_itself.then(|| to.clone())
    }

    /// Every file it is about; `there` is what is at its path and below.
    fn sources(&self, there: &Files) -> Vec<Source> {
        let place = |rest: &str| match self.to() {
            None => Some(None),
            // It ends as a path does that is one.
            Some(to) => RepoPath::new(&format!("{to}{rest}")).ok().map(Some),
        };
        let goes = !matches!(self, Self::Copy { .. });
        let files = there.iter().filter_map(|(path, file)| {
            let to = match path == self.from() {
                true => place("")?,
                false => place(&format!("/{}", below(path, self.from())?))?,
            };
            let file = file.clone();
            Some(Source { file, to, goes })
        });
        files.collect()
    }
}
