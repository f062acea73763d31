//! Bytes from and to the chunk store (Xet), through its official client: the only shipped code that
//! names it.
//!
//! Holds no policy: what to fetch, whether to fall back to plain HTTP and when to give up is for
//! the engine above. What must stay true:
//!
//! - The Hub's token never comes here. `hub` asks the Hub for a key to the store, and the store's
//!   client is given that key and nothing to renew it with; [`Reader`] renews it.
//! - Nothing is configured by the environment behind our back: the store's client would read
//!   dozens of variables, of which one turns on its reports.
//! - Memory is bounded by [`Options::memory_bytes`], not by the size of a file.
//! - A size is never left to the store: [`Reading`] gives each byte that is asked for once, and
//!   nothing else, or it is an error. What the bytes are is verified by whoever asked for them.
//!
//! Read first: [`Xet`], [`Reader`], [`Reading`], [`Writer`], [`Error`].

mod error;
mod file;
mod gaps;
mod options;
mod reader;
mod reading;
mod session;
mod writer;

pub use error::Error;
pub use file::{BadFile, XetFile};
pub use options::{Options, Unfit};
pub use reader::Reader;
pub use reading::{Piece, Reading};
pub use session::Xet;
pub use writer::{Batch, Sending, Taken, Writer};
