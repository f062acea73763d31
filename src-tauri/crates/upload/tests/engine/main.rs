//! The engine against the stand-in.
#![expect(
    clippy::unwrap_used,
    reason = "a test that does not get what it needs has failed"
)]

mod changes;
mod faults;
mod first;
mod large;
mod opening;
mod preview;
mod rearrange;
mod requests;
mod stores;
mod undo;
mod watched;
mod world;
