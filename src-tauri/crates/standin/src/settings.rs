use axum::http::Method;
use hubdesk_core::RepoId;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::about::{Gate, Visibility};
use crate::answer::Answer;
use crate::ask::Ask;
use crate::error::Refusal;
use crate::model::Repo;

/// `PUT /api/{kind}/{id}/settings`.
pub(crate) fn answer(ask: &Ask<'_>, id: &RepoId, rest: &[&str]) -> Option<Result<Answer, Refusal>> {
    match (&ask.method, rest) {
        (&Method::PUT, ["settings"]) => Some(change(ask, id)),
        _ => None,
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Settings {
    visibility: Option<Visibility>,
    private: Option<bool>,
    gated: Option<Value>,
    org_members_gated: Option<bool>,
    gated_notifications_email: Option<String>,
    gated_notifications_mode: Option<GatedNotifications>,
    discussions_disabled: Option<bool>,
    discussions_sorting: Option<Sorting>,
}

#[derive(Deserialize, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
enum GatedNotifications {
    Bulk,
    RealTime,
}

/// The order in which discussions are listed.
#[derive(Deserialize, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Sorting {
    RecentlyCreated,
    Trending,
    Reactions,
}

/// unverified: which of the settings the answer echoes; here those that were sent.
fn change(ask: &Ask<'_>, id: &RepoId) -> Result<Answer, Refusal> {
    let repo = ask.writer(id)?;
    let wish: Settings = ask.json()?;
    let gate = wish.gated.as_ref().map(gate).transpose()?;
    let echo = ask.hub.model.edit(&repo.id, |repo| set(repo, &wish, gate));
    Ok(Answer::json(Value::Object(echo.ok_or(Refusal::NotFound)?)))
}

fn set(repo: &mut Repo, wish: &Settings, gate: Option<Option<Gate>>) -> Map<String, Value> {
    let about = &mut repo.about;
    let mut kept = Map::new();
    let mut keep = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            kept.insert(key.to_owned(), value);
        }
    };
    keep(
        "orgMembersGated",
        wish.org_members_gated.map(|is| json!(is)),
    );
    keep(
        "gatedNotificationsEmail",
        wish.gated_notifications_email.as_ref().map(|to| json!(to)),
    );
    keep(
        "gatedNotificationsMode",
        wish.gated_notifications_mode
            .as_ref()
            .map(|mode| json!(mode)),
    );
    keep(
        "discussionsSorting",
        wish.discussions_sorting.as_ref().map(|by| json!(by)),
    );
    about.settings.extend(kept.clone());
    let mut echo = kept;
    if let Some(visibility) = Visibility::of(wish.visibility, wish.private) {
        about.show_to(visibility);
        echo.insert("visibility".to_owned(), json!(about.visibility()));
        echo.insert("private".to_owned(), json!(about.is_private));
    }
    if let Some(gate) = gate {
        about.gate = gate;
        echo.insert("gated".to_owned(), json!(wish.gated));
    }
    if let Some(is_disabled) = wish.discussions_disabled {
        about.discussions_disabled = is_disabled;
        echo.insert("discussionsDisabled".to_owned(), json!(is_disabled));
    }
    echo
}

fn gate(value: &Value) -> Result<Option<Gate>, Refusal> {
    match value {
        Value::Bool(false) => Ok(None),
        Value::String(mode) if mode == "auto" => Ok(Some(Gate::Auto)),
        Value::String(mode) if mode == "manual" => Ok(Some(Gate::Manual)),
        _ => Err(Refusal::BadRequest(
            "\"gated\" must be one of [false, auto, manual]".to_owned(),
        )),
    }
}
