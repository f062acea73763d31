//! The use cases without a window, for the command line.

mod auth;
mod download;
mod open;
mod repos;
mod select;
mod serve;

pub use auth::{Auth, LoggedIn, LoggedOut, Login, WhoAmI};
pub use download::{DownloadJob, Downloaded, download, dry_run};
pub use repos::{
    ListJob, Listed, Named, StorageJob, list_repos, list_stored_repos, repo_files, repo_info,
};
pub use serve::{ServeHub, serve_hub};

use hubdesk_hub::Endpoint;

use crate::api::ApiError;
use crate::env::Env;

/// The Hub the environment names, or the public one.
fn endpoint(env: &Env) -> Result<Endpoint, ApiError> {
    match env.endpoint().map(str::trim) {
        Some(address) if !address.is_empty() => Endpoint::parse(address).map_err(|error| {
            ApiError::bad_input(format!("HF_ENDPOINT is not the address of a Hub: {error}."))
        }),
        _ => Ok(Endpoint::default()),
    }
}
