use hubdesk_core::{Revision, Token};
use serde::Deserialize;

use crate::call::Call;
use crate::fault::malformed;
use crate::{Endpoint, Error, Repo, Target, route};

/// What the chunk store is to be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum XetAccess<'a> {
    /// Downloads of what is at this revision.
    Read(&'a Revision),
    /// Uploads of what is to be committed there; reading is included.
    Write(&'a Target),
}

/// The right to use a chunk store for a while.
#[derive(Debug, Clone)]
pub struct XetToken {
    /// Where the store is: `https`, or this machine.
    pub store: Endpoint,
    /// What it is asked with. Never the Hub's own token.
    pub token: Token,
    /// When the token ends, in Unix seconds.
    pub expires: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    cas_url: String,
    access_token: String,
    exp: u64,
}

impl Repo {
    /// A token for the chunk store of this repository. [`Error::NotFound`] where none is offered.
    pub async fn xet_token(&self, access: XetAccess<'_>) -> Result<XetToken, Error> {
        let is_new = matches!(access, XetAccess::Write(target) if target.is_new_pull_request());
        let (what, revision) = match access {
            XetAccess::Read(revision) => ("xet-read-token", revision.as_str()),
            // What the official client writes where the revision is yet to come into being.
            XetAccess::Write(_) if is_new => ("xet-write-token", "None"),
            XetAccess::Write(target) => ("xet-write-token", target.revision()),
        };
        let mut url = route::at(self.hub.endpoint(), &self.id, what, revision);
        if is_new {
            url.query_pairs_mut().append_pair("create_pr", "1");
        }
        let answer = self
            .hub
            .ask::<Wire>(&Call::get(url, Some(&self.id)))
            .await?;
        let Wire {
            cas_url,
            access_token,
            exp,
        } = answer.value;
        XetToken::new(&cas_url, &access_token, exp).ok_or_else(|| {
            let what = "a chunk store that cannot be trusted";
            malformed(what, answer.exchange, None)
        })
    }
}

impl XetToken {
    /// `None` unless the store is reached over TLS or is this machine, and the token can be sent.
    pub(crate) fn new(store: &str, token: &str, expires: u64) -> Option<Self> {
        let store = Endpoint::parse(store).ok()?;
        let is_private = store.to_string().starts_with("https://") || store.is_loopback();
        is_private.then_some(Self {
            store,
            token: Token::new(token)?,
            expires,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_is_reached_over_tls_or_is_this_machine() {
        for (store, expected) in [
            ("https://cas.example", true),
            ("http://127.0.0.1:8080", true),
            ("http://cas.example", false),
            ("https://me:pw@cas.example", false),
            ("file:///etc", false),
        ] {
            let token = XetToken::new(store, "xet", 1);
            assert_eq!(token.is_some(), expected, "{store}");
        }
    }

    #[test]
    fn the_token_is_not_shown() {
        let token = XetToken::new("https://cas.example", "secret", 1).unwrap();
        assert!(!format!("{token:?}").contains("secret"));
    }
}
