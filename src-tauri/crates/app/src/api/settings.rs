use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a person has set. The file on disk holds the same fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// Base address of the Hub; empty takes `HF_ENDPOINT`, or the public Hub.
    pub endpoint: String,
    /// Light or dark.
    pub appearance: Appearance,
}

/// The look of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Appearance {
    /// As the desktop is set.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            endpoint: String::new(),
            appearance: Appearance::System,
        }
    }
}
