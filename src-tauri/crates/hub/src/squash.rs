use hubdesk_core::{CommitId, Revision};
use serde::{Deserialize, Serialize};

use crate::call::{Call, LONG_WORK};
use crate::change::{Second, change};
use crate::json::commit;
use crate::page::next_page;
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
        let call = Call::once(url, Some(&self.id))
            .json(&Message { message: &message })
            .patience(LONG_WORK);
        let send = async || Ok(self.hub.ask::<Squashed>(&call).await?.value.commit);
        change(Second::Harmless, send, || {
            self.look_for_squash(branch, &before, &message)
        })
        .await
    }

    /// The commit everything became, if the head that was there `before` is no longer part of the
    /// history and the only first commit says what ours does. Something pushed in between must not
    /// be squashed with the rest, unseen.
    async fn look_for_squash(
        &self,
        branch: &Revision,
        before: &CommitId,
        message: &str,
    ) -> Result<Option<CommitId>, Error> {
        let url = route::commits(self.hub.endpoint(), &self.id, branch);
        let answer = self
            .hub
            .ask::<Vec<Commit>>(&Call::get(url, Some(&self.id)))
            .await?;
        let has_more = next_page(&answer, self.hub.endpoint())?.is_some();
        let commits = &answer.value;
        match commits.iter().position(|commit| commit.id == *before) {
            Some(0) => Ok(None),
            None if !has_more && is_root_of(commits, message) => {
                Ok(commits.last().map(|first| first.id.clone()))
            }
            _ => Err(Error::HeadMoved {
                exchange: Box::new(answer.exchange),
            }),
        }
    }
}

/// Whether the oldest of `commits` has the first line of `message` as its title.
fn is_root_of(commits: &[Commit], message: &str) -> bool {
    let title = message.trim().lines().next().unwrap_or_default();
    commits
        .last()
        .is_some_and(|first| first.title.trim() == title.trim())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_history_that_begins_with_another_message_is_not_ours() {
        let id = "a".repeat(40);
        let first = serde_json::json!([{"id": id, "title": "all in one", "date": "2024-01-01"}]);
        let commits: Vec<Commit> = serde_json::from_value(first).unwrap();
        assert!(is_root_of(&commits, "all in one\nand more"));
        assert!(!is_root_of(&commits, "theirs"));
        assert!(!is_root_of(&[], "all in one"));
    }
}
