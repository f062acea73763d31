use std::fmt;
use std::str::FromStr;

use crate::Digest;

/// What a person names: a branch, a tag, a pull-request ref or a commit.
///
/// It becomes a path below `refs/` in the cache, so anything that could lead elsewhere is refused.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Revision(String);

/// The 40 hex digits a revision resolves to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CommitId(String);

/// A text that cannot be a revision.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a revision")]
pub struct BadRevision(pub String);

impl Revision {
    /// The default branch.
    pub fn main() -> Self {
        Self("main".to_owned())
    }

    /// The branch behind pull request `number`.
    pub fn pull_request(number: u64) -> Self {
        Self(format!("refs/pr/{number}"))
    }

    /// The revision as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The commit, if this is already one.
    pub fn as_commit(&self) -> Option<CommitId> {
        self.0.parse().ok()
    }
}

impl FromStr for Revision {
    type Err = BadRevision;

    fn from_str(text: &str) -> Result<Self, BadRevision> {
        let is_part =
            |part: &str| !part.is_empty() && part != "." && part != ".." && part.len() <= 255;
        let is_forbidden = |c: char| c.is_control() || " ~^:?*[\\".contains(c);
        if text.split('/').all(is_part) && !text.contains(is_forbidden) {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadRevision(text.to_owned()))
        }
    }
}

impl From<CommitId> for Revision {
    fn from(commit: CommitId) -> Self {
        Self(commit.0)
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl CommitId {
    /// The 40 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for CommitId {
    type Err = BadRevision;

    fn from_str(text: &str) -> Result<Self, BadRevision> {
        match Digest::parse(text) {
            Some(Digest::GitBlob(_)) => Ok(Self(text.to_owned())),
            _ => Err(BadRevision(text.to_owned())),
        }
    }
}

impl fmt::Display for CommitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches_tags_and_pull_requests_are_revisions() {
        for text in [
            "main",
            "feat/x",
            "v1.0",
            "refs/pr/1",
            "refs/convert/parquet",
        ] {
            assert!(text.parse::<Revision>().is_ok(), "{text}");
        }
    }

    #[test]
    fn what_would_lead_out_of_the_refs_folder_is_refused() {
        for text in [
            "", "/main", "main/", "../main", "a/../b", "a//b", "a\\b", "a\nb", "C:x", "a b",
        ] {
            assert!(text.parse::<Revision>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn only_forty_lower_case_hex_digits_are_a_commit() {
        let commit = "0123456789abcdef0123456789abcdef01234567";
        assert_eq!(commit.parse::<CommitId>().unwrap().as_str(), commit);
        assert!(commit.to_uppercase().parse::<CommitId>().is_err());
        assert!(commit[1..].parse::<CommitId>().is_err());
    }
}
