//! Finding what one did not look for: Spaces by what they do, and what people look at now.

use hubdesk_core::RepoKind;
use serde::Deserialize;
use url::Url;

use crate::call::Call;
use crate::json::{each, lenient};
use crate::listed::ListedWire;
use crate::search::add_all;
use crate::{Error, Hub, ListedRepo, route};

/// The most repositories the Hub calls trending at once.
const MOST_TRENDING: u8 = 20;

/// Spaces by what they do. Several words are compared by meaning, a single one as text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SpaceSearch {
    /// What it should do, in words.
    pub text: String,
    /// Tags it must all have.
    pub filter: Vec<String>,
    /// What it may be made with, such as `gradio`; anything when empty.
    pub sdks: Vec<String>,
    /// Whether Spaces that are not running count, too.
    pub with_stopped: bool,
}

/// A Space that does what was asked for, more or less.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundSpace {
    /// The Space.
    pub space: ListedRepo,
    /// What it does, as a program has put it.
    pub description: Option<String>,
    /// What kind of thing it does, as a program has sorted it.
    pub category: Option<String>,
    /// How well it fits, from 0 to 1.
    pub relevance: Option<f64>,
}

#[derive(Deserialize)]
struct FoundWire {
    #[serde(flatten)]
    space: ListedWire,
    #[serde(default, rename = "ai_short_description", deserialize_with = "lenient")]
    description: Option<String>,
    #[serde(default, rename = "ai_category", deserialize_with = "lenient")]
    category: Option<String>,
    #[serde(
        default,
        rename = "semanticRelevancyScore",
        deserialize_with = "lenient"
    )]
    relevance: Option<f64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Trending {
    #[serde(default, deserialize_with = "each")]
    recently_trending: Vec<TrendingWire>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TrendingWire {
    repo_type: RepoKind,
    repo_data: ListedWire,
}

impl SpaceSearch {
    fn write(&self, mut url: Url) -> Url {
        let stopped = self.with_stopped.then_some("true");
        let mut pairs = url.query_pairs_mut();
        pairs.append_pair("q", &self.text);
        add_all(&mut pairs, "filter", &self.filter);
        add_all(&mut pairs, "sdk", &self.sdks);
        add_all(&mut pairs, "includeNonRunning", &stopped);
        drop(pairs);
        url
    }
}

impl Hub {
    /// Spaces that do what is asked for, the best first: one answer, no pages.
    pub async fn search_spaces(&self, search: &SpaceSearch) -> Result<Vec<FoundSpace>, Error> {
        let url = search.write(route::below_api(self.endpoint(), "spaces/semantic-search"));
        let found: Vec<FoundWire> = self.ask(&Call::get(url, None)).await?.value;
        let read = |wire: FoundWire| {
            Some(FoundSpace {
                space: wire.space.read(RepoKind::Space)?,
                description: wire.description,
                category: wire.category,
                relevance: wire.relevance,
            })
        };
        Ok(found.into_iter().filter_map(read).collect())
    }

    /// What people look at now, of one kind or of all, at most `limit`. Kinds we do not know and
    /// names that cannot be are left out.
    pub async fn trending(
        &self,
        kind: Option<RepoKind>,
        limit: u8,
    ) -> Result<Vec<ListedRepo>, Error> {
        let mut url = route::below_api(self.endpoint(), "trending");
        let kind = kind.map_or_else(|| "all".to_owned(), |kind| kind.to_string());
        let limit = limit.clamp(1, MOST_TRENDING).to_string();
        url.query_pairs_mut()
            .extend_pairs([("type", &kind), ("limit", &limit)]);
        let answer: Trending = self.ask(&Call::get(url, None)).await?.value;
        let found = answer.recently_trending.into_iter();
        Ok(found
            .filter_map(|wire| wire.repo_data.read(wire.repo_type))
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_by_meaning_is_asked_for_as_the_official_client_does() {
        let search = SpaceSearch {
            text: "draw cat".to_owned(),
            sdks: vec!["gradio".to_owned(), "static".to_owned()],
            with_stopped: true,
            ..SpaceSearch::default()
        };
        let url = search.write(Url::parse("https://huggingface.co/api/s").unwrap());
        let expected = "q=draw+cat&sdk=gradio&sdk=static&includeNonRunning=true";
        assert_eq!(url.query(), Some(expected));
    }
}
