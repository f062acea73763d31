//! What a refusal means: the table of the official client, first match wins.

use std::time::Duration;

use hubdesk_core::RepoId;
use reqwest::header::HeaderMap;

use crate::exchange::text;
use crate::rate_limit::wanted_pause;
use crate::{Error, Exchange, What};

/// What the official client compares with, to tell a bad token from a hidden repository.
const BAD_TOKEN: &str = "Invalid credentials in Authorization header";
const TAKEN_DOWN: &str = "Access to this resource is disabled.";

/// The error for an answer of the endpoint with a status of 400 and above. `about` is the
/// repository that was asked for, if it was one.
pub(crate) fn refusal(headers: &HeaderMap, about: Option<&RepoId>, exchange: Exchange) -> Error {
    let status = exchange.status.unwrap_or_default();
    let code = text(headers, "x-error-code").unwrap_or_default();
    let reason = text(headers, "x-error-message").unwrap_or_default();
    let has_bad_token = reason == BAD_TOKEN
        || exchange
            .message
            .as_ref()
            .is_some_and(|message| message.contains(BAD_TOKEN));
    let exchange = Box::new(exchange);
    match (code.as_str(), status, about) {
        ("RevisionNotFound", _, _) => Error::NotFound(What::Revision, exchange),
        ("EntryNotFound", _, _) => Error::NotFound(What::Entry, exchange),
        ("GatedRepo", _, Some(repo)) => Error::Gated {
            repo: repo.clone(),
            exchange,
        },
        _ if reason == TAKEN_DOWN => Error::Disabled { exchange },
        ("RepoNotFound", _, _) => Error::NotFound(What::Repo, exchange),
        // A repository this account cannot see answers 401 whether or not there is a token.
        (_, 401, Some(_)) if !has_bad_token => Error::NotFound(What::Repo, exchange),
        (_, 401, _) => Error::SignedOut { exchange },
        (_, 403, _) => {
            let message = exchange.message.clone().unwrap_or_default();
            Error::Forbidden { message, exchange }
        }
        (_, 404 | 410, _) => Error::NotFound(What::Page, exchange),
        (_, 402, _) => Error::PaymentNeeded { exchange },
        (_, 409, _) => Error::Conflict {
            repo: exchange.named.clone(),
            exchange,
        },
        (_, 412, _) => Error::HeadMoved { exchange },
        (_, 413, _) => Error::TooLarge { exchange },
        _ => passing(headers, exchange).unwrap_or_else(|exchange| Error::BadRequest { exchange }),
    }
}

/// The error for such an answer of a storage host, which knows nothing of the Hub's codes.
pub(crate) fn storage_refusal(headers: &HeaderMap, exchange: Exchange) -> Error {
    passing(headers, Box::new(exchange)).unwrap_or_else(|exchange| Error::Storage { exchange })
}

/// What HTTP itself says, the same for every host. Gives the exchange back when it says nothing.
fn passing(headers: &HeaderMap, exchange: Box<Exchange>) -> Result<Error, Box<Exchange>> {
    let after = wanted_pause(headers);
    match exchange.status.unwrap_or_default() {
        407 => Ok(Error::ProxyRefused { exchange }),
        408 => Ok(Error::Timeout { exchange }),
        416 => Ok(Error::RangeNotSatisfiable { exchange }),
        429 => Ok(Error::RateLimited {
            after: after.unwrap_or(Duration::ZERO),
            exchange,
        }),
        500.. => Ok(Error::Server { after, exchange }),
        _ => Err(exchange),
    }
}

#[cfg(test)]
mod tests {
    use hubdesk_core::{RepoKind, Retry};
    use url::Url;

    use super::*;
    use crate::Endpoint;

    fn headers(code: &str, message: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in [("x-error-code", code), ("x-error-message", message)] {
            if !value.is_empty() {
                headers.insert(name, value.parse().unwrap());
            }
        }
        headers
    }

    fn exchange(status: u16) -> Exchange {
        let endpoint = Endpoint::default();
        let url = Url::parse("https://huggingface.co/api").unwrap();
        Exchange {
            status: Some(status),
            ..Exchange::new("GET", &url, &endpoint)
        }
    }

    fn kind(error: &Error) -> String {
        match error {
            Error::NotFound(what, _) => format!("{what:?}"),
            other => {
                let debug = format!("{other:?}");
                debug
                    .split([' ', '{'])
                    .next()
                    .unwrap_or_default()
                    .to_owned()
            }
        }
    }

    #[test]
    fn the_first_row_that_matches_decides() {
        let repo = RepoId::new(RepoKind::Model, "org/m").unwrap();
        for (code, message, status, in_repo, expected) in [
            ("RevisionNotFound", "", 404, true, "Revision"),
            ("EntryNotFound", "", 404, true, "Entry"),
            ("GatedRepo", "", 403, true, "Gated"),
            ("GatedRepo", "", 401, true, "Gated"),
            ("GatedRepo", "", 403, false, "Forbidden"),
            ("", TAKEN_DOWN, 403, true, "Disabled"),
            ("RepoNotFound", TAKEN_DOWN, 403, true, "Disabled"),
            ("RepoNotFound", "", 404, true, "Repo"),
            ("RepoNotFound", "", 401, false, "Repo"),
            ("", "", 401, true, "Repo"),
            ("", BAD_TOKEN, 401, true, "SignedOut"),
            ("", "", 401, false, "SignedOut"),
            ("", "no", 403, true, "Forbidden"),
            ("", "", 404, true, "Page"),
            ("", "", 400, true, "BadRequest"),
            ("", "", 402, true, "PaymentNeeded"),
            ("", "", 409, true, "Conflict"),
            ("", "", 412, true, "HeadMoved"),
            ("", "", 413, true, "TooLarge"),
            ("", "", 422, true, "BadRequest"),
            ("", "", 407, true, "ProxyRefused"),
            ("", "", 408, true, "Timeout"),
            ("", "", 416, true, "RangeNotSatisfiable"),
            ("", "", 429, true, "RateLimited"),
            ("", "", 503, true, "Server"),
            ("SomethingNew", "", 500, true, "Server"),
        ] {
            let about = in_repo.then_some(&repo);
            let error = refusal(&headers(code, message), about, exchange(status));
            assert_eq!(
                kind(&error),
                expected,
                "{code} {message} {status} {in_repo}"
            );
        }
    }

    #[test]
    fn a_storage_host_cannot_speak_for_the_hub() {
        for (code, status, expected) in [
            ("GatedRepo", 403, "Storage"),
            ("", 401, "Storage"),
            ("EntryNotFound", 404, "Storage"),
            ("", 416, "RangeNotSatisfiable"),
            ("", 503, "Server"),
            ("", 429, "RateLimited"),
        ] {
            let error = storage_refusal(&headers(code, ""), exchange(status));
            assert_eq!(kind(&error), expected, "{code} {status}");
        }
    }

    #[test]
    fn each_refusal_says_whether_to_try_again() {
        let retry = |status: u16, after: Option<&str>| {
            let mut headers = HeaderMap::new();
            if let Some(after) = after {
                headers.insert("retry-after", after.parse().unwrap());
            }
            refusal(&headers, None, exchange(status)).retry()
        };
        assert_eq!(retry(404, None), Retry::No);
        assert_eq!(retry(403, None), Retry::No);
        assert_eq!(retry(408, None), Retry::Soon);
        assert_eq!(retry(429, None), Retry::Soon);
        assert_eq!(retry(429, Some("4")), Retry::After(Duration::from_secs(5)));
        assert_eq!(retry(503, Some("4")), Retry::After(Duration::from_secs(5)));
        assert_eq!(retry(502, None), Retry::Soon);
        assert_eq!(retry(501, Some("4")), Retry::No);
    }
}
