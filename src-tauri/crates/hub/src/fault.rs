//! Errors that are not a server's refusal: what the network did, and answers that make no sense.

use std::io;

use hubdesk_core::Token;

use crate::exchange::clean;
use crate::{Error, Exchange};

/// The longest quotation of an answer in an error, in characters.
const LONGEST_QUOTE: usize = 200;

/// [`Error::Malformed`] with `what` cleaned: it may quote the server.
pub(crate) fn malformed(what: &str, exchange: Exchange, token: Option<&Token>) -> Error {
    Error::Malformed {
        what: clean(what, LONGEST_QUOTE, token),
        exchange: Box::new(exchange),
    }
}

/// Sorts what the network did. The address in the library's errors is not redacted, so it goes.
pub(crate) fn network_fault(error: reqwest::Error, exchange: Exchange) -> Error {
    let error = error.without_url();
    let exchange = Box::new(exchange);
    if error.is_connect() && is_about_trust(&error) {
        Error::Insecure {
            exchange,
            source: error.into(),
        }
    } else if error.is_connect() && is_about_proxy(&error) {
        Error::ProxyRefused { exchange }
    } else if error.is_connect() {
        // Also when it took too long: without a connection nothing was sent.
        Error::Offline {
            exchange,
            source: error.into(),
        }
    } else if error.is_timeout() {
        Error::Timeout { exchange }
    } else {
        Error::Cut {
            exchange,
            source: error.into(),
        }
    }
}

/// TLS reports what it does not accept as invalid data, deep inside the connection error.
fn is_about_trust(error: &(dyn std::error::Error + 'static)) -> bool {
    std::iter::successors(Some(error), |&error| inner(error))
        .filter_map(|error| error.downcast_ref::<io::Error>())
        .any(|error| error.kind() == io::ErrorKind::InvalidData)
}

/// The library has no public type for a proxy that does not let us through; its words begin with
/// `tunnel error`. One that cannot be reached is no different from a host that cannot.
fn is_about_proxy(error: &(dyn std::error::Error + 'static)) -> bool {
    std::iter::successors(Some(error), |&error| inner(error))
        .map(ToString::to_string)
        .any(|words| {
            words
                .strip_prefix("tunnel error: ")
                .is_some_and(|why| !why.starts_with("failed to create"))
        })
}

/// What an error wraps. An I/O error names as its source not the error it was made from, but the
/// source of that one.
fn inner<'a>(
    error: &'a (dyn std::error::Error + 'static),
) -> Option<&'a (dyn std::error::Error + 'static)> {
    match error
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref)
    {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}
