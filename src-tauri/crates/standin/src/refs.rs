use hubdesk_core::RepoId;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::ask::Ask;
use crate::error::Refusal;

/// `GET /api/{kind}/{id}/refs[?include_prs=1]`.
pub(crate) fn list(ask: &Ask<'_>, id: &RepoId) -> Result<Answer, Refusal> {
    let repo = ask.repo(id)?;
    let group = |prefix: &str| -> Value {
        let refs = repo.refs.iter().filter_map(|(full, commit)| {
            let name = full.strip_prefix(prefix)?;
            Some(json!({"name": name, "ref": full, "targetCommit": commit.as_str()}))
        });
        refs.collect()
    };
    let mut answer = json!({
        "branches": group("refs/heads/"),
        "tags": group("refs/tags/"),
        "converts": group("refs/convert/"),
    });
    if ask.query.is_true("include_prs") {
        answer["pullRequests"] = group("refs/pr/");
    }
    Ok(Answer::json(answer))
}
