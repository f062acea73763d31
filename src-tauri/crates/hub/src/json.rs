//! How answers are read: what is missing or null is the default, what is needed must be right.

use hubdesk_core::{CommitId, Digest};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serializer, de};
use serde_json::Value;

/// `null` reads as the default; with `#[serde(default)]` so does absence.
pub(crate) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Of a list what can be read; the rest is left out. Lists of mixed things grow new kinds.
pub(crate) fn each<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let values: Vec<Value> = or_default(deserializer)?;
    Ok(readable(values, |value| serde_json::from_value(value).ok()))
}

/// What `read` makes of each entry; those it makes nothing of are left out.
pub(crate) fn readable<T, U>(entries: Vec<T>, read: impl FnMut(T) -> Option<U>) -> Vec<U> {
    let all = entries.len();
    let readable: Vec<U> = entries.into_iter().filter_map(read).collect();
    if readable.len() < all {
        let left_out = all - readable.len();
        tracing::warn!(left_out, "entries that cannot be read");
    }
    readable
}

/// What is missing, `null` or not of the documented type reads as the default. For what is only
/// shown: one odd field must not hide the others. Never for what a list is complete by.
pub(crate) fn lenient<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned + Default,
{
    let value = Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).unwrap_or_default())
}

/// A number, also as text; anything else is none.
pub(crate) fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Ok(number(&Value::deserialize(deserializer)?))
}

/// A number, or one in a text.
pub(crate) fn number(value: &Value) -> Option<u64> {
    match value {
        Value::String(text) => text.trim().parse().ok(),
        value => value.as_u64(),
    }
}

pub(crate) fn commit<'de, D: Deserializer<'de>>(deserializer: D) -> Result<CommitId, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(de::Error::custom)
}

/// An object id of git: 40 hex digits.
pub(crate) fn git_oid<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Digest, D::Error> {
    match digest(deserializer)? {
        oid @ Digest::GitBlob(_) => Ok(oid),
        Digest::Sha256(_) => Err(de::Error::custom("a sha256 where a git object id belongs")),
    }
}

pub(crate) fn sha256<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Digest, D::Error> {
    match digest(deserializer)? {
        sha256 @ Digest::Sha256(_) => Ok(sha256),
        Digest::GitBlob(_) => Err(de::Error::custom("a git object id where a sha256 belongs")),
    }
}

fn digest<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Digest, D::Error> {
    let text = String::deserialize(deserializer)?;
    Digest::parse(&text).ok_or_else(|| de::Error::custom(format!("{text:?} is not a digest")))
}

/// A digest as requests write it.
pub(crate) fn as_hex<S: Serializer>(digest: &Digest, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(digest)
}
