//! The cache on disk, shared with the official Python client while both are running.
//!
//! Never opens a socket and never decides what to fetch. Everything blocks.
//! Read first: [`Cache`], [`RepoCache`], [`Partial`]; [`LocalFolder`] for a folder of a person's
//! own.
//!
//! ```text
//! absent ─► Partial ─write_at─► whole ─verified by the caller─► Staged ─on the disk─► Settled ─admit─► link ─► point_ref
//! ```
//!
//! What must stay true, whoever else works in the same folder:
//!
//! - Nothing gets a name that others look for before the disk has it whole.
//! - Locks are courtesy. Every writer's temporary name is its own, and the last step is a rename.
//! - `blobs/<etag>` is never opened for writing: it may be a link into a store that other
//!   repositories share. It is read through, or replaced.
//! - A link that dangles, or leads to the wrong number of bytes, is not there.
//! - A ref is replaced atomically, and last: a visible snapshot is a whole one.
//! - Others may remove our partials at any time. That costs bytes, nothing else.
//! - What is not recognised is left alone.

mod blob;
mod elsewhere;
mod error;
mod folder;
mod journal;
mod layout;
mod links;
mod lookup;
mod note;
mod pace;
mod partial;
mod ranges;
mod refs;
mod settle;
#[cfg(unix)]
mod share;
mod shared;
mod stage;
mod survey;
mod trees;

pub use blob::BlobLock;
pub use error::Error;
pub use folder::LocalFolder;
pub use layout::{Cache, LinkSupport, RepoCache};
pub use lookup::{Have, Lookup};
pub use pace::{Did, Pace};
pub use partial::Partial;
pub use settle::{Source, Standing};
pub use stage::{Settled, Staged};
pub use survey::Survey;
pub use trees::TreeFile;
