use futures_util::{Stream, TryStreamExt, future};
use hubdesk_core::RepoKind;
use serde_json::Value;
use url::Url;
use url::form_urlencoded::Serializer;

use crate::call::Call;
use crate::listed::{ListedWire, more};
use crate::repo::{expand, properties};
use crate::{Cursor, Details, Error, Hub, ListedRepo, Page, ParameterRange, details, page, route};

/// Repositories on a page when nobody says how many.
const PAGE: u32 = 50;

/// Which repositories to list, and in which order. The default is all of them.
///
/// Narrowing adds up: a repository must fit everything that is said. What does not apply to the
/// kind that is listed is not sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RepoQuery {
    /// A part of `owner/name`.
    pub search: Option<String>,
    /// The owner, exactly.
    pub author: Option<String>,
    /// Tags they must all have, as in a [`Vocabulary`](crate::Vocabulary).
    pub filter: Vec<String>,
    /// Whether access must be requested; both when `None`. Not for Spaces.
    pub gated: Option<bool>,
    /// What only models can be narrowed by.
    pub models: ModelFilter,
    /// Another part of the name; for datasets.
    pub dataset_name: Option<String>,
    /// What only Spaces can be narrowed by.
    pub spaces: SpaceFilter,
    /// The order; the Hub's own when `None`.
    pub sort: Option<Sort>,
    /// How many on a page; 50 when `None`.
    pub limit: Option<u32>,
}

/// What models can be narrowed by, beside tags.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ModelFilter {
    /// The task, such as `text-generation`.
    pub pipeline_tag: Option<String>,
    /// Programs of which one at least runs it, such as `ollama`, `llama.cpp`, `lmstudio`, `vllm`.
    pub apps: Vec<String>,
    /// Whether some provider must serve it now.
    pub is_served: bool,
    /// Providers of which one at least serves it, such as `groq`; `all` is any.
    pub providers: Vec<String>,
    /// How large it may be.
    pub parameters: ParameterRange,
}

/// What Spaces can be narrowed by, beside tags.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SpaceFilter {
    /// Whether it must use some model or dataset.
    pub is_linked: bool,
    /// Models it must use, by name.
    pub models: Vec<String>,
    /// Datasets it must use, by name.
    pub datasets: Vec<String>,
}

/// What cards of datasets say in a fixed form, and lists can be narrowed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatasetFacet {
    /// Such as `en`.
    Language,
    /// How it came to its languages, such as `crowdsourced`.
    LanguageCreators,
    /// Such as `monolingual`.
    Multilinguality,
    /// Such as `n<1K`.
    SizeCategory,
    /// Such as `question-answering`.
    TaskCategory,
    /// Such as `extractive-qa`.
    TaskId,
}

/// The orders of a list, each from the most to the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// What people look at now.
    Trending,
    /// Likes.
    Likes,
    /// Likes of the last 30 days.
    RecentLikes,
    /// Downloads of the last 30 days; Spaces have none.
    Downloads,
    /// Time of the last change.
    Modified,
    /// Time of creation.
    Created,
    /// Bytes of `main`.
    Size,
    /// Parameters; of models only.
    Parameters,
    /// Rows; of datasets only.
    Rows,
    /// The repository's number at the Hub.
    Id,
}

impl RepoQuery {
    /// Models that were trained on `dataset`, too.
    pub fn trained_on(self, dataset: &str) -> Self {
        self.tagged(format!("dataset:{dataset}"))
    }

    /// Datasets of which the card says so, too.
    pub fn facet(self, facet: DatasetFacet, value: &str) -> Self {
        self.tagged(format!("{}:{value}", facet.as_str()))
    }

    /// Datasets that are official benchmarks, too.
    pub fn official_benchmark(self) -> Self {
        self.tagged("benchmark:official".to_owned())
    }

    fn tagged(mut self, tag: String) -> Self {
        self.filter.push(tag);
        self
    }

    /// The first page, with what lists show.
    fn first_page(&self, url: Url, kind: RepoKind) -> Url {
        let mut url = self.narrowed(url, kind);
        expand(&mut url, properties(kind).iter().chain(more(kind)));
        url
    }

    /// The first page, with the parameters in the official client's order.
    fn narrowed(&self, mut url: Url, kind: RepoKind) -> Url {
        let limit = self.limit.unwrap_or(PAGE).to_string();
        let mut pairs = url.query_pairs_mut();
        add_all(&mut pairs, "filter", &self.filter);
        add_all(&mut pairs, "author", &self.author);
        match kind {
            RepoKind::Model => {
                add_all(&mut pairs, "apps", &self.models.apps);
                add_all(&mut pairs, "gated", &self.gated.map(word));
                self.models.write(&mut pairs);
            }
            RepoKind::Dataset => {
                add_all(&mut pairs, "gated", &self.gated.map(word));
                add_all(&mut pairs, "search", &self.dataset_name);
            }
            RepoKind::Space => {}
        }
        add_all(&mut pairs, "search", &self.search);
        add_all(&mut pairs, "sort", &self.sort.map(Sort::as_str));
        pairs.append_pair("limit", &limit);
        if kind == RepoKind::Space {
            self.spaces.write(&mut pairs);
        }
        drop(pairs);
        url
    }
}

impl ModelFilter {
    fn write(&self, pairs: &mut Serializer<'_, url::UrlQuery<'_>>) {
        let warm = self.is_served.then_some("warm");
        add_all(pairs, "inference", &warm);
        add_all(pairs, "inference_provider", &self.providers);
        add_all(pairs, "pipeline_tag", &self.pipeline_tag);
        let bounds = self.parameters.to_string();
        if !bounds.is_empty() {
            pairs.append_pair("num_parameters", &bounds);
        }
    }
}

impl SpaceFilter {
    fn write(&self, pairs: &mut Serializer<'_, url::UrlQuery<'_>>) {
        add_all(pairs, "linked", &self.is_linked.then_some("true"));
        add_all(pairs, "datasets", &self.datasets);
        add_all(pairs, "models", &self.models);
    }
}

fn word(flag: bool) -> &'static str {
    if flag { "true" } else { "false" }
}

/// `key` once for each value.
pub(crate) fn add_all<'a, T: AsRef<str> + 'a>(
    pairs: &mut Serializer<'_, url::UrlQuery<'_>>,
    key: &str,
    values: impl IntoIterator<Item = &'a T>,
) {
    pairs.extend_pairs(values.into_iter().map(|value| (key, value)));
}

impl DatasetFacet {
    fn as_str(self) -> &'static str {
        match self {
            Self::Language => "language",
            Self::LanguageCreators => "language_creators",
            Self::Multilinguality => "multilinguality",
            Self::SizeCategory => "size_categories",
            Self::TaskCategory => "task_categories",
            Self::TaskId => "task_ids",
        }
    }
}

impl Sort {
    fn as_str(self) -> &'static str {
        match self {
            Self::Trending => "trendingScore",
            Self::Likes => "likes",
            Self::RecentLikes => "likes30d",
            Self::Downloads => "downloads",
            Self::Modified => "lastModified",
            Self::Created => "createdAt",
            Self::Size => "mainSize",
            Self::Parameters => "num_parameters",
            Self::Rows => "datasetsServerInfo.numRows",
            Self::Id => "id",
        }
    }
}

impl Hub {
    /// One page of the repositories of a kind: the first, or the one at `cursor`, which belongs to
    /// the query it came from. Entries whose name cannot be a repository's are left out.
    pub async fn repos(
        &self,
        kind: RepoKind,
        query: &RepoQuery,
        cursor: Option<&Cursor>,
    ) -> Result<Page<ListedRepo>, Error> {
        let list = route::list(self.endpoint(), kind);
        let first = query.first_page(list.clone(), kind);
        let page: Page<ListedWire> = page::one(self, &list, first, cursor).await?;
        Ok(page.filter_map(|repo| repo.read(kind)))
    }

    /// All repositories of a kind that fit `query`, page by page as they are wanted. An error ends
    /// the stream.
    pub fn all_repos(
        &self,
        kind: RepoKind,
        query: &RepoQuery,
    ) -> impl Stream<Item = Result<ListedRepo, Error>> + Send + use<> {
        let first = query.first_page(route::list(self.endpoint(), kind), kind);
        page::items(self.clone(), Ok(Call::get(first, None)))
            .try_filter_map(move |repo: ListedWire| future::ok(repo.read(kind)))
    }

    /// The same repositories in the same order, each with the properties `names` and no others, as
    /// [`Wanted::Only`](crate::Wanted::Only). What cannot be read is left out.
    pub fn all_details(
        &self,
        kind: RepoKind,
        query: &RepoQuery,
        names: &[&str],
    ) -> impl Stream<Item = Result<Details, Error>> + Send + use<> {
        let mut first = query.narrowed(route::list(self.endpoint(), kind), kind);
        details::only(&mut first, names);
        page::items(self.clone(), Ok(Call::get(first, None))).try_filter_map(move |json: Value| {
            let details = details::read(kind, &json);
            if let Err(error) = &details {
                tracing::warn!(%error, "an entry that cannot be read");
            }
            future::ok(details.ok())
        })
    }
}

#[cfg(test)]
mod tests;
