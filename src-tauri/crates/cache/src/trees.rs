use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use hubdesk_core::{CommitId, Digest};
use hubdesk_disk::{ensure_dir, look, read_if_there, remove_if_there, write_atomically};
use serde::{Deserialize, Serialize};
use serde_json::ser::{PrettyFormatter, Serializer};

use crate::{Error, RepoCache};

const FORMAT_VERSION: u64 = 1;

/// One file of a commit, as listed by the Hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeFile {
    /// Its path in the repository, as the Hub wrote it: not yet checked.
    pub path: String,
    /// Its size.
    pub size: u64,
    /// Its git object id: of the content, or for a large file of the pointer to it.
    pub blob_id: String,
    /// For a large file, the sha256 and the size of its content.
    pub lfs: Option<(Digest, u64)>,
    /// Its name in the content-addressed store, if it is there.
    pub xet_hash: Option<String>,
}

/// The whole document. The fields are in the order of the alphabet, as the official client's are.
#[derive(Serialize, Deserialize)]
struct Document {
    files: BTreeMap<String, Entry>,
    format_version: u64,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    blob_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lfs_sha256: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lfs_size: Option<u64>,
    size: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    xet_hash: Option<String>,
}

impl RepoCache {
    /// The listing of `commit`, if it was kept. One that is malformed or of another version is as
    /// good as none.
    pub fn read_tree(&self, commit: &CommitId) -> Result<Option<Vec<TreeFile>>, Error> {
        read(&self.tree(commit))
    }

    /// Keeps the listing of `commit`. Python trusts it for ever and takes it for the measure of a
    /// complete snapshot, so it must be a whole, recursive one.
    pub fn write_tree(&self, commit: &CommitId, files: &[TreeFile]) -> Result<(), Error> {
        write(&self.tree(commit), files)
    }

    /// Whether a listing of `commit` is kept.
    pub fn has_tree(&self, commit: &CommitId) -> Result<bool, Error> {
        Ok(look(&self.tree(commit))?.is_some())
    }

    /// Forgets the listing of `commit`: it turned out to be wrong.
    pub fn forget_tree(&self, commit: &CommitId) -> Result<(), Error> {
        forget(&self.tree(commit))
    }

    fn tree(&self, commit: &CommitId) -> PathBuf {
        self.folder().join("trees").join(format!("{commit}.json"))
    }
}

pub(crate) fn read(path: &Path) -> Result<Option<Vec<TreeFile>>, Error> {
    match read_if_there(path) {
        Ok(json) => Ok(json.and_then(|json| parse(&json))),
        // Python writes these for their owner's eyes only; others ask the Hub again.
        Err(error) if error.is_permission() => Ok(None),
        Err(error) => Err(error.into()),
    }
}

pub(crate) fn write(path: &Path, files: &[TreeFile]) -> Result<(), Error> {
    if let Some(folder) = path.parent() {
        ensure_dir(folder)?;
    }
    Ok(write_atomically(path, &render(files))?)
}

pub(crate) fn forget(path: &Path) -> Result<(), Error> {
    Ok(remove_if_there(path)?)
}

/// The commits of which a listing is kept in `folder`.
pub(crate) fn commits_in(folder: &Path) -> Vec<CommitId> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names
        .filter_map(|name| name.strip_suffix(".json")?.parse().ok())
        .collect()
}

fn parse(json: &[u8]) -> Option<Vec<TreeFile>> {
    let document: Document = serde_json::from_slice(json).ok()?;
    if document.format_version != FORMAT_VERSION {
        return None;
    }
    let files = document.files.into_iter();
    files.map(|(path, entry)| entry.into_file(path)).collect()
}

fn render(files: &[TreeFile]) -> Vec<u8> {
    let document = Document {
        files: files.iter().map(|f| (f.path.clone(), f.into())).collect(),
        format_version: FORMAT_VERSION,
    };
    let mut json = Vec::new();
    let format = PrettyFormatter::with_indent(b" ");
    document
        .serialize(&mut Serializer::with_formatter(&mut json, format))
        .expect("maps of strings and numbers always serialise into memory");
    json
}

impl Entry {
    fn into_file(self, path: String) -> Option<TreeFile> {
        let lfs = match (self.lfs_sha256, self.lfs_size) {
            (Some(sha256), Some(size)) => Some((parse_sha256(&sha256)?, size)),
            (None, None) => None,
            _ => return None,
        };
        // The store's names are 64 hex digits too.
        let is_good = |hash: &String| parse_sha256(hash).is_some();
        if !self.xet_hash.as_ref().is_none_or(is_good) {
            return None;
        }
        Some(TreeFile {
            path,
            size: self.size,
            blob_id: self.blob_id,
            lfs,
            xet_hash: self.xet_hash,
        })
    }
}

impl From<&TreeFile> for Entry {
    fn from(file: &TreeFile) -> Self {
        Self {
            blob_id: file.blob_id.clone(),
            lfs_sha256: file.lfs.map(|(digest, _)| digest.to_string()),
            lfs_size: file.lfs.map(|(_, size)| size),
            size: file.size,
            xet_hash: file.xet_hash.clone(),
        }
    }
}

fn parse_sha256(hex: &str) -> Option<Digest> {
    Digest::parse(hex).filter(|digest| matches!(digest, Digest::Sha256(_)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn small() -> TreeFile {
        TreeFile {
            path: "config.json".to_owned(),
            size: 2,
            blob_id: Digest::git_blob(b"{}").to_string(),
            lfs: None,
            xet_hash: None,
        }
    }

    fn large() -> TreeFile {
        TreeFile {
            path: "a/w.bin".to_owned(),
            size: 7,
            blob_id: Digest::git_blob(b"pointer").to_string(),
            lfs: Some((Digest::sha256(b"content"), 7)),
            xet_hash: Some(Digest::sha256(b"xet").to_string()),
        }
    }

    #[test]
    fn a_listing_is_written_as_the_official_client_writes_it() {
        let blob_id = small().blob_id;
        let expected = format!(
            "{{\n \"files\": {{\n  \"config.json\": {{\n   \"blob_id\": \"{blob_id}\",\n   \
             \"size\": 2\n  }}\n }},\n \"format_version\": 1\n}}"
        );
        assert_eq!(String::from_utf8(render(&[small()])).unwrap(), expected);
    }

    #[test]
    fn what_was_written_is_read_again_in_the_order_of_paths() {
        let files = parse(&render(&[small(), large()])).unwrap();
        assert_eq!(files, [large(), small()]);
    }

    #[test]
    fn a_listing_that_is_not_quite_right_is_as_good_as_none() {
        let good = String::from_utf8(render(&[small(), large()])).unwrap();
        assert!(parse(good.as_bytes()).is_some());
        for (from, to) in [
            ("\"format_version\": 1", "\"format_version\": 2"),
            ("\"lfs_size\": 7,", ""),
            ("\"size\": 2", "\"size\": -2"),
            ("\"xet_hash\": \"", "\"xet_hash\": \"0"),
            ("\"lfs_sha256\": \"", "\"lfs_sha256\": \"x"),
            ("}", ""),
        ] {
            let bad = good.replacen(from, to, 1);
            assert_ne!(bad, good);
            assert_eq!(parse(bad.as_bytes()), None, "{to}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_harm(bytes: Vec<u8>) {
            let _ = parse(&bytes);
        }
    }
}
