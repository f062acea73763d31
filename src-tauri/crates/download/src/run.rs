use std::sync::Arc;

use futures_util::{StreamExt as _, stream};
use hubdesk_cache::Cache;
use hubdesk_core::Share;
use hubdesk_hub::Hub;
use hubdesk_xet::Xet;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio_util::sync::CancellationToken;

use crate::chunks::Chunks;
use crate::durable::{Durable, MOST_WAITING};
use crate::fetch::fetch;
use crate::halt::{Halt, first_cause};
use crate::listing::{Selection, Trust, select};
use crate::listings::Listings;
use crate::place::Place;
use crate::plan::{BlobTask, Plan, check_room, plan};
use crate::step::Step;
use crate::{Error, FileWatch, Outcome, Progress, Request, Snapshot, Stage, Tuning};

/// How often what is missing is fetched anew because another program removed it in the meantime.
const ROUNDS: u32 = 3;

/// What a download works with.
#[derive(Clone)]
pub struct Parts {
    /// Where from.
    pub hub: Hub,
    /// The chunk store, where it may be used; else everything comes over plain HTTP.
    pub xet: Option<Xet>,
    /// Where to.
    pub cache: Cache,
    /// What was seen lately of this Hub.
    pub listings: Arc<Listings>,
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
    /// What it may take of the bound on what comes from the network.
    pub share: Share,
    /// Who is told of each file, if anybody wants to know.
    pub files: Option<Arc<dyn FileWatch>>,
}

/// Runs `request` to its end. Running it again goes on where it stopped.
pub async fn run(request: &Request, parts: &Parts, ctx: &Ctx) -> Result<Outcome, Error> {
    match run_to_halt(request, parts, ctx).await {
        Ok(snapshot) => Ok(Outcome::Done(snapshot)),
        Err(Halt::Cancelled) => Ok(Outcome::Cancelled),
        Err(Halt::Failed(error)) => Err(*error),
    }
}

/// A listing that was seen before may have been wrong; then the Hub is asked once more before a
/// person is told.
async fn run_to_halt(request: &Request, parts: &Parts, ctx: &Ctx) -> Result<Snapshot, Halt> {
    let mut trust = Trust::Known;
    let place = &Place::of(request, parts);
    let durable = Durable::new();
    loop {
        ctx.progress.enter(Stage::Listing);
        let selection = tokio::select! {
            biased;
            () = ctx.cancel.cancelled() => return Err(Halt::Cancelled),
            selected = select(request, place, parts, trust) => selected?,
        };
        let folder = place.root(&selection.commit);
        ctx.progress.found_folder(folder.clone());
        let chunks = parts.xet.as_ref().map(|xet| {
            let repo = parts.hub.repo(&request.repo);
            Chunks::new(xet, repo, &selection.commit)
        });
        let step = Step {
            request,
            parts,
            commit: &selection.commit,
            place,
            progress: &ctx.progress,
            chunks: chunks.as_ref(),
            durable: &durable,
            ctx,
            force: request.force,
            cancel: ctx.cancel.clone(),
        };
        let was_seen_before = selection
            .whole
            .as_ref()
            .is_some_and(|whole| !whole.is_fresh);
        match fetch_selection(&step, &selection).await {
            Ok(()) => {
                let files = selection
                    .entries
                    .into_iter()
                    .filter_map(|entry| entry.path.ok());
                return Ok(Snapshot {
                    folder,
                    files: files.collect(),
                    commit: selection.commit,
                });
            }
            Err(Halt::Failed(error)) if was_seen_before && error.doubts_listing() => {
                tracing::info!(%error, "asking for the listing anew");
                parts.listings.forget(&request.repo, &selection.commit);
                let commit = selection.commit.clone();
                step.on_disk(move |place| place.forget_tree(&commit))
                    .await?;
                trust = Trust::Fresh;
            }
            Err(halt) => return Err(halt),
        }
    }
}

/// Fetches what is missing until nothing is, and lets the ref say so.
async fn fetch_selection(step: &Step<'_>, selection: &Selection) -> Result<(), Halt> {
    let mut step = step.clone();
    for round in 0..=ROUNDS {
        let place = step.paced_for_plan(round == 0, selection);
        let plan = plan(&step.request.repo, selection, step.force, &place).await?;
        plan.check_conflicts(&step.request.repo, step.place)?;
        begin(&plan, &step);
        step.ctx.tell_plan(&plan);
        if plan.is_done() {
            return conclude(&step, selection).await;
        }
        if round < ROUNDS {
            check_room(&plan, step.place).await?;
            fetch_all(&step, plan.blobs).await?;
        }
        // Looked at once more: another program may have cleared the cache meanwhile.
        step.force = false;
    }
    Err(Error::Unsettled {
        repo: step.request.repo.clone(),
    }
    .into())
}

/// Tells the meter what the plan found.
fn begin(plan: &Plan, step: &Step<'_>) {
    let to_link: u64 = plan.blobs.iter().map(|task| task.paths.len() as u64).sum();
    let to_come = plan.blobs.iter().fold(0, |sum: u64, task| {
        sum.saturating_add(task.size.saturating_mul(task.paths.len() as u64) - task.found)
    });
    let total = (plan.files.len() as u64, plan.bytes_total());
    let done = (total.0 - to_link, total.1.saturating_sub(to_come));
    step.progress.meter.begin(total, done);
}

/// Fetches every blob, several at once, large ones beside small ones. The first failure stops the
/// others, which keep what they have.
async fn fetch_all(step: &Step<'_>, blobs: Vec<BlobTask>) -> Result<(), Halt> {
    step.progress.enter(Stage::Downloading);
    let commit = step.commit.clone();
    step.on_disk(move |place| place.prepare(&commit)).await?;
    let step = &step.within(step.cancel.child_token());
    let tuning = step.parts.tuning;
    let is_large = |task: &BlobTask| task.size > tuning.small_bytes && !task.is_blob_here;
    let (large, small): (Vec<_>, Vec<_>) = blobs.into_iter().partition(is_large);
    let at_once = |files: usize| Semaphore::new(files.max(1));
    let (turns, large_turns) = (at_once(tuning.files_at_once), at_once(tuning.large_at_once));
    let (of_large, of_small) = ([&large_turns, &turns], [&turns]);
    let (large, small) = tokio::join!(
        fetch_each(step, large, &of_large),
        fetch_each(step, small, &of_small),
    );
    first_cause(large, small)
}

async fn fetch_each(
    step: &Step<'_>,
    tasks: Vec<BlobTask>,
    turns: &[&Semaphore],
) -> Result<(), Halt> {
    // Those that wait for the disk have given their turn to others.
    let at_once = step.parts.tuning.files_at_once.max(1) + MOST_WAITING;
    stream::iter(tasks)
        .map(|task| async move {
            let turn = Turn::wait(turns).await;
            // A task whose turn comes after a failure is not begun.
            let result = if step.cancel.is_cancelled() {
                Err(Halt::Cancelled)
            } else {
                fetch(step, &task, turn).await
            };
            if result.is_err() {
                step.cancel.cancel();
            }
            result
        })
        .buffer_unordered(at_once)
        .fold(Ok(()), async |sum, end| first_cause(sum, end))
        .await
}

/// A task's turn at the network, given back when it is dropped.
pub(crate) struct Turn<'a>(
    #[expect(dead_code, reason = "it is given back when dropped")] Vec<SemaphorePermit<'a>>,
);

impl<'a> Turn<'a> {
    async fn wait(turns: &[&'a Semaphore]) -> Self {
        let mut permits = Vec::with_capacity(turns.len());
        for turn in turns {
            permits.push(turn.acquire().await.expect("it is never closed"));
        }
        Self(permits)
    }
}

/// Everything is there: keeps the listing, and says which commit it is, last of all. A run
/// that was about no file at all has found nothing worth pointing at.
async fn conclude(step: &Step<'_>, selection: &Selection) -> Result<(), Halt> {
    if selection.entries.is_empty() {
        return Ok(());
    }
    step.progress.enter(Stage::Linking);
    let (whole, entries) = (selection.whole.clone(), selection.entries.clone());
    let (revision, commit) = (step.request.revision.clone(), step.commit.clone());
    let concluded = step.on_disk(move |place| {
        let unkept = match &whole {
            Some(whole) if whole.is_fresh || !place.has_tree(&commit)? => Some(&*whole.files),
            _ => None,
        };
        place.conclude(&revision, &commit, &entries, unkept)
    });
    match concluded.await {
        // The files are there all the same; the official client takes it so, too.
        Err(Halt::Failed(error)) if is_read_only(&error) => {
            tracing::warn!(%error, "the ref stays where it was");
            Ok(())
        }
        end => end,
    }
}

fn is_read_only(error: &Error) -> bool {
    use hubdesk_cache::Error::{Denied, ReadOnly};
    matches!(
        error,
        Error::Cache {
            source: ReadOnly { .. } | Denied { .. },
            ..
        }
    )
}
