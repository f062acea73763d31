//! The last answers of each account, for when its Hub cannot be asked.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};
use std::time::{SystemTime, UNIX_EPOCH};

use hubdesk_core::Digest;
use hubdesk_disk::{read_if_there, write_atomically};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::api::{Reply, Tag, table};

/// The version of the files' form. Others are as good as none.
const VERSION: u32 = 1;
/// One that is larger is not worth its room: a list of some ten thousand files.
const LARGEST: usize = 4 << 20;
/// Answers that are kept, of all accounts together; the oldest go first.
const MOST: usize = 1000;
/// Their size together.
const MOST_BYTES: u64 = 64 << 20;

/// The owner of the folder with the answers. Nothing in it is needed: what cannot be read or
/// written counts as not there. All functions block.
pub(crate) struct Answers {
    /// `None` where nobody says which place that is.
    folder: Option<PathBuf>,
    /// Held while one is kept or an account's are forgotten, so that none comes after its account
    /// has gone.
    changing: Mutex<()>,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    version: u32,
    command: String,
    request: Value,
    as_of: u64,
    answer: Value,
}

/// Whether answers of this command are kept: it asks the Hub, and what it says is worth knowing
/// later. A plan of a download is not.
pub(crate) fn is_kept(command: &str) -> bool {
    let row = table::COMMANDS.iter().find(|row| row.name == command);
    let reads = row.map_or(&[][..], |row| row.reads);
    let is_of_hub = reads.contains(&Tag::Repo) || reads.contains(&Tag::RepoList);
    is_of_hub && !matches!(command, "plan_download" | "download_choices")
}

impl Answers {
    pub(crate) fn new(folder: Option<PathBuf>) -> Self {
        Self {
            folder,
            changing: Mutex::default(),
        }
    }

    /// Keeps `answer`, given at `now`, for `account`, if that `is_current` still.
    pub(crate) fn keep(
        &self,
        account: &str,
        command: &str,
        request: &Value,
        answer: &Value,
        now: SystemTime,
        is_current: impl FnOnce() -> bool,
    ) {
        let _alone = self.alone();
        if !is_current() {
            return;
        }
        let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        let kept = Kept {
            version: VERSION,
            command: command.to_owned(),
            request: request.clone(),
            as_of: u64::try_from(since.as_millis()).unwrap_or(u64::MAX),
            answer: answer.clone(),
        };
        let text = serde_json::to_vec(&kept).expect("answers are plain data with text keys");
        let Some(path) = self.path(account, command, request) else {
            return;
        };
        if text.len() > LARGEST {
            return;
        }
        let written = path.parent().map_or(Ok(()), ensure_private).map(|()| {
            if let Err(error) = write_atomically(&path, &text) {
                tracing::debug!(%error, "an answer is not kept");
            }
        });
        if let Err(error) = written {
            tracing::debug!(%error, "answers are not kept");
        }
        self.make_room();
    }

    /// The last answer for `account`, if it is still there.
    pub(crate) fn find(&self, account: &str, command: &str, request: &Value) -> Option<Reply> {
        let text = read_if_there(&self.path(account, command, request)?).ok()??;
        let kept: Kept = serde_json::from_slice(&text).ok()?;
        let is_it = kept.version == VERSION && kept.command == command && kept.request == *request;
        is_it.then_some(Reply {
            answer: kept.answer,
            as_of: Some(kept.as_of),
        })
    }

    /// Forgets everything of `account`.
    pub(crate) fn forget(&self, account: &str) {
        let _alone = self.alone();
        let Some(folder) = self.account(account) else {
            return;
        };
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%error, "kept answers cannot be removed");
            }
            Ok(()) | Err(_) => {}
        }
    }

    fn alone(&self) -> MutexGuard<'_, ()> {
        self.changing
            .lock()
            .expect("nothing panics while it holds this lock")
    }

    fn account(&self, account: &str) -> Option<PathBuf> {
        Some(self.folder.as_ref()?.join(name(account)))
    }

    fn path(&self, account: &str, command: &str, request: &Value) -> Option<PathBuf> {
        let question = format!("{command} {request}");
        Some(
            self.account(account)?
                .join(format!("{}.json", name(&question))),
        )
    }

    /// Removes the oldest until what is left is little enough.
    fn make_room(&self) {
        let Some(folder) = &self.folder else { return };
        let mut files = Vec::new();
        for account in entries(folder) {
            for file in entries(&account.path()) {
                if let Ok(found) = file.metadata()
                    && let Ok(modified) = found.modified()
                {
                    files.push((modified, found.len(), file.path()));
                }
            }
        }
        files.sort_by_key(|(modified, ..)| std::cmp::Reverse(*modified));
        let mut bytes = 0;
        for (n, (_, size, path)) in files.into_iter().enumerate() {
            bytes += size;
            if n >= MOST || bytes > MOST_BYTES {
                // What cannot be removed now is tried again with the next answer.
                let _ = fs::remove_file(path);
            }
        }
    }
}

/// A name for a file that says nothing about what it stands for.
fn name(text: &str) -> String {
    Digest::sha256(text.as_bytes()).to_string()
}

fn entries(folder: &Path) -> Vec<fs::DirEntry> {
    fs::read_dir(folder).map_or_else(|_| Vec::new(), |entries| entries.flatten().collect())
}

/// Makes a folder that nobody else can look into.
fn ensure_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::*;

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn the_last_answer_is_found_with_its_time_for_this_account_and_question_only() {
        let home = tempfile::tempdir().unwrap();
        let answers = Answers::new(Some(home.path().join("answers")));
        let request = json!({ "a": 1 });
        answers.keep("mira", "repo_list", &request, &json!("old"), at(1), || true);
        answers.keep("mira", "repo_list", &request, &json!("new"), at(2), || true);
        let found = answers.find("mira", "repo_list", &request).unwrap();
        assert_eq!((found.answer, found.as_of), (json!("new"), Some(2000)));
        assert_eq!(answers.find("other", "repo_list", &request), None);
        assert_eq!(answers.find("mira", "repo_card", &request), None);
        assert_eq!(answers.find("mira", "repo_list", &json!({ "a": 2 })), None);
        answers.forget("mira");
        assert_eq!(answers.find("mira", "repo_list", &request), None);
    }

    #[test]
    fn a_damaged_answer_is_none_and_the_next_one_takes_its_place() {
        let home = tempfile::tempdir().unwrap();
        let answers = Answers::new(Some(home.path().to_owned()));
        let request = json!(null);
        answers.keep("mira", "repo_list", &request, &json!(1), at(1), || true);
        let file = entries(&entries(home.path())[0].path())[0].path();
        for text in ["", "{", r#"{"version":2}"#] {
            fs::write(&file, text).unwrap();
            assert_eq!(answers.find("mira", "repo_list", &request), None, "{text}");
        }
        answers.keep("mira", "repo_list", &request, &json!(3), at(3), || true);
        assert!(answers.find("mira", "repo_list", &request).is_some());
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_can_look_into_the_folder() {
        use std::os::unix::fs::PermissionsExt as _;
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("cache/answers");
        let answers = Answers::new(Some(folder.clone()));
        answers.keep("mira", "repo_list", &json!(null), &json!(1), at(1), || true);
        let mode = fs::metadata(&folder).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }

    #[test]
    fn what_is_too_large_is_not_kept_and_the_oldest_make_room() {
        let home = tempfile::tempdir().unwrap();
        let answers = Answers::new(Some(home.path().to_owned()));
        let keep = |n: usize, answer: Value| {
            answers.keep(
                "mira",
                "repo_list",
                &json!(n),
                &answer,
                at(n as u64),
                || true,
            );
        };
        keep(0, json!("x".repeat(LARGEST)));
        assert_eq!(answers.find("mira", "repo_list", &json!(0)), None);
        for n in 1..=20 {
            keep(n, json!("x".repeat(LARGEST - 1000)));
        }
        assert!(answers.find("mira", "repo_list", &json!(20)).is_some());
        assert_eq!(answers.find("mira", "repo_list", &json!(1)), None);
    }

    #[test]
    fn what_is_asked_of_a_hub_is_kept() {
        for command in ["repo_list", "repo_overview", "repo_card", "repo_files"] {
            assert!(is_kept(command), "{command}");
        }
        for command in [
            "plan_download",
            "download_choices",
            "session",
            "settings",
            "start_download",
            "",
        ] {
            assert!(!is_kept(command), "{command}");
        }
    }
}
