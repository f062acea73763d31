//! The typed client of the Hub, and the process's only HTTP stack.
//!
//! Never touches a file, and speaks only to the configured [`Endpoint`] and to where it sends us for
//! the bytes of a file, by redirect when they come and by signed address when they go. What must
//! stay true:
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
//! - A commit says which parent it expects, so that the Hub itself refuses to do it twice.
//!
//! Read first: [`Hub`], [`Repo`], [`File`], [`Error`].

mod account;
mod ask;
mod body;
mod call;
mod change;
mod classify;
mod client;
mod commit;
mod commits;
mod copies;
mod endpoint;
mod error;
mod exchange;
mod fault;
mod file;
mod gate;
mod json;
mod lfs;
mod operations;
mod page;
mod profile;
mod rate_limit;
mod redirect;
mod refs;
mod repo;
mod retry;
mod route;
mod search;
mod signed;
mod tree;
mod upload;
mod upload_mode;
mod xet_token;

pub use account::{Org, TokenFacts, User};
pub use body::{Body, Extent};
pub use client::Hub;
pub use commit::{Committed, Message, Target};
pub use commits::Commit;
pub use copies::{LargeCopy, NotCopied};
pub use endpoint::{BadEndpoint, Endpoint};
pub use error::{Error, What};
pub use exchange::Exchange;
pub use file::File;
pub use gate::{Access, FieldKind, GateField, GateText};
pub use lfs::{LargeObject, Slot, Way};
pub use operations::{Operation, Operations};
pub use page::{Cursor, Page};
pub use profile::{Profile, TokenSource};
pub use refs::{Ref, Refs};
pub use repo::{Gated, Repo, RepoInfo, RepoSummary};
pub use search::{RepoQuery, Sort};
pub use signed::Bytestream;
pub use tree::{EntryKind, LastCommit, Lfs, TreeEntry};
pub use upload::{PartTag, Upload};
pub use upload_mode::{Candidate, Mode, UploadMode};
pub use xet_token::{XetAccess, XetToken};
