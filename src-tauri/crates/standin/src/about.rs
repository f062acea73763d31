//! What is said of a repository beside its files.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::table::Table;

/// Who may see and read a repository, and the numbers around it.
#[derive(Clone)]
pub(crate) struct About {
    pub(crate) is_private: bool,
    /// A Space whose app everyone sees, and whose files are private.
    pub(crate) is_protected: bool,
    /// Whoever made it; contributors of an organisation may change what they made.
    pub(crate) creator: Option<String>,
    pub(crate) discussions_disabled: bool,
    /// What was set and changes nothing here.
    pub(crate) settings: Map<String, Value>,
    pub(crate) is_disabled: bool,
    pub(crate) gate: Option<Gate>,
    pub(crate) readers: Vec<String>,
    pub(crate) created: u64,
    pub(crate) downloads: u64,
    pub(crate) likes: u64,
    /// Likes of the last 30 days; a twelfth of all without it.
    pub(crate) recent_likes: Option<u64>,
    /// Programs that run it.
    pub(crate) apps: Vec<String>,
    /// Rows, of a dataset.
    pub(crate) rows: Option<u64>,
    pub(crate) properties: Vec<(String, Value)>,
    pub(crate) tables: Vec<Table>,
}

/// How access to a gated repository is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gate {
    Auto,
    Manual,
}

/// Who sees a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Visibility {
    Public,
    Private,
    Protected,
}

impl Visibility {
    /// As it is asked for, in the new form or the old one.
    pub(crate) fn of(word: Option<Self>, is_private: Option<bool>) -> Option<Self> {
        word.or(is_private.map(|is_private| match is_private {
            true => Self::Private,
            false => Self::Public,
        }))
    }
}

impl About {
    pub(crate) fn show_to(&mut self, visibility: Visibility) {
        self.is_private = visibility != Visibility::Public;
        self.is_protected = visibility == Visibility::Protected;
    }

    pub(crate) fn visibility(&self) -> Visibility {
        match (self.is_private, self.is_protected) {
            (false, _) => Visibility::Public,
            (true, false) => Visibility::Private,
            (true, true) => Visibility::Protected,
        }
    }
}
