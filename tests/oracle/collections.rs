//! Collections and what is in them.

use futures_util::TryStreamExt;
use hubdesk_hub::{
    Collection, CollectionChange, CollectionQuery, Entity, ItemChange, NewCollection,
};
use serde_json::{Value, json};

use crate::Outcome;
use crate::question::Question;

pub(crate) async fn answer(asked: &Question) -> Outcome {
    let hub = &asked.hub;
    let owned = |name: &str| asked.some(name).map(str::to_owned);
    Ok(Some(match asked.call() {
        "collections" => {
            let query = CollectionQuery {
                owners: owned("owner").into_iter().collect(),
                ..CollectionQuery::default()
            };
            let found: Vec<Collection> = hub.all_collections(&query).try_collect().await?;
            found.iter().map(collection).collect()
        }
        "collection" => collection(&hub.collection(&asked.parsed("slug")?).await?),
        "create_collection" => {
            let new = NewCollection {
                title: asked.text("title")?.to_owned(),
                namespace: asked.text("namespace")?.to_owned(),
                description: owned("description"),
                is_private: asked.is("private"),
            };
            collection(&hub.create_collection(&new).await?)
        }
        "update_collection" => {
            let change = CollectionChange {
                title: owned("title"),
                description: owned("description"),
                ..CollectionChange::default()
            };
            let slug = asked.parsed("slug")?;
            collection(&hub.update_collection(&slug, &change).await?)
        }
        "delete_collection" => {
            hub.delete_collection(&asked.parsed("slug")?).await?;
            Value::Null
        }
        "add_item" => {
            let (slug, entity) = (asked.parsed("slug")?, Entity::Repo(asked.id("repo")?));
            collection(&hub.add_item(&slug, &entity, asked.some("note")).await?)
        }
        "edit_item" => {
            let change = ItemChange {
                note: owned("note"),
                position: asked.number("position"),
            };
            let (slug, item) = (asked.parsed("slug")?, asked.text("item")?);
            hub.edit_item(&slug, item, &change).await?;
            Value::Null
        }
        "remove_item" => {
            let (slug, item) = (asked.parsed("slug")?, asked.text("item")?);
            hub.remove_item(&slug, item).await?;
            Value::Null
        }
        _ => return Ok(None),
    }))
}

fn collection(one: &Collection) -> Value {
    let items = one.items.iter().map(|item| {
        json!({
            "id": item.entity.id(),
            "kind": item.entity.kind(),
            "object_id": item.object_id,
            "position": item.position,
            "note": item.note,
        })
    });
    json!({
        "slug": one.slug.as_str(),
        "title": one.title,
        "description": one.description,
        "owner": one.owner.as_ref().map(|owner| owner.name.as_str()),
        "is_private": one.is_private,
        "upvotes": one.upvotes,
        "items": items.collect::<Vec<_>>(),
    })
}
