//! Discussions and pull requests over the API: listed, read, opened, answered, closed, merged.
//!
//! Unverified: the statuses of refusals to merge, the shape of what a merge answers, and that what
//! is disabled can neither be read nor answered.

mod list;

use axum::http::Method;
use hubdesk_core::RepoId;
use serde::Deserialize;
use serde_json::json;

use crate::answer::Answer;
use crate::ask::Ask;
use crate::discussion::{Discussion, Happening, Opening, Status, Version};
use crate::error::Refusal;
use crate::model::Repo;
use crate::talk;

/// What a title and a text may hold, in characters.
const TITLE: std::ops::RangeInclusive<usize> = 3..=200;
const LONGEST_TEXT: usize = 65_536;

/// Everything below `…/discussions`.
pub(crate) fn answer(ask: &Ask<'_>, id: &RepoId, rest: &[&str]) -> Option<Result<Answer, Refusal>> {
    let ["discussions", rest @ ..] = rest else {
        return None;
    };
    let (num, rest) = match rest {
        [] if ask.method == Method::GET => return Some(list::answer(ask, id)),
        [] if ask.method == Method::POST => return Some(create(ask, id)),
        [] => return None,
        [num, rest @ ..] => (num.parse().ok()?, rest),
    };
    if let Err(refusal) = ask.repo(id).and_then(|repo| check_enabled(&repo)) {
        return Some(Err(refusal));
    }
    Some(match (&ask.method, rest) {
        (&Method::GET, []) => details(ask, id, num),
        (&Method::POST, ["comment"]) => comment(ask, id, num),
        (&Method::POST, ["comment", event, "edit"]) => edit(ask, id, num, event),
        (&Method::POST, ["title"]) => rename(ask, id, num),
        (&Method::POST, ["status"]) => set_status(ask, id, num),
        (&Method::POST, ["merge"]) => merge(ask, id, num),
        _ => return None,
    })
}

/// Whether people may talk about `repo` at all.
pub(crate) fn check_enabled(repo: &Repo) -> Result<(), Refusal> {
    match repo.about.discussions_disabled {
        false => Ok(()),
        true => Err(Refusal::NoDiscussions),
    }
}

fn details(ask: &Ask<'_>, id: &RepoId, num: u64) -> Result<Answer, Refusal> {
    let repo = ask.repo(id)?;
    let discussion = repo.discussions.get(num).ok_or(Refusal::NotFound)?;
    let with_diff = ask.query.is_true("diff");
    Ok(Answer::json(talk::details(&repo, discussion, with_diff)))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewDiscussion {
    title: String,
    description: String,
    #[serde(default)]
    pull_request: bool,
}

fn create(ask: &Ask<'_>, id: &RepoId) -> Result<Answer, Refusal> {
    let repo = ask.repo(id)?;
    check_enabled(&repo)?;
    let user = ask.holder_of("discussion.write", id)?;
    let new: NewDiscussion = ask.json()?;
    check_title(&new.title)?;
    check_length(&new.description)?;
    let opening = Opening {
        title: &new.title,
        author: Some(user),
        text: &new.description,
        date: ask.hub.seconds(),
    };
    let num = ask.hub.model.edit(&repo.id, |repo| {
        let head = repo.resolve("main").map(|head| head.id.clone());
        match (new.pull_request, head) {
            (true, head) => Some(repo.open_pull_request(head?, &opening, Status::Draft)),
            (false, _) => Some(repo.open_discussion(&opening)),
        }
    });
    let num = num.flatten().ok_or(Refusal::NotFound)?;
    let page = format!("{}{}", repo.id.kind().url_prefix(), repo.id.name());
    Ok(Answer::json(json!({
        "num": num,
        "url": format!("{}/{page}/discussions/{num}", ask.hub.endpoint),
        "pullRequest": new.pull_request,
    })))
}

#[derive(Deserialize)]
struct NewComment {
    comment: String,
}

fn comment(ask: &Ask<'_>, id: &RepoId, num: u64) -> Result<Answer, Refusal> {
    let NewComment { comment } = ask.json()?;
    check_text(&comment)?;
    let message = change(ask, id, num, |repo, one, user| {
        if one.is_locked && !may_write(ask, repo) {
            return Err(Refusal::NotYours);
        }
        let event = one.say(
            &repo.id.to_string(),
            Some(user),
            &comment,
            ask.hub.seconds(),
        );
        Ok(talk::event(repo, event))
    })?;
    Ok(Answer::json(json!({ "newMessage": message })).status(axum::http::StatusCode::CREATED))
}

#[derive(Deserialize)]
struct NewContent {
    content: String,
}

fn edit(ask: &Ask<'_>, id: &RepoId, num: u64, wanted: &str) -> Result<Answer, Refusal> {
    let NewContent { content } = ask.json()?;
    check_text(&content)?;
    let comment = change(ask, id, num, |repo, one, user| {
        let event = one.events.iter_mut().find(|event| event.id == wanted);
        let event = event.ok_or(Refusal::NotFound)?;
        let Happening::Comment { versions } = &mut event.what else {
            return Err(Refusal::NotFound);
        };
        if event.author.as_deref() != Some(user) {
            return Err(Refusal::NotYours);
        }
        let version = Version {
            text: content,
            date: ask.hub.seconds(),
        };
        versions.insert(0, version);
        Ok(talk::event(repo, event))
    })?;
    Ok(Answer::json(json!({ "updatedComment": comment })))
}

#[derive(Deserialize)]
struct NewTitle {
    title: String,
}

fn rename(ask: &Ask<'_>, id: &RepoId, num: u64) -> Result<Answer, Refusal> {
    let NewTitle { title } = ask.json()?;
    check_title(&title)?;
    let event = change(ask, id, num, |repo, one, user| {
        check_owner(ask, repo, one, user)?;
        let from = std::mem::replace(&mut one.title, title.clone());
        let to = title.clone();
        let what = Happening::Title { from, to };
        let event = one.record(&repo.id.to_string(), Some(user), what, ask.hub.seconds());
        Ok(talk::event(repo, event))
    })?;
    Ok(Answer::json(json!({ "newTitle": event })))
}

#[derive(Deserialize)]
struct NewStatus {
    status: String,
    comment: Option<String>,
}

fn set_status(ask: &Ask<'_>, id: &RepoId, num: u64) -> Result<Answer, Refusal> {
    let new: NewStatus = ask.json()?;
    let status = match new.status.as_str() {
        "open" => Status::Open,
        "closed" => Status::Closed,
        other => return Err(Refusal::BadRequest(format!("Invalid status: {other}"))),
    };
    let event = change(ask, id, num, |repo, one, user| {
        check_owner(ask, repo, one, user)?;
        if one.status == Status::Merged || one.status == status {
            let why = format!("The status is {} already", one.status.as_str());
            return Err(Refusal::BadRequest(why));
        }
        let (place, now) = (repo.id.to_string(), ask.hub.seconds());
        if let Some(text) = &new.comment {
            check_text(text)?;
            one.say(&place, Some(user), text, now);
        }
        one.status = status;
        let what = Happening::Status(status);
        let event = one.record(&place, Some(user), what, now);
        Ok(talk::event(repo, event))
    })?;
    Ok(Answer::json(json!({ "newStatus": event })))
}

fn merge(ask: &Ask<'_>, id: &RepoId, num: u64) -> Result<Answer, Refusal> {
    let repo = ask.writer(id)?;
    let user = ask.holder_of("discussion.write", id)?;
    let text = match ask.body.is_empty() {
        true => None,
        false => ask.json::<MergeComment>()?.comment,
    };
    let now = ask.hub.seconds();
    let merged = ask.hub.model.edit(&repo.id, |repo| {
        let one = repo.discussions.get(num).ok_or(Refusal::NotFound)?;
        if one.pull.is_none() || one.status != Status::Open {
            let why = format!(
                "This cannot be merged: its status is {}",
                one.status.as_str()
            );
            return Err(Refusal::BadRequest(why));
        }
        let title = format!("{} (#{num})", one.title);
        let commit = repo
            .merge(num, &title)
            .map_err(|paths| Refusal::Conflict(format!("Conflicts in {}", paths.join(", "))))?;
        let place = repo.id.to_string();
        let one = repo.discussions.get_mut(num).ok_or(Refusal::NotFound)?;
        if let Some(text) = &text {
            one.say(&place, Some(user), text, now);
        }
        one.status = Status::Merged;
        if let Some(pull) = &mut one.pull {
            pull.merged = Some(commit.clone());
        }
        one.record(&place, Some(user), Happening::Status(Status::Merged), now);
        Ok(commit)
    });
    let commit = merged.ok_or(Refusal::NotFound)??;
    Ok(Answer::json(json!({ "mergeCommitId": commit.as_str() })))
}

#[derive(Deserialize)]
struct MergeComment {
    comment: Option<String>,
}

/// Changes discussion `num` in the name of the caller.
fn change<T>(
    ask: &Ask<'_>,
    id: &RepoId,
    num: u64,
    change: impl FnOnce(&Repo, &mut Discussion, &str) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let seen = ask.repo(id)?;
    let user = ask.holder_of("discussion.write", id)?;
    let changed = ask.hub.model.edit(&seen.id, |repo| {
        let one = repo.discussions.get_mut(num).ok_or(Refusal::NotFound)?;
        change(&seen, one, user)
    });
    changed.ok_or(Refusal::NotFound)?
}

/// Only who opened a discussion, and who may change the repository, changes what it is.
fn check_owner(ask: &Ask<'_>, repo: &Repo, one: &Discussion, user: &str) -> Result<(), Refusal> {
    if one.author.as_deref() == Some(user) || may_write(ask, repo) {
        Ok(())
    } else {
        Err(Refusal::NotYours)
    }
}

fn may_write(ask: &Ask<'_>, repo: &Repo) -> bool {
    ask.write_to(repo.id.owner().unwrap_or_default()).is_ok()
}

fn check_title(title: &str) -> Result<(), Refusal> {
    if TITLE.contains(&title.chars().count()) {
        return Ok(());
    }
    let why = format!(
        "A title has {} to {} characters",
        TITLE.start(),
        TITLE.end()
    );
    Err(Refusal::BadRequest(why))
}

fn check_text(text: &str) -> Result<(), Refusal> {
    if text.is_empty() {
        return Err(Refusal::BadRequest("A comment has a text".to_owned()));
    }
    check_length(text)
}

fn check_length(text: &str) -> Result<(), Refusal> {
    if text.chars().count() <= LONGEST_TEXT {
        return Ok(());
    }
    let why = format!("A comment has at most {LONGEST_TEXT} characters");
    Err(Refusal::BadRequest(why))
}
