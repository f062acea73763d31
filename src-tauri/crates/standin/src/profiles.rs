//! What people and organisations show of themselves, whom they follow and what they like.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::RwLock;

use hubdesk_core::RepoId;

/// Why the lock is never poisoned.
const UNBROKEN: &str = "nothing panics while it holds this lock";

/// What an account shows. What is not said is empty, and the name stands for the full name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Profile {
    /// The name it shows.
    pub full_name: Option<String>,
    /// What it says about itself.
    pub details: Option<String>,
    /// Where its picture is, relative or not; the Hub draws one without it.
    pub avatar: Option<String>,
    /// Whether a person pays.
    pub is_pro: bool,
    /// What an organisation pays for.
    pub plan: Option<String>,
    /// Whether the Hub has checked who an organisation is.
    pub is_verified: bool,
    /// What keeps every member out of an organisation, such as `sso`.
    pub restrictions: Vec<String>,
}

/// The profiles of a running stand-in. May be changed while it answers.
#[derive(Default)]
pub struct Profiles(RwLock<State>);

#[derive(Default)]
struct State {
    profiles: BTreeMap<String, Profile>,
    /// Who follows whom.
    follows: BTreeSet<(String, String)>,
    likes: Vec<Like>,
}

#[derive(Debug, Clone)]
pub(crate) struct Like {
    pub(crate) user: String,
    pub(crate) repo: RepoId,
    /// In Unix seconds.
    pub(crate) since: u64,
}

impl Profiles {
    /// `name` shows this from now on.
    pub fn put(&self, name: &str, profile: Profile) {
        let mut state = self.0.write().expect(UNBROKEN);
        state.profiles.insert(name.to_owned(), profile);
    }

    /// `user` follows `whom`, a person or an organisation.
    pub fn follow(&self, user: &str, whom: &str) {
        let mut state = self.0.write().expect(UNBROKEN);
        state.follows.insert((user.to_owned(), whom.to_owned()));
    }

    /// `user` likes `repo`, an hour after what they liked before. How many likes it has is another
    /// matter: most come from people nobody is told about.
    pub fn like(&self, user: &str, repo: &RepoId) {
        let mut state = self.0.write().expect(UNBROKEN);
        let since = 1_740_000_000 + 3600 * state.likes.len() as u64;
        state.likes.push(Like {
            user: user.to_owned(),
            repo: repo.clone(),
            since,
        });
    }

    /// Takes a like back; `false` if there was none.
    pub(crate) fn unlike(&self, user: &str, repo: &RepoId) -> bool {
        let mut state = self.0.write().expect(UNBROKEN);
        let before = state.likes.len();
        state
            .likes
            .retain(|like| like.user != user || like.repo != *repo);
        state.likes.len() < before
    }

    pub(crate) fn of(&self, name: &str) -> Profile {
        let state = self.0.read().expect(UNBROKEN);
        state.profiles.get(name).cloned().unwrap_or_default()
    }

    pub(crate) fn followers_of(&self, name: &str) -> Vec<String> {
        let state = self.0.read().expect(UNBROKEN);
        let pairs = state.follows.iter();
        pairs
            .filter(|(_, whom)| whom == name)
            .map(|(user, _)| user.clone())
            .collect()
    }

    pub(crate) fn followed_by(&self, user: &str) -> Vec<String> {
        let state = self.0.read().expect(UNBROKEN);
        let pairs = state.follows.iter();
        pairs
            .filter(|(who, _)| who == user)
            .map(|(_, whom)| whom.clone())
            .collect()
    }

    /// What `user` likes, newest first.
    pub(crate) fn likes_of(&self, user: &str) -> Vec<Like> {
        let state = self.0.read().expect(UNBROKEN);
        let likes = state.likes.iter().rev();
        likes.filter(|like| like.user == user).cloned().collect()
    }
}
