//! Discussions and pull requests.

use futures_util::TryStreamExt;
use hubdesk_hub::{
    Author, Conflicts, Discussion, DiscussionFilter, DiscussionKind, DiscussionSummary, Event,
    Happening,
};
use serde_json::{Value, json};

use crate::Outcome;
use crate::question::Question;

pub(crate) async fn answer(asked: &Question) -> Outcome {
    let num = asked.number("num").unwrap_or_default();
    let text = asked.some("text");
    Ok(Some(match asked.call() {
        "discussions" => {
            let filter = filter(asked)?;
            let found: Vec<DiscussionSummary> =
                asked.repo()?.discussions(&filter).try_collect().await?;
            found.iter().map(summary).collect()
        }
        "discussion" => details(&asked.repo()?.discussion(num).await?),
        "create_discussion" => {
            let (title, text) = (asked.text("title")?, asked.text("text")?);
            json!(asked.repo()?.create_discussion(title, text).await?)
        }
        "create_pull_request" => {
            let (title, text) = (asked.text("title")?, asked.text("text")?);
            json!(asked.repo()?.create_pull_request(title, text).await?)
        }
        "comment" => event(&asked.repo()?.comment(num, asked.text("text")?).await?),
        "edit_comment" => {
            let (id, text) = (asked.text("id")?, asked.text("text")?);
            event(&asked.repo()?.edit_comment(num, id, text).await?)
        }
        "rename_discussion" => {
            let title = asked.text("title")?;
            asked.repo()?.rename_discussion(num, title).await?;
            Value::Null
        }
        "close_discussion" => {
            asked.repo()?.close_discussion(num, text).await?;
            Value::Null
        }
        "reopen_discussion" => {
            asked.repo()?.reopen_discussion(num, text).await?;
            Value::Null
        }
        "merge" => {
            asked.repo()?.merge(num, text).await?;
            Value::Null
        }
        _ => return Ok(None),
    }))
}

fn filter(asked: &Question) -> Result<DiscussionFilter, Box<dyn std::error::Error>> {
    let kind = match asked.some("only") {
        None => None,
        Some("discussion") => Some(DiscussionKind::Discussion),
        Some("pull_request") => Some(DiscussionKind::PullRequest),
        Some(other) => return Err(format!("{other} is no kind of discussion").into()),
    };
    Ok(DiscussionFilter {
        kind,
        author: asked.some("author").map(str::to_owned),
        is_open: asked.some("status").map(|status| status == "open"),
        ..DiscussionFilter::default()
    })
}

fn name(author: &Option<Author>) -> Option<&str> {
    author.as_ref().map(|author| author.name.as_str())
}

fn summary(one: &DiscussionSummary) -> Value {
    json!({
        "num": one.num,
        "title": one.title,
        "status": one.status.as_str(),
        "is_pull_request": one.is_pull_request,
        "author": name(&one.author),
    })
}

fn details(one: &Discussion) -> Value {
    let mut shown = summary(&one.summary);
    shown["events"] = one.events.iter().map(event).collect();
    if let Some(pull) = &one.pull {
        shown["base"] = json!(pull.base);
        shown["merge_commit"] = json!(pull.merge_commit);
        shown["diff"] = json!(pull.diff.as_ref().map(|diff| diff.text.as_str()));
        shown["conflicts"] = match &pull.conflicts {
            Conflicts::None => json!([]),
            Conflicts::Files(paths) => json!(paths),
            Conflicts::Unlisted => json!(true),
        };
    }
    shown
}

fn event(event: &Event) -> Value {
    let (kind, what) = match &event.what {
        Happening::Comment(comment) => (
            "comment",
            json!([comment.text.text, comment.is_edited, comment.is_hidden]),
        ),
        Happening::Status { status, .. } => ("status-change", json!(status.as_str())),
        Happening::Commit { subject, oid } => ("commit", json!([subject, oid])),
        Happening::Title { from, to } => ("title-change", json!([from, to])),
        Happening::Pinning { is_pinned } => ("pinning-change", json!(is_pinned)),
        Happening::Locking { is_locked } => ("locking-change", json!(is_locked)),
        Happening::Report => ("report-status-change", Value::Null),
        Happening::RefDeleted => ("ref-deleted", Value::Null),
        Happening::Other { kind } => (kind.as_str(), Value::Null),
    };
    json!([event.id, kind, name(&event.author), what])
}
