//! The few things about files that are easy to get wrong, done once.
//!
//! Knows nothing of repositories or caches and never opens a socket. Everything blocks: callers
//! are on a thread that may. Every error names its path.
//! Read first: [`PathError`], [`write_atomically`], [`LockFile`].

mod boot;
mod copy;
mod durable;
mod error;
mod file;
mod lock;
mod names;
mod position;
mod space;
mod stamp;

pub use boot::boot_id;
pub use copy::{Copied, clone_to, copy_into, shares_blocks};
pub use durable::sync_files;
pub use error::{Doing, PathError};
pub use file::{
    ensure_dir, ensure_private_dir, look, read_if_there, read_up_to, remove_if_there,
    unique_suffix, write_atomically, write_private, write_via,
};
pub use lock::{LockFile, is_unlinked, open_exclusive};
pub use names::{Sameness, first_clash, sameness_of};
pub use position::{read_at, write_all_at};
pub use space::{available_space, volume_of};
pub use stamp::Stamp;
