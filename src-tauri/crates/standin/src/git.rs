//! Git's objects, as far as a listing shows them: blobs, trees and commits with their real ids.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use hubdesk_core::{CommitId, Digest};
use sha1::{Digest as _, Sha1};

use crate::content::Content;

/// A file's content as a repository keeps it.
pub(crate) struct Blob {
    pub(crate) content: Content,
    /// What git knows: the id of the content, or of the pointer to it.
    pub(crate) id: Digest,
    pub(crate) lfs: Option<Lfs>,
}

/// What the pointer to a large file says.
pub(crate) struct Lfs {
    pub(crate) sha256: Digest,
    pub(crate) pointer_size: u64,
    /// Its id in the chunk store, once it is there.
    pub(crate) xet_hash: OnceLock<String>,
}

impl Blob {
    pub(crate) fn regular(content: Content) -> Self {
        Self {
            id: content.git_blob(),
            content,
            lfs: None,
        }
    }

    pub(crate) fn large(content: Content) -> Self {
        let sha256 = content.sha256();
        let pointer = pointer(&sha256, content.size());
        Self {
            id: Digest::git_blob(pointer.as_bytes()),
            lfs: Some(Lfs {
                sha256,
                pointer_size: pointer.len() as u64,
                xet_hash: OnceLock::new(),
            }),
            content,
        }
    }

    /// What git holds in place of a large file.
    pub(crate) fn pointer(&self) -> String {
        pointer(&self.digest(), self.content.size())
    }

    /// The name of the content: what an etag says.
    pub(crate) fn digest(&self) -> Digest {
        self.lfs.as_ref().map_or(self.id, |lfs| lfs.sha256)
    }
}

fn pointer(sha256: &Digest, size: u64) -> String {
    format!("version https://git-lfs.github.com/spec/v1\noid sha256:{sha256}\nsize {size}\n")
}

/// One file of a tree.
#[derive(Clone)]
pub(crate) struct File {
    pub(crate) blob: Arc<Blob>,
    /// The name is hostile on purpose: it is listed as it is, and makes no folders.
    pub(crate) is_raw: bool,
}

/// All files at one commit by path, and the ids of the folders they make.
pub(crate) struct Tree {
    pub(crate) files: BTreeMap<String, File>,
    pub(crate) folders: BTreeMap<String, String>,
    id: [u8; 20],
}

enum Node<'a> {
    File(&'a Blob),
    Folder(BTreeMap<&'a str, Node<'a>>),
}

impl Tree {
    pub(crate) fn new(files: BTreeMap<String, File>) -> Self {
        let mut root = BTreeMap::new();
        for (path, file) in &files {
            if file.is_raw {
                root.insert(path.as_str(), Node::File(&file.blob));
                continue;
            }
            let mut folder = &mut root;
            let (parents, name) = path.rsplit_once('/').unwrap_or(("", path));
            for part in parents.split('/').filter(|part| !part.is_empty()) {
                let node = folder
                    .entry(part)
                    .or_insert_with(|| Node::Folder(BTreeMap::new()));
                match node {
                    Node::Folder(inner) => folder = inner,
                    Node::File(_) => panic!("{path} lies below a file"),
                }
            }
            folder.insert(name, Node::File(&file.blob));
        }
        let mut folders = BTreeMap::new();
        let id = write_folder("", &root, &mut folders);
        Self { files, folders, id }
    }

    /// Whether `path` is a folder with something in it; the root always is one.
    pub(crate) fn has_folder(&self, path: &str) -> bool {
        path.is_empty() || self.folders.contains_key(path)
    }
}

/// Hashes one folder and, on the way, every folder below it.
fn write_folder(
    path: &str,
    nodes: &BTreeMap<&str, Node<'_>>,
    folders: &mut BTreeMap<String, String>,
) -> [u8; 20] {
    let mut entries: Vec<(String, Vec<u8>)> = Vec::with_capacity(nodes.len());
    for (name, node) in nodes {
        let (mode, order, id) = match node {
            Node::File(blob) => ("100644", (*name).to_owned(), raw_id(blob)),
            Node::Folder(inner) => {
                let below = if path.is_empty() {
                    (*name).to_owned()
                } else {
                    format!("{path}/{name}")
                };
                let id = write_folder(&below, inner, folders);
                folders.insert(below, hex(id));
                // Git sorts a folder as if its name ended in a slash.
                ("40000", format!("{name}/"), id)
            }
        };
        let mut entry = format!("{mode} {name}\0").into_bytes();
        entry.extend(id);
        entries.push((order, entry));
    }
    entries.sort();
    let body: Vec<u8> = entries.into_iter().flat_map(|(_, entry)| entry).collect();
    object("tree", &body)
}

fn raw_id(blob: &Blob) -> [u8; 20] {
    match blob.id {
        Digest::GitBlob(id) => id,
        Digest::Sha256(_) => unreachable!("a blob's own id is always git's"),
    }
}

/// One commit.
pub(crate) struct Commit {
    pub(crate) id: CommitId,
    pub(crate) parent: Option<CommitId>,
    pub(crate) tree: Tree,
    pub(crate) title: String,
    /// The rest of what it says.
    pub(crate) message: String,
    pub(crate) author: String,
    pub(crate) date: u64,
    /// The paths that differ from the parent.
    pub(crate) changed: Vec<String>,
}

impl Commit {
    /// `message` is a title and, after an empty line, more if there is more to say.
    pub(crate) fn new(
        parent: Option<&Commit>,
        files: BTreeMap<String, File>,
        changed: Vec<String>,
        message: &str,
        author: &str,
        date: u64,
    ) -> Self {
        let tree = Tree::new(files);
        let mut text = format!("tree {}\n", hex(tree.id));
        if let Some(parent) = parent {
            text += &format!("parent {}\n", parent.id);
        }
        let who = format!("{author} <{author}@users.invalid> {date} +0000");
        text += &format!("author {who}\ncommitter {who}\n\n{message}\n");
        let (title, message) = message.split_once("\n\n").unwrap_or((message, ""));
        let id = hex(object("commit", text.as_bytes()));
        Self {
            id: id.parse().expect("a sha1 in hex is a commit id"),
            parent: parent.map(|parent| parent.id.clone()),
            tree,
            title: title.to_owned(),
            message: message.to_owned(),
            author: author.to_owned(),
            date,
            changed,
        }
    }
}

fn object(kind: &str, body: &[u8]) -> [u8; 20] {
    let mut sha1 = Sha1::new();
    sha1.update(format!("{kind} {}\0", body.len()));
    sha1.update(body);
    sha1.finalize().into()
}

fn hex(id: [u8; 20]) -> String {
    Digest::GitBlob(id).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_those_git_itself_computes() {
        let file = |text: &'static str| File {
            blob: Arc::new(Blob::regular(Content::bytes(text))),
            is_raw: false,
        };
        let files = BTreeMap::from([
            ("a.txt".to_owned(), file("a\n")),
            ("a/b.txt".to_owned(), file("b\n")),
            ("a/deep/c.txt".to_owned(), file("c\n")),
        ]);
        let commit = Commit::new(None, files, Vec::new(), "first", "ada", 1_700_000_000);
        assert_eq!(
            hex(commit.tree.id),
            "da7e61a02f2e21462925a46e84b893dda750077c"
        );
        assert_eq!(
            commit.id.as_str(),
            "382fdcb8a146274503a9162a34b9bd55df04bc18"
        );
    }

    #[test]
    fn a_large_file_is_known_to_git_by_its_pointer() {
        let blob = Blob::large(Content::bytes("hello"));
        let lfs = blob.lfs.as_ref().unwrap();
        assert_eq!(lfs.sha256, Digest::sha256(b"hello"));
        assert_eq!(lfs.pointer_size, 126);
        assert_eq!(blob.digest(), lfs.sha256);
        assert!(matches!(blob.id, Digest::GitBlob(_)));
    }
}
