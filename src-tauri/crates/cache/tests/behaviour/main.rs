//! The cache on a real disk, through its public interface.
#![expect(clippy::unwrap_used, reason = "a helper of tests may fail the test")]

mod blobs;
mod pace;
mod partials;
mod pointers;
mod records;
mod shared;
mod without_links;
mod world;
