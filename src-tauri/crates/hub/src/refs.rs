use hubdesk_core::{CommitId, Revision};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::call::{Call, Effect, Verb};
use crate::change::change;
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
    /// Copies in another format that the Hub makes, such as `refs/convert/parquet`.
    #[serde(default, deserialize_with = "or_default")]
    pub converts: Vec<Ref>,
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

    /// Makes the branch `name` at `from`, the head of `main` if `None`. [`Error::Conflict`] if it
    /// is there already.
    pub async fn create_branch(
        &self,
        name: &Revision,
        from: Option<&Revision>,
    ) -> Result<(), Error> {
        let url = route::branch(self.hub.endpoint(), &self.id, name.as_str());
        let call = Call::once(url, Some(&self.id)).json(&NewBranch {
            starting_point: from.map(Revision::as_str),
        });
        let full_name = format!("refs/heads/{name}");
        change(|| self.hub.tell(&call), || self.look_for(&full_name)).await
    }

    /// Removes the branch `name`. The commits stay for a while, but nothing names them.
    pub async fn delete_branch(&self, name: &Revision) -> Result<(), Error> {
        let url = route::branch(self.hub.endpoint(), &self.id, name.as_str());
        self.delete(url).await
    }

    /// Names the commit `at` for good. [`Error::Conflict`] if the name is taken.
    pub async fn create_tag(
        &self,
        name: &Revision,
        at: &Revision,
        message: Option<&str>,
    ) -> Result<(), Error> {
        let url = route::tag(self.hub.endpoint(), &self.id, at.as_str());
        let call = Call::once(url, Some(&self.id)).json(&NewTag {
            tag: name.as_str(),
            message,
        });
        let full_name = format!("refs/tags/{name}");
        change(|| self.hub.tell(&call), || self.look_for(&full_name)).await
    }

    /// Removes the tag `name`.
    pub async fn delete_tag(&self, name: &Revision) -> Result<(), Error> {
        let url = route::tag(self.hub.endpoint(), &self.id, name.as_str());
        self.delete(url).await
    }

    async fn delete(&self, url: Url) -> Result<(), Error> {
        let call = Call::new(Verb::Delete, Effect::Repeatable, url, Some(&self.id));
        self.hub.tell(&call).await
    }

    /// `Some` if there is such a ref. Only asked after an answer was lost, when a ref of this name
    /// is the one that was to be made: otherwise the Hub would have refused.
    async fn look_for(&self, full_name: &str) -> Result<Option<()>, Error> {
        let refs = self.refs().await?;
        let mut all = refs.branches.iter().chain(&refs.tags);
        Ok(all.any(|one| one.full_name == full_name).then_some(()))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NewBranch<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    starting_point: Option<&'a str>,
}

#[derive(Serialize)]
struct NewTag<'a> {
    tag: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
}
