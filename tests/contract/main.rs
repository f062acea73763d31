//! The client and the stand-in mean the same: every family, from both sides of the wire.
#![expect(
    clippy::unwrap_used,
    reason = "a test that does not get what it needs has failed"
)]

mod quota;
mod refs;
mod scene;
