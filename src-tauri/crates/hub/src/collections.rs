use futures_util::{Stream, TryStreamExt, future};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::ask::Answer;
use crate::call::{Call, Effect, Verb};
use crate::change::{Second, change};
use crate::collection::CollectionWire;
use crate::fault::malformed;
use crate::quicksearch::plural_name;
use crate::search::add_all;
use crate::{
    Collection, CollectionItem, CollectionSlug, Cursor, Entity, Error, Hub, Page, Theme, page,
    route,
};

/// Collections in a list when nobody says how many; the Hub's own number.
const PAGE: u32 = 10;
/// Collections of one owner that are looked through for one that may have been made.
const LOOKED_THROUGH: u32 = 100;

/// Which collections to list, and in which order. The default is all that everybody sees.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CollectionQuery {
    /// Whose, any of these; anybody's when empty.
    pub owners: Vec<String>,
    /// What must be in it, any of these: repositories and papers.
    pub items: Vec<Entity>,
    /// A part of the title.
    pub text: Option<String>,
    /// The order; the Hub's own when `None`.
    pub sort: Option<CollectionSort>,
    /// How many on a page; 10 when `None`.
    pub limit: Option<u32>,
}

/// The orders of a list of collections, each from the most to the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CollectionSort {
    /// Upvotes.
    Upvotes,
    /// Time of the last change.
    Modified,
    /// What people look at now.
    Trending,
}

/// A collection to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewCollection {
    /// Its title, 1 to 60 characters.
    pub title: String,
    /// Whose it will be: the person or an organisation.
    pub namespace: String,
    /// What it says about itself, at most 150 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether only the owner sees it.
    #[serde(rename = "private")]
    pub is_private: bool,
}

/// What of a collection to change; `None` stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct CollectionChange {
    /// The title, 1 to 60 characters. The slug changes with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What it says about itself, at most 150 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its place among its owner's, counted from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<u64>,
    /// Whether only the owner sees it.
    #[serde(rename = "private", skip_serializing_if = "Option::is_none")]
    pub is_private: Option<bool>,
    /// Its colour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub theme: Option<Theme>,
}

/// What of an item to change; `None` stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct ItemChange {
    /// What the owner says about it, at most 500 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Its place, counted from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<u64>,
}

#[derive(Serialize)]
struct NewItem<'a> {
    item: ItemName<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
}

#[derive(Serialize)]
struct ItemName<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    id: &'a str,
}

/// Some answers hold the collection, some hold it as `data`.
#[derive(Deserialize)]
struct Enclosed {
    data: CollectionWire,
}

impl CollectionQuery {
    fn first_page(&self, mut url: Url) -> Url {
        let items: Vec<_> = self.items.iter().map(item_name).collect();
        let sort = self.sort.map(|sort| match sort {
            CollectionSort::Upvotes => "upvotes",
            CollectionSort::Modified => "lastModified",
            CollectionSort::Trending => "trending",
        });
        let limit = self.limit.unwrap_or(PAGE).to_string();
        let mut pairs = url.query_pairs_mut();
        add_all(&mut pairs, "owner", &self.owners);
        add_all(&mut pairs, "item", &items);
        add_all(&mut pairs, "q", &self.text);
        add_all(&mut pairs, "sort", &sort);
        pairs.append_pair("limit", &limit);
        drop(pairs);
        url
    }
}

/// `models/owner/name`, `papers/2401.00001`, as the parameter names things.
fn item_name(entity: &Entity) -> String {
    match entity {
        Entity::Repo(repo) => plural_name(repo),
        other => format!("{}s/{}", other.kind(), other.id()),
    }
}

impl Hub {
    /// One page of collections: the first, or the one at `cursor`, which belongs to the query it
    /// came from. Each has at most four items here.
    pub async fn collections(
        &self,
        query: &CollectionQuery,
        cursor: Option<&Cursor>,
    ) -> Result<Page<Collection>, Error> {
        let list = route::below_api(self.endpoint(), "collections");
        let first = query.first_page(list.clone());
        let page: Page<CollectionWire> = page::one(self, &list, first, cursor).await?;
        Ok(page.filter_map(|wire| wire.read(self.endpoint())))
    }

    /// All collections that fit `query`, page by page as they are wanted, each with at most four
    /// items. An error ends the stream.
    pub fn all_collections(
        &self,
        query: &CollectionQuery,
    ) -> impl Stream<Item = Result<Collection, Error>> + Send + use<> {
        let endpoint = self.endpoint().clone();
        let first = query.first_page(route::below_api(&endpoint, "collections"));
        page::items(self.clone(), Ok(Call::get(first, None)))
            .try_filter_map(move |wire: CollectionWire| future::ok(wire.read(&endpoint)))
    }

    /// One collection with all its items.
    pub async fn collection(&self, slug: &CollectionSlug) -> Result<Collection, Error> {
        let url = route::collection(self.endpoint(), slug);
        self.read_collection(self.ask(&Call::get(url, None)).await?)
    }

    /// Makes a collection. [`Error::Conflict`] if the owner has one of this title.
    pub async fn create_collection(&self, new: &NewCollection) -> Result<Collection, Error> {
        let url = route::below_api(self.endpoint(), "collections");
        let call = Call::once(url, None).json(new);
        let was_there = self.look_for_title(new).await?.is_some();
        change(
            Second::Harmless,
            async || self.read_collection(self.ask(&call).await?),
            async || {
                let found = self.look_for_title(new).await?;
                Ok(found.filter(|found| !was_there && is_as_wanted(found, new)))
            },
        )
        .await
    }

    /// Changes a collection. The slug follows the title: go on with the one that is given back.
    pub async fn update_collection(
        &self,
        slug: &CollectionSlug,
        change: &CollectionChange,
    ) -> Result<Collection, Error> {
        let url = route::collection(self.endpoint(), slug);
        let call = Call::new(Verb::Patch, Effect::Repeatable, url, None).json(change);
        let answer: Answer<Enclosed> = self.ask(&call).await?;
        self.read_collection(answer.map(|enclosed| enclosed.data))
    }

    /// Removes a collection. What is in it stays where it is.
    pub async fn delete_collection(&self, slug: &CollectionSlug) -> Result<(), Error> {
        let url = route::collection(self.endpoint(), slug);
        let call = Call::new(Verb::Delete, Effect::Once, url, None);
        let look = async || match self.collection(slug).await {
            Ok(_) => Ok(None),
            Err(Error::NotFound(..)) => Ok(Some(())),
            Err(error) => Err(error),
        };
        change(Second::Harmless, || self.tell(&call), look).await
    }

    /// Puts something into a collection, at its end. [`Error::Conflict`] if it is in there already.
    pub async fn add_item(
        &self,
        slug: &CollectionSlug,
        entity: &Entity,
        note: Option<&str>,
    ) -> Result<Collection, Error> {
        let url = route::collection_items(self.endpoint(), slug);
        let call = Call::once(url, None).json(&NewItem {
            item: ItemName {
                kind: entity.kind(),
                id: entity.id(),
            },
            note,
        });
        let is_it = |item: &CollectionItem| item.entity == *entity;
        let was_in = self.collection(slug).await?.items.iter().any(is_it);
        change(
            Second::Harmless,
            async || self.read_collection(self.ask(&call).await?),
            async || {
                let now = self.collection(slug).await?;
                let found = now.items.iter().find(|item| is_it(item));
                let said = found.map(|item| item.note.as_deref().unwrap_or_default().trim());
                let is_ours = !was_in && said == Some(note.unwrap_or_default().trim());
                Ok(is_ours.then_some(now))
            },
        )
        .await
    }

    /// Changes an item's note or place. `item` is its `object_id`.
    pub async fn edit_item(
        &self,
        slug: &CollectionSlug,
        item: &str,
        change: &ItemChange,
    ) -> Result<(), Error> {
        let url = route::collection_item(self.endpoint(), slug, item)?;
        let call = Call::new(Verb::Patch, Effect::Repeatable, url, None).json(change);
        self.tell(&call).await
    }

    /// Takes an item out of a collection. `item` is its `object_id`.
    pub async fn remove_item(&self, slug: &CollectionSlug, item: &str) -> Result<(), Error> {
        let url = route::collection_item(self.endpoint(), slug, item)?;
        let call = Call::new(Verb::Delete, Effect::Once, url, None);
        let look = async || {
            let items = self.collection(slug).await?.items;
            let is_gone = items.iter().all(|one| one.object_id != item);
            Ok(is_gone.then_some(()))
        };
        change(Second::Harmless, || self.tell(&call), look).await
    }

    fn read_collection(&self, answer: Answer<CollectionWire>) -> Result<Collection, Error> {
        let exchange = answer.exchange;
        let collection = answer.value.read(self.endpoint());
        collection.ok_or_else(|| malformed("a slug that cannot be one", exchange, None))
    }

    /// The owner's collection of this title.
    async fn look_for_title(&self, new: &NewCollection) -> Result<Option<Collection>, Error> {
        let query = CollectionQuery {
            owners: vec![new.namespace.clone()],
            sort: Some(CollectionSort::Modified),
            limit: Some(LOOKED_THROUGH),
            ..CollectionQuery::default()
        };
        let newest = self.collections(&query, None).await?.items;
        Ok(newest.into_iter().find(|one| one.title == new.title))
    }
}

fn is_as_wanted(found: &Collection, new: &NewCollection) -> bool {
    let text = |text: &Option<String>| text.as_deref().unwrap_or_default().trim().to_owned();
    found.is_private == new.is_private && text(&found.description) == text(&new.description)
}

#[cfg(test)]
mod tests;
