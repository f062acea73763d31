//! What the scanners say. Files that end as pickles do are suspicious; nothing else is.

use hubdesk_core::RepoId;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::ask::{self, Ask};
use crate::error::Refusal;
use crate::git::Commit;

/// `GET …/scan`: what was found on the main branch.
pub(crate) fn answer(ask: &Ask<'_>, id: &RepoId, rest: &[&str]) -> Option<Result<Answer, Refusal>> {
    (rest == ["scan"]).then(|| {
        let repo = ask.repo(id)?;
        Ok(Answer::json(of_repo(&*ask::commit(&repo, "main")?)))
    })
}

pub(crate) fn of_repo(commit: &Commit) -> Value {
    let paths = commit.tree.files.keys();
    let issues = paths.filter(|path| is_pickle(path));
    let issues = issues.map(|path| json!({"path": path, "level": "suspicious"}));
    json!({"scansDone": true, "filesWithIssues": issues.collect::<Value>()})
}

pub(crate) fn of_file(path: &str) -> Value {
    let safe = json!({"status": "safe"});
    if !is_pickle(path) {
        return json!({"status": "safe", "avScan": safe, "pickleImportScan": Value::Null});
    }
    json!({
        "status": "suspicious",
        "avScan": safe,
        "pickleImportScan": {
            "status": "suspicious",
            "message": "It loads code.",
            "pickleImports": [{"module": "os", "name": "system", "safety": "dangerous"}],
        },
    })
}

fn is_pickle(path: &str) -> bool {
    path.ends_with(".pkl") || path.ends_with(".pickle")
}
