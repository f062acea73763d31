use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hubdesk_core::{Digest, RepoPath};
use serde::{Deserialize, Serialize};

use crate::ask::Answer;
use crate::call::Call;
use crate::fault::malformed;
use crate::json::or_default;
use crate::{Error, Repo, Target, route};

/// Files in one question, as the official client asks.
const FILES_AT_ONCE: usize = 256;
/// How much of a file's beginning the Hub wants to see, in bytes.
const SAMPLE: usize = 512;

/// A file that may be uploaded.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// Where it is to go.
    pub path: &'a RepoPath,
    /// Its size in bytes.
    pub size: u64,
    /// Its beginning; 512 bytes are enough.
    pub head: &'a [u8],
}

/// What the Hub wants done with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UploadMode {
    /// How it travels.
    pub mode: Mode,
    /// Whether the rules of the repository leave it out.
    pub is_ignored: bool,
    /// What is at its path now, if something is.
    pub current: Option<Digest>,
}

/// How a file travels. Which way is the server's word; nobody else can know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Within the commit.
    Regular,
    /// To the storage host before the commit, which then only names it.
    Large,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Question<'a> {
    files: Vec<File<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    git_ignore: Option<&'a str>,
}

#[derive(Serialize)]
struct File<'a> {
    path: &'a str,
    size: u64,
    sample: String,
}

#[derive(Deserialize)]
struct Modes {
    files: Vec<ModeOf>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ModeOf {
    path: String,
    upload_mode: String,
    #[serde(default, deserialize_with = "or_default")]
    should_ignore: bool,
    oid: Option<String>,
}

impl Repo {
    /// How each of `files` travels to `target`, in their order. `git_ignore` is the content of a
    /// `.gitignore` that is itself part of the upload; otherwise the Hub uses the repository's.
    pub async fn upload_modes(
        &self,
        target: &Target,
        files: &[Candidate<'_>],
        git_ignore: Option<&str>,
    ) -> Result<Vec<UploadMode>, Error> {
        let mut url = route::at(
            self.hub.endpoint(),
            &self.id,
            "preupload",
            target.revision(),
        );
        if target.is_new_pull_request() {
            url.query_pairs_mut().append_pair("create_pr", "1");
        }
        let mut modes = Vec::with_capacity(files.len());
        for batch in files.chunks(FILES_AT_ONCE) {
            let question = Question {
                files: batch.iter().map(File::of).collect(),
                git_ignore,
            };
            let call = Call::question(url.clone(), Some(&self.id)).json(&question);
            let answer: Answer<Modes> = self.hub.ask(&call).await?;
            let said: HashMap<&str, &ModeOf> = answer
                .value
                .files
                .iter()
                .map(|file| (file.path.as_str(), file))
                .collect();
            for file in batch {
                let mode = said
                    .get(file.path.as_str())
                    .and_then(|said| said.read(file.size));
                modes.push(mode.ok_or_else(|| {
                    malformed("a file without a mode", answer.exchange.clone(), None)
                })?);
            }
        }
        Ok(modes)
    }
}

impl<'a> File<'a> {
    fn of(file: &Candidate<'a>) -> Self {
        Self {
            path: file.path.as_str(),
            size: file.size,
            sample: BASE64.encode(&file.head[..file.head.len().min(SAMPLE)]),
        }
    }
}

impl ModeOf {
    /// `None` if the mode is none we know.
    fn read(&self, size: u64) -> Option<UploadMode> {
        let mode = match self.upload_mode.as_str() {
            "regular" => Mode::Regular,
            // A storage host takes no file without content.
            "lfs" if size == 0 => Mode::Regular,
            "lfs" => Mode::Large,
            _ => return None,
        };
        Some(UploadMode {
            mode,
            is_ignored: self.should_ignore,
            current: self.oid.as_deref().and_then(Digest::parse),
        })
    }
}
