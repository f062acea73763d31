//! What the Hub says of a token, as it is remembered.

use hubdesk_core::date;
use hubdesk_hub::{Hub, Org, User};

use super::limits;
use super::record::Facts;
use crate::api::{ApiError, OrgOf};
use crate::error::hub_error;

/// Whose token `hub` has. It is asked once a sign-in and once a start: the Hub limits it strictly.
/// A token that is nobody's own is refused.
pub(crate) async fn facts_of(hub: &Hub) -> Result<Facts, ApiError> {
    let user = hub
        .whoami()
        .await
        .map_err(|error| hub_error("your account", &error))?;
    if user.is_person() {
        Ok(facts(user))
    } else {
        Err(ApiError::bad_input(
            "That token belongs to an organisation or a program. Use one of your own.",
        ))
    }
}

/// The only place that turns the Hub's words about a token into ours.
fn facts(user: User) -> Facts {
    let limits = user.what_will_not_work();
    let token = user.token.unwrap_or_default();
    Facts {
        name: user.name,
        full_name: named(user.full_name),
        token_name: named(token.name),
        role: named(token.role),
        scopes: Vec::new(),
        expires: None,
        ends: user.expires_at,
        limits: limits.iter().map(limits::of_shortcoming).collect(),
        orgs: user.orgs.into_iter().map(org).collect(),
    }
}

fn org(org: Org) -> OrgOf {
    let restrictions = org.restrictions.iter();
    OrgOf {
        name: org.name,
        full_name: named(org.full_name),
        role: org.role.map(|role| role.as_str().to_owned()),
        restricted: restrictions.map(|one| one.as_str().to_owned()).collect(),
    }
}

fn named(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

impl Facts {
    /// The same, with what is known only from the sign-in.
    pub(crate) fn granted(mut self, scopes: Vec<String>, expires: Option<u64>) -> Self {
        self.limits.extend(limits::of_scopes(&scopes));
        self.scopes = scopes;
        self.expires = expires;
        self
    }

    /// When the token ends, ISO 8601.
    pub(crate) fn end(&self) -> Option<String> {
        self.expires.map(date::iso).or_else(|| self.ends.clone())
    }
}
