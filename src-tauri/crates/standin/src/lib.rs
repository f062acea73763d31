//! A Hub in a box: the demo Hub of the first run, and the opponent in every test.
//!
//! Two HTTP servers on the loopback interface, never reachable from beyond: the Hub, and a storage
//! host for large files, to which the Hub redirects and which refuses a request with a token. With
//! the feature `xet`, which nothing that is shipped has, there can be a chunk store as well. They
//! answer as the official client sees a Hub, from repositories held in memory ([`RepoSeed`],
//! [`Content`]), write down what they were asked ([`Log`]) and go wrong on demand ([`Fault`]).
//! One file per family of the API, with the same names as in the client.
//!
//! ```no_run
//! # async fn example() -> std::io::Result<()> {
//! use hubdesk_standin::{Content, Effect, Fault, RepoSeed, Route, StandIn};
//!
//! let repo = RepoSeed::model("org/m").large("w.bin", Content::random(1, 1 << 30));
//! let cut = Fault::on(Route::Storage, Effect::Cut { after: 1000 }).times(1);
//! let hub = StandIn::builder().repo(repo).fault(cut).start().await?;
//! println!("HF_ENDPOINT={}", hub.endpoint());
//! # Ok(()) }
//! ```

mod about;
mod account;
mod address;
mod answer;
mod ask;
mod bench;
mod body;
mod call;
mod card;
mod collections;
mod commit;
mod commits;
mod compare;
mod condition;
mod content;
mod control;
pub mod demo;
mod discussion;
mod discussion_seed;
mod discussions;
mod error;
mod fault;
mod file;
mod find;
mod gate;
mod git;
mod grants;
mod grow;
mod hardware;
mod history;
mod initial;
mod large;
mod lfs;
mod line;
mod live;
mod log;
mod merge;
mod model;
mod oauth;
mod order;
mod overview;
mod page;
mod patch;
mod people;
mod profiles;
mod push;
mod quota;
mod refs;
mod repo;
mod repos;
mod rules;
mod search;
mod security;
mod seed;
mod serve;
mod settings;
mod setup;
mod space;
mod spaces;
mod spoil;
mod standin;
mod storage;
mod table;
mod talk;
mod template;
mod tree;
mod upload_mode;
mod uploads;
mod viewer;
#[cfg(feature = "xet")]
mod xet_cas;
#[cfg(feature = "xet")]
mod xet_recipe;
#[cfg(feature = "xet")]
mod xet_store;
mod xet_token;

pub use collections::CollectionSeed;
pub use content::Content;
pub use discussion_seed::DiscussionSeed;
pub use fault::{Effect, Fault, Faults, Route};
pub use grants::Grants;
pub use line::Shape;
pub use log::{Host, Log, Record};
pub use model::Model;
pub use people::{Credential, Holder, OrgRole, People, Rights};
pub use profiles::{Profile, Profiles};
pub use seed::{Change, RepoSeed};
pub use standin::{Builder, StandIn};
pub use table::{Column, Table};
