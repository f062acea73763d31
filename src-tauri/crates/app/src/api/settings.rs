use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a person has set. The file on disk holds the same fields.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// Base address of the Hub; empty takes `HF_ENDPOINT`, or the public Hub.
    pub endpoint: String,
    /// Light or dark.
    pub appearance: Appearance,
    /// Which way requests leave this machine.
    pub proxy: ProxyUse,
    /// Address of the proxy, for `manual`. A name and a password in it are kept for this run of the
    /// program only, and are never given out.
    pub proxy_address: String,
    /// PEM file of certificates to trust beside those of the system; empty for none.
    pub certificates: String,
}

/// Which way requests leave this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ProxyUse {
    /// As the system and the environment say.
    #[default]
    System,
    /// Straight.
    None,
    /// Through the one that is set here.
    Manual,
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
