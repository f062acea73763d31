use std::sync::Arc;

use bytes::Bytes;
use hubdesk_cache::{BlobLock, Have};
use hubdesk_core::{RepoPath, Tally};
use hubdesk_xet::XetFile;

use crate::Error;
use crate::check::Expected;
use crate::halt::Halt;
use crate::large::fetch_large;
use crate::place::Place;
use crate::plan::BlobTask;
use crate::small::fetch_small;
use crate::step::Step;

/// How often a content is begun anew because another program removed it on the way.
const REMOVALS: u32 = 3;

/// Brings one content to its destination, verified, and makes its files appear. Another program may clear the
/// cache at any time (`hf cache prune` and `rm` look at no lock): that costs bytes, nothing else.
pub(crate) async fn fetch(step: &Step<'_>, task: &BlobTask) -> Result<(), Halt> {
    let tally = step.progress.meter.tally(task.found);
    let _at_work = step.tell_begun(task, &tally);
    let mut removals = 0;
    loop {
        match attempt(step, task, &tally).await {
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
/// the request and one after it.
async fn attempt(step: &Step<'_>, task: &BlobTask, tally: &Tally<'_>) -> Result<(), Halt> {
    let (lock, missing) = step.lock(task, missing(step, task)).await?;
    let fetched = if missing.iter().any(|(_, is_blob_here)| !is_blob_here) {
        fetch_blob(step, task, &lock, tally).await?
    } else {
        None
    };
    let (commit, task_of_it) = (step.commit.clone(), task.clone());
    step.on_disk(move |place| {
        if let Some(bytes) = fetched {
            place.admit_bytes(&lock, &task_of_it.digest, &bytes)?;
        }
        let paths: Vec<RepoPath> = missing.into_iter().map(|(path, _)| path).collect();
        place.appear(&commit, &paths, &task_of_it)
    })
    .await?;
    // Whoever brought it, all the files that share it are here now.
    tally.set(task.size.saturating_mul(task.paths.len() as u64));
    task.paths
        .iter()
        .for_each(|_| step.progress.meter.add_file());
    step.tell_done(task);
    Ok(())
}

/// Finds the files of a task that are not at their place, and whether their content is here. It may
/// have come since the plan was made: another program, or another run, was faster. To a run that
/// fetches everything again, nothing is here.
fn missing(
    step: &Step<'_>,
    task: &BlobTask,
) -> impl Fn(&Place, &BlobLock) -> Result<Vec<(RepoPath, bool)>, hubdesk_cache::Error>
+ Clone
+ Send
+ 'static
+ use<> {
    let (commit, task, force) = (step.commit.clone(), task.clone(), step.force);
    move |place, lock| {
        if !force {
            place.reuse(lock, &task)?;
        }
        let mut missing = Vec::new();
        for path in &task.paths {
            let have = match force {
                true => Have::Nothing,
                false => place.find(&commit, path, &task.digest, task.size)?.have,
            };
            match have {
                Have::Here(_) => {}
                Have::Blob => missing.push((path.clone(), true)),
                Have::Partial(_) | Have::Nothing => missing.push((path.clone(), false)),
            }
        }
        Ok(missing)
    }
}

/// Fetches one content and verifies it. A small one is given back, still to be made a blob.
async fn fetch_blob(
    step: &Step<'_>,
    task: &BlobTask,
    lock: &Arc<BlobLock>,
    tally: &Tally<'_>,
) -> Result<Option<Bytes>, Halt> {
    let path = task.first();
    let expected = Expected {
        repo: step.request.repo.clone(),
        path: path.to_string(),
        size: task.size,
        digest: task.digest,
        // A name that is none is as good as no name: there is another way.
        in_chunks: task
            .xet_hash
            .as_deref()
            .and_then(|hash| XetFile::new(hash, task.size).ok()),
    };
    let file = step
        .parts
        .hub
        .repo(&step.request.repo)
        .file(step.commit, path.as_str());
    if task.size > step.parts.tuning.small_bytes {
        fetch_large(step, &file, &expected, lock, tally).await?;
        return Ok(None);
    }
    let is_empty = expected.size == 0 && expected.digest == expected.digest.hasher(0).finish();
    Ok(Some(if is_empty {
        Bytes::new()
    } else {
        fetch_small(step, &file, &expected, tally).await?
    }))
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
