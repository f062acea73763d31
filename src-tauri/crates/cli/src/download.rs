use std::io::IsTerminal as _;

use hubdesk_app::api::ApiError;
use hubdesk_app::{ByteCount, Ctx, DownloadJob, Env, Preview};
use serde_json::json;

use crate::address::{Named, named};
use crate::args::{DownloadArgs, token};
use crate::{End, INTERRUPTED, print, progress};

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
    let showing = progress::show(
        shows_progress,
        || ctx.progress.meter.read(),
        || {
            let is_second = ctx.cancel.is_cancelled();
            ctx.cancel.cancel();
            is_second
        },
    );
    let result = tokio::select! {
        result = hubdesk_app::download(env, job, &ctx) => result,
        // Not even what is left to be written is waited for: everything on disk bears a kill.
        () = showing => std::process::exit(INTERRUPTED.into()),
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

fn job(args: DownloadArgs) -> Result<DownloadJob, ApiError> {
    let Named {
        repo,
        kind,
        revision,
        path,
    } = named(&args.repo, args.kind, args.revision)?;
    let files = match path {
        Some(_) if !args.files.is_empty() => {
            return Err(ApiError::bad_input(format!(
                "The address {:?} names a file already, so no other can be named.",
                args.repo
            )));
        }
        Some(path) => vec![path],
        None => args.files,
    };
    Ok(DownloadJob {
        repo,
        kind,
        revision,
        files,
        include: args.include,
        exclude: args.exclude,
        local_dir: args.local_dir,
        local_files_only: args.local_files_only,
        cache_dir: args.cache_dir,
        force: args.force_download,
        max_workers: args.max_workers,
        token: token(args.token.as_deref())?,
    })
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
