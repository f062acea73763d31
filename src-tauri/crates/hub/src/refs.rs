use hubdesk_core::CommitId;
use serde::Deserialize;

use crate::client::Call;
use crate::json::{commit, or_default};
use crate::{Error, Repo, route};

/// The names of a repository that can be asked for as a revision.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Refs {
    /// Branches; an empty repository may have none.
    #[serde(default, deserialize_with = "or_default")]
    pub branches: Vec<Ref>,
    /// Tags.
    #[serde(default, deserialize_with = "or_default")]
    pub tags: Vec<Ref>,
    /// Pull requests.
    #[serde(default, deserialize_with = "or_default")]
    pub pull_requests: Vec<Ref>,
}

/// A name that points at a commit now.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ref {
    /// The short name, such as `main`. As the server says, not checked.
    pub name: String,
    /// The full name, such as `refs/heads/main` or `refs/pr/1`. As the server says, not checked.
    #[serde(rename = "ref")]
    pub full_name: String,
    /// Where it points.
    #[serde(rename = "targetCommit", deserialize_with = "commit")]
    pub commit: CommitId,
}

impl Repo {
    /// Branches, tags and pull requests, with where they point now.
    pub async fn refs(&self) -> Result<Refs, Error> {
        let mut url = route::refs(self.hub.endpoint(), &self.id);
        url.query_pairs_mut().append_pair("include_prs", "1");
        Ok(self.hub.ask(&Call::get(url, Some(&self.id))).await?.value)
    }
}
