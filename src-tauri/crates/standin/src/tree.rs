//! Listings: folders, and entries by path.

use std::collections::HashMap;
use std::sync::Arc;

use axum::http::header;
use hubdesk_core::{RepoId, date};
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::ask::{self, Ask, Query};
use crate::error::Refusal;
use crate::git::{Commit, File};
use crate::model::Repo;
use crate::page::page;
use crate::security;

/// Entries of one page, as on the Hub; fewer when each says more.
const PAGE: usize = 1000;
const EXPANDED_PAGE: usize = 50;
/// Most paths in one question.
const PATHS: usize = 2000;

#[derive(Clone, Copy)]
enum Entry<'a> {
    Folder(&'a str, &'a str),
    File(&'a str, &'a File),
}

impl<'a> Entry<'a> {
    fn path(self) -> &'a str {
        match self {
            Self::Folder(path, _) | Self::File(path, _) => path,
        }
    }
}

/// `GET /api/{kind}/{id}/tree/{revision}[/{path}]`.
pub(crate) fn list(
    ask: &Ask<'_>,
    id: &RepoId,
    revision: &str,
    path: &str,
) -> Result<Answer, Refusal> {
    let repo = ask.repo(id)?;
    let commit = ask::commit(&repo, revision)?;
    let path = path.trim_end_matches('/');
    if !commit.tree.has_folder(path) {
        return Err(ask::no_entry(path, &commit.id));
    }
    let entries = below(&commit, path, ask.query.is_true("recursive"));
    let expand = ask.query.is_true("expand");
    let most = if expand { EXPANDED_PAGE } else { PAGE };
    let mut last = expand.then(|| LastCommits::new(&repo, commit.clone()));
    page(ask, &entries, most, most, |entry| {
        show(*entry, last.as_mut())
    })
}

/// Folders first, then files, each by name.
fn below<'a>(commit: &'a Commit, folder: &str, is_recursive: bool) -> Vec<Entry<'a>> {
    let is_listed = |path: &str| {
        let rest = match folder {
            "" => Some(path),
            folder => path
                .strip_prefix(folder)
                .and_then(|rest| rest.strip_prefix('/')),
        };
        rest.is_some_and(|rest| is_recursive || !rest.contains('/'))
    };
    let folders = commit.tree.folders.iter();
    let folders = folders.map(|(path, id)| Entry::Folder(path, id));
    let files = commit.tree.files.iter();
    let raw = |file: &File| folder.is_empty() && file.is_raw;
    let files = files
        .filter(|(path, file)| raw(file) || is_listed(path))
        .map(|(path, file)| Entry::File(path, file));
    folders
        .filter(|entry| is_listed(entry.path()))
        .chain(files)
        .collect()
}

/// `POST /api/{kind}/{id}/paths-info/{revision}`, asked with JSON or a form.
pub(crate) fn paths(ask: &Ask<'_>, id: &RepoId, revision: &str) -> Result<Answer, Refusal> {
    let repo = ask.repo(id)?;
    let commit = ask::commit(&repo, revision)?;
    let (paths, expand) = asked_paths(ask)?;
    if paths.len() > PATHS {
        return Err(Refusal::BadRequest(format!(
            "paths must be at most {PATHS}"
        )));
    }
    let mut last = expand.then(|| LastCommits::new(&repo, commit.clone()));
    let found = paths.iter().filter_map(|path| {
        let tree = &commit.tree;
        let file = tree.files.get_key_value(path.as_str());
        let folder = || tree.folders.get_key_value(path.as_str());
        file.map(|(path, file)| Entry::File(path, file))
            .or_else(|| folder().map(|(path, id)| Entry::Folder(path, id)))
    });
    Ok(Answer::json(
        found.map(|entry| show(entry, last.as_mut())).collect(),
    ))
}

fn asked_paths(ask: &Ask<'_>) -> Result<(Vec<String>, bool), Refusal> {
    let kind = ask.header(header::CONTENT_TYPE).unwrap_or_default();
    if kind.starts_with("application/x-www-form-urlencoded") {
        let form = Query::parse(&String::from_utf8_lossy(&ask.body));
        return Ok((
            form.all("paths").map(str::to_owned).collect(),
            form.is_true("expand"),
        ));
    }
    let bad = |_| Refusal::BadRequest("the body must be JSON or a form".to_owned());
    let body: Value = serde_json::from_slice(&ask.body).map_err(bad)?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let paths = match &body["paths"] {
        Value::Array(paths) => paths.iter().filter_map(text).collect(),
        path => text(path).into_iter().collect(),
    };
    Ok((paths, body["expand"].as_bool().unwrap_or(false)))
}

/// `GET /api/{kind}/{id}/treesize/{revision}/{path}`.
pub(crate) fn size(
    ask: &Ask<'_>,
    id: &RepoId,
    revision: &str,
    path: &str,
) -> Result<Answer, Refusal> {
    let repo = ask.repo(id)?;
    let commit = ask::commit(&repo, revision)?;
    if !commit.tree.has_folder(path) {
        return Err(ask::no_entry(path, &commit.id));
    }
    let sizes = below(&commit, path, true)
        .into_iter()
        .map(|entry| match entry {
            Entry::File(_, file) => file.blob.content.size(),
            Entry::Folder(..) => 0,
        });
    Ok(Answer::json(
        json!({"path": path, "size": sizes.sum::<u64>()}),
    ))
}

fn show(entry: Entry<'_>, last: Option<&mut LastCommits>) -> Value {
    let mut shown = match entry {
        Entry::Folder(path, id) => json!({"type": "directory", "oid": id, "size": 0, "path": path}),
        Entry::File(path, file) => {
            let (blob, size) = (&file.blob, file.blob.content.size());
            let mut shown =
                json!({"type": "file", "oid": blob.id.to_string(), "size": size, "path": path});
            if let Some(lfs) = &blob.lfs {
                shown["lfs"] = json!({
                    "oid": lfs.sha256.to_string(),
                    "size": size,
                    "pointerSize": lfs.pointer_size,
                });
                if let Some(hash) = lfs.xet_hash.get() {
                    shown["xetHash"] = json!(hash);
                }
            }
            shown
        }
    };
    if let Some(last) = last {
        shown["lastCommit"] = last.of(entry.path());
        if matches!(entry, Entry::File(..)) {
            shown["securityFileStatus"] = security::of_file(entry.path());
        }
    }
    shown
}

/// Which commit touched a path last. Walks the history once, and only as far as it is asked to.
struct LastCommits {
    walk: Box<dyn Iterator<Item = Arc<Commit>>>,
    seen: HashMap<String, Value>,
}

impl LastCommits {
    fn new(repo: &Arc<Repo>, from: Arc<Commit>) -> Self {
        let commits: Vec<_> = repo.history(from).collect();
        Self {
            walk: Box::new(commits.into_iter()),
            seen: HashMap::new(),
        }
    }

    fn of(&mut self, path: &str) -> Value {
        while !self.seen.contains_key(path) {
            let Some(commit) = self.walk.next() else {
                return Value::Null;
            };
            let shown = json!({
                "id": commit.id.as_str(),
                "title": commit.title,
                "date": date::iso(commit.date),
            });
            for changed in &commit.changed {
                let folders = changed.match_indices('/').map(|(end, _)| &changed[..end]);
                for touched in folders.chain([changed.as_str()]) {
                    if !self.seen.contains_key(touched) {
                        self.seen.insert(touched.to_owned(), shown.clone());
                    }
                }
            }
        }
        self.seen[path].clone()
    }
}
