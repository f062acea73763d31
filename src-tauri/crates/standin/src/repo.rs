//! What one repository is, in the words of the Hub's API.

use hubdesk_core::{Digest, RepoId, RepoKind, date};
use serde_json::{Map, Value, json};

use crate::about::Gate;
use crate::answer::Answer;
use crate::ask::{self, Ask};
use crate::error::Refusal;
use crate::git::{Commit, File};
use crate::model::Repo;
use crate::security;

/// Properties that come only when they are asked for by name.
const ONLY_EXPANDED: [&str; 5] = [
    "downloadsAllTime",
    "trendingScore",
    "mainSize",
    "baseModels",
    "childrenModelCount",
];

/// `GET /api/{kind}/{id}[/revision/{revision}]`.
pub(crate) fn info(ask: &Ask<'_>, id: &RepoId, revision: Option<&str>) -> Result<Answer, Refusal> {
    let repo = ask.repo(id)?;
    let commit = ask::commit(&repo, revision.unwrap_or("main"))?;
    let mut all = describe(&repo, &commit);
    if ask.query.is_true("blobs") {
        all.insert("siblings".to_owned(), siblings(&commit, true));
    }
    if ask.query.is_true("securityStatus") && id.kind() == RepoKind::Model {
        all.insert("securityRepoStatus".to_owned(), security::of_repo(&commit));
    }
    let expand: Vec<&str> = ask.query.all("expand").collect();
    if expand.is_empty() {
        all.retain(|key, _| !ONLY_EXPANDED.contains(&key.as_str()));
    } else {
        pick(&mut all, &expand);
    }
    Ok(Answer::json(Value::Object(all)))
}

/// Keeps the id and the named properties.
pub(crate) fn pick(all: &mut Map<String, Value>, names: &[&str]) {
    all.retain(|key, _| key == "_id" || key == "id" || names.contains(&key.as_str()));
}

/// Everything there is to say about a repository at a commit.
pub(crate) fn describe(repo: &Repo, commit: &Commit) -> Map<String, Value> {
    let about = &repo.about;
    let modified = repo.resolve("main").map_or(commit.date, |head| head.date);
    let size = |file: &File| file.blob.content.size();
    let gated = match about.gate {
        None => json!(false),
        Some(Gate::Auto) => json!("auto"),
        Some(Gate::Manual) => json!("manual"),
    };
    let mut all = Map::new();
    let mut put = |key: &str, value: Value| {
        all.insert(key.to_owned(), value);
    };
    put("_id", json!(object_id(&repo.id.to_string())));
    put("id", json!(repo.id.name()));
    if let Some(owner) = repo.id.owner() {
        put("author", json!(owner));
    }
    put("sha", json!(commit.id.as_str()));
    put("createdAt", json!(date::iso(about.created)));
    put("lastModified", json!(date::iso(modified)));
    put("private", json!(about.is_private));
    put("gated", gated);
    put("disabled", json!(about.is_disabled));
    put("likes", json!(about.likes));
    put("trendingScore", json!(about.likes / 7));
    put("tags", json!(repo.tags));
    put("cardData", json!(repo.card));
    put("siblings", siblings(commit, false));
    put(
        "usedStorage",
        json!(commit.tree.files.values().map(size).sum::<u64>()),
    );
    put("discussionsDisabled", json!(about.discussions_disabled));
    if repo.id.kind() != RepoKind::Space {
        put("downloads", json!(about.downloads));
        put("downloadsAllTime", json!(about.downloads * 9));
    }
    let of_card = |key: &str| repo.card.get(key).cloned();
    match repo.id.kind() {
        RepoKind::Model => {
            put("modelId", json!(repo.id.name()));
            put("spaces", json!([]));
            for key in ["pipeline_tag", "library_name", "model-index", "mask_token"] {
                of_card(key).into_iter().for_each(|value| put(key, value));
            }
        }
        RepoKind::Dataset => {
            put(
                "mainSize",
                json!(commit.tree.files.values().map(size).sum::<u64>()),
            );
        }
        RepoKind::Space => {
            let name = repo.id.name().replace(['/', '.', '_'], "-").to_lowercase();
            put("subdomain", json!(name));
            for key in ["sdk", "models", "datasets"] {
                of_card(key).into_iter().for_each(|value| put(key, value));
            }
        }
    }
    for (key, value) in &about.properties {
        put(key, value.clone());
    }
    if let Some(space) = &repo.space {
        put("runtime", space.runtime());
    }
    all
}

fn siblings(commit: &Commit, with_blobs: bool) -> Value {
    let files = commit.tree.files.iter();
    files
        .map(|(path, file)| {
            let mut sibling = json!({ "rfilename": path });
            if with_blobs {
                sibling["blobId"] = json!(file.blob.id.to_string());
                sibling["size"] = json!(file.blob.content.size());
                if let Some(lfs) = &file.blob.lfs {
                    sibling["lfs"] = json!({
                        "sha256": lfs.sha256.to_string(),
                        "size": file.blob.content.size(),
                        "pointerSize": lfs.pointer_size,
                    });
                }
            }
            sibling
        })
        .collect()
}

/// 24 hex digits that belong to a name for ever.
pub(crate) fn object_id(name: &str) -> String {
    Digest::sha256(name.as_bytes()).to_string()[..24].to_owned()
}
