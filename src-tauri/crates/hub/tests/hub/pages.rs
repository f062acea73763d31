use futures_util::{StreamExt, TryStreamExt};
use hubdesk_core::RepoKind;
use hubdesk_hub::{Cursor, Error, RepoQuery};

use crate::support::{COMMIT, Seen, Server, commit, json, reply};

fn entry(path: &str) -> String {
    format!(r#"[{{"type":"file","path":"{path}","size":1,"oid":"{COMMIT}"}}]"#)
}

fn page(link: &str, body: impl Into<axum::body::Body>) -> axum::response::Response {
    reply(200, &[("link", &format!("<{link}>; rel=\"next\""))], body)
}

/// Three pages; the addresses of the next ones are absolute, then relative.
fn three_pages(seen: &Seen) -> axum::response::Response {
    match seen.earlier {
        0 => page(
            &format!("http://{}/page2?cursor=a%2Fb", seen.header("host").unwrap()),
            entry("1"),
        ),
        1 => page("/page3", entry("2")),
        _ => json(entry("3")),
    }
}

#[tokio::test]
async fn a_tree_goes_on_from_page_to_page_until_none_is_named() {
    let server = Server::start(three_pages).await;
    let entries: Vec<_> = server
        .repo()
        .tree(&commit(), None, true)
        .try_collect()
        .await
        .unwrap();
    let paths: Vec<_> = entries.iter().map(|entry| entry.path.as_str()).collect();
    assert_eq!(paths, ["1", "2", "3"]);
    assert_eq!(
        server.lines()[1..],
        ["GET /page2?cursor=a%2Fb", "GET /page3"]
    );
}

#[tokio::test]
async fn pages_nobody_wants_are_not_asked_for() {
    let server = Server::start(three_pages).await;
    let first = Box::pin(server.repo().tree(&commit(), None, true))
        .next()
        .await;
    assert_eq!(first.unwrap().unwrap().path, "1");
    assert_eq!(server.lines().len(), 1);
}

#[tokio::test]
async fn a_failing_page_ends_the_list_with_its_error() {
    let server = Server::start(|seen| match seen.earlier {
        0 => page("/page2", entry("1")),
        _ => reply(403, &[], ""),
    })
    .await;
    let mut tree = Box::pin(server.repo().tree(&commit(), None, true));
    assert!(tree.next().await.unwrap().is_ok());
    assert!(matches!(
        tree.next().await,
        Some(Err(Error::Forbidden { .. }))
    ));
    assert!(tree.next().await.is_none());
}

#[tokio::test]
async fn a_next_page_at_another_host_is_refused_and_not_asked_for() {
    let other = Server::start(|_| json("[]")).await;
    let elsewhere = other.url.clone();
    let server = Server::start(move |_| page(&elsewhere, entry("1"))).await;
    let result: Result<Vec<_>, _> = server
        .repo()
        .tree(&commit(), None, true)
        .try_collect()
        .await;
    assert!(
        matches!(result, Err(Error::UnsafeRedirect { .. })),
        "{result:?}"
    );
    assert_eq!(other.lines().len(), 0);
}

#[tokio::test]
async fn a_page_that_comes_after_itself_is_malformed() {
    let server = Server::start(|seen| page(seen.line.trim_start_matches("GET "), entry("1"))).await;
    let result: Result<Vec<_>, _> = server
        .repo()
        .tree(&commit(), None, true)
        .try_collect()
        .await;
    assert!(matches!(result, Err(Error::Malformed { .. })), "{result:?}");
    assert_eq!(server.lines().len(), 1);
}

#[tokio::test]
async fn a_list_without_an_end_ends_with_an_error() {
    let server = Server::start(|seen| page(&format!("/page{}", seen.earlier), "[]")).await;
    let result: Result<Vec<_>, _> = server
        .repo()
        .tree(&commit(), None, true)
        .try_collect()
        .await;
    assert!(matches!(result, Err(Error::Malformed { .. })), "{result:?}");
}

#[tokio::test]
async fn a_folder_that_cannot_be_is_not_asked_for() {
    let server = Server::start(|_| json("[]")).await;
    let result: Result<Vec<_>, _> = server
        .repo()
        .tree(&commit(), Some("../other"), false)
        .try_collect()
        .await;
    assert!(
        matches!(result, Err(Error::Unaddressable { .. })),
        "{result:?}"
    );
    assert_eq!(server.lines().len(), 0);
}

#[tokio::test]
async fn repositories_come_page_by_page_with_a_cursor() {
    let server = Server::start(|seen| match seen.earlier {
        0 => page(
            "/api/datasets?cursor=x&limit=2",
            r#"[{"id":"a/b"},{"id":"../c"},{"id":"d"}]"#,
        ),
        _ => json(r#"[{"id":"e/f","likes":5}]"#),
    })
    .await;
    let hub = server.hub();
    let query = RepoQuery {
        search: Some("x".to_owned()),
        limit: Some(2),
        ..RepoQuery::default()
    };
    let first = hub.repos(RepoKind::Dataset, &query, None).await.unwrap();
    let names: Vec<_> = first
        .items
        .iter()
        .map(|repo| repo.summary.id.to_string())
        .collect();
    assert_eq!(
        names,
        ["dataset a/b", "dataset d"],
        "a name that cannot be is left out"
    );

    let cursor = Cursor::from(first.next.unwrap().as_str().to_owned());
    let second = hub
        .repos(RepoKind::Dataset, &query, Some(&cursor))
        .await
        .unwrap();
    assert_eq!(
        (second.items[0].summary.likes, second.next),
        (Some(5), None)
    );
    assert_eq!(server.lines()[1], "GET /api/datasets?cursor=x&limit=2");
}

#[tokio::test]
async fn a_cursor_of_another_list_is_refused() {
    let server = Server::start(|_| json("[]")).await;
    let cursor = Cursor::from(format!("{}/api/models?cursor=x", server.url));
    let query = RepoQuery::default();
    let result = server
        .hub()
        .repos(RepoKind::Space, &query, Some(&cursor))
        .await;
    assert!(matches!(result, Err(Error::Malformed { .. })), "{result:?}");
    assert_eq!(server.lines().len(), 0);
}
