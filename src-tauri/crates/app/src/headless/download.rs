use std::path::PathBuf;
use std::sync::Arc;

use hubdesk_cache::Cache;
use hubdesk_core::{Clock, RepoKind, SystemClock, Token};
use hubdesk_download::{
    Ctx, Into, Outcome, Overwrite, Parts, Preview, Request, Select, Snapshot, Tuning, find_local,
};
use hubdesk_xet::Options;

use super::open::{hub, repo_id, revision};
use super::select::select;
use crate::api::ApiError;
use crate::connection::chunk_store;
use crate::env::Env;
use crate::error::download_error;

/// One call of `download`, with the meaning the arguments have in `hf download`.
#[derive(Debug, Clone)]
pub struct DownloadJob {
    /// `owner/name`.
    pub repo: String,
    /// Its kind.
    pub kind: RepoKind,
    /// Branch, tag, ref or commit; `main` when not given.
    pub revision: Option<String>,
    /// Files; a name that ends in `/` is a folder.
    pub files: Vec<String>,
    /// Patterns of files wanted, when no file is named.
    pub include: Vec<String>,
    /// Patterns of files not wanted, when no file is named.
    pub exclude: Vec<String>,
    /// A folder to put the files in under their names, instead of the cache.
    pub local_dir: Option<PathBuf>,
    /// Ask nothing of the Hub: what is here is the answer.
    pub local_files_only: bool,
    /// Another cache than the environment's.
    pub cache_dir: Option<PathBuf>,
    /// Fetch what is here already, too; in a folder, replace what is not the Hub's.
    pub force: bool,
    /// Files at once.
    pub max_workers: usize,
    /// Another token than that of the environment, the account or the command-line tools.
    pub token: Option<Token>,
}

/// How a download ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Downloaded {
    /// The file that was named, or the folder of the snapshot.
    pub path: PathBuf,
    /// The commit.
    pub commit: String,
    /// Files that were asked for.
    pub files: usize,
    /// Bytes that crossed the network.
    pub bytes_fetched: u64,
}

/// Downloads; `None` when `ctx` was cancelled. Where nothing may be asked of the Hub, what is whole
/// in the cache is as good as downloaded.
pub async fn download(
    env: &Env,
    job: DownloadJob,
    ctx: &Ctx,
) -> Result<Option<Downloaded>, ApiError> {
    let request = request(&job)?;
    if env.is_offline() || job.local_files_only {
        let snapshot = find(&request, cache(env, &job), env.is_offline()).await?;
        return Ok(Some(downloaded(&request, snapshot, 0)));
    }
    let outcome = hubdesk_download::run(&request, &parts(env, &job).await?, ctx).await;
    match outcome.map_err(|error| download_error(&error))? {
        Outcome::Cancelled => Ok(None),
        Outcome::Done(snapshot) => {
            let bytes_fetched = ctx.progress.meter.read().bytes_moved;
            Ok(Some(downloaded(&request, snapshot, bytes_fetched)))
        }
    }
}

/// Says what [`download`] would do.
pub async fn dry_run(env: &Env, job: DownloadJob) -> Result<Preview, ApiError> {
    let request = request(&job)?;
    hubdesk_download::preview(&request, &parts(env, &job).await?)
        .await
        .map_err(|error| download_error(&error))
}

/// What is here, without asking the Hub. Forced, nothing here will do.
async fn find(request: &Request, cache: Cache, is_told: bool) -> Result<Snapshot, ApiError> {
    if request.force {
        return Err(match is_told {
            true => ApiError::told_offline(),
            false => ApiError::bad_input("Nothing can be fetched again with local files only."),
        });
    }
    let wanted = request.clone();
    let found = tokio::task::spawn_blocking(move || {
        find_local(&wanted, &cache).map_err(|error| download_error(&error))
    });
    let found = found.await;
    let found = found.map_err(|error| ApiError::internal(format!("The look failed: {error}.")))?;
    found.map_err(|error| {
        if !is_told {
            return error;
        }
        let told = ApiError::told_offline();
        ApiError {
            message: format!("{} {}", told.message, error.message),
            ..told
        }
    })
}

fn downloaded(request: &Request, snapshot: Snapshot, bytes_fetched: u64) -> Downloaded {
    let single = match (&request.select, snapshot.files.as_slice()) {
        (Select::Files(_), [file]) => file.under(&snapshot.folder).ok(),
        _ => None,
    };
    Downloaded {
        path: single.unwrap_or(snapshot.folder),
        commit: snapshot.commit.to_string(),
        files: snapshot.files.len(),
        bytes_fetched,
    }
}

fn request(job: &DownloadJob) -> Result<Request, ApiError> {
    Ok(Request {
        repo: repo_id(job.kind, &job.repo)?,
        revision: revision(job.revision.as_deref())?,
        select: select(job)?,
        into: job.local_dir.clone().map_or(Into::Cache, Into::Folder),
        overwrite: if job.force {
            Overwrite::Yes
        } else {
            Overwrite::Never
        },
        force: job.force,
    })
}

async fn parts(env: &Env, job: &DownloadJob) -> Result<Parts, ApiError> {
    let hub = hub(env, job.token.as_ref()).await?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
    Ok(Parts {
        xet: env
            .xet_cache()
            .and_then(|cache| chunk_store(Options::new(cache, hub.profile().clone()), &clock)),
        cache: cache(env, job),
        hub,
        tuning: Tuning {
            files_at_once: job.max_workers.max(1),
            ..Tuning::default()
        },
        listings: Arc::default(),
    })
}

fn cache(env: &Env, job: &DownloadJob) -> Cache {
    let root = job.cache_dir.clone().unwrap_or_else(|| env.cache_dir());
    Cache::open(root, env.links())
}
