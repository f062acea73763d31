//! Discussions and pull requests: listed, read, opened, answered, closed, merged.

use std::collections::VecDeque;

use futures_util::{Stream, stream};
use serde::Deserialize;
use serde_json::json;
use url::Url;

use crate::ask::Answer;
use crate::call::{Call, LONG_WORK};
use crate::change::{Second, change};
use crate::discussion_look::says;
use crate::fault::malformed;
use crate::route;
use crate::{
    Discussion, DiscussionFilter, DiscussionStatus, DiscussionSummary, Error, Event, Repo,
};

/// Pages of one list before we stop believing that it ends.
const MOST_PAGES: usize = 1000;

impl Repo {
    /// Every discussion and pull request `filter` lets through, page by page as they are wanted.
    /// An error ends the stream; what came before it was not everything.
    pub fn discussions(
        &self,
        filter: &DiscussionFilter,
    ) -> impl Stream<Item = Result<DiscussionSummary, Error>> + Send + use<> {
        let repo = self.clone();
        let first = filter.address(self);
        stream::try_unfold((0, VecDeque::new(), true), move |state| {
            let (repo, mut url) = (repo.clone(), first.clone());
            async move {
                let (page, mut items, has_more) = state;
                let mut next = (page, has_more);
                if items.is_empty() && has_more {
                    url.query_pairs_mut().append_pair("p", &page.to_string());
                    let answer: Answer<Listed> =
                        repo.hub.ask(&Call::get(url, Some(&repo.id))).await?;
                    let Listed {
                        discussions,
                        count,
                        start,
                    } = answer.value;
                    let is_last = discussions.is_empty()
                        || start.saturating_add(discussions.len() as u64) >= count;
                    if !is_last && page + 1 == MOST_PAGES {
                        return Err(malformed("a list without an end", answer.exchange, None));
                    }
                    next = (page + 1, !is_last);
                    items = discussions.into();
                }
                let item = items.pop_front();
                Ok(item.map(|item| (item, (next.0, items, next.1))))
            }
        })
    }

    /// Discussion or pull request `num` with everything that happened in it, and the change a pull
    /// request proposes.
    pub async fn discussion(&self, num: u64) -> Result<Discussion, Error> {
        let mut url = self.address(num, "");
        url.query_pairs_mut().append_pair("diff", "1");
        Ok(self.hub.ask(&Call::get(url, Some(&self.id))).await?.value)
    }

    /// Opens a discussion with `text` as its first comment; its number. A title has 3 to 200
    /// characters. [`Error::Unsure`] if the answer was lost and it is not to be seen: it may still
    /// come.
    pub async fn create_discussion(&self, title: &str, text: &str) -> Result<u64, Error> {
        self.open(title, text, false).await
    }

    /// Opens a pull request, as a draft without commits; its number. Commits go to
    /// `refs/pr/{number}`, and [`Repo::reopen_discussion`] offers it.
    pub async fn create_pull_request(&self, title: &str, text: &str) -> Result<u64, Error> {
        self.open(title, text, true).await
    }

    /// Says `text` in discussion `num`; the comment as it is there now. [`Error::Unsure`] if the
    /// answer was lost and the comment is not to be seen: it may still come.
    pub async fn comment(&self, num: u64, text: &str) -> Result<Event, Error> {
        let call = self
            .change_call(num, "/comment")
            .json(&json!({ "comment": text }));
        let before = self.events_so_far(num).await?;
        change(
            Second::Happens,
            async || {
                let answer: Answer<NewMessage> = self.hub.ask(&call).await?;
                Ok(answer.value.new_message)
            },
            || self.look_for_comment(num, text, &before),
        )
        .await
    }

    /// Gives one's own comment `id` another text; the comment as it is now.
    pub async fn edit_comment(&self, num: u64, id: &str, text: &str) -> Result<Event, Error> {
        let url = route::comment(self.hub.endpoint(), &self.id, num, &id.to_ascii_lowercase())?;
        let call = Call::once(url, Some(&self.id)).json(&json!({ "content": text }));
        let is_done = |event: &Event| event.id.eq_ignore_ascii_case(id) && says(event, text);
        change(
            Second::Harmless,
            async || {
                let answer: Answer<UpdatedComment> = self.hub.ask(&call).await?;
                Ok(answer.value.updated_comment)
            },
            async || {
                let events = self.state(num).await?.value.events;
                Ok(events.into_iter().find(is_done))
            },
        )
        .await
    }

    /// Gives discussion `num` another title.
    pub async fn rename_discussion(&self, num: u64, title: &str) -> Result<(), Error> {
        let call = self
            .change_call(num, "/title")
            .json(&json!({ "title": title }));
        let is_done = |now: &DiscussionSummary| now.title == title.trim();
        self.until(num, Second::Harmless, &call, is_done).await
    }

    /// Ends discussion `num`, with a last word if there is one.
    pub async fn close_discussion(&self, num: u64, comment: Option<&str>) -> Result<(), Error> {
        self.set_status(num, &DiscussionStatus::Closed, comment)
            .await
    }

    /// Opens discussion `num` again, or offers a pull request that was a draft.
    pub async fn reopen_discussion(&self, num: u64, comment: Option<&str>) -> Result<(), Error> {
        self.set_status(num, &DiscussionStatus::Open, comment).await
    }

    /// Takes what pull request `num` proposes. Refused while it is a draft, and while files are in
    /// conflict.
    pub async fn merge(&self, num: u64, comment: Option<&str>) -> Result<(), Error> {
        let mut call = self.change_call(num, "/merge").patience(LONG_WORK);
        // Without a comment the request is empty.
        if let Some(comment) = comment {
            call = call.json(&json!({ "comment": comment }));
        }
        let is_merged = |now: &DiscussionSummary| now.status == DiscussionStatus::Merged;
        self.until(num, Second::Harmless, &call, is_merged).await
    }

    async fn open(&self, title: &str, text: &str, is_pull: bool) -> Result<u64, Error> {
        let url = route::of_repo(self.hub.endpoint(), &self.id, "discussions");
        let call = Call::once(url, Some(&self.id)).json(&json!({
            "title": title,
            "description": text,
            "pullRequest": is_pull,
        }));
        let last = self.last_discussion().await?;
        change(
            Second::Happens,
            async || {
                let answer: Answer<Opened> = self.hub.ask(&call).await?;
                Ok(answer.value.num)
            },
            || self.look_for_opened(title, is_pull, last),
        )
        .await
    }

    async fn set_status(
        &self,
        num: u64,
        status: &DiscussionStatus,
        comment: Option<&str>,
    ) -> Result<(), Error> {
        let mut body = json!({ "status": status.as_str() });
        if let Some(comment) = comment {
            body["comment"] = json!(comment);
        }
        let call = self.change_call(num, "/status").json(&body);
        // Whether the Hub takes a comment with a status that is set already is unverified.
        let second = match comment {
            Some(_) => Second::Happens,
            None => Second::Harmless,
        };
        let is_done = |now: &DiscussionSummary| now.status == *status;
        self.until(num, second, &call, is_done).await
    }

    /// Sends `call`, which has happened when `is_done` holds.
    async fn until(
        &self,
        num: u64,
        second: Second,
        call: &Call,
        is_done: impl Fn(&DiscussionSummary) -> bool,
    ) -> Result<(), Error> {
        change(
            second,
            || self.hub.tell(call),
            async || {
                let now = self.state(num).await?.value.summary;
                Ok(is_done(&now).then_some(()))
            },
        )
        .await
    }

    /// The discussion without its diff.
    pub(crate) async fn state(&self, num: u64) -> Result<Answer<Discussion>, Error> {
        self.hub
            .ask(&Call::get(self.address(num, ""), Some(&self.id)))
            .await
    }

    fn change_call(&self, num: u64, what: &str) -> Call {
        Call::once(self.address(num, what), Some(&self.id))
    }

    fn address(&self, num: u64, what: &str) -> Url {
        route::discussion(self.hub.endpoint(), &self.id, num, what)
    }
}

#[derive(Deserialize)]
pub(crate) struct Listed {
    pub(crate) discussions: Vec<DiscussionSummary>,
    count: u64,
    start: u64,
}

#[derive(Deserialize)]
struct Opened {
    num: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewMessage {
    new_message: Event,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UpdatedComment {
    updated_comment: Event,
}
