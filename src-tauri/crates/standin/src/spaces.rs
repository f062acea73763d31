//! Spaces over the API: their state, their machine, their secrets and variables, their logs.
//!
//! Unverified: who may read logs, and that the log of a Space that does not run ends.

use axum::http::Method;
use hubdesk_core::RepoId;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::answer::Answer;
use crate::ask::Ask;
use crate::error::Refusal;
use crate::hardware;
use crate::live::Live;
use crate::model::Repo;
use crate::space::{Setting, Settings, Space};

/// Everything about one Space but its files.
pub(crate) fn answer(ask: &Ask<'_>, id: &RepoId, rest: &[&str]) -> Option<Result<Answer, Refusal>> {
    Some(match (&ask.method, rest) {
        (&Method::GET, ["runtime"]) => runtime(ask, id),
        (&Method::POST, ["restart"]) => restart(ask, id),
        (&Method::POST, ["pause"]) => change(ask, id, |space| {
            space.pause();
            Ok(space.runtime())
        }),
        (&Method::POST, ["hardware"]) => request(ask, id),
        (&Method::POST, ["sleeptime"]) => sleep(ask, id),
        (method, [kind @ ("secrets" | "variables")]) => settings(ask, id, method, kind)?,
        (&Method::GET, ["logs", kind @ ("build" | "run")]) => logs(ask, id, kind),
        _ => return None,
    })
}

/// `GET /api/spaces/hardware`.
pub(crate) fn catalogue() -> Answer {
    Answer::json(hardware::catalogue())
}

fn runtime(ask: &Ask<'_>, id: &RepoId) -> Result<Answer, Refusal> {
    let repo = ask.repo(id)?;
    let space = space(&repo)?;
    if space.is_moving() {
        let now = ask.hub.seconds();
        ask.hub.model.edit(&repo.id, |repo| {
            repo.space.as_mut().map(|space| space.advance(now))
        });
    }
    Ok(Answer::json(space.runtime()))
}

fn restart(ask: &Ask<'_>, id: &RepoId) -> Result<Answer, Refusal> {
    let is_factory = ask.query.is_true("factory");
    change(ask, id, |space| {
        space.restart(is_factory, ask.hub.seconds());
        Ok(space.runtime())
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewHardware {
    flavor: String,
    sleep_time_seconds: Option<i64>,
}

fn request(ask: &Ask<'_>, id: &RepoId) -> Result<Answer, Refusal> {
    let new: NewHardware = ask.json()?;
    hardware::check_name(&new.flavor)?;
    change(ask, id, |space| {
        space.request(&new.flavor, new.sleep_time_seconds, ask.hub.seconds());
        Ok(space.runtime())
    })
}

#[derive(Deserialize)]
struct NewSleep {
    seconds: i64,
}

fn sleep(ask: &Ask<'_>, id: &RepoId) -> Result<Answer, Refusal> {
    let NewSleep { seconds } = ask.json()?;
    check_sleep(seconds)?;
    change(ask, id, |space| {
        space.set_sleep(seconds);
        Ok(space.runtime())
    })
}

/// At least -1, which is never.
pub(crate) fn check_sleep(seconds: i64) -> Result<(), Refusal> {
    match seconds {
        -1.. => Ok(()),
        _ => Err(Refusal::BadRequest("Invalid sleep time".to_owned())),
    }
}

/// A secret or a variable as it is sent.
#[derive(Deserialize)]
pub(crate) struct NewSetting {
    pub(crate) key: String,
    value: String,
    description: Option<String>,
}

impl NewSetting {
    pub(crate) fn setting(&self, is_secret: bool, now: u64) -> Setting {
        Setting {
            value: (!is_secret).then(|| self.value.clone()),
            description: self.description.clone(),
            updated: now,
        }
    }
}

#[derive(Deserialize)]
struct OldSetting {
    key: String,
}

fn settings(
    ask: &Ask<'_>,
    id: &RepoId,
    method: &Method,
    kind: &str,
) -> Option<Result<Answer, Refusal>> {
    let is_secret = kind == "secrets";
    let edit = |edit: &dyn Fn(&mut Settings) -> Result<(), Refusal>| {
        change(ask, id, |space| {
            let settings = match is_secret {
                true => &mut space.secrets,
                false => &mut space.variables,
            };
            edit(settings)?;
            let shown = settings
                .iter()
                .map(|(key, one)| (key.clone(), one.shown(key)));
            Ok(Value::Object(shown.collect::<Map<_, _>>()))
        })
    };
    match *method {
        Method::GET => Some(edit(&|_| Ok(()))),
        Method::POST => Some(ask.json::<NewSetting>().and_then(|new| {
            check_key(&new.key)?;
            edit(&|settings| {
                let setting = new.setting(is_secret, ask.hub.seconds());
                settings.insert(new.key.clone(), setting);
                Ok(())
            })
        })),
        Method::DELETE => Some(ask.json::<OldSetting>().and_then(|old| {
            edit(&|settings| match settings.remove(&old.key) {
                Some(_) => Ok(()),
                None => Err(Refusal::NotFound),
            })
        })),
        _ => None,
    }
}

pub(crate) fn check_key(key: &str) -> Result<(), Refusal> {
    let is_key = key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    match is_key {
        true => Ok(()),
        false => Err(Refusal::BadRequest(format!("Invalid key: {key}"))),
    }
}

fn logs(ask: &Ask<'_>, id: &RepoId, kind: &str) -> Result<Answer, Refusal> {
    let repo = ask.writer(id)?;
    let space = space(&repo)?;
    let book = match kind {
        "build" => &space.build_log,
        _ => &space.run_log,
    };
    Ok(Answer::live(Live::of(book, space.is_alive())))
}

fn space(repo: &Repo) -> Result<&Space, Refusal> {
    repo.space.as_ref().ok_or(Refusal::NotFound)
}

/// Changes a Space and answers with what `change` says.
fn change(
    ask: &Ask<'_>,
    id: &RepoId,
    change: impl FnOnce(&mut Space) -> Result<Value, Refusal>,
) -> Result<Answer, Refusal> {
    let seen = ask.writer(id)?;
    let changed = ask.hub.model.edit(&seen.id, |repo| {
        change(repo.space.as_mut().ok_or(Refusal::NotFound)?)
    });
    changed.ok_or(Refusal::NotFound)?.map(Answer::json)
}
