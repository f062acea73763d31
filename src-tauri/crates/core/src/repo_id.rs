use std::fmt;

use serde::{Deserialize, Serialize};

/// What kind of thing a repository holds.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Default,
)]
#[serde(rename_all = "lowercase")]
pub enum RepoKind {
    /// Weights, configurations, tokenizers.
    #[default]
    Model,
    /// Data.
    Dataset,
    /// A hosted app.
    Space,
}

impl RepoKind {
    /// Every kind, in the order people list them.
    pub const ALL: [Self; 3] = [Self::Model, Self::Dataset, Self::Space];

    /// The plural the API and the cache use: `models`, `datasets`, `spaces`.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Model => "models",
            Self::Dataset => "datasets",
            Self::Space => "spaces",
        }
    }

    /// What stands before the name in web and file addresses: nothing for models.
    pub fn url_prefix(self) -> &'static str {
        match self {
            Self::Model => "",
            Self::Dataset => "datasets/",
            Self::Space => "spaces/",
        }
    }

    /// The kind whose plural this is.
    pub fn from_plural(plural: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.plural() == plural)
    }
}

impl fmt::Display for RepoKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Model => "model",
            Self::Dataset => "dataset",
            Self::Space => "space",
        })
    }
}

/// A repository: its kind and its name, `owner/name` (a few old models have no owner).
///
/// The name obeys the rules of the official client's `validate_repo_id`: ASCII letters, digits,
/// `_`, `.`, `-`; each part 1–96 characters, beginning and ending with a letter, digit or `_`;
/// no `--`, no `..`, no `.git` at the end. It can therefore be a folder name as it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RepoId {
    kind: RepoKind,
    name: String,
}

/// A text that is not a repository's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a repository name")]
pub struct BadRepoId(pub String);

impl RepoId {
    /// Checks `name` and makes an id of it.
    pub fn new(kind: RepoKind, name: &str) -> Result<Self, BadRepoId> {
        if is_valid(name) {
            Ok(Self {
                kind,
                name: name.to_owned(),
            })
        } else {
            Err(BadRepoId(name.to_owned()))
        }
    }

    /// The kind.
    pub fn kind(&self) -> RepoKind {
        self.kind
    }

    /// `owner/name`, or just `name`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The part before the `/`, if there is one.
    pub fn owner(&self) -> Option<&str> {
        self.name.split_once('/').map(|(owner, _)| owner)
    }
}

impl fmt::Display for RepoId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.name)
    }
}

fn is_valid(name: &str) -> bool {
    let parts: Vec<&str> = name.split('/').collect();
    parts.len() <= 2
        && parts.iter().all(|part| is_valid_part(part))
        && !name.contains("--")
        && !name.contains("..")
        && !name.ends_with(".git")
}

fn is_valid_part(part: &str) -> bool {
    let is_word = |c: u8| c.is_ascii_alphanumeric() || c == b'_';
    let bytes = part.as_bytes();
    (1..=96).contains(&bytes.len())
        && bytes.iter().all(|&c| is_word(c) || c == b'.' || c == b'-')
        && bytes.first().is_some_and(|&c| is_word(c))
        && bytes.last().is_some_and(|&c| is_word(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_official_client_accepts() {
        let long = format!("{}/{}", "n".repeat(96), "m".repeat(96));
        for name in [
            "foo",
            "foo/bar",
            "_foo",
            "foo_",
            "Foo-BAR_foo.bar123",
            "foo.git/bar",
            &long,
        ] {
            assert!(RepoId::new(RepoKind::Model, name).is_ok(), "{name}");
        }
    }

    #[test]
    fn names_the_official_client_refuses() {
        let long = "n".repeat(97);
        for name in [
            "",
            "-foo",
            "foo-",
            ".foo",
            "foo.",
            "a--b",
            "a..b",
            "x/foo.git",
            "ns-/b",
            "a b/c",
            "é/b",
            "a/",
            "/a",
            "a/b/c",
            "datasets/a/b",
            "a\n",
            &long,
        ] {
            assert_eq!(
                RepoId::new(RepoKind::Model, name),
                Err(BadRepoId(name.to_owned()))
            );
        }
    }

    #[test]
    fn a_kind_is_known_by_its_plural() {
        for kind in RepoKind::ALL {
            assert_eq!(RepoKind::from_plural(kind.plural()), Some(kind));
        }
        assert_eq!(RepoKind::from_plural("kernels"), None);
    }
}
