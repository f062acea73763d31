//! Discussions in the words of the Hub's API.

use hubdesk_core::date;
use serde_json::{Value, json};

use crate::discussion::{Discussion, Event, Happening, pull_ref};
use crate::merge::Merge;
use crate::model::Repo;
use crate::patch;
use crate::repo::object_id;

/// A discussion as lists show it.
pub(crate) fn summary(repo: &Repo, one: &Discussion) -> Value {
    let mut shown = json!({
        "num": one.num,
        "title": one.title,
        "status": one.status.as_str(),
        "isPullRequest": one.pull.is_some(),
        "createdAt": date::iso(one.created),
        "repo": {"name": repo.id.name(), "type": repo.id.kind().to_string()},
        "numComments": one.comments(),
        "numReactionUsers": 0,
        "pinned": false,
        "topReactions": [],
    });
    sign(&mut shown, repo, one.author.as_deref());
    shown
}

/// A discussion with everything that happened in it.
pub(crate) fn details(repo: &Repo, one: &Discussion, with_diff: bool) -> Value {
    let mut shown = summary(repo, one);
    shown["locked"] = json!(one.is_locked);
    let mut events: Vec<(u64, Value)> = one
        .events
        .iter()
        .map(|happened| (happened.date, event(repo, happened)))
        .collect();
    events.extend(commits(repo, one));
    // Stable: what happened in the same second stays in its order.
    events.sort_by_key(|(date, _)| *date);
    shown["events"] = events.into_iter().map(|(_, event)| event).collect();
    let Some(pull) = &one.pull else {
        return shown;
    };
    let head = repo.resolve(&pull_ref(one.num));
    shown["changes"] = json!({
        "base": "refs/heads/main",
        "headCommitId": head.as_ref().map(|head| head.id.as_str()),
        "mergeCommitId": pull.merged.as_ref().map(|commit| commit.as_str()),
        "refDeleted": head.is_none(),
    });
    let conflicts = match (&pull.merged, repo.plan_merge(one.num)) {
        (None, Some(Merge::Conflicts(paths))) => paths,
        _ => Vec::new(),
    };
    shown["filesWithConflicts"] = json!(conflicts);
    let fork = repo.resolve(pull.fork.as_str());
    if let (true, Some(fork), Some(head)) = (with_diff, fork, head) {
        shown["diff"] = json!(patch::between(&fork, &head));
    }
    shown
}

/// One thing that happened.
pub(crate) fn event(repo: &Repo, happened: &Event) -> Value {
    let (kind, data) = match &happened.what {
        Happening::Comment { versions } => ("comment", comment(repo, happened, versions)),
        Happening::Status(status) => ("status-change", json!({"status": status.as_str()})),
        Happening::Title { from, to } => ("title-change", json!({"from": from, "to": to})),
    };
    framed(repo, happened, kind, data)
}

fn comment(repo: &Repo, happened: &Event, versions: &[crate::discussion::Version]) -> Value {
    let shown = versions.iter().map(|version| {
        let mut shown = json!({
            "raw": version.text,
            "html": format!("<p>{}</p>", escape(&version.text)),
            "updatedAt": date::iso(version.date),
        });
        sign(&mut shown, repo, happened.author.as_deref());
        shown
    });
    let shown: Vec<Value> = shown.collect();
    json!({
        "edited": versions.len() > 1,
        "hidden": false,
        "latest": shown.first(),
        "history": shown,
        "numEdits": versions.len() - 1,
        "editors": happened.author.iter().collect::<Vec<_>>(),
        "reactions": [],
    })
}

fn framed(repo: &Repo, happened: &Event, kind: &str, data: Value) -> Value {
    let mut shown = json!({
        "id": happened.id,
        "createdAt": date::iso(happened.date),
        "type": kind,
        "data": data,
    });
    sign(&mut shown, repo, happened.author.as_deref());
    shown
}

/// The commits of a pull request, oldest first. None is older than the pull request itself.
fn commits(repo: &Repo, one: &Discussion) -> Vec<(u64, Value)> {
    let (Some(pull), Some(head)) = (&one.pull, repo.resolve(&pull_ref(one.num))) else {
        return Vec::new();
    };
    let own = repo
        .history(head)
        .take_while(|commit| commit.id != pull.fork);
    let mut own: Vec<_> = own.collect();
    own.reverse();
    let shown = own.iter().map(|commit| {
        let date = commit.date.max(one.created);
        let id = object_id(&format!("{}/{}/{}", repo.id, one.num, commit.id));
        let mut shown = json!({
            "id": id,
            "createdAt": date::iso(date),
            "type": "commit",
            "data": {"subject": commit.title, "oid": commit.id.as_str()},
        });
        sign(&mut shown, repo, Some(&commit.author));
        (date, shown)
    });
    shown.collect()
}

/// Says who it was; nothing, if the account is no more.
fn sign(shown: &mut Value, repo: &Repo, author: Option<&str>) {
    let Some(author) = author else {
        return;
    };
    shown["author"] = json!({
        "_id": object_id(author),
        "name": author,
        "fullname": author,
        "type": "user",
        "avatarUrl": format!("/avatars/{author}.svg"),
        "isPro": false,
        "isOwner": repo.id.owner() == Some(author),
    });
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
