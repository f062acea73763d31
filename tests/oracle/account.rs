//! Who somebody is, what they show, and what is theirs.

use futures_util::TryStreamExt;
use hubdesk_hub::{
    Access, Counts, Like, OrgOverview, StorageQuery, StoredRepo, User, UserOverview,
};
use serde_json::{Value, json};

use crate::Outcome;
use crate::question::Question;

pub(crate) async fn answer(asked: &Question) -> Outcome {
    let hub = &asked.hub;
    Ok(Some(match asked.call() {
        "whoami" => user(&hub.whoami().await?),
        "userinfo" => {
            let info = hub.user_info().await?;
            json!({
                "sub": info.sub,
                "preferred_username": info.preferred_username,
                "name": info.name,
                "picture": info.picture,
            })
        }
        "auth_check" => {
            let repo = asked.repo()?;
            match asked.is("write") {
                true => json!(repo.may_write().await?),
                false => json!(repo.access().await? == Access::Granted),
            }
        }
        "user" => of_user(&hub.user_overview(asked.text("name")?).await?),
        "organization" => of_org(&hub.org_overview(asked.text("name")?).await?),
        "likes" => {
            let likes: Vec<Like> = hub.likes(asked.text("name")?).try_collect().await?;
            let likes = likes.iter();
            likes
                .map(|like| json!([like.entity.kind(), like.entity.id()]))
                .collect()
        }
        "unlike" => {
            asked.repo()?.unlike().await?;
            Value::Null
        }
        "stored" => {
            let query = StorageQuery::default();
            let repos: Vec<StoredRepo> = hub.stored_repos(&query).try_collect().await?;
            repos.iter().map(stored).collect()
        }
        "avatar" => json!(hub.avatar(asked.text("name")?).await?.as_str()),
        _ => return Ok(None),
    }))
}

fn user(user: &User) -> Value {
    let orgs = user.orgs.iter().map(|org| org.name.as_str());
    let token = user.token.as_ref();
    json!({
        "is_person": user.is_person(),
        "id": user.id,
        "name": user.name,
        "full_name": user.full_name,
        "email": user.email,
        "is_pro": user.is_pro,
        "orgs": orgs.collect::<Vec<_>>(),
        "token": token.map(|token| json!([token.name, token.role])),
    })
}

fn of_user(user: &UserOverview) -> Value {
    let orgs = user.orgs.iter().map(|org| org.name.as_str());
    json!({
        "name": user.name,
        "full_name": user.full_name,
        "details": user.details,
        "is_pro": user.is_pro,
        "orgs": orgs.collect::<Vec<_>>(),
        "counts": counts(&user.counts),
        "is_followed": user.is_followed,
    })
}

fn of_org(org: &OrgOverview) -> Value {
    json!({
        "name": org.name,
        "full_name": org.full_name,
        "details": org.details,
        "is_verified": org.is_verified,
        "plan": org.plan,
        "counts": counts(&org.counts),
        "is_followed": org.is_followed,
    })
}

fn counts(counts: &Counts) -> Value {
    json!({
        "models": counts.models,
        "datasets": counts.datasets,
        "spaces": counts.spaces,
        "discussions": counts.discussions,
        "papers": counts.papers,
        "upvotes": counts.upvotes,
        "likes": counts.likes,
        "followers": counts.followers,
        "following": counts.following,
        "members": counts.members,
    })
}

fn stored(repo: &StoredRepo) -> Value {
    json!({
        "kind": repo.entity.kind(),
        "id": repo.entity.id(),
        "size": repo.size,
        "percent": repo.percent,
        "visibility": repo.visibility,
    })
}
