//! Everything the Hub says about one repository. Screens that show many of them read the light
//! [`RepoInfo`](crate::RepoInfo) instead.

use hubdesk_core::{CommitId, Digest, RepoId, RepoKind, Revision};
use serde::Deserialize;
use serde_json::{Map, Value};
use url::Url;

use crate::call::Call;
use crate::fault::malformed;
use crate::json::{commit, lenient, or_default, sha256};
use crate::repo::{expand, gated};
use crate::{DatasetFacts, Error, Gated, ModelFacts, Repo, SpaceFacts, route};

/// What is asked for. The Hub gives either what is named or what comes with the files, never both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted<'a> {
    /// Every property that can be named. Files come by name only.
    Everything,
    /// What the Hub gives unasked, files with their sizes and digests, and what the scans of a
    /// model found.
    WithFiles,
    /// These properties, named as the Hub does. It refuses names it does not know.
    Only(&'a [&'a str]),
}

/// A repository at one revision, in full.
#[derive(Debug, Clone, PartialEq)]
pub struct Details {
    /// Its kind and name; after a renaming the new one.
    pub id: RepoId,
    /// The commit the revision is at.
    pub sha: CommitId,
    /// What every kind has.
    pub common: Common,
    /// What its kind has.
    pub of_kind: OfKind,
}

/// The part of [`Details`] that depends on the kind.
#[derive(Debug, Clone, PartialEq)]
pub enum OfKind {
    /// Of a model.
    Model(Box<ModelFacts>),
    /// Of a dataset.
    Dataset(Box<DatasetFacts>),
    /// Of a Space.
    Space(Box<SpaceFacts>),
}

/// What is said about repositories of every kind. What was not asked for, does not apply, or is not
/// as documented is absent.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Common {
    /// The account it belongs to.
    #[serde(default, deserialize_with = "lenient")]
    pub author: Option<String>,
    /// When it was made, as the Hub writes times. `2022-03-02T23:29:04.000Z` stands for any time
    /// before that.
    #[serde(default, deserialize_with = "lenient")]
    pub created_at: Option<String>,
    /// When it was last changed.
    #[serde(default, deserialize_with = "lenient")]
    pub last_modified: Option<String>,
    /// Whether only some accounts see it.
    #[serde(default, rename = "private", deserialize_with = "lenient")]
    pub is_private: Option<bool>,
    /// Whether it was taken down.
    #[serde(default, rename = "disabled", deserialize_with = "lenient")]
    pub is_disabled: Option<bool>,
    /// Whether access must be requested.
    #[serde(default, deserialize_with = "gated")]
    pub gated: Gated,
    /// Downloads in the last 30 days. Spaces have none.
    #[serde(default, deserialize_with = "lenient")]
    pub downloads: Option<u64>,
    /// Downloads since it was made.
    #[serde(default, deserialize_with = "lenient")]
    pub downloads_all_time: Option<u64>,
    /// Likes.
    #[serde(default, deserialize_with = "lenient")]
    pub likes: Option<u64>,
    /// How much it is looked at these days.
    #[serde(default, deserialize_with = "lenient")]
    pub trending_score: Option<u64>,
    /// All it takes up at the Hub, history included, in bytes.
    #[serde(default, deserialize_with = "lenient")]
    pub used_storage: Option<u64>,
    /// Tags, such as `license:mit`.
    #[serde(default, deserialize_with = "lenient")]
    pub tags: Vec<String>,
    /// The front matter of its card as the Hub read it.
    #[serde(default, deserialize_with = "lenient")]
    pub card_data: Option<Map<String, Value>>,
    /// Its files.
    #[serde(default, deserialize_with = "or_default")]
    pub siblings: Option<Vec<Sibling>>,
    /// Who of an organisation may use it.
    #[serde(default, deserialize_with = "lenient")]
    pub resource_group: Option<ResourceGroup>,
    /// Whether nobody can open a discussion.
    #[serde(default, rename = "discussionsDisabled", deserialize_with = "lenient")]
    pub has_no_discussions: Option<bool>,
}

/// One file of [`Common::siblings`].
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sibling {
    /// Its path from the root, as the server says: not checked, not for the disk.
    #[serde(rename = "rfilename")]
    pub path: String,
    /// Its size in bytes.
    #[serde(default)]
    pub size: Option<u64>,
    /// Its object id in git, as the server says.
    #[serde(default)]
    pub blob_id: Option<String>,
    /// Where the content is, if git holds a pointer only.
    #[serde(default)]
    pub lfs: Option<SiblingLfs>,
}

/// Large content that git only points at. Listings of a tree name the same things differently.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SiblingLfs {
    /// The sha256 of the content.
    #[serde(deserialize_with = "sha256")]
    pub sha256: Digest,
    /// The size of the content in bytes.
    pub size: u64,
    /// The size of the pointer in git.
    #[serde(default)]
    pub pointer_size: Option<u64>,
}

/// A group of people in an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceGroup {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How many people are in it.
    #[serde(default)]
    pub num_users: Option<u64>,
}

#[derive(Deserialize)]
struct Identity {
    id: String,
    #[serde(deserialize_with = "commit")]
    sha: CommitId,
}

impl Repo {
    /// Everything `wanted` about the repository at `revision`.
    pub async fn details(&self, revision: &Revision, wanted: Wanted<'_>) -> Result<Details, Error> {
        let mut url = route::info(self.hub.endpoint(), &self.id, revision);
        match wanted {
            Wanted::Everything => expand(&mut url, Details::properties(self.id.kind()).iter()),
            Wanted::Only(names) => only(&mut url, names),
            Wanted::WithFiles => {
                url.query_pairs_mut().append_pair("blobs", "true");
                if self.id.kind() == RepoKind::Model {
                    url.query_pairs_mut().append_pair("securityStatus", "true");
                }
            }
        }
        let answer = self
            .hub
            .ask::<Value>(&Call::get(url, Some(&self.id)))
            .await?;
        read(self.id.kind(), &answer.value)
            .map_err(|error| malformed(&error.to_string(), answer.exchange, answer.token.as_ref()))
    }
}

/// Asks for these properties, and for the commit.
pub(crate) fn only(url: &mut Url, names: &[&str]) {
    let others = names.iter().filter(|name| **name != "sha");
    url.query_pairs_mut()
        .extend_pairs(others.map(|name| ("expand", *name)))
        .append_pair("expand", "sha");
}

pub(crate) fn read(kind: RepoKind, json: &Value) -> Result<Details, serde_json::Error> {
    let Identity { id, sha } = Identity::deserialize(json)?;
    let of_kind = match kind {
        RepoKind::Model => OfKind::Model(Box::deserialize(json)?),
        RepoKind::Dataset => OfKind::Dataset(Box::deserialize(json)?),
        RepoKind::Space => OfKind::Space(Box::deserialize(json)?),
    };
    Ok(Details {
        id: RepoId::new(kind, &id).map_err(serde::de::Error::custom)?,
        sha,
        common: Common::deserialize(json)?,
        of_kind,
    })
}

impl Details {
    /// The properties that can be named, as the official client lists them.
    pub fn properties(kind: RepoKind) -> &'static [&'static str] {
        match kind {
            RepoKind::Model => &[
                "author",
                "baseModels",
                "cardData",
                "childrenModelCount",
                "config",
                "createdAt",
                "disabled",
                "downloads",
                "downloadsAllTime",
                "evalResults",
                "gated",
                "gguf",
                "inference",
                "inferenceProviderMapping",
                "lastModified",
                "library_name",
                "likes",
                "mask_token",
                "model-index",
                "pipeline_tag",
                "private",
                "resourceGroup",
                "safetensors",
                "sha",
                "siblings",
                "spaces",
                "tags",
                "transformersInfo",
                "trendingScore",
                "usedStorage",
                "widgetData",
            ],
            RepoKind::Dataset => &[
                "author",
                "cardData",
                "citation",
                "createdAt",
                "description",
                "disabled",
                "downloads",
                "downloadsAllTime",
                "gated",
                "lastModified",
                "likes",
                "mainSize",
                "paperswithcode_id",
                "private",
                "resourceGroup",
                "sha",
                "siblings",
                "tags",
                "trendingScore",
                "usedStorage",
            ],
            RepoKind::Space => &[
                "author",
                "cardData",
                "createdAt",
                "datasets",
                "disabled",
                "lastModified",
                "likes",
                "models",
                "private",
                "region",
                "resourceGroup",
                "runtime",
                "sdk",
                "sha",
                "siblings",
                "subdomain",
                "tags",
                "trendingScore",
                "usedStorage",
            ],
        }
    }
}

#[cfg(test)]
mod tests;
