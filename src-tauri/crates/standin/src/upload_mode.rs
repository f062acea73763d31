use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hubdesk_core::RepoId;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::ask::{self, Ask};
use crate::error::Refusal;
use crate::git::Commit;
use crate::rules::{Attributes, Ignored};

/// Files in one question. Unverified: where the Hub draws the line.
const MOST_FILES: usize = 256;
/// Larger files are never regular. Unverified: the Hub's own threshold.
pub(crate) const LARGEST_REGULAR: u64 = 10 << 20;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Question {
    files: Vec<File>,
    git_ignore: Option<String>,
    git_attributes: Option<String>,
}

#[derive(Deserialize)]
struct File {
    path: String,
    size: u64,
    #[serde(default)]
    sample: String,
}

/// `POST /api/{kind}/{id}/preupload/{revision}`.
pub(crate) fn answer(ask: &Ask<'_>, id: &RepoId, rest: &[&str]) -> Option<Result<Answer, Refusal>> {
    match (&ask.method, rest) {
        (&Method::POST, ["preupload", revision]) => Some(modes(ask, id, revision)),
        _ => None,
    }
}

fn modes(ask: &Ask<'_>, id: &RepoId, revision: &str) -> Result<Answer, Refusal> {
    let repo = if ask.query.is_true("create_pr") {
        ask.holder_of("repo.write", id)?;
        ask.repo(id)?
    } else {
        crate::commit::writer(ask, id, revision)?
    };
    let commit = ask::commit(&repo, revision)?;
    let question: Question = ask.json()?;
    if question.files.len() > MOST_FILES {
        let why = format!("files must be at most {MOST_FILES}");
        return Err(Refusal::BadRequest(why));
    }
    let attributes = question
        .git_attributes
        .unwrap_or_else(|| text(&commit, ".gitattributes"));
    let attributes = Attributes::parse(&attributes);
    let ignored = question
        .git_ignore
        .unwrap_or_else(|| text(&commit, ".gitignore"));
    let ignored = Ignored::parse(&ignored);
    let files = question.files.iter().map(|file| {
        let mut mode = json!({
            "path": file.path,
            "uploadMode": if file.is_large(&attributes) { "lfs" } else { "regular" },
            "shouldIgnore": ignored.has(&file.path),
        });
        if let Some(current) = commit.tree.files.get(&file.path) {
            mode["oid"] = json!(current.blob.digest().to_string());
        }
        mode
    });
    Ok(Answer::json(
        json!({"files": files.collect::<Vec<Value>>()}),
    ))
}

impl File {
    /// Unverified: that a zero byte is what makes a file binary for the Hub.
    fn is_large(&self, attributes: &Attributes) -> bool {
        let sample = BASE64.decode(&self.sample).unwrap_or_default();
        self.size > LARGEST_REGULAR || attributes.are_large(&self.path) || sample.contains(&0)
    }
}

fn text(commit: &Commit, path: &str) -> String {
    let file = commit.tree.files.get(path);
    let text = file.map(|file| file.blob.content.read(0, u64::MAX));
    String::from_utf8_lossy(&text.unwrap_or_default()).into_owned()
}
