use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, ready};
use hubdesk_core::{Backoff, Token};

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

/// How patient the client is, and how it introduces itself.
#[derive(Debug, Clone)]
pub struct Profile {
    /// The `User-Agent` of every request.
    pub user_agent: String,
    /// When a request for facts is repeated.
    pub backoff: Backoff,
    /// The longest time to make a connection.
    pub connect_timeout: Duration,
    /// The longest silence while facts are awaited.
    pub read_timeout: Duration,
    /// The longest silence while a file's bytes are awaited.
    pub stall: Duration,
}

impl Default for Profile {
    fn default() -> Self {
        let version = env!("CARGO_PKG_VERSION");
        let rust = env!("CARGO_PKG_RUST_VERSION");
        let os = std::env::consts::OS;
        Self {
            user_agent: format!("hubdesk/{version}; rust/{rust}; os/{os}"),
            backoff: Backoff::HUB,
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(30),
            stall: Duration::from_secs(10),
        }
    }
}
