//! The typed client of the Hub, and the process's only HTTP stack.
//!
//! Never touches a file, and speaks only to the configured [`Endpoint`] and to where it sends us for
//! the bytes of a file, by redirect when they come and by signed address when they go. What must
//! stay true:
//!
//! - The token goes to the endpoint's own origin and nowhere else, neither by redirect nor by link.
//!   The one exception is the public Hub's dataset viewer: see [`Viewer`].
//!   [`Hub`] asks for it anew for every request: one that is taken back is not sent again.
//! - Nothing a server says is trusted: answers are bounded, text is cleaned before anybody sees it,
//!   an address is followed only after a check. What is missing but optional degrades to `None`;
//!   what is wrong is [`Error::Malformed`].
//! - Errors and logs hold redacted addresses only. A signed query string is a secret.
//! - A *request* for facts is repeated here, within bounds. A change is sent again only when it
//!   surely did not happen, or when happening twice is the same as once. The bytes of a file that
//!   come as a [`Body`] are not asked for again: who downloads knows better where to go on.
//! - A commit says which parent it expects, so that the Hub itself refuses to do it twice.
//!
//! Read first: [`Hub`], [`Repo`], [`File`], [`Error`].

mod account;
mod agent;
mod ask;
mod avatar;
mod body;
mod budget;
mod call;
pub mod card;
mod cards;
mod certificates;
mod change;
mod classify;
mod client;
mod collection;
mod collections;
mod commit;
mod commits;
mod compare;
mod copies;
mod date;
mod details;
mod discover;
mod discussion;
mod discussion_filter;
mod discussion_look;
mod discussion_wire;
mod discussions;
mod duplicate;
mod endpoint;
mod entity;
mod error;
mod exchange;
mod facts;
mod fault;
mod file;
mod gate;
mod json;
mod lfs;
mod lfs_files;
mod likes;
mod listed;
mod listen;
mod logs;
mod metadata;
mod new_repo;
mod oauth;
mod operations;
mod page;
mod parameter_range;
mod people;
mod presence;
mod probe;
mod profile;
mod proxy;
mod quicksearch;
mod rate_limit;
mod redirect;
mod refs;
mod repo;
mod repos;
mod retry;
mod rights;
mod route;
mod safetensors;
mod scan;
mod search;
mod sent;
mod setting;
mod settings;
mod signed;
mod space;
mod spaces;
mod squash;
mod sse;
mod storage;
mod tree;
mod trust;
mod upload;
mod upload_mode;
mod viewer;
mod vocabulary;
mod warning;
mod words;
mod xet_token;

pub use account::{
    AccountKind, FineGrained, Org, OrgRole, Restriction, Scope, ScopeEntity, TokenFacts, User,
    UserInfo,
};
pub use avatar::Avatar;
pub use body::{Body, Extent};
pub use budget::{Budget, Waits};
pub use cards::Verdict;
pub use certificates::{BadCertificates, Certificates};
pub use client::Hub;
pub use collection::{Collection, CollectionItem, Theme};
pub use collections::{
    CollectionChange, CollectionQuery, CollectionSort, ItemChange, NewCollection,
};
pub use commit::{Committed, Message, Target};
pub use commits::{Commit, CommitPage, Formatted, History};
pub use compare::{ChangeKind, FileChange, Patch, Span};
pub use copies::{LargeCopy, NotCopied};
pub use details::{Common, Details, OfKind, ResourceGroup, Sibling, SiblingLfs, Wanted};
pub use discover::{FoundSpace, SpaceSearch};
pub use discussion::{Author, Comment, Conflicts, Discussion, DiscussionStatus};
pub use discussion::{DiscussionSummary, Event, Happening, PullRequest, Reaction, Text};
pub use discussion_filter::{DiscussionFilter, DiscussionKind, DiscussionSort};
pub use duplicate::{Duplicate, Duplicated};
pub use endpoint::{BadEndpoint, Endpoint};
pub use entity::{BadSlug, CollectionSlug, Entity};
pub use error::{Error, What};
pub use exchange::Exchange;
pub use facts::{
    DatasetFacts, Gguf, ModelFacts, Parameters, ProviderMapping, SpaceFacts, TransformersInfo,
};
pub use file::File;
pub use gate::{Access, FieldKind, GateField, GateText};
pub use lfs::{LargeObject, Slot, Way};
pub use lfs_files::{LfsFile, Pointers};
pub use likes::Like;
pub use listed::{BEFORE_DATES, ListedRepo};
pub use logs::{LogLine, Reading, SpaceLog};
pub use metadata::{FileMetadata, Xet};
pub use new_repo::{
    Existing, License, NewFile, NewRepo, NewSpace, Region, Sdk, SpaceSetup, Visibility,
};
pub use oauth::{Authorization, Code, DeviceCode, Grant, OAuth, SignInError};
pub use operations::{Operation, Operations};
pub use page::{Cursor, Page};
pub use parameter_range::{BadRange, ParameterRange};
pub use people::{Account, Counts, OrgOverview, UserOverview};
pub use probe::{Found, Probe};
pub use profile::{Profile, TokenSource};
pub use proxy::{BadProxy, Proxy, ProxyAddress};
pub use quicksearch::{
    Hits, MOST_HITS, QuickCollection, QuickHits, QuickKind, QuickPaper, QuickQuery, QuickRepo,
};
pub use refs::{Ref, Refs};
pub use repo::{Gated, Repo, RepoInfo, RepoSummary};
pub use repos::Created;
pub use rights::{Closed, Namespace, Shortcoming};
pub use safetensors::{Safetensors, SafetensorsFile, Tensor};
pub use scan::{FileSecurity, Issue, ScanResult, SecurityStatus};
pub use search::{DatasetFacet, ModelFilter, RepoQuery, Sort, SpaceFilter};
pub use setting::{BadVariableName, SecretFacts, Setting, Variable, VariableName};
pub use settings::{DiscussionsSorting, GatedNotifications, Settings};
pub use signed::Bytestream;
pub use space::{Accelerator, Domain, Flavours, Hardware, Replicas, Runtime, SleepTime, Stage};
pub use spaces::Space;
pub use storage::{StorageQuery, StorageSort, StoredRepo};
pub use tree::{EntryKind, LastCommit, Lfs, TreeEntry};
pub use upload::{PartTag, Upload};
pub use upload_mode::{Candidate, Mode, UploadMode};
pub use viewer::{
    ColumnStatistics, DataSize, Feature, ParquetFile, Row, Rows, Sizes, Split, Splits, Statistics,
    Validity, Viewer,
};
pub use vocabulary::{DatasetTags, ModelTags, Tag, TagGroup, Vocabulary};
pub use warning::{Warning, Warnings};
pub use xet_token::{XetAccess, XetToken};
