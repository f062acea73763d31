use hubdesk_app::api::ApiError;
use hubdesk_app::{DeleteJob, Env, UploadCtx};

use super::args::DeleteFilesArgs;
use crate::address::{Named, named};
use crate::args::token;
use crate::{End, print, upload};

/// Deletes files, and says which commit did.
pub(super) async fn run(env: &Env, args: DeleteFilesArgs, is_json: bool) -> Result<End, ApiError> {
    let ctx = UploadCtx::default();
    let deleting = hubdesk_app::delete_files(env, job(args)?, &ctx);
    tokio::pin!(deleting);
    let done = tokio::select! {
        done = &mut deleting => done?,
        // A commit that is on its way is waited for.
        _ = tokio::signal::ctrl_c() => {
            ctx.cancel.cancel();
            deleting.await?
        }
    };
    let Some(done) = done else {
        return Ok(upload::stopped());
    };
    if done.commits.is_empty() {
        print::note("No file matches, so nothing was deleted.");
    }
    upload::answer(&done, is_json);
    Ok(End::Done)
}

fn job(args: DeleteFilesArgs) -> Result<DeleteJob, ApiError> {
    let Named {
        repo,
        kind,
        revision,
        path,
    } = named(&args.repo, args.kind, args.revision)?;
    if path.is_some() {
        return Err(ApiError::bad_input(
            "Files are named by patterns, so the address cannot name a path.",
        ));
    }
    Ok(DeleteJob {
        repo,
        kind,
        patterns: args.patterns,
        revision,
        title: args.commit_message,
        description: args.commit_description,
        as_pull_request: args.create_pr,
        token: token(args.token.as_deref())?,
    })
}
