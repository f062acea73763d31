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
    /// What the queue may take.
    pub transfers: TransferSettings,
}

/// What the queue may take, and what it tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct TransferSettings {
    /// Transfers at work at once, 1 to 8.
    pub at_once: u32,
    /// Bytes per second from the Hub; `null` is no limit.
    pub download_limit: Option<u64>,
    /// Bytes per second to the Hub; `null` is no limit.
    pub upload_limit: Option<u64>,
    /// Times at which other limits hold, at most 14; the first that fits counts.
    pub schedule: Vec<LimitWindow>,
    /// Memory for what comes from the chunk store and is not written yet, in MiB: 4 to 256. It is
    /// also about what a crash costs.
    #[serde(rename = "xetMemoryMiB")]
    pub xet_memory_mib: u32,
    /// The chunk store's client may report about itself to the store.
    pub may_report_xet: bool,
    /// The desktop is told when transfers have ended, or need a person.
    pub notify: bool,
    /// Closing the window leaves the program in the tray, where there is one.
    pub in_tray: bool,
}

impl Default for TransferSettings {
    fn default() -> Self {
        Self {
            at_once: 3,
            download_limit: None,
            upload_limit: None,
            schedule: Vec::new(),
            xet_memory_mib: 4,
            may_report_xet: false,
            notify: true,
            in_tray: false,
        }
    }
}

/// A time at which other limits hold, by the clock on the wall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LimitWindow {
    /// The days it begins on: 1 is Monday, 7 Sunday.
    pub days: Vec<u8>,
    /// When it begins, `HH:MM`.
    pub from: String,
    /// When it ends, `HH:MM`. Not after `from`: on the next day, so equal times are a whole day.
    pub to: String,
    /// Bytes per second from the Hub then; `null` is no limit.
    pub download_limit: Option<u64>,
    /// Bytes per second to the Hub then; `null` is no limit.
    pub upload_limit: Option<u64>,
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
