//! Taking back what commits have done, by a commit that puts back what was there before.
//!
//! Large files are put back by their names, so nothing of them moves. What others have changed
//! since is left as it is, and listed.

use std::collections::BTreeSet;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use hubdesk_core::{CommitId, RepoId, RepoPath, Revision};
use hubdesk_hub::{Hub, Message, Repo, Span, Target};
use tokio_util::sync::CancellationToken;

use crate::edit::{Edit, Editing};
use crate::halt::Halt;
use crate::remote::failed;
use crate::stored::{files_around, files_at};
use crate::take_back::{LeftAlone, Touch, decide, sum_up};
use crate::{Error, Onto, Outcome, Progress, Uploaded};

/// Commits that are looked at, at the same time.
const COMMITS_AT_ONCE: usize = 3;

/// What to take back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undo {
    /// Of which repository.
    pub repo: RepoId,
    /// Where it is taken back. That is the branch they were made on; what has come to another one
    /// since, such as by a merge, can be taken back there as well.
    pub branch: Revision,
    /// The commits, in order.
    pub commits: Vec<CommitId>,
    /// What the new commit says.
    pub message: Message,
}

/// What taking back would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UndoPlan {
    /// Where the branch is; the commit is made on top of it.
    pub head: CommitId,
    /// What is put back or removed, in order.
    pub edits: Vec<Edit>,
    /// What is not touched, and why, in order.
    pub left_alone: Vec<LeftAlone>,
    /// Files that are as before already.
    pub as_before: usize,
}

impl Undo {
    /// Takes back what an upload onto `onto` has done. A pull request is taken back on its own
    /// branch and stays open: closing it is another act, and often the one that is wanted.
    pub fn of(repo: &RepoId, onto: &Onto, uploaded: &Uploaded, message: Message) -> Self {
        let branch = match (uploaded.pull_request, onto) {
            (Some(number), _) => Revision::pull_request(number),
            (None, Onto::Branch { name, .. }) => name.clone(),
            // Nothing was uploaded then.
            (None, Onto::PullRequest) => Revision::main(),
        };
        Self {
            repo: repo.clone(),
            branch,
            commits: uploaded.commits.clone(),
            message,
        }
    }
}

impl UndoPlan {
    /// Files that would be as they were.
    pub fn restored(&self) -> usize {
        self.edits.len() - self.removed()
    }

    /// Files that would be gone.
    pub fn removed(&self) -> usize {
        let removed = self.edits.iter().filter(|edit| edit.then.is_none());
        removed.count()
    }

    /// What would come by way of this machine, in bytes: regular files only.
    pub fn bytes_fetched(&self) -> u64 {
        self.edits.iter().map(Edit::bytes_fetched).sum()
    }
}

/// What `undo` would do. Only looks; whoever does not want to know any more drops it.
pub async fn plan_undo(undo: &Undo, hub: &Hub) -> Result<UndoPlan, Error> {
    let repo = hub.repo(&undo.repo);
    let repo = &repo;
    let touched: Vec<Vec<Touch>> = stream::iter(undo.commits.clone())
        .map(|commit| async move { touches(repo, &commit).await })
        .buffered(COMMITS_AT_ONCE)
        .try_collect()
        .await?;
    let touched = sum_up(touched.into_iter().flatten());
    let head = repo.resolve(&undo.branch).await;
    let head = head.map_err(|source| failed(repo, source))?;
    let paths: BTreeSet<RepoPath> = touched.keys().cloned().collect();
    let now = files_around(repo, &head, &paths).await?;
    let decision = decide(touched, &now);
    Ok(UndoPlan {
        head,
        edits: decision.edits,
        left_alone: decision.left_alone,
        as_before: decision.as_before,
    })
}

/// Does what `plan` says, or as much of it as was not done yet. What changes at those paths
/// between the plan and the commit is [`Error::Overlap`], and then nothing more is done.
///
/// What it gives can be taken back as well.
pub async fn run_undo(
    undo: &Undo,
    plan: &UndoPlan,
    hub: &Hub,
    cancel: &CancellationToken,
    progress: &Progress,
) -> Result<Outcome, Error> {
    let editing = Editing {
        hub,
        repo: hub.repo(&undo.repo),
        message: &undo.message,
        cancel,
        progress,
        target: Target::Branch {
            name: undo.branch.clone(),
            parent: plan.head.clone(),
        },
    };
    let groups = plan.edits.iter().map(|edit| vec![edit.clone()]);
    Halt::outcome(editing.run(groups.collect()).await)
}

/// What a commit has done.
async fn touches(repo: &Repo, commit: &CommitId) -> Result<Vec<Touch>, Error> {
    let hub = |source| failed(repo, source);
    let revision = Revision::from(commit.clone());
    let changed = repo.changed_files(&Span::Commit(revision.clone())).await;
    let mut paths = BTreeSet::new();
    for change in changed.map_err(hub)? {
        let both = [Some(change.path), change.from].into_iter().flatten();
        // A path that is none of ours was not touched by us.
        paths.extend(both.filter_map(|path| RepoPath::new(&path).ok()));
    }
    let history: Vec<_> = repo
        .commits(&revision)
        .take(2)
        .try_collect()
        .await
        .map_err(hub)?;
    let mut before = match history.get(1) {
        Some(parent) => files_at(repo, &parent.id, &paths).await?,
        None => Default::default(),
    };
    let after = files_at(repo, commit, &paths).await?;
    let touches = paths.into_iter().map(|path| Touch {
        before: before.remove(&path),
        after: after.get(&path).map(|file| file.there),
        path,
    });
    Ok(touches.collect())
}
