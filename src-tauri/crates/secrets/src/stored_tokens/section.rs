use std::fmt;

use hubdesk_core::Token;
use zeroize::Zeroizing;

/// The key of the token itself.
const TOKEN: &str = "hf_token";
/// The key of the token that renews it.
const REFRESH_TOKEN: &str = "refresh_token";
/// The key of the time it ends.
const EXPIRES_AT: &str = "expires_at";

/// One stored sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// What is sent to the Hub.
    pub token: Token,
    /// What renews it. It belongs to the OAuth client that obtained it, and the official client
    /// takes any it finds here for its own: ours are kept in the keychain instead.
    pub refresh_token: Option<Token>,
    /// When `token` ends, in seconds since 1970; `None` if that is unknown, or it never does.
    pub expires_at: Option<i64>,
}

/// The keys of one section, in the file's order. All values count as secrets, since the next
/// version of the official client may store more of them.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Section(Vec<(String, Zeroizing<String>)>);

impl Section {
    /// The section the official client would write for `stored`.
    pub(crate) fn of(stored: &Stored) -> Self {
        let mut section = Self::default();
        section.push(TOKEN, stored.token.expose());
        if let Some(token) = &stored.refresh_token {
            section.push(REFRESH_TOKEN, token.expose());
        }
        if let Some(at) = stored.expires_at {
            section.push(EXPIRES_AT, &at.to_string());
        }
        section
    }

    /// What it stores, if it has a token. A time that is no number is unknown.
    pub(crate) fn stored(&self) -> Option<Stored> {
        Some(Stored {
            token: Token::new(self.get(TOKEN)?)?,
            refresh_token: self.get(REFRESH_TOKEN).and_then(Token::new),
            expires_at: self.get(EXPIRES_AT).and_then(|at| at.trim().parse().ok()),
        })
    }

    /// The keys and values, in order. A value may have several lines.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
    }

    fn push(&mut self, key: &str, value: &str) {
        self.0
            .push((key.to_owned(), Zeroizing::new(value.to_owned())));
    }

    fn get(&self, key: &str) -> Option<&str> {
        let mut entries = self.entries();
        entries.find(|(known, _)| *known == key).map(|(_, v)| v)
    }
}

impl FromIterator<(String, Zeroizing<String>)> for Section {
    /// The keys must differ.
    fn from_iter<I: IntoIterator<Item = (String, Zeroizing<String>)>>(entries: I) -> Self {
        Self(entries.into_iter().collect())
    }
}

impl fmt::Debug for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|(key, _)| key))
            .finish()
    }
}
