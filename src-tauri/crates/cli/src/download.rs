use std::io::IsTerminal as _;
use std::time::Duration;

use hubdesk_app::api::ApiError;
use hubdesk_app::{ByteCount, Ctx, DownloadJob, Env, Preview, RepoKind};
use serde_json::json;

use crate::args::{DownloadArgs, Kind, token};
use crate::{End, INTERRUPTED, print};

pub(crate) async fn run(env: &Env, args: DownloadArgs, is_json: bool) -> Result<End, ApiError> {
    let is_dry = args.dry_run;
    let has_names = args.files.iter().any(|name| !name.ends_with('/'));
    for (is_given, option) in [
        (!args.include.is_empty(), "--include"),
        (!args.exclude.is_empty(), "--exclude"),
    ] {
        if is_given && has_names {
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
    let ctx = Ctx::default();
    let result = tokio::select! {
        result = hubdesk_app::download(env, job, &ctx) => result,
        // Not even what is left to be written is waited for: everything on disk bears a kill.
        () = show_progress(&ctx) => std::process::exit(INTERRUPTED.into()),
    };
    if std::io::stderr().is_terminal() {
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

fn job(args: DownloadArgs) -> Result<DownloadJob, ApiError> {
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
        cache_dir: args.cache_dir,
        force: args.force_download,
        max_workers: args.max_workers,
        token,
    })
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
async fn show_progress(ctx: &Ctx) {
    let is_terminal = std::io::stderr().is_terminal();
    let mut tick = tokio::time::interval(Duration::from_millis(200));
    loop {
        tokio::select! {
            _ = tick.tick(), if is_terminal => {
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
