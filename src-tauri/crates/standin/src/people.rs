//! Who there is: people with their tokens, and the organisations they belong to.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::RwLock;

use crate::grants::Grants;

/// Why the lock is never poisoned.
const UNBROKEN: &str = "nothing panics while it holds this lock";

/// The accounts of a running stand-in. May be changed while it answers.
#[derive(Default)]
pub struct People(RwLock<State>);

#[derive(Default)]
struct State {
    credentials: HashMap<String, Credential>,
    orgs: BTreeMap<String, BTreeMap<String, OrgRole>>,
}

/// What a token stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// Whose it is.
    pub user: String,
    /// What it is called in lists.
    pub name: String,
    /// What it may do.
    pub rights: Rights,
    /// When it ends, in seconds since 1970.
    pub expires: Option<u64>,
    /// It came from a sign-in, and not from the page of tokens.
    pub is_oauth: bool,
    /// What kind of account `user` is.
    pub holder: Holder,
}

/// Whose a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// A person's.
    Person,
    /// An organisation's own, of the kind nobody signs in with.
    Org,
}

/// What a token may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rights {
    /// Everything the person may read.
    Read,
    /// Everything the person may do.
    Write,
    /// What is said one by one, as far as the person may do it.
    FineGrained(Grants),
}

/// What a member may do in an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrgRole {
    /// Everything.
    Admin,
    /// Change every repository.
    Write,
    /// Create repositories, and change their own.
    Contributor,
    /// Look.
    Read,
}

impl People {
    /// Whoever sends `token` is what `credential` says from now on.
    pub fn put(&self, token: &str, credential: Credential) {
        let mut state = self.0.write().expect(UNBROKEN);
        state.credentials.insert(token.to_owned(), credential);
    }

    /// Refuses `token` from now on.
    pub fn revoke(&self, token: &str) {
        self.0.write().expect(UNBROKEN).credentials.remove(token);
    }

    /// All tokens that are `user`'s.
    pub fn tokens_of(&self, user: &str) -> Vec<String> {
        let state = self.0.read().expect(UNBROKEN);
        let of_user = state.credentials.iter().filter(|(_, one)| one.user == user);
        of_user.map(|(token, _)| token.clone()).collect()
    }

    /// Makes `user` a member of `org`, which is made with its first member.
    pub fn join(&self, org: &str, user: &str, role: OrgRole) {
        let mut state = self.0.write().expect(UNBROKEN);
        let members = state.orgs.entry(org.to_owned()).or_default();
        members.insert(user.to_owned(), role);
    }

    /// What `token` stands for at the time `now`.
    pub(crate) fn credential(&self, token: &str, now: u64) -> Option<Credential> {
        let state = self.0.read().expect(UNBROKEN);
        let credential = state.credentials.get(token)?;
        let is_over = credential.expires.is_some_and(|end| end <= now);
        (!is_over).then(|| credential.clone())
    }

    /// Everybody who has a token, by name.
    pub(crate) fn users(&self) -> BTreeSet<String> {
        let state = self.0.read().expect(UNBROKEN);
        state
            .credentials
            .values()
            .filter(|credential| credential.holder == Holder::Person)
            .map(|credential| credential.user.clone())
            .collect()
    }

    /// The organisations of `user`, by name, with what they may do there.
    pub(crate) fn orgs_of(&self, user: &str) -> Vec<(String, OrgRole)> {
        let state = self.0.read().expect(UNBROKEN);
        let orgs = state.orgs.iter();
        orgs.filter_map(|(org, members)| Some((org.clone(), *members.get(user)?)))
            .collect()
    }

    /// Every organisation that has members, by name.
    pub(crate) fn orgs(&self) -> BTreeSet<String> {
        let state = self.0.read().expect(UNBROKEN);
        state.orgs.keys().cloned().collect()
    }

    /// The members of `org`, by name, with what they may do there.
    pub(crate) fn members_of(&self, org: &str) -> Vec<(String, OrgRole)> {
        let state = self.0.read().expect(UNBROKEN);
        let members = state.orgs.get(org).into_iter().flatten();
        members.map(|(user, role)| (user.clone(), *role)).collect()
    }

    /// Whether `user` may change what belongs to `owner`.
    pub(crate) fn may_write(&self, user: &str, owner: &str) -> bool {
        let role = || {
            let state = self.0.read().expect(UNBROKEN);
            state.orgs.get(owner)?.get(user).copied()
        };
        user == owner || matches!(role(), Some(OrgRole::Admin | OrgRole::Write))
    }

    /// What `user` may do in the organisation `org`.
    pub(crate) fn role(&self, user: &str, org: &str) -> Option<OrgRole> {
        let state = self.0.read().expect(UNBROKEN);
        state.orgs.get(org)?.get(user).copied()
    }

    /// Whether `user` may make something that belongs to `owner`.
    pub(crate) fn may_create(&self, user: &str, owner: &str) -> bool {
        let may = |role| role != OrgRole::Read;
        user == owner || self.role(user, owner).is_some_and(may)
    }

    /// Whether `user` belongs to `org`.
    pub(crate) fn is_member(&self, user: &str, org: &str) -> bool {
        let state = self.0.read().expect(UNBROKEN);
        state
            .orgs
            .get(org)
            .is_some_and(|members| members.contains_key(user))
    }
}

impl Credential {
    /// A token that may do everything its owner may.
    pub fn of(user: &str) -> Self {
        Self {
            user: user.to_owned(),
            name: format!("{user}'s token"),
            rights: Rights::Write,
            expires: None,
            is_oauth: false,
            holder: Holder::Person,
        }
    }

    /// A token that may do what `grants` say, one by one.
    pub fn fine_grained(user: &str, grants: Grants) -> Self {
        Self {
            rights: Rights::FineGrained(grants),
            ..Self::of(user)
        }
    }

    /// An organisation's own token.
    pub fn of_org(org: &str) -> Self {
        Self {
            holder: Holder::Org,
            ..Self::of(org)
        }
    }

    /// The same token, refused from this time on, in seconds since 1970.
    pub fn until(mut self, seconds: u64) -> Self {
        self.expires = Some(seconds);
        self
    }

    /// The same, for looking only.
    pub fn read_only(user: &str) -> Self {
        Self {
            rights: Rights::Read,
            ..Self::of(user)
        }
    }
}

impl OrgRole {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Write => "write",
            Self::Contributor => "contributor",
            Self::Read => "read",
        }
    }
}
