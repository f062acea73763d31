//! How discussions are read: bounded, and an event that cannot be read spoils no other.

use serde::Deserialize;
use serde_json::Value;

use crate::discussion::{Author, Comment, Conflicts, Discussion, DiscussionSummary};
use crate::discussion::{Event, Happening, PullRequest, Reaction, Text};
use crate::json::or_default;

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
    #[serde(default, deserialize_with = "or_default")]
    events: Vec<Event>,
    #[serde(default, deserialize_with = "or_default")]
    diff: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    diff_url: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    files_with_conflicts: Value,
    #[serde(default, deserialize_with = "or_default")]
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
    #[serde(default, deserialize_with = "or_default")]
    created_at: String,
    #[serde(default, deserialize_with = "or_default")]
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
    #[serde(default, deserialize_with = "or_default")]
    hidden_reason: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    parent_comment_id: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
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
mod tests {
    use serde_json::json;

    use super::*;
    use crate::DiscussionStatus;

    fn read(event: Value) -> Event {
        serde_json::from_value(event).unwrap()
    }

    fn what(kind: &str, data: Value) -> Happening {
        read(json!({"id": "a", "type": kind, "data": data})).what
    }

    #[test]
    fn of_too_many_events_the_newest_are_kept() {
        let events = (0..MOST_EVENTS + 2).map(|n| json!({"id": n.to_string(), "type": "comment"}));
        let events: Vec<Value> = events.collect();
        let discussion = json!({"num": 1, "title": "t", "status": "open", "events": events});
        let read: Discussion = serde_json::from_value(discussion).unwrap();
        assert_eq!((read.events.len(), read.events_left_out), (MOST_EVENTS, 2));
        assert_eq!(read.events[0].id, "2");
    }

    #[test]
    fn every_kind_of_event_is_read_and_an_unknown_one_is_kept_by_name() {
        let status = DiscussionStatus::Other("parked".to_owned());
        for (kind, data, expected) in [
            (
                "status-change",
                json!({"status": "parked"}),
                Happening::Status {
                    status,
                    reason: None,
                },
            ),
            (
                "commit",
                json!({"subject": "s", "oid": "o"}),
                Happening::Commit {
                    subject: "s".to_owned(),
                    oid: "o".to_owned(),
                },
            ),
            (
                "title-change",
                json!({"from": "a", "to": "b"}),
                Happening::Title {
                    from: "a".to_owned(),
                    to: "b".to_owned(),
                },
            ),
            (
                "pinning-change",
                json!({"pinned": true}),
                Happening::Pinning {
                    is_pinned: Some(true),
                },
            ),
            (
                "locking-change",
                json!({}),
                Happening::Locking { is_locked: None },
            ),
            ("report-status-change", Value::Null, Happening::Report),
            ("ref-deleted", Value::Null, Happening::RefDeleted),
            (
                "new-thing",
                json!([1]),
                Happening::Other {
                    kind: "new-thing".to_owned(),
                },
            ),
            (
                "commit",
                json!({"oid": 7}),
                Happening::Other {
                    kind: "commit".to_owned(),
                },
            ),
        ] {
            assert_eq!(what(kind, data), expected, "{kind}");
        }
    }

    #[test]
    fn a_hidden_comment_may_have_no_text_and_a_deleted_account_no_name() {
        let event = read(json!({
            "id": "a", "type": "comment", "author": null,
            "data": {"hidden": true, "hiddenReason": "spam", "latest": null},
        }));
        let Happening::Comment(comment) = event.what else {
            panic!("{event:?}");
        };
        assert!(comment.is_hidden && event.author.is_none());
        assert_eq!(comment.hidden_reason.as_deref(), Some("spam"));
    }

    #[test]
    fn texts_and_events_have_their_bounds() {
        let long = "é".repeat(LONGEST_TEXT);
        let comment = json!({"id": "a", "type": "comment", "data": {"latest": {"raw": long}}});
        let wire = json!({
            "num": 1, "title": "t", "status": "open", "isPullRequest": true,
            "events": vec![comment; 3], "diff": "x".repeat(LONGEST_DIFF + 1),
        });
        let read: Discussion = serde_json::from_value(wire).unwrap();
        let Happening::Comment(comment) = &read.events[0].what else {
            panic!("{:?}", read.events[0]);
        };
        assert!(comment.text.is_cut && comment.text.text.len() <= LONGEST_TEXT);
        let diff = read.pull.unwrap().diff.unwrap();
        assert_eq!((diff.is_cut, diff.text.len()), (true, LONGEST_DIFF));

        let many = vec![json!({"id": "a", "type": "ref-deleted"}); MOST_EVENTS + 5];
        let wire = json!({"num": 1, "title": "t", "status": "open", "events": many});
        let read: Discussion = serde_json::from_value(wire).unwrap();
        assert_eq!((read.events.len(), read.events_left_out), (MOST_EVENTS, 5));
    }

    #[test]
    fn conflicts_come_in_three_forms() {
        let paths = Conflicts::Files(vec!["a".to_owned()]);
        for (wire, expected) in [
            (json!([]), Conflicts::None),
            (json!(false), Conflicts::None),
            (Value::Null, Conflicts::None),
            (json!(true), Conflicts::Unlisted),
            (json!(["a"]), paths),
        ] {
            assert_eq!(Conflicts::read(wire.clone()), expected, "{wire}");
        }
    }
}
