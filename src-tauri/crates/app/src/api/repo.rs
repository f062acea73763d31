use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A repository, by kind and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RepoRef {
    /// Its kind.
    #[ts(type = "\"model\" | \"dataset\" | \"space\"")]
    pub kind: hubdesk_core::RepoKind,
    /// `owner/name`, or just `name`.
    pub name: String,
}

/// A repository at a revision.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RepoAt {
    /// Which repository.
    pub repo: RepoRef,
    /// Branch, tag, pull-request ref or commit.
    pub revision: String,
}

/// Asks for one page of a list.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RepoListRequest {
    /// Which kind to list.
    #[ts(type = "\"model\" | \"dataset\" | \"space\"")]
    pub kind: hubdesk_core::RepoKind,
    /// Part of a name; empty lists everything.
    pub search: String,
    /// Where the page before this one ended; `null` for the first.
    pub cursor: Option<String>,
}

/// One page of a list.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RepoPage {
    /// The rows, in the Hub's order.
    pub repos: Vec<RepoRow>,
    /// Hand this in for the next page; `null` at the end.
    pub next: Option<String>,
}

/// A repository in a list.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RepoRow {
    /// Which one.
    pub repo: RepoRef,
    /// What it is for, such as `text-generation`.
    pub task: Option<String>,
    /// What opens it, such as `transformers`; the SDK of a Space.
    pub library: Option<String>,
    /// Likes.
    pub likes: u64,
    /// Downloads in the last 30 days; Spaces have none.
    pub downloads: Option<u64>,
    /// Last change, ISO 8601.
    pub updated: Option<String>,
    /// Access must be asked for.
    pub is_gated: bool,
    /// Invisible to others.
    pub is_private: bool,
    /// Some revision of it is in the cache.
    pub is_here: bool,
}

/// Everything the repository page shows above the tabs.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RepoOverview {
    /// Which one; the Hub's present name when it was renamed.
    pub repo: RepoRef,
    /// The revision asked for.
    pub revision: String,
    /// The commit it resolves to.
    pub commit: String,
    /// What it is for.
    pub task: Option<String>,
    /// What opens it.
    pub library: Option<String>,
    /// Licence, as the card names it.
    pub licence: Option<String>,
    /// Access must be asked for.
    pub is_gated: bool,
    /// Invisible to others.
    pub is_private: bool,
    /// Likes.
    pub likes: u64,
    /// Downloads in the last 30 days.
    pub downloads: Option<u64>,
    /// Last change, ISO 8601.
    pub updated: Option<String>,
    /// Branch names.
    pub branches: Vec<String>,
    /// Tag names.
    pub tags: Vec<String>,
    /// Pull-request refs, such as `refs/pr/1`.
    pub pull_requests: Vec<String>,
    /// The page on the web.
    pub web_url: String,
}

/// A card, ready to show: HTML from an allow-list, no scripts, no addresses that load by themselves.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Card {
    /// The text. Links carry `href` and open outside.
    pub html: String,
    /// What the front matter says, in its order.
    pub facts: Vec<Fact>,
    /// The card was longer than is shown.
    pub is_cut: bool,
}

/// One line of a card's front matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Fact {
    /// The key.
    pub name: String,
    /// The value, or the values of a list.
    pub values: Vec<String>,
}

/// All files of one commit.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FileList {
    /// The commit listed.
    pub commit: String,
    /// Files in the order of their paths; folders follow from the paths.
    pub files: Vec<FileRow>,
    /// Sum of their sizes.
    pub bytes: u64,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FileRow {
    /// Path from the root of the repository, `/` between parts.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// Kept outside git (LFS or Xet).
    pub is_large: bool,
    /// This commit's file is in the cache.
    pub is_here: bool,
    /// Why it cannot be downloaded to this machine; `null` when it can.
    pub problem: Option<String>,
}
