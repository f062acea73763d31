use std::fmt;
use std::time::Duration;

use hubdesk_core::{RepoId, Retry};

use crate::Exchange;

/// Why the Hub did not give what was asked for.
///
/// A variant is a different thing to do about it. Everything that came from a request carries the
/// [`Exchange`], which holds the redacted address and the Hub's own words.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The token is missing, wrong or expired.
    #[error("the token is missing, invalid or expired")]
    SignedOut {
        /// The request.
        exchange: Box<Exchange>,
    },
    /// Access to the repository must be requested first.
    #[error("access to {repo} must be requested")]
    Gated {
        /// The repository.
        repo: RepoId,
        /// The request.
        exchange: Box<Exchange>,
    },
    /// The account may not do this.
    #[error("not allowed{}", Words(.message))]
    Forbidden {
        /// The Hub's reason, cleaned; empty when it gave none.
        message: String,
        /// The request.
        exchange: Box<Exchange>,
    },
    /// The repository was taken down.
    #[error("the repository is disabled")]
    Disabled {
        /// The request.
        exchange: Box<Exchange>,
    },
    /// It is not there. A private repository without access looks like a missing one by design.
    #[error("no such {0}")]
    NotFound(
        /// What is missing.
        What,
        /// The request.
        Box<Exchange>,
    ),
    /// Too many requests.
    #[error("too many requests")]
    RateLimited {
        /// How long the Hub wants to be left alone; zero when it did not say.
        after: Duration,
        /// The request.
        exchange: Box<Exchange>,
    },
    /// The Hub, or the storage host, is in trouble.
    #[error("{} answers with status {}", .exchange.host(), .exchange.status.unwrap_or_default())]
    Server {
        /// How long it wants to be left alone, if it said so.
        after: Option<Duration>,
        /// The request.
        exchange: Box<Exchange>,
    },
    /// The Hub is still working out the answer.
    #[error("the Hub is still working on it")]
    NotReady {
        /// The request.
        exchange: Box<Exchange>,
    },
    /// No connection came about.
    #[error("cannot connect to {}", .exchange.host())]
    Offline {
        /// The request.
        exchange: Box<Exchange>,
        /// What the network said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Nothing was sent, because we were told to be offline ([`Profile::is_offline`]).
    ///
    /// [`Profile::is_offline`]: crate::Profile::is_offline
    #[error("told to be offline, so nothing is asked of {}", .exchange.host())]
    OfflineMode {
        /// The request that was not made.
        exchange: Box<Exchange>,
    },
    /// The proxy is there and does not let us through, often for want of a name and a password.
    #[error("the proxy does not let us through to {}", .exchange.host())]
    ProxyRefused {
        /// The request.
        exchange: Box<Exchange>,
    },
    /// A connection came about, but no trustworthy one: a wrong certificate, or something in
    /// between that does not speak TLS.
    #[error("no secure connection to {}", .exchange.host())]
    Insecure {
        /// The request.
        exchange: Box<Exchange>,
        /// What is wrong with it.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// No answer in time.
    #[error("no answer from {} in time", .exchange.host())]
    Timeout {
        /// The request.
        exchange: Box<Exchange>,
    },
    /// A file's bytes stopped coming.
    #[error("no data from {host} for {} s", .after.as_secs_f32())]
    Stalled {
        /// Who stopped sending.
        host: String,
        /// For how long nothing came.
        after: Duration,
        /// The request.
        exchange: Box<Exchange>,
    },
    /// The connection broke in the middle.
    #[error("the connection to {} broke", .exchange.host())]
    Cut {
        /// The request.
        exchange: Box<Exchange>,
        /// What the network said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// One redirect after the other, without an end.
    #[error("too many redirects")]
    TooManyRedirects {
        /// The last request.
        exchange: Box<Exchange>,
    },
    /// The answer leads to where a request must not go.
    #[error("the answer leads to {to}, where it may not")]
    UnsafeRedirect {
        /// Where to, redacted.
        to: String,
        /// The request so answered.
        exchange: Box<Exchange>,
    },
    /// What is to be made is there already, or somebody else is changing the same thing.
    #[error("in conflict with what is there{}", Words(.exchange.message.as_deref().unwrap_or_default()))]
    Conflict {
        /// The repository that is in the way, if the Hub names it.
        repo: Option<RepoId>,
        /// The request.
        exchange: Box<Exchange>,
    },
    /// The branch is no longer where the change expects it.
    #[error("the branch has moved on")]
    HeadMoved {
        /// The request.
        exchange: Box<Exchange>,
    },
    /// The account's plan or credit does not cover it.
    #[error("payment is needed{}", Words(.exchange.message.as_deref().unwrap_or_default()))]
    PaymentNeeded {
        /// The request.
        exchange: Box<Exchange>,
    },
    /// More than the Hub takes at once.
    #[error("more than the Hub takes at once{}", Words(.exchange.message.as_deref().unwrap_or_default()))]
    TooLarge {
        /// The request.
        exchange: Box<Exchange>,
    },
    /// A change was sent, its answer was lost, and nobody can see whether it happened.
    #[error("it is not known whether the Hub did it")]
    Unsure {
        /// How the answer was lost.
        source: Box<Error>,
    },
    /// The Hub does not take the request as it is.
    #[error("the request was refused{}", Words(.exchange.message.as_deref().unwrap_or_default()))]
    BadRequest {
        /// The request.
        exchange: Box<Exchange>,
    },
    /// The file ends before the range begins.
    #[error("the file has no such range")]
    RangeNotSatisfiable {
        /// The request.
        exchange: Box<Exchange>,
    },
    /// The storage host does not give what the Hub sent us there for, with a link just made.
    #[error("{} does not give out the file", .exchange.host())]
    Storage {
        /// The request.
        exchange: Box<Exchange>,
    },
    /// The answer is not what the protocol promises.
    #[error("unexpected answer: {what}")]
    Malformed {
        /// What is wrong with it, cleaned.
        what: String,
        /// The request.
        exchange: Box<Exchange>,
    },
    /// No address can be made for such a path: it has a part `.` or `..`.
    #[error("{path:?} cannot be the path of a file")]
    Unaddressable {
        /// The path as given.
        path: String,
    },
    /// The machine does not let us set up an HTTP client.
    #[error("the HTTP client cannot be set up")]
    Setup {
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// What was not found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The repository; or it is private and this account cannot see it.
    Repo,
    /// The branch, tag, ref or commit.
    Revision,
    /// The file or folder at that revision.
    Entry,
    /// Anything else.
    Page,
}

impl Error {
    /// What this says about trying again.
    pub fn retry(&self) -> Retry {
        match self {
            Self::RateLimited { after, .. } if !after.is_zero() => Retry::After(*after),
            Self::RateLimited { .. } => Retry::Soon,
            Self::Server { exchange, .. } if !exchange.is_passing_fault() => Retry::No,
            Self::Server { after, .. } => after.map_or(Retry::Soon, Retry::After),
            Self::Offline { .. } => Retry::WhenOnline,
            Self::NotReady { .. }
            | Self::Timeout { .. }
            | Self::Stalled { .. }
            | Self::Cut { .. }
            | Self::Storage { .. } => Retry::Soon,
            Self::SignedOut { .. }
            | Self::Gated { .. }
            | Self::Forbidden { .. }
            | Self::Disabled { .. }
            | Self::NotFound(..)
            | Self::OfflineMode { .. }
            | Self::ProxyRefused { .. }
            | Self::Insecure { .. }
            | Self::TooManyRedirects { .. }
            | Self::UnsafeRedirect { .. }
            | Self::Conflict { .. }
            | Self::HeadMoved { .. }
            | Self::PaymentNeeded { .. }
            | Self::TooLarge { .. }
            | Self::Unsure { .. }
            | Self::BadRequest { .. }
            | Self::RangeNotSatisfiable { .. }
            | Self::Malformed { .. }
            | Self::Unaddressable { .. }
            | Self::Setup { .. } => Retry::No,
        }
    }

    /// The request it happened to; `None` when none was made.
    pub fn exchange(&self) -> Option<&Exchange> {
        match self {
            Self::SignedOut { exchange }
            | Self::Gated { exchange, .. }
            | Self::Forbidden { exchange, .. }
            | Self::Disabled { exchange }
            | Self::NotFound(_, exchange)
            | Self::RateLimited { exchange, .. }
            | Self::Server { exchange, .. }
            | Self::NotReady { exchange }
            | Self::Offline { exchange, .. }
            | Self::OfflineMode { exchange }
            | Self::ProxyRefused { exchange }
            | Self::Insecure { exchange, .. }
            | Self::Timeout { exchange }
            | Self::Stalled { exchange, .. }
            | Self::Cut { exchange, .. }
            | Self::TooManyRedirects { exchange }
            | Self::UnsafeRedirect { exchange, .. }
            | Self::Conflict { exchange, .. }
            | Self::HeadMoved { exchange }
            | Self::PaymentNeeded { exchange }
            | Self::TooLarge { exchange }
            | Self::BadRequest { exchange }
            | Self::RangeNotSatisfiable { exchange }
            | Self::Storage { exchange }
            | Self::Malformed { exchange, .. } => Some(exchange),
            Self::Unsure { source } => source.exchange(),
            Self::Unaddressable { .. } | Self::Setup { .. } => None,
        }
    }

    /// Whether the request may have had its effect although this came back.
    pub(crate) fn may_have_happened(&self) -> bool {
        matches!(
            self,
            Self::Timeout { .. }
                | Self::Stalled { .. }
                | Self::Cut { .. }
                | Self::Server { .. }
                | Self::Malformed { .. }
        )
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Repo => "repository",
            Self::Revision => "revision",
            Self::Entry => "file or folder",
            Self::Page => "page",
        })
    }
}

/// A server's words as the end of a clause, if there are any.
struct Words<'a>(&'a str);

impl fmt::Display for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            Ok(())
        } else {
            write!(f, ": {}", self.0)
        }
    }
}
