//! Spaces: their state, their machine, their settings and logs.

use std::time::Duration;

use futures_util::TryStreamExt;
use hubdesk_core::Secret;
use hubdesk_hub::{
    Hardware, LogLine, Reading, Runtime, Setting, SleepTime, Space, SpaceLog, Stage,
};
use serde_json::{Map, Value, json};

use crate::Outcome;
use crate::question::Question;

/// Between two looks at a Space that moves.
const PAUSE: Duration = Duration::from_millis(5);

pub(crate) async fn answer(asked: &Question) -> Outcome {
    if asked.call() == "space_hardware" {
        let machines = asked.hub.space_hardware().await?;
        return Ok(Some(machines.iter().map(machine).collect()));
    }
    let Some(call) = asked.call().strip_prefix("space_") else {
        return Ok(None);
    };
    let space = asked.repo()?.space().ok_or("it is no Space")?;
    Ok(Some(match call {
        "runtime" => runtime(&space.runtime().await?),
        "wait" => {
            let states: Vec<Runtime> = space.wait_until_settled(PAUSE).try_collect().await?;
            states.last().map_or(Value::Null, runtime)
        }
        "restart" => runtime(&space.restart(asked.is("factory")).await?),
        "pause" => runtime(&space.pause().await?),
        "request_hardware" => {
            let sleep = sleep(asked).transpose()?;
            runtime(
                &space
                    .request_hardware(asked.text("flavour")?, sleep)
                    .await?,
            )
        }
        "sleep_time" => {
            let sleep = sleep(asked).ok_or("sleep is missing")??;
            runtime(&space.set_sleep_time(sleep).await?)
        }
        "logs" => logs(asked, &space).await?,
        "secrets" => {
            let found = space.secrets().await?;
            let found = found.iter();
            let found =
                found.map(|one| (one.key.clone(), json!([one.description, one.updated_at])));
            Value::Object(found.collect::<Map<_, _>>())
        }
        "set_secret" => {
            space.set_secret(&setting(asked)?).await?;
            Value::Null
        }
        "delete_secret" => {
            space.delete_secret(&asked.parsed("key")?).await?;
            Value::Null
        }
        "variables" => {
            let found = space.variables().await?;
            let found = found.iter();
            let found = found.map(|one| (one.key.clone(), json!([one.value, one.description])));
            Value::Object(found.collect::<Map<_, _>>())
        }
        "set_variable" => {
            space.set_variable(&setting(asked)?).await?;
            Value::Null
        }
        "delete_variable" => {
            space.delete_variable(&asked.parsed("key")?).await?;
            Value::Null
        }
        _ => return Ok(None),
    }))
}

fn setting(asked: &Question) -> Result<Setting, Box<dyn std::error::Error>> {
    let value = Secret::new(asked.text("value")?.to_owned());
    let mut setting = Setting::new(asked.parsed("key")?, value);
    setting.description = asked.some("description").map(str::to_owned);
    Ok(setting)
}

/// Seconds, or `"never"`.
fn sleep(asked: &Question) -> Option<Result<SleepTime, std::num::TryFromIntError>> {
    match asked.number("sleep") {
        Some(seconds) => Some(seconds.try_into().map(SleepTime::Seconds)),
        None => asked.some("sleep").map(|_| Ok(SleepTime::Never)),
    }
}

async fn logs(asked: &Question, space: &Space) -> Result<Value, hubdesk_hub::Error> {
    let log = match asked.is("build") {
        true => SpaceLog::Build,
        false => SpaceLog::Run,
    };
    let lines: Vec<LogLine> = space.logs(log, Reading::Snapshot).try_collect().await?;
    Ok(lines.iter().map(|line| line.text.as_str()).collect())
}

fn runtime(runtime: &Runtime) -> Value {
    let sleep = match runtime.sleep {
        None => Value::Null,
        Some(SleepTime::Never) => json!(-1),
        Some(SleepTime::Seconds(seconds)) => json!(seconds),
    };
    json!({
        "stage": stage(&runtime.stage),
        "hardware": runtime.hardware.current,
        "requested_hardware": runtime.hardware.requested,
        "sleep_time": sleep,
    })
}

fn stage(stage: &Stage) -> &str {
    match stage {
        Stage::NoAppFile => "NO_APP_FILE",
        Stage::ConfigError => "CONFIG_ERROR",
        Stage::Building => "BUILDING",
        Stage::BuildError => "BUILD_ERROR",
        Stage::AppStarting => "APP_STARTING",
        Stage::Running => "RUNNING",
        Stage::RunningBuilding => "RUNNING_BUILDING",
        Stage::RunningAppStarting => "RUNNING_APP_STARTING",
        Stage::RuntimeError => "RUNTIME_ERROR",
        Stage::Deleting => "DELETING",
        Stage::Stopped => "STOPPED",
        Stage::Paused => "PAUSED",
        Stage::Sleeping => "SLEEPING",
        Stage::Other(word) => word,
    }
}

fn machine(machine: &Hardware) -> Value {
    let accelerator = machine.accelerator.as_ref();
    json!({
        "name": machine.name,
        "pretty_name": machine.pretty_name,
        "cpu": machine.cpu,
        "ram": machine.ram,
        "accelerator": accelerator.map(|one| json!([one.model, one.quantity, one.vram])),
        "price_micro_usd": machine.price_micro_usd,
    })
}
