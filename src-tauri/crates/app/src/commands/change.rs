use std::sync::Arc;

use hubdesk_core::Revision;
use hubdesk_hub::Message;
use hubdesk_upload::{
    Act, Edit, Made, Onto, Place, Rearrange, RearrangePlan as Planned, Rearranging as Arranging,
    Undo, UndoPlan as Found, plan_rearrange as find_rearrange, plan_undo as find_undo,
};

use super::transfer::{row, transfers};
use super::upload::{made_of, result, upload_of};
use super::{repo_id, revision};
use crate::App;
use crate::api::{
    ApiError, ChangeId, ChangeRef, RearrangeAct, RearrangePlan, RearrangeRequest, Rearranging,
    TransferRef, UndoFate, UndoFile, UndoPlan, UploadOnto, UploadResult,
};
use crate::changes::{What, undo_of};
use crate::error::{change_error, left_words, obstacle_words};
use crate::queue::{checked_message, place};

/// Files, or obstacles, that are told of.
const TOLD: usize = 1000;
/// Copies, moves and deletions at once, at most.
const MOST_ACTS: usize = 10_000;

pub(crate) async fn plan_undo(app: &App, request: TransferRef) -> Result<UndoPlan, ApiError> {
    let transfers = transfers(app).await?;
    let row = row(&transfers, request.id)?;
    let stored = upload_of(&row)?;
    if !row.state.has_ended() {
        return Err(ApiError::bad_input(
            "That upload has not ended: cancel it first.",
        ));
    }
    let made = made_of(&transfers, request.id).await?;
    let hub = app.hub_of_upload(stored).await?;
    let undo = undo_of(stored, &made, &hub).await?;
    let found = find_undo(&undo, &hub).await;
    let found = found.map_err(|error| change_error(&error))?;
    let id = app.changes().name();
    let plan = undo_plan(id, &undo, &made, &found);
    app.changes().keep(id, hub, What::Undo(undo, found));
    Ok(plan)
}

pub(crate) async fn run_undo(app: &App, request: ChangeRef) -> Result<UploadResult, ApiError> {
    run(app, request.id).await
}

pub(crate) async fn plan_rearrange(
    app: &App,
    request: RearrangeRequest,
) -> Result<Rearranging, ApiError> {
    let request = rearrange(request)?;
    let hub = app.sessions().open()?.hub.clone();
    let found = find_rearrange(&request, &hub).await;
    match found.map_err(|error| change_error(&error))? {
        Arranging::Ready(found) => {
            let id = app.changes().name();
            let plan = rearrange_plan(id, &found);
            app.changes().keep(id, hub, What::Rearrange(request, found));
            Ok(Rearranging::Ready { plan })
        }
        Arranging::Refused(obstacles) => Ok(Rearranging::Refused {
            obstacles: obstacles.iter().take(TOLD).map(obstacle_words).collect(),
            obstacles_total: obstacles.len() as u64,
        }),
    }
}

pub(crate) async fn run_rearrange(app: &App, request: ChangeRef) -> Result<UploadResult, ApiError> {
    run(app, request.id).await
}

async fn run(app: &App, id: ChangeId) -> Result<UploadResult, ApiError> {
    let change = app.changes().get(id)?;
    let made = Arc::clone(&change).run().await?;
    Ok(result(change.hub(), change.repo(), &made))
}

fn undo_plan(id: ChangeId, undo: &Undo, made: &Made, found: &Found) -> UndoPlan {
    let left = found.left_alone.iter().map(|one| UndoFile {
        path: one.path.to_string(),
        fate: UndoFate::LeftAlone,
        why: Some(left_words(one.why).to_owned()),
    });
    let edits = found.edits.iter().map(|edit| UndoFile {
        path: edit.path.to_string(),
        fate: fate(edit),
        why: None,
    });
    let mut files: Vec<_> = left.chain(edits).collect();
    let count = |fate| files.iter().filter(|file| file.fate == fate).count() as u64;
    let (left_alone, removed) = (count(UndoFate::LeftAlone), count(UndoFate::Removed));
    let (restored, brought_back) = (count(UndoFate::Restored), count(UndoFate::BroughtBack));
    let files_total = files.len() as u64;
    files.sort_by(|one, other| (one.fate, &one.path).cmp(&(other.fate, &other.path)));
    files.truncate(TOLD);
    let of_branch = |number: &u64| undo.branch == Revision::pull_request(*number);
    UndoPlan {
        id,
        branch: undo.branch.to_string(),
        pull_request: made.pull_request.filter(of_branch),
        removed,
        restored,
        brought_back,
        left_alone,
        as_before: found.as_before as u64,
        bytes_fetched: found.bytes_fetched(),
        files,
        files_total,
    }
}

fn fate(edit: &Edit) -> UndoFate {
    match (&edit.now, &edit.then) {
        (_, None) => UndoFate::Removed,
        (Some(_), Some(_)) => UndoFate::Restored,
        (None, Some(_)) => UndoFate::BroughtBack,
    }
}

fn rearrange_plan(id: ChangeId, found: &Planned) -> RearrangePlan {
    let counts = found.counts;
    RearrangePlan {
        id,
        copied: counts.copied as u64,
        moved: counts.moved as u64,
        deleted: counts.deleted as u64,
        replaced: counts.replaced as u64,
        same: counts.same as u64,
        bytes_fetched: found.bytes_fetched(),
        bytes_kept: found.bytes_kept(),
    }
}

fn rearrange(request: RearrangeRequest) -> Result<Rearrange, ApiError> {
    if request.acts.is_empty() || request.acts.len() > MOST_ACTS {
        return Err(ApiError::bad_input(format!(
            "Between 1 and {MOST_ACTS} files and folders can be copied, moved or deleted at once."
        )));
    }
    let title = match request.title.trim() {
        "" => usual_title(&request.acts),
        title => title.to_owned(),
    };
    let acts = request.acts.into_iter().map(act);
    Ok(Rearrange {
        repo: repo_id(&request.repo)?,
        onto: match request.onto {
            UploadOnto::Branch { name, create } => Onto::Branch {
                name: revision(&name)?,
                create,
            },
            UploadOnto::PullRequest => Onto::PullRequest,
        },
        acts: acts.collect::<Result<_, _>>()?,
        overwrite: request.overwrite,
        message: checked_message(Message {
            title,
            description: request.description,
        })?,
    })
}

fn act(act: RearrangeAct) -> Result<Act, ApiError> {
    Ok(match act {
        RearrangeAct::Copy {
            elsewhere,
            from,
            to,
        } => Act::Copy {
            from: Place {
                elsewhere: elsewhere
                    .map(|other| Ok((repo_id(&other.repo)?, revision(&other.revision)?)))
                    .transpose()?,
                path: place(&from)?,
            },
            to: place(&to)?,
        },
        RearrangeAct::Move { from, to } => Act::Move {
            from: place(&from)?,
            to: place(&to)?,
        },
        RearrangeAct::Delete { path } => Act::Delete {
            path: place(&path)?,
        },
    })
}

fn usual_title(acts: &[RearrangeAct]) -> String {
    match acts {
        [RearrangeAct::Copy { from, to, .. }] => format!("Copy {from} to {to} with Hubdesk"),
        [RearrangeAct::Move { from, to }] => format!("Move {from} to {to} with Hubdesk"),
        [RearrangeAct::Delete { path }] => format!("Delete {path} with Hubdesk"),
        many => format!(
            "Copy, move or delete {} files and folders with Hubdesk",
            many.len()
        ),
    }
}
