//! A request to the endpoint, before it is sent.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use hubdesk_core::RepoId;
use reqwest::Method;
use serde::Serialize;
use url::{Url, form_urlencoded};

/// How long the Hub may be silent over work of its own that is known to take long, such as a merge or
/// a copy: gateways in front of it wait about a minute.
pub(crate) const LONG_WORK: Duration = Duration::from_secs(75);

/// One request. Cheap to clone: it may be sent several times.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) url: Url,
    pub(crate) verb: Verb,
    pub(crate) payload: Option<Payload>,
    /// The repository it is about, for telling what a refusal means.
    pub(crate) about: Option<RepoId>,
    pub(crate) effect: Effect,
    /// Whether what it carries must not be repeated to anybody, not even by the server's words.
    pub(crate) is_hushed: bool,
    /// How long to wait for the head of the answer, where it is not what the profile says.
    pub(crate) patience: Option<Duration>,
}

/// What is done to the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    Get,
    Head,
    Post,
    Put,
    Patch,
    Delete,
}

/// What sending the request twice would do; it decides when that may happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Nothing, it only asks.
    Read,
    /// The same as sending it once.
    Repeatable,
    /// Something else. It is sent again only when it surely had no effect: see [`mod@crate::change`].
    Once,
}

/// What the request carries. Prints no more than how much it is: it may be a secret.
#[derive(Clone)]
pub(crate) struct Payload {
    pub(crate) content_type: &'static str,
    pub(crate) bytes: Bytes,
}

impl Call {
    pub(crate) fn get(url: Url, about: Option<&RepoId>) -> Self {
        Self::new(Verb::Get, Effect::Read, url, about)
    }

    /// Any request; `effect` says what sending it twice would do.
    pub(crate) fn new(verb: Verb, effect: Effect, url: Url, about: Option<&RepoId>) -> Self {
        Self {
            url,
            verb,
            payload: None,
            about: about.cloned(),
            effect,
            is_hushed: false,
            patience: None,
        }
    }

    /// A `POST` that only asks.
    pub(crate) fn question(url: Url, about: Option<&RepoId>) -> Self {
        Self::new(Verb::Post, Effect::Read, url, about)
    }

    /// A `POST` that must not happen twice.
    pub(crate) fn once(url: Url, about: Option<&RepoId>) -> Self {
        Self::new(Verb::Post, Effect::Once, url, about)
    }

    /// Carries `pairs` as a form.
    pub(crate) fn form<K, V>(self, pairs: impl IntoIterator<Item = (K, V)>) -> Self
    where
        K: AsRef<str>,
        V: AsRef<str>,
    {
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        self.carrying("application/x-www-form-urlencoded", form.into())
    }

    /// Carries `value` as JSON.
    pub(crate) fn json(self, value: &impl Serialize) -> Self {
        let json = serde_json::to_vec(value).expect("requests are plain data with text keys");
        self.carrying("application/json", json.into())
    }

    /// Nobody repeats what it carries.
    pub(crate) fn hushed(mut self) -> Self {
        self.is_hushed = true;
        self
    }

    /// Waits so long for the head of the answer; sending what it carries counts, too.
    pub(crate) fn patience(mut self, patience: Duration) -> Self {
        self.patience = Some(patience);
        self
    }

    pub(crate) fn carrying(mut self, content_type: &'static str, bytes: Bytes) -> Self {
        self.payload = Some(Payload {
            content_type,
            bytes,
        });
        self
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes of {}", self.bytes.len(), self.content_type)
    }
}

impl Verb {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// Whether it can be sent on to where a redirect with this status leads, as it is.
    pub(crate) fn survives(self, status: u16) -> bool {
        matches!(self, Self::Get | Self::Head) || matches!(status, 307 | 308)
    }
}

impl From<Verb> for Method {
    fn from(verb: Verb) -> Self {
        match verb {
            Verb::Get => Self::GET,
            Verb::Head => Self::HEAD,
            Verb::Post => Self::POST,
            Verb::Put => Self::PUT,
            Verb::Patch => Self::PATCH,
            Verb::Delete => Self::DELETE,
        }
    }
}
