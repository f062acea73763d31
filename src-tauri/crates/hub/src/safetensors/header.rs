//! The header of a safetensors file: what is in it, and whether that can be.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::{LONGEST_HEADER, SafetensorsFile, Tensor};

/// The length of the header as the first bytes of a file say.
pub(super) fn header_length(start: &[u8]) -> Result<u64, String> {
    let length = start.first_chunk().ok_or("it is too short")?;
    match u64::from_le_bytes(*length) {
        length @ 2..=LONGEST_HEADER => Ok(length),
        length => Err(format!("a header of {length} bytes")),
    }
}

/// Reads a header that is followed by `data` bytes, if that is known.
pub(super) fn parse(header: &[u8], data: Option<u64>) -> Result<SafetensorsFile, String> {
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
mod tests;
