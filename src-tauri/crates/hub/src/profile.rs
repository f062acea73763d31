use std::time::Duration;

use hubdesk_core::{Backoff, Token};

/// Where the token comes from. Asked for every request: a token that is taken back is not sent again.
pub trait TokenSource: Send + Sync {
    /// The token to use now, if any.
    fn token(&self) -> Option<Token>;
}

impl TokenSource for Option<Token> {
    fn token(&self) -> Option<Token> {
        self.clone()
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
