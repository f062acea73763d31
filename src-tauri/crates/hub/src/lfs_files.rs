//! What takes up room: large files in every commit, and their removal for good.

use std::collections::BTreeSet;
use std::sync::Mutex;

use futures_util::{Stream, TryStreamExt};
use hubdesk_core::Digest;
use serde::{Deserialize, Serialize};

use crate::call::{Call, LONG_WORK};
use crate::change::{Second, change};
use crate::json::{or_default, sha256};
use crate::{Error, Repo, page, route};

/// The most the Hub removes at once.
const BATCH: usize = 1000;

/// A large file of a repository, in any commit, branch or pull request.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LfsFile {
    /// What it is removed by.
    #[serde(rename = "fileOid")]
    pub key: String,
    /// Its content.
    #[serde(rename = "oid", deserialize_with = "sha256")]
    pub sha256: Digest,
    /// How large it is, in bytes.
    pub size: u64,
    /// When it came, as the Hub writes times.
    #[serde(default, deserialize_with = "or_default")]
    pub pushed_at: Option<String>,
    /// A path it had; the same content may have had others.
    #[serde(default, deserialize_with = "or_default")]
    pub filename: Option<String>,
    /// Where it was pushed to.
    #[serde(rename = "ref", default, deserialize_with = "or_default")]
    pub full_ref: Option<String>,
}

/// What becomes of the commits that name a file that is removed for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pointers {
    /// They are written anew without it: every later commit gets another id.
    Rewrite,
    /// They stay, and name a file that cannot be had.
    Leave,
}

impl Repo {
    /// Every large file of every commit, page by page as it is wanted. An error ends the stream.
    /// For those who may change the repository.
    pub fn lfs_files(&self) -> impl Stream<Item = Result<LfsFile, Error>> + Send + use<> {
        let mut url = route::of_repo(self.hub.endpoint(), &self.id, "lfs-files");
        url.query_pairs_mut()
            .append_pair("limit", &BATCH.to_string());
        page::items(self.hub.clone(), Ok(Call::get(url, Some(&self.id))))
    }

    /// Removes large files for good, from every commit, a thousand at a time. If one of the
    /// thousands fails, those before it are gone: list them again before you go on.
    pub async fn delete_lfs_files(
        &self,
        files: impl IntoIterator<Item = &LfsFile>,
        pointers: Pointers,
    ) -> Result<(), Error> {
        let keys: BTreeSet<&str> = files.into_iter().map(|file| file.key.as_str()).collect();
        let keys: Vec<&str> = keys.into_iter().collect();
        for batch in keys.chunks(BATCH) {
            self.delete_batch(batch, pointers).await?;
        }
        Ok(())
    }

    /// After a lost answer only what is still listed is sent again.
    async fn delete_batch(&self, batch: &[&str], pointers: Pointers) -> Result<(), Error> {
        let url = route::of_repo(self.hub.endpoint(), &self.id, "lfs-files/batch");
        let left = Mutex::new(batch.to_vec());
        let send = async || {
            let call = {
                let sha = &*left
                    .lock()
                    .expect("nothing panics while it holds this lock");
                let rewrite_history = pointers == Pointers::Rewrite;
                let deletions = Deletions {
                    sha,
                    rewrite_history,
                };
                Call::once(url.clone(), Some(&self.id))
                    .json(&Batch { deletions })
                    .patience(LONG_WORK)
            };
            self.hub.tell(&call).await
        };
        let look = async || {
            let still = self.still_there(batch).await?;
            let is_done = still.is_empty();
            *left
                .lock()
                .expect("nothing panics while it holds this lock") = still;
            Ok(is_done.then_some(()))
        };
        change(Second::Harmless, send, look).await
    }

    async fn still_there<'a>(&self, keys: &[&'a str]) -> Result<Vec<&'a str>, Error> {
        let listed: BTreeSet<String> = self
            .lfs_files()
            .map_ok(|file| file.key)
            .try_collect()
            .await?;
        let is_there = |key: &&&str| listed.contains(**key);
        Ok(keys.iter().filter(is_there).copied().collect())
    }
}

#[derive(Serialize)]
struct Batch<'a> {
    deletions: Deletions<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Deletions<'a> {
    sha: &'a [&'a str],
    rewrite_history: bool,
}
