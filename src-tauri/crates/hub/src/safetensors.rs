//! What is in safetensors files, read from their headers without the data.

mod header;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use futures_util::{StreamExt, TryStreamExt, stream};
use hubdesk_core::{CommitId, RepoPath, Token};
use serde::Deserialize;
use serde_json::{Map, Value};

use self::header::{header_length, parse};
use crate::body::Piece;
use crate::fault::malformed;
use crate::{Error, Exchange, File, Repo};

/// Bytes of the length that a file begins with.
const LENGTH: u64 = 8;
/// What is read at first: the whole header of most files.
const FIRST_READ: u64 = 100_000;
/// The longest header that is read, and the longest index; as the official client.
const LONGEST_HEADER: u64 = 25_000_000;
/// Files of one model, and tensors in all of them, before we stop believing it: ten times what the
/// largest models have.
const MOST_SHARDS: usize = 2000;
const MOST_TENSORS: usize = 2_000_000;
/// Headers that are read at the same time.
const AT_ONCE: usize = 8;

const SINGLE: &str = "model.safetensors";
const INDEX: &str = "model.safetensors.index.json";

const TOO_SHORT: &str = "the file ends before its header";

/// The weights of a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Safetensors {
    /// What the index says about all of it; `None` if there is one file only.
    pub metadata: Option<Map<String, Value>>,
    /// Whether an index holds several files together.
    pub is_sharded: bool,
    /// The files by their paths from the root.
    pub files: BTreeMap<String, SafetensorsFile>,
}

/// What the header of one file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SafetensorsFile {
    /// Words of whoever made it, such as `format`.
    pub metadata: BTreeMap<String, String>,
    /// The tensors, in the order of their data. They do not overlap.
    pub tensors: Vec<Tensor>,
}

/// One tensor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tensor {
    /// Its name.
    pub name: String,
    /// What its numbers are, such as `BF16`.
    pub dtype: String,
    /// The length of each side; none for a single number.
    pub shape: Vec<u64>,
    /// How many numbers it has: the product of the shape.
    pub parameters: u64,
    /// Where its data is, counted from the end of the header.
    pub offsets: Range<u64>,
}

impl Safetensors {
    /// How many parameters there are, by type.
    pub fn parameters(&self) -> BTreeMap<&str, u64> {
        count(self.files.values())
    }
}

impl SafetensorsFile {
    /// How many parameters there are, by type.
    pub fn parameters(&self) -> BTreeMap<&str, u64> {
        count([self])
    }
}

impl Repo {
    /// What the weights at the root of the repository are: those of `model.safetensors`, or of all
    /// files `model.safetensors.index.json` names. `None` if there is neither.
    pub async fn safetensors(&self, commit: &CommitId) -> Result<Option<Safetensors>, Error> {
        let found = self.paths_info(commit, &[SINGLE, INDEX]).await?;
        let has = |path: &str| found.iter().any(|entry| entry.path == path);
        if has(SINGLE) {
            let file = self.safetensors_file(commit, SINGLE).await?;
            return Ok(Some(Safetensors {
                metadata: None,
                is_sharded: false,
                files: [(SINGLE.to_owned(), file)].into(),
            }));
        }
        match has(INDEX) {
            true => self.sharded(commit).await.map(Some),
            false => Ok(None),
        }
    }

    /// What the header of the file `path` says. [`Error::Malformed`] if it is none, is longer than
    /// 25 MB, or contradicts itself.
    pub async fn safetensors_file(
        &self,
        commit: &CommitId,
        path: &str,
    ) -> Result<SafetensorsFile, Error> {
        let file = self.file(commit, path);
        let mut start = part(&file, 0..FIRST_READ).await?;
        let length = header_length(&start.bytes).map_err(|why| wrong(&why, &start))?;
        let end = LENGTH + length;
        if end > start.bytes.len() as u64 {
            let rest = part(&file, start.bytes.len() as u64..end).await?;
            start.bytes.extend(rest.bytes);
        }
        let Some(header) = start.bytes.get(LENGTH as usize..end as usize) else {
            return Err(wrong(TOO_SHORT, &start));
        };
        let data = start.total.map(|total| total.saturating_sub(end));
        parse(header, data).map_err(|why| wrong(&why, &start))
    }

    async fn sharded(&self, commit: &CommitId) -> Result<Safetensors, Error> {
        #[derive(Deserialize)]
        struct Index {
            #[serde(default)]
            metadata: Map<String, Value>,
            weight_map: BTreeMap<String, String>,
        }
        let index = self.file(commit, INDEX).read(0..LONGEST_HEADER).await?;
        let read: Index =
            serde_json::from_slice(&index.bytes).map_err(|why| wrong(&why.to_string(), &index))?;
        let shards: BTreeSet<String> = read.weight_map.into_values().collect();
        let is_path = |path: &String| RepoPath::new(path).is_ok();
        if shards.len() > MOST_SHARDS || !shards.iter().all(is_path) {
            return Err(wrong("an index of what cannot be files", &index));
        }
        let mut tensors = 0;
        let files = stream::iter(shards)
            .map(|path| async move {
                let file = self.safetensors_file(commit, &path).await?;
                Ok::<_, Error>((path, file))
            })
            .buffer_unordered(AT_ONCE)
            .and_then(|(path, file)| {
                tensors += file.tensors.len();
                let is_believable = tensors <= MOST_TENSORS;
                let file = is_believable.then_some((path, file));
                futures_util::future::ready(file.ok_or_else(|| wrong("too many tensors", &index)))
            })
            .try_collect()
            .await?;
        Ok(Safetensors {
            metadata: Some(read.metadata),
            is_sharded: true,
            files,
        })
    }
}

async fn part(file: &File, range: Range<u64>) -> Result<Piece, Error> {
    match file.read(range).await {
        Err(Error::RangeNotSatisfiable { exchange }) => Err(unsound(TOO_SHORT, &exchange, None)),
        read => read,
    }
}

fn wrong(why: &str, read: &Piece) -> Error {
    unsound(why, &read.exchange, read.token.as_ref())
}

fn unsound(why: &str, exchange: &Exchange, token: Option<&Token>) -> Error {
    let what = format!("not a sound safetensors file: {why}");
    malformed(&what, exchange.clone(), token)
}

fn count<'a>(files: impl IntoIterator<Item = &'a SafetensorsFile>) -> BTreeMap<&'a str, u64> {
    let mut counts = BTreeMap::new();
    for tensor in files.into_iter().flat_map(|file| &file.tensors) {
        let count: &mut u64 = counts.entry(tensor.dtype.as_str()).or_default();
        *count = count.saturating_add(tensor.parameters);
    }
    counts
}
