//! The demo Hub: about a dozen repositories that look like real ones and are made up.
//!
//! Everything is made by code, from fixed seeds and dates: the same commits on every machine and
//! at every start. No name belongs to anybody.

mod datasets;
mod media;
mod models;
mod parquet;
mod spaces;
mod text;
mod weights;

use crate::seed::RepoSeed;

/// The one user of the demo Hub, who owns a private repository.
pub const USER: &str = "demo";
/// The token that signs [`USER`] in. It opens nothing but the demo Hub.
pub const TOKEN: &str = "hf_demo";

/// The demo's repositories.
pub(crate) fn repos() -> Vec<RepoSeed> {
    [models::all(), datasets::all(), spaces::all()].concat()
}
