use std::sync::Arc;

use bytes::Bytes;
use hubdesk_cache::{BlobLock, Have};
use hubdesk_core::{RepoPath, Tally};

use crate::Error;
use crate::check::Expected;
use crate::halt::Halt;
use crate::large::fetch_large;
use crate::plan::BlobTask;
use crate::small::fetch_small;
use crate::step::Step;

/// How often a content is begun anew because another program removed it on the way.
const REMOVALS: u32 = 3;

/// Brings one content to its destination, verified, and makes its files appear. Another program may clear the
/// cache at any time (`hf cache prune` and `rm` look at no lock): that costs bytes, nothing else.
pub(crate) async fn fetch(step: &Step<'_>, task: &BlobTask) -> Result<(), Halt> {
    let tally = step.progress.meter.tally(task.found);
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

async fn attempt(step: &Step<'_>, task: &BlobTask, tally: &Tally<'_>) -> Result<(), Halt> {
    let lock = step.lock(task).await?;
    if !step.force {
        let (lock, task) = (Arc::clone(&lock), task.clone());
        step.on_disk(move |place| place.reuse(&lock, &task)).await?;
    }
    let missing = missing(step, task).await?;
    if missing.iter().any(|(_, is_blob_here)| !is_blob_here) {
        fetch_blob(step, task, &lock, tally).await?;
    }
    let paths: Vec<RepoPath> = missing.into_iter().map(|(path, _)| path).collect();
    let (commit, task_of_it) = (step.commit.clone(), task.clone());
    step.on_disk(move |place| place.appear(&commit, &paths, &task_of_it))
        .await?;
    // Whoever brought it, all the files that share it are here now.
    tally.set(task.size.saturating_mul(task.paths.len() as u64));
    task.paths
        .iter()
        .for_each(|_| step.progress.meter.add_file());
    Ok(())
}

/// The files of a task that are not at their place, and whether their content is here. It may have
/// come since the plan was made: another program, or another run, was faster. To a run that fetches
/// everything again, nothing is here.
async fn missing(step: &Step<'_>, task: &BlobTask) -> Result<Vec<(RepoPath, bool)>, Halt> {
    if step.force {
        return Ok(task
            .paths
            .iter()
            .map(|path| (path.clone(), false))
            .collect());
    }
    let (commit, task) = (step.commit.clone(), task.clone());
    step.on_disk(move |place| {
        let mut missing = Vec::new();
        for path in task.paths {
            match place.find(&commit, &path, &task.digest, task.size)?.have {
                Have::Here(_) => {}
                Have::Blob => missing.push((path, true)),
                Have::Partial(_) | Have::Nothing => missing.push((path, false)),
            }
        }
        Ok(missing)
    })
    .await
}

async fn fetch_blob(
    step: &Step<'_>,
    task: &BlobTask,
    lock: &Arc<BlobLock>,
    tally: &Tally<'_>,
) -> Result<(), Halt> {
    let path = task.first();
    let expected = Expected {
        repo: step.request.repo.clone(),
        path: path.to_string(),
        size: task.size,
        digest: task.digest,
    };
    let file = step
        .parts
        .hub
        .repo(&step.request.repo)
        .file(step.commit, path.as_str());
    if task.size > step.parts.tuning.small_bytes {
        return fetch_large(step, &file, &expected, lock, tally).await;
    }
    let is_empty = expected.size == 0 && expected.digest == expected.digest.hasher(0).finish();
    let bytes = if is_empty {
        Bytes::new()
    } else {
        fetch_small(step, &file, &expected, tally).await?
    };
    let (lock, digest) = (Arc::clone(lock), task.digest);
    step.on_disk(move |place| place.admit_bytes(&lock, &digest, &bytes))
        .await
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
