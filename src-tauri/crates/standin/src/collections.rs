//! Collections: what they are, and where they are kept.

use std::sync::RwLock;

use hubdesk_core::RepoId;

use crate::repo::object_id;

mod answer;
mod show;

pub(crate) use answer::answer;
pub(crate) use show::quick_hits;

/// Why the lock is never poisoned.
const UNBROKEN: &str = "nothing panics while it holds this lock";
/// When the first collection was made, in Unix seconds.
const FIRST: u64 = 1_742_000_000;

/// A collection to be: what is in it, and who put it together.
#[derive(Debug, Clone)]
pub struct CollectionSeed(Held);

/// A collection as it is at one moment.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    /// Stays, whatever it is called.
    pub(crate) id: String,
    pub(crate) owner: String,
    pub(crate) title: String,
    pub(crate) description: Option<String>,
    pub(crate) is_private: bool,
    pub(crate) theme: String,
    pub(crate) upvotes: u64,
    /// In Unix seconds.
    pub(crate) updated: u64,
    pub(crate) items: Vec<HeldItem>,
}

#[derive(Debug, Clone)]
pub(crate) struct HeldItem {
    pub(crate) object_id: String,
    pub(crate) kind: String,
    pub(crate) id: String,
    pub(crate) note: Option<String>,
}

/// The collections of a running stand-in, each owner's in their order.
#[derive(Default)]
pub(crate) struct Collections(RwLock<State>);

#[derive(Default)]
struct State {
    all: Vec<Held>,
    /// How many numbers were given out.
    numbers: u64,
}

impl CollectionSeed {
    /// An empty one.
    pub fn new(owner: &str, title: &str) -> Self {
        Self(Held {
            id: String::new(),
            owner: owner.to_owned(),
            title: title.to_owned(),
            description: None,
            is_private: false,
            theme: "orange".to_owned(),
            upvotes: 0,
            updated: 0,
            items: Vec::new(),
        })
    }

    /// What it says about itself.
    pub fn description(mut self, text: &str) -> Self {
        self.0.description = Some(text.to_owned());
        self
    }

    /// How many people think well of it.
    pub fn upvotes(mut self, count: u64) -> Self {
        self.0.upvotes = count;
        self
    }

    /// Only its owner sees it.
    pub fn private(mut self) -> Self {
        self.0.is_private = true;
        self
    }

    /// Adds a repository.
    pub fn repo(self, repo: &RepoId) -> Self {
        self.item(&repo.kind().to_string(), repo.name(), None)
    }

    /// Adds anything: `kind` as the Hub calls it, and what its owner says about it.
    pub fn item(mut self, kind: &str, id: &str, note: Option<&str>) -> Self {
        self.0.items.push(HeldItem {
            object_id: String::new(),
            kind: kind.to_owned(),
            id: id.to_owned(),
            note: note.map(str::to_owned),
        });
        self
    }
}

impl Collections {
    /// Adds a collection, and gives every part of it a number.
    pub(crate) fn put(&self, seed: CollectionSeed) -> Held {
        let mut state = self.0.write().expect(UNBROKEN);
        let mut held = seed.0;
        held.id = state.number();
        held.updated = FIRST + 60 * state.numbers;
        for item in &mut held.items {
            item.object_id = state.number();
        }
        state.all.push(held.clone());
        held
    }

    pub(crate) fn all(&self) -> Vec<Held> {
        self.0.read().expect(UNBROKEN).all.clone()
    }

    pub(crate) fn find(&self, id: &str) -> Option<Held> {
        let state = self.0.read().expect(UNBROKEN);
        state.all.iter().find(|held| held.id == id).cloned()
    }

    pub(crate) fn remove(&self, id: &str) {
        let mut state = self.0.write().expect(UNBROKEN);
        state.all.retain(|held| held.id != id);
    }

    /// Changes a collection, if it is there, at the time `now`.
    pub(crate) fn edit(&self, id: &str, now: u64, change: impl FnOnce(&mut Held)) -> Option<Held> {
        let mut state = self.0.write().expect(UNBROKEN);
        let held = state.all.iter_mut().find(|held| held.id == id)?;
        change(held);
        held.updated = now;
        Some(held.clone())
    }

    /// Moves a collection to a place among its owner's.
    pub(crate) fn place(&self, id: &str, position: usize) {
        let mut state = self.0.write().expect(UNBROKEN);
        let Some(at) = state.all.iter().position(|held| held.id == id) else {
            return;
        };
        let held = state.all.remove(at);
        let mut others = state.all.iter().enumerate();
        let mut places = others.by_ref().filter(|(_, one)| one.owner == held.owner);
        let to = places.nth(position).map(|(to, _)| to);
        let end = state.all.len();
        state.all.insert(to.unwrap_or(end), held);
    }

    /// The place of a collection among its owner's.
    pub(crate) fn position(&self, held: &Held) -> usize {
        let state = self.0.read().expect(UNBROKEN);
        let mut same = state.all.iter().filter(|one| one.owner == held.owner);
        same.position(|one| one.id == held.id).unwrap_or_default()
    }

    /// A number nothing else has.
    pub(crate) fn number(&self) -> String {
        self.0.write().expect(UNBROKEN).number()
    }
}

impl State {
    fn number(&mut self) -> String {
        self.numbers += 1;
        object_id(&format!("collections {}", self.numbers))
    }
}

impl Held {
    /// The name in addresses: the title in short, and what stays. How the Hub shortens is
    /// unverified.
    pub(crate) fn slug(&self) -> String {
        let words: Vec<String> = self
            .title
            .to_lowercase()
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect();
        format!("{}/{}-{}", self.owner, words.join("-"), self.id)
    }
}
