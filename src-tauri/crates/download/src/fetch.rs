use std::sync::Arc;

use bytes::Bytes;
use hubdesk_cache::{BlobLock, Have, Settled, Staged};
use hubdesk_core::{RepoPath, Tally};
use hubdesk_xet::XetFile;

use crate::check::Expected;
use crate::durable::Room;
use crate::halt::Halt;
use crate::large::fetch_large;
use crate::place::Place;
use crate::plan::BlobTask;
use crate::run::Turn;
use crate::small::fetch_small;
use crate::step::Step;
use crate::{AtWork, Error};

/// How often a content is begun anew because another program removed it on the way.
const REMOVALS: u32 = 3;
/// Copies of one content that are made before they wait for the disk; each is an open file.
const COPIES_AT_ONCE: usize = 16;

/// A turn at the network, and whoever shows what is at work there.
type AtTurn<'t> = (Turn<'t>, Option<AtWork>);

/// Brings one content to its destination, verified, and makes its files appear. Another program may clear the
/// cache at any time (`hf cache prune` and `rm` look at no lock): that costs bytes, nothing else.
pub(crate) async fn fetch<'t>(
    step: &'t Step<'_>,
    task: &BlobTask,
    turn: Turn<'t>,
) -> Result<(), Halt> {
    let tally = step.progress.meter.tally(task.found);
    let mut turn = Some((turn, step.tell_begun(task, &tally)));
    let mut removals = 0;
    loop {
        match attempt(step, task, &tally, &mut turn).await {
            Err(Halt::Failed(error)) if is_removal(&error) && removals < REMOVALS => {
                tracing::info!(%error, "removed on the way; beginning again");
                removals += 1;
                tally.set(0);
                let commit = step.commit.clone();
                step.on_disk(move |place| place.prepare_again(&commit))
                    .await?;
            }
            end => return end,
        }
    }
}

/// Thousands of small files must not each cost many trips to a blocking thread: there is one before
/// the request, one to write and one to make visible. Between the last two they wait for the disk
/// together, and the turn at the network is another's.
async fn attempt<'t>(
    step: &'t Step<'_>,
    task: &BlobTask,
    tally: &Tally<'_>,
    turn: &mut Option<AtTurn<'t>>,
) -> Result<(), Halt> {
    let place = step.paced(task, tally);
    let (lock, missing) = step.lock(task, &place, missing(step, task)).await?;
    let Missing {
        paths,
        is_fetched,
        found,
    } = missing;
    let left = if is_fetched {
        let (staged, room) = match found {
            Some(staged) => (staged, step.durable.room(1).await),
            None => fetch_blob(step, task, &lock, tally).await?,
        };
        drop(turn.take());
        let settled = step.settle(vec![staged]).await?;
        let left = appear(step, &place, task, (Arc::clone(&lock), settled), paths).await?;
        drop(room);
        left
    } else {
        appear(step, &place, task, (Arc::clone(&lock), Vec::new()), paths).await?
    };
    copy(step, &place, task, left, turn).await?;
    // Whoever brought it, all the files that share it are here now.
    tally.set(task.size.saturating_mul(task.paths.len() as u64));
    task.paths
        .iter()
        .for_each(|_| step.progress.meter.add_file());
    step.tell_done(task);
    Ok(())
}

/// Admits what was fetched, if anything was, and makes it appear; gives what must be copied for that.
async fn appear(
    step: &Step<'_>,
    place: &Place,
    task: &BlobTask,
    (lock, settled): (Arc<BlobLock>, Vec<Settled>),
    paths: Vec<RepoPath>,
) -> Result<Vec<RepoPath>, Halt> {
    let is_whole_from_chunks = match (step.chunks, in_chunks(task)) {
        (Some(chunks), Some(file)) => chunks.brought_all_of(&file),
        _ => false,
    };
    let (commit, task) = (step.commit.clone(), task.clone());
    step.on_place(place.clone(), move |place| {
        for settled in settled {
            place.admit(&lock, settled)?;
            if is_whole_from_chunks {
                place.share(&lock, &task);
            }
        }
        place.appear(&commit, paths, &task)
    })
    .await
}

/// Copies what is here to `paths`, a few at once.
async fn copy(
    step: &Step<'_>,
    place: &Place,
    task: &BlobTask,
    paths: Vec<RepoPath>,
    turn: &mut Option<AtTurn<'_>>,
) -> Result<(), Halt> {
    let mut chunks = paths.chunks(COPIES_AT_ONCE).peekable();
    while let Some(some) = chunks.next() {
        let _room = step.durable.room(some.len()).await;
        let (paths, of_it) = (some.to_vec(), task.clone());
        let are_last = chunks.peek().is_none();
        let copies = step.on_place(place.clone(), move |place| {
            place.copy(&paths, &of_it, are_last)
        });
        let copies = copies.await?;
        drop(turn.take());
        let settled = step.settle(copies).await?;
        let (paths, of_it, commit) = (some.to_vec(), task.clone(), step.commit.clone());
        let put = step.on_place(place.clone(), move |place| {
            place.put(&commit, &paths, &of_it, settled)
        });
        put.await?;
    }
    Ok(())
}

/// What of a task is not at its place.
struct Missing {
    paths: Vec<RepoPath>,
    /// The content is not here either.
    is_fetched: bool,
    /// But that of a small file was written before, and never became visible.
    found: Option<Staged>,
}

/// Finds the files of a task that are not at their place, and whether their content is here. It may
/// have come since the plan was made: another program, or another run, was faster. To a run that
/// fetches everything again, nothing is here.
fn missing(
    step: &Step<'_>,
    task: &BlobTask,
) -> impl Fn(&Place, &BlobLock) -> Result<Missing, hubdesk_cache::Error> + Clone + Send + 'static + use<>
{
    let (commit, task, force) = (step.commit.clone(), task.clone(), step.force);
    let is_small = task.size <= step.parts.tuning.small_bytes;
    move |place, lock| {
        if force {
            return Ok(Missing {
                paths: task.paths.clone(),
                is_fetched: true,
                found: None,
            });
        }
        place.reuse(lock, &task)?;
        let (mut paths, mut is_fetched) = (Vec::new(), false);
        for path in &task.paths {
            match place.find(&commit, path, &task.digest, task.size)?.have {
                Have::Here(_) => continue,
                Have::Blob => {}
                Have::Partial(_) | Have::Nothing => is_fetched = true,
            }
            paths.push(path.clone());
        }
        let found = match is_fetched && is_small {
            true => place.found(lock, task.size)?,
            false => None,
        };
        Ok(Missing {
            paths,
            is_fetched,
            found,
        })
    }
}

/// Fetches one content and verifies it. What is given waits for the disk, in the room that is given
/// with it.
async fn fetch_blob<'t>(
    step: &'t Step<'_>,
    task: &BlobTask,
    lock: &Arc<BlobLock>,
    tally: &Tally<'_>,
) -> Result<(Staged, Room<'t>), Halt> {
    let path = task.first();
    let expected = Expected {
        repo: step.request.repo.clone(),
        path: path.to_string(),
        size: task.size,
        digest: task.digest,
        in_chunks: in_chunks(task),
    };
    let file = step
        .parts
        .hub
        .repo(&step.request.repo)
        .file(step.commit, path.as_str());
    if task.size > step.parts.tuning.small_bytes {
        let staged = fetch_large(step, &file, &expected, lock, tally).await?;
        return Ok((staged, step.durable.room(1).await));
    }
    let is_empty = expected.size == 0 && expected.digest == expected.digest.hasher(0).finish();
    let bytes = if is_empty {
        Bytes::new()
    } else {
        fetch_small(step, &file, &expected, tally).await?
    };
    let room = step.durable.room_for(task.size).await;
    let (lock, digest) = (Arc::clone(lock), task.digest);
    let staged = step.on_disk(move |place| place.stage(&lock, &digest, &bytes));
    Ok((staged.await?, room))
}

/// A name that is none is as good as no name: there is another way.
fn in_chunks(task: &BlobTask) -> Option<XetFile> {
    let hash = task.xet_hash.as_deref()?;
    XetFile::new(hash, task.size).ok()
}

/// Something that was there a moment ago is gone.
fn is_removal(error: &Error) -> bool {
    match error {
        Error::Cache {
            source: hubdesk_cache::Error::Pruned { .. },
            ..
        } => true,
        Error::Cache {
            source: hubdesk_cache::Error::Io(error),
            ..
        } => error.is_not_found(),
        _ => false,
    }
}
