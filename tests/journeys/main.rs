//! What a person does, through the application layer, against the stand-in.

#![expect(
    clippy::unwrap_used,
    reason = "a test that does not get what it needs has failed"
)]

mod accounts;
mod auth;
mod canary;
mod changes;
mod demo;
mod faults;
mod gates;
mod kills;
mod matrix;
mod names;
mod offline;
mod queue;
mod room;
mod token;
mod upload_killed;
mod uploads;
