//! Commits. Each happens once or not at all: the Hub refuses one whose parent is no longer the
//! head, and when an answer is lost the history tells what became of it.

use std::collections::HashMap;
use std::pin::pin;
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt};
use hubdesk_core::{CommitId, Revision};
use serde::Deserialize;

use crate::call::{Call, LONG_WORK};
use crate::change::{Second, change};
use crate::fault::malformed;
use crate::json::commit as commit_id;
use crate::{Error, Exchange, Operations, Repo, route};

/// The slowest line for which a commit's own bytes get time, in bytes a second.
const SLOWEST_LINE: u64 = 128 << 10;
/// How far back the history is read for a commit whose answer was lost.
const MOST_LOOKED_AT: usize = 1000;
/// New pull requests that are looked at for one whose answer was lost.
const MOST_PULL_REQUESTS: usize = 20;

/// Where a commit goes. The parent is always said: it is what keeps a commit from happening twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// On top of a branch, or of `refs/pr/<number>`.
    Branch {
        /// Which.
        name: Revision,
        /// Where it must be. [`Error::HeadMoved`] if it is not.
        parent: CommitId,
    },
    /// A new pull request onto `main`.
    PullRequest {
        /// The commit of `main` it begins at.
        base: CommitId,
    },
}

/// What a commit says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// One line; the Hub refuses an empty one.
    pub title: String,
    /// More about it, or nothing.
    pub description: String,
}

/// A commit that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    /// Its id.
    pub id: CommitId,
    /// The number of the pull request that was opened with it.
    pub pull_request: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    #[serde(deserialize_with = "commit_id")]
    commit_oid: CommitId,
    pull_request_url: Option<String>,
}

impl Target {
    /// The revision in addresses.
    pub(crate) fn revision(&self) -> &str {
        match self {
            Self::Branch { name, .. } => name.as_str(),
            Self::PullRequest { .. } => "main",
        }
    }

    pub(crate) fn is_new_pull_request(&self) -> bool {
        matches!(self, Self::PullRequest { .. })
    }

    fn parent(&self) -> &CommitId {
        match self {
            Self::Branch { parent, .. } => parent,
            Self::PullRequest { base } => base,
        }
    }
}

impl Repo {
    /// Commits `operations`, all or none of them.
    ///
    /// [`Error::HeadMoved`] if the branch is elsewhere by now; a large file that was not uploaded
    /// is [`Error::BadRequest`], one to be removed that is not there [`Error::NotFound`].
    ///
    /// When the answer is lost, the commit is looked for: on a branch it is the one that follows
    /// the parent, if what it holds is what was asked for. If nothing follows, it is sent again.
    /// A new pull request has nothing that keeps it from being opened twice, so it is sent again
    /// only after the Hub itself said that it failed. [`Error::Unsure`] otherwise.
    pub async fn commit(
        &self,
        target: &Target,
        message: &Message,
        operations: &Operations,
    ) -> Result<Committed, Error> {
        let body = operations.ndjson(message, target.parent());
        let sending = Duration::from_secs(body.len() as u64 / SLOWEST_LINE);
        let mut url = route::at(self.hub.endpoint(), &self.id, "commit", target.revision());
        if target.is_new_pull_request() {
            url.query_pairs_mut().append_pair("create_pr", "1");
        }
        let call = Call::once(url, Some(&self.id))
            .carrying("application/x-ndjson", body)
            .patience(LONG_WORK + sending);
        match target {
            Target::Branch { name, parent } => {
                self.commit_to_branch(&call, name, parent, operations).await
            }
            Target::PullRequest { base } => {
                self.open_pull_request(&call, base, message, operations)
                    .await
            }
        }
    }

    async fn commit_to_branch(
        &self,
        call: &Call,
        name: &Revision,
        parent: &CommitId,
        operations: &Operations,
    ) -> Result<Committed, Error> {
        let send = || self.send_commit(call, None);
        let look = || self.look_on_branch(name, parent, operations);
        change(Second::Harmless, send, look).await
    }

    /// What followed `parent` on the branch, if that is the commit with these changes. `None` if
    /// nothing did, or something else: then ours cannot have happened, and the Hub will say so.
    async fn look_on_branch(
        &self,
        name: &Revision,
        parent: &CommitId,
        operations: &Operations,
    ) -> Result<Option<Committed>, Error> {
        let mut commits = pin!(self.commits(name).take(MOST_LOOKED_AT));
        let mut next = None;
        while let Some(commit) = commits.try_next().await? {
            if commit.id != *parent {
                next = Some(commit.id);
                continue;
            }
            return match next {
                Some(id) if self.holds(&id, operations).await? => Ok(Some(Committed {
                    id,
                    pull_request: None,
                })),
                _ => Ok(None),
            };
        }
        Err(self.not_seen("the history does not lead back to the parent"))
    }

    async fn open_pull_request(
        &self,
        call: &Call,
        base: &CommitId,
        message: &Message,
        operations: &Operations,
    ) -> Result<Committed, Error> {
        let known = self.pull_requests_after(0).await?;
        let last = known.last().map_or(0, |(number, _)| *number);
        let send = || self.send_commit(call, Some(last));
        let look = async || {
            let new = self.pull_requests_after(last).await?;
            for (number, head) in new.into_iter().take(MOST_PULL_REQUESTS) {
                let is_ours = self.begins_at(&head, base, message).await?
                    && self.holds(&head, operations).await?;
                if is_ours {
                    return Ok(Some(Committed {
                        id: head,
                        pull_request: Some(number),
                    }));
                }
            }
            Ok(None)
        };
        change(Second::Happens, send, look).await
    }

    /// The number of the newest pull request; 0 if there is none. With [`Repo::own_pull_request`]
    /// for who is going to open one, and may be killed before it can be remembered.
    pub async fn last_pull_request(&self) -> Result<u64, Error> {
        let known = self.pull_requests_after(0).await?;
        Ok(known.last().map_or(0, |(number, _)| *number))
    }

    /// The pull request of this account that begins right after `base` with a commit of this title,
    /// among those with a higher number than `after`.
    pub async fn own_pull_request(
        &self,
        after: u64,
        base: &CommitId,
        message: &Message,
    ) -> Result<Option<Committed>, Error> {
        let new = self.pull_requests_after(after).await?;
        for (number, head) in new.into_iter().take(MOST_PULL_REQUESTS) {
            if !self.begins_at(&head, base, message).await? {
                continue;
            }
            let author = self.discussion(number).await?.summary.author;
            let me = self.hub.whoami().await?.name;
            if author.is_some_and(|author| author.name == me) {
                return Ok(Some(Committed {
                    id: head,
                    pull_request: Some(number),
                }));
            }
        }
        Ok(None)
    }

    /// The pull requests with a higher number than `last`, in order, and where they are.
    async fn pull_requests_after(&self, last: u64) -> Result<Vec<(u64, CommitId)>, Error> {
        let refs = self.refs().await?.pull_requests.into_iter();
        let numbered = refs.filter_map(|one| {
            let number = one.full_name.strip_prefix("refs/pr/")?.parse().ok()?;
            (number > last).then_some((number, one.commit))
        });
        let mut pull_requests: Vec<_> = numbered.collect();
        pull_requests.sort();
        Ok(pull_requests)
    }

    /// Whether `head` is a commit of this title right after `base`.
    async fn begins_at(
        &self,
        head: &CommitId,
        base: &CommitId,
        message: &Message,
    ) -> Result<bool, Error> {
        let history = self.commits(&Revision::from(head.clone())).take(2);
        let history: Vec<_> = history.try_collect().await?;
        Ok(match history.as_slice() {
            [head, parent] => head.title.trim() == message.title.trim() && parent.id == *base,
            _ => false,
        })
    }

    /// Whether the tree at `commit` is as `operations` leave it, wherever they touch it.
    async fn holds(&self, commit: &CommitId, operations: &Operations) -> Result<bool, Error> {
        let outcome = operations.outcome();
        let paths: Vec<&str> = outcome.keys().copied().collect();
        let entries = self.paths_info(commit, &paths).await?;
        let found: HashMap<_, _> = entries
            .iter()
            .map(|entry| (entry.path.as_str(), entry.digest()))
            .collect();
        Ok(outcome.iter().all(|(path, wanted)| match wanted {
            Some(digest) => found.get(path) == Some(&Some(*digest)),
            None => !found.contains_key(path),
        }))
    }

    /// Sends the commit. With `pull_requests_before` the answer must name a newer one.
    async fn send_commit(
        &self,
        call: &Call,
        pull_requests_before: Option<u64>,
    ) -> Result<Committed, Error> {
        let answer = self.hub.ask::<Wire>(call).await?;
        let number = answer.value.pull_request_url.as_deref().and_then(number);
        match (pull_requests_before, number) {
            (None, _) => Ok(Committed {
                id: answer.value.commit_oid,
                pull_request: None,
            }),
            (Some(last), Some(number)) if number > last => Ok(Committed {
                id: answer.value.commit_oid,
                pull_request: Some(number),
            }),
            (Some(_), _) => Err(malformed("no pull request", answer.exchange, None)),
        }
    }

    /// The error of a look that could not tell.
    fn not_seen(&self, what: &str) -> Error {
        let url = route::of_repo(self.hub.endpoint(), &self.id, "refs");
        malformed(what, Exchange::new("GET", &url, self.hub.endpoint()), None)
    }
}

/// The number at the end of a pull request's address.
fn number(url: &str) -> Option<u64> {
    url.trim_end_matches('/').rsplit('/').next()?.parse().ok()
}
