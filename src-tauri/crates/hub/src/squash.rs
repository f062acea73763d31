use hubdesk_core::{CommitId, Revision};
use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::change::change;
use crate::json::commit;
use crate::{Commit, Error, Repo, route};

/// The longest message the Hub takes, in characters.
const LONGEST_MESSAGE: usize = 500;

impl Repo {
    /// Makes the whole history of `branch` one commit with the same files, and gives back that
    /// commit. What only older commits held is lost for good. `message` is cut at 500 characters.
    ///
    /// [`Error::BadRequest`] if `branch` is no branch.
    pub async fn squash(&self, branch: &Revision, message: &str) -> Result<CommitId, Error> {
        let before = self.resolve(branch).await?;
        let url = route::squash(self.hub.endpoint(), &self.id, branch.as_str());
        let message: String = message.chars().take(LONGEST_MESSAGE).collect();
        let call = Call::once(url, Some(&self.id)).json(&Message { message: &message });
        let send = async || Ok(self.hub.ask::<Squashed>(&call).await?.value.commit);
        change(send, || self.look_for_squash(branch, &before)).await
    }

    /// The commit everything became, if the head that was there `before` is no longer part of the
    /// history. Something pushed in between must not be squashed with the rest, unseen.
    async fn look_for_squash(
        &self,
        branch: &Revision,
        before: &CommitId,
    ) -> Result<Option<CommitId>, Error> {
        let url = route::commits(self.hub.endpoint(), &self.id, branch);
        let answer = self
            .hub
            .ask::<Vec<Commit>>(&Call::get(url, Some(&self.id)))
            .await?;
        let commits = answer.value;
        match commits.iter().position(|commit| commit.id == *before) {
            Some(0) => Ok(None),
            Some(_) => Err(Error::HeadMoved {
                exchange: Box::new(answer.exchange),
            }),
            None => Ok(commits.last().map(|first| first.id.clone())),
        }
    }
}

#[derive(Serialize)]
struct Message<'a> {
    message: &'a str,
}

#[derive(Deserialize)]
struct Squashed {
    #[serde(rename = "commitId", deserialize_with = "commit")]
    commit: CommitId,
}
