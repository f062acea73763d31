use hubdesk_core::{CommitId, RepoId, RepoKind, Revision};
use serde::{Deserialize, Deserializer};
use url::Url;

use crate::ask::Answer;
use crate::call::Call;
use crate::fault::malformed;
use crate::json::or_default;
use crate::{Error, File, Hub, route};

/// One repository of a Hub. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Repo {
    pub(crate) hub: Hub,
    pub(crate) id: RepoId,
}

/// What lists and headers show of a repository. The Hub leaves out what does not apply.
#[derive(Debug, Clone, PartialEq)]
pub struct RepoSummary {
    /// Its kind and name; after a renaming the new one.
    pub id: RepoId,
    /// When it was last changed, as the Hub writes times.
    pub last_modified: Option<String>,
    /// Whether only some accounts see it.
    pub is_private: bool,
    /// Whether access must be requested.
    pub gated: Gated,
    /// Whether it was taken down.
    pub is_disabled: bool,
    /// Downloads in the last 30 days.
    pub downloads: Option<u64>,
    /// Likes.
    pub likes: Option<u64>,
    /// Tags, such as `license:mit`.
    pub tags: Vec<String>,
    /// What a model does.
    pub pipeline_tag: Option<String>,
    /// Which library a model is made for.
    pub library_name: Option<String>,
    /// What a Space is made with.
    pub sdk: Option<String>,
    /// What a dataset says about itself.
    pub description: Option<String>,
    /// How many parameters the model's safetensors files hold.
    pub parameters: Option<u64>,
}

/// A repository at one revision.
#[derive(Debug, Clone, PartialEq)]
pub struct RepoInfo {
    /// The commit the revision is at.
    pub sha: CommitId,
    /// What lists show, too.
    pub summary: RepoSummary,
    /// All it takes up at the Hub, history included, in bytes.
    pub used_storage: Option<u64>,
}

/// Whether access must be requested.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Gated {
    /// No.
    #[default]
    No,
    /// Yes, and whoever asks gets it.
    Auto,
    /// Yes, and the authors decide.
    Manual,
    /// Yes, in a way that is new to us.
    Other(String),
}

/// A repository as it is written in answers.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Wire {
    id: String,
    sha: Option<String>,
    last_modified: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    private: bool,
    #[serde(default, deserialize_with = "gated")]
    gated: Gated,
    #[serde(default, deserialize_with = "or_default")]
    disabled: bool,
    downloads: Option<u64>,
    likes: Option<u64>,
    #[serde(default, deserialize_with = "or_default")]
    tags: Vec<String>,
    #[serde(rename = "pipeline_tag")]
    pipeline_tag: Option<String>,
    #[serde(rename = "library_name")]
    library_name: Option<String>,
    sdk: Option<String>,
    description: Option<String>,
    safetensors: Option<Safetensors>,
    used_storage: Option<u64>,
}

#[derive(Deserialize)]
struct Safetensors {
    total: Option<u64>,
}

impl Repo {
    pub(crate) fn new(hub: Hub, id: RepoId) -> Self {
        Self { hub, id }
    }

    /// The repository's kind and name as it was asked for.
    pub fn id(&self) -> &RepoId {
        &self.id
    }

    /// What the repository is, at `revision`.
    pub async fn info(&self, revision: &Revision) -> Result<RepoInfo, Error> {
        let properties = properties(self.id.kind())
            .iter()
            .chain(&["sha", "usedStorage"]);
        let answer = self.ask_info(revision, properties).await?;
        let sha = commit_of(&answer)?;
        let used_storage = answer.value.used_storage;
        match answer.value.summary(self.id.kind()) {
            Some(summary) => Ok(RepoInfo {
                sha,
                summary,
                used_storage,
            }),
            None => Err(malformed(
                "the id is not a repository's name",
                answer.exchange,
                None,
            )),
        }
    }

    /// The commit `revision` is at. One that is a commit already is not asked about.
    pub async fn resolve(&self, revision: &Revision) -> Result<CommitId, Error> {
        if let Some(commit) = revision.as_commit() {
            return Ok(commit);
        }
        commit_of(&self.ask_info(revision, ["sha"].iter()).await?)
    }

    /// The file `path` at `commit`. Nothing is asked yet.
    pub fn file(&self, commit: &CommitId, path: &str) -> File {
        let address = route::resolve(self.hub.endpoint(), &self.id, commit, path);
        File::new(self.clone(), path, address.ok())
    }

    async fn ask_info<'a>(
        &self,
        revision: &Revision,
        properties: impl Iterator<Item = &'a &'static str>,
    ) -> Result<Answer<Wire>, Error> {
        let mut url = route::info(self.hub.endpoint(), &self.id, revision);
        expand(&mut url, properties);
        self.hub.ask(&Call::get(url, Some(&self.id))).await
    }
}

/// The properties that make up a [`RepoSummary`]. Without naming them the Hub sends every file's
/// name along, or leaves out what we show.
pub(crate) fn properties(kind: RepoKind) -> &'static [&'static str] {
    match kind {
        RepoKind::Model => &[
            "lastModified",
            "private",
            "gated",
            "disabled",
            "downloads",
            "likes",
            "tags",
            "pipeline_tag",
            "library_name",
            "safetensors",
        ],
        RepoKind::Dataset => &[
            "lastModified",
            "private",
            "gated",
            "disabled",
            "downloads",
            "likes",
            "tags",
            "description",
        ],
        RepoKind::Space => &[
            "lastModified",
            "private",
            "disabled",
            "likes",
            "tags",
            "sdk",
        ],
    }
}

/// Asks for these properties only.
pub(crate) fn expand<'a>(url: &mut Url, properties: impl Iterator<Item = &'a &'static str>) {
    url.query_pairs_mut()
        .extend_pairs(properties.map(|property| ("expand", property)));
}

fn commit_of(answer: &Answer<Wire>) -> Result<CommitId, Error> {
    let sha = answer.value.sha.as_deref().and_then(|sha| sha.parse().ok());
    sha.ok_or_else(|| malformed("no commit in `sha`", answer.exchange.clone(), None))
}

impl Wire {
    /// `None` when the id is not the name of a repository.
    pub(crate) fn summary(self, kind: RepoKind) -> Option<RepoSummary> {
        Some(RepoSummary {
            id: RepoId::new(kind, &self.id).ok()?,
            last_modified: self.last_modified,
            is_private: self.private,
            gated: self.gated,
            is_disabled: self.disabled,
            downloads: self.downloads,
            likes: self.likes,
            tags: self.tags,
            pipeline_tag: self.pipeline_tag,
            library_name: self.library_name,
            sdk: self.sdk,
            description: self.description,
            parameters: self.safetensors.and_then(|safetensors| safetensors.total),
        })
    }
}

/// `false`, `"auto"` or `"manual"`, wherever it appears.
pub(crate) fn gated<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Gated, D::Error> {
    #[derive(Deserialize, Default)]
    #[serde(untagged)]
    enum Form {
        Flag(bool),
        Mode(String),
        #[default]
        Absent,
    }
    Ok(match or_default(deserializer)? {
        Form::Absent | Form::Flag(false) => Gated::No,
        Form::Flag(true) => Gated::Manual,
        Form::Mode(mode) => match mode.as_str() {
            "auto" => Gated::Auto,
            "manual" => Gated::Manual,
            _ => Gated::Other(mode),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(json: &str) -> Option<RepoSummary> {
        serde_json::from_str::<Wire>(json)
            .unwrap()
            .summary(RepoKind::Model)
    }

    #[test]
    fn an_id_is_enough_and_null_is_absence() {
        let bare = summary(r#"{"id":"a/b"}"#).unwrap();
        let nulls = r#"{"id":"a/b","private":null,"gated":null,"tags":null,"likes":null,
            "safetensors":null,"somethingNew":{}}"#;
        assert_eq!(summary(nulls), Some(bare));
    }

    #[test]
    fn gating_is_a_flag_or_a_word() {
        for (json, expected) in [
            ("false", Gated::No),
            ("true", Gated::Manual),
            (r#""auto""#, Gated::Auto),
            (r#""manual""#, Gated::Manual),
            (r#""lottery""#, Gated::Other("lottery".to_owned())),
        ] {
            let summary = summary(&format!(r#"{{"id":"a/b","gated":{json}}}"#)).unwrap();
            assert_eq!(summary.gated, expected);
        }
    }

    #[test]
    fn a_name_that_could_lead_elsewhere_is_no_repository() {
        assert_eq!(summary(r#"{"id":"../b"}"#), None);
    }
}
