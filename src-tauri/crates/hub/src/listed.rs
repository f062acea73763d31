//! An entry of a list of repositories.

use hubdesk_core::RepoKind;
use serde::Deserialize;

use crate::RepoSummary;
use crate::json::lenient;
use crate::repo::Wire;

/// One entry of a list. The Hub leaves out what does not apply.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedRepo {
    /// What headers show, too.
    pub summary: RepoSummary,
    /// Who owns it.
    pub author: Option<String>,
    /// When it was made, as the Hub writes times. [`BEFORE_DATES`] stands for any day before.
    pub created_at: Option<String>,
    /// How much people look at it now.
    pub trending_score: Option<f64>,
    /// Downloads since it was made.
    pub downloads_all_time: Option<u64>,
    /// Bytes of a dataset's `main`.
    pub size: Option<u64>,
    /// What a Space calls itself.
    pub title: Option<String>,
    /// A Space's own sign.
    pub emoji: Option<String>,
    /// What a Space is doing, in the Hub's word, such as `RUNNING`.
    pub stage: Option<String>,
}

/// The Hub's [`ListedRepo::created_at`] for what was there before it wrote down when things are made.
pub const BEFORE_DATES: &str = "2022-03-02T23:29:04.000Z";

/// A repository as lists write it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListedWire {
    #[serde(flatten)]
    summary: Wire,
    #[serde(default, deserialize_with = "lenient")]
    author: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    created_at: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    trending_score: Option<f64>,
    #[serde(default, deserialize_with = "lenient")]
    downloads_all_time: Option<u64>,
    #[serde(default, deserialize_with = "lenient")]
    main_size: Option<u64>,
    #[serde(default, deserialize_with = "lenient")]
    title: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    emoji: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    card_data: Option<Face>,
    #[serde(default, deserialize_with = "lenient")]
    runtime: Option<Runtime>,
}

/// What a card says about how a Space shows itself.
#[derive(Deserialize, Default)]
struct Face {
    #[serde(default, deserialize_with = "lenient")]
    title: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    emoji: Option<String>,
}

#[derive(Deserialize)]
struct Runtime {
    stage: String,
}

impl ListedWire {
    /// `None` when the id is not the name of a repository.
    pub(crate) fn read(self, kind: RepoKind) -> Option<ListedRepo> {
        let card = self.card_data.unwrap_or_default();
        Some(ListedRepo {
            summary: self.summary.summary(kind)?,
            author: self.author,
            created_at: self.created_at,
            trending_score: self.trending_score,
            downloads_all_time: self.downloads_all_time,
            size: self.main_size,
            title: self.title.or(card.title),
            emoji: self.emoji.or(card.emoji),
            stage: self.runtime.map(|runtime| runtime.stage),
        })
    }
}

/// What lists are asked for beside [`properties`](crate::repo::properties).
pub(crate) fn more(kind: RepoKind) -> &'static [&'static str] {
    match kind {
        RepoKind::Model => &["author", "createdAt", "downloadsAllTime", "trendingScore"],
        RepoKind::Dataset => &[
            "author",
            "createdAt",
            "downloadsAllTime",
            "mainSize",
            "trendingScore",
        ],
        RepoKind::Space => &[
            "author",
            "cardData",
            "createdAt",
            "runtime",
            "trendingScore",
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_shows_itself_as_its_card_says() {
        let json = r#"{"id":"a/s","cardData":{"title":"T","emoji":1},"runtime":{"stage":"PAUSED"},
            "trendingScore":7,"downloadsAllTime":"many","author":null}"#;
        let wire: ListedWire = serde_json::from_str(json).unwrap();
        let space = wire.read(RepoKind::Space).unwrap();
        assert_eq!((space.title.as_deref(), space.emoji), (Some("T"), None));
        assert_eq!(space.stage.as_deref(), Some("PAUSED"));
        assert_eq!(
            (space.trending_score, space.downloads_all_time),
            (Some(7.0), None)
        );
    }
}
