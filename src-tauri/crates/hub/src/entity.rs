//! What likes, collections and searches point at: repositories, and what else has a page.

use std::fmt;
use std::str::FromStr;

use hubdesk_core::{RepoId, RepoKind};

/// Something of the Hub that has a page of its own.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Entity {
    /// A model, a dataset or a Space.
    Repo(RepoId),
    /// A compute kernel, by its name. As the server says, not checked.
    Kernel(String),
    /// Flat storage, by its name. As the server says, not checked.
    Bucket(String),
    /// A paper, by its number at arXiv. As the server says, not checked.
    Paper(String),
    /// A collection.
    Collection(CollectionSlug),
    /// What the Hub added since. As the server says, not checked.
    Other {
        /// The Hub's word for its kind.
        kind: String,
        /// Its name.
        id: String,
    },
}

impl Entity {
    /// From the Hub's words. `None` if a repository or a collection cannot be called so.
    pub(crate) fn read(kind: &str, id: &str) -> Option<Self> {
        let repo = |kind| Some(Self::Repo(RepoId::new(kind, id).ok()?));
        let id = || id.to_owned();
        match kind {
            "model" => repo(RepoKind::Model),
            "dataset" => repo(RepoKind::Dataset),
            "space" => repo(RepoKind::Space),
            "collection" => Some(Self::Collection(id().parse().ok()?)),
            "kernel" => Some(Self::Kernel(id())),
            "bucket" => Some(Self::Bucket(id())),
            "paper" => Some(Self::Paper(id())),
            _ => Some(Self::Other {
                kind: kind.to_owned(),
                id: id(),
            }),
        }
    }

    /// The Hub's word for its kind, such as `model`.
    pub fn kind(&self) -> &str {
        match self {
            Self::Repo(repo) => match repo.kind() {
                RepoKind::Model => "model",
                RepoKind::Dataset => "dataset",
                RepoKind::Space => "space",
            },
            Self::Kernel(_) => "kernel",
            Self::Bucket(_) => "bucket",
            Self::Paper(_) => "paper",
            Self::Collection(_) => "collection",
            Self::Other { kind, .. } => kind,
        }
    }

    /// Its name within its kind.
    pub fn id(&self) -> &str {
        match self {
            Self::Repo(repo) => repo.name(),
            Self::Collection(slug) => slug.as_str(),
            Self::Kernel(id) | Self::Bucket(id) | Self::Paper(id) | Self::Other { id, .. } => id,
        }
    }
}

impl fmt::Display for Entity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind(), self.id())
    }
}

/// A collection's name in addresses: `owner/title-in-short-<24 hex digits>`.
///
/// The words follow the title, the digits stay: after a change of the title use the slug that was
/// answered. Two slugs with the same [`CollectionSlug::id`] are one collection.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CollectionSlug(String);

/// A text that is not a collection's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a collection's name is owner/words-<24 hex digits>")]
pub struct BadSlug;

/// Hex digits at the end of a slug.
const ID: usize = 24;
/// The longest owner and words that are believed, in bytes.
const LONGEST: usize = 512;

impl CollectionSlug {
    /// The slug as the Hub writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whose it is.
    pub fn owner(&self) -> &str {
        self.parts().0
    }

    /// The part that never changes.
    pub fn id(&self) -> &str {
        let words = self.parts().1;
        &words[words.len() - ID..]
    }

    /// The owner, and the words with the id.
    pub(crate) fn parts(&self) -> (&str, &str) {
        self.0.split_once('/').expect("checked when it was made")
    }
}

impl FromStr for CollectionSlug {
    type Err = BadSlug;

    fn from_str(text: &str) -> Result<Self, BadSlug> {
        let (owner, words) = text.split_once('/').ok_or(BadSlug)?;
        let (title, id) = words
            .len()
            .checked_sub(ID)
            .and_then(|at| words.split_at_checked(at))
            .ok_or(BadSlug)?;
        let is_word = |c: char| !c.is_control() && !c.is_whitespace() && !"/\\?#%".contains(c);
        let is_hex = |c: u8| c.is_ascii_digit() || (b'a'..=b'f').contains(&c);
        let is_good = RepoId::new(RepoKind::Model, owner).is_ok()
            && id.bytes().all(is_hex)
            && (title.is_empty() || title.ends_with('-'))
            && title.chars().all(is_word)
            && text.len() <= LONGEST;
        if is_good {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadSlug)
        }
    }
}

impl fmt::Display for CollectionSlug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ID: &str = "64f9a55bb3115b4f513ec026";

    #[test]
    fn a_slug_has_an_owner_and_an_id_that_stays() {
        let slug: CollectionSlug = format!("lab/best-of-2024-{ID}").parse().unwrap();
        assert_eq!((slug.owner(), slug.id()), ("lab", ID));
        assert!(format!("lab/{ID}").parse::<CollectionSlug>().is_ok());
        assert!(format!("lab/-{ID}").parse::<CollectionSlug>().is_ok());
    }

    #[test]
    fn what_could_lead_elsewhere_is_no_slug() {
        for text in [
            String::new(),
            ID.to_owned(),
            "lab/best".to_owned(),
            format!("lab/best{ID}"),
            format!("../best-{ID}"),
            format!("lab/x/best-{ID}"),
            format!("lab/../best-{ID}"),
            format!("lab/best?-{ID}"),
            format!("lab/best-{}", ID.to_uppercase()),
            format!("lab/é{}", &ID[1..]),
        ] {
            assert_eq!(text.parse::<CollectionSlug>(), Err(BadSlug), "{text}");
        }
    }

    #[test]
    fn an_entity_is_read_back_and_a_bad_name_is_none() {
        for (kind, id) in [
            ("model", "a/b"),
            ("dataset", "d"),
            ("space", "a/s"),
            ("paper", "2401.00001"),
            ("bucket", "a/b"),
            ("kernel", "a/k"),
            ("lens", "a/l"),
            ("collection", &format!("a/t-{ID}")),
        ] {
            let entity = Entity::read(kind, id).unwrap();
            assert_eq!((entity.kind(), entity.id()), (kind, id));
        }
        assert_eq!(Entity::read("model", "../b"), None);
        assert_eq!(Entity::read("collection", "a/t"), None);
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd_for_a_slug(text in "[a-z/é.-]{0,10}[0-9a-fé]{20,28}") {
            if let Ok(slug) = text.parse::<CollectionSlug>() {
                prop_assert_eq!(slug.id().len(), 24);
                prop_assert!(!slug.owner().is_empty());
            }
        }
    }
}
