use std::io::IsTerminal as _;
use std::time::Duration;

use hubdesk_app::api::ApiError;
use hubdesk_app::{Env, UploadCtx, UploadEnd, UploadJob};
use serde_json::json;

use crate::address::{Named, named};
use crate::args::{UploadArgs, token};
use crate::{End, INTERRUPTED, print, progress};

pub(crate) async fn run(env: &Env, args: UploadArgs, is_json: bool) -> Result<End, ApiError> {
    let every = args.every;
    let is_quiet = args.quiet;
    let job = job(args)?;
    let Some(minutes) = every else {
        return once(env, job, is_json, is_quiet).await;
    };
    let pause = Duration::try_from_secs_f64(minutes * 60.0).ok();
    let Some(pause) = pause.filter(|pause| !pause.is_zero()) else {
        return Err(ApiError::bad_input("--every must be more than 0 minutes."));
    };
    let mut tick = tokio::time::interval(pause);
    loop {
        tokio::select! {
            _ = tick.tick() => {}
            _ = tokio::signal::ctrl_c() => return Ok(End::Done),
        }
        match once(env, job.clone(), is_json, is_quiet).await {
            Ok(End::Done) => {}
            Ok(End::Interrupted) => return Ok(End::Interrupted),
            // The next time may go better, as with `hf`.
            Err(error) => print::error(&error, is_json),
        }
    }
}

async fn once(env: &Env, job: UploadJob, is_json: bool, is_quiet: bool) -> Result<End, ApiError> {
    let shows_progress = !is_quiet && std::io::stderr().is_terminal();
    let ctx = UploadCtx::default();
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
        result = hubdesk_app::upload(env, job, &ctx) => result,
        // What was committed is there, and the rest is sent the next time.
        () = showing => std::process::exit(INTERRUPTED.into()),
    };
    if shows_progress {
        print::progress("");
    }
    let Some(done) = result? else {
        return Ok(stopped());
    };
    for note in done.notes.iter().filter(|_| !is_quiet) {
        print::note(&format!("Warning: {note}"));
    }
    answer(&done, is_json);
    Ok(End::Done)
}

/// Says that somebody has stopped what makes commits.
pub(crate) fn stopped() -> End {
    print::note("Stopped. What was committed is there; run it again for the rest.");
    End::Interrupted
}

/// Says which commits were made.
pub(crate) fn answer(done: &UploadEnd, is_json: bool) {
    if is_json {
        print::answer_json(&json!({
            "url": done.url,
            "commits": done.commits,
            "pull_request": done.pull_request,
        }));
    } else {
        print::answer(&done.url);
    }
}

fn job(args: UploadArgs) -> Result<UploadJob, ApiError> {
    let Named {
        repo,
        kind,
        revision,
        path,
    } = named(&args.repo, args.kind, args.revision)?;
    if path.is_some() && args.path_in_repo.is_some() {
        return Err(ApiError::bad_input(
            "The address names a path already, so no other can be given.",
        ));
    }
    let is_private = match (args.private, args.no_private) {
        (true, _) => Some(true),
        (false, true) => Some(false),
        (false, false) => None,
    };
    Ok(UploadJob {
        repo,
        kind,
        local: args.local_path,
        path_in_repo: path.or(args.path_in_repo),
        revision,
        is_private,
        include: args.include,
        exclude: args.exclude,
        delete: args.delete,
        title: args.commit_message,
        description: args.commit_description,
        as_pull_request: args.create_pr,
        token: token(args.token.as_deref())?,
    })
}
