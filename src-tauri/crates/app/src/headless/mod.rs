//! The use cases without a window, for the command line.

mod download;
mod offline;
mod select;
mod serve;

pub use download::{DownloadJob, Downloaded, download, dry_run};
pub use serve::{ServeHub, serve_hub};
