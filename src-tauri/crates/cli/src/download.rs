use std::io::IsTerminal as _;
use std::time::Duration;

use hubdesk_app::api::ApiError;
use hubdesk_app::{ByteCount, Ctx, DownloadJob, Env, HubUri, Preview, RepoKind};
use serde_json::json;

use crate::args::{DownloadArgs, Kind, token};
use crate::{End, INTERRUPTED, print};

pub(crate) async fn run(env: &Env, args: DownloadArgs, is_json: bool) -> Result<End, ApiError> {
    let (is_dry, is_quiet) = (args.dry_run, args.quiet);
    let has_names = args.files.iter().any(|name| !name.ends_with('/'));
    for (is_given, option) in [
        (!args.include.is_empty(), "--include"),
        (!args.exclude.is_empty(), "--exclude"),
    ] {
        if is_given && has_names && !is_quiet {
            print::note(&format!(
                "Warning: {option} does not count, since files are named."
            ));
        }
    }
    let job = job(args)?;
    if is_dry {
        let preview = hubdesk_app::dry_run(env, job).await?;
        if is_json {
            print_preview_json(&preview)
        } else {
            print_preview(&preview)
        }
        return Ok(End::Done);
    }
    let shows_progress = !is_quiet && std::io::stderr().is_terminal();
    let ctx = Ctx::default();
    let result = tokio::select! {
        result = hubdesk_app::download(env, job, &ctx) => result,
        // Not even what is left to be written is waited for: everything on disk bears a kill.
        () = show_progress(&ctx, shows_progress) => std::process::exit(INTERRUPTED.into()),
    };
    if shows_progress {
        print::progress("");
    }
    let Some(done) = result? else {
        print::note("Stopped. What arrived is kept for the next time.");
        return Ok(End::Interrupted);
    };
    if is_json {
        print::answer_json(&json!({
            "path": done.path,
            "commit": done.commit,
            "files": done.files,
            "bytes_fetched": done.bytes_fetched,
        }));
    } else {
        print::answer(&done.path.display().to_string());
    }
    Ok(End::Done)
}

fn job(mut args: DownloadArgs) -> Result<DownloadJob, ApiError> {
    if args.repo.starts_with("hf://") {
        take_address(&mut args)?;
    }
    let (prefix, name) = split_kind(&args.repo);
    let kind = match args.kind {
        Some(Kind::Model) => RepoKind::Model,
        Some(Kind::Dataset) => RepoKind::Dataset,
        Some(Kind::Space) => RepoKind::Space,
        None => prefix.unwrap_or_default(),
    };
    let token = token(args.token.as_deref())?;
    Ok(DownloadJob {
        repo: if args.kind.is_some() {
            args.repo
        } else {
            name.to_owned()
        },
        kind,
        revision: args.revision,
        files: args.files,
        include: args.include,
        exclude: args.exclude,
        local_dir: args.local_dir,
        local_files_only: args.local_files_only,
        cache_dir: args.cache_dir,
        force: args.force_download,
        max_workers: args.max_workers,
        token,
    })
}

/// An `hf://` address says what kind, revision and path are, so nothing else may.
fn take_address(args: &mut DownloadArgs) -> Result<(), ApiError> {
    let text = args.repo.clone();
    let refused = |option| {
        ApiError::bad_input(format!(
            "{option} cannot be used with an hf:// address ({text:?})."
        ))
    };
    if args.kind.is_some() {
        return Err(refused("--repo-type"));
    }
    if args.revision.is_some() {
        return Err(refused("--revision"));
    }
    let uri =
        HubUri::parse(&text, None).map_err(|error| ApiError::bad_input(format!("{error}.")))?;
    let repo = uri.repo().ok_or_else(|| {
        ApiError::bad_input(format!("{text:?} is not a model, a dataset or a Space."))
    })?;
    args.kind = Some(match repo.kind() {
        RepoKind::Model => Kind::Model,
        RepoKind::Dataset => Kind::Dataset,
        RepoKind::Space => Kind::Space,
    });
    args.repo = repo.name().to_owned();
    args.revision = uri.revision().map(ToString::to_string);
    if let Some(path) = uri.path() {
        if !args.files.is_empty() {
            return Err(ApiError::bad_input(format!(
                "The address {text:?} names a file already, so no other can be named."
            )));
        }
        // A slash at the end means a folder, and the address itself has lost it.
        let end = if text.ends_with('/') { "/" } else { "" };
        args.files = vec![format!("{path}{end}")];
    }
    Ok(())
}

/// `datasets/owner/name` names the kind; `owner/name` does not.
fn split_kind(repo: &str) -> (Option<RepoKind>, &str) {
    match repo.split_once('/') {
        Some((kind, name)) if name.contains('/') => match RepoKind::from_plural(kind) {
            Some(kind) => (Some(kind), name),
            None => (None, repo),
        },
        _ => (None, repo),
    }
}

/// Keeps a line on the terminal true, and turns Ctrl-C into a stop. Returns when it is pressed a
/// second time.
async fn show_progress(ctx: &Ctx, is_shown: bool) {
    let mut tick = tokio::time::interval(Duration::from_millis(200));
    loop {
        tokio::select! {
            _ = tick.tick(), if is_shown => {
                let read = ctx.progress.meter.read();
                print::progress(&format!(
                    "{} of {} files, {} of {}",
                    read.files_done, read.files_total, ByteCount(read.bytes_done), ByteCount(read.bytes_total),
                ));
            }
            _ = tokio::signal::ctrl_c() => {
                if ctx.cancel.is_cancelled() {
                    return;
                }
                ctx.cancel.cancel();
            }
        }
    }
}

fn print_preview(preview: &Preview) {
    let count = preview.files.iter().filter(|file| file.is_fetched).count();
    print::answer(&format!(
        "[dry-run] Will download {count} files (out of {}) totalling {}.",
        preview.files.len(),
        ByteCount(preview.bytes_to_fetch),
    ));
    for file in &preview.files {
        let size = if file.is_fetched {
            ByteCount(file.size).to_string()
        } else {
            "-".to_owned()
        };
        print::answer(&format!("{size:>10}  {}", file.path));
    }
}

fn print_preview_json(preview: &Preview) {
    let files = preview.files.iter().map(|file| {
        json!({ "file": file.path.as_str(), "size": file.size, "is_cached": file.is_here, "will_download": file.is_fetched })
    });
    print::answer_json(&json!({
        "commit": preview.commit.as_str(),
        "bytes_to_fetch": preview.bytes_to_fetch,
        "files": files.collect::<Vec<_>>(),
    }));
}
