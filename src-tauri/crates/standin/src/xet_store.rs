//! The chunk store: what it holds, and who may ask it. What it answers is in `xet_cas`.
//!
//! Chunks lie in a folder, by the simulated store that comes with the official client. The keys are
//! ours: that store knows none.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use hubdesk_core::Digest;
use tempfile::TempDir;
use xet::xet_session::{Sha256Policy, XetConfig, XetSessionBuilder, XetUploadCommit};
use xet_client::cas_client::LocalClient;
use xet_runtime::core::XetContext;

use crate::content::Content;
use crate::git::Lfs;
use crate::model::Model;
use crate::xet_recipe::Known;

/// How much of a seed's content is made at once.
const READ: u64 = 4 << 20;

/// Where the chunks lie.
#[derive(Default)]
pub(crate) enum Place {
    /// In a folder of its own, which goes when the stand-in does.
    #[default]
    Temporary,
    Folder(PathBuf),
}

/// A running chunk store.
pub(crate) struct XetStore {
    pub(crate) client: Arc<LocalClient>,
    pub(crate) address: String,
    pub(crate) lifetime: Duration,
    pub(crate) known: Arc<Known>,
    folder: PathBuf,
    keys: Mutex<HashMap<String, Key>>,
    arrived: Mutex<HashMap<Digest, Arrived>>,
    _temporary: Option<TempDir>,
}

/// What a key is good for.
struct Key {
    expires: u64,
    is_write: bool,
}

/// A file that came in chunks.
#[derive(Clone)]
pub(crate) struct Arrived {
    pub(crate) hash: String,
    pub(crate) content: Content,
}

impl XetStore {
    pub(crate) async fn open(
        place: Place,
        address: String,
        lifetime: Duration,
    ) -> io::Result<Self> {
        let (folder, temporary) = match place {
            Place::Folder(folder) => (std::path::absolute(folder)?, None),
            Place::Temporary => {
                let folder = tempfile::tempdir()?;
                (folder.path().to_owned(), Some(folder))
            }
        };
        let context = XetContext::with_config(quiet()).map_err(io::Error::other)?;
        let client = LocalClient::new(context, base(&folder)).await;
        Ok(Self {
            client: client.map_err(io::Error::other)?,
            address,
            lifetime,
            known: Arc::new(Known::new(base(&folder).join("xorbs"))),
            folder,
            keys: Mutex::default(),
            arrived: Mutex::default(),
            _temporary: temporary,
        })
    }

    /// Puts every large file of every repository into the store.
    pub(crate) async fn keep(&self, model: &Model) -> io::Result<()> {
        let session = XetSessionBuilder::new_with_config(quiet())
            .with_cache_dir(self.folder.join("client"))
            .build()
            .map_err(io::Error::other)?;
        let builder = session.new_upload_commit().map_err(io::Error::other)?;
        let commit = builder
            .with_endpoint(format!("local://{}", self.folder.display()))
            .build()
            .await
            .map_err(io::Error::other)?;
        let mut hashes = HashMap::new();
        for blob in model.large_blobs() {
            let Some(lfs) = &blob.lfs else { continue };
            let hash = match hashes.get(&lfs.sha256) {
                Some(hash) => String::clone(hash),
                None => send(&commit, &blob.content, lfs).await?,
            };
            // Set once: another seed of the same content says the same.
            let _ = lfs.xet_hash.set(hash.clone());
            hashes.insert(lfs.sha256, hash);
        }
        commit.commit().await.map_err(io::Error::other)?;
        Ok(())
    }

    /// Where a xorb lies, given its name of 64 hex digits.
    pub(crate) fn xorb(&self, hash: &str) -> PathBuf {
        self.known.xorb(hash)
    }

    /// Hands out a key that begins now.
    pub(crate) fn issue(&self, secret: String, is_write: bool, now: u64) -> (String, u64) {
        let expires = now + self.lifetime.as_secs();
        let word = if is_write { "write" } else { "read" };
        let token = format!("xet_{word}_{secret}");
        let key = Key { expires, is_write };
        let mut keys = self.keys.lock().expect(UNBROKEN);
        keys.insert(token.clone(), key);
        (token, expires)
    }

    /// Whether this key is one of ours and good; for writing, if that is wanted.
    pub(crate) fn admits(&self, token: &str, is_write: bool, now: u64) -> bool {
        let keys = self.keys.lock().expect(UNBROKEN);
        keys.get(token)
            .is_some_and(|key| now < key.expires && (key.is_write || !is_write))
    }

    /// No key that was handed out is good any longer.
    pub(crate) fn revoke(&self) {
        self.keys.lock().expect(UNBROKEN).clear();
    }

    pub(crate) fn put(&self, sha256: Digest, file: Arrived) {
        self.arrived.lock().expect(UNBROKEN).insert(sha256, file);
    }

    /// A file that came in chunks, by its sha256.
    pub(crate) fn arrived(&self, sha256: &Digest) -> Option<Arrived> {
        self.arrived.lock().expect(UNBROKEN).get(sha256).cloned()
    }
}

const UNBROKEN: &str = "nothing panics while it holds this lock";

/// Where the official client's own store keeps what is uploaded to the address `local://{folder}`.
fn base(folder: &Path) -> PathBuf {
    folder.join("xet").join("xorbs")
}

/// Nothing of the environment, and no reports.
fn quiet() -> XetConfig {
    let mut config = XetConfig::default();
    config.telemetry.enabled = false;
    config
}

async fn send(commit: &XetUploadCommit, content: &Content, lfs: &Lfs) -> io::Result<String> {
    let policy = Sha256Policy::from_hex(&lfs.sha256.to_string());
    let stream = commit.upload_stream(None, policy).await;
    let stream = stream.map_err(io::Error::other)?;
    let mut at = 0;
    while at < content.size() {
        let bytes: Bytes = content.read(at, READ);
        at += bytes.len() as u64;
        stream.write(bytes).await.map_err(io::Error::other)?;
    }
    let file = stream.finish().await.map_err(io::Error::other)?;
    Ok(file.xet_info.hash)
}
