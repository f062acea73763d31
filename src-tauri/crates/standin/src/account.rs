use hubdesk_core::{RepoId, date};
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::ask::Ask;
use crate::error::Refusal;
use crate::overview::{avatar_url, shown_name};
use crate::people::{Credential, Holder, OrgRole, Rights};
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
        .map(|(org, role)| member_of(ask, org, *role))
        .collect();
    let role = match credential.rights {
        Rights::Read => "read",
        Rights::Write => "write",
        Rights::FineGrained(_) => "fineGrained",
    };
    Ok(Answer::json(json!({
        "type": match credential.holder {
            Holder::Person => "user",
            Holder::Org => "org",
        },
        "id": object_id(user),
        "name": user,
        "fullname": shown_name(ask, user),
        "email": format!("{user}@users.invalid"),
        "emailVerified": true,
        "canPay": false,
        "isPro": ask.hub.profiles.of(user).is_pro,
        "periodEnd": Value::Null,
        "avatarUrl": avatar_url(ask, user),
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
    if let Rights::FineGrained(grants) = &credential.rights {
        auth["accessToken"]["fineGrained"] = grants.json();
    }
    if let Some(end) = credential.expires {
        auth["expiresAt"] = json!(date::iso(end));
    }
    auth
}

fn member_of(ask: &Ask<'_>, org: &str, role: OrgRole) -> Value {
    let profile = ask.hub.profiles.of(org);
    let mut member = json!({
        "type": "org",
        "id": object_id(org),
        "name": org,
        "fullname": shown_name(ask, org),
        "avatarUrl": avatar_url(ask, org),
        "canPay": false,
        "isEnterprise": profile.plan.as_deref() == Some("enterprise"),
        "periodEnd": Value::Null,
        "roleInOrg": role.as_str(),
    });
    if let Some(plan) = profile.plan {
        member["plan"] = json!(plan);
    }
    if !profile.restrictions.is_empty() {
        member["securityRestrictions"] = json!(profile.restrictions);
    }
    member
}

/// `GET /api/{kind}/{id}/auth-check[/write]`: whether the caller may read the files, or change them.
pub(crate) fn auth_check(ask: &Ask<'_>, id: &RepoId, is_write: bool) -> Result<Answer, Refusal> {
    ask.check_gate(&*ask.repo(id)?)?;
    if is_write {
        ask.writer(id)?;
    }
    Ok(Answer::json(json!({})))
}
