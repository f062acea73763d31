use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use hubdesk_core::{RepoId, Token};
use reqwest::header::{ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, HeaderValue, RANGE};
use reqwest::{Method, RequestBuilder};
use tokio::time::timeout;
use url::Url;

use crate::budget::{Permit, TooLong};
use crate::call::Call;
use crate::exchange::redact;
use crate::fault::network_fault;
use crate::file::Way;
use crate::sent::Sent;
use crate::trust::Speaks;
use crate::{Endpoint, Error, Exchange, Profile, Repo, TokenSource};

/// Our name for a request, which a Hub repeats when it makes none of its own.
const TRACE_ID: &str = "x-amzn-trace-id";

/// A Hub to talk to. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct Hub {
    shared: Arc<Inner>,
    is_background: bool,
}

struct Inner {
    /// Facts and small files: over HTTP/2, where it is offered, they share one connection.
    api: reqwest::Client,
    /// Large bodies have a client of their own that never speaks HTTP/2: its streams would share one
    /// connection, and then a slow connection holds every range of a file, and giving up on one
    /// range closes nothing.
    files: reqwest::Client,
    endpoint: Endpoint,
    tokens: Arc<dyn TokenSource>,
    profile: Profile,
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
        let shared = Arc::new(Inner {
            api: build(profile.client(&endpoint, Speaks::Http2)?)?,
            files: build(profile.client(&endpoint, Speaks::Http1)?)?,
            endpoint,
            tokens,
            profile,
        });
        Ok(Self {
            shared,
            is_background: false,
        })
    }

    /// The same Hub and account, with the network used as `profile` says. What was asked before
    /// goes on as it began.
    pub fn with_profile(&self, profile: Profile) -> Result<Self, Error> {
        let hub = Self::new(
            self.endpoint().clone(),
            Arc::clone(&self.shared.tokens),
            profile,
        )?;
        Ok(Self {
            is_background: self.is_background,
            ..hub
        })
    }

    /// The same client for work that nobody waits for: it leaves the last tenth of what the Hub
    /// allows to people.
    pub fn in_background(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            is_background: true,
        }
    }

    /// The Hub's address.
    pub fn endpoint(&self) -> &Endpoint {
        &self.shared.endpoint
    }

    /// A repository of this Hub. Nothing is asked yet.
    pub fn repo(&self, id: &RepoId) -> Repo {
        Repo::new(self.clone(), id.clone())
    }

    /// How it uses the network.
    pub fn profile(&self) -> &Profile {
        &self.shared.profile
    }

    /// The client that carries bodies of files, without a token.
    pub(crate) fn files(&self) -> &reqwest::Client {
        &self.shared.files
    }

    pub(crate) fn tokens(&self) -> &dyn TokenSource {
        &*self.shared.tokens
    }

    /// One request for the bytes of a file; redirects and refusals are the caller's.
    pub(crate) async fn fetch(
        &self,
        url: &Url,
        range: Option<&Range<u64>>,
        way: Way,
    ) -> Result<Sent, Error> {
        let client = match way {
            Way::Shared => &self.shared.api,
            Way::Own => &self.shared.files,
        };
        let mut request = client.get(url.clone()).header("X-HF-Download-Counter", "1");
        if let Some(range) = range {
            request = request.header(RANGE, format!("bytes={}-{}", range.start, range.end - 1));
        }
        let silence = self.shared.profile.stall;
        self.send(request, url, "GET", silence, false).await
    }

    /// A request to any host that carries nothing of ours.
    pub(crate) fn plain(&self, url: &Url) -> RequestBuilder {
        self.shared.api.get(url.clone())
    }

    /// One request to `url` with what `call` carries.
    pub(crate) async fn send_call(&self, call: &Call, url: &Url) -> Result<Sent, Error> {
        let mut request = self
            .shared
            .api
            .request(Method::from(call.verb), url.clone());
        if let Some(payload) = &call.payload {
            request = request
                .header(CONTENT_TYPE, payload.content_type)
                .body(payload.bytes.clone());
        }
        self.send(
            request,
            url,
            call.verb.as_str(),
            call.patience.unwrap_or(self.shared.profile.read_timeout),
            call.is_hushed,
        )
        .await
    }

    /// Sends one request and waits for the head of the answer, but not longer than connecting and
    /// then a `silence` may take. This is the only place that puts a token on a request, and it
    /// does so where [`Endpoint::may_see_token`] says, and nowhere else; and the only one that
    /// sends to the endpoint.
    async fn send(
        &self,
        request: RequestBuilder,
        url: &Url,
        method: &'static str,
        silence: Duration,
        is_hushed: bool,
    ) -> Result<Sent, Error> {
        let profile = &self.shared.profile;
        let trace = trace_id();
        let mut exchange = Exchange::new(method, url, self.endpoint());
        if profile.is_offline {
            return Err(Error::OfflineMode {
                exchange: Box::new(exchange),
            });
        }
        exchange.request_id = Some(trace.clone());
        let is_own = self.endpoint().is_origin_of(url);
        let token = if self.endpoint().may_see_token(url) {
            self.shared.tokens.token().await
        } else {
            None
        };
        exchange.url = redact(url, self.endpoint(), token.as_ref());
        let permit = match self.permit(url, is_own, token.as_ref()).await {
            Ok(permit) => permit,
            Err(TooLong(after)) => {
                return Err(Error::RateLimited {
                    after,
                    exchange: Box::new(exchange),
                });
            }
        };
        // An encoded body would have neither the length nor the ranges that were asked for.
        let mut request = request
            .header(ACCEPT_ENCODING, "identity")
            .header(TRACE_ID, trace);
        if let Some(header) = token.as_ref().and_then(bearer) {
            request = request.header(AUTHORIZATION, header);
        }
        let response = match timeout(profile.connect_timeout + silence, request.send()).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => {
                if let Some(permit) = permit.filter(|_| error.is_connect()) {
                    permit.unsent();
                }
                return Err(network_fault(error, exchange));
            }
            Err(_) => {
                return Err(Error::Timeout {
                    exchange: Box::new(exchange),
                });
            }
        };
        if let Some(permit) = permit {
            permit.answered(response.status().as_u16(), response.headers());
        }
        let status = response.status().as_u16();
        if is_hushed {
            // What it was sent could come back in any header.
            exchange.status = Some(status);
        } else {
            exchange.answered(status, response.headers(), token.as_ref());
        }
        if is_own && !is_hushed {
            profile
                .warnings
                .note(exchange.host(), response.headers(), token.as_ref());
        }
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

    /// The right to send a request; other hosts than the endpoint do not count them.
    async fn permit(
        &self,
        url: &Url,
        is_own: bool,
        token: Option<&Token>,
    ) -> Result<Option<Permit>, TooLong> {
        if !is_own {
            return Ok(None);
        }
        let budget = &self.shared.profile.budget;
        budget
            .admit(self.endpoint(), url, token, self.is_background)
            .await
            .map(Some)
    }
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Hub")
            .field(&self.shared.endpoint.to_string())
            .finish()
    }
}

/// A random UUID (RFC 9562, version 4).
fn trace_id() -> String {
    let mut bytes = [0; 16];
    // Without chance two requests have one name, which only their log would notice.
    let _ = getrandom::fill(&mut bytes);
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let (a, b, c, d, e) = (
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    );
    format!("{a}-{b}-{c}-{d}-{e}")
}

fn bearer(token: &Token) -> Option<HeaderValue> {
    let mut header = HeaderValue::from_str(&format!("Bearer {}", token.expose())).ok()?;
    header.set_sensitive(true);
    Some(header)
}
