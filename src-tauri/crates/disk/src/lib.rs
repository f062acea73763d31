//! The few things about files that are easy to get wrong, done once.
//!
//! Knows nothing of repositories or caches and never opens a socket. Everything blocks: callers
//! are on a thread that may. Every error names its path.
//! Read first: [`PathError`], [`write_atomically`], [`LockFile`].

mod boot;
mod error;
mod file;
mod lock;
mod position;
mod space;
mod stamp;

pub use boot::boot_id;
pub use error::{Doing, PathError};
pub use file::{
    ensure_dir, ensure_private_dir, look, read_if_there, read_up_to, remove_if_there,
    unique_suffix, write_atomically, write_private, write_via,
};
pub use lock::{LockFile, is_unlinked, open_exclusive};
pub use position::{read_at, write_all_at};
pub use space::{available_space, volume_of};
pub use stamp::Stamp;
