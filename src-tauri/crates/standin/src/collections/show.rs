//! Collections in the words of the Hub's API.

use hubdesk_core::date;
use serde_json::{Value, json};

use crate::ask::Ask;
use crate::collections::{Held, HeldItem};
use crate::model::Found;
use crate::overview::brief;
use crate::repo::{describe, pick};

/// The most items of a collection that a list shows.
const FEW: usize = 4;
/// What an item tells about a repository.
const OF_REPO: [&str; 9] = [
    "author",
    "downloads",
    "gated",
    "lastModified",
    "likes",
    "pipeline_tag",
    "private",
    "sdk",
    "tags",
];

impl Held {
    /// With all its items and its place.
    pub(crate) fn whole(&self, ask: &Ask<'_>) -> Value {
        let mut whole = self.json(ask, usize::MAX);
        whole["position"] = json!(ask.hub.collections.position(self));
        whole
    }

    /// As lists show it.
    pub(crate) fn brief(&self, ask: &Ask<'_>) -> Value {
        self.json(ask, FEW)
    }

    fn json(&self, ask: &Ask<'_>, most: usize) -> Value {
        let items = self.items.iter().enumerate();
        let items = items.filter_map(|(place, item)| item.json(ask, place));
        let slug = self.slug();
        let mut json = json!({
            "slug": slug,
            "title": self.title,
            "gating": false,
            "lastUpdated": date::iso(self.updated),
            "owner": brief(ask, &self.owner),
            "items": items.take(most).collect::<Value>(),
            "theme": self.theme,
            "private": self.is_private,
            "upvotes": self.upvotes,
            "isUpvotedByUser": false,
            "shareUrl": format!("{}/collections/{slug}", ask.hub.endpoint),
        });
        if let Some(description) = &self.description {
            json["description"] = json!(description);
        }
        // An owner in the answer is always called `name`, person or not.
        json["owner"]["name"] = json!(self.owner);
        if let Some(owner) = json["owner"].as_object_mut() {
            owner.remove("user");
        }
        json
    }
}

impl HeldItem {
    /// `None` if it is not there for the caller.
    fn json(&self, ask: &Ask<'_>, place: usize) -> Option<Value> {
        let mut json = json!({
            "_id": self.object_id,
            "type": self.kind,
            "id": self.id,
            "position": place,
        });
        if let Some(note) = &self.note {
            json["note"] = json!({"html": format!("<p>{note}</p>"), "text": note});
        }
        match self.kind.as_str() {
            "model" | "dataset" | "space" => {
                let Found::Repo(repo) = ask.hub.model.find(&self.repo()?) else {
                    return None;
                };
                if !ask.may_see(&repo) {
                    return None;
                }
                let mut all = describe(&repo, &*repo.resolve("main")?);
                pick(&mut all, &OF_REPO);
                all.remove("_id");
                json["repoType"] = json!(self.kind);
                json.as_object_mut()?.extend(all);
            }
            "collection" => {
                let held = ask.hub.collections.find(&self.id)?;
                if !super::answer::may_see(ask, &held) {
                    return None;
                }
                json["slug"] = json!(held.slug());
                json["title"] = json!(held.title);
            }
            "paper" => json["title"] = json!(format!("Paper {}", self.id)),
            _ => {}
        }
        Some(json)
    }
}

/// Collections whose title contains `text`, as the quick search shows them.
pub(crate) fn quick_hits(ask: &Ask<'_>, text: &str) -> Vec<Value> {
    let all = ask.hub.collections.all().into_iter();
    let found = all
        .filter(|held| held.title.to_lowercase().contains(text))
        .filter(|held| super::answer::may_see(ask, held));
    found
        .map(|held| {
            let mut hit = json!({"_id": held.id, "title": held.title});
            if let Some(description) = held.description {
                hit["description"] = json!(description);
            }
            hit
        })
        .collect()
}
