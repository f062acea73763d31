//! Changes that are made of what the Hub holds, as commits on their parents.

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use hubdesk_core::{CommitId, RepoPath, Revision};
use hubdesk_hub::{Error as HubError, Hub, Message, Operation, Operations, Repo, Target};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::halt::Halt;
use crate::pace::{MOST_REGULAR, Pace};
use crate::remote::failed;
use crate::stored::{Stored, files_at};
use crate::{Error, Progress, Stage, There, Uploaded};

/// How often a branch may move on under a commit.
const ROUNDS: u32 = 20;
/// Regular files that are fetched at the same time.
const FETCHES_AT_ONCE: usize = 4;

/// A path that becomes something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Which.
    pub path: RepoPath,
    /// What is there. If it is something else by the time of the commit, nothing is done.
    pub now: Option<There>,
    /// What will be; `None` is nothing.
    pub then: Option<Stored>,
}

impl Edit {
    /// What of it has to come by way of this machine, in bytes.
    pub fn bytes_fetched(&self) -> u64 {
        match &self.then {
            Some(file) if !file.is_large() => file.there.size,
            _ => 0,
        }
    }

    fn wanted(&self) -> Option<There> {
        self.then.as_ref().map(|file| file.there)
    }
}

/// Edits that go into one commit together.
pub(crate) type Group = Vec<Edit>;

/// Edits on their way into a branch.
pub(crate) struct Editing<'a> {
    pub(crate) hub: &'a Hub,
    pub(crate) repo: Repo,
    pub(crate) message: &'a Message,
    pub(crate) cancel: &'a CancellationToken,
    pub(crate) progress: &'a Progress,
    pub(crate) target: Target,
}

/// What has happened so far.
struct Done {
    commits: Vec<CommitId>,
    pull_request: Option<u64>,
    pace: Pace,
}

/// Why a commit did not happen.
enum Refused {
    Halt(Halt),
    TooMuch(HubError),
}

impl From<Halt> for Refused {
    fn from(halt: Halt) -> Self {
        Self::Halt(halt)
    }
}

impl Editing<'_> {
    /// Makes all of the edits, in as few commits as the Hub takes.
    pub(crate) async fn run(mut self, groups: Vec<Group>) -> Result<Uploaded, Halt> {
        let base = parent_of(&self.target);
        let mut done = Done {
            commits: Vec::new(),
            pull_request: None,
            pace: Pace::new(),
        };
        let edits = || groups.iter().flatten();
        let bytes = edits().map(Edit::bytes_fetched).sum();
        let total = (edits().count() as u64, bytes);
        self.progress.meter.begin(total, (0, 0));
        let mut groups = groups.into_iter().peekable();
        while groups.peek().is_some() {
            let batch = next_batch(&mut groups, done.pace.most());
            self.commit(batch, &mut done).await?;
        }
        Ok(Uploaded {
            base,
            head: parent_of(&self.target),
            commits: done.commits,
            pull_request: done.pull_request,
            ignored: Vec::new(),
        })
    }

    /// Commits a batch. One that is too much for the Hub is cut in two, again and again.
    async fn commit(&mut self, batch: Vec<Group>, done: &mut Done) -> Result<(), Halt> {
        let mut left = vec![batch];
        while let Some(mut batch) = left.pop() {
            if self.cancel.is_cancelled() {
                return Err(Halt::Cancelled);
            }
            match self.commit_one(&batch, done).await {
                Ok(()) => {}
                Err(Refused::Halt(halt)) => return Err(halt),
                Err(Refused::TooMuch(source)) => {
                    done.pace.slower();
                    if batch.len() < 2 {
                        return Err(failed(&self.repo, source).into());
                    }
                    let second = batch.split_off(batch.len() / 2);
                    left.extend([second, batch]);
                }
            }
        }
        Ok(())
    }

    async fn commit_one(&mut self, batch: &[Group], done: &mut Done) -> Result<(), Refused> {
        self.progress.enter(Stage::Sending);
        let mut changes = self.prepare(batch).await?;
        self.progress.enter(Stage::Committing);
        for _ in 0..ROUNDS {
            let Some(operations) = operations(&changes)? else {
                self.count_done(batch);
                return Ok(());
            };
            let message = self.message(done);
            let begun = Instant::now();
            let committing = self.repo.commit(&self.target, &message, &operations);
            // Not to be dropped on the way: whether it happened must be known.
            match committing.await {
                Ok(committed) => {
                    done.pace.took(changes.len(), begun.elapsed());
                    done.commits.push(committed.id.clone());
                    done.pull_request = done.pull_request.or(committed.pull_request);
                    self.stand_on(committed.id, committed.pull_request);
                    self.count_done(batch);
                    return Ok(());
                }
                Err(HubError::HeadMoved { .. }) => self.follow(&mut changes).await?,
                Err(source @ (HubError::TooLarge { .. } | HubError::Timeout { .. })) => {
                    return Err(Refused::TooMuch(source));
                }
                Err(source) => return Err(Halt::from(failed(&self.repo, source)).into()),
            }
            if self.cancel.is_cancelled() {
                return Err(Halt::Cancelled.into());
            }
        }
        let repo = self.repo.id().clone();
        Err(Halt::from(Error::Unsettled { repo }).into())
    }

    /// What a commit is made of: regular files are fetched, large ones are named only.
    async fn prepare(&self, batch: &[Group]) -> Result<Vec<(Edit, Operation)>, Halt> {
        let edits = batch.iter().flatten().cloned();
        let prepared = stream::iter(edits)
            .map(|edit| async move {
                let operation = self.operation(&edit).await?;
                Ok::<_, Error>((edit, operation))
            })
            .buffered(FETCHES_AT_ONCE)
            .try_collect();
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(Halt::Cancelled),
            prepared = prepared => Ok(prepared?),
        }
    }

    async fn operation(&self, edit: &Edit) -> Result<Operation, Error> {
        let path = edit.path.clone();
        let Some(file) = &edit.then else {
            return Ok(Operation::RemoveFile { path });
        };
        let source = self.hub.repo(&file.repo);
        let digest = file.there.digest;
        let copying = source.copy_of_listed(&file.commit, file.path.as_str(), digest, path);
        let operation = copying.await.map_err(|error| failed(&source, error))?;
        self.progress.meter.add_moved(edit.bytes_fetched());
        Ok(operation)
    }

    /// The branch is elsewhere: drops what is done by now, and stops if others have changed the
    /// same.
    async fn follow(&mut self, changes: &mut Vec<(Edit, Operation)>) -> Result<(), Halt> {
        let name = match &self.target {
            Target::Branch { name, .. } => name.clone(),
            Target::PullRequest { .. } => Revision::main(),
        };
        let head = self.repo.resolve(&name).await;
        let head = head.map_err(|source| failed(&self.repo, source))?;
        let paths = changes.iter().map(|(edit, _)| &edit.path);
        let now = files_at(&self.repo, &head, paths).await?;
        let mut overlap = Vec::new();
        changes.retain(|(edit, _)| {
            let now = now.get(&edit.path).map(|file| file.there);
            let is_done = now == edit.wanted();
            if !is_done && now != edit.now {
                overlap.push(edit.path.clone());
            }
            !is_done
        });
        if !overlap.is_empty() {
            let repo = self.repo.id().clone();
            let paths = overlap;
            return Err(Error::Overlap { repo, paths }.into());
        }
        match &mut self.target {
            Target::Branch { parent: on, .. } | Target::PullRequest { base: on } => *on = head,
        }
        Ok(())
    }

    fn stand_on(&mut self, parent: CommitId, opened: Option<u64>) {
        if let Some(number) = opened {
            let name = Revision::pull_request(number);
            self.target = Target::Branch { name, parent };
        } else if let Target::Branch { parent: on, .. } = &mut self.target {
            *on = parent;
        }
    }

    fn count_done(&self, batch: &[Group]) {
        for edit in batch.iter().flatten() {
            self.progress.meter.tally(0).set(edit.bytes_fetched());
            self.progress.meter.add_file();
        }
    }

    /// What the next commit says.
    fn message(&self, done: &Done) -> Message {
        let mut message = self.message.clone();
        if !done.commits.is_empty() {
            message.title = format!("{} (part {})", message.title, done.commits.len() + 1);
        }
        message
    }
}

/// The groups of the next commit: at least one, and no more than `most` edits and the bytes of one
/// commit unless one alone is more.
fn next_batch(
    groups: &mut std::iter::Peekable<impl Iterator<Item = Group>>,
    most: usize,
) -> Vec<Group> {
    let mut batch = Vec::new();
    let (mut edits, mut bytes) = (0, 0);
    while let Some(group) = groups.next_if(|group| {
        let is_within =
            edits + group.len() <= most && bytes + regular(group) <= MOST_REGULAR as u64;
        is_within || edits == 0
    }) {
        edits += group.len();
        bytes += regular(&group);
        batch.push(group);
    }
    batch
}

fn regular(group: &Group) -> u64 {
    group.iter().map(Edit::bytes_fetched).sum()
}

/// What goes, goes first: a file may take the place of a folder, and the reverse. `None` if there
/// is nothing to do.
fn operations(changes: &[(Edit, Operation)]) -> Result<Option<Operations>, Halt> {
    let mut operations = Operations::new();
    for is_removal in [true, false] {
        let some = changes.iter();
        for (edit, operation) in some.filter(|(edit, _)| edit.then.is_none() == is_removal) {
            if operations.push(operation.clone()).is_err() {
                let (path, size) = (edit.path.clone(), edit.bytes_fetched());
                return Err(Error::TooLargeForCommit { path, size }.into());
            }
        }
    }
    Ok(Some(operations).filter(|operations| !operations.is_empty()))
}

/// What the next commit is made on.
fn parent_of(target: &Target) -> CommitId {
    match target {
        Target::Branch { parent, .. } => parent.clone(),
        Target::PullRequest { base } => base.clone(),
    }
}
