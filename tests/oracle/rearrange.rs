//! Copies, moves and deletions, as the engine plans and makes them.

use hubdesk_core::{RepoId, RepoKind, RepoPath, Revision};
use hubdesk_hub::Message;
use hubdesk_upload::{
    Act, Onto, Outcome as Ended, Place, Progress, Rearrange, Rearranging, plan_rearrange,
    run_rearrange,
};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::Outcome;
use crate::question::Question;

type Asked<T> = Result<T, Box<dyn std::error::Error>>;

pub(crate) async fn answer(asked: &Question) -> Outcome {
    Ok(Some(match asked.call() {
        "rearrange" => rearrange(asked).await?,
        _ => return Ok(None),
    }))
}

/// The commits, or what is in the way.
async fn rearrange(asked: &Question) -> Asked<Value> {
    let acts = asked.value("acts");
    let acts = acts.as_array().into_iter().flatten().map(act);
    let request = Rearrange {
        repo: asked.id("repo")?,
        onto: Onto::Branch {
            name: asked.revision()?,
            create: false,
        },
        acts: acts.collect::<Asked<_>>()?,
        overwrite: asked.is("overwrite"),
        message: Message {
            title: asked.text("title")?.to_owned(),
            description: String::new(),
        },
    };
    let plan = match plan_rearrange(&request, &asked.hub).await? {
        Rearranging::Ready(plan) => plan,
        Rearranging::Refused(obstacles) => return Err(format!("{obstacles:?}").into()),
    };
    let (cancel, progress) = (CancellationToken::new(), Progress::default());
    match run_rearrange(&request, &plan, &asked.hub, &cancel, &progress).await? {
        Ended::Done(made) => Ok(made.commits.iter().map(|id| json!(id.as_str())).collect()),
        Ended::Cancelled => Err("nobody stopped it".into()),
    }
}

fn act(act: &Value) -> Asked<Act> {
    let text = |name| act.get(name).and_then(Value::as_str);
    let path = |name| -> Asked<RepoPath> { Ok(RepoPath::new(text(name).unwrap_or_default())?) };
    Ok(match (text("copy"), text("move")) {
        (Some(_), _) => Act::Copy {
            from: Place {
                elsewhere: match text("of") {
                    Some(repo) => {
                        let repo = RepoId::new(RepoKind::Model, repo)?;
                        Some((repo, Revision::main()))
                    }
                    None => None,
                },
                path: path("copy")?,
            },
            to: path("to")?,
        },
        (None, Some(_)) => Act::Move {
            from: path("move")?,
            to: path("to")?,
        },
        (None, None) => Act::Delete {
            path: path("delete")?,
        },
    })
}
