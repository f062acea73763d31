//! The typed client of the Hub, and the process's only HTTP stack.
//!
//! Never touches a file, and speaks only to the configured [`Endpoint`] and to where its redirects
//! lead for the bytes of a file. What must stay true:
//!
//! - The token goes to the endpoint's own origin and nowhere else, neither by redirect nor by link.
//!   [`Hub`] asks for it anew for every request: one that is taken back is not sent again.
//! - Nothing a server says is trusted: answers are bounded, text is cleaned before anybody sees it,
//!   an address is followed only after a check. What is missing but optional degrades to `None`;
//!   what is wrong is [`Error::Malformed`].
//! - Errors and logs hold redacted addresses only. A signed query string is a secret.
//! - A *request* for facts is repeated here, within bounds. A change is sent again only when it
//!   surely did not happen, or when happening twice is the same as once. The bytes of a file are
//!   not asked for again: who downloads knows better where to go on.
//!
//! Read first: [`Hub`], [`Repo`], [`File`], [`Error`].

mod account;
mod agent;
mod ask;
mod body;
mod budget;
mod call;
mod certificates;
mod change;
mod classify;
mod client;
mod commits;
mod endpoint;
mod error;
mod exchange;
mod fault;
mod file;
mod json;
mod page;
mod probe;
mod profile;
mod proxy;
mod rate_limit;
mod redirect;
mod refs;
mod repo;
mod retry;
mod route;
mod search;
mod tree;
mod warning;

pub use account::{Org, TokenFacts, User};
pub use body::{Body, Extent};
pub use budget::{Budget, Waits};
pub use certificates::{BadCertificates, Certificates};
pub use client::Hub;
pub use commits::Commit;
pub use endpoint::{BadEndpoint, Endpoint};
pub use error::{Error, What};
pub use exchange::Exchange;
pub use file::File;
pub use page::{Cursor, Page};
pub use probe::{Found, Probe};
pub use profile::{Profile, TokenSource};
pub use proxy::{BadProxy, Proxy, ProxyAddress};
pub use refs::{Ref, Refs};
pub use repo::{Gated, Repo, RepoInfo, RepoSummary};
pub use search::{RepoQuery, Sort};
pub use tree::{EntryKind, LastCommit, Lfs, TreeEntry};
