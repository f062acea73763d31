//! Pictures of people and organisations: where they are, checked before anybody shows them.

use serde::Deserialize;
use url::Url;

use crate::call::Call;
use crate::classify::refusal;
use crate::redirect::{self, MOST_HOPS};
use crate::{Endpoint, Error, Exchange, Hub, retry, route};

/// A picture's address as an answer gave it: nothing to show before [`Endpoint::picture`] took it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct RawPicture(String);

/// Where a person's or an organisation's picture is: an absolute address, either at the endpoint
/// or with TLS, without credentials. It is asked for without a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Avatar(String);

impl Avatar {
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Endpoint {
    /// The picture at `raw`, which may be relative to the endpoint. `None` if it cannot be shown.
    pub(crate) fn picture(&self, raw: &RawPicture) -> Option<Avatar> {
        let text = raw.0.trim();
        let url = if text.starts_with('/') {
            Url::parse(&format!("{self}{text}"))
        } else {
            Url::parse(text)
        };
        self.shown(self.localise(url.ok()?))
    }

    fn shown(&self, url: Url) -> Option<Avatar> {
        let is_plain = url.username().is_empty() && url.password().is_none();
        let is_safe = url.scheme() == "https" || self.is_origin_of(&url);
        (is_plain && is_safe).then(|| Avatar(url.into()))
    }
}

impl Hub {
    /// Where the picture of a person or an organisation is. Only the way there is asked for: the
    /// picture itself is not loaded, and may lie on another host.
    pub async fn avatar(&self, namespace: &str) -> Result<Avatar, Error> {
        let call = Call::get(route::avatar(self.endpoint(), namespace)?, None);
        retry::run(self.profile().backoff, call.effect, async || {
            self.way_to_picture(&call).await
        })
        .await
    }

    async fn way_to_picture(&self, call: &Call) -> Result<Avatar, Error> {
        let mut url = call.url.clone();
        for _ in 0..=MOST_HOPS {
            let mut sent = self.send_call(call, &url).await?;
            if sent.is_refusal() {
                let token = sent.token.take();
                let (headers, exchange) = self.explain(sent, token.as_ref()).await;
                return Err(refusal(&headers, None, exchange));
            }
            let next = redirect::next_hop(&url, &sent, self.endpoint())?;
            let is_picture = next.as_ref().is_none_or(|next| !self.is_way(next));
            let at = next.unwrap_or_else(|| url.clone());
            if is_picture {
                return self
                    .shown_picture(&at)
                    .ok_or_else(|| redirect::refused(&at, &sent, self.endpoint()));
            }
            url = at;
        }
        let exchange = Box::new(Exchange::new(call.verb.as_str(), &url, self.endpoint()));
        Err(Error::TooManyRedirects { exchange })
    }

    /// Whether `url` is another of the Hub's own addresses that only say where the picture is, as
    /// after a renaming.
    fn is_way(&self, url: &Url) -> bool {
        url.path().contains("/api/") && self.endpoint().is_origin_of(url)
    }

    fn shown_picture(&self, url: &Url) -> Option<Avatar> {
        self.endpoint().shown(url.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_at_the_endpoint_or_has_tls() {
        let endpoint = Endpoint::parse("http://127.0.0.1:1/hub").unwrap();
        let at = |text: &str| endpoint.picture(&RawPicture(text.to_owned()));
        for (text, expected) in [
            (
                "/avatars/a.svg",
                Some("http://127.0.0.1:1/hub/avatars/a.svg"),
            ),
            (
                "//evil.example/a",
                Some("http://127.0.0.1:1/hub//evil.example/a"),
            ),
            (
                "https://cdn.example/a.png?x=1",
                Some("https://cdn.example/a.png?x=1"),
            ),
            (
                "https://huggingface.co/avatars/a.svg",
                Some("http://127.0.0.1:1/hub/avatars/a.svg"),
            ),
            ("http://cdn.example/a.png", None),
            ("https://me:pw@cdn.example/a.png", None),
            ("javascript:alert(1)", None),
            ("data:image/svg+xml,x", None),
            ("file:///etc/passwd", None),
            ("a.svg", None),
            ("", None),
        ] {
            assert_eq!(at(text).as_ref().map(Avatar::as_str), expected, "{text}");
        }
    }
}
