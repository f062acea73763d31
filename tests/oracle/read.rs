//! One repository: what it is, its files, its refs and its history.

use futures_util::TryStreamExt;
use hubdesk_hub::card::Value as CardValue;
use hubdesk_hub::{
    Commit, Details, EntryKind, Gated, OfKind, Ref, Safetensors, SafetensorsFile, Span, TreeEntry,
    Wanted,
};
use serde_json::{Map, Value, json};

use crate::Outcome;
use crate::question::Question;

/// Most of a patch that is read.
const PATCH: usize = 1 << 20;

pub(crate) async fn answer(asked: &Question) -> Outcome {
    Ok(Some(match asked.call() {
        "details" => {
            let revision = asked.revision()?;
            let found = asked.repo()?.details(&revision, Wanted::WithFiles).await?;
            details(&found)
        }
        "exists" => json!(asked.repo()?.exists().await?),
        "revision_exists" => json!(asked.repo()?.revision_exists(&asked.revision()?).await?),
        "resolve" => json!(asked.commit().await?.as_str()),
        "file_exists" => {
            let (revision, path) = (asked.revision()?, asked.text("path")?);
            json!(asked.repo()?.file_exists(&revision, path).await?)
        }
        "file_metadata" => {
            let (revision, path) = (asked.revision()?, asked.text("path")?);
            let found = asked.repo()?.file_metadata(&revision, path).await?;
            json!([found.commit.as_str(), found.etag.to_string(), found.size])
        }
        "content" => {
            let (repo, commit) = (asked.repo()?, asked.commit().await?);
            let file = repo.file(&commit, asked.text("path")?);
            let mut body = file.get(None).await?;
            let mut text = Vec::new();
            while let Some(chunk) = body.chunk().await? {
                text.extend_from_slice(&chunk);
            }
            json!(String::from_utf8_lossy(&text))
        }
        "tree" => {
            let (repo, commit) = (asked.repo()?, asked.commit().await?);
            let path = asked.some("path");
            let found: Vec<TreeEntry> = match asked.is("in_detail") {
                true => repo.folder_in_detail(&commit, path).try_collect().await?,
                false => {
                    let recursive = asked.is("recursive");
                    repo.tree(&commit, path, recursive).try_collect().await?
                }
            };
            found.iter().map(entry).collect()
        }
        "paths_info" => {
            let (repo, commit) = (asked.repo()?, asked.commit().await?);
            let found = repo.paths_info(&commit, &asked.texts("paths")).await?;
            found.iter().map(entry).collect()
        }
        "tree_size" => {
            let (repo, commit) = (asked.repo()?, asked.commit().await?);
            json!(repo.tree_size(&commit, asked.some("path")).await?)
        }
        "refs" => {
            let refs = asked.repo()?.refs().await?;
            json!({
                "branches": refs_of(&refs.branches),
                "tags": refs_of(&refs.tags),
                "converts": refs_of(&refs.converts),
                "pull_requests": refs_of(&refs.pull_requests),
            })
        }
        "commits" => {
            let commits = asked.repo()?.commits(&asked.revision()?);
            let found: Vec<Commit> = commits.try_collect().await?;
            found.iter().map(commit).collect()
        }
        "card" => {
            let card = asked.repo()?.card(&asked.commit().await?).await?;
            match card {
                None => Value::Null,
                Some(card) => {
                    let metadata = card.metadata()?;
                    let data = metadata
                        .iter()
                        .map(|(key, value)| (key.to_owned(), plain(value)));
                    json!({"data": data.collect::<Map<_, _>>(), "body": card.body()})
                }
            }
        }
        "safetensors" => {
            let found = asked.repo()?.safetensors(&asked.commit().await?).await?;
            found.as_ref().map_or(Value::Null, safetensors)
        }
        "safetensors_file" => {
            let (repo, commit) = (asked.repo()?, asked.commit().await?);
            tensors(&repo.safetensors_file(&commit, asked.text("path")?).await?)
        }
        "changed_files" => {
            let found = asked.repo()?.changed_files(&span(asked)?).await?;
            let digest = |digest: Option<hubdesk_core::Digest>| digest.map(|one| one.to_string());
            let found = found.into_iter();
            found
                .map(|one| json!([one.path, digest(one.old), digest(one.new)]))
                .collect()
        }
        "patch" => json!(asked.repo()?.patch(&span(asked)?, PATCH).await?.text),
        "scan" => {
            let found = asked.repo()?.scan().await?;
            let issues = found.issues.iter().map(|issue| issue.path.as_str());
            json!([found.is_done, issues.collect::<Vec<_>>()])
        }
        _ => return Ok(None),
    }))
}

fn span(asked: &Question) -> Result<Span, Box<dyn std::error::Error>> {
    Ok(Span::Between {
        base: asked.parsed("base")?,
        head: asked.parsed("head")?,
    })
}

pub(crate) fn gated(gated: &Gated) -> Value {
    match gated {
        Gated::No => json!(false),
        Gated::Auto => json!("auto"),
        Gated::Manual => json!("manual"),
        Gated::Other(word) => json!(word),
    }
}

fn details(found: &Details) -> Value {
    let common = &found.common;
    let files = common.siblings.iter().flatten();
    let files = files.map(|file| {
        let sha256 = file.lfs.as_ref().map(|lfs| lfs.sha256.to_string());
        json!([file.path, file.size, file.blob_id, sha256])
    });
    let mut shown = json!({
        "id": found.id.name(),
        "sha": found.sha.as_str(),
        "author": common.author,
        "is_private": common.is_private,
        "gated": gated(&common.gated),
        "downloads": common.downloads,
        "likes": common.likes,
        "tags": common.tags,
        "card_data": common.card_data,
        "files": files.collect::<Vec<_>>(),
        "has_no_discussions": common.has_no_discussions,
    });
    match &found.of_kind {
        OfKind::Model(facts) => {
            shown["pipeline_tag"] = json!(facts.pipeline_tag);
            shown["library_name"] = json!(facts.library_name);
            let parameters = facts.safetensors.as_ref().map(|found| &found.by_type);
            shown["parameters"] = json!(parameters);
        }
        OfKind::Dataset(facts) => shown["description"] = json!(facts.description),
        OfKind::Space(facts) => {
            shown["sdk"] = json!(facts.sdk);
            shown["subdomain"] = json!(facts.subdomain);
            shown["models"] = json!(facts.models);
            shown["datasets"] = json!(facts.datasets);
            shown["stage"] = json!(facts.runtime.as_ref().map(|runtime| &runtime["stage"]));
        }
    }
    shown
}

fn entry(entry: &TreeEntry) -> Value {
    let last = entry.last_commit.as_ref().map(|last| last.id.as_str());
    json!({
        "path": entry.path,
        "is_folder": entry.kind == EntryKind::Directory,
        "size": entry.size,
        "oid": entry.oid.to_string(),
        "sha256": entry.lfs.as_ref().map(|lfs| lfs.sha256.to_string()),
        "last_commit": last,
    })
}

fn refs_of(refs: &[Ref]) -> Value {
    let refs = refs.iter();
    refs.map(|one| json!([one.name, one.full_name, one.commit.as_str()]))
        .collect()
}

fn commit(commit: &Commit) -> Value {
    json!({
        "id": commit.id.as_str(),
        "title": commit.title,
        "message": commit.message,
        "authors": commit.authors,
    })
}

fn safetensors(found: &Safetensors) -> Value {
    let files = found.files.iter();
    let files = files.map(|(path, file)| (path.clone(), tensors(file)));
    json!({
        "is_sharded": found.is_sharded,
        "parameters": found.parameters(),
        "files": files.collect::<Map<_, _>>(),
    })
}

fn tensors(file: &SafetensorsFile) -> Value {
    let tensors = file.tensors.iter().map(|tensor| {
        let facts = json!([tensor.dtype, tensor.shape, tensor.parameters]);
        (tensor.name.clone(), facts)
    });
    Value::Object(tensors.collect::<Map<_, _>>())
}

/// A value of a card as JSON.
fn plain(value: &CardValue) -> Value {
    match value {
        CardValue::Null => Value::Null,
        CardValue::Bool(is) => json!(is),
        CardValue::Number(number) => json!(number),
        CardValue::Text(text) => json!(text),
        CardValue::List(items) => items.iter().map(plain).collect(),
        CardValue::Map(map) => {
            let entries = map
                .iter()
                .map(|(key, value)| (key.to_owned(), plain(value)));
            Value::Object(entries.collect())
        }
    }
}
