//! What people say about a repository, as the Hub tells it.

use serde::{Deserialize, Deserializer};

use crate::discussion_wire::{WireDiscussion, WireEvent};
use crate::json::{lenient, or_default};

/// A discussion or pull request in a list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DiscussionSummary {
    /// Its number. Discussions and pull requests of a repository are counted together.
    pub num: u64,
    /// What it is about.
    pub title: String,
    /// Whether it still goes on.
    pub status: DiscussionStatus,
    /// Whether it proposes a change, on the ref `refs/pr/{num}`.
    #[serde(default, deserialize_with = "or_default")]
    pub is_pull_request: bool,
    /// When it was opened, in ISO 8601 as the server says.
    #[serde(default, deserialize_with = "lenient")]
    pub created_at: String,
    /// Who opened it; `None` is an account that is no more.
    #[serde(default, deserialize_with = "lenient")]
    pub author: Option<Author>,
    /// How many comments it has.
    #[serde(default, rename = "numComments", deserialize_with = "or_default")]
    pub comments: u64,
    /// How many people reacted to it.
    #[serde(default, rename = "numReactionUsers", deserialize_with = "or_default")]
    pub reactions: u64,
    /// Whether it is shown before the others.
    #[serde(default, rename = "pinned", deserialize_with = "or_default")]
    pub is_pinned: bool,
}

/// Whether a discussion still goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DiscussionStatus {
    /// A pull request that is not yet offered.
    Draft,
    /// It goes on.
    Open,
    /// It is over.
    Closed,
    /// The change was taken.
    Merged,
    /// What the Hub adds one day.
    Other(String),
}

/// Who said or did something.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Author {
    /// The account's name, as in addresses.
    pub name: String,
    /// The picture; an address, or a path of the Hub.
    #[serde(default, deserialize_with = "lenient")]
    pub avatar_url: Option<String>,
    /// Whether the repository is theirs.
    #[serde(default, deserialize_with = "or_default")]
    pub is_owner: bool,
}

/// A discussion or pull request with everything that happened in it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "WireDiscussion")]
pub struct Discussion {
    /// What a list says. Its counts may be 0 here: the events are there to be counted.
    pub summary: DiscussionSummary,
    /// Whether only who may change the repository still takes part.
    pub is_locked: bool,
    /// What happened, oldest first.
    pub events: Vec<Event>,
    /// How many further events were left out.
    pub events_left_out: usize,
    /// What makes it a pull request; `None` for a discussion.
    pub pull: Option<PullRequest>,
}

/// What a pull request proposes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullRequest {
    /// Where it is to be merged, such as `refs/heads/main`.
    pub base: String,
    /// The newest commit of the proposal. As the server says, not checked.
    pub head_commit: Option<String>,
    /// Where it was merged. As the server says, not checked.
    pub merge_commit: Option<String>,
    /// Whether its ref, and so the proposal, is gone.
    pub is_ref_deleted: bool,
    /// What stands in the way of merging.
    pub conflicts: Conflicts,
    /// The change in git's form; `None` when the Hub did not say.
    pub diff: Option<Text>,
    /// Where the change can be had as a file, if the Hub says so.
    pub diff_url: Option<String>,
}

/// Which files stand in the way of merging.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conflicts {
    /// None.
    None,
    /// These; at most some thousands.
    Files(Vec<String>),
    /// Some, but the Hub cannot say which.
    Unlisted,
}

/// Text that may have been too long.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text {
    /// The text, or its beginning.
    pub text: String,
    /// Whether there is more.
    pub is_cut: bool,
}

/// One thing that happened in a discussion.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "WireEvent")]
pub struct Event {
    /// Its id, in hex.
    pub id: String,
    /// When, in ISO 8601 as the server says.
    pub created_at: String,
    /// Who; `None` is an account that is no more.
    pub author: Option<Author>,
    /// What.
    pub what: Happening,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    /// Somebody said something.
    Comment(Comment),
    /// It was closed, opened again, published or merged.
    Status {
        /// The new status.
        status: DiscussionStatus,
        /// Why, if somebody said so.
        reason: Option<String>,
    },
    /// A commit was added to a pull request.
    Commit {
        /// Its title.
        subject: String,
        /// Its id. As the server says, not checked.
        oid: String,
    },
    /// It was renamed.
    Title {
        /// The old title.
        from: String,
        /// The new one.
        to: String,
    },
    /// It was put before the others, or no longer is.
    Pinning {
        /// Whether it is now; `None` when the Hub does not say.
        is_pinned: Option<bool>,
    },
    /// It was locked or unlocked.
    Locking {
        /// Whether it is now; `None` when the Hub does not say.
        is_locked: Option<bool>,
    },
    /// A report about it was handled.
    Report,
    /// The ref of the pull request was removed.
    RefDeleted,
    /// Something this client does not know.
    Other {
        /// The Hub's word for it.
        kind: String,
    },
}

/// What somebody said.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Comment {
    /// Markdown, not to be trusted.
    pub text: Text,
    /// When it got this form, in ISO 8601.
    pub updated_at: Option<String>,
    /// Whether it was changed since.
    pub is_edited: bool,
    /// Whether it is hidden; then there may be no text.
    pub is_hidden: bool,
    /// Why it is hidden, if the Hub says so.
    pub hidden_reason: Option<String>,
    /// The comment it answers.
    pub parent: Option<String>,
    /// How people reacted.
    pub reactions: Vec<Reaction>,
}

/// A reaction to a comment, and how often.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Reaction {
    /// The sign, usually an emoji.
    pub reaction: String,
    /// How many people gave it.
    #[serde(default, deserialize_with = "or_default")]
    pub count: u64,
}

impl DiscussionStatus {
    /// The Hub's word for it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Draft => "draft",
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Merged => "merged",
            Self::Other(word) => word,
        }
    }
}

impl<'de> Deserialize<'de> for DiscussionStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match String::deserialize(deserializer)?.as_str() {
            "draft" => Self::Draft,
            "open" => Self::Open,
            "closed" => Self::Closed,
            "merged" => Self::Merged,
            other => Self::Other(other.to_owned()),
        })
    }
}
