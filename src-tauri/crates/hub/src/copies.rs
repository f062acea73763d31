//! Copies that are made where the files are, as far as that is possible.

use hubdesk_core::{CommitId, Digest, RepoId, RepoPath};
use serde::{Deserialize, Serialize};

use crate::ask::Answer;
use crate::call::{Call, Effect, LONG_WORK, Verb};
use crate::fault::malformed;
use crate::json::{as_hex, or_default, sha256};
use crate::{Error, Exchange, Operation, Repo, What, route};

/// Files in one copying request, as the official client asks.
const COPIES_AT_ONCE: usize = 500;
/// The largest regular file that is copied by way of this machine, in bytes. The Hub keeps larger
/// ones apart.
const LARGEST_COPY: usize = 10 << 20;

/// A large file that is to be known in another repository as well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LargeCopy {
    /// Its id in the chunk store, from the listing.
    pub xet_hash: Option<String>,
    /// The sha256 of the content.
    #[serde(serialize_with = "as_hex")]
    pub sha256: Digest,
    /// Its path in the source, for the Hub's messages.
    #[serde(rename = "filename")]
    pub path: String,
}

/// A large file that could not be copied.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct NotCopied {
    /// The sha256 of the content.
    #[serde(deserialize_with = "sha256")]
    pub sha256: Digest,
    /// Why, in the Hub's words.
    #[serde(default, deserialize_with = "or_default")]
    pub error: String,
}

impl Repo {
    /// The change that makes `to` a copy of `path` at `commit` of this repository. For a copy into
    /// another repository a large file must be made known there first: [`Repo::duplicate_large`].
    pub async fn copy_of(
        &self,
        commit: &CommitId,
        path: &str,
        to: RepoPath,
    ) -> Result<Operation, Error> {
        let entries = self.paths_info(commit, &[path]).await?;
        let file = entries.iter().find(|entry| entry.path == path);
        let Some(digest) = file.and_then(|entry| entry.digest()) else {
            let url = route::paths_info(self.hub.endpoint(), &self.id, commit);
            let exchange = Exchange::new("POST", &url, self.hub.endpoint());
            return Err(Error::NotFound(What::Entry, Box::new(exchange)));
        };
        self.copy_of_listed(commit, path, digest, to).await
    }

    /// As [`Repo::copy_of`], where a listing of `commit` has told that the file at `path` is
    /// `digest`: the Hub is not asked for that again.
    pub async fn copy_of_listed(
        &self,
        commit: &CommitId,
        path: &str,
        digest: Digest,
        to: RepoPath,
    ) -> Result<Operation, Error> {
        if matches!(digest, Digest::Sha256(_)) {
            return Ok(Operation::PutLarge {
                path: to,
                sha256: digest,
                size: None,
            });
        }
        let piece = self.file(commit, path).read_whole(LARGEST_COPY).await?;
        let content = piece.bytes;
        let mut hasher = digest.hasher(content.len() as u64);
        hasher.update(&content);
        if hasher.finish() != digest {
            let what = "other bytes than the listing promises";
            return Err(malformed(what, piece.exchange, None));
        }
        Ok(Operation::Put {
            path: to,
            content: content.into(),
        })
    }

    /// Makes large files of this repository known in `into`, so that a commit there can name them.
    /// Nothing is downloaded. Gives those that could not be copied, such as to another region.
    pub async fn duplicate_large(
        &self,
        files: &[LargeCopy],
        into: &RepoId,
    ) -> Result<Vec<NotCopied>, Error> {
        #[derive(Deserialize)]
        struct Copied {
            #[serde(default, deserialize_with = "or_default")]
            failed: Vec<NotCopied>,
        }
        let mut failed = Vec::new();
        for batch in files.chunks(COPIES_AT_ONCE) {
            let url = route::of_repo(self.hub.endpoint(), &self.id, "lfs-files/duplicate");
            let request = serde_json::json!({
                "target": {"type": into.kind().to_string(), "name": into.name()},
                "files": batch,
            });
            let call = Call::new(Verb::Post, Effect::Repeatable, url, Some(&self.id))
                .json(&request)
                .patience(LONG_WORK);
            let answer: Answer<Copied> = self.hub.ask(&call).await?;
            failed.extend(answer.value.failed);
        }
        Ok(failed)
    }
}
