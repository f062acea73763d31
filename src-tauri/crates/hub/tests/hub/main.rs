//! The client against servers that each test writes for itself, on loopback.
#![expect(clippy::unwrap_used, reason = "tests")]

mod facts;
mod files;
mod network;
mod pages;
mod redirects;
mod refusals;
mod support;
mod tls;
