//! What a new Space runs on, and what it keeps for its program.

use hubdesk_core::RepoKind;
use serde::Deserialize;

use crate::error::Refusal;
use crate::hardware;
use crate::space::{Settings, Space};
use crate::spaces::{self, NewSetting};

/// The part of a request to make or to copy a repository that is about what runs in it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Setup {
    hardware: Option<String>,
    sleep_time_seconds: Option<i64>,
    secrets: Option<Vec<NewSetting>>,
    variables: Option<Vec<NewSetting>>,
}

impl Setup {
    /// Whether a repository of this kind can be set up so. Unverified: that nothing is ignored.
    pub(crate) fn check(&self, kind: RepoKind) -> Result<(), Refusal> {
        let settings = || self.secrets.iter().chain(&self.variables).flatten();
        let is_said = self.hardware.is_some() || self.sleep_time_seconds.is_some();
        if kind != RepoKind::Space && (is_said || settings().next().is_some()) {
            let why = "Only Spaces have hardware, secrets and variables".to_owned();
            return Err(Refusal::BadRequest(why));
        }
        self.hardware
            .as_deref()
            .map_or(Ok(()), hardware::check_name)?;
        self.sleep_time_seconds
            .map_or(Ok(()), spaces::check_sleep)?;
        settings().try_for_each(|new| spaces::check_key(&new.key))
    }

    /// Does to a Space that was just made what was asked for.
    pub(crate) fn apply(&self, space: &mut Space, now: u64) {
        match (&self.hardware, self.sleep_time_seconds) {
            (Some(flavour), sleep) => space.request(flavour, sleep, now),
            (None, Some(sleep)) => space.set_sleep(sleep),
            (None, None) => {}
        }
        put(&mut space.secrets, &self.secrets, true, now);
        put(&mut space.variables, &self.variables, false, now);
    }
}

fn put(settings: &mut Settings, new: &Option<Vec<NewSetting>>, is_secret: bool, now: u64) {
    for one in new.iter().flatten() {
        settings.insert(one.key.clone(), one.setting(is_secret, now));
    }
}
