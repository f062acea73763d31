//! Pages of people and organisations, their pictures, what they like and what they have stored.

use axum::http::{Method, StatusCode, header};
use hubdesk_core::{RepoId, RepoKind, date};
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::ask::{Ask, Caller};
use crate::error::Refusal;
use crate::page::page;
use crate::repo::{describe, object_id};

/// Entries on one page of these lists.
const PAGE: usize = 500;
const MOST: usize = 10_000;
/// When every account was made, in Unix seconds.
const JOINED: u64 = 1_700_000_000;

/// `GET /api/users/{name}/…`.
pub(crate) fn user(ask: &Ask<'_>, name: &str, what: &[String]) -> Result<Answer, Refusal> {
    if !is_user(ask, name) {
        return Err(Refusal::NotFound);
    }
    let what: Vec<&str> = what.iter().map(String::as_str).collect();
    match what.as_slice() {
        ["overview"] => Ok(Answer::json(user_overview(ask, name))),
        ["avatar"] => Ok(Answer::json(json!({"avatarUrl": avatar_url(ask, name)}))),
        ["followers"] => people(ask, &ask.hub.profiles.followers_of(name)),
        ["following"] => {
            let followed = ask.hub.profiles.followed_by(name);
            let users: Vec<_> = followed
                .into_iter()
                .filter(|one| is_user(ask, one))
                .collect();
            people(ask, &users)
        }
        ["likes"] => likes(ask, name),
        _ => Err(Refusal::NotFound),
    }
}

/// `GET /api/organizations/{name}/…`.
pub(crate) fn organization(ask: &Ask<'_>, name: &str, what: &[String]) -> Result<Answer, Refusal> {
    if !is_org(ask, name) {
        return Err(Refusal::NotFound);
    }
    let what: Vec<&str> = what.iter().map(String::as_str).collect();
    match what.as_slice() {
        ["overview"] => Ok(Answer::json(org_overview(ask, name))),
        ["avatar"] => Ok(Answer::json(json!({"avatarUrl": avatar_url(ask, name)}))),
        ["followers"] => people(ask, &ask.hub.profiles.followers_of(name)),
        ["members"] => members(ask, name),
        ["settings", "repositories"] => {
            let Caller::User(user) = &ask.caller else {
                return Err(Refusal::SignedOut);
            };
            if !ask.hub.people.is_member(user, name) {
                return Err(Refusal::NotYours);
            }
            stored(ask, name)
        }
        _ => Err(Refusal::NotFound),
    }
}

/// `GET /api/settings/repositories`.
pub(crate) fn stored_of_caller(ask: &Ask<'_>) -> Result<Answer, Refusal> {
    match &ask.caller {
        Caller::User(user) => stored(ask, user),
        Caller::Anonymous | Caller::Stranger => Err(Refusal::SignedOut),
    }
}

/// `DELETE …/like`.
pub(crate) fn answer(ask: &Ask<'_>, id: &RepoId, rest: &[&str]) -> Option<Result<Answer, Refusal>> {
    match (&ask.method, rest) {
        (&Method::DELETE, ["like"]) => Some(unlike(ask, id)),
        _ => None,
    }
}

/// Whether it takes more than a token for looking is unverified.
fn unlike(ask: &Ask<'_>, id: &RepoId) -> Result<Answer, Refusal> {
    let repo = ask.repo(id)?;
    let Some(credential) = &ask.credential else {
        return Err(Refusal::SignedOut);
    };
    let user = &credential.user;
    if !credential.may("user.social.likes.write", user, None) {
        return Err(Refusal::NotYours);
    }
    if ask.hub.profiles.unlike(user, &repo.id) {
        let less = |likes: u64| likes.saturating_sub(1);
        ask.hub
            .model
            .edit(&repo.id, |repo| repo.about.likes = less(repo.about.likes));
    }
    Ok(Answer::json(Value::Null))
}

/// `GET /api/avatars/{name}`: where the picture is.
pub(crate) fn avatar(ask: &Ask<'_>, name: &str) -> Result<Answer, Refusal> {
    if !is_user(ask, name) && !is_org(ask, name) {
        return Err(Refusal::NotFound);
    }
    let url = avatar_url(ask, name);
    let url = if url.starts_with('/') {
        format!("{}{url}", ask.hub.endpoint)
    } else {
        url
    };
    Ok(Answer::redirect(StatusCode::TEMPORARY_REDIRECT, &url))
}

/// `GET /avatars/{name}.svg`: a disc in a colour of its own.
pub(crate) fn picture(name: &str) -> Answer {
    let colour = &object_id(name)[..6];
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\">\
         <circle cx=\"16\" cy=\"16\" r=\"16\" fill=\"#{colour}\"/></svg>"
    );
    Answer::content(svg.into()).with(header::CONTENT_TYPE, "image/svg+xml")
}

pub(crate) fn avatar_url(ask: &Ask<'_>, name: &str) -> String {
    let own = ask.hub.profiles.of(name).avatar;
    own.unwrap_or_else(|| format!("/avatars/{name}.svg"))
}

pub(crate) fn shown_name(ask: &Ask<'_>, name: &str) -> String {
    let own = ask.hub.profiles.of(name).full_name;
    own.unwrap_or_else(|| name.to_owned())
}

/// People are those who have tokens, are members of something, or follow somebody.
pub(crate) fn is_user(ask: &Ask<'_>, name: &str) -> bool {
    let people = &ask.hub.people;
    !people.orgs().contains(name)
        && (people.users().contains(name)
            || !people.orgs_of(name).is_empty()
            || !ask.hub.profiles.followed_by(name).is_empty())
}

/// Whoever else has something is an organisation.
pub(crate) fn is_org(ask: &Ask<'_>, name: &str) -> bool {
    let mut repos = ask.hub.model.repos().into_iter();
    ask.hub.people.orgs().contains(name)
        || !is_user(ask, name)
            && repos.any(|repo| repo.id.owner() == Some(name) && ask.may_see(&repo))
}

/// An account as lists show it.
pub(crate) fn brief(ask: &Ask<'_>, name: &str) -> Value {
    let profile = ask.hub.profiles.of(name);
    let mut brief = json!({
        "_id": object_id(name),
        "fullname": shown_name(ask, name),
        "avatarUrl": avatar_url(ask, name),
        "isPro": profile.is_pro,
        "type": "user",
        "user": name,
    });
    if is_org(ask, name) {
        brief["type"] = json!("org");
        brief["name"] = json!(name);
        if let Some(brief) = brief.as_object_mut() {
            brief.remove("user");
        }
    }
    brief
}

fn people(ask: &Ask<'_>, names: &[String]) -> Result<Answer, Refusal> {
    page(ask, names, PAGE, MOST, |name| brief(ask, name))
}

fn members(ask: &Ask<'_>, org: &str) -> Result<Answer, Refusal> {
    let wanted = ask.query.get("search").unwrap_or_default();
    let mut members = ask.hub.people.members_of(org);
    members.retain(|(name, _)| name.contains(wanted));
    let may_know = matches!(&ask.caller, Caller::User(user) if ask.hub.people.is_member(user, org));
    page(ask, &members, PAGE, MOST, |(name, role)| {
        let mut member = brief(ask, name);
        if may_know {
            member["role"] = json!(role.as_str());
        }
        member
    })
}

fn likes(ask: &Ask<'_>, user: &str) -> Result<Answer, Refusal> {
    let likes = ask.hub.profiles.likes_of(user);
    page(ask, &likes, PAGE, MOST, |like| {
        json!({
            "createdAt": date::iso(like.since),
            "repo": {"name": like.repo.name(), "type": like.repo.kind()},
        })
    })
}

fn user_overview(ask: &Ask<'_>, name: &str) -> Value {
    let profiles = &ask.hub.profiles;
    let orgs = ask.hub.people.orgs_of(name);
    let followed = profiles.followed_by(name);
    let follows_orgs = followed.iter().filter(|one| is_org(ask, one)).count();
    let mut all = brief(ask, name);
    let more = json!({
        "createdAt": date::iso(JOINED),
        "orgs": orgs.iter().map(|(org, _)| brief(ask, org)).collect::<Value>(),
        "numDiscussions": 0,
        "numPapers": 0,
        "numUpvotes": 0,
        "numLikes": profiles.likes_of(name).len(),
        "numFollowing": followed.len() - follows_orgs,
        "numFollowingOrgs": follows_orgs,
    });
    extend(&mut all, more);
    extend(&mut all, shared(ask, name));
    all
}

fn org_overview(ask: &Ask<'_>, name: &str) -> Value {
    let profile = ask.hub.profiles.of(name);
    let mut all = brief(ask, name);
    let more = json!({
        "isVerified": profile.is_verified,
        "numUsers": ask.hub.people.members_of(name).len(),
        "numPapers": 0,
    });
    extend(&mut all, more);
    if let Some(plan) = profile.plan {
        all["plan"] = json!(plan);
    }
    extend(&mut all, shared(ask, name));
    all
}

/// What persons and organisations both show.
fn shared(ask: &Ask<'_>, name: &str) -> Value {
    let repos = ask.hub.model.repos();
    let count = |kind| {
        let of_kind = repos.iter().filter(|repo| {
            repo.id.kind() == kind && repo.id.owner() == Some(name) && ask.may_see(repo)
        });
        of_kind.count()
    };
    let followers = ask.hub.profiles.followers_of(name);
    let mut shared = json!({
        "numModels": count(RepoKind::Model),
        "numDatasets": count(RepoKind::Dataset),
        "numSpaces": count(RepoKind::Space),
        "numFollowers": followers.len(),
    });
    if let Some(details) = ask.hub.profiles.of(name).details {
        shared["details"] = json!(details);
    }
    if let Caller::User(user) = &ask.caller {
        shared["isFollowing"] = json!(followers.contains(user));
    }
    shared
}

fn extend(all: &mut Value, more: Value) {
    if let (Value::Object(all), Value::Object(more)) = (all, more) {
        all.extend(more);
    }
}

/// The repositories of `owner` with what they take up, the most first.
fn stored(ask: &Ask<'_>, owner: &str) -> Result<Answer, Refusal> {
    let query = &ask.query;
    let word = query.get("search").unwrap_or_default().to_lowercase();
    let repos = ask.hub.model.repos().into_iter();
    let mut rows: Vec<(u64, Value)> = repos
        .filter(|repo| repo.id.owner() == Some(owner) && ask.may_see(repo))
        .filter_map(|repo| {
            let all = describe(&repo, &*repo.resolve("main")?);
            let size = all["usedStorage"].as_u64().unwrap_or_default();
            let row = json!({
                "id": repo.id.name(),
                "type": repo.id.kind(),
                "updatedAt": all["lastModified"],
                "visibility": if repo.about.is_private { "private" } else { "public" },
                "storage": size,
            });
            Some((size, row))
        })
        .collect();
    let total: u64 = rows.iter().map(|(size, _)| size).sum();
    for (size, row) in &mut rows {
        row["storagePercent"] = json!(*size as f64 * 100.0 / total.max(1) as f64);
    }
    rows.retain(|(_, row)| {
        let name = row["id"].as_str().unwrap_or_default().to_lowercase();
        name.contains(&word) && query.get("type").is_none_or(|kind| row["type"] == kind)
    });
    rows.sort_by(|(a, one), (b, other)| match query.get("sort") {
        Some("updatedAt") => other["updatedAt"].as_str().cmp(&one["updatedAt"].as_str()),
        _ => b.cmp(a),
    });
    if query.get("direction") == Some("asc") {
        rows.reverse();
    }
    page(ask, &rows, PAGE, MOST, |(_, row)| row.clone())
}
