use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use hubdesk_core::{RepoId, Token};
use reqwest::header::{ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, RANGE};
use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{RequestBuilder, Response};
use serde::de::DeserializeOwned;
use tokio::time::timeout;
use url::Url;

use crate::classify::refusal;
use crate::fault::{malformed, network_fault};
use crate::redirect::{self, MOST_HOPS};
use crate::{Endpoint, Error, Exchange, Profile, Repo, TokenSource, retry};

/// The most an answer with facts may hold. A page of a tree is well below 1 MiB; this leaves room
/// for lists that have no pages, and bounds what a broken server can make us keep.
const LARGEST_ANSWER: usize = 64 << 20;
/// The most that is read of an error's text.
const LARGEST_ERROR_TEXT: usize = 64 << 10;

/// A Hub to talk to. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct Hub(Arc<Inner>);

struct Inner {
    api: reqwest::Client,
    /// Bodies have a client of their own that never speaks HTTP/2: its streams would share one
    /// connection, and then a slow connection holds every range of a file, and giving up on one
    /// range closes nothing.
    files: reqwest::Client,
    endpoint: Endpoint,
    tokens: Arc<dyn TokenSource>,
    profile: Profile,
}

/// A request for facts. It has no effect at the Hub, so it may be repeated.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) url: Url,
    /// The body of a POST; without one it is a GET.
    pub(crate) form: Option<String>,
    /// The repository it is about, for telling what a refusal means.
    pub(crate) about: Option<RepoId>,
}

/// Facts, with what came beside them.
pub(crate) struct Answer<T> {
    pub(crate) value: T,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) exchange: Exchange,
}

/// An answer of which only the head was read.
pub(crate) struct Sent {
    pub(crate) response: Response,
    pub(crate) exchange: Exchange,
    token: Option<Token>,
}

impl Hub {
    /// A client of `endpoint`. Opens no connection yet.
    pub fn new(
        endpoint: Endpoint,
        tokens: Arc<dyn TokenSource>,
        profile: Profile,
    ) -> Result<Self, Error> {
        let build = |builder: reqwest::ClientBuilder| {
            builder.build().map_err(|error| Error::Setup {
                source: error.into(),
            })
        };
        Ok(Self(Arc::new(Inner {
            api: build(client(&endpoint, &profile))?,
            files: build(client(&endpoint, &profile).http1_only())?,
            endpoint,
            tokens,
            profile,
        })))
    }

    /// The Hub's address.
    pub fn endpoint(&self) -> &Endpoint {
        &self.0.endpoint
    }

    /// A repository of this Hub. Nothing is asked yet.
    pub fn repo(&self, id: &RepoId) -> Repo {
        Repo::new(self.clone(), id.clone())
    }

    pub(crate) fn stall(&self) -> Duration {
        self.0.profile.stall
    }

    /// Asks for facts, again if that may help, and reads them as `T`.
    pub(crate) async fn ask<T: DeserializeOwned>(&self, call: &Call) -> Result<Answer<T>, Error> {
        retry::run(self.0.profile.backoff, || self.ask_once(call)).await
    }

    async fn ask_once<T: DeserializeOwned>(&self, call: &Call) -> Result<Answer<T>, Error> {
        let mut url = call.url.clone();
        for _ in 0..=MOST_HOPS {
            let sent = self
                .send(
                    self.api_request(&url, call),
                    &url,
                    call.method(),
                    self.0.profile.read_timeout,
                )
                .await?;
            match redirect::next_hop(&url, &sent, self.endpoint())? {
                // Facts come from the Hub itself; only a file's bytes may come from elsewhere.
                Some(next) if !self.endpoint().is_origin_of(&next) => {
                    return Err(redirect::refused(&next, sent.exchange, self.endpoint()));
                }
                Some(next) => url = next,
                None => return self.read_answer(sent, url, call).await,
            }
        }
        let exchange = Box::new(Exchange::new(call.method(), &url, self.endpoint()));
        Err(Error::TooManyRedirects { exchange })
    }

    async fn read_answer<T: DeserializeOwned>(
        &self,
        mut sent: Sent,
        url: Url,
        call: &Call,
    ) -> Result<Answer<T>, Error> {
        if sent.is_refusal() {
            let (headers, exchange) = self.explain(sent).await;
            return Err(refusal(&headers, call.about.as_ref(), exchange));
        }
        if sent.response.status() != 200 || sent.is_encoded() {
            return Err(sent.unexpected("neither 200 nor plain"));
        }
        let bytes = self.read_whole(&mut sent).await?;
        match serde_json::from_slice(&bytes) {
            Ok(value) => Ok(Answer {
                value,
                url,
                headers: sent.response.headers().clone(),
                exchange: sent.exchange,
            }),
            Err(error) => Err(sent.unexpected(&error.to_string())),
        }
    }

    /// One request for the bytes of a file; redirects are the caller's.
    pub(crate) async fn fetch(&self, url: &Url, range: Option<&Range<u64>>) -> Result<Sent, Error> {
        let mut request = self
            .0
            .files
            .get(url.clone())
            .header("X-HF-Download-Counter", "1");
        if let Some(range) = range {
            request = request.header(RANGE, format!("bytes={}-{}", range.start, range.end - 1));
        }
        self.send(request, url, "GET", self.0.profile.stall).await
    }

    fn api_request(&self, url: &Url, call: &Call) -> RequestBuilder {
        match &call.form {
            None => self.0.api.get(url.clone()),
            Some(form) => self
                .0
                .api
                .post(url.clone())
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(form.clone()),
        }
    }

    /// Sends one request and waits for the head of the answer, but not longer than connecting and
    /// then a `silence` may take. This is the only place that puts a token on a request, and it
    /// does so for the endpoint's own origin alone.
    async fn send(
        &self,
        request: RequestBuilder,
        url: &Url,
        method: &'static str,
        silence: Duration,
    ) -> Result<Sent, Error> {
        let profile = &self.0.profile;
        let is_own = self.endpoint().is_origin_of(url);
        let token = if is_own { self.0.tokens.token() } else { None };
        // An encoded body would have neither the length nor the ranges that were asked for.
        let mut request = request.header(ACCEPT_ENCODING, "identity");
        if let Some(header) = token.as_ref().and_then(bearer) {
            request = request.header(AUTHORIZATION, header);
        }
        let mut exchange = Exchange::new(method, url, self.endpoint());
        let response = match timeout(profile.connect_timeout + silence, request.send()).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Err(network_fault(error, exchange)),
            Err(_) => {
                return Err(Error::Timeout {
                    exchange: Box::new(exchange),
                });
            }
        };
        exchange.answered(
            response.status().as_u16(),
            response.headers(),
            token.as_ref(),
        );
        tracing::debug!(
            method,
            url = exchange.url,
            status = exchange.status,
            request_id = exchange.request_id,
            "answered"
        );
        Ok(Sent {
            response,
            exchange,
            token,
        })
    }

    async fn read_whole(&self, sent: &mut Sent) -> Result<Vec<u8>, Error> {
        let declared = sent.response.content_length().unwrap_or_default();
        let mut bytes = Vec::new();
        loop {
            if bytes.len() > LARGEST_ANSWER || declared > LARGEST_ANSWER as u64 {
                return Err(sent.unexpected("larger than any answer may be"));
            }
            let exchange = || Box::new(sent.exchange.clone());
            match timeout(self.0.profile.read_timeout, sent.response.chunk()).await {
                Ok(Ok(Some(chunk))) => bytes.extend_from_slice(&chunk),
                Ok(Ok(None)) => return Ok(bytes),
                Ok(Err(error)) => return Err(network_fault(error, *exchange())),
                Err(_) => {
                    return Err(Error::Timeout {
                        exchange: exchange(),
                    });
                }
            }
        }
    }

    /// The exchange of a refusal with the server's words, as far as they come.
    pub(crate) async fn explain(&self, mut sent: Sent) -> (HeaderMap, Exchange) {
        let mut text = Vec::new();
        let reading = async {
            while text.len() < LARGEST_ERROR_TEXT && !sent.is_encoded() {
                match sent.response.chunk().await {
                    Ok(Some(chunk)) => text.extend_from_slice(&chunk),
                    Ok(None) | Err(_) => break,
                }
            }
        };
        // What came until then must do: the status already says what the error is.
        let _ = timeout(self.0.profile.read_timeout, reading).await;
        text.truncate(LARGEST_ERROR_TEXT);
        let headers = sent.response.headers().clone();
        let mut exchange = sent.exchange;
        exchange.explained(
            &headers,
            &String::from_utf8_lossy(&text),
            sent.token.as_ref(),
        );
        (headers, exchange)
    }
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Hub")
            .field(&self.0.endpoint.to_string())
            .finish()
    }
}

impl Call {
    pub(crate) fn get(url: Url, about: Option<&RepoId>) -> Self {
        Self {
            url,
            form: None,
            about: about.cloned(),
        }
    }

    fn method(&self) -> &'static str {
        if self.form.is_some() { "POST" } else { "GET" }
    }
}

impl Sent {
    pub(crate) fn is_refusal(&self) -> bool {
        self.response.status().as_u16() >= 400
    }

    /// Whether the body is packed although we asked for it plain.
    pub(crate) fn is_encoded(&self) -> bool {
        let encoding = self.response.headers().get(CONTENT_ENCODING);
        encoding.is_some_and(|encoding| encoding != "identity")
    }

    pub(crate) fn unexpected(&self, what: &str) -> Error {
        malformed(what, self.exchange.clone(), self.token.as_ref())
    }
}

fn client(endpoint: &Endpoint, profile: &Profile) -> reqwest::ClientBuilder {
    let builder = reqwest::Client::builder()
        .user_agent(&profile.user_agent)
        .connect_timeout(profile.connect_timeout)
        .redirect(reqwest::redirect::Policy::none());
    // A proxy is elsewhere, and would look for the address on its own machine.
    if endpoint.is_loopback() {
        builder.no_proxy()
    } else {
        builder
    }
}

fn bearer(token: &Token) -> Option<HeaderValue> {
    let mut header = HeaderValue::from_str(&format!("Bearer {}", token.expose())).ok()?;
    header.set_sensitive(true);
    Some(header)
}
