//! The client and the stand-in mean the same: every family, from both sides of the wire.
#![expect(
    clippy::unwrap_used,
    reason = "a test that does not get what it needs has failed"
)]

mod accounts;
mod cards;
mod collections;
mod commit;
mod compare;
mod discussions;
mod gate;
mod hub_uris;
mod lists;
mod oauth;
mod patterns;
mod quota;
mod reading;
mod refs;
mod repos;
mod safetensors;
mod scene;
mod spaces;
mod upload;
mod viewer;
