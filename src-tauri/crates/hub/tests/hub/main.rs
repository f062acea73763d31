//! The client against servers that each test writes for itself, on loopback.
#![expect(clippy::unwrap_used, reason = "tests")]

mod bounds;
mod cards;
mod discussions;
mod facts;
mod files;
mod finding;
mod heads;
mod network;
mod oauth;
mod pages;
mod redirects;
mod refusals;
mod repos;
mod spaces;
mod support;
mod tls;
