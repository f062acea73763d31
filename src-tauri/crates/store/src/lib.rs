//! One SQLite database: opened, brought up to date, and written by one thread.
//!
//! ```text
//! lock ─► open ─► sound? ─► newer? ─► copy ─► migrations, all or none ─► writer thread ◄─ call(|tx| …)
//!           no: set aside, said by Trouble, begun anew
//! ```
//!
//! What must stay true:
//! - One process owns a database, and in it one thread; a second one is told so ([`Error::Owned`]).
//! - What a call has returned is on the disk, also after the power fails. A kill at any moment
//!   leaves all of a call or nothing of it.
//! - A damaged file is never deleted, and beginning anew is never silent ([`Trouble`]).
//! - A database of a newer program is left as it is ([`Error::Newer`]).
//!
//! Knows no table but its own list of migrations: engines hand in theirs and write their own SQL,
//! by the [`rusqlite`] of this crate. Read first: [`Store`], [`Migration`], [`Error`].

mod error;
mod migrate;
mod open;
mod store;

pub use error::{Cause, Error};
pub use migrate::Migration;
pub use open::{Opened, Trouble};
pub use rusqlite;
pub use store::Store;
