//! Where an answer sends us on to, and whether we go.

use hubdesk_core::Token;
use url::Url;

use crate::exchange::{redact, text};
use crate::sent::Sent;
use crate::{Endpoint, Error, Exchange};

/// Redirects in a row before we give up, as the official client.
pub(crate) const MOST_HOPS: usize = 20;

/// The address the answer from `url` redirects to, if it does. Refused are addresses that are not
/// for the web, that give up TLS, that bring credentials of their own, and ones by which another
/// host would make us ask the endpoint, with our token, for something of its choice.
pub(crate) fn next_hop(url: &Url, sent: &Sent, endpoint: &Endpoint) -> Result<Option<Url>, Error> {
    if !matches!(sent.response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let next = text(sent.response.headers(), "location")
        .and_then(|location| url.join(&location).ok())
        .map(|next| endpoint.localise(next))
        .ok_or_else(|| sent.unexpected("a redirect without an address"))?;
    let comes_back = !endpoint.is_origin_of(url) && endpoint.is_origin_of(&next);
    if is_safe(url, &next) && !comes_back {
        Ok(Some(next))
    } else {
        Err(refused(&next, sent, endpoint))
    }
}

/// The error for being sent to `next` by the answer `sent`.
pub(crate) fn refused(next: &Url, sent: &Sent, endpoint: &Endpoint) -> Error {
    unsafe_address(next, sent.exchange.clone(), sent.token.as_ref(), endpoint)
}

/// The error for being told to go on at `next`, in answer to `exchange` that had `token`.
pub(crate) fn unsafe_address(
    next: &Url,
    exchange: Exchange,
    token: Option<&Token>,
    endpoint: &Endpoint,
) -> Error {
    Error::UnsafeRedirect {
        to: redact(next, endpoint, token),
        exchange: Box::new(exchange),
    }
}

/// Whether what came from `from` may lead to `to`.
pub(crate) fn is_safe(from: &Url, to: &Url) -> bool {
    let keeps_tls = match to.scheme() {
        "https" => true,
        "http" => from.scheme() == "http",
        _ => false,
    };
    keeps_tls && to.username().is_empty() && to.password().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tls_is_never_given_up_and_only_the_web_is_followed() {
        for (from, to, expected) in [
            ("https://a.example", "https://b.example/x", true),
            ("http://a.example", "http://b.example/x", true),
            ("http://a.example", "https://b.example/x", true),
            ("https://a.example", "http://a.example/x", false),
            ("https://a.example", "file:///etc/passwd", false),
            ("http://a.example", "ftp://b.example/x", false),
            ("https://a.example", "https://me:pw@b.example/x", false),
            ("https://a.example", "https://me@b.example/x", false),
        ] {
            let (from, to) = (Url::parse(from).unwrap(), Url::parse(to).unwrap());
            assert_eq!(is_safe(&from, &to), expected, "{from} to {to}");
        }
    }
}
