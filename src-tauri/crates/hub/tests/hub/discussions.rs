use futures_util::TryStreamExt;
use hubdesk_hub::{DiscussionFilter, DiscussionSort, Error};

use crate::support::{Server, json};

#[tokio::test]
async fn pages_are_asked_for_until_everything_that_was_counted_came() {
    let server = Server::start(|seen| {
        let (first, start) = if seen.line.contains("p=0") {
            (5, 0)
        } else {
            (3, 2)
        };
        json(format!(
            r#"{{"count": 4, "start": {start}, "discussions": [
                {{"num": {first}, "title": "a", "status": "open"}},
                {{"num": {}, "title": "b", "status": "closed", "author": null}}
            ]}}"#,
            first - 1
        ))
    })
    .await;
    let filter = DiscussionFilter {
        sort: Some(DiscussionSort::Created),
        ..DiscussionFilter::default()
    };
    let all: Vec<_> = server
        .repo()
        .discussions(&filter)
        .try_collect()
        .await
        .unwrap();
    let nums: Vec<u64> = all.iter().map(|one| one.num).collect();
    assert_eq!(nums, [5, 4, 3, 2]);
    assert!(all[1].author.is_none());
    let line = |page| format!("GET /api/models/org/m/discussions?sort=recently-created&p={page}");
    assert_eq!(server.lines(), [line(0), line(1)]);
}

#[tokio::test]
async fn a_count_that_is_never_reached_ends_with_an_empty_page() {
    let server = Server::start(|_| json(r#"{"count": 9, "start": 0, "discussions": []}"#)).await;
    let repo = server.repo();
    let filter = DiscussionFilter::default();
    let all: Vec<_> = repo.discussions(&filter).try_collect().await.unwrap();
    assert_eq!((all.len(), server.lines().len()), (0, 1));
}

#[tokio::test]
async fn merging_without_a_word_sends_nothing_at_all() {
    let server = Server::start(|_| json("{}")).await;
    server.repo().merge(3, None).await.unwrap();
    server.repo().merge(3, Some("Thanks")).await.unwrap();
    let seen = server.seen();
    assert_eq!(seen[0].line, "POST /api/models/org/m/discussions/3/merge");
    assert_eq!(
        (seen[0].body.as_str(), seen[0].header("content-type")),
        ("", None)
    );
    assert_eq!(seen[1].body, r#"{"comment":"Thanks"}"#);
}

#[tokio::test]
async fn a_comment_is_edited_under_its_id_in_small_letters() {
    let comment = r#"{"updatedComment": {"id": "ab", "type": "comment", "data": {}}}"#;
    let server = Server::start(move |_| json(comment)).await;
    server.repo().edit_comment(7, "AB/../c", "x").await.unwrap();
    let path = "POST /api/models/org/m/discussions/7/comment/ab%2F..%2Fc/edit";
    assert_eq!(server.lines(), [path]);
}

#[tokio::test]
async fn without_a_clock_nobody_knows_whether_a_comment_was_ours() {
    let details = r#"{"num": 1, "title": "t", "status": "open", "events": [
        {"id": "a", "createdAt": "someday", "type": "comment", "data": {"latest": {"raw": "x"}}}
    ]}"#;
    let server = Server::start(move |seen| {
        if seen.line.starts_with("POST") {
            json("cut in the mid")
        } else {
            json(details)
        }
    })
    .await;
    let unsure = server.repo().comment(1, "x").await;
    assert!(matches!(unsure, Err(Error::Unsure { .. })), "{unsure:?}");
    let posts = server.lines();
    assert_eq!(
        posts.iter().filter(|line| line.starts_with("POST")).count(),
        1
    );
}
