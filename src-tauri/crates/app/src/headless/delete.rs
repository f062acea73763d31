use hubdesk_core::{Patterns, RepoKind, Token};
use hubdesk_hub::Message;
use hubdesk_upload::{Ctx, LeaveOut, Onto, Outcome, Removal, Request};

use super::open::{hub, repo_id, revision};
use super::select::patterns;
use super::upload::{UploadEnd, ended, parts};
use crate::api::ApiError;
use crate::env::Env;
use crate::error::upload_error;

/// One call of `repos delete-files`, with the meaning the arguments have in `hf`.
#[derive(Debug, Clone)]
pub struct DeleteJob {
    /// `owner/name`.
    pub repo: String,
    /// Its kind.
    pub kind: RepoKind,
    /// What matches one of these goes; one that ends in `/` is a folder. Never `.gitattributes`.
    pub patterns: Vec<String>,
    /// The branch; `main` when not given.
    pub revision: Option<String>,
    /// The first line of what the commit says.
    pub title: Option<String>,
    /// The rest.
    pub description: Option<String>,
    /// Into a pull request.
    pub as_pull_request: bool,
    /// Another token than that of the environment, the account or the command-line tools.
    pub token: Option<Token>,
}

/// Deletes files; `None` when `ctx` was cancelled.
pub async fn delete_files(
    env: &Env,
    job: DeleteJob,
    ctx: &Ctx,
) -> Result<Option<UploadEnd>, ApiError> {
    if job.as_pull_request && job.revision.is_some() {
        return Err(ApiError::bad_input(
            "A pull request is made onto main, so --revision cannot be given with --create-pr.",
        ));
    }
    let hub = hub(env, job.token.as_ref()).await?;
    let title = || format!("Delete files {} with Hubdesk", job.patterns.join(" "));
    let request = Request {
        repo: repo_id(job.kind, &job.repo)?,
        create: None,
        onto: match job.as_pull_request {
            true => Onto::PullRequest,
            false => Onto::Branch {
                name: revision(job.revision.as_deref())?,
                create: false,
            },
        },
        sources: Vec::new(),
        select: Patterns::default(),
        leave_out: LeaveOut::NOTHING,
        remove: Some(Removal {
            below: None,
            patterns: patterns(&job.patterns)?,
        }),
        acknowledged: None,
        message: Message {
            title: job.title.clone().unwrap_or_else(title),
            description: job.description.clone().unwrap_or_default(),
        },
        expect: None,
        overwrite: true,
    };
    let parts = parts(env, hub.clone());
    let outcome = hubdesk_upload::run(&request, &parts, ctx).await;
    match outcome.map_err(|error| upload_error(&error))? {
        Outcome::Cancelled => Ok(None),
        Outcome::Done(made) => Ok(Some(ended(&hub, &request.repo, &made, Vec::new()))),
    }
}
