use futures_util::{Stream, TryStreamExt, future};
use serde::Deserialize;
use url::Url;

use crate::call::Call;
use crate::json::{lenient, or_default};
use crate::search::add_all;
use crate::{Entity, Error, Hub, page, route};

/// Which repositories to tell the size of, and in which order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StorageQuery {
    /// An organisation; the person's own repositories when `None`.
    pub org: Option<String>,
    /// A part of the name.
    pub search: Option<String>,
    /// The order; the Hub's own when `None`.
    pub sort: Option<StorageSort>,
    /// Whether the order is turned around: from the least to the most.
    pub is_ascending: bool,
}

/// The orders of such a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StorageSort {
    /// What it takes up.
    Size,
    /// Time of the last change.
    Modified,
}

/// A repository and what it takes up at the Hub.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredRepo {
    /// Which one: a repository, a bucket or a kernel.
    pub entity: Entity,
    /// Bytes, history included.
    pub size: u64,
    /// That, of all that belongs to the owner, in percent.
    pub percent: Option<f64>,
    /// `public`, `private` or `protected`, or what the Hub adds.
    pub visibility: String,
    /// Time of the last change, as the Hub writes times.
    pub updated_at: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    storage: u64,
    #[serde(default, deserialize_with = "lenient")]
    storage_percent: Option<f64>,
    #[serde(default, deserialize_with = "or_default")]
    visibility: String,
    #[serde(default, deserialize_with = "lenient")]
    updated_at: Option<String>,
}

impl Hub {
    /// The repositories of a person or an organisation with what they take up, page by page as it
    /// is wanted. An error ends the stream. What has a name that cannot be is left out.
    pub fn stored_repos(
        &self,
        query: &StorageQuery,
    ) -> impl Stream<Item = Result<StoredRepo, Error>> + Send + use<> {
        let call = self.stored(query).map(|url| Call::get(url, None));
        page::items(self.clone(), call).try_filter_map(|wire: Wire| {
            let entity = Entity::read(&wire.kind, &wire.id);
            future::ok(entity.map(|entity| StoredRepo {
                entity,
                size: wire.storage,
                percent: wire.storage_percent,
                visibility: wire.visibility,
                updated_at: wire.updated_at,
            }))
        })
    }

    fn stored(&self, query: &StorageQuery) -> Result<Url, Error> {
        let mut url = match &query.org {
            Some(org) => route::organization(self.endpoint(), org, "settings/repositories")?,
            None => route::below_api(self.endpoint(), "settings/repositories"),
        };
        let sort = query.sort.map(|sort| match sort {
            StorageSort::Size => "storage",
            StorageSort::Modified => "updatedAt",
        });
        let mut pairs = url.query_pairs_mut();
        add_all(&mut pairs, "search", &query.search);
        add_all(&mut pairs, "sort", &sort);
        let direction = sort.map(|_| if query.is_ascending { "asc" } else { "desc" });
        add_all(&mut pairs, "direction", &direction);
        drop(pairs);
        Ok(url)
    }
}
