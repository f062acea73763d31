//! From a call to its answer: redirects, refusals, a bounded body, and another attempt if it helps.

use std::sync::atomic::{AtomicBool, Ordering};

use hubdesk_core::Token;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;
use tokio::time::{Instant, timeout_at};
use url::Url;

use crate::call::{Call, Verb};
use crate::classify::refusal;
use crate::fault::{malformed, network_fault};
use crate::redirect::{self, MOST_HOPS};
use crate::sent::Sent;
use crate::{Error, Exchange, Hub, retry};

/// The most an answer with facts may hold. A page of a tree is well below 1 MiB; this leaves room
/// for lists that have no pages, and bounds what a broken server can make us keep.
const LARGEST_ANSWER: usize = 64 << 20;

/// The most that is read where any status is an answer.
const LARGEST_STATUS_TEXT: usize = 64 << 10;

/// What was answered, with what came beside it.
pub(crate) struct Answer<T> {
    pub(crate) value: T,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) exchange: Exchange,
    /// What it was asked with: it must not be quoted.
    pub(crate) token: Option<Token>,
}

impl Hub {
    /// The answer to `call` as `T`, asked for again if that may help.
    pub(crate) async fn ask<T: DeserializeOwned>(&self, call: &Call) -> Result<Answer<T>, Error> {
        retry::run(self.profile().backoff, call.effect, async || {
            self.ask_once(call).await
        })
        .await
    }

    /// The same, asked for once: for whoever knows better what is worth asking again.
    pub(crate) async fn ask_once<T: DeserializeOwned>(
        &self,
        call: &Call,
    ) -> Result<Answer<T>, Error> {
        json(self.exchange(call, LARGEST_ANSWER).await?, call.is_hushed)
    }

    /// The answer to `call` as text of at most `most` bytes; what is not UTF-8 is replaced.
    pub(crate) async fn ask_text(&self, call: &Call, most: usize) -> Result<Answer<String>, Error> {
        retry::run(self.profile().backoff, call.effect, async || {
            let answer = self.exchange(call, most).await?;
            Ok(answer.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
        })
        .await
    }

    /// The first `most` bytes of the answer to `call` as text, and whether that is all of it.
    pub(crate) async fn ask_start(
        &self,
        call: &Call,
        most: usize,
    ) -> Result<(String, bool), Error> {
        retry::run(self.profile().backoff, call.effect, async || {
            let (mut sent, _) = self.succeed(call).await?;
            let (mut bytes, is_all) = self.read_start(&mut sent, most).await?;
            bytes.truncate(most);
            Ok((String::from_utf8_lossy(&bytes).into_owned(), is_all))
        })
        .await
    }

    /// What the endpoint says about a file in answer to `call`, a `HEAD`, and where the bytes are.
    /// If they are at another host, that one is not asked.
    pub(crate) async fn ask_head(&self, call: &Call) -> Result<Answer<()>, Error> {
        retry::run(self.profile().backoff, call.effect, async || {
            let (sent, url) = self.settle(call).await?;
            let status = sent.response.status();
            if !status.is_success() && !status.is_redirection() {
                return Err(sent.unexpected("neither a success nor a redirect"));
            }
            Ok(Answer::new((), url, sent))
        })
        .await
    }

    /// Makes a change, or asks something that is answered by the status alone. Something to remove
    /// that is gone after an answer was lost was removed by that request.
    pub(crate) async fn tell(&self, call: &Call) -> Result<(), Error> {
        let was_lost = AtomicBool::new(false);
        retry::run(self.profile().backoff, call.effect, async || {
            let result = self.exchange(call, LARGEST_ANSWER).await.map(|_| ());
            match &result {
                Err(error) if error.may_have_happened() => was_lost.store(true, Ordering::Relaxed),
                // A status of 401 tells of a right, not of what is there.
                Err(Error::NotFound(_, exchange))
                    if call.verb == Verb::Delete
                        && was_lost.load(Ordering::Relaxed)
                        && matches!(exchange.status, Some(404 | 410)) =>
                {
                    return Ok(());
                }
                _ => {}
            }
            result
        })
        .await
    }

    /// The answer to `call`, asked for once, with whatever status and text it has: for where the
    /// text decides what a refusal means.
    pub(crate) async fn ask_status(&self, call: &Call) -> Result<Answer<(u16, Vec<u8>)>, Error> {
        let (mut sent, url) = self.follow(call).await?;
        let text = self.read_whole(&mut sent, LARGEST_STATUS_TEXT).await?;
        let status = sent.response.status().as_u16();
        Ok(Answer::new((status, text), url, sent))
    }

    /// The whole answer to `call`, of at most `most` bytes.
    async fn exchange(&self, call: &Call, most: usize) -> Result<Answer<Vec<u8>>, Error> {
        let (mut sent, url) = self.succeed(call).await?;
        let value = self.read_whole(&mut sent, most).await?;
        Ok(Answer::new(value, url, sent))
    }

    /// The head of an answer that has a body to read.
    pub(crate) async fn succeed(&self, call: &Call) -> Result<(Sent, Url), Error> {
        let (sent, url) = self.settle(call).await?;
        if !sent.response.status().is_success() || sent.is_encoded() {
            return Err(sent.unexpected("neither a success nor plain"));
        }
        Ok((sent, url))
    }

    /// Sends `call` once, and once more if its token was refused and another one is to be had.
    async fn settle(&self, call: &Call) -> Result<(Sent, Url), Error> {
        let mut has_new_token = false;
        loop {
            let (mut sent, url) = self.follow(call).await?;
            if sent.is_refusal() {
                let token = sent.token.take();
                let (headers, mut exchange) = self.explain(sent, token.as_ref()).await;
                if call.is_hushed {
                    exchange.message = None;
                    exchange.named = None;
                }
                let error = refusal(&headers, call.about.as_ref(), exchange);
                match (&error, token) {
                    (Error::SignedOut { .. }, Some(token))
                        if !has_new_token && self.tokens().refused(&token).await =>
                    {
                        has_new_token = true;
                        continue;
                    }
                    _ => return Err(error),
                }
            }
            return Ok((sent, url));
        }
    }

    /// The answer at the end of all redirects, and where that is. A question for a file's head ends
    /// where the file is elsewhere, with that address.
    async fn follow(&self, call: &Call) -> Result<(Sent, Url), Error> {
        let mut url = call.url.clone();
        for _ in 0..=MOST_HOPS {
            let sent = self.send_call(call, &url).await?;
            let status = sent.response.status().as_u16();
            match redirect::next_hop(&url, &sent, self.endpoint())? {
                // Facts come from who was asked; only a file's bytes may come from elsewhere.
                Some(next) if next.origin() != call.url.origin() => {
                    if call.verb == Verb::Head {
                        return Ok((sent, next));
                    }
                    return Err(redirect::refused(&next, &sent, self.endpoint()));
                }
                Some(_) if !call.verb.survives(status) => {
                    return Err(sent.unexpected("a change is sent on as a question"));
                }
                Some(next) => url = next,
                None => return Ok((sent, url)),
            }
        }
        let exchange = Box::new(Exchange::new(call.verb.as_str(), &url, self.endpoint()));
        Err(Error::TooManyRedirects { exchange })
    }

    async fn read_whole(&self, sent: &mut Sent, most: usize) -> Result<Vec<u8>, Error> {
        let declared = sent.response.content_length().unwrap_or_default();
        if declared <= most as u64
            && let (bytes, true) = self.read_start(sent, most).await?
        {
            return Ok(bytes);
        }
        Err(sent.unexpected("larger than any answer may be"))
    }

    /// The body, or the beginning of it as soon as there is more than `most`; and which it is.
    /// [`Error::Timeout`] when it comes too slowly: by the drop it would never end.
    async fn read_start(&self, sent: &mut Sent, most: usize) -> Result<(Vec<u8>, bool), Error> {
        let end = Instant::now() + self.profile().longest_body();
        let mut bytes = Vec::new();
        while bytes.len() <= most {
            let exchange = || Box::new(sent.exchange.clone());
            let silence = Instant::now() + self.profile().read_timeout;
            match timeout_at(silence.min(end), sent.response.chunk()).await {
                Ok(Ok(Some(chunk))) => bytes.extend_from_slice(&chunk),
                Ok(Ok(None)) => return Ok((bytes, true)),
                Ok(Err(error)) => return Err(network_fault(error, *exchange())),
                Err(_) => {
                    return Err(Error::Timeout {
                        exchange: exchange(),
                    });
                }
            }
        }
        Ok((bytes, false))
    }
}

impl<T> Answer<T> {
    fn new(value: T, url: Url, sent: Sent) -> Self {
        Self {
            value,
            url,
            headers: sent.response.headers().clone(),
            exchange: sent.exchange,
            token: sent.token,
        }
    }

    pub(crate) fn map<U>(self, change: impl FnOnce(T) -> U) -> Answer<U> {
        Answer {
            value: change(self.value),
            url: self.url,
            headers: self.headers,
            exchange: self.exchange,
            token: self.token,
        }
    }
}

/// Reads JSON. What is wrong with it is said in words that may quote it, unless the question was a
/// secret.
fn json<T: DeserializeOwned>(answer: Answer<Vec<u8>>, is_hushed: bool) -> Result<Answer<T>, Error> {
    match serde_json::from_slice(&answer.value) {
        Ok(value) => Ok(answer.map(|_| value)),
        Err(_) if is_hushed => Err(malformed("not what was to come", answer.exchange, None)),
        Err(error) => {
            let token = answer.token.as_ref();
            Err(malformed(&error.to_string(), answer.exchange, token))
        }
    }
}
