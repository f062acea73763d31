use hubdesk_core::Retry;
use xet::XetError;

/// Why the store did not give what was asked for. A variant is a different thing to do.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The Hub gave no key to the store; [`hubdesk_hub::Error::NotFound`] where it has none.
    #[error("no key to the chunk store")]
    Key {
        /// What the Hub said.
        #[source]
        source: hubdesk_hub::Error,
    },
    /// The store does not take the key, and did not take a fresh one.
    #[error("the chunk store refused the key: {why}")]
    Refused {
        /// What the store's client said.
        why: String,
    },
    /// The store does not know the file, or it is shorter than the Hub says.
    #[error("the chunk store does not have it: {why}")]
    NotFound {
        /// What the store's client said.
        why: String,
    },
    /// The network or the store is in trouble: again, or over plain HTTP.
    #[error("the chunk store cannot be reached: {why}")]
    Unreachable {
        /// What the store's client said.
        why: String,
    },
    /// Wrong bytes, or a fault in the store's client: over plain HTTP.
    #[error("the chunk store is no help: {why}")]
    Broken {
        /// What the store's client said.
        why: String,
    },
}

impl Error {
    /// Whether to ask the store again. Plain HTTP is worth a try in any case.
    pub fn retry(&self) -> Retry {
        match self {
            Self::Key { source } => source.retry(),
            Self::Unreachable { .. } => Retry::Soon,
            Self::Refused { .. } | Self::NotFound { .. } | Self::Broken { .. } => Retry::No,
        }
    }

    /// The client's variants are kept where they say enough. A status that is neither 429 nor 5xx
    /// reaches us only as words, so these are looked at.
    pub(crate) fn of(error: &XetError) -> Self {
        let why = redacted(&error.to_string());
        match error {
            XetError::Authentication(_) => Self::Refused { why },
            XetError::NotFound(_) => Self::NotFound { why },
            // Streams touch no file: what is called I/O is a body that broke off.
            XetError::RateLimited(_)
            | XetError::ServerError(_)
            | XetError::Timeout(_)
            | XetError::Io(_) => Self::Unreachable { why },
            XetError::DataIntegrity(_) | XetError::Configuration(_) => Self::Broken { why },
            _ => Self::by_words(why, matches!(error, XetError::Network(_))),
        }
    }

    fn by_words(why: String, is_network: bool) -> Self {
        let says = |words: &[&str]| words.iter().any(|word| why.contains(word));
        if says(&["401 ", "403 ", "Status(401", "Status(403", "AuthError"]) {
            Self::Refused { why }
        } else if says(&["404 ", "416 ", "Status(404", "Status(416", "size mismatch"]) {
            Self::NotFound { why }
        } else if is_network || says(&["reqwest", "Reqwest", "Request error", "Status("]) {
            Self::Unreachable { why }
        } else {
            Self::Broken { why }
        }
    }
}

/// Without what may follow a question mark in an address: such a query is a signature.
fn redacted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (n, part) in text.split("?").enumerate() {
        if n == 0 {
            out.push_str(part);
            continue;
        }
        let end = part.find(|c: char| c.is_whitespace() || "\"')>,".contains(c));
        out.push('…');
        out.push_str(end.map_or("", |end| &part[end..]));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_client_says_becomes_one_of_four_kinds() {
        let kind = |error: XetError| match Error::of(&error) {
            Error::Key { .. } => "key",
            Error::Refused { .. } => "refused",
            Error::NotFound { .. } => "not found",
            Error::Unreachable { .. } => "unreachable",
            Error::Broken { .. } => "broken",
        };
        let words = |text: &str| text.to_owned();
        for (error, expected) in [
            (XetError::Authentication(words("x")), "refused"),
            (
                XetError::Network(words("HTTP status client error (401 Unauthorized)")),
                "refused",
            ),
            (
                XetError::Internal(words("Cloned error: Status(403, None)")),
                "refused",
            ),
            (XetError::NotFound(words("x")), "not found"),
            (
                XetError::Network(words("(404 Not Found), domain: http://cas/a")),
                "not found",
            ),
            (XetError::ServerError(words("503")), "unreachable"),
            (XetError::RateLimited(words("x")), "unreachable"),
            (
                XetError::Internal(words(
                    "File size mismatch: expected 1 bytes but downloaded 0",
                )),
                "not found",
            ),
            (XetError::Timeout(words("x")), "unreachable"),
            (
                XetError::Io(words("error decoding response body")),
                "unreachable",
            ),
            (XetError::Network(words("connection reset")), "unreachable"),
            (XetError::DataIntegrity(words("x")), "broken"),
            (XetError::Internal(words("panicked")), "broken"),
        ] {
            let text = error.to_string();
            assert_eq!(kind(error), expected, "{text}");
        }
    }

    #[test]
    fn signed_addresses_are_cut() {
        assert_eq!(
            redacted("at https://s3/x?sig=a&b=c, and (http://y?z) failed?"),
            "at https://s3/x…, and (http://y…) failed…"
        );
    }
}
