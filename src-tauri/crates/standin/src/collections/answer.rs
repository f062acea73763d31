//! What collections are asked, and what is done to them.

use std::cmp::Reverse;

use axum::http::{Method, StatusCode};
use hubdesk_core::{RepoId, RepoKind};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::{Answer, name};
use crate::ask::{Ask, Caller};
use crate::collections::{CollectionSeed, Held, HeldItem};
use crate::error::Refusal;
use crate::page::page;

/// Entries on one page of a list.
const PAGE: usize = 10;
const MOST: usize = 10_000;
/// The longest texts, in characters.
const TITLE: usize = 60;
const DESCRIPTION: usize = 150;
const NOTE: usize = 500;
const THEMES: [&str; 6] = ["orange", "blue", "green", "purple", "pink", "indigo"];
/// Hex digits at the end of a slug.
const ID: usize = 24;

/// Everything below `/api/collections`; `rest` are the words after it.
pub(crate) fn answer(ask: &Ask<'_>, rest: &[String]) -> Result<Answer, Refusal> {
    let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
    match (&ask.method, rest.as_slice()) {
        (&Method::GET, []) => list(ask),
        (&Method::POST, []) => create(ask),
        (&Method::GET, [owner, words]) => Ok(Answer::json(found(ask, owner, words)?.whole(ask))),
        (&Method::PATCH, [owner, words]) => update(ask, &own(ask, owner, words)?),
        (&Method::DELETE, [owner, words]) => {
            ask.hub.collections.remove(&own(ask, owner, words)?.id);
            Ok(Answer::json(Value::Null))
        }
        (&Method::POST, [owner, words, "items"]) => add(ask, &own(ask, owner, words)?),
        (&Method::PATCH, [owner, words, "items", item]) => {
            edit_item(ask, &own(ask, owner, words)?, item)
        }
        (&Method::DELETE, [owner, words, "items", item]) => {
            remove_item(ask, &own(ask, owner, words)?, item)
        }
        _ => Err(Refusal::NotFound),
    }
}

/// Whether it is there for the caller.
pub(crate) fn may_see(ask: &Ask<'_>, held: &Held) -> bool {
    let is_owners = |user: &str| user == held.owner || ask.hub.people.is_member(user, &held.owner);
    match &ask.caller {
        _ if !held.is_private => true,
        Caller::User(user) => is_owners(user),
        Caller::Anonymous | Caller::Stranger => false,
    }
}

/// The collection a slug stands for. That the words before the number do not matter is unverified.
fn found(ask: &Ask<'_>, owner: &str, words: &str) -> Result<Held, Refusal> {
    let start = words.len().checked_sub(ID).ok_or(Refusal::NotFound)?;
    let id = words.get(start..).ok_or(Refusal::NotFound)?;
    let held = ask.hub.collections.find(id);
    held.filter(|held| held.owner == owner && may_see(ask, held))
        .ok_or(Refusal::NotFound)
}

/// The same, if the caller may change it.
fn own(ask: &Ask<'_>, owner: &str, words: &str) -> Result<Held, Refusal> {
    let held = found(ask, owner, words)?;
    ask.may_write("collection.write", owner, None)?;
    Ok(held)
}

fn list(ask: &Ask<'_>) -> Result<Answer, Refusal> {
    let query = &ask.query;
    let word = query.get("q").unwrap_or_default().to_lowercase();
    let owners: Vec<&str> = query.all("owner").collect();
    let items: Vec<&str> = query.all("item").collect();
    let mut all = ask.hub.collections.all();
    all.retain(|held| {
        let has = |item: &HeldItem| items.contains(&&*format!("{}s/{}", item.kind, item.id));
        may_see(ask, held)
            && held.title.to_lowercase().contains(&word)
            && (owners.is_empty() || owners.contains(&held.owner.as_str()))
            && (items.is_empty() || held.items.iter().any(has))
    });
    match query.get("sort") {
        // That one owner's come in their own order is unverified.
        None if owners.len() == 1 => {}
        Some("lastModified") => all.sort_by_key(|held| Reverse(held.updated)),
        // What people look at now is what they think well of.
        None | Some("upvotes" | "trending") => all.sort_by_key(|held| Reverse(held.upvotes)),
        Some(other) => return Err(Refusal::BadRequest(format!("Invalid sort: {other}"))),
    }
    page(ask, &all, PAGE, MOST, |held| held.brief(ask))
}

#[derive(Deserialize)]
struct NewCollection {
    title: String,
    namespace: String,
    description: Option<String>,
    #[serde(default)]
    private: bool,
    item: Option<ItemName>,
}

#[derive(Deserialize)]
struct ItemName {
    #[serde(rename = "type")]
    kind: String,
    id: String,
}

fn create(ask: &Ask<'_>) -> Result<Answer, Refusal> {
    let new: NewCollection = ask.json()?;
    ask.may_write("collection.write", &new.namespace, None)?;
    check("title", &new.title, 1, TITLE)?;
    check(
        "description",
        new.description.as_deref().unwrap_or_default(),
        0,
        DESCRIPTION,
    )?;
    let all = ask.hub.collections.all();
    let same = |held: &&Held| held.owner == new.namespace && held.title == new.title;
    if let Some(held) = all.iter().find(same) {
        return Ok(exists(held));
    }
    let mut seed = CollectionSeed::new(&new.namespace, &new.title);
    if let Some(description) = &new.description {
        seed = seed.description(description);
    }
    if new.private {
        seed = seed.private();
    }
    if let Some(item) = &new.item {
        let id = item.known(ask)?;
        seed = seed.item(&item.kind, &id, None);
    }
    let collections = &ask.hub.collections;
    let made = collections.put(seed);
    let made = collections
        .edit(&made.id, ask.hub.seconds(), |_| {})
        .ok_or(Refusal::NotFound)?;
    Ok(Answer::json(made.whole(ask)))
}

/// The refusal of a second one of the same title, with the slug of the first.
fn exists(held: &Held) -> Answer {
    let why = "This collection already exists";
    Answer::json(json!({"error": why, "slug": held.slug()}))
        .status(StatusCode::CONFLICT)
        .with(name::ERROR_MESSAGE, why)
}

#[derive(Deserialize)]
struct Change {
    title: Option<String>,
    description: Option<String>,
    position: Option<usize>,
    private: Option<bool>,
    theme: Option<String>,
}

fn update(ask: &Ask<'_>, held: &Held) -> Result<Answer, Refusal> {
    let change: Change = ask.json()?;
    check("title", change.title.as_deref().unwrap_or("-"), 1, TITLE)?;
    check(
        "description",
        change.description.as_deref().unwrap_or_default(),
        0,
        DESCRIPTION,
    )?;
    if let Some(theme) = change
        .theme
        .as_deref()
        .filter(|theme| !THEMES.contains(theme))
    {
        return Err(Refusal::BadRequest(format!("Invalid theme: {theme}")));
    }
    let edit = |held: &mut Held| {
        held.title = change.title.unwrap_or(std::mem::take(&mut held.title));
        held.description = change.description.or(held.description.take());
        held.is_private = change.private.unwrap_or(held.is_private);
        held.theme = change.theme.unwrap_or(std::mem::take(&mut held.theme));
    };
    let collections = &ask.hub.collections;
    let now = collections.edit(&held.id, ask.hub.seconds(), edit);
    if let Some(position) = change.position {
        collections.place(&held.id, position);
    }
    let now = now.ok_or(Refusal::NotFound)?;
    Ok(Answer::json(
        json!({"success": true, "data": now.whole(ask)}),
    ))
}

#[derive(Deserialize)]
struct NewItem {
    item: ItemName,
    note: Option<String>,
}

fn add(ask: &Ask<'_>, held: &Held) -> Result<Answer, Refusal> {
    let NewItem { item, note } = ask.json()?;
    check("note", note.as_deref().unwrap_or_default(), 0, NOTE)?;
    let id = item.known(ask)?;
    let is_in = |one: &HeldItem| one.kind == item.kind && one.id == id;
    if held.items.iter().any(is_in) {
        let why = "This item is already in the collection";
        return Err(Refusal::Conflict(why.to_owned()));
    }
    let new = HeldItem {
        object_id: ask.hub.collections.number(),
        kind: item.kind,
        id,
        note,
    };
    let push = |held: &mut Held| held.items.push(new);
    let now = ask
        .hub
        .collections
        .edit(&held.id, ask.hub.seconds(), push)
        .ok_or(Refusal::NotFound)?;
    Ok(Answer::json(now.whole(ask)))
}

impl ItemName {
    /// What it is kept under, if it is something the caller may know of. Papers and buckets are
    /// taken as they come.
    fn known(&self, ask: &Ask<'_>) -> Result<String, Refusal> {
        match self.kind.as_str() {
            "model" | "dataset" | "space" => {
                let repo = repo_id(&self.kind, &self.id).ok_or(Refusal::NotFound)?;
                ask.repo(&repo)?;
                Ok(self.id.clone())
            }
            "collection" => {
                let (owner, words) = self.id.split_once('/').ok_or(Refusal::NotFound)?;
                Ok(found(ask, owner, words)?.id)
            }
            "paper" | "bucket" => Ok(self.id.clone()),
            other => Err(Refusal::BadRequest(format!("Invalid item type: {other}"))),
        }
    }
}

impl HeldItem {
    pub(super) fn repo(&self) -> Option<RepoId> {
        repo_id(&self.kind, &self.id)
    }
}

fn repo_id(kind: &str, name: &str) -> Option<RepoId> {
    let mut kinds = RepoKind::ALL.into_iter();
    let kind = kinds.find(|one| one.to_string() == kind)?;
    RepoId::new(kind, name).ok()
}

#[derive(Deserialize)]
struct ItemChange {
    note: Option<String>,
    position: Option<usize>,
}

fn edit_item(ask: &Ask<'_>, held: &Held, item: &str) -> Result<Answer, Refusal> {
    let change: ItemChange = ask.json()?;
    check("note", change.note.as_deref().unwrap_or_default(), 0, NOTE)?;
    let at = place_of(held, item)?;
    let edit = |held: &mut Held| {
        let mut item = held.items.remove(at);
        item.note = change.note.or(item.note);
        let to = change.position.unwrap_or(at).min(held.items.len());
        held.items.insert(to, item);
    };
    ask.hub
        .collections
        .edit(&held.id, ask.hub.seconds(), edit)
        .ok_or(Refusal::NotFound)?;
    Ok(Answer::json(json!({"success": true})))
}

fn remove_item(ask: &Ask<'_>, held: &Held, item: &str) -> Result<Answer, Refusal> {
    let at = place_of(held, item)?;
    ask.hub
        .collections
        .edit(&held.id, ask.hub.seconds(), |held| {
            held.items.remove(at);
        })
        .ok_or(Refusal::NotFound)?;
    Ok(Answer::json(json!({"success": true})))
}

fn place_of(held: &Held, item: &str) -> Result<usize, Refusal> {
    let mut items = held.items.iter();
    items
        .position(|one| one.object_id == item)
        .ok_or(Refusal::NotFound)
}

fn check(what: &str, text: &str, least: usize, most: usize) -> Result<(), Refusal> {
    if (least..=most).contains(&text.chars().count()) {
        return Ok(());
    }
    let why = format!("{what} must have {least} to {most} characters");
    Err(Refusal::BadRequest(why))
}
