//! Whether a discussion or comment of ours came about although the answer was lost. What was there
//! before is remembered, because no clock can be asked: ours stands still while the machine sleeps.

use std::collections::HashSet;

use crate::ask::Answer;
use crate::call::Call;
use crate::discussions::Listed;
use crate::{DiscussionFilter, DiscussionSort, DiscussionSummary, Error, Event, Happening, Repo};

impl Repo {
    /// The names of everything that has happened in discussion `num` so far.
    pub(crate) async fn events_so_far(&self, num: u64) -> Result<HashSet<String>, Error> {
        let events = self.state(num).await?.value.events;
        Ok(events.into_iter().map(|event| event.id).collect())
    }

    /// Our own comment with this text that is not one of those `before`.
    pub(crate) async fn look_for_comment(
        &self,
        num: u64,
        text: &str,
        before: &HashSet<String>,
    ) -> Result<Option<Event>, Error> {
        let mut events = self.state(num).await?.value.events;
        events.retain(|event| says(event, text) && !before.contains(&event.id));
        if events.is_empty() {
            return Ok(None);
        }
        let me = self.hub.whoami().await?.name;
        let is_mine = |event: &Event| event.author.as_ref().is_some_and(|a| a.name == me);
        Ok(events.into_iter().rfind(is_mine))
    }

    /// The highest number of a discussion so far; 0 if there is none.
    pub(crate) async fn last_discussion(&self) -> Result<u64, Error> {
        let newest = self.newest_discussions().await?;
        Ok(newest.iter().map(|one| one.num).max().unwrap_or_default())
    }

    /// Our own discussion with this title and a higher number than `last`.
    pub(crate) async fn look_for_opened(
        &self,
        title: &str,
        is_pull: bool,
        last: u64,
    ) -> Result<Option<u64>, Error> {
        let mut newest = self.newest_discussions().await?;
        newest.retain(|one| {
            one.num > last && one.title == title.trim() && one.is_pull_request == is_pull
        });
        if newest.is_empty() {
            return Ok(None);
        }
        let me = self.hub.whoami().await?.name;
        let is_mine = |one: &&DiscussionSummary| one.author.as_ref().is_some_and(|a| a.name == me);
        Ok(newest.iter().find(is_mine).map(|one| one.num))
    }

    /// The first page, newest first.
    async fn newest_discussions(&self) -> Result<Vec<DiscussionSummary>, Error> {
        let newest = DiscussionFilter {
            sort: Some(DiscussionSort::Created),
            ..DiscussionFilter::default()
        };
        let mut url = newest.address(self);
        url.query_pairs_mut().append_pair("p", "0");
        let answer: Answer<Listed> = self.hub.ask(&Call::get(url, Some(&self.id))).await?;
        Ok(answer.value.discussions)
    }
}

/// Whether `event` is a comment with this text.
pub(crate) fn says(event: &Event, text: &str) -> bool {
    matches!(&event.what, Happening::Comment(comment) if comment.text.text.trim() == text.trim())
}
