use hubdesk_core::{CommitId, Revision};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::call::{Call, Effect, Verb};
use crate::change::{Second, change};
use crate::fault::malformed;
use crate::json::{commit, or_default};
use crate::{Error, Exchange, Repo, route};

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
        let mut url = route::of_repo(self.hub.endpoint(), &self.id, "refs");
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
        let main = Revision::main();
        self.make(&call, &format!("refs/heads/{name}"), from.unwrap_or(&main))
            .await
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
        self.make(&call, &format!("refs/tags/{name}"), at).await
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

    /// Sends `call`, which makes the ref `full_name` at `from`.
    ///
    /// Looks first whether it is there: otherwise one that is found after a lost answer could be
    /// an old one. One that came since and is elsewhere may be anybody's.
    async fn make(&self, call: &Call, full_name: &str, from: &Revision) -> Result<(), Error> {
        let before = self.refs().await?;
        let was_there = before.find(full_name).is_some();
        let wanted = before.commit_of(from);
        let look = async || match self.refs().await?.find(full_name) {
            Some(now) if !was_there => match &wanted {
                Some(wanted) if *wanted != now.commit => Err(self.elsewhere()),
                _ => Ok(Some(())),
            },
            _ => Ok(None),
        };
        change(Second::Harmless, || self.hub.tell(call), look).await
    }

    fn elsewhere(&self) -> Error {
        let url = route::of_repo(self.hub.endpoint(), &self.id, "refs");
        let exchange = Exchange::new("GET", &url, self.hub.endpoint());
        malformed("a ref of this name at another commit", exchange, None)
    }
}

impl Refs {
    fn find(&self, full_name: &str) -> Option<&Ref> {
        let mut all = self.branches.iter().chain(&self.tags);
        all.find(|one| one.full_name == full_name)
    }

    /// Where `revision` leads, if it is one of these or the id of a commit.
    fn commit_of(&self, revision: &Revision) -> Option<CommitId> {
        let mut all = self.branches.iter().chain(&self.tags);
        let name = revision.as_str();
        let named = all.find(|one| one.name == name || one.full_name == name);
        named.map_or_else(|| name.parse().ok(), |one| Some(one.commit.clone()))
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
