use std::sync::{Arc, Mutex};

use axum::response::Response;
use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, join_all, ready};
use hubdesk_core::{Digest, Retry, Token};
use hubdesk_hub::{Body, Endpoint, Error, Extent, File, Hub, Profile, TokenSource, What};

use crate::support::{
    BLOB, COMMIT, Seen, Server, commit, cut_after, impatient, redirect, reply, repo_id,
    silent_after,
};

const CONTENT: &str = "0123456789";

fn file(server: &Server) -> File {
    server.repo().file(&commit(), "dir/a b.bin")
}

/// The same file of a client that soon loses its patience.
fn urgent_file(server: &Server) -> File {
    impatient(&server.url).repo(&repo_id()).file(&commit(), "f")
}

async fn read(mut body: Body) -> Result<String, Error> {
    let mut text = String::new();
    while let Some(chunk) = body.chunk().await? {
        text.push_str(std::str::from_utf8(&chunk).unwrap());
    }
    Ok(text)
}

/// Serves [`CONTENT`], whole or in ranges.
fn serve(seen: &Seen) -> Response {
    let Some(range) = seen.header("range") else {
        return reply(200, &[("etag", BLOB), ("x-repo-commit", COMMIT)], CONTENT);
    };
    let (first, last) = range
        .strip_prefix("bytes=")
        .unwrap()
        .split_once('-')
        .unwrap();
    let (first, last): (usize, usize) = (first.parse().unwrap(), last.parse().unwrap());
    let part = &CONTENT[first..=last];
    reply(
        206,
        &[("content-range", &format!("bytes {first}-{last}/10"))],
        part,
    )
}

/// The error when the endpoint answers a request for `0..4` like this.
async fn refused(status: u16, headers: &'static [(&str, &str)], body: &'static str) -> Error {
    let server = Server::start(move |_| reply(status, headers, body)).await;
    file(&server).get(Some(0..4)).await.unwrap_err()
}

#[tokio::test]
async fn a_whole_file_comes_with_what_the_endpoint_calls_it() {
    let server = Server::start(serve).await;
    let body = file(&server).get(None).await.unwrap();
    assert_eq!((&body.extent, body.length), (&Extent::Whole, Some(10)));
    assert_eq!(
        (body.etag, body.commit.clone()),
        (Digest::parse(BLOB), Some(commit()))
    );
    assert_eq!(read(body).await.unwrap(), CONTENT);
    assert_eq!(
        server.lines(),
        [format!("GET /org/m/resolve/{COMMIT}/dir/a%20b.bin")]
    );
}

/// The first token is refused; there is another one.
struct Renewed(Mutex<&'static str>);

impl TokenSource for Renewed {
    fn token(&self) -> BoxFuture<'_, Option<Token>> {
        ready(Token::new(*self.0.lock().unwrap())).boxed()
    }

    fn refused<'a>(&'a self, _: &'a Token) -> BoxFuture<'a, bool> {
        *self.0.lock().unwrap() = "hf_new";
        ready(true).boxed()
    }
}

#[tokio::test]
async fn a_token_that_only_the_text_refuses_is_replaced_once() {
    let server = Server::start(|seen| match seen.header("authorization") {
        Some("Bearer hf_new") => serve(seen),
        _ => reply(
            401,
            &[("content-type", "application/json")],
            r#"{"error":"Invalid credentials in Authorization header"}"#,
        ),
    })
    .await;
    let get = async |tokens: Arc<dyn TokenSource>| {
        let endpoint = Endpoint::parse(&server.url).unwrap();
        let hub = Hub::new(endpoint, tokens, Profile::default()).unwrap();
        let file = hub.repo(&repo_id()).file(&commit(), "f");
        read(file.get(None).await?).await
    };
    let renewed = Renewed(Mutex::new("hf_old"));
    assert_eq!(get(Arc::new(renewed)).await.unwrap(), CONTENT);
    assert_eq!(server.seen().len(), 2);
    let error = get(Arc::new(Token::new("hf_old"))).await.unwrap_err();
    assert!(matches!(error, Error::SignedOut { .. }), "{error:?}");
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn a_range_comes_with_its_place_in_the_file() {
    let server = Server::start(serve).await;
    let body = file(&server).get(Some(2..5)).await.unwrap();
    assert_eq!(
        body.extent,
        Extent::Part {
            range: 2..5,
            total: Some(10)
        }
    );
    assert_eq!(read(body).await.unwrap(), "234");
    assert_eq!(server.seen()[0].header("range"), Some("bytes=2-4"));
}

#[tokio::test]
async fn a_whole_answer_to_a_range_request_says_that_it_is_whole() {
    let server = Server::start(|_| reply(200, &[], CONTENT)).await;
    let body = file(&server).get(Some(2..5)).await.unwrap();
    assert_eq!(body.extent, Extent::Whole);
}

#[tokio::test]
async fn an_answer_that_cannot_be_trusted_to_be_the_bytes_is_malformed() {
    for (status, headers) in [
        (206, &[][..]),
        (206, &[("content-range", "bytes 4-0/10")]),
        (206, &[("content-range", "bytes 0-8/10")]),
        (200, &[("content-encoding", "gzip")]),
        (200, &[("etag", "\"../../evil\"")]),
        (203, &[]),
    ] {
        let error = refused(status, headers, "0123").await;
        assert!(
            matches!(error, Error::Malformed { .. }),
            "{status} {headers:?}: {error:?}"
        );
        assert_eq!(error.retry(), Retry::No);
    }
}

#[tokio::test]
async fn a_refusal_of_the_endpoint_means_what_it_means_elsewhere_and_is_not_repeated() {
    let error = refused(404, &[("x-error-code", "EntryNotFound")], "").await;
    assert!(
        matches!(error, Error::NotFound(What::Entry, _)),
        "{error:?}"
    );
    let error = refused(416, &[], "").await;
    assert!(
        matches!(error, Error::RangeNotSatisfiable { .. }),
        "{error:?}"
    );
    let error = refused(403, &[("x-error-code", "GatedRepo")], "").await;
    assert!(matches!(error, Error::Gated { .. }), "{error:?}");

    let server = Server::start(|_| reply(503, &[], "")).await;
    let error = file(&server).get(None).await.unwrap_err();
    assert!(matches!(error, Error::Server { .. }), "{error:?}");
    assert_eq!(server.lines().len(), 1);
}

#[tokio::test]
async fn bytes_that_stop_coming_are_a_stall_that_names_the_host() {
    let server =
        Server::start(|_| reply(200, &[("content-length", "10")], silent_after("0123"))).await;
    let mut body = urgent_file(&server).get(None).await.unwrap();
    assert_eq!(body.chunk().await.unwrap().unwrap(), "0123");
    let error = body.chunk().await.unwrap_err();
    assert!(matches!(error, Error::Stalled { .. }), "{error:?}");
    let host = server.url.trim_start_matches("http://");
    assert_eq!(error.to_string(), format!("no data from {host} for 0.3 s"));
    assert_eq!(error.retry(), Retry::Soon);
}

#[tokio::test]
async fn a_connection_that_breaks_is_cut_and_what_came_is_good() {
    let server =
        Server::start(|_| reply(200, &[("content-length", "10")], cut_after("0123"))).await;
    let mut body = file(&server).get(None).await.unwrap();
    assert_eq!(body.chunk().await.unwrap().unwrap(), "0123");
    let error = body.chunk().await.unwrap_err();
    assert!(matches!(error, Error::Cut { .. }), "{error:?}");
    assert_eq!(error.retry(), Retry::Soon);
}

#[tokio::test]
async fn a_storage_host_that_never_answers_is_a_timeout() {
    let mute = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let to = format!("http://{}/f", mute.local_addr().unwrap());
    let server = Server::start(move |_| redirect(&to)).await;
    let error = urgent_file(&server).get(None).await.unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }), "{error:?}");
}

#[tokio::test]
async fn the_ranges_of_a_file_ask_the_hub_once() {
    let storage = Server::start(serve).await;
    let to = format!("{}/f?sig=1", storage.url);
    let server = Server::start(move |_| redirect(&to)).await;
    let file = file(&server);
    let at_once = join_all((0..5).map(|n| file.get(Some(n * 2..n * 2 + 2)))).await;
    assert!(at_once.iter().all(Result::is_ok));
    let later = file.clone().get(Some(0..1)).await.unwrap();
    assert_eq!(later.etag, None, "nobody asked the endpoint");
    assert_eq!((server.lines().len(), storage.lines().len()), (1, 6));
}

#[tokio::test]
async fn a_file_the_hub_sends_itself_is_always_asked_of_the_hub() {
    let server = Server::start(serve).await;
    let file = file(&server);
    for n in 0..3 {
        file.get(Some(n..n + 1)).await.unwrap();
    }
    assert!(
        server
            .seen()
            .iter()
            .all(|seen| seen.header("authorization").is_some())
    );
    assert_eq!(server.lines().len(), 3);
}

#[tokio::test]
async fn an_expired_link_is_asked_for_anew_once() {
    for status in [401, 403, 404, 410] {
        let storage = Server::start(move |seen| {
            let is_expired = seen.line.contains("link=0") && seen.earlier > 0;
            if is_expired {
                reply(status, &[], "expired")
            } else {
                serve(seen)
            }
        })
        .await;
        let to = storage.url.clone();
        let server =
            Server::start(move |seen| redirect(&format!("{to}/f?link={}", seen.earlier))).await;
        let file = file(&server);
        file.get(Some(0..1)).await.unwrap();
        let body = file.get(Some(1..3)).await.unwrap();
        assert_eq!(read(body).await.unwrap(), "12", "{status}");
        assert_eq!(server.lines().len(), 2);
        file.get(Some(3..4)).await.unwrap();
        assert_eq!(server.lines().len(), 2, "the new link is remembered");
    }
}

#[tokio::test]
async fn a_link_that_is_refused_when_new_is_not_asked_for_again() {
    let storage = Server::start(|_| reply(403, &[("x-error-code", "GatedRepo")], "")).await;
    let to = storage.url.clone();
    let server = Server::start(move |_| redirect(&to)).await;
    let error = file(&server).get(None).await.unwrap_err();
    assert!(matches!(error, Error::Storage { .. }), "{error:?}");
    assert_eq!((server.lines().len(), storage.lines().len()), (1, 1));
}

#[tokio::test]
async fn a_path_that_leads_elsewhere_is_not_asked_for() {
    let server = Server::start(serve).await;
    let error = server
        .repo()
        .file(&commit(), "../../secret")
        .get(None)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Unaddressable { .. }), "{error:?}");
    assert_eq!(server.lines().len(), 0);
}
