//! The typed client of the Hub, and the process's only HTTP stack.
//!
//! Never touches a file, and speaks only to the configured [`Endpoint`] and to where its redirects
//! lead for the bytes of a file. What must stay true:
//!
//! - The token goes to the endpoint's own origin and nowhere else, neither by redirect nor by link.
//!   The one exception is the public Hub's dataset viewer: see [`Viewer`].
//!   [`Hub`] asks for it anew for every request: one that is taken back is not sent again.
//! - Nothing a server says is trusted: answers are bounded, text is cleaned before anybody sees it,
//!   an address is followed only after a check. What is missing but optional degrades to `None`;
//!   what is wrong is [`Error::Malformed`].
//! - Errors and logs hold redacted addresses only. A signed query string is a secret.
//! - A *request* for facts is repeated here, within bounds. A change is sent again only when it
//!   surely did not happen, or when happening twice is the same as once. The bytes of a file are
//!   not asked for again: who downloads knows better where to go on.
//!
//! Read first: [`Hub`], [`Repo`], [`File`], [`Error`].

mod account;
mod ask;
mod avatar;
mod body;
mod call;
mod change;
mod classify;
mod client;
mod collection;
mod collections;
mod commits;
mod compare;
mod date;
mod details;
mod discover;
mod discussion;
mod discussion_look;
mod discussion_wire;
mod discussions;
mod endpoint;
mod entity;
mod error;
mod exchange;
mod facts;
mod fault;
mod file;
mod gate;
mod json;
mod likes;
mod listed;
mod listen;
mod logs;
mod metadata;
mod oauth;
mod page;
mod people;
mod presence;
mod profile;
mod quicksearch;
mod rate_limit;
mod redirect;
mod refs;
mod repo;
mod retry;
mod rights;
mod route;
mod safetensors;
mod scan;
mod search;
mod space;
mod spaces;
mod sse;
mod storage;
mod tree;
mod viewer;
mod vocabulary;
mod words;

pub use account::{
    AccountKind, FineGrained, Org, OrgRole, Restriction, Scope, ScopeEntity, TokenFacts, User,
    UserInfo,
};
pub use avatar::Avatar;
pub use body::{Body, Extent};
pub use client::Hub;
pub use collection::{Collection, CollectionItem, Theme};
pub use collections::{
    CollectionChange, CollectionQuery, CollectionSort, ItemChange, NewCollection,
};
pub use commits::{Commit, CommitPage, Formatted, History};
pub use compare::{ChangeKind, FileChange, Patch, Span};
pub use details::{Common, Details, OfKind, ResourceGroup, Sibling, SiblingLfs, Wanted};
pub use discover::{FoundSpace, SpaceSearch};
pub use discussion::{Author, Comment, Conflicts, Discussion, DiscussionStatus};
pub use discussion::{DiscussionSummary, Event, Happening, PullRequest, Reaction, Text};
pub use discussions::{DiscussionFilter, DiscussionKind, DiscussionSort};
pub use endpoint::{BadEndpoint, Endpoint};
pub use entity::{BadSlug, CollectionSlug, Entity};
pub use error::{Error, What};
pub use exchange::Exchange;
pub use facts::{
    DatasetFacts, Gguf, ModelFacts, Parameters, ProviderMapping, SpaceFacts, TransformersInfo,
};
pub use file::File;
pub use gate::{Access, FieldKind, GateField, GateText};
pub use likes::Like;
pub use listed::{BEFORE_DATES, ListedRepo};
pub use logs::{LogLine, Reading, SpaceLog};
pub use metadata::{FileMetadata, Xet};
pub use oauth::{Authorization, Code, DeviceCode, Grant, OAuth, SignInError};
pub use page::{Cursor, Page};
pub use people::{Account, Counts, OrgOverview, UserOverview};
pub use profile::{Profile, TokenSource};
pub use quicksearch::{
    Hits, MOST_HITS, QuickCollection, QuickHits, QuickKind, QuickPaper, QuickQuery, QuickRepo,
};
pub use refs::{Ref, Refs};
pub use repo::{Gated, Repo, RepoInfo, RepoSummary};
pub use rights::{Closed, Namespace, Shortcoming};
pub use safetensors::{Safetensors, SafetensorsFile, Tensor};
pub use scan::{FileSecurity, Issue, ScanResult, SecurityStatus};
pub use search::{DatasetFacet, ModelFilter, ParameterRange, RepoQuery, Sort, SpaceFilter};
pub use space::{Accelerator, BadVariableName, Domain, Flavours, Hardware, Replicas, Runtime};
pub use space::{SecretFacts, SleepTime, Stage, Variable, VariableName};
pub use spaces::Space;
pub use storage::{StorageQuery, StorageSort, StoredRepo};
pub use tree::{EntryKind, LastCommit, Lfs, TreeEntry};
pub use viewer::{
    ColumnStatistics, DataSize, Feature, ParquetFile, Row, Rows, Sizes, Split, Splits, Statistics,
    Validity, Viewer,
};
pub use vocabulary::{DatasetTags, ModelTags, Tag, TagGroup, Vocabulary};
