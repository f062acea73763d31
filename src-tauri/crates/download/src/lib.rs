//! One download from the Hub into the cache or a folder, start to finish.
//!
//! ```text
//! revision ─► commit ─► listing ─► plan ─► several files at once ─► all there ─► the ref ─► Done
//!   a small file:  one request ─► digest ─► written ─► on the disk, many at once ─► blob, links
//!   a large file:  ranges ─► partial + journal ─► digest of the growing prefix ─► the same
//!                 (out of the chunk store where it is there, what that does not give over plain HTTP)
//! ```
//!
//! What must stay true:
//! - Nothing becomes visible before its digest was compared with the listing's and the disk has it.
//! - The ref moves last, when every file asked for was looked at once more.
//! - Looking writes nothing: [`list`] and [`preview`] leave the cache as it is.
//! - A kill at any moment costs at most 8 MiB of what had arrived ([`Tuning`] says how).
//! - Memory is bounded by [`Tuning`], never by the size of a file.
//! - Names, sizes and counts come from a server and are checked before they are used.
//!
//! A folder of a person's own has more to lose:
//! - What is not the Hub's is never replaced unless a person said so.
//!
//! Never queues, never stores a request: [`run`] can be called again with the same one and goes on
//! where the last call stopped. Read first: [`Request`], [`run`], [`Error`].

mod attempts;
mod check;
mod chunks;
mod durable;
mod error;
mod fetch;
mod halt;
mod large;
mod listing;
mod listings;
mod local;
mod pace;
mod place;
mod plan;
mod prefix;
mod progress;
mod queue;
mod request;
mod run;
mod small;
mod step;
mod tuning;
mod variants;
mod watch;
mod width;
mod writer;

pub use error::Error;
pub use hubdesk_core::Wait;
pub use listing::{Entry, Listing, list};
pub use listings::Listings;
pub use local::find_local;
pub use plan::{Planned, Preview, preview};
pub use progress::{Progress, Stage};
pub use request::{Into, Outcome, Overwrite, Request, Select, Snapshot};
pub use run::{Ctx, Parts, run};
pub use tuning::Tuning;
pub use variants::{Fits, Format, Machine, Variant, variants};
pub use watch::{AtWork, FileWatch};
