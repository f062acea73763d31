//! The use cases without a window, for the command line.

use std::path::PathBuf;
use std::sync::Arc;

use hubdesk_cache::{Cache, LinkSupport};
use hubdesk_core::{Pattern, Patterns, RepoId, RepoKind, Revision, Token};
use hubdesk_download::{Ctx, Outcome, Parts, Preview, Request, Select, Tuning};
use hubdesk_hub::{Endpoint, Hub, Profile, TokenSource};
use hubdesk_standin::StandIn;

use crate::api::ApiError;
use crate::env::{Env, HubAddress};
use crate::error::{download_error, hub_error};

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
    /// Another cache than the environment's.
    pub cache_dir: Option<PathBuf>,
    /// Fetch what is here already, too.
    pub force: bool,
    /// Files at once.
    pub max_workers: usize,
    /// Another token than the environment's.
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

/// Downloads; `None` when `ctx` was cancelled.
pub async fn download(
    env: &Env,
    job: DownloadJob,
    ctx: &Ctx,
) -> Result<Option<Downloaded>, ApiError> {
    let (request, parts) = prepare(env, &job)?;
    let outcome = hubdesk_download::run(&request, &parts, ctx).await;
    match outcome.map_err(|error| download_error(&error))? {
        Outcome::Cancelled => Ok(None),
        Outcome::Done(snapshot) => {
            let single = match (&request.select, snapshot.files.as_slice()) {
                (Select::Files(_), [file]) => file.under(&snapshot.folder).ok(),
                _ => None,
            };
            Ok(Some(Downloaded {
                path: single.unwrap_or(snapshot.folder),
                commit: snapshot.commit.to_string(),
                files: snapshot.files.len(),
                bytes_fetched: ctx.progress.meter.read().bytes_moved,
            }))
        }
    }
}

/// Says what [`download`] would do.
pub async fn dry_run(env: &Env, job: DownloadJob) -> Result<Preview, ApiError> {
    let (request, parts) = prepare(env, &job)?;
    hubdesk_download::preview(&request, &parts)
        .await
        .map_err(|error| download_error(&error))
}

fn prepare(env: &Env, job: &DownloadJob) -> Result<(Request, Parts), ApiError> {
    let repo = RepoId::new(job.kind, &job.repo)
        .map_err(|error| ApiError::bad_input(format!("{error}.")))?;
    let revision = match &job.revision {
        Some(text) => text
            .parse()
            .map_err(|error| ApiError::bad_input(format!("{error}.")))?,
        None => Revision::main(),
    };
    let tokens: Arc<dyn TokenSource> = Arc::new(job.token.clone().or_else(|| env.implicit_token()));
    let profile = Profile {
        user_agent: env.user_agent(),
        ..Profile::default()
    };
    let hub =
        Hub::new(endpoint(env)?, tokens, profile).map_err(|error| hub_error("the Hub", &error))?;
    let links = if env.disables_links() {
        LinkSupport::Never
    } else {
        LinkSupport::Probe
    };
    let root = job.cache_dir.clone().unwrap_or_else(|| env.cache_dir());
    let tuning = Tuning {
        files_at_once: job.max_workers.max(1),
        ..Tuning::default()
    };
    let select = select(job)?;
    let request = Request {
        repo,
        revision,
        select,
        force: job.force,
    };
    Ok((
        request,
        Parts {
            hub,
            cache: Cache::open(root, links),
            tuning,
        },
    ))
}

fn endpoint(env: &Env) -> Result<Endpoint, ApiError> {
    match env.hub_address() {
        HubAddress::Default => Ok(Endpoint::default()),
        HubAddress::Environment(address) => Endpoint::parse(&address).map_err(|error| {
            ApiError::bad_input(format!("HF_ENDPOINT is not the address of a Hub: {error}."))
        }),
    }
}

/// One named file is that file, and must exist. Several, or folders, are patterns; then patterns
/// of `--include` and `--exclude` do not count (`huggingface_hub.cli.download`).
fn select(job: &DownloadJob) -> Result<Select, ApiError> {
    let (folders, files): (Vec<_>, Vec<_>) = job.files.iter().partition(|name| name.ends_with('/'));
    if let ([file], []) = (files.as_slice(), folders.as_slice()) {
        return Ok(Select::Files(vec![(*file).clone()]));
    }
    if let Some(folder) = folders.first()
        && !(job.include.is_empty() && job.exclude.is_empty())
    {
        return Err(ApiError::bad_input(format!(
            "A folder ({folder:?}) cannot be combined with --include or --exclude; use --include \"{folder}*\".",
        )));
    }
    if job.files.is_empty() {
        let include = (!job.include.is_empty())
            .then(|| patterns(&job.include))
            .transpose()?;
        return Ok(Select::Matching(Patterns {
            include,
            exclude: patterns(&job.exclude)?,
        }));
    }
    let folders = folders
        .iter()
        .map(|folder| format!("{}/**", folder.trim_end_matches('/')));
    let globs: Vec<String> = files.into_iter().cloned().chain(folders).collect();
    Ok(Select::Matching(Patterns {
        include: Some(patterns(&globs)?),
        exclude: vec![],
    }))
}

fn patterns(globs: &[String]) -> Result<Vec<Pattern>, ApiError> {
    let compile = |glob: &String| {
        Pattern::new(glob).ok_or_else(|| ApiError::bad_input("A pattern is too long."))
    };
    globs.iter().map(compile).collect()
}

/// How to serve the Hub in a box.
#[derive(Debug, Clone, Default)]
pub struct ServeHub {
    /// Port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// Where what was made is kept.
    pub state: Option<PathBuf>,
    /// With the demo repositories, or with none.
    pub has_demo: bool,
    /// Entries on one page of a listing, for trying clients out.
    pub page_size: Option<usize>,
    /// Tells what was asked of it, at `/_standin/log`.
    pub has_control: bool,
}

/// Starts the Hub in a box. It runs until what is returned is dropped.
pub async fn serve_hub(options: ServeHub) -> std::io::Result<StandIn> {
    let mut builder = StandIn::builder()
        .port(options.port)
        .control(options.has_control);
    if options.has_demo {
        builder = builder.demo();
    }
    if let Some(size) = options.page_size {
        builder = builder.page_size(size);
    }
    if let Some(state) = options.state {
        builder = builder.state(state);
    }
    builder.start().await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(files: &[&str], include: &[&str]) -> DownloadJob {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        DownloadJob {
            repo: "a/b".to_owned(),
            kind: RepoKind::Model,
            revision: None,
            files: owned(files),
            include: owned(include),
            exclude: vec![],
            cache_dir: None,
            force: false,
            max_workers: 8,
            token: None,
        }
    }

    fn selects(job: &DownloadJob, path: &str) -> bool {
        match select(job).unwrap() {
            Select::Matching(patterns) => patterns.select(path),
            Select::Files(files) => files == [path],
            Select::All => true,
        }
    }

    #[test]
    fn names_folders_and_patterns_mean_what_they_mean_to_the_official_command() {
        assert!(selects(&job(&[], &[]), "anything"));
        assert!(matches!(
            select(&job(&["a.txt"], &[])).unwrap(),
            Select::Files(_)
        ));
        assert!(selects(&job(&["a.txt", "b.txt"], &[]), "b.txt"));
        assert!(
            !selects(&job(&["a.txt", "b.txt"], &["*"]), "c.txt"),
            "named files beat patterns"
        );
        assert!(selects(&job(&["art/"], &[]), "art/x/y.png"));
        assert!(!selects(&job(&["art/"], &[]), "artful.png"));
        assert!(select(&job(&["art/"], &["*.png"])).is_err());
    }
}
