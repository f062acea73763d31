use std::sync::Arc;

use axum::body::{Body, Bytes};
use futures_util::{TryStreamExt, stream};
use hubdesk_core::{Digest, Retry, Revision};
use hubdesk_hub::{Endpoint, EntryKind, Error, Gated, Hub, Profile};

use crate::support::{
    COMMIT, SHA256, Server, TOKEN, commit, hub_at, impatient, json, reply, silent_after,
};

#[tokio::test]
async fn whoami_says_whose_token_it_is_and_sends_it() {
    let server = Server::start(|_| {
        json(
            r#"{"type":"user","name":"ada","fullname":"Ada","isPro":true,
            "orgs":[{"name":"org","fullname":"The Org"}],
            "auth":{"type":"access_token","accessToken":{"displayName":"laptop","role":"read"}}}"#,
        )
    })
    .await;
    let user = server.hub().whoami().await.unwrap();
    assert_eq!(
        (user.name.as_str(), user.full_name.as_str(), user.is_pro),
        ("ada", "Ada", true)
    );
    assert_eq!(user.orgs[0].name, "org");
    assert_eq!(user.token.unwrap().name, "laptop");

    let seen = &server.seen()[0];
    assert_eq!(seen.line, "GET /api/whoami-v2");
    assert_eq!(
        seen.header("authorization"),
        Some(format!("Bearer {TOKEN}").as_str())
    );
    assert_eq!(seen.header("accept-encoding"), Some("identity"));
    assert!(seen.header("user-agent").unwrap().starts_with("hubdesk/"));
}

#[tokio::test]
async fn without_a_token_no_authorization_is_sent() {
    let server = Server::start(|_| json(r#"{"name":"nobody"}"#)).await;
    server.anonymous().whoami().await.unwrap();
    assert_eq!(server.seen()[0].header("authorization"), None);
}

#[tokio::test]
async fn info_reads_what_is_there_and_a_branch_with_a_slash_is_one_segment() {
    let server = Server::start(|_| {
        json(format!(
            r#"{{"id":"org/renamed","sha":"{COMMIT}","private":false,"gated":"auto","likes":3,
            "tags":["license:mit"],"safetensors":{{"total":7}},"usedStorage":9}}"#
        ))
    })
    .await;
    let revision: Revision = "feat/x".parse().unwrap();
    let info = server.repo().info(&revision).await.unwrap();
    assert_eq!(info.sha, commit());
    assert_eq!(info.summary.id.name(), "org/renamed");
    assert_eq!(info.summary.gated, Gated::Auto);
    assert_eq!(
        (info.summary.parameters, info.used_storage),
        (Some(7), Some(9))
    );
    assert!(server.lines()[0].starts_with("GET /api/models/org/m/revision/feat%2Fx?expand="));
}

#[tokio::test]
async fn a_commit_resolves_to_itself_without_a_request() {
    let server = Server::start(|_| json(format!(r#"{{"id":"org/m","sha":"{COMMIT}"}}"#))).await;
    let repo = server.repo();
    assert_eq!(repo.resolve(&commit().into()).await.unwrap(), commit());
    assert_eq!(server.lines().len(), 0);
    assert_eq!(repo.resolve(&Revision::main()).await.unwrap(), commit());
    assert_eq!(
        server.lines(),
        ["GET /api/models/org/m/revision/main?expand=sha"]
    );
}

#[tokio::test]
async fn an_answer_without_a_commit_is_malformed() {
    for body in [r#"{"id":"org/m"}"#, r#"{"id":"org/m","sha":"main"}"#] {
        let server = Server::start(move |_| json(body)).await;
        let error = server.repo().resolve(&Revision::main()).await.unwrap_err();
        assert!(matches!(error, Error::Malformed { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn paths_are_asked_about_in_batches_of_a_thousand_as_a_form() {
    let server = Server::start(|seen| {
        json(format!(
            r#"[{{"type":"file","path":"{}","size":2,"oid":"{COMMIT}",
            "lfs":{{"oid":"{SHA256}","size":2,"pointerSize":1}}}}]"#,
            seen.earlier
        ))
    })
    .await;
    let paths: Vec<String> = (0..1001).map(|n| format!("dir/x y{n}")).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let entries = server.repo().paths_info(&commit(), &paths).await.unwrap();
    assert_eq!(entries.len(), 2, "one entry from each batch");
    assert_eq!(entries[0].digest(), Digest::parse(SHA256));

    let seen = server.seen();
    assert_eq!(
        seen[1].line,
        format!("POST /api/models/org/m/paths-info/{COMMIT}")
    );
    assert_eq!(
        seen[1].header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!(seen[1].body, "paths=dir%2Fx+y1000&expand=false");
    assert_eq!(seen[0].body.matches("paths=").count(), 1000);
}

#[tokio::test]
async fn refs_name_branches_tags_and_pull_requests() {
    let server = Server::start(|_| {
        json(format!(
            r#"{{"branches":[{{"name":"main","ref":"refs/heads/main","targetCommit":"{COMMIT}"}}],
            "tags":[],"converts":[],
            "pullRequests":[{{"name":"refs/pr/1","ref":"refs/pr/1","targetCommit":"{COMMIT}"}}]}}"#
        ))
    })
    .await;
    let refs = server.repo().refs().await.unwrap();
    assert_eq!(
        (refs.branches[0].name.as_str(), &refs.branches[0].commit),
        ("main", &commit())
    );
    assert_eq!((refs.tags.len(), refs.pull_requests.len()), (0, 1));
    assert_eq!(server.lines(), ["GET /api/models/org/m/refs?include_prs=1"]);
}

#[tokio::test]
async fn the_history_lists_commits_with_their_authors() {
    let server = Server::start(|_| {
        json(format!(
            r#"[{{"id":"{COMMIT}","title":"first","message":"","date":"2026-01-01T00:00:00.000Z",
            "authors":[{{"user":"ada","avatar":"x"}},{{"avatar":"y"}}]}}]"#
        ))
    })
    .await;
    let commits: Vec<_> = server
        .repo()
        .commits(&"refs/pr/1".parse().unwrap())
        .try_collect()
        .await
        .unwrap();
    assert_eq!(
        (commits[0].title.as_str(), commits[0].authors.len()),
        ("first", 1)
    );
    assert_eq!(
        server.lines(),
        ["GET /api/models/org/m/commits/refs%2Fpr%2F1"]
    );
}

#[tokio::test]
async fn a_tree_entry_of_a_new_type_is_kept_as_other() {
    let server = Server::start(|_| {
        json(format!(
            r#"[{{"type":"portal","path":"p","size":0,"oid":"{COMMIT}"}}]"#
        ))
    })
    .await;
    let entries: Vec<_> = server
        .repo()
        .tree(&commit(), Some("a b/c"), true)
        .try_collect()
        .await
        .unwrap();
    assert_eq!(entries[0].kind, EntryKind::Other);
    let expected =
        format!("GET /api/models/org/m/tree/{COMMIT}/a%20b/c?recursive=true&expand=false");
    assert_eq!(server.lines(), [expected]);
}

#[tokio::test]
async fn what_is_not_the_promised_json_is_malformed_and_asked_once() {
    for body in ["", "<html>", "[]", r#"{"name":1}"#, "{\"name\":\"\u{1b}"] {
        let server = Server::start(move |_| json(body)).await;
        let error = server.hub().whoami().await.unwrap_err();
        assert!(
            matches!(error, Error::Malformed { .. }),
            "{body}: {error:?}"
        );
        assert!(!error.to_string().contains('\u{1b}'));
        assert_eq!(server.lines().len(), 1, "{body}");
    }
}

#[tokio::test]
async fn a_packed_answer_is_malformed() {
    let server = Server::start(|_| reply(200, &[("content-encoding", "gzip")], "{}")).await;
    let error = server.hub().whoami().await.unwrap_err();
    assert!(matches!(error, Error::Malformed { .. }), "{error:?}");
}

#[tokio::test]
async fn an_answer_without_an_end_is_left() {
    let server = Server::start(|_| {
        let blanks = Bytes::from(vec![b' '; 1 << 20]);
        json(Body::from_stream(stream::repeat_with(move || {
            Ok::<_, std::io::Error>(blanks.clone())
        })))
    })
    .await;
    let error = server.hub().whoami().await.unwrap_err();
    assert!(
        error.to_string().contains("larger than any answer may be"),
        "{error}"
    );
}

#[tokio::test]
async fn an_answer_that_announces_too_much_is_not_read() {
    let server = Server::start(|_| {
        reply(
            200,
            &[("content-length", "1000000000000")],
            silent_after("{"),
        )
    })
    .await;
    let error = server.hub().whoami().await.unwrap_err();
    assert!(
        error.to_string().contains("larger than any answer may be"),
        "{error}"
    );
}

#[tokio::test]
async fn an_answer_that_stops_is_a_timeout_and_asked_for_again() {
    let server = Server::start(|seen| match seen.earlier {
        0 => json(silent_after("{")),
        _ => json(r#"{"name":"ada"}"#),
    })
    .await;
    assert_eq!(impatient(&server.url).whoami().await.unwrap().name, "ada");
    assert!(server.lines().len() >= 2);
}

#[tokio::test]
async fn a_server_that_never_answers_is_a_timeout() {
    let mute = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", mute.local_addr().unwrap());
    let error = impatient(&url).whoami().await.unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }), "{error:?}");
}

#[tokio::test]
async fn nobody_at_the_address_is_offline() {
    let closed = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    let error = hub_at(&format!("http://{closed}"), None)
        .whoami()
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Offline { .. }), "{error:?}");
    assert_eq!(error.to_string(), format!("cannot connect to {closed}"));
}

#[tokio::test]
async fn a_server_without_tls_at_an_https_address_is_insecure() {
    let server = Server::start(|_| json("{}")).await;
    let url = server.url.replace("http://", "https://");
    let error = hub_at(&url, Some(TOKEN)).whoami().await.unwrap_err();
    assert!(matches!(error, Error::Insecure { .. }), "{error:?}");
    assert_eq!(server.lines().len(), 0);
}

#[test]
fn a_name_that_no_header_can_carry_is_a_setup_error() {
    let profile = Profile {
        user_agent: "two\nlines".to_owned(),
        ..Profile::default()
    };
    let error = Hub::new(Endpoint::default(), Arc::new(None), profile).unwrap_err();
    assert!(matches!(error, Error::Setup { .. }), "{error:?}");
    assert_eq!(error.retry(), Retry::No);
}
