//! How discussions are read: bounded, and an event that cannot be read spoils no other.

use serde::Deserialize;
use serde_json::Value;

use crate::discussion::{Author, Comment, Conflicts, Discussion, DiscussionSummary};
use crate::discussion::{Event, Happening, PullRequest, Reaction, Text};
use crate::json::{each, lenient, or_default};

/// Events of one discussion that are kept, the newest. A page with more could not be read by anybody.
const MOST_EVENTS: usize = 2_000;
/// What is kept of one comment, in bytes: the Hub takes 65 536 characters.
const LONGEST_TEXT: usize = 256 << 10;
/// What is kept of the difference a pull request makes, in bytes.
const LONGEST_DIFF: usize = 4 << 20;
/// Files in conflict that are named.
const MOST_CONFLICTS: usize = 10_000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WireDiscussion {
    #[serde(flatten)]
    summary: DiscussionSummary,
    #[serde(default, deserialize_with = "or_default")]
    locked: bool,
    #[serde(default, deserialize_with = "each")]
    events: Vec<Event>,
    #[serde(default, deserialize_with = "lenient")]
    diff: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    diff_url: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    files_with_conflicts: Value,
    #[serde(default, deserialize_with = "lenient")]
    changes: WireChanges,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct WireChanges {
    #[serde(default, deserialize_with = "or_default")]
    base: String,
    #[serde(default, deserialize_with = "or_default")]
    merge_commit_id: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    head_commit_id: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    ref_deleted: bool,
}

impl From<WireDiscussion> for Discussion {
    fn from(wire: WireDiscussion) -> Self {
        let mut events = wire.events;
        let events_left_out = events.len().saturating_sub(MOST_EVENTS);
        events.drain(..events_left_out);
        let (changes, diff) = (wire.changes, wire.diff);
        let pull = wire.summary.is_pull_request.then(|| PullRequest {
            base: changes.base,
            head_commit: changes.head_commit_id,
            merge_commit: changes.merge_commit_id,
            is_ref_deleted: changes.ref_deleted,
            conflicts: Conflicts::read(wire.files_with_conflicts),
            diff: diff.map(|diff| Text::bounded(diff, LONGEST_DIFF)),
            diff_url: wire.diff_url,
        });
        Self {
            summary: wire.summary,
            is_locked: wire.locked,
            events,
            events_left_out,
            pull,
        }
    }
}

impl Conflicts {
    fn read(wire: Value) -> Self {
        match wire {
            Value::Bool(true) => Self::Unlisted,
            Value::Array(paths) if !paths.is_empty() => {
                let paths = paths.into_iter().take(MOST_CONFLICTS);
                let path = |path: Value| path.as_str().map(str::to_owned);
                Self::Files(paths.filter_map(path).collect())
            }
            _ => Self::None,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WireEvent {
    id: String,
    #[serde(default, deserialize_with = "lenient")]
    created_at: String,
    #[serde(default, deserialize_with = "lenient")]
    author: Option<Author>,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default, deserialize_with = "or_default")]
    data: Value,
}

impl From<WireEvent> for Event {
    fn from(wire: WireEvent) -> Self {
        Self {
            what: Happening::read(wire.kind, wire.data),
            id: wire.id,
            created_at: wire.created_at,
            author: wire.author,
        }
    }
}

impl Happening {
    /// What `data` says of an event of this kind. One that does not say what it must is as
    /// unknown as one of an unknown kind: the rest of the discussion can still be read.
    fn read(kind: String, data: Value) -> Self {
        let text = |key: &str| data[key].as_str().map(str::to_owned);
        let known = match kind.as_str() {
            "comment" => serde_json::from_value(data).ok().map(Self::comment),
            "status-change" => {
                let status = serde_json::from_value(data["status"].clone()).ok();
                let reason = text("reason");
                status.map(|status| Self::Status { status, reason })
            }
            "commit" => text("subject").zip(text("oid")).map(|(subject, oid)| {
                let subject = Text::bounded(subject, LONGEST_TEXT).text;
                Self::Commit { subject, oid }
            }),
            "title-change" => {
                let titles = text("from").zip(text("to"));
                titles.map(|(from, to)| Self::Title { from, to })
            }
            // The names of the flags are unverified.
            "pinning-change" => Some(Self::Pinning {
                is_pinned: data["pinned"].as_bool(),
            }),
            "locking-change" => Some(Self::Locking {
                is_locked: data["locked"].as_bool(),
            }),
            "report-status-change" => Some(Self::Report),
            "ref-deleted" => Some(Self::RefDeleted),
            _ => None,
        };
        known.unwrap_or(Self::Other { kind })
    }

    fn comment(wire: WireComment) -> Self {
        Self::Comment(Comment {
            text: Text::bounded(wire.latest.raw, LONGEST_TEXT),
            updated_at: wire.latest.updated_at,
            is_edited: wire.edited,
            is_hidden: wire.hidden,
            hidden_reason: wire.hidden_reason,
            parent: wire.parent_comment_id,
            reactions: wire.reactions,
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireComment {
    #[serde(default, deserialize_with = "or_default")]
    latest: WireVersion,
    #[serde(default, deserialize_with = "or_default")]
    edited: bool,
    #[serde(default, deserialize_with = "or_default")]
    hidden: bool,
    #[serde(default, deserialize_with = "lenient")]
    hidden_reason: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    parent_comment_id: Option<String>,
    #[serde(default, deserialize_with = "each")]
    reactions: Vec<Reaction>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct WireVersion {
    #[serde(default, deserialize_with = "or_default")]
    raw: String,
    #[serde(default, deserialize_with = "or_default")]
    updated_at: Option<String>,
}

impl Text {
    /// At most `most` bytes of `text`.
    fn bounded(mut text: String, most: usize) -> Self {
        let is_cut = text.len() > most;
        text.truncate(text.floor_char_boundary(most));
        Self { text, is_cut }
    }
}

#[cfg(test)]
mod tests;
