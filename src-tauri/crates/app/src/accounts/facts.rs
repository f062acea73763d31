//! What the Hub says of a token, as it is remembered.

use hubdesk_hub::{Hub, User};

use super::limits;
use super::record::Facts;
use crate::api::{ApiError, OrgOf};
use crate::error::hub_error;

/// Whose token `hub` has. It is asked once a sign-in and once a start: the Hub limits it strictly.
pub(crate) async fn facts_of(hub: &Hub) -> Result<Facts, ApiError> {
    let user = hub
        .whoami()
        .await
        .map_err(|error| hub_error("your account", &error))?;
    Ok(facts(user))
}

/// The only place that turns the Hub's words about a token into ours.
fn facts(user: User) -> Facts {
    let named = |text: String| Some(text).filter(|text| !text.is_empty());
    let role = user.token.as_ref().map(|token| token.role.clone());
    let role = role.and_then(named);
    Facts {
        name: user.name,
        full_name: named(user.full_name),
        token_name: user.token.and_then(|token| named(token.name)),
        limits: role.as_deref().map(limits::of_role).unwrap_or_default(),
        role,
        scopes: Vec::new(),
        expires: None,
        orgs: user
            .orgs
            .into_iter()
            .map(|org| OrgOf {
                name: org.name,
                full_name: named(org.full_name),
                role: None,
                restricted: Vec::new(),
            })
            .collect(),
    }
}

impl Facts {
    /// The same, with what is known only from the sign-in.
    pub(crate) fn granted(mut self, scopes: Vec<String>, expires: Option<u64>) -> Self {
        self.limits.extend(limits::of_scopes(&scopes));
        self.scopes = scopes;
        self.expires = expires.or(self.expires);
        self
    }
}
