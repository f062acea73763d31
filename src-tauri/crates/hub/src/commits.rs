use futures_util::Stream;
use hubdesk_core::{CommitId, Revision};
use serde::Deserialize;
use url::Url;

use crate::ask::Answer;
use crate::call::Call;
use crate::exchange::text;
use crate::fault::malformed;
use crate::json::{commit, lenient, or_default};
use crate::page::next_page;
use crate::{Cursor, Error, Exchange, Page, Repo, page, route};

/// One commit of the history.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Commit {
    /// Its id.
    #[serde(deserialize_with = "commit")]
    pub id: CommitId,
    /// The first line of its message.
    #[serde(default, deserialize_with = "or_default")]
    pub title: String,
    /// The rest of it.
    #[serde(default, deserialize_with = "or_default")]
    pub message: String,
    /// Who made it.
    #[serde(default, deserialize_with = "authors")]
    pub authors: Vec<String>,
    /// When, as the Hub writes times.
    #[serde(default)]
    pub date: Option<String>,
    /// The message as HTML, if it was asked for.
    #[serde(default, deserialize_with = "lenient")]
    pub formatted: Option<Formatted>,
}

/// A commit's message as HTML. The Hub says it is clean; it is still a server's text.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Formatted {
    /// Its first line.
    #[serde(default, deserialize_with = "or_default")]
    pub title: String,
    /// The rest of it.
    #[serde(default, deserialize_with = "or_default")]
    pub message: String,
}

/// How a page of the history is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct History {
    /// Commits on a page, at most 1000; the Hub's choice if `None`.
    pub limit: Option<u16>,
    /// Whether messages come as HTML, too.
    pub is_formatted: bool,
}

/// A page of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitPage {
    /// The commits.
    pub page: Page<Commit>,
    /// How many there are on all pages, if the Hub says.
    pub total: Option<u64>,
}

impl Repo {
    /// The history of `revision`, newest first, page by page as it is wanted. An error ends the
    /// stream.
    pub fn commits(
        &self,
        revision: &Revision,
    ) -> impl Stream<Item = Result<Commit, Error>> + Send + use<> {
        let url = route::commits(self.hub.endpoint(), &self.id, revision);
        page::items(self.hub.clone(), Ok(Call::get(url, Some(&self.id))))
    }

    /// One page of the history of `revision`, newest first: the first one, or the one at `cursor`,
    /// which remembers how the first was asked for.
    pub async fn commit_page(
        &self,
        revision: &Revision,
        history: History,
        cursor: Option<&Cursor>,
    ) -> Result<CommitPage, Error> {
        let list = route::commits(self.hub.endpoint(), &self.id, revision);
        let url = match cursor {
            None => first_page(list, history),
            Some(cursor) => cursor.of_list(&list).ok_or_else(|| {
                let exchange = Exchange::new("GET", &list, self.hub.endpoint());
                malformed("a cursor of another list", exchange, None)
            })?,
        };
        let answer: Answer<Vec<Commit>> = self.hub.ask(&Call::get(url, Some(&self.id))).await?;
        let next = next_page(&answer, self.hub.endpoint())?.map(Cursor::from);
        let total = text(&answer.headers, "x-total-count").and_then(|count| count.parse().ok());
        let items = answer.value;
        Ok(CommitPage {
            page: Page { items, next },
            total,
        })
    }

    /// How many commits lead to `revision`; `None` if the Hub does not say.
    pub async fn commit_count(&self, revision: &Revision) -> Result<Option<u64>, Error> {
        let shortest = History {
            limit: Some(1),
            is_formatted: false,
        };
        Ok(self.commit_page(revision, shortest, None).await?.total)
    }
}

fn first_page(mut url: Url, history: History) -> Url {
    if let Some(limit) = history.limit {
        url.query_pairs_mut()
            .append_pair("limit", &limit.to_string());
    }
    if history.is_formatted {
        url.query_pairs_mut().append_pair("expand[]", "formatted");
    }
    url
}

/// `[{"user": "name", "avatar": …}]`, of which the names are of interest.
fn authors<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    struct Author {
        user: Option<String>,
    }
    let authors: Vec<Author> = or_default(deserializer)?;
    Ok(authors
        .into_iter()
        .filter_map(|author| author.user)
        .collect())
}
