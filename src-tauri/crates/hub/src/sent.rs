//! Answers of which only the head was read, and what a refusal says besides.

use hubdesk_core::Token;
use reqwest::Response;
use reqwest::header::{CONTENT_ENCODING, HeaderMap};
use tokio::time::timeout;

use crate::fault::malformed;
use crate::{Error, Exchange, Hub};

/// The most that is read of an error's text.
const LARGEST_ERROR_TEXT: usize = 64 << 10;

/// An answer of which only the head was read.
pub(crate) struct Sent {
    pub(crate) response: Response,
    pub(crate) exchange: Exchange,
    pub(crate) token: Option<Token>,
}

impl Sent {
    pub(crate) fn is_refusal(&self) -> bool {
        self.response.status().as_u16() >= 400
    }

    /// Whether the body is packed although we asked for it plain.
    pub(crate) fn is_encoded(&self) -> bool {
        let encoding = self.response.headers().get(CONTENT_ENCODING);
        encoding.is_some_and(|encoding| encoding != "identity")
    }

    pub(crate) fn unexpected(&self, what: &str) -> Error {
        malformed(what, self.exchange.clone(), self.token.as_ref())
    }
}

impl Hub {
    /// The exchange of a refusal with the server's words, as far as they come; `token` is the one
    /// it was sent with.
    pub(crate) async fn explain(
        &self,
        mut sent: Sent,
        token: Option<&Token>,
    ) -> (HeaderMap, Exchange) {
        let mut text = Vec::new();
        let reading = async {
            while text.len() < LARGEST_ERROR_TEXT && !sent.is_encoded() {
                match sent.response.chunk().await {
                    Ok(Some(chunk)) => text.extend_from_slice(&chunk),
                    Ok(None) | Err(_) => break,
                }
            }
        };
        // What came until then must do: the status already says what the error is.
        let _ = timeout(self.profile().read_timeout, reading).await;
        text.truncate(LARGEST_ERROR_TEXT);
        let headers = sent.response.headers().clone();
        let mut exchange = sent.exchange;
        let text = String::from_utf8_lossy(&text);
        exchange.explained(&headers, &text, token, self.endpoint());
        (headers, exchange)
    }
}
