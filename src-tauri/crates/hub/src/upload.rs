//! One large file on its way to the storage host.

use std::fmt;
use std::ops::Range;

use bytes::Bytes;
use hubdesk_core::Digest;
use serde::Serialize;
use url::Url;

use crate::call::{Call, Effect, Verb};
use crate::exchange::text;
use crate::fault::malformed;
use crate::json::as_hex;
use crate::lfs::Named;
use crate::signed::Bytestream;
use crate::{Error, Exchange, LargeObject, Repo, retry};

/// The longest receipt that is kept, in characters.
const LONGEST_ETAG: usize = 200;

/// One object on its way to the storage host, in one part or several. Parts may be sent in any
/// order and sent again; at the end comes [`Upload::finish`]. The addresses work for a while only,
/// and are secret.
pub struct Upload {
    pub(crate) repo: Repo,
    pub(crate) object: LargeObject,
    /// Where each part goes, in order.
    pub(crate) addresses: Vec<Url>,
    pub(crate) part_size: u64,
    /// Where the parts are put together, if there may be several.
    pub(crate) completion: Option<Url>,
    /// Where the Hub is asked to verify, if it wants to be.
    pub(crate) verification: Option<Url>,
}

/// The storage host's receipt for a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartTag {
    part: usize,
    etag: Option<String>,
}

#[derive(Serialize)]
struct Completion<'a> {
    #[serde(serialize_with = "as_hex")]
    oid: Digest,
    parts: Vec<Part<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Part<'a> {
    part_number: usize,
    etag: &'a str,
}

impl Upload {
    /// What is uploaded.
    pub fn object(&self) -> LargeObject {
        self.object
    }

    /// The bytes of each part, in order. All but the last are of one size.
    pub fn parts(&self) -> impl Iterator<Item = Range<u64>> + use<> {
        let (size, part_size) = (self.object.size, self.part_size);
        (0..self.addresses.len() as u64).map(move |part| {
            let start = part * part_size;
            start..size.min(start + part_size)
        })
    }

    /// Sends one part, counted from 0. `open` gives its bytes, exactly as many as
    /// [`Upload::parts`] says; it is called again when sending failed in a way that passes, and
    /// within the first minute. Bytes that end early or fail are [`Error::Cut`]. [`Error::Storage`] means that the address no
    /// longer works, and the Hub must be asked for another one.
    ///
    /// # Panics
    /// If there is no such part.
    pub async fn send(&self, part: usize, open: impl Fn() -> Bytestream) -> Result<PartTag, Error> {
        let range = self.parts().nth(part).expect("the part is one of its own");
        let url = &self.addresses[part];
        let hub = &self.repo.hub;
        let headers = retry::run(hub.profile().backoff, Effect::Repeatable, async || {
            match hub.put(url, range.end - range.start, open()).await {
                // The address will not get better.
                Err(error @ Error::Storage { .. }) => Ok(Err(error)),
                result => result.map(Ok),
            }
        })
        .await??;
        let etag = text(&headers, "etag").filter(|etag| etag.len() <= LONGEST_ETAG);
        if etag.is_none() && self.completion.is_some() {
            let exchange = Exchange::new("PUT", url, hub.endpoint());
            return Err(malformed("a part without an etag", exchange, None));
        }
        Ok(PartTag { part, etag })
    }

    /// Puts the parts together, if there are several, and lets the Hub verify what it got.
    /// `tags` are the receipts of all parts, in any order. Content that is not what was announced
    /// is [`Error::BadRequest`].
    ///
    /// # Panics
    /// If a receipt is missing.
    pub async fn finish(&self, mut tags: Vec<PartTag>) -> Result<(), Error> {
        tags.sort_by_key(|tag| tag.part);
        let sent = tags.iter().map(|tag| tag.part);
        assert!(sent.eq(0..self.addresses.len()), "every part was sent");
        if let Some(url) = &self.completion {
            self.complete(url, &tags).await?;
        }
        match &self.verification {
            Some(url) => {
                let about = Some(&self.repo.id);
                let call = Call::new(Verb::Post, Effect::Repeatable, url.clone(), about);
                let call = call.json(&Named::of(&self.object));
                self.repo.hub.tell(&call).await
            }
            None => Ok(()),
        }
    }

    async fn complete(&self, url: &Url, tags: &[PartTag]) -> Result<(), Error> {
        let completion = Completion {
            oid: self.object.sha256,
            parts: tags
                .iter()
                .map(|tag| Part {
                    part_number: tag.part + 1,
                    etag: tag.etag.as_deref().unwrap_or_default(),
                })
                .collect(),
        };
        let json = serde_json::to_vec(&completion).expect("numbers and text are JSON");
        let json = Bytes::from(json);
        let hub = &self.repo.hub;
        retry::run(hub.profile().backoff, Effect::Repeatable, async || {
            hub.post_signed(url, json.clone()).await
        })
        .await
    }
}

/// Not derived: addresses are signed.
impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload")
            .field("object", &self.object)
            .field("parts", &self.addresses.len())
            .finish_non_exhaustive()
    }
}
