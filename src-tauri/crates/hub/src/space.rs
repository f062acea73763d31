//! What a Space is and runs on, as the Hub tells it.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::json::{count, or_default};

/// The state of a Space.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Runtime {
    /// How far it is.
    pub stage: Stage,
    /// The machine it has, and the one it was promised.
    #[serde(default, deserialize_with = "or_default")]
    pub hardware: Flavours,
    /// After how long without a visit it goes to sleep; `None` when the Hub does not say.
    #[serde(default, rename = "gcTimeout", deserialize_with = "or_default")]
    pub sleep: Option<SleepTime>,
    /// How many copies of it run.
    #[serde(default, deserialize_with = "or_default")]
    pub replicas: Replicas,
    /// Where it is to be seen.
    #[serde(default, deserialize_with = "or_default")]
    pub domains: Vec<Domain>,
    /// What went wrong, in the words of the Hub or the program. Not to be trusted.
    #[serde(default, deserialize_with = "or_default")]
    pub error_message: Option<String>,
    /// Whether it can be changed from within.
    #[serde(default, rename = "devMode", deserialize_with = "or_default")]
    pub is_dev_mode: bool,
    /// The commit it was built from. As the server says, not checked.
    #[serde(default, deserialize_with = "or_default")]
    pub sha: Option<String>,
    /// What is mounted in it, as the server says.
    #[serde(default, deserialize_with = "or_default")]
    pub volumes: Vec<Value>,
}

/// How far a Space is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// There is nothing to run.
    NoAppFile,
    /// Its card does not say how to run it.
    ConfigError,
    /// Its container is being made.
    Building,
    /// Its container could not be made.
    BuildError,
    /// Its program starts.
    AppStarting,
    /// It runs.
    Running,
    /// It runs, and the next version is being made.
    RunningBuilding,
    /// It runs, and the next version starts.
    RunningAppStarting,
    /// Its program ended.
    RuntimeError,
    /// It is being removed.
    Deleting,
    /// It was stopped.
    Stopped,
    /// A person stopped it, and a person must start it again.
    Paused,
    /// Nobody came for long; a visit wakes it.
    Sleeping,
    /// What the Hub adds one day.
    Other(String),
}

/// Machines by name. The [catalogue](crate::Hub::space_hardware) says what they are.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
pub struct Flavours {
    /// What it runs on; `None` before it ran for the first time.
    #[serde(default, deserialize_with = "or_default")]
    pub current: Option<String>,
    /// What it is to run on.
    #[serde(default, deserialize_with = "or_default")]
    pub requested: Option<String>,
}

/// How many copies of a Space run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub struct Replicas {
    /// Now.
    #[serde(default, deserialize_with = "count")]
    pub current: Option<u64>,
    /// As wanted; `None` also when the Hub decides.
    #[serde(default, deserialize_with = "count")]
    pub requested: Option<u64>,
}

/// An address of a Space.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Domain {
    /// The host's name.
    pub domain: String,
    /// Whether it is in use, in the Hub's words.
    #[serde(default, deserialize_with = "or_default")]
    pub stage: String,
    /// Whether it is the owner's own.
    #[serde(default, deserialize_with = "or_default")]
    pub is_custom: bool,
}

/// After how long without a visit a Space goes to sleep. On free hardware the Hub decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SleepTime {
    /// Not at all.
    Never,
    /// After so many seconds.
    Seconds(u32),
}

/// A machine that can be had, and its price.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hardware {
    /// By which it is asked for, such as `t4-small`.
    pub name: String,
    /// By which people know it.
    #[serde(default, deserialize_with = "or_default")]
    pub pretty_name: String,
    /// Its processors, such as `2 vCPU`.
    #[serde(default, deserialize_with = "or_default")]
    pub cpu: String,
    /// Its memory, such as `16 GB`.
    #[serde(default, deserialize_with = "or_default")]
    pub ram: String,
    /// What it computes with besides, if anything.
    #[serde(default, deserialize_with = "or_default")]
    pub accelerator: Option<Accelerator>,
    /// The price of one unit, in millionths of a US dollar; `None` when the Hub does not say.
    #[serde(default, rename = "unitCostMicroUSD", deserialize_with = "count")]
    pub price_micro_usd: Option<u64>,
    /// What a unit is, such as `minute`.
    #[serde(default, deserialize_with = "or_default")]
    pub unit_label: String,
}

/// What a machine computes with besides its processors.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
pub struct Accelerator {
    /// `gpu` or another word of the Hub.
    #[serde(default, rename = "type", deserialize_with = "or_default")]
    pub kind: String,
    /// Which one.
    #[serde(default, deserialize_with = "or_default")]
    pub model: String,
    /// How many of them.
    #[serde(default, deserialize_with = "count")]
    pub quantity: Option<u64>,
    /// The memory of all of them, such as `24 GB`.
    #[serde(default, deserialize_with = "or_default")]
    pub vram: String,
    /// Who makes it.
    #[serde(default, deserialize_with = "or_default")]
    pub manufacturer: String,
}

impl Stage {
    /// Whether it will be another one by itself, and soon.
    pub fn is_passing(&self) -> bool {
        matches!(
            self,
            Self::Building | Self::AppStarting | Self::RunningBuilding | Self::RunningAppStarting
        )
    }
}

impl<'de> Deserialize<'de> for Stage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match String::deserialize(deserializer)?.as_str() {
            "NO_APP_FILE" => Self::NoAppFile,
            "CONFIG_ERROR" => Self::ConfigError,
            "BUILDING" => Self::Building,
            "BUILD_ERROR" => Self::BuildError,
            "APP_STARTING" => Self::AppStarting,
            "RUNNING" => Self::Running,
            "RUNNING_BUILDING" => Self::RunningBuilding,
            "RUNNING_APP_STARTING" => Self::RunningAppStarting,
            "RUNTIME_ERROR" => Self::RuntimeError,
            "DELETING" => Self::Deleting,
            "STOPPED" => Self::Stopped,
            "PAUSED" => Self::Paused,
            "SLEEPING" => Self::Sleeping,
            other => Self::Other(other.to_owned()),
        })
    }
}

impl SleepTime {
    /// As the Hub counts: -1 is never.
    pub(crate) fn seconds(self) -> i64 {
        match self {
            Self::Never => -1,
            Self::Seconds(seconds) => i64::from(seconds),
        }
    }
}

impl<'de> Deserialize<'de> for SleepTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seconds = i64::deserialize(deserializer)?;
        Ok(match u32::try_from(seconds) {
            Ok(seconds) => Self::Seconds(seconds),
            Err(_) if seconds < 0 => Self::Never,
            Err(_) => Self::Seconds(u32::MAX),
        })
    }
}

impl Hardware {
    /// Whether it surely costs nothing.
    pub fn is_free(&self) -> bool {
        self.price_micro_usd == Some(0)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_runtime_of_which_little_is_said_is_read() {
        let read = |value| serde_json::from_value::<Runtime>(value).unwrap();
        let least = read(json!({"stage": "DREAMING"}));
        assert_eq!(least.stage, Stage::Other("DREAMING".to_owned()));
        let nulls = read(json!({
            "stage": "BUILDING", "hardware": {"current": null}, "gcTimeout": null,
            "replicas": {"requested": "auto"}, "domains": null, "volumes": null,
        }));
        assert!(nulls.stage.is_passing());
        assert_eq!(
            (nulls.hardware.current, nulls.replicas.requested),
            (None, None)
        );
        let sleep = |seconds: i64| read(json!({"stage": "RUNNING", "gcTimeout": seconds})).sleep;
        assert_eq!(sleep(-1), Some(SleepTime::Never));
        assert_eq!(sleep(300), Some(SleepTime::Seconds(300)));
        assert!(serde_json::from_value::<Runtime>(json!({})).is_err());
    }
}
