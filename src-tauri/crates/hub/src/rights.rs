//! What follows from what the Hub says about a person and their token. Pure functions: nothing is
//! asked, and the Hub has the last word on every request.
//!
//! Which permission opens what is in part the experience of others and not the Hub's documentation
//! (unverified). So what is not known counts as allowed, and a refusal then says so.

use crate::{AccountKind, FineGrained, OrgRole, Restriction, TokenFacts, User};

/// What screens ask a fine-grained token for, in the Hub's words.
mod permission {
    pub(super) const READ: &str = "repo.content.read";
    pub(super) const WRITE: &str = "repo.write";
    pub(super) const DISCUSS: &str = "discussion.write";
    pub(super) const COLLECT: &str = "collection.write";
    pub(super) const INFER: &str = "inference.serverless.write";
}

/// Something this credential cannot do; what is not in the list may work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shortcoming {
    /// It is not a person's, and signing in with it is refused.
    NotAPerson(AccountKind),
    /// Change, make or remove any repository.
    CannotWrite,
    /// Change repositories anywhere but in these places.
    WritesOnlyIn(Vec<String>),
    /// Read private repositories.
    CannotReadPrivate,
    /// Read gated repositories, even those the person was let into.
    CannotReadGated,
    /// Open discussions and pull requests, or write in them.
    NoDiscussions,
    /// Make or change collections.
    NoCollections,
    /// Ask inference providers.
    NoInference,
}

/// A place in which repositories can be made, or why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Namespace<'a> {
    /// Its name, as in addresses.
    pub name: &'a str,
    /// Whether it is the person's own, and not an organisation's.
    pub is_own: bool,
    /// Why nothing can be made there; `None` if it can.
    pub closed: Option<Closed<'a>>,
}

/// Why nothing can be made in a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Closed<'a> {
    /// The token is for looking only.
    TokenReads,
    /// The token's permissions do not cover the place.
    TokenElsewhere,
    /// The person's role in the organisation does not suffice.
    Role(&'a OrgRole),
    /// The organisation keeps the person out until these are dealt with.
    Restricted(&'a [Restriction]),
}

impl User {
    /// Every place the person could make something in, their own first, with why not where they
    /// cannot. A role the Hub does not tell counts as one that suffices.
    pub fn namespaces(&self) -> Vec<Namespace<'_>> {
        let own = Namespace {
            name: &self.name,
            is_own: true,
            closed: self.closed_to_token(&self.name),
        };
        let orgs = self.orgs.iter().map(|org| {
            let role = org.role.as_ref().filter(|role| !role.may_create());
            let restrictions = Some(&*org.restrictions).filter(|all| !all.is_empty());
            Namespace {
                name: &org.name,
                is_own: false,
                closed: role
                    .map(Closed::Role)
                    .or(restrictions.map(Closed::Restricted))
                    .or(self.closed_to_token(&org.name)),
            }
        });
        std::iter::once(own).chain(orgs).collect()
    }

    fn closed_to_token(&self, namespace: &str) -> Option<Closed<'_>> {
        let token = self.token.as_ref()?;
        match &token.fine_grained {
            _ if token.reads_only() => Some(Closed::TokenReads),
            Some(fine) if !fine.allows_in(permission::WRITE, namespace) => {
                Some(Closed::TokenElsewhere)
            }
            _ => None,
        }
    }

    /// What a person should know before they use this credential. Empty if nothing is missing, or
    /// if the Hub does not say what it may do, as with credentials of a browser sign-in.
    pub fn what_will_not_work(&self) -> Vec<Shortcoming> {
        if !self.is_person() {
            return vec![Shortcoming::NotAPerson(self.kind.clone())];
        }
        match &self.token {
            Some(token) if token.reads_only() => vec![
                Shortcoming::CannotWrite,
                Shortcoming::NoDiscussions,
                Shortcoming::NoCollections,
            ],
            Some(TokenFacts {
                fine_grained: Some(fine),
                ..
            }) => fine.shortcomings(&self.name),
            _ => Vec::new(),
        }
    }
}

impl TokenFacts {
    fn reads_only(&self) -> bool {
        self.role == "read"
    }
}

impl OrgRole {
    /// Whether such a member may make repositories.
    pub fn may_create(&self) -> bool {
        matches!(self, Self::Admin | Self::Write | Self::Contributor)
    }
}

impl FineGrained {
    /// Whether the token has `permission` everywhere or in some place.
    pub fn allows(&self, permission: &str) -> bool {
        let mut scoped = self.scoped.iter().flat_map(|scope| &scope.permissions);
        self.global.iter().any(|one| one == permission) || scoped.any(|one| one == permission)
    }

    /// Whether the token has `permission` for all that belongs to `namespace`.
    pub fn allows_in(&self, permission: &str, namespace: &str) -> bool {
        let is_here = |name: &Option<String>| name.as_deref() == Some(namespace);
        self.global.iter().any(|one| one == permission)
            || self.scoped.iter().any(|scope| {
                matches!(scope.entity.kind.as_str(), "user" | "org")
                    && is_here(&scope.entity.name)
                    && scope.permissions.iter().any(|one| one == permission)
            })
    }

    fn shortcomings(&self, user: &str) -> Vec<Shortcoming> {
        let lacks = |permission, shortcoming| (!self.allows(permission)).then_some(shortcoming);
        let writing = if !self.allows(permission::WRITE) {
            Some(Shortcoming::CannotWrite)
        } else if !self.allows_in(permission::WRITE, user) {
            Some(Shortcoming::WritesOnlyIn(self.places(permission::WRITE)))
        } else {
            None
        };
        // Whoever may write may read.
        let reads = self.allows(permission::READ) || self.allows(permission::WRITE);
        let gated = self.can_read_gated_repos;
        [
            writing,
            (!reads).then_some(Shortcoming::CannotReadPrivate),
            (!gated).then_some(Shortcoming::CannotReadGated),
            lacks(permission::DISCUSS, Shortcoming::NoDiscussions),
            lacks(permission::COLLECT, Shortcoming::NoCollections),
            lacks(permission::INFER, Shortcoming::NoInference),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// The names of the places in which the token has `permission`.
    fn places(&self, permission: &str) -> Vec<String> {
        let with_it = self
            .scoped
            .iter()
            .filter(|scope| scope.permissions.iter().any(|one| one == permission));
        with_it
            .filter_map(|scope| scope.entity.name.clone())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::read;

    fn user(token: &str) -> User {
        read(&format!(
            r#"{{"name":"ada","type":"user","auth":{{"accessToken":{token}}},"orgs":[
              {{"name":"lab","roleInOrg":"admin"}},
              {{"name":"club","roleInOrg":"read","securityRestrictions":["sso"]}},
              {{"name":"bank","roleInOrg":"write","securityRestrictions":["mfa","ip"]}},
              {{"name":"old"}}]}}"#
        ))
    }

    fn fine(scoped: &str) -> User {
        user(&format!(
            r#"{{"role":"fineGrained","fineGrained":{{"canReadGatedRepos":false,"global":[],
            "scoped":[{scoped}]}}}}"#
        ))
    }

    fn closed(user: &User) -> Vec<(&str, Option<Closed<'_>>)> {
        let places = user.namespaces().into_iter();
        places.map(|place| (place.name, place.closed)).collect()
    }

    #[test]
    fn a_place_is_open_to_who_may_make_and_is_not_kept_out() {
        let user = user(r#"{"role":"write"}"#);
        let restricted = [Restriction::Mfa, Restriction::Ip];
        assert_eq!(
            closed(&user),
            [
                ("ada", None),
                ("lab", None),
                ("club", Some(Closed::Role(&OrgRole::Read))),
                ("bank", Some(Closed::Restricted(&restricted))),
                ("old", None),
            ]
        );
        assert!(user.namespaces()[0].is_own && !user.namespaces()[1].is_own);
        assert_eq!(user.what_will_not_work(), []);
    }

    #[test]
    fn a_token_for_looking_makes_nothing_anywhere() {
        let user = user(r#"{"role":"read"}"#);
        assert_eq!(closed(&user)[0], ("ada", Some(Closed::TokenReads)));
        assert_eq!(closed(&user)[1], ("lab", Some(Closed::TokenReads)));
        let lacking = user.what_will_not_work();
        assert!(lacking.contains(&Shortcoming::CannotWrite));
        assert!(!lacking.contains(&Shortcoming::CannotReadGated));
    }

    #[test]
    fn a_fine_grained_token_works_where_it_says() {
        let user = fine(
            r#"{"entity":{"type":"org","name":"lab"},"permissions":["repo.write","collection.write"]}"#,
        );
        assert_eq!(closed(&user)[0], ("ada", Some(Closed::TokenElsewhere)));
        assert_eq!(closed(&user)[1], ("lab", None));
        assert_eq!(
            user.what_will_not_work(),
            [
                Shortcoming::WritesOnlyIn(vec!["lab".to_owned()]),
                Shortcoming::CannotReadGated,
                Shortcoming::NoDiscussions,
                Shortcoming::NoInference,
            ]
        );
    }

    #[test]
    fn a_token_without_any_permission_can_only_look_at_what_is_public() {
        let lacking = fine("").what_will_not_work();
        assert_eq!(
            lacking[..2],
            [Shortcoming::CannotWrite, Shortcoming::CannotReadPrivate]
        );
    }

    #[test]
    fn a_permission_for_one_repository_opens_no_place() {
        let user =
            fine(r#"{"entity":{"type":"model","name":"ada/m"},"permissions":["repo.write"]}"#);
        assert_eq!(closed(&user)[0], ("ada", Some(Closed::TokenElsewhere)));
    }

    #[test]
    fn what_the_hub_does_not_say_is_not_held_against_a_credential() {
        let signed_in = user("null");
        assert_eq!(signed_in.what_will_not_work(), []);
        assert_eq!(closed(&signed_in)[0], ("ada", None));
        let org = read(r#"{"type":"org","name":"lab"}"#);
        let why = Shortcoming::NotAPerson(AccountKind::Org);
        assert_eq!(org.what_will_not_work(), [why]);
    }
}
