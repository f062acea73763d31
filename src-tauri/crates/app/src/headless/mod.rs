//! The use cases without a window, for the command line.

mod auth;
mod delete;
mod download;
mod open;
mod repos;
mod select;
mod serve;
mod token;
mod upload;

pub use auth::{Auth, LoggedIn, LoggedOut, Login, WhoAmI};
pub use delete::{DeleteJob, delete_files};
pub use download::{DownloadJob, Downloaded, download, dry_run};
pub use repos::{
    ListJob, Listed, Named, StorageJob, list_repos, list_stored_repos, repo_files, repo_info,
};
pub use serve::{ServeHub, serve_hub};
pub use upload::{UploadEnd, UploadJob, upload};
