//! What can be said about a repository that is to be made.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hubdesk_core::{BadRepoId, RepoId, RepoKind, RepoPath};
use serde::{Deserialize, Serialize};

use crate::Setting;

/// Who sees a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Visibility {
    /// Everyone.
    Public,
    /// Its owner, or the members of the organisation.
    Private,
    /// Everyone sees the app, only the owner its files. For Spaces, on paid plans.
    Protected,
}

/// A repository to be made. Who may see it is always said, never left to a default.
#[derive(Debug, Clone)]
pub struct NewRepo {
    pub(crate) id: RepoId,
    pub(crate) visibility: Visibility,
    pub(crate) space: Option<NewSpace>,
    /// What to do when there is one of this name.
    pub existing: Existing,
    /// Where its files lie, for organisations that can choose.
    pub region: Option<Region>,
    /// The terms of use; the Hub then writes a `README.md` that names them.
    pub license: Option<License>,
    /// What it begins with.
    pub files: Vec<NewFile>,
    /// The group within the organisation whose members get access.
    pub resource_group: Option<String>,
}

/// What to do when what is to be made is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Existing {
    /// [`Error::Conflict`](crate::Error::Conflict).
    #[default]
    Refuse,
    /// Take it as it is, whatever it holds.
    Take,
}

/// Where files lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Region {
    /// United States.
    Us,
    /// European Union.
    Eu,
}

/// Terms of use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct License {
    /// The Hub's word for it, such as `apache-2.0`; `other` for one it has no word for.
    #[serde(rename = "license")]
    pub id: String,
    /// The name of one that is `other`.
    #[serde(rename = "license_name", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where to read one that is `other`: a file of the repository, or an address.
    #[serde(rename = "license_link", skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// A file a repository begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// Its path.
    pub path: RepoPath,
    /// Its bytes; they travel inside the request, so they are few.
    pub content: Vec<u8>,
}

/// What makes a new repository a Space.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewSpace {
    /// What it is built with.
    pub sdk: Sdk,
    /// The Space template it begins as, by the template's repository.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// One sentence for lists, at most 60 characters.
    #[serde(rename = "short_description", skip_serializing_if = "Option::is_none")]
    pub short_description: Option<String>,
    /// What it runs on and with.
    #[serde(flatten)]
    pub setup: SpaceSetup,
}

/// What a Space runs on and with; what is left out is the Hub's default.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SpaceSetup {
    /// The machine, in the Hub's words: `cpu-basic`, `t4-small`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hardware: Option<String>,
    /// Seconds without a visitor after which it sleeps; -1 for never. Not on `cpu-basic`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sleep_time_seconds: Option<i64>,
    /// Values only the app sees.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<Setting>,
    /// Values everyone sees.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub variables: Vec<Setting>,
}

/// What a Space is built with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Sdk {
    /// A Python app made of ready parts.
    Gradio,
    /// Any program in a container.
    Docker,
    /// Files for the browser.
    Static,
}

impl NewRepo {
    /// A model. Fails on a name that is none, or that does not say whose it will be.
    pub fn model(name: &str, visibility: Visibility) -> Result<Self, BadRepoId> {
        Self::new(RepoKind::Model, name, visibility, None)
    }

    /// A dataset.
    pub fn dataset(name: &str, visibility: Visibility) -> Result<Self, BadRepoId> {
        Self::new(RepoKind::Dataset, name, visibility, None)
    }

    /// A Space.
    pub fn space(name: &str, visibility: Visibility, space: NewSpace) -> Result<Self, BadRepoId> {
        Self::new(RepoKind::Space, name, visibility, Some(space))
    }

    fn new(
        kind: RepoKind,
        name: &str,
        visibility: Visibility,
        space: Option<NewSpace>,
    ) -> Result<Self, BadRepoId> {
        Ok(Self {
            id: owned(RepoId::new(kind, name)?)?,
            visibility,
            space,
            existing: Existing::default(),
            region: None,
            license: None,
            files: Vec::new(),
            resource_group: None,
        })
    }
}

impl NewSpace {
    /// A Space built with `sdk`, and the Hub's defaults.
    pub fn new(sdk: Sdk) -> Self {
        Self {
            sdk,
            template: None,
            short_description: None,
            setup: SpaceSetup::default(),
        }
    }
}

/// Text as it is, other bytes in base64.
impl Serialize for NewFile {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Wire<'a> {
            path: &'a str,
            content: &'a str,
            encoding: &'a str,
        }
        let text = std::str::from_utf8(&self.content);
        let packed = text.is_err().then(|| BASE64_STANDARD.encode(&self.content));
        Wire {
            path: self.path.as_str(),
            content: packed.as_deref().or(text.ok()).unwrap_or_default(),
            encoding: if packed.is_some() { "base64" } else { "utf-8" },
        }
        .serialize(serializer)
    }
}

/// The name of something that is made says whose it will be.
pub(crate) fn owned(id: RepoId) -> Result<RepoId, BadRepoId> {
    if id.owner().is_some() {
        Ok(id)
    } else {
        Err(BadRepoId(id.name().to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_repository_has_a_name_and_an_owner() {
        assert!(NewRepo::model("mira/m", Visibility::Private).is_ok());
        for name in ["m", "mira/a--b", "mira/m.git", "a/b/c", ""] {
            assert!(NewRepo::model(name, Visibility::Private).is_err(), "{name}");
        }
    }

    #[test]
    fn a_file_is_sent_as_text_if_it_is_text() {
        let file = |content: &[u8]| NewFile {
            path: RepoPath::new("f").unwrap(),
            content: content.to_vec(),
        };
        for (content, expected) in [
            (
                "né\n".as_bytes(),
                r#"{"path":"f","content":"né\n","encoding":"utf-8"}"#,
            ),
            (
                b"\xff\x00",
                r#"{"path":"f","content":"/wA=","encoding":"base64"}"#,
            ),
        ] {
            assert_eq!(serde_json::to_string(&file(content)).unwrap(), expected);
        }
    }
}
