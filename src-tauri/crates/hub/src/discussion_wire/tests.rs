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
fn an_odd_event_or_author_spoils_no_other() {
    let wire = json!({
        "num": 1, "title": "t", "status": "open", "author": "ghost", "diff": 7, "events": [
            {"id": "a", "type": "ref-deleted", "author": 7, "createdAt": 7},
            {"type": "comment"},
            7,
            {"id": "b", "type": "comment", "author": {"fullname": "no name"},
             "data": {"latest": {"raw": "x"}, "reactions": [7, {"reaction": "+", "count": 2}]}},
        ],
    });
    let read: Discussion = serde_json::from_value(wire).unwrap();
    let ids: Vec<&str> = read.events.iter().map(|event| event.id.as_str()).collect();
    assert_eq!(ids, ["a", "b"]);
    assert!(read.events.iter().all(|event| event.author.is_none()));
    let Happening::Comment(comment) = &read.events[1].what else {
        panic!("{:?}", read.events[1]);
    };
    assert_eq!(
        (comment.text.text.as_str(), comment.reactions.len()),
        ("x", 1)
    );
    assert_eq!(read.summary.author, None);
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
