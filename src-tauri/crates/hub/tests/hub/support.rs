//! A server that answers as a test says and remembers what it was asked.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use futures_util::{StreamExt, stream};
use hubdesk_core::{Backoff, CommitId, RepoId, RepoKind, Token};
use hubdesk_hub::{Endpoint, Error, Hub, Profile, Repo};
use tokio::net::TcpListener;

pub(crate) const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
pub(crate) const BLOB: &str = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";
pub(crate) const SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
pub(crate) const TOKEN: &str = "hf_very_secret";

/// One request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    /// Method, path and query, as in the first line of a request.
    pub(crate) line: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
    /// How many requests came before.
    pub(crate) earlier: usize,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

/// Answers on a port of its own until the test's runtime ends.
pub(crate) struct Server {
    pub(crate) url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    pub(crate) async fn start(
        answer: impl Fn(&Seen) -> Response + Clone + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let record = Arc::clone(&seen);
        let handler = move |request: Request| {
            let (record, answer) = (Arc::clone(&record), answer.clone());
            async move {
                let mut request = read(request).await;
                let mut record = record.lock().unwrap();
                request.earlier = record.len();
                record.push(request.clone());
                answer(&request)
            }
        };
        let app = Router::new().fallback(handler);
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, seen }
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.line).collect()
    }

    pub(crate) fn hub(&self) -> Hub {
        hub_at(&self.url, Some(TOKEN))
    }

    pub(crate) fn anonymous(&self) -> Hub {
        hub_at(&self.url, None)
    }

    pub(crate) fn repo(&self) -> Repo {
        self.hub()
            .repo(&RepoId::new(RepoKind::Model, "org/m").unwrap())
    }
}

async fn read(request: Request) -> Seen {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    Seen {
        line: format!("{} {}", head.method, head.uri),
        headers: head.headers,
        body: String::from_utf8(body.to_vec()).unwrap(),
        earlier: 0,
    }
}

/// A client that repeats quickly and waits long.
pub(crate) fn hub_at(url: &str, token: Option<&str>) -> Hub {
    hub_with(url, token, Duration::from_secs(20))
}

/// A client that takes a short silence for a long one, for tests in which somebody is silent.
pub(crate) fn impatient(url: &str) -> Hub {
    hub_with(url, Some(TOKEN), Duration::from_millis(300))
}

fn hub_with(url: &str, token: Option<&str>, patience: Duration) -> Hub {
    let backoff = Backoff {
        retries: 2,
        first: Duration::from_millis(1),
        longest: Duration::from_millis(2),
    };
    let profile = Profile {
        backoff,
        connect_timeout: patience,
        read_timeout: patience,
        stall: patience,
        ..Profile::default()
    };
    let token = token.map(|token| Token::new(token).unwrap());
    Hub::new(Endpoint::parse(url).unwrap(), Arc::new(token), profile).unwrap()
}

pub(crate) fn repo_id() -> RepoId {
    RepoId::new(RepoKind::Model, "org/m").unwrap()
}

pub(crate) fn commit() -> CommitId {
    COMMIT.parse().unwrap()
}

/// An answer with a status, headers and a body.
pub(crate) fn reply(status: u16, headers: &[(&str, &str)], body: impl Into<Body>) -> Response {
    let mut response = Response::builder().status(StatusCode::from_u16(status).unwrap());
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    response.body(body.into()).unwrap()
}

pub(crate) fn json(body: impl Into<Body>) -> Response {
    reply(200, &[("content-type", "application/json")], body)
}

pub(crate) fn redirect(to: &str) -> Response {
    reply(302, &[("location", to)], "")
}

/// A body that sends `start` and then nothing, without ending.
pub(crate) fn silent_after(start: &'static str) -> Body {
    let start = stream::iter([Ok::<_, std::io::Error>(Bytes::from(start))]);
    Body::from_stream(start.chain(stream::pending()))
}

/// A body that sends `drop` again and again, and never ends.
pub(crate) fn dripping(drop: &'static str) -> Body {
    let drops = stream::unfold((), move |()| async move {
        tokio::time::sleep(Duration::from_millis(20)).await;
        Some((Ok::<_, std::io::Error>(Bytes::from(drop)), ()))
    });
    Body::from_stream(drops)
}

/// A body that sends `start` and then breaks the connection.
pub(crate) fn cut_after(start: &'static str) -> Body {
    let start = stream::iter([Ok(Bytes::from(start))]);
    let end = stream::once(async {
        // Lets the first bytes leave before the connection goes.
        tokio::task::yield_now().await;
        Err(std::io::Error::other("cut by the test"))
    });
    Body::from_stream(start.chain(end))
}

/// Everything an error would show anywhere: itself, its sources, its debug form.
pub(crate) fn everything(error: &Error) -> String {
    let sources = std::iter::successors(Some(error as &dyn std::error::Error), |e| e.source());
    let shown: Vec<String> = sources.map(ToString::to_string).collect();
    format!("{} {error:?}", shown.join(": "))
}
