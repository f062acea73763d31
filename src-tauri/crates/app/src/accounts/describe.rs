//! The accounts as the window is told of them.

use hubdesk_hub::Endpoint;

use super::{Accounts, Entry};
use crate::api::{self, AccountId};

/// The client id this build signs in with at the public Hub. It is no secret.
const CLIENT_ID: Option<&str> = option_env!("HUBDESK_OAUTH_CLIENT_ID");

impl Accounts {
    /// What the window is told. `active` is the account that is open, `usual` the Hub of the
    /// settings. Blocks.
    pub(crate) fn describe(
        &self,
        active: Option<&AccountId>,
        usual: Option<&Endpoint>,
    ) -> api::Accounts {
        let keychain = self.keychain.describe();
        let mut accounts: Vec<_> = self
            .entries()
            .iter()
            .map(|entry| entry.describe(active))
            .collect();
        accounts.sort_by(|a, b| (!a.is_active, &a.name).cmp(&(!b.is_active, &b.name)));
        let is_sharing = accounts.iter().any(|account| account.is_shared);
        api::Accounts {
            accounts,
            keychain,
            found: self.found(is_sharing),
            overridden_by: self.env.token_variable().map(str::to_owned),
            ways: self.ways(usual),
            sign_in: self.attempt(),
        }
    }

    /// The client id for signing in at `endpoint`; an id is known to one Hub only.
    pub(crate) fn client_id(&self, endpoint: &Endpoint) -> Option<&str> {
        let built_in = CLIENT_ID.filter(|_| *endpoint == Endpoint::default());
        self.env.oauth_client_id().or(built_in)
    }

    fn ways(&self, usual: Option<&Endpoint>) -> api::Ways {
        let has_id = usual.is_some_and(|endpoint| self.client_id(endpoint).is_some());
        let why = || match usual {
            Some(endpoint) => no_client_id(endpoint),
            None => "The address in the settings is not that of a Hub.".to_owned(),
        };
        api::Ways {
            endpoint: usual.map(ToString::to_string),
            browser: has_id,
            device: has_id,
            why: (!has_id).then(why),
        }
    }
}

impl Entry {
    /// What the window is told.
    fn describe(&self, active: Option<&AccountId>) -> api::Account {
        let (record, facts) = (&self.record, &self.record.facts);
        api::Account {
            id: self.tokens.id().clone(),
            endpoint: record.endpoint.clone(),
            name: facts.name.clone(),
            full_name: facts.full_name.clone(),
            how: record.how,
            token_name: facts.token_name.clone(),
            role: facts.role.clone(),
            scopes: facts.scopes.clone(),
            expires_at: facts.end(),
            limits: (self.tokens.why().into_iter())
                .chain(facts.limits.iter().cloned())
                .collect(),
            orgs: facts.orgs.clone(),
            is_active: active == Some(self.tokens.id()),
            kept: record.kept,
            is_shared: record.shared.is_some(),
            is_in_git: record.is_in_git,
            renews: record.client_id.is_some(),
            needs_sign_in: self.tokens.why_sign_in(),
        }
    }
}

/// Why signing in at `endpoint` needs a token.
pub(super) fn no_client_id(endpoint: &Endpoint) -> String {
    format!(
        "Hubdesk is not registered at {endpoint}, so it cannot sign in there with a browser; a token always works."
    )
}
