//! Answers that are read while they are still being given.

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::HeaderMap;
use tokio::time::timeout;

use crate::call::Call;
use crate::fault::network_fault;
use crate::sent::Sent;
use crate::{Error, Hub};

/// An answer without an end, or with one far away. Dropping it closes the connection.
pub(crate) struct Listening(Sent);

impl Hub {
    /// Sends `call` once and gives its answer as soon as it begins. Redirects and refusals are
    /// treated as for any other call.
    pub(crate) async fn listen(&self, call: &Call) -> Result<Listening, Error> {
        let (sent, _) = self.succeed(call).await?;
        Ok(Listening(sent))
    }
}

impl Listening {
    pub(crate) fn headers(&self) -> &HeaderMap {
        self.0.response.headers()
    }

    /// The next bytes, `None` at the end. [`Error::Stalled`] if nothing comes for a `silence`.
    pub(crate) async fn next(&mut self, silence: Duration) -> Result<Option<Bytes>, Error> {
        let exchange = self.0.exchange.clone();
        match timeout(silence, self.0.response.chunk()).await {
            Ok(Ok(bytes)) => Ok(bytes),
            Ok(Err(error)) => Err(network_fault(error, exchange)),
            Err(_) => Err(Error::Stalled {
                host: exchange.host().to_owned(),
                after: silence,
                exchange: Box::new(exchange),
            }),
        }
    }
}
