//! What the chunk store answers: recipes of files, the bytes of xorbs behind signed links, and what
//! is uploaded. As the official client asks it; unverified: everything else of the real store.

use std::error::Error;
use std::fs::File;
use std::io::{self, BufWriter, Cursor, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use axum::http::{Method, StatusCode, header};
use bytes::Bytes;
use hubdesk_core::Digest;
use serde_json::{Value, json};
use tempfile::NamedTempFile;
use tokio::task::spawn_blocking;
use xet_client::ClientError;
use xet_client::cas_client::{Client as _, DirectAccessClient as _};
use xet_core_structures::merklehash::MerkleHash;
use xet_core_structures::metadata_shard::streaming_shard::MDBMinimalShard;
use xet_core_structures::xorb_object::reconstruct_xorb_with_footer;

use crate::answer::Answer;
use crate::ask::Ask;
use crate::content::Content;
use crate::error::Refusal;
use crate::storage::{self, XORBS};
use crate::xet_recipe;
use crate::xet_store::{Arrived, XetStore};

/// Of these only the store with this name is known.
const PREFIX: &str = "default";
/// Bytes of a xorb that go to its file at once.
const WRITTEN_AT_ONCE: usize = 1 << 20;

/// Any request to the chunk store.
pub(crate) async fn answer(ask: &Ask<'_>) -> Result<Answer, Refusal> {
    let store = ask.hub.xet.as_deref().ok_or(Refusal::NotFound)?;
    if let Some(xorb) = ask.path.strip_prefix(XORBS) {
        storage::check(ask)?;
        return bytes(ask, store, xorb).await;
    }
    let words: Vec<&str> = ask.path.trim_start_matches('/').split('/').collect();
    let is_write = ask.method == Method::POST && words.last() != Some(&"telemetry");
    check_key(ask, store, is_write)?;
    match (&ask.method, words.as_slice()) {
        (&Method::GET, ["v2", "reconstructions", file]) => recipe(ask, store, file).await,
        (&Method::HEAD, ["v1", "files", file]) => size(store, file).await,
        (&Method::GET, ["v1", "chunks", _, chunk]) => chunk_shard(store, chunk).await,
        (&Method::POST, ["v1", "xorbs", PREFIX, xorb]) => take_xorb(ask, store, xorb).await,
        (&Method::POST, ["v1", "shards"]) => take_shard(ask, store).await,
        (&Method::POST, ["v1", "telemetry"]) => Ok(Answer::json(json!({}))),
        // Direct uploads and the streamed answer to shards are not offered, as they need not be.
        _ => Err(Refusal::NotFound),
    }
}

fn check_key(ask: &Ask<'_>, store: &XetStore, is_write: bool) -> Result<(), Refusal> {
    let key = ask.header(header::AUTHORIZATION);
    let key = key.and_then(|text| text.strip_prefix("Bearer "));
    let is_good = key.is_some_and(|key| store.admits(key, is_write, ask.hub.seconds()));
    if is_good {
        Ok(())
    } else {
        Err(Refusal::Other(StatusCode::UNAUTHORIZED))
    }
}

fn hash(text: &str) -> Result<MerkleHash, Refusal> {
    let bad = || Refusal::BadRequest(format!("{text:?} is not a hash"));
    MerkleHash::from_hex(text).map_err(|_| bad())
}

/// How a file is put together, or the part of it that the range names.
async fn recipe(ask: &Ask<'_>, store: &XetStore, file: &str) -> Result<Answer, Refusal> {
    let file = hash(file)?;
    let range = ask.header(header::RANGE).map(range).transpose()?;
    let range = range.map(|(first, last)| first..last.saturating_add(1));
    let link =
        |xorb: &MerkleHash| storage::signed(ask.hub, &store.address, &format!("{XORBS}{xorb}"));
    let recipe = xet_recipe::recipe(store, &file, range, link).await?;
    let recipe = serde_json::to_value(recipe).expect("a recipe has no key that is not a text");
    Ok(Answer::json(recipe))
}

async fn size(store: &XetStore, file: &str) -> Result<Answer, Refusal> {
    let size = store.client.get_file_size(&hash(file)?).await;
    let size = size.map_err(refusal)?;
    // Its length is what is asked for; nobody reads it.
    Ok(Answer::content(Content::random(0, size)))
}

/// What else holds a chunk, so that it need not be uploaded.
async fn chunk_shard(store: &XetStore, chunk: &str) -> Result<Answer, Refusal> {
    let chunk = hash(chunk)?;
    let shard = store.client.query_for_global_dedup_shard(PREFIX, &chunk);
    match shard.await.map_err(refusal)? {
        Some(shard) => Ok(Answer::content(Content::bytes(shard))),
        None => Err(Refusal::NotFound),
    }
}

/// Some bytes of a xorb. Read from the file: the simulated store would read all of it each time.
async fn bytes(ask: &Ask<'_>, store: &XetStore, xorb: &str) -> Result<Answer, Refusal> {
    let path = store.xorb(&hash(xorb)?.hex());
    let (first, last) = match ask.header(header::RANGE) {
        Some(text) => range(text)?,
        None => return Err(Refusal::Other(StatusCode::FORBIDDEN)),
    };
    let read = tokio::task::spawn_blocking(move || read(&path, first, last)).await;
    let read = read.unwrap_or_else(|error| Err(error.into()));
    let (bytes, total) = read.map_err(|_| Refusal::NotFound)?;
    if bytes.is_empty() {
        return Err(Refusal::Other(StatusCode::RANGE_NOT_SATISFIABLE));
    }
    let last = first + bytes.len() as u64 - 1;
    Ok(Answer::content(Content::bytes(bytes))
        .status(StatusCode::PARTIAL_CONTENT)
        .with(header::CONTENT_TYPE, "application/octet-stream")
        .with(
            header::CONTENT_RANGE,
            format!("bytes {first}-{last}/{total}"),
        ))
}

fn read(path: &std::path::Path, first: u64, last: u64) -> io::Result<(Bytes, u64)> {
    let mut file = File::open(path)?;
    let total = file.metadata()?.len();
    let end = last.saturating_add(1).min(total);
    let length = usize::try_from(end.saturating_sub(first)).unwrap_or(0);
    file.seek(SeekFrom::Start(first))?;
    let mut bytes = vec![0; length];
    file.read_exact(&mut bytes)?;
    Ok((bytes.into(), total))
}

/// First and last byte.
fn range(text: &str) -> Result<(u64, u64), Refusal> {
    let ends = text.strip_prefix("bytes=").and_then(|text| {
        let (first, last) = text.split_once('-')?;
        let last = if last.is_empty() {
            u64::MAX - 1
        } else {
            last.parse().ok()?
        };
        Some((first.parse().ok()?, last))
    });
    ends.filter(|(first, last)| first <= last)
        .ok_or(Refusal::Other(StatusCode::RANGE_NOT_SATISFIABLE))
}

async fn take_xorb(ask: &Ask<'_>, store: &XetStore, xorb: &str) -> Result<Answer, Refusal> {
    let hash = hash(xorb)?;
    let (place, body) = (store.xorb(&hash.hex()), ask.body.clone());
    let kept = spawn_blocking(move || keep_xorb(&place, hash, &body)).await;
    kept.expect("a block that is written does not panic")
        .map_err(|error| Refusal::BadRequest(error.to_string()))?;
    Ok(Answer::json(json!({"was_inserted": true})))
}

/// Checks a xorb and puts it where the simulated store looks for it, which would copy it three times
/// on the way and hold up a thread that answers others.
fn keep_xorb(
    place: &Path,
    hash: MerkleHash,
    body: &[u8],
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let folder = place.parent().ok_or("no folder")?;
    let beside = NamedTempFile::new_in(folder)?;
    let mut writer = BufWriter::with_capacity(WRITTEN_AT_ONCE, beside);
    let (_, found) = reconstruct_xorb_with_footer(&mut writer, body)?;
    if found != hash {
        return Err(format!("a xorb that is {}", found.hex()).into());
    }
    writer.into_inner()?.persist(place)?;
    Ok(())
}

/// Files that are made of what was uploaded. Their sha256 is what a commit names them by.
async fn take_shard(ask: &Ask<'_>, store: &XetStore) -> Result<Answer, Refusal> {
    let bad = |error: &dyn std::fmt::Display| Refusal::BadRequest(error.to_string());
    let shard = MDBMinimalShard::from_reader(&mut Cursor::new(&ask.body), true, false);
    let shard = shard.map_err(|error| bad(&error))?;
    let permit = store.client.acquire_upload_permit().await;
    let taken = store
        .client
        .upload_shard(ask.body.clone(), permit.map_err(refusal)?, None)
        .await;
    taken.map_err(refusal)?;
    for file in (0..shard.num_files()).filter_map(|n| shard.file(n)) {
        let sha256 = file.metadata_ext().map(|known| known.sha256.hex());
        let Some(sha256) = sha256.as_deref().and_then(Digest::parse) else {
            continue;
        };
        let content = xet_recipe::content(store, &file.file_hash()).await?;
        if content.sha256() != sha256 {
            return Err(bad(&"a file is not what its sha256 says"));
        }
        let hash = file.file_hash().hex();
        store.put(sha256, Arrived { hash, content });
    }
    Ok(Answer::json(
        json!({"result": 1, "shard_hash": Value::Null}),
    ))
}

pub(crate) fn refusal(error: ClientError) -> Refusal {
    match error {
        ClientError::FileNotFound(_) | ClientError::XORBNotFound(_) => Refusal::NotFound,
        ClientError::InvalidRange => Refusal::Other(StatusCode::RANGE_NOT_SATISFIABLE),
        error => Refusal::BadRequest(error.to_string()),
    }
}
