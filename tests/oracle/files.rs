//! Commits, and how large files get into them.

use std::io;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use hubdesk_core::{Digest, RepoPath};
use hubdesk_hub::{Candidate, LargeObject, Message, Mode, Operation, Operations, Target, Way};
use serde_json::{Value, json};

use crate::Outcome;
use crate::question::Question;

type Asked<T> = Result<T, Box<dyn std::error::Error>>;

pub(crate) async fn answer(asked: &Question) -> Outcome {
    Ok(Some(match asked.call() {
        "commit" => {
            let (put, put_large) = (asked.value("put"), asked.value("put_large"));
            let mut operations = Vec::new();
            for (path, text) in put.as_object().into_iter().flatten() {
                let path = RepoPath::new(path)?;
                let content = text.as_str().unwrap_or_default().to_owned().into();
                operations.push(Operation::Put { path, content });
            }
            for (path, text) in put_large.as_object().into_iter().flatten() {
                let content: Bytes = text.as_str().unwrap_or_default().to_owned().into();
                operations.push(send(asked, path, content).await?);
            }
            for path in asked.texts("remove") {
                operations.push(Operation::RemoveFile {
                    path: RepoPath::new(path)?,
                });
            }
            for path in asked.texts("remove_folders") {
                operations.push(Operation::RemoveFolder {
                    path: RepoPath::new(path)?,
                });
            }
            commit(asked, operations).await?
        }
        "copy" => {
            let from = asked.hub.repo(&asked.id("from")?);
            let at = from.resolve(&asked.revision()?).await?;
            let to = RepoPath::new(asked.text("to")?)?;
            let operation = from.copy_of(&at, asked.text("path")?, to).await?;
            commit(asked, vec![operation]).await?
        }
        "upload_modes" => {
            let paths: Result<Vec<RepoPath>, _> = asked
                .texts("paths")
                .into_iter()
                .map(RepoPath::new)
                .collect();
            let paths = paths?;
            let candidates = paths.iter().map(|path| Candidate {
                path,
                size: 10,
                head: b"0123456789",
            });
            let candidates: Vec<_> = candidates.collect();
            let target = target(asked).await?;
            let repo = asked.repo()?;
            let modes = repo.upload_modes(&target, &candidates, None).await?;
            let modes = modes.iter();
            modes
                .map(|one| json!([one.mode == Mode::Large, one.is_ignored]))
                .collect()
        }
        _ => return Ok(None),
    }))
}

async fn target(asked: &Question) -> Asked<Target> {
    let parent = asked.commit().await?;
    Ok(match asked.is("as_pull_request") {
        true => Target::PullRequest { base: parent },
        false => Target::Branch {
            name: asked.revision()?,
            parent,
        },
    })
}

async fn commit(asked: &Question, list: Vec<Operation>) -> Asked<Value> {
    let mut operations = Operations::new();
    for operation in list {
        let too_much = |_| "that is too much for one commit";
        operations.push(operation).map_err(too_much)?;
    }
    let message = Message {
        title: asked.text("title")?.to_owned(),
        description: String::new(),
    };
    let target = target(asked).await?;
    let made = asked.repo()?.commit(&target, &message, &operations).await?;
    Ok(json!([made.id.as_str(), made.pull_request]))
}

/// Sends the content of a large file, and says what a commit calls it.
async fn send(asked: &Question, path: &str, content: Bytes) -> Asked<Operation> {
    let repo = asked.repo()?;
    let object = LargeObject {
        sha256: Digest::sha256(&content),
        size: content.len() as u64,
    };
    let target = target(asked).await?;
    let slots = repo.large_uploads(&target, &[object], false).await?;
    for slot in slots {
        if let Way::Upload(upload) = slot.way {
            let mut tags = Vec::new();
            for (part, range) in upload.parts().enumerate() {
                let range = usize::try_from(range.start)?..usize::try_from(range.end)?;
                let bytes = content.slice(range);
                let open = || stream::iter([io::Result::Ok(bytes.clone())]).boxed();
                tags.push(upload.send(part, open).await?);
            }
            upload.finish(tags).await?;
        }
    }
    Ok(Operation::PutLarge {
        path: RepoPath::new(path)?,
        sha256: object.sha256,
        size: Some(object.size),
    })
}
