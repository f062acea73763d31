//! Bytes on their way to a storage host, by the signed addresses the Hub hands out.
//!
//! The address is the whole permission: no token goes along, and no redirect is followed, which
//! would hand the bytes to somebody the Hub did not name.

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt, stream};
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap};
use reqwest::{Body, RequestBuilder};
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};
use url::Url;

use crate::classify::storage_refusal;
use crate::fault::network_fault;
use crate::lfs::MEDIA_TYPE;
use crate::redirect::{next_hop, refused};
use crate::sent::Sent;
use crate::{Error, Exchange, Hub};

/// What is handed to the connection at once, in bytes. A piece must leave within the longest
/// silence, on a slow line, too.
const PIECE: usize = 64 << 10;

/// The most that is read of an answer, in bytes. Nothing in it is of interest.
const MOST_READ: usize = 64 << 10;

/// Bytes from the caller, who alone knows where they come from.
pub type Bytestream = BoxStream<'static, io::Result<Bytes>>;

impl Hub {
    /// Puts exactly `size` bytes to a signed address. What comes back is the head of the answer.
    /// [`Error::Timeout`] when for a while neither a byte goes nor an answer comes.
    pub(crate) async fn put(
        &self,
        url: &Url,
        size: u64,
        bytes: Bytestream,
    ) -> Result<HeaderMap, Error> {
        let progress = Arc::new(Notify::new());
        let mark = progress.clone();
        let pieces = bytes.map_ok(pieces).try_flatten();
        let pieces = pieces.inspect(move |_| mark.notify_one());
        let request = self
            .files()
            .put(url.clone())
            // With a length the body is not sent in chunks, which storage hosts do not take.
            .header(CONTENT_LENGTH, size)
            .body(Body::wrap_stream(pieces));
        self.deliver(request, "PUT", url, &progress).await
    }

    /// Posts JSON in the form of git's large files to a signed address.
    pub(crate) async fn post_signed(&self, url: &Url, json: Bytes) -> Result<(), Error> {
        let request = self
            .files()
            .post(url.clone())
            .header(ACCEPT, MEDIA_TYPE)
            .header(CONTENT_TYPE, MEDIA_TYPE)
            .body(json);
        self.deliver(request, "POST", url, &Notify::new()).await?;
        Ok(())
    }

    async fn deliver(
        &self,
        request: RequestBuilder,
        method: &'static str,
        url: &Url,
        progress: &Notify,
    ) -> Result<HeaderMap, Error> {
        let mut exchange = Exchange::new(method, url, self.endpoint());
        let silence = self.profile().connect_timeout + self.profile().read_timeout;
        let sending = request.header(ACCEPT_ENCODING, "identity").send();
        let mut sending = std::pin::pin!(sending);
        let response = loop {
            tokio::select! {
                result = &mut sending => match result {
                    Ok(response) => break response,
                    Err(error) => return Err(network_fault(error, exchange)),
                },
                () = progress.notified() => {}
                () = sleep(silence) => return Err(Error::Timeout { exchange: Box::new(exchange) }),
            }
        };
        exchange.answered(response.status().as_u16(), response.headers(), None);
        let mut sent = Sent {
            response,
            exchange,
            token: None,
        };
        if sent.is_refusal() {
            let (headers, exchange) = self.explain(sent, None).await;
            return Err(storage_refusal(&headers, exchange));
        }
        if let Some(elsewhere) = next_hop(url, &sent, self.endpoint())? {
            return Err(refused(&elsewhere, &sent, self.endpoint()));
        }
        if !sent.response.status().is_success() {
            return Err(sent.unexpected("neither a success nor a refusal"));
        }
        // Only a connection whose answer was read to its end carries the next part, too.
        let mut read = 0;
        let reading = async {
            while let (true, Ok(Some(chunk))) = (read < MOST_READ, sent.response.chunk().await) {
                read += chunk.len();
            }
        };
        // The status has already said that it is there.
        let _ = timeout(self.profile().read_timeout, reading).await;
        Ok(sent.response.headers().clone())
    }
}

/// The same bytes in pieces; nothing is copied.
fn pieces(mut bytes: Bytes) -> impl futures_util::Stream<Item = io::Result<Bytes>> {
    stream::iter(std::iter::from_fn(move || {
        let piece = bytes.split_to(bytes.len().min(PIECE));
        (!piece.is_empty()).then_some(Ok(piece))
    }))
}
