use std::sync::Arc;

use futures_util::{StreamExt as _, stream};
use hubdesk_cache::Cache;
use hubdesk_hub::Hub;
use tokio_util::sync::CancellationToken;

use crate::fetch::{Step, fetch};
use crate::halt::{Halt, first_cause};
use crate::listing::select;
use crate::plan::{BlobTask, Plan, check_room, plan};
use crate::{Error, Outcome, Progress, Request, Snapshot, Stage, Tuning};

/// What a download works with.
#[derive(Clone)]
pub struct Parts {
    /// Where from.
    pub hub: Hub,
    /// Where to.
    pub cache: Cache,
    /// How much at once.
    pub tuning: Tuning,
}

/// One run's ties to whoever started it.
#[derive(Clone, Default)]
pub struct Ctx {
    /// Stops the run at the next wait; it returns when nothing of it is at work any more.
    pub cancel: CancellationToken,
    /// How far it is.
    pub progress: Arc<Progress>,
}

/// Runs `request` to its end. Running it again goes on where it stopped.
pub async fn run(request: &Request, parts: &Parts, ctx: &Ctx) -> Result<Outcome, Error> {
    match run_to_halt(request, parts, ctx).await {
        Ok(snapshot) => Ok(Outcome::Done(snapshot)),
        Err(Halt::Cancelled) => Ok(Outcome::Cancelled),
        Err(Halt::Failed(error)) => Err(*error),
    }
}

async fn run_to_halt(request: &Request, parts: &Parts, ctx: &Ctx) -> Result<Snapshot, Halt> {
    ctx.progress.enter(Stage::Listing);
    let planned = async {
        let listing = select(request, parts).await?;
        let plan = plan(request, &listing, parts).await?;
        check_room(&plan, parts).await?;
        Ok::<_, Error>((listing, plan))
    };
    let (listing, plan) = tokio::select! {
        biased;
        () = ctx.cancel.cancelled() => return Err(Halt::Cancelled),
        planned = planned => planned?,
    };
    count(&plan, ctx);
    let Plan { files, blobs } = plan;
    let step = Step {
        request,
        parts,
        commit: &listing.commit,
        progress: &ctx.progress,
        tuning: &parts.tuning,
        cancel: ctx.cancel.clone(),
    };
    fetch_all(&step, blobs).await?;
    point_ref(&step).await?;
    Ok(Snapshot {
        folder: parts.cache.repo(&request.repo).snapshot(&listing.commit),
        commit: listing.commit,
        files: files.into_iter().map(|file| file.path).collect(),
    })
}

/// Tells the meter what the plan found.
fn count(plan: &Plan, ctx: &Ctx) {
    let meter = &ctx.progress.meter;
    meter.set_total(plan.files.len() as u64, plan.bytes_total());
    let linked: u64 = plan.blobs.iter().map(|task| task.paths.len() as u64).sum();
    for _ in linked..plan.files.len() as u64 {
        meter.add_file();
    }
    let to_come = |task: &BlobTask| {
        (task.size.saturating_mul(task.paths.len() as u64)).saturating_sub(task.found)
    };
    let to_come = plan
        .blobs
        .iter()
        .fold(0, |sum: u64, task| sum.saturating_add(to_come(task)));
    meter.add_found(plan.bytes_total().saturating_sub(to_come));
}

/// Fetches every blob, several at once, large ones beside small ones. The first failure stops the
/// others, which keep what they have.
async fn fetch_all(step: &Step<'_>, blobs: Vec<BlobTask>) -> Result<(), Halt> {
    if blobs.is_empty() {
        return Ok(());
    }
    step.progress.enter(Stage::Downloading);
    let commit = step.commit.clone();
    step.on_disk(move |cache| cache.prepare(&commit)).await?;
    let step = &step.within(step.cancel.child_token());
    let is_large = |task: &BlobTask| task.size > step.tuning.small_bytes && !task.is_blob_here;
    let (large, small): (Vec<_>, Vec<_>) = blobs.into_iter().partition(is_large);
    let (large, small) = tokio::join!(
        fetch_each(step, large, step.tuning.large_at_once),
        fetch_each(step, small, step.tuning.files_at_once),
    );
    first_cause(large, small)
}

async fn fetch_each(step: &Step<'_>, tasks: Vec<BlobTask>, at_once: usize) -> Result<(), Halt> {
    stream::iter(tasks)
        .map(|task| async move {
            // A task whose turn comes after a failure is not begun.
            let result = if step.cancel.is_cancelled() {
                Err(Halt::Cancelled)
            } else {
                fetch(step, &task).await
            };
            if result.is_err() {
                step.cancel.cancel();
            }
            result
        })
        .buffer_unordered(at_once.max(1))
        .fold(Ok(()), async |sum, end| first_cause(sum, end))
        .await
}

/// The ref goes last: a revision that can be found is a whole one.
async fn point_ref(step: &Step<'_>) -> Result<(), Halt> {
    step.progress.enter(Stage::Linking);
    let (revision, commit) = (step.request.revision.clone(), step.commit.clone());
    step.on_disk(move |cache| {
        if revision.as_commit().is_some() || cache.read_ref(&revision)?.as_ref() == Some(&commit) {
            return Ok(());
        }
        cache.prepare(&commit)?;
        cache.point_ref(&revision, &commit)
    })
    .await
}
