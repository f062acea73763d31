use futures_util::Stream;
use hubdesk_core::{CommitId, Digest};
use serde::{Deserialize, Deserializer};

use crate::ask::Answer;
use crate::call::Call;
use crate::json::{git_oid, lenient, sha256};
use crate::{Error, FileSecurity, Repo, page, route};

/// Paths in one paths-info request, as the official client; the Hub takes 2000.
const PATHS_AT_ONCE: usize = 1000;

/// One line of a listing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Wire")]
pub struct TreeEntry {
    /// What it is.
    pub kind: EntryKind,
    /// Its path from the root, as the server says: not checked, not for the disk.
    pub path: String,
    /// Its size in bytes; 0 for folders.
    pub size: u64,
    /// Its object id in git; for a large file that of the pointer.
    pub oid: Digest,
    /// Where the content is, if git holds a pointer only.
    pub lfs: Option<Lfs>,
    /// Its id in the chunk store, if it is there. Not checked.
    pub xet_hash: Option<String>,
    /// The last change, if the listing was asked for it.
    pub last_commit: Option<LastCommit>,
    /// What the scanners say, if the listing was asked for it.
    pub security: Option<FileSecurity>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    #[serde(rename = "type", deserialize_with = "kind")]
    kind: EntryKind,
    path: String,
    size: Option<u64>,
    #[serde(deserialize_with = "git_oid")]
    oid: Digest,
    lfs: Option<Lfs>,
    #[serde(default, deserialize_with = "lenient")]
    xet_hash: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    last_commit: Option<LastCommit>,
    #[serde(default, rename = "securityFileStatus", deserialize_with = "lenient")]
    security: Option<FileSecurity>,
}

/// Downloads are planned and checked by the size of a file: it must be said.
impl TryFrom<Wire> for TreeEntry {
    type Error = &'static str;

    fn try_from(wire: Wire) -> Result<Self, &'static str> {
        let size = match (wire.size, wire.kind) {
            (None, EntryKind::File) => return Err("a file without a size"),
            (size, _) => size.unwrap_or_default(),
        };
        Ok(Self {
            kind: wire.kind,
            path: wire.path,
            size,
            oid: wire.oid,
            lfs: wire.lfs,
            xet_hash: wire.xet_hash,
            last_commit: wire.last_commit,
            security: wire.security,
        })
    }
}

/// What an entry of a tree is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A file.
    File,
    /// A folder.
    Directory,
    /// Something else: a submodule, or what the Hub may add.
    Other,
}

/// Large content that git only points at.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Lfs {
    /// The sha256 of the content.
    #[serde(rename = "oid", deserialize_with = "sha256")]
    pub sha256: Digest,
    /// The size of the content in bytes.
    pub size: u64,
    /// The size of the pointer in git.
    #[serde(default)]
    pub pointer_size: Option<u64>,
}

/// The commit that changed an entry last.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct LastCommit {
    /// Its id, as the server says.
    pub id: String,
    /// The first line of its message.
    pub title: String,
    /// When, as the Hub writes times.
    pub date: String,
}

impl TreeEntry {
    /// The name of a file's content: the sha256 of a large one, else the git blob id.
    pub fn digest(&self) -> Option<Digest> {
        let of_file = self.lfs.as_ref().map_or(self.oid, |lfs| lfs.sha256);
        (self.kind == EntryKind::File).then_some(of_file)
    }

    /// The size of the content a download gives.
    pub fn content_size(&self) -> u64 {
        self.lfs.as_ref().map_or(self.size, |lfs| lfs.size)
    }
}

impl Repo {
    /// The entries of the folder `path` (the root if `None`) at `commit`, with everything below if
    /// `recursive`. Pages are asked for as they are wanted. An error ends the stream, and then
    /// what came is not the whole folder.
    pub fn tree(
        &self,
        commit: &CommitId,
        path: Option<&str>,
        recursive: bool,
    ) -> impl Stream<Item = Result<TreeEntry, Error>> + Send + use<> {
        self.listing(commit, path, recursive, false)
    }

    /// The entries of the folder `path` (the root if `None`) at `commit`, each with the commit that
    /// changed it last and with what the scanners say about it. The Hub looks for that anew, so its
    /// pages are short: list the folder by [`Repo::tree`] first, and ask this for what is seen.
    pub fn folder_in_detail(
        &self,
        commit: &CommitId,
        path: Option<&str>,
    ) -> impl Stream<Item = Result<TreeEntry, Error>> + Send + use<> {
        self.listing(commit, path, false, true)
    }

    /// Everything in the repository at `commit` in the same detail: many short pages, for whoever
    /// can wait.
    pub fn tree_in_detail(
        &self,
        commit: &CommitId,
    ) -> impl Stream<Item = Result<TreeEntry, Error>> + Send + use<> {
        self.listing(commit, None, true, true)
    }

    fn listing(
        &self,
        commit: &CommitId,
        path: Option<&str>,
        recursive: bool,
        in_detail: bool,
    ) -> impl Stream<Item = Result<TreeEntry, Error>> + Send + use<> {
        let first = route::tree(self.hub.endpoint(), &self.id, commit, path).map(|mut url| {
            url.query_pairs_mut()
                .append_pair("recursive", if recursive { "true" } else { "false" })
                .append_pair("expand", if in_detail { "true" } else { "false" });
            Call::get(url, Some(&self.id))
        });
        page::items(self.hub.clone(), first)
    }

    /// The bytes of all files below the folder `path` (the root if `None`) at `commit`.
    pub async fn tree_size(&self, commit: &CommitId, path: Option<&str>) -> Result<u64, Error> {
        #[derive(Deserialize)]
        struct Size {
            size: u64,
        }
        let path = path.unwrap_or_default();
        let url = route::tree_size(self.hub.endpoint(), &self.id, commit, path)?;
        let answer: Answer<Size> = self.hub.ask(&Call::get(url, Some(&self.id))).await?;
        Ok(answer.value.size)
    }

    /// The entries at exactly these paths, files and folders, in the server's order. A path that
    /// is not there has no entry.
    pub async fn paths_info(
        &self,
        commit: &CommitId,
        paths: &[&str],
    ) -> Result<Vec<TreeEntry>, Error> {
        let mut entries = Vec::new();
        for batch in paths.chunks(PATHS_AT_ONCE) {
            let url = route::paths_info(self.hub.endpoint(), &self.id, commit);
            let paths = batch.iter().map(|path| ("paths", *path));
            let call = Call::question(url, Some(&self.id)).form(paths.chain([("expand", "false")]));
            let answer: Answer<Vec<TreeEntry>> = self.hub.ask(&call).await?;
            entries.extend(answer.value);
        }
        Ok(entries)
    }
}

fn kind<'de, D: Deserializer<'de>>(deserializer: D) -> Result<EntryKind, D::Error> {
    Ok(match String::deserialize(deserializer)?.as_str() {
        "file" => EntryKind::File,
        "directory" => EntryKind::Directory,
        _ => EntryKind::Other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const OID: &str = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";
    const SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn entry(json: String) -> Result<TreeEntry, serde_json::Error> {
        serde_json::from_str(&json)
    }

    #[test]
    fn a_regular_file_is_named_by_its_blob_id() {
        let json = format!(r#"{{"type":"file","path":"../x","size":3,"oid":"{OID}","new":1}}"#);
        let entry = entry(json).unwrap();
        assert_eq!(entry.digest(), Digest::parse(OID));
        assert_eq!((entry.path.as_str(), entry.content_size()), ("../x", 3));
    }

    #[test]
    fn a_large_file_is_named_by_its_sha256_and_measured_by_its_content() {
        let json = format!(
            r#"{{"type":"file","path":"w","size":130,"oid":"{OID}","xetHash":null,
            "lfs":{{"oid":"{SHA256}","size":9000000000,"pointerSize":135}}}}"#
        );
        let entry = entry(json).unwrap();
        assert_eq!(entry.digest(), Digest::parse(SHA256));
        assert_eq!(entry.content_size(), 9_000_000_000);
    }

    #[test]
    fn folders_and_what_we_do_not_know_have_no_digest() {
        for (word, kind) in [
            ("directory", EntryKind::Directory),
            ("unknown", EntryKind::Other),
        ] {
            let entry = entry(format!(r#"{{"type":"{word}","path":"d","oid":"{OID}"}}"#)).unwrap();
            assert_eq!((entry.kind, entry.digest()), (kind, None));
        }
    }

    #[test]
    fn what_a_download_is_planned_by_must_be_said() {
        let whole = serde_json::json!({"type": "file", "path": "f", "size": 3, "oid": OID});
        assert!(entry(whole.to_string()).is_ok());
        for needed in ["type", "path", "size", "oid"] {
            let mut part = whole.clone();
            part.as_object_mut().unwrap().remove(needed);
            assert!(entry(part.to_string()).is_err(), "{needed}");
        }
        let mut large = whole.clone();
        large["lfs"] = serde_json::json!({ "oid": SHA256 });
        assert!(entry(large.to_string()).is_err(), "the size of the content");
    }

    #[test]
    fn what_is_only_shown_may_be_odd() {
        let json = serde_json::json!({
            "type": "file", "path": "f", "size": 3, "oid": OID, "xetHash": 7,
            "lastCommit": {"id": 7}, "securityFileStatus": {"status": 7},
        });
        let entry = entry(json.to_string()).unwrap();
        assert_eq!((entry.xet_hash, entry.last_commit), (None, None));
        assert_eq!(entry.security, None);
    }

    #[test]
    fn an_id_that_could_not_name_a_blob_is_refused() {
        for (oid, lfs) in [("../../x", "null"), (SHA256, "null")] {
            let json = format!(r#"{{"type":"file","path":"f","oid":"{oid}","lfs":{lfs}}}"#);
            assert!(entry(json).is_err(), "{oid}");
        }
        let lfs = format!(r#"{{"oid":"{OID}","size":1,"pointerSize":1}}"#);
        let json = format!(r#"{{"type":"file","path":"f","oid":"{OID}","lfs":{lfs}}}"#);
        assert!(entry(json).is_err());
    }
}
