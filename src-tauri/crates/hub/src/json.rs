//! How answers are read: what is missing or null is the default, what is needed must be right.

use hubdesk_core::{CommitId, Digest};
use serde::{Deserialize, Deserializer, Serializer, de};

/// `null` reads as the default; with `#[serde(default)]` so does absence.
pub(crate) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
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
