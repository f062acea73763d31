use hubdesk_core::RepoId;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::ask::Ask;
use crate::date;
use crate::error::Refusal;
use crate::people::{Credential, OrgRole, Rights};
use crate::repo::object_id;

/// `GET /api/whoami-v2`: who the token belongs to.
pub(crate) fn whoami(ask: &Ask<'_>) -> Result<Answer, Refusal> {
    let Some(credential) = &ask.credential else {
        return Err(Refusal::SignedOut);
    };
    let user = &credential.user;
    let orgs = ask.hub.people.orgs_of(user);
    let orgs: Vec<Value> = orgs
        .iter()
        .map(|(org, role)| member_of(org, *role))
        .collect();
    let role = match credential.rights {
        Rights::Read => "read",
        Rights::Write => "write",
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
        "orgs": orgs,
        "auth": auth(credential, role),
    })))
}

/// What is said of the token. For one that came from a sign-in it is unverified.
fn auth(credential: &Credential, role: &str) -> Value {
    let mut auth = if credential.is_oauth {
        json!({"type": "oauth"})
    } else {
        json!({
            "type": "access_token",
            "accessToken": {
                "displayName": credential.name,
                "role": role,
                "createdAt": date::iso(1_735_725_600),
            },
        })
    };
    if let Some(end) = credential.expires {
        auth["expiresAt"] = json!(date::iso(end));
    }
    auth
}

fn member_of(org: &str, role: OrgRole) -> Value {
    json!({
        "type": "org",
        "id": object_id(org),
        "name": org,
        "fullname": org,
        "avatarUrl": format!("/avatars/{org}.svg"),
        "canPay": false,
        "isEnterprise": false,
        "periodEnd": Value::Null,
        "roleInOrg": role.as_str(),
    })
}

/// `GET /api/{kind}/{id}/auth-check[/write]`: whether the caller may read the files, or change them.
pub(crate) fn auth_check(ask: &Ask<'_>, id: &RepoId, is_write: bool) -> Result<Answer, Refusal> {
    ask.check_gate(&*ask.repo(id)?)?;
    if is_write {
        ask.writer(id)?;
    }
    Ok(Answer::json(json!({})))
}
