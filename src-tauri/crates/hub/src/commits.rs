use futures_util::Stream;
use hubdesk_core::{CommitId, Revision};
use serde::Deserialize;

use crate::call::Call;
use crate::json::{commit, or_default};
use crate::{Error, Repo, page, route};

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
