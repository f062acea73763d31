//! Whether a discussion or comment of ours came about although the answer was lost.

use reqwest::header::HeaderMap;
use tokio::time::Instant;

use crate::ask::Answer;
use crate::call::Call;
use crate::discussions::{Listed, list_address};
use crate::exchange::text;
use crate::fault::malformed;
use crate::{DiscussionFilter, DiscussionSort, Error, Event, Happening, Repo, date};

/// How much earlier than it was sent something may seem to have happened: times of the Hub are
/// rounded to seconds.
const SLACK_MS: i64 = 2000;

impl Repo {
    /// Our own comment with this text, said since.
    pub(crate) async fn look_for_comment(
        &self,
        num: u64,
        text: &str,
        since: &Since,
    ) -> Result<Option<Event>, Error> {
        let answer = self.state(num).await?;
        let mut alike = Vec::new();
        for event in &answer.value.events {
            if says(event, text) && since.is_before(&event.created_at, &answer)? {
                alike.push(event);
            }
        }
        if alike.is_empty() {
            return Ok(None);
        }
        let me = self.hub.whoami().await?.name;
        let is_mine = |event: &&&Event| event.author.as_ref().is_some_and(|a| a.name == me);
        Ok(alike
            .iter()
            .rev()
            .find(is_mine)
            .map(|event| (*event).clone()))
    }

    /// Our own discussion with this title, opened since. The newest come first.
    pub(crate) async fn look_for_opened(
        &self,
        title: &str,
        is_pull: bool,
        since: &Since,
    ) -> Result<Option<u64>, Error> {
        let newest = DiscussionFilter {
            sort: Some(DiscussionSort::Created),
            ..DiscussionFilter::default()
        };
        let mut url = list_address(self, &newest);
        url.query_pairs_mut().append_pair("p", "0");
        let answer: Answer<Listed> = self.hub.ask(&Call::get(url, Some(&self.id))).await?;
        let me = self.hub.whoami().await?.name;
        for one in &answer.value.discussions {
            let is_ours = one.title == title.trim()
                && one.is_pull_request == is_pull
                && one.author.as_ref().is_some_and(|author| author.name == me);
            if is_ours && since.is_before(&one.created_at, &answer)? {
                return Ok(Some(one.num));
            }
        }
        Ok(None)
    }
}

/// Our own time of sending, told by the clock of whoever answers later: the answer's `Date` minus
/// what has passed.
pub(crate) struct Since(Instant);

impl Since {
    pub(crate) fn now() -> Self {
        Self(Instant::now())
    }

    /// Whether what `answer` says was made at `created_at` is newer. An error, if that cannot be
    /// told.
    fn is_before<T>(&self, created_at: &str, answer: &Answer<T>) -> Result<bool, Error> {
        let sent = self.by_clock_of(&answer.headers);
        match date::iso(created_at).zip(sent) {
            Some((created, sent)) => Ok(created >= sent - SLACK_MS),
            None => {
                let exchange = answer.exchange.clone();
                Err(malformed("no time to compare with", exchange, None))
            }
        }
    }

    fn by_clock_of(&self, headers: &HeaderMap) -> Option<i64> {
        let now = date::http(&text(headers, "date")?)?;
        let passed = i64::try_from(self.0.elapsed().as_millis()).ok()?;
        Some(now - passed)
    }
}

/// Whether `event` is a comment with this text.
pub(crate) fn says(event: &Event, text: &str) -> bool {
    matches!(&event.what, Happening::Comment(comment) if comment.text.text.trim() == text.trim())
}
