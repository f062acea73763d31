use hubdesk_core::RepoKind;
use url::Url;

use crate::ask::Answer;
use crate::call::Call;
use crate::fault::malformed;
use crate::page::next_page;
use crate::repo::{Wire, expand, properties};
use crate::{Cursor, Error, Exchange, Hub, Page, RepoSummary, route};

/// Repositories on a page when nobody says how many.
const PAGE: u32 = 50;

/// Which repositories to list, and in which order. The default is all of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RepoQuery {
    /// A part of `owner/name`.
    pub search: Option<String>,
    /// The owner, exactly.
    pub author: Option<String>,
    /// Tags they must all have.
    pub filter: Vec<String>,
    /// The order; the Hub's own when `None`.
    pub sort: Option<Sort>,
    /// How many on a page; 50 when `None`.
    pub limit: Option<u32>,
}

/// The orders of a list, each from the most to the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// What people look at now.
    Trending,
    /// Likes.
    Likes,
    /// Downloads; Spaces have none.
    Downloads,
    /// Time of the last change.
    Modified,
    /// Time of creation.
    Created,
}

impl Sort {
    fn as_str(self) -> &'static str {
        match self {
            Self::Trending => "trendingScore",
            Self::Likes => "likes",
            Self::Downloads => "downloads",
            Self::Modified => "lastModified",
            Self::Created => "createdAt",
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
    ) -> Result<Page<RepoSummary>, Error> {
        let list = route::list(self.endpoint(), kind);
        let url = match cursor {
            None => first_page(list, kind, query),
            Some(cursor) => cursor.of_list(&list).ok_or_else(|| {
                let exchange = Exchange::new("GET", &list, self.endpoint());
                malformed("a cursor of another list", exchange, None)
            })?,
        };
        let answer: Answer<Vec<Wire>> = self.ask(&Call::get(url, None)).await?;
        let next = next_page(&answer, self.endpoint())?.map(Cursor::from);
        let sent = answer.value.len();
        let items: Vec<_> = answer
            .value
            .into_iter()
            .filter_map(|repo| repo.summary(kind))
            .collect();
        if items.len() < sent {
            tracing::warn!(
                left_out = sent - items.len(),
                "names that cannot be a repository's"
            );
        }
        Ok(Page { items, next })
    }
}

fn first_page(mut url: Url, kind: RepoKind, query: &RepoQuery) -> Url {
    let limit = query.limit.unwrap_or(PAGE).to_string();
    let RepoQuery {
        search,
        author,
        filter,
        sort,
        limit: _,
    } = query;
    url.query_pairs_mut()
        .extend_pairs(filter.iter().map(|tag| ("filter", tag)))
        .extend_pairs(author.iter().map(|author| ("author", author)))
        .extend_pairs(search.iter().map(|search| ("search", search)))
        .extend_pairs(sort.iter().map(|sort| ("sort", sort.as_str())))
        .append_pair("limit", &limit);
    expand(&mut url, properties(kind).iter());
    url
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Endpoint;

    #[test]
    fn a_query_is_written_as_the_official_client_does() {
        let query = RepoQuery {
            search: Some("q w".to_owned()),
            author: Some("x".to_owned()),
            filter: vec!["text-generation".to_owned(), "license:mit".to_owned()],
            sort: Some(Sort::Modified),
            limit: Some(5),
        };
        let list = route::list(&Endpoint::default(), RepoKind::Space);
        assert_eq!(
            first_page(list, RepoKind::Space, &query).as_str(),
            "https://huggingface.co/api/spaces?filter=text-generation&filter=license%3Amit\
             &author=x&search=q+w&sort=lastModified&limit=5&expand=lastModified&expand=private\
             &expand=disabled&expand=likes&expand=tags&expand=sdk"
        );
    }
}
