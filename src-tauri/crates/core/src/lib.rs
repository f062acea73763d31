//! The names everything else is written in, and a few mechanisms without a home of their own.
//!
//! Never does I/O: nothing here opens a file, a socket, the clock or the environment.
//! Read first: [`RepoId`], [`Revision`], [`RepoPath`], [`Digest`].

mod byte_count;
mod clock;
pub mod date;
mod digest;
mod hub_uri;
mod limiter;
mod meter;
mod pattern;
mod repo_id;
mod repo_path;
mod retry;
mod revision;
mod secret;
mod share;
mod token;
mod wait;
mod web_link;

pub use byte_count::ByteCount;
pub use clock::{Clock, ManualClock, SystemClock};
pub use digest::{Digest, Hasher};
pub use hub_uri::{BadUri, HubUri, Mount, Place};
pub use limiter::{Class, Limiter};
pub use meter::{Meter, Reading, Tally};
pub use pattern::{Pattern, Patterns};
pub use repo_id::{BadRepoId, RepoId, RepoKind};
pub use repo_path::{BadPath, Os, RepoPath};
pub use retry::{Backoff, Retry};
pub use revision::{BadRevision, CommitId, Revision};
pub use secret::Secret;
pub use share::Share;
pub use token::Token;
pub use wait::Wait;
