//! Hubdesk without a window: the use cases, and the contract with whatever shows them.
//!
//! ```text
//! window ─ call(name, JSON) ─► api::table ─► commands::<area> ─► one engine call ─► answer
//! window ◄─ one ordered stream ─ events ◄─ board (≤ 10 Hz) · stale tags
//! ```
//!
//! Never names Tauri, and no engine knows it exists. A token comes in once and never goes out.
//! Read first: [`App`], [`api`].

mod accounts;
mod answers;
pub mod api;
mod app;
mod board;
mod cached;
mod card;
mod changes;
mod commands;
mod connection;
mod endpoint;
mod env;
mod error;
mod events;
mod fingerprints;
mod folders;
mod gate;
mod headless;
mod here;
mod host;
mod instance;
mod links;
mod network;
mod notices;
mod previews;
mod queue;
mod quit;
mod session;
mod settings;
mod signals;
mod sources;
mod targets;
mod time;
mod upkeep;
mod wall;
mod warnings;

pub use accounts::OpenKeychain;
pub use app::{App, Setup};
pub use env::Env;
pub use headless::{
    Auth, DownloadJob, Downloaded, LoggedIn, LoggedOut, Login, ServeHub, WhoAmI, download, dry_run,
    serve_hub,
};
pub use headless::{DeleteJob, delete_files};
pub use headless::{ListJob, Listed, Named, StorageJob};
pub use headless::{UploadEnd, UploadJob, upload};
pub use headless::{list_repos, list_stored_repos, repo_files, repo_info};
pub use host::{Host, SystemHost};
pub use hubdesk_core::{Backoff, ByteCount, Clock, HubUri, Reading, RepoKind, SystemClock, Token};
pub use hubdesk_download::{Ctx, Preview};
pub use hubdesk_hub::{
    Common, DatasetFacts, Details, EntryKind, FileSecurity, Gated, LastCommit, ListedRepo,
    ModelFacts, ModelFilter, OfKind, ParameterRange, Profile, ProviderMapping, RepoQuery, Sibling,
    Sort, SpaceFacts, StoredRepo, TreeEntry,
};
pub use hubdesk_standin::demo::TOKEN as DEMO_TOKEN;
pub use hubdesk_transfers::WeekMinute;
pub use hubdesk_upload::Ctx as UploadCtx;
pub use instance::{Instance, Start};
pub use quit::Closing;
pub use signals::told_to_stop;
pub use wall::Wall;
