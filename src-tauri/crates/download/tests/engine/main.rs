//! The engine against a Hub in a box and a cache on disk, with small numbers, so that every range,
//! journal and retry there is happens within a few megabytes.
#![expect(
    clippy::unwrap_used,
    reason = "a test that does not get what it needs has failed"
)]

mod chunks;
mod folders;
mod listings;
mod local_work;
mod neighbours;
mod ranges;
mod revisions;
mod world;
