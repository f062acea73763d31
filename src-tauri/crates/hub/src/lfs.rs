//! Large files on their way in: negotiated with the Hub, sent to a storage host, verified.

use std::collections::{BTreeMap, HashMap};

use hubdesk_core::{Digest, Revision};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use crate::ask::Answer;
use crate::call::Call;
use crate::exchange::clean;
use crate::fault::malformed;
use crate::json::{as_hex, number, or_default, sha256};
use crate::redirect::is_safe;
use crate::{Error, Repo, Target, Upload, XetToken, route};

/// What requests about large files speak.
pub(crate) const MEDIA_TYPE: &str = "application/vnd.git-lfs+json";

/// Objects in one question, as the official client asks.
const OBJECTS_AT_ONCE: usize = 256;
/// The longest reason that is kept, in characters.
const LONGEST_REASON: usize = 200;
/// The most parts of one file; the storage hosts' own limit.
const MOST_PARTS: usize = 10_000;

/// A large file by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LargeObject {
    /// The sha256 of the content.
    pub sha256: Digest,
    /// Its size in bytes, not 0.
    pub size: u64,
}

/// What the Hub says about one object that is to be uploaded.
#[derive(Debug)]
pub struct Slot {
    /// The object.
    pub object: LargeObject,
    /// What to do with it.
    pub way: Way,
}

/// How an object gets to where it belongs.
#[derive(Debug)]
pub enum Way {
    /// It is there; it can be committed.
    Stored,
    /// The Hub does not take it, for this reason.
    Refused(String),
    /// It is sent to the storage host.
    Upload(Upload),
    /// It goes into the chunk store. Only if that was offered.
    Xet(XetToken),
}

#[derive(Serialize)]
struct Question<'a> {
    operation: &'a str,
    transfers: &'a [&'a str],
    hash_algo: &'a str,
    objects: Vec<Named>,
    #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
    reference: Option<Reference<'a>>,
}

#[derive(Serialize)]
struct Reference<'a> {
    name: &'a str,
}

/// An object in requests.
#[derive(Serialize)]
pub(crate) struct Named {
    #[serde(serialize_with = "as_hex")]
    oid: Digest,
    size: u64,
}

#[derive(Deserialize)]
struct Batch {
    transfer: Option<String>,
    objects: Vec<Wire>,
}

#[derive(Deserialize)]
struct Wire {
    #[serde(deserialize_with = "sha256")]
    oid: Digest,
    #[serde(default, deserialize_with = "or_default")]
    actions: Actions,
    error: Option<Refused>,
}

#[derive(Deserialize, Default)]
struct Actions {
    upload: Option<Action>,
    verify: Option<Action>,
}

#[derive(Deserialize)]
struct Action {
    href: String,
    #[serde(default, deserialize_with = "or_default")]
    header: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
struct Refused {
    #[serde(default, deserialize_with = "or_default")]
    message: String,
}

impl Repo {
    /// Where `objects` are to be sent before a commit onto `target` names them, in their order.
    /// The chunk store is offered to the Hub as one way if `with_xet`.
    pub async fn large_uploads(
        &self,
        target: &Target,
        objects: &[LargeObject],
        with_xet: bool,
    ) -> Result<Vec<Slot>, Error> {
        let ways = ["basic", "multipart", "xet"];
        let url = route::lfs_batch(self.hub.endpoint(), &self.id);
        let mut slots = Vec::with_capacity(objects.len());
        for batch in objects.chunks(OBJECTS_AT_ONCE) {
            let question = Question {
                operation: "upload",
                transfers: if with_xet { &ways } else { &ways[..2] },
                hash_algo: "sha256",
                objects: batch.iter().map(Named::of).collect(),
                reference: reference(target),
            };
            let mut call = Call::question(url.clone(), Some(&self.id)).json(&question);
            call.payload
                .iter_mut()
                .for_each(|payload| payload.content_type = MEDIA_TYPE);
            let answer: Answer<Batch> = self.hub.ask(&call).await?;
            self.read(batch, answer, &mut slots)?;
        }
        Ok(slots)
    }

    fn read(
        &self,
        asked: &[LargeObject],
        answer: Answer<Batch>,
        slots: &mut Vec<Slot>,
    ) -> Result<(), Error> {
        let is_xet = answer.value.transfer.as_deref() == Some("xet");
        let said: HashMap<Digest, &Wire> = answer
            .value
            .objects
            .iter()
            .map(|object| (object.oid, object))
            .collect();
        for &object in asked {
            let way = said
                .get(&object.sha256)
                .ok_or("an object without a word about it")
                .and_then(|said| self.way(object, said, is_xet, &answer));
            let way = way.map_err(|what| malformed(what, answer.exchange.clone(), None))?;
            slots.push(Slot { object, way });
        }
        Ok(())
    }

    /// Reads what is said about one object in `answer`.
    fn way(
        &self,
        object: LargeObject,
        said: &Wire,
        is_xet: bool,
        answer: &Answer<Batch>,
    ) -> Result<Way, &'static str> {
        if let Some(Refused { message }) = &said.error {
            return Ok(Way::Refused(clean(
                message,
                LONGEST_REASON,
                answer.token.as_ref(),
            )));
        }
        let Some(upload) = &said.actions.upload else {
            return Ok(Way::Stored);
        };
        if is_xet {
            let token = upload.xet_token();
            return token
                .map(Way::Xet)
                .ok_or("a chunk store that cannot be trusted");
        }
        let address = |text: &str| {
            let url = Url::parse(text).map_err(|_| "an upload without an address")?;
            let url = self.hub.endpoint().localise(url);
            if is_safe(&answer.url, &url) {
                Ok(url)
            } else {
                Err("an upload to where it may not go")
            }
        };
        let target = address(&upload.href)?;
        let verification = match &said.actions.verify {
            Some(verify) => Some(address(&verify.href)?),
            None => None,
        };
        let (part_size, addresses, completion) = match upload.header.get("chunk_size") {
            None => (object.size, vec![target], None),
            Some(size) => {
                let size = number(size).ok_or("parts without a size")?;
                let parts = upload.parts(object.size, size)?;
                let parts: Result<Vec<_>, _> = parts.into_iter().map(address).collect();
                (size, parts?, Some(target))
            }
        };
        Ok(Way::Upload(Upload {
            repo: self.clone(),
            object,
            addresses,
            part_size,
            completion,
            verification,
        }))
    }
}

impl Named {
    pub(crate) fn of(object: &LargeObject) -> Self {
        Self {
            oid: object.sha256,
            size: object.size,
        }
    }
}

impl Action {
    /// The addresses of the parts in order: the headers whose names are their numbers.
    fn parts(&self, size: u64, part_size: u64) -> Result<Vec<&str>, &'static str> {
        let is_number = |name: &str| name.bytes().all(|byte| byte.is_ascii_digit());
        let mut parts = BTreeMap::new();
        for (name, value) in self.header.iter().filter(|(name, _)| is_number(name)) {
            let number: u64 = name.parse().map_err(|_| "a part without a number")?;
            parts.insert(number, value.as_str().ok_or("a part without an address")?);
        }
        let is_whole = part_size > 0
            && parts.len() <= MOST_PARTS
            && parts.len() as u64 == size.div_ceil(part_size)
            && parts.keys().copied().eq(1..=parts.len() as u64);
        if is_whole {
            Ok(parts.into_values().collect())
        } else {
            Err("parts that do not make up the file")
        }
    }

    fn xet_token(&self) -> Option<XetToken> {
        let header = |wanted: &str| {
            let mut headers = self.header.iter();
            headers.find_map(|(name, value)| name.eq_ignore_ascii_case(wanted).then_some(value))
        };
        XetToken::new(
            header("x-xet-cas-url")?.as_str()?,
            header("x-xet-access-token")?.as_str()?,
            number(header("x-xet-token-expiration")?)?,
        )
    }
}

/// The branch an upload is for; a pull request is not named.
fn reference(target: &Target) -> Option<Reference<'_>> {
    let name = match target {
        Target::Branch { name, .. } => Revision::as_str(name),
        Target::PullRequest { .. } => return None,
    };
    (!name.starts_with("refs/pr/")).then_some(Reference { name })
}

#[cfg(test)]
mod tests;
