use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, ready};
use hubdesk_core::{Backoff, Token};

use crate::agent::user_agent;
use crate::trust::Speaks;
use crate::{Budget, Certificates, Endpoint, Error, Proxy, Warnings};

/// Where the token comes from. Asked for every request: a token that is taken back is not sent again.
pub trait TokenSource: Send + Sync {
    /// The token to use now, if any. May wait for one that is being renewed.
    fn token(&self) -> BoxFuture<'_, Option<Token>>;

    /// The Hub does not take `token`, which came from here. Whether it is worth asking again with
    /// what [`TokenSource::token`] gives now.
    fn refused<'a>(&'a self, token: &'a Token) -> BoxFuture<'a, bool>;
}

/// One token for ever, or none.
impl TokenSource for Option<Token> {
    fn token(&self) -> BoxFuture<'_, Option<Token>> {
        ready(self.clone()).boxed()
    }

    fn refused<'a>(&'a self, _: &'a Token) -> BoxFuture<'a, bool> {
        ready(false).boxed()
    }
}

/// How the network is used: the same for the Hub, its storage and everything its links lead to.
/// Cheap to clone; clones share one [`Budget`] and what the Hub warned of.
#[derive(Debug, Clone)]
pub struct Profile {
    /// The `User-Agent` of every request; see [`Profile::introduced`].
    pub user_agent: String,
    /// Which way requests leave this machine.
    pub proxy: Proxy,
    /// Who is trusted beside those whom the system trusts.
    pub certificates: Certificates,
    /// Nothing may be sent: every request ends as [`Error::OfflineMode`](crate::Error::OfflineMode).
    pub is_offline: bool,
    /// What the Hub still allows. One for the whole process, since the Hub counts per account and
    /// address, and not per client.
    pub budget: Budget,
    /// What Hubs want people to know: [`Warnings::stream`].
    pub warnings: Warnings,
    /// When a request for facts is repeated.
    pub backoff: Backoff,
    /// The longest time to make a connection.
    pub connect_timeout: Duration,
    /// The longest silence while facts are awaited.
    pub read_timeout: Duration,
    /// The longest silence while a file's bytes are awaited.
    pub stall: Duration,
}

impl Profile {
    /// The usual one, introduced as `hubdesk/<version>`, with what it runs on if `is_detailed`,
    /// and with `origin/<…>` if there is an `origin` that a header can carry.
    pub fn introduced(is_detailed: bool, origin: Option<&str>) -> Self {
        Self {
            user_agent: user_agent(is_detailed, origin),
            ..Self::default()
        }
    }

    /// The longest time for a body that is read into memory, however steadily it drips: two minutes
    /// with the usual settings, in which the largest answers come over a slow line.
    pub(crate) fn longest_body(&self) -> Duration {
        self.read_timeout * 4
    }

    /// What makes the clients of `endpoint`. They follow no redirect: who sent the request does,
    /// after a look. A connection that many share is given up when it falls silent, or the next
    /// requests would wait for it, too.
    pub(crate) fn client(
        &self,
        endpoint: &Endpoint,
        speaks: Speaks,
    ) -> Result<reqwest::ClientBuilder, Error> {
        let builder = reqwest::Client::builder()
            .user_agent(&self.user_agent)
            .connect_timeout(self.connect_timeout)
            .http2_keep_alive_interval(self.stall)
            .http2_keep_alive_timeout(self.stall)
            .redirect(reqwest::redirect::Policy::none());
        let builder = self.certificates.apply(builder, speaks);
        let builder = match speaks {
            Speaks::Http2 => builder,
            Speaks::Http1 => builder.http1_only(),
        };
        if endpoint.is_loopback() {
            return Ok(builder.no_proxy());
        }
        let builder = self.proxy.apply(builder);
        builder.map_err(|source| Error::Setup { source })
    }
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            user_agent: user_agent(true, None),
            proxy: Proxy::default(),
            certificates: Certificates::default(),
            is_offline: false,
            budget: Budget::default(),
            warnings: Warnings::default(),
            backoff: Backoff::HUB,
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(30),
            stall: Duration::from_secs(10),
        }
    }
}
