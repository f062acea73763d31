//! Requests as they are stored. **Frozen**: what has been shipped is never edited, since a queue is
//! read by every later version of the program. A change is a new version beside the old ones.
//!
//! Everything here is plain text and numbers of its own; the live types of the engines may change
//! as they like. Whoever runs a request checks it as it would check what a person has typed. No
//! token is ever part of it.

mod upload;

use serde::{Deserialize, Serialize};

pub use self::upload::{
    CreateV1, LeaveOutV1, MessageV1, OntoV1, RemovalV1, SdkV1, SourceV1, UploadV1, VisibilityV1,
};
use crate::Direction;

/// A request of any kind.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Request {
    /// Files from the Hub.
    Download(DownloadV1),
    /// Files to the Hub.
    Upload(UploadV1),
}

/// Why a stored request cannot be run by this program. It is kept all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// A newer Hubdesk has written it.
    #[error("it needs a newer Hubdesk")]
    Newer,
    /// It is not what any version writes.
    #[error("it is damaged")]
    Malformed,
}

/// A download, version 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DownloadV1 {
    /// Base address of the Hub.
    pub endpoint: String,
    /// Whose token is used, by the user's name; absent for nobody's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// From where.
    pub repo: RepoV1,
    /// What a person named: a branch, a tag, a pull-request ref or a commit.
    pub revision: String,
    /// The commit it has to be; absent when the revision is resolved at every run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Which files.
    pub select: SelectV1,
    /// To where.
    pub into: IntoV1,
    /// What becomes of files that are there.
    pub overwrite: OverwriteV1,
}

/// A repository, version 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RepoV1 {
    /// Its kind.
    pub kind: KindV1,
    /// `owner/name`, or just `name`.
    pub name: String,
}

/// A kind of repository, version 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KindV1 {
    /// Weights, configurations, tokenizers.
    Model,
    /// Data.
    Dataset,
    /// A hosted app.
    Space,
}

/// Which files, version 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum SelectV1 {
    /// All of them.
    All,
    /// Those a person has ticked.
    Files(Vec<String>),
    /// Those that match, by the rules of the official client.
    Patterns {
        /// At least one must match. Absent is everything; empty is nothing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        include: Option<Vec<String>>,
        /// None may match.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exclude: Vec<String>,
    },
    /// One of the forms a model comes in.
    Variant {
        /// The engine's name for it.
        name: String,
        /// The files it had then.
        files: Vec<String>,
    },
}

/// To where, version 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum IntoV1 {
    /// A cache shared with the official client.
    Cache {
        /// Its folder.
        path: String,
    },
    /// A folder of a person's own.
    Folder {
        /// The folder.
        path: String,
    },
}

/// What becomes of files that are there, version 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OverwriteV1 {
    /// What is the Hub's is replaced when it has changed. A person's own stays, and nothing is
    /// fetched while there is some.
    Changed,
    /// They are replaced, also a person's own.
    Always,
}

/// All versions of a kind of request.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Versions<V1> {
    V1(V1),
}

impl Request {
    /// What its rows are marked with.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Download(_) => "download",
            Self::Upload(_) => "upload",
        }
    }

    /// Which way most of its bytes go.
    pub fn direction(&self) -> Direction {
        match self {
            Self::Download(_) => Direction::Down,
            Self::Upload(_) => Direction::Up,
        }
    }

    /// Base address of the Hub it is about.
    pub fn endpoint(&self) -> &str {
        match self {
            Self::Download(download) => &download.endpoint,
            Self::Upload(upload) => &upload.endpoint,
        }
    }

    /// The repository it is about, by its name.
    pub fn repo(&self) -> &str {
        match self {
            Self::Download(download) => &download.repo.name,
            Self::Upload(upload) => &upload.repo.name,
        }
    }

    /// Whose token it uses, and at which Hub.
    pub fn account(&self) -> Option<(&str, &str)> {
        let account = match self {
            Self::Download(download) => &download.account,
            Self::Upload(upload) => &upload.account,
        };
        Some((self.endpoint(), account.as_deref()?))
    }

    /// Reads what was stored under `kind`.
    pub fn read(kind: &str, json: &str) -> Result<Self, Unreadable> {
        let value: serde_json::Value =
            serde_json::from_str(json).map_err(|_| Unreadable::Malformed)?;
        // Also an unknown field: doing something else than was asked for is worse than doing
        // nothing yet.
        match kind {
            "download" => serde_json::from_value(value)
                .map(|Versions::V1(download)| Self::Download(download))
                .map_err(|_| Unreadable::Newer),
            "upload" => serde_json::from_value(value)
                .map(|Versions::V1(upload)| Self::Upload(upload))
                .map_err(|_| Unreadable::Newer),
            _ => Err(Unreadable::Newer),
        }
    }

    /// What is stored.
    pub fn write(&self) -> String {
        match self {
            Self::Download(download) => serde_json::to_string(&Versions::V1(download)),
            Self::Upload(upload) => serde_json::to_string(&Versions::V1(upload)),
        }
        .expect("text and numbers are always JSON")
    }
}
