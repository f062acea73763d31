use hubdesk_core::RepoId;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::ask::{Ask, Caller};
use crate::date;
use crate::error::Refusal;
use crate::repo::object_id;

/// `GET /api/whoami-v2`: who the token belongs to.
pub(crate) fn whoami(ask: &Ask<'_>) -> Result<Answer, Refusal> {
    let Caller::User(user) = &ask.caller else {
        return Err(Refusal::SignedOut);
    };
    Ok(Answer::json(json!({
        "type": "user",
        "id": object_id(user),
        "name": user,
        "fullname": user,
        "email": format!("{user}@users.invalid"),
        "emailVerified": true,
        "canPay": false,
        "isPro": false,
        "periodEnd": Value::Null,
        "avatarUrl": format!("/avatars/{user}.svg"),
        "orgs": [],
        "auth": {
            "type": "access_token",
            "accessToken": {
                "displayName": format!("{user}'s token"),
                "role": "read",
                "createdAt": date::iso(1_735_725_600),
            },
        },
    })))
}

/// `GET /api/{kind}/{id}/auth-check[/write]`: whether the caller may read the files, or change them.
pub(crate) fn auth_check(ask: &Ask<'_>, id: &RepoId, is_write: bool) -> Result<Answer, Refusal> {
    let repo = ask.repo(id)?;
    ask.check_gate(&repo)?;
    match &ask.caller {
        Caller::User(user) if !is_write || repo.id.owner() == Some(user) => {}
        Caller::User(_) => return Err(Refusal::NotYours),
        _ if is_write => return Err(Refusal::SignedOut),
        _ => {}
    }
    Ok(Answer::json(json!({})))
}
