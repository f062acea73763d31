//! The queue over a real database, with a worker that does what the tests say and a clock that
//! stands still until they move it.
#![expect(
    clippy::unwrap_used,
    reason = "a test that does not get what it needs has failed"
)]

mod files;
mod heal;
mod history;
mod kill;
mod memos;
mod order;
mod redirect;
mod runs;
mod storm;
mod trouble;
mod world;
