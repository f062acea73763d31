//! What a collection is, and how it is written.

use serde::Deserialize;
use serde_json::Value;

use crate::json::{lenient, or_default, readable};
use crate::people::AccountWire;
use crate::repo::Wire as RepoWire;
use crate::words::words;
use crate::{Account, CollectionSlug, Endpoint, Entity, RepoSummary};

/// Things somebody put together.
#[derive(Debug, Clone, PartialEq)]
pub struct Collection {
    /// Its name in addresses, for now: it follows the title.
    pub slug: CollectionSlug,
    /// Its title.
    pub title: String,
    /// What it says about itself.
    pub description: Option<String>,
    /// Whose it is, if the Hub said it.
    pub owner: Option<Account>,
    /// What is in it, in its order; in lists only the first four.
    pub items: Vec<CollectionItem>,
    /// When it was last changed, as the Hub writes times.
    pub last_updated: Option<String>,
    /// Its place among its owner's; not in lists.
    pub position: Option<u64>,
    /// Whether only some accounts see it.
    pub is_private: bool,
    /// Its colour.
    pub theme: Option<Theme>,
    /// How many people think well of it.
    pub upvotes: u64,
    /// Whether whoever asks does.
    pub is_upvoted: bool,
}

/// One thing in a collection.
#[derive(Debug, Clone, PartialEq)]
pub struct CollectionItem {
    /// The entry's own number: what [`Hub::edit_item`](crate::Hub::edit_item) and
    /// [`Hub::remove_item`](crate::Hub::remove_item) go by.
    pub object_id: String,
    /// What it is.
    pub entity: Entity,
    /// Its place.
    pub position: u64,
    /// What the owner says about it, as they wrote it.
    pub note: Option<String>,
    /// The title of a paper or a collection.
    pub title: Option<String>,
    /// What lists show, of a model, a dataset or a Space.
    pub summary: Option<RepoSummary>,
}

words! {
    /// The colour of a collection.
    pub enum Theme {
        /// Orange.
        Orange = "orange",
        /// Blue.
        Blue = "blue",
        /// Green.
        Green = "green",
        /// Purple.
        Purple = "purple",
        /// Pink.
        Pink = "pink",
        /// Indigo.
        Indigo = "indigo",
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CollectionWire {
    pub(crate) slug: String,
    #[serde(default, deserialize_with = "or_default")]
    title: String,
    #[serde(default, deserialize_with = "lenient")]
    description: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    owner: Option<AccountWire>,
    #[serde(default, deserialize_with = "or_default")]
    items: Vec<Value>,
    #[serde(default, deserialize_with = "lenient")]
    last_updated: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    position: Option<u64>,
    #[serde(default, deserialize_with = "or_default")]
    private: bool,
    #[serde(default, deserialize_with = "lenient")]
    theme: Option<Theme>,
    #[serde(default, deserialize_with = "or_default")]
    upvotes: u64,
    #[serde(default, rename = "isUpvotedByUser", deserialize_with = "or_default")]
    is_upvoted: bool,
}

#[derive(Deserialize)]
struct ItemWire {
    #[serde(rename = "_id")]
    object_id: String,
    /// Collections within collections are named by their slug.
    slug: Option<String>,
    id: Option<String>,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default, deserialize_with = "or_default")]
    position: u64,
    #[serde(default, deserialize_with = "lenient")]
    note: Option<Note>,
    #[serde(default, deserialize_with = "lenient")]
    title: Option<String>,
}

#[derive(Deserialize)]
struct Note {
    text: String,
}

impl CollectionWire {
    /// `None` when the slug cannot be one. Items that cannot be read are left out.
    pub(crate) fn read(self, endpoint: &Endpoint) -> Option<Collection> {
        Some(Collection {
            slug: self.slug.parse().ok()?,
            title: self.title,
            description: self.description,
            owner: self.owner.map(|owner| owner.read(endpoint)),
            items: readable(self.items, item),
            last_updated: self.last_updated,
            position: self.position,
            is_private: self.private,
            theme: self.theme,
            upvotes: self.upvotes,
            is_upvoted: self.is_upvoted,
        })
    }
}

fn item(value: Value) -> Option<CollectionItem> {
    let wire = ItemWire::deserialize(&value).ok()?;
    let id = match wire.kind.as_str() {
        "collection" => wire.slug.or(wire.id)?,
        _ => wire.id?,
    };
    let entity = Entity::read(&wire.kind, &id)?;
    let summary = match &entity {
        Entity::Repo(repo) => RepoWire::deserialize(value)
            .ok()
            .and_then(|wire| wire.summary(repo.kind())),
        _ => None,
    };
    Some(CollectionItem {
        object_id: wire.object_id,
        entity,
        position: wire.position,
        note: wire.note.map(|note| note.text),
        title: wire.title,
        summary,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SLUG: &str = "lab/best-64f9a55bb3115b4f513ec026";

    fn read(items: Value) -> Vec<CollectionItem> {
        let json = json!({"slug": SLUG, "title": "Best", "items": items, "theme": "mauve"});
        let wire = CollectionWire::deserialize(json).unwrap();
        wire.read(&Endpoint::default()).unwrap().items
    }

    #[test]
    fn items_of_every_kind_are_read_and_odd_ones_left_out() {
        let items = read(json!([
            {"_id": "1", "type": "model", "id": "a/m", "position": 0, "likes": 4,
             "note": {"html": "<b>x</b>", "text": "x"}},
            {"_id": "2", "type": "paper", "id": "2401.00001", "title": "On x"},
            {"_id": "3", "type": "collection", "id": "64f9a55bb3115b4f513ec026", "slug": SLUG},
            {"_id": "4", "type": "lens", "id": "a/l", "note": null},
            {"_id": "5", "type": "model", "id": "../m"},
            {"type": "model", "id": "a/m"},
            7,
        ]));
        let kinds: Vec<_> = items.iter().map(|item| item.entity.kind()).collect();
        assert_eq!(kinds, ["model", "paper", "collection", "lens"]);
        assert_eq!(items[0].summary.as_ref().unwrap().likes, Some(4));
        assert_eq!(items[0].note.as_deref(), Some("x"));
        assert_eq!(items[1].title.as_deref(), Some("On x"));
        assert_eq!(items[2].entity.id(), SLUG);
    }

    #[test]
    fn a_slug_is_needed_and_must_be_one() {
        let wire = CollectionWire::deserialize(json!({"slug": "../x"})).unwrap();
        assert_eq!(wire.read(&Endpoint::default()), None);
        assert!(CollectionWire::deserialize(json!({"title": "x"})).is_err());
    }
}
