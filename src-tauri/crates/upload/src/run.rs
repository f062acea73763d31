use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard};

use futures_util::future::BoxFuture;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use hubdesk_core::{Clock, CommitId, RepoPath, Revision, Share};
use hubdesk_hub::{Committed, Error as HubError, Hub, Repo, Target, What};
use hubdesk_xet::Xet;
use tokio::sync::mpsc;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::ask::{Item, Reader, Task, chunks};
use crate::batch::Batch;
use crate::commit::Change;
use crate::compare::{by_size, fate};
use crate::fingerprint::read_whole;
use crate::halt::{Halt, blocking};
use crate::pace::Pace;
use crate::remote::{Remote, failed};
use crate::walk::{Walked, walk};
use crate::{
    Error, Fate, FileWatch, Fingerprints, Found, Onto, Outcome, Progress, Request, Stage, There,
    Tuning, Uploaded,
};

/// Questions about files that are out at the same time.
const QUESTIONS_AT_ONCE: usize = 3;
/// How often again a pull request is looked for that the Hub may still be opening.
const LOOKS: u32 = 5;
/// Where the official client looks for rules that are part of the upload.
const GITIGNORE: &str = ".gitignore";

/// What an upload works with.
#[derive(Clone)]
pub struct Parts {
    /// Where to.
    pub hub: Hub,
    /// The chunk store, where it may be used.
    pub xet: Option<Xet>,
    /// What files were when they were read last.
    pub fingerprints: Arc<dyn Fingerprints>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// How much at once.
    pub tuning: Tuning,
}

/// One run's ties to whoever started it.
#[derive(Clone, Default)]
pub struct Ctx {
    /// Stops the run at the next wait; it returns when nothing of it is at work any more. A commit
    /// that is on its way is waited for.
    pub cancel: CancellationToken,
    /// How far it is.
    pub progress: Arc<Progress>,
    /// What it may send of a bound that others may share, and how urgent it is.
    pub share: Share,
    /// What earlier runs of the same request did.
    pub made: Made,
    /// Who keeps what was done, for a later run.
    pub keep: Option<Arc<dyn Keep>>,
    /// Who wants to know about single files.
    pub files: Option<Arc<dyn FileWatch>>,
}

/// What a request has led to so far.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Made {
    /// What the branch was at before the first commit.
    pub base: Option<CommitId>,
    /// The commits, in order.
    pub commits: Vec<CommitId>,
    /// The pull request that was opened.
    pub pull_request: Option<u64>,
    /// A pull request is about to be opened, or was, and nobody came to know its number.
    pub opening: Option<Opening>,
}

/// By what a pull request is found that was opened when nobody could note it any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// The commit it begins at.
    pub base: CommitId,
    /// The newest one there was before.
    pub after: u64,
}

/// Keeps what was done.
pub trait Keep: Send + Sync {
    /// `made` is what there is now. When this has ended, it is not forgotten.
    fn keep<'a>(&'a self, made: &'a Made) -> BoxFuture<'a, ()>;
}

/// What all steps of a run share.
pub(crate) struct Step<'a> {
    pub(crate) request: &'a Request,
    pub(crate) parts: &'a Parts,
    pub(crate) ctx: &'a Ctx,
    pub(crate) repo: Repo,
    pub(crate) git_ignore: Option<&'a str>,
    pace: Mutex<Pace>,
    pub(crate) is_store_given_up: AtomicBool,
    target: Mutex<Target>,
    made: Mutex<Made>,
    ignored: Mutex<Vec<RepoPath>>,
}

/// Runs `request` to its end. Running it again goes on where it stopped.
pub async fn run(request: &Request, parts: &Parts, ctx: &Ctx) -> Result<Outcome, Error> {
    match run_to_halt(request, parts, ctx).await {
        Ok(uploaded) => Ok(Outcome::Done(uploaded)),
        Err(Halt::Cancelled) => Ok(Outcome::Cancelled),
        Err(Halt::Failed(error)) => Err(*error),
    }
}

async fn run_to_halt(request: &Request, parts: &Parts, ctx: &Ctx) -> Result<Uploaded, Halt> {
    ctx.progress.enter(Stage::Walking);
    let (wanted, cancel) = (request.clone(), ctx.cancel.clone());
    let walked = blocking(move || walk(&wanted, &cancel)).await?;
    let git_ignore = git_ignore(&walked).await?;
    ctx.progress.enter(Stage::Listing);
    let repo = parts.hub.repo(&request.repo);
    let mut made = ctx.made.clone();
    let opening = open(request, parts, &mut made, &repo);
    let target = tokio::select! {
        biased;
        () = ctx.cancel.cancelled() => return Err(Halt::Cancelled),
        target = opening => target?,
    };
    let head = parent_of(&target);
    let base = made.base.get_or_insert_with(|| head.clone()).clone();
    let step = Step {
        request,
        parts,
        ctx,
        repo,
        git_ignore: git_ignore.as_deref(),
        pace: Mutex::new(Pace::new()),
        is_store_given_up: AtomicBool::new(false),
        target: Mutex::new(target),
        made: Mutex::new(made),
        ignored: Mutex::default(),
    };
    if step.made() != ctx.made && step.made().pull_request.is_some() {
        step.note_made(|made| made.opening = None).await;
    }
    step.upload(walked, &head).await?;
    let made = step.made();
    let mut ignored = std::mem::take(&mut *lock(&step.ignored));
    ignored.sort();
    Ok(Uploaded {
        base,
        head: parent_of(&step.target()),
        commits: made.commits,
        pull_request: made.pull_request,
        ignored,
    })
}

/// Makes sure that there is a repository and a branch, and says where the first commit goes. A pull
/// request that an earlier run has opened without being able to note it is added to `made`.
async fn open(
    request: &Request,
    parts: &Parts,
    made: &mut Made,
    repo: &Repo,
) -> Result<Target, Halt> {
    let hub = |source| failed(repo, source);
    if let Some(new) = &request.create {
        parts.hub.create_repo(new).await.map_err(hub)?;
    }
    if let (None, Some(opening)) = (made.pull_request, &made.opening) {
        let opened = find_opened(opening, request, parts, repo);
        if let Some(opened) = opened.await.map_err(hub)? {
            made.base.get_or_insert_with(|| opening.base.clone());
            made.commits.push(opened.id);
            made.pull_request = opened.pull_request;
        }
    }
    let branch = match (&request.onto, made.pull_request) {
        (_, Some(number)) => Revision::pull_request(number),
        (Onto::Branch { name, .. }, None) => name.clone(),
        (Onto::PullRequest, None) => {
            let base = repo.resolve(&Revision::main()).await.map_err(hub)?;
            return Ok(Target::PullRequest { base });
        }
    };
    let may_create = matches!(&request.onto, Onto::Branch { create: true, .. });
    let parent = match repo.resolve(&branch).await {
        Err(HubError::NotFound(What::Revision, _)) if may_create => {
            repo.create_branch(&branch, None).await.map_err(hub)?;
            repo.resolve(&branch).await.map_err(hub)?
        }
        resolved => resolved.map_err(hub)?,
    };
    Ok(Target::Branch {
        name: branch,
        parent,
    })
}

/// The pull request that an earlier run was about to open, if it was opened. The Hub may still be at
/// work on it when the program is back, so it is looked for more than once.
async fn find_opened(
    opening: &Opening,
    request: &Request,
    parts: &Parts,
    repo: &Repo,
) -> Result<Option<Committed>, HubError> {
    let Opening { base, after } = opening;
    let mut left = LOOKS;
    loop {
        let opened = repo.own_pull_request(*after, base, &request.message);
        match opened.await? {
            None if left > 0 => sleep(parts.tuning.opening_patience / LOOKS).await,
            opened => return Ok(opened),
        }
        left -= 1;
    }
}

/// What the next commit is made on.
fn parent_of(target: &Target) -> CommitId {
    match target {
        Target::Branch { parent, .. } => parent.clone(),
        Target::PullRequest { base } => base.clone(),
    }
}

/// Rules that are part of the upload hold for it.
async fn git_ignore(walked: &Walked) -> Result<Option<String>, Halt> {
    let path = RepoPath::new(GITIGNORE).expect("it is a name");
    let Some(found) = walked.files.get(&path).cloned() else {
        return Ok(None);
    };
    let bytes = blocking(move || read_whole(&found)).await?;
    Ok(String::from_utf8(bytes.into()).ok())
}

impl Step<'_> {
    async fn upload(&self, walked: Walked, head: &CommitId) -> Result<(), Halt> {
        let total = walked.files.values().map(|found| found.size).sum();
        let progress = &self.ctx.progress;
        progress
            .meter
            .begin((walked.files.len() as u64, total), (0, 0));
        let removal = self.request.remove.as_ref();
        let looking = Remote::look(&self.repo, head, &walked.files, removal);
        let mut remote = self.unless_cancelled(looking).await??;
        self.check_overlap(&walked, &remote, head).await?;
        self.tell_plan(&walked.files);
        progress.enter(Stage::Fingerprinting);
        let tasks: Vec<Task> = walked
            .files
            .into_iter()
            .map(|(path, found)| {
                let there = remote.there.remove(&path);
                (path, found, there)
            })
            .collect();
        let (give, take) = mpsc::channel(1);
        let (prepared, committed) =
            tokio::join!(self.fill(tasks, remote.to_remove, give), self.empty(take),);
        // What stopped the commits stopped the rest, too.
        committed.and(prepared)
    }

    /// What a person has not seen, others have changed since: at the paths of the upload nothing of
    /// it is replaced.
    async fn check_overlap(
        &self,
        walked: &Walked,
        remote: &Remote,
        head: &CommitId,
    ) -> Result<(), Halt> {
        let made = self.made();
        let Some(seen) = made.commits.last().or(self.request.expect.as_ref()) else {
            return Ok(());
        };
        if self.request.overwrite || seen == head {
            return Ok(());
        }
        let looking = Remote::look(&self.repo, seen, &walked.files, None);
        let seen = self.unless_cancelled(looking).await??;
        let mut paths = Vec::new();
        for (path, found) in &walked.files {
            let there = remote.there.get(path);
            if there != seen.there.get(path) && !self.is_same(found, there).await? {
                paths.push(path.clone());
            }
        }
        if paths.is_empty() {
            return Ok(());
        }
        let repo = self.repo.id().clone();
        Err(Error::Overlap { repo, paths }.into())
    }

    async fn is_same(&self, found: &Found, there: Option<&There>) -> Result<bool, Halt> {
        match by_size(found.size, there) {
            Some(_) => Ok(false),
            None => {
                let (reader, found) = (self.reader(), found.clone());
                let ours = blocking(move || reader.fingerprint(&found)).await?;
                Ok(fate(&ours, there) == Fate::Same)
            }
        }
    }

    /// Reads, asks about and sends files, and gives them on in batches.
    async fn fill(
        &self,
        tasks: Vec<Task>,
        remove: Vec<RepoPath>,
        give: mpsc::Sender<Change>,
    ) -> Result<(), Halt> {
        let mut prepared = stream::iter(chunks(tasks))
            .map(|chunk| self.prepare(chunk))
            .buffered(QUESTIONS_AT_ONCE);
        let mut batch = Batch::default();
        let mut remove = Some(remove);
        while let Some(items) = prepared.try_next().await? {
            for item in items {
                let most = self.pace().most();
                if !batch.has_room(&item, most) {
                    let full = std::mem::take(&mut batch);
                    self.hand_on(full, remove.take(), &give).await?;
                }
                batch.push(item);
            }
        }
        if !batch.is_empty() || remove.as_ref().is_some_and(|paths| !paths.is_empty()) {
            self.hand_on(batch, remove.take(), &give).await?;
        }
        Ok(())
    }

    async fn hand_on(
        &self,
        mut batch: Batch,
        remove: Option<Vec<RepoPath>>,
        give: &mpsc::Sender<Change>,
    ) -> Result<(), Halt> {
        self.send_large(&mut batch.items).await?;
        let change = Change {
            items: batch.items,
            remove: remove.unwrap_or_default(),
        };
        // Closed when a commit has failed, which is what is told then.
        give.send(change).await.map_err(|_| Halt::Cancelled)
    }

    async fn empty(&self, mut take: mpsc::Receiver<Change>) -> Result<(), Halt> {
        while let Some(change) = take.recv().await {
            if self.ctx.cancel.is_cancelled() {
                return Err(Halt::Cancelled);
            }
            self.commit(change).await?;
        }
        Ok(())
    }

    /// Waits for `work`, unless the run is stopped meanwhile.
    pub(crate) async fn unless_cancelled<T>(
        &self,
        work: impl Future<Output = T>,
    ) -> Result<T, Halt> {
        tokio::select! {
            biased;
            () = self.ctx.cancel.cancelled() => Err(Halt::Cancelled),
            end = work => Ok(end),
        }
    }

    pub(crate) async fn resolve(&self, name: &Revision) -> Result<CommitId, Halt> {
        let resolved = self.repo.resolve(name).await;
        resolved.map_err(|source| failed(&self.repo, source).into())
    }

    pub(crate) fn reader(&self) -> Reader {
        Reader {
            parts: self.parts.clone(),
            ctx: self.ctx.clone(),
        }
    }

    pub(crate) fn pace(&self) -> MutexGuard<'_, Pace> {
        lock(&self.pace)
    }

    /// Where the next commit goes.
    pub(crate) fn target(&self) -> Target {
        lock(&self.target).clone()
    }

    pub(crate) fn stand_on(&self, target: Target) {
        *lock(&self.target) = target;
    }

    pub(crate) fn made(&self) -> Made {
        lock(&self.made).clone()
    }

    pub(crate) async fn note_made(&self, change: impl FnOnce(&mut Made)) {
        let made = {
            let mut made = lock(&self.made);
            change(&mut made);
            made.clone()
        };
        if let Some(keep) = &self.ctx.keep {
            keep.keep(&made).await;
        }
    }

    pub(crate) fn note_ignored(&self, path: RepoPath) {
        lock(&self.ignored).push(path);
    }

    /// Nothing is to be done about a file.
    pub(crate) fn skip(&self, item: &Item) {
        self.ctx.progress.meter.tally(0).set(item.found.size);
        self.ctx.progress.meter.add_file();
        self.ctx.tell_skipped(&item.path);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex
        .lock()
        .expect("nothing panics while it holds this lock")
}
