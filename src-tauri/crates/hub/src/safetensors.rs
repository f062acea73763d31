//! What is in safetensors files, read from their headers without the data.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;

use futures_util::{StreamExt, TryStreamExt, stream};
use hubdesk_core::{CommitId, RepoPath};
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

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
        Err(Error::RangeNotSatisfiable { exchange }) => Err(unsound(TOO_SHORT, &exchange)),
        read => read,
    }
}

fn wrong(why: &str, read: &Piece) -> Error {
    unsound(why, &read.exchange)
}

fn unsound(why: &str, exchange: &Exchange) -> Error {
    let what = format!("not a sound safetensors file: {why}");
    malformed(&what, exchange.clone(), None)
}

fn count<'a>(files: impl IntoIterator<Item = &'a SafetensorsFile>) -> BTreeMap<&'a str, u64> {
    let mut counts = BTreeMap::new();
    for tensor in files.into_iter().flat_map(|file| &file.tensors) {
        let count: &mut u64 = counts.entry(tensor.dtype.as_str()).or_default();
        *count = count.saturating_add(tensor.parameters);
    }
    counts
}

/// The length of the header as the first bytes of a file say.
fn header_length(start: &[u8]) -> Result<u64, String> {
    let length = start.first_chunk().ok_or("it is too short")?;
    match u64::from_le_bytes(*length) {
        length @ 2..=LONGEST_HEADER => Ok(length),
        length => Err(format!("a header of {length} bytes")),
    }
}

/// Reads a header that is followed by `data` bytes, if that is known.
fn parse(header: &[u8], data: Option<u64>) -> Result<SafetensorsFile, String> {
    let mut file: SafetensorsFile =
        serde_json::from_slice(header).map_err(|error| error.to_string())?;
    file.tensors
        .sort_by_key(|tensor| (tensor.offsets.start, tensor.offsets.end));
    let mut end = 0;
    for tensor in &file.tensors {
        let name = &tensor.name;
        if tensor.offsets.start < end {
            return Err(format!("{name:?} overlaps another tensor"));
        }
        end = tensor.offsets.end;
        if data.is_some_and(|data| end > data) {
            return Err(format!("{name:?} ends after the file"));
        }
    }
    Ok(file)
}

impl<'de> Deserialize<'de> for SafetensorsFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Header)
    }
}

/// Reads tensors one by one, so that a name that comes twice is seen.
struct Header;

impl<'de> Visitor<'de> for Header {
    type Value = SafetensorsFile;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a header of tensors by name")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<SafetensorsFile, A::Error> {
        #[derive(Deserialize)]
        struct Entry {
            dtype: String,
            shape: Vec<u64>,
            data_offsets: [u64; 2],
        }
        let mut metadata = BTreeMap::new();
        let mut tensors = Vec::new();
        let mut names = BTreeSet::new();
        while let Some(name) = map.next_key::<String>()? {
            if name == "__metadata__" {
                let words: BTreeMap<String, Value> = map.next_value()?;
                metadata.extend(words.into_iter().map(|(key, value)| (key, as_text(value))));
                continue;
            }
            let entry: Entry = map.next_value()?;
            let [start, end] = entry.data_offsets;
            let parameters = parameters(&entry.dtype, &entry.shape, end.checked_sub(start))
                .ok_or_else(|| A::Error::custom(format!("{name:?} has no such size")))?;
            if !names.insert(name.clone()) {
                return Err(A::Error::custom(format!("{name:?} comes twice")));
            }
            tensors.push(Tensor {
                name,
                dtype: entry.dtype,
                shape: entry.shape,
                parameters,
                offsets: start..end,
            });
        }
        Ok(SafetensorsFile { metadata, tensors })
    }
}

/// Only texts are allowed; what else somebody wrote is shown as it stands.
fn as_text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

/// The numbers of a tensor, if they fill exactly `bytes`. Of a type that is new to us the size is
/// not known, and is not checked.
fn parameters(dtype: &str, shape: &[u64], bytes: Option<u64>) -> Option<u64> {
    let count = shape
        .iter()
        .try_fold(1_u64, |count, side| count.checked_mul(*side))?;
    let bytes = bytes?;
    match bits(dtype) {
        Some(bits) => (count.checked_mul(bits)? == bytes.checked_mul(8)?).then_some(count),
        None => Some(count),
    }
}

/// The size of one number, for the types the format names.
fn bits(dtype: &str) -> Option<u64> {
    Some(match dtype {
        "F4" => 4,
        "F6_E2M3" | "F6_E3M2" => 6,
        "BOOL" | "U8" | "I8" | "F8_E5M2" | "F8_E4M3" | "F8_E8M0" => 8,
        "U16" | "I16" | "F16" | "BF16" => 16,
        "U32" | "I32" | "F32" => 32,
        "U64" | "I64" | "F64" | "C64" => 64,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn read(header: &Value, data: u64) -> Result<SafetensorsFile, String> {
        parse(header.to_string().as_bytes(), Some(data))
    }

    fn tensor(dtype: &str, shape: &[u64], start: u64, end: u64) -> Value {
        json!({"dtype": dtype, "shape": shape, "data_offsets": [start, end]})
    }

    #[test]
    fn tensors_come_in_the_order_of_their_data_and_are_counted_by_type() {
        let header = json!({
            "__metadata__": {"format": "pt", "epochs": 3},
            "b": tensor("F32", &[2, 2], 6, 22),
            "a": tensor("BF16", &[3], 0, 6),
            "scalar": tensor("F32", &[], 22, 26),
            "empty": tensor("F32", &[0, 7], 26, 26),
            "future": tensor("Q9", &[10], 30, 31),
        });
        let file = read(&header, 31).unwrap();
        let names: Vec<_> = file.tensors.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["a", "b", "scalar", "empty", "future"]);
        let counts = [("BF16", 3), ("F32", 5), ("Q9", 10)];
        assert_eq!(file.parameters(), BTreeMap::from(counts));
        assert_eq!(file.metadata["epochs"], "3");
    }

    #[test]
    fn a_header_that_contradicts_itself_is_refused() {
        for (header, why) in [
            (
                json!({"a": tensor("U8", &[4], 0, 4), "b": tensor("U8", &[4], 3, 7)}),
                "overlaps",
            ),
            (
                json!({"a": tensor("U8", &[4], 0, 4), "b": tensor("U8", &[4], 0, 4)}),
                "overlaps",
            ),
            (json!({"a": tensor("U8", &[99], 0, 99)}), "ends after"),
            (json!({"a": tensor("U8", &[4], 4, 0)}), "no such size"),
            (json!({"a": tensor("U8", &[5], 0, 4)}), "no such size"),
            (
                json!({"a": tensor("U8", &[1 << 40, 1 << 40], 0, 4)}),
                "no such size",
            ),
            (
                json!({"a": tensor("F64", &[u64::MAX / 8], 0, 4)}),
                "no such size",
            ),
            (
                json!({"a": tensor("Q9", &[1 << 40, 1 << 40], 0, 4)}),
                "no such size",
            ),
            (
                json!({"a": {"dtype": "U8", "shape": [-1], "data_offsets": [0, 1]}}),
                "invalid value",
            ),
            (json!({"a": {"dtype": "U8", "shape": [1]}}), "missing field"),
            (json!([]), "invalid type"),
        ] {
            let error = read(&header, 50).unwrap_err();
            assert!(error.contains(why), "{header}: {error}");
        }
        let twice = r#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},
            "a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#;
        assert!(parse(twice.as_bytes(), None).unwrap_err().contains("twice"));
    }

    #[test]
    fn a_header_of_absurd_length_is_not_asked_for() {
        for length in [0, 1, LONGEST_HEADER + 1, u64::MAX] {
            assert!(header_length(&length.to_le_bytes()).is_err(), "{length}");
        }
        assert_eq!(
            header_length(&LONGEST_HEADER.to_le_bytes()),
            Ok(LONGEST_HEADER)
        );
        assert!(header_length(b"short").is_err());
    }

    proptest! {
        #[test]
        fn no_header_is_too_odd_to_read(
            text in r#"[\[\]{}",:0-9a-z_]{0,40}"#,
            offsets in any::<[u64; 4]>(),
            sides in any::<[u64; 2]>(),
            data in any::<Option<u64>>(),
        ) {
            let _ = parse(text.as_bytes(), data);
            let header = json!({
                "a": tensor("U8", &sides, offsets[0], offsets[1]),
                "b": tensor("?", &sides, offsets[2], offsets[3]),
            });
            if let Ok(file) = parse(header.to_string().as_bytes(), data) {
                let ends = file.tensors.windows(2).all(|two| two[0].offsets.end <= two[1].offsets.start);
                prop_assert!(ends);
                let _ = file.parameters();
            }
        }
    }
}
