use serde::Serialize;
use ts_rs::TS;

/// What a test of the connection has found, one after the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Checks {
    /// The Hub itself first.
    pub checks: Vec<Check>,
}

/// One host, tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Check {
    /// What it is for.
    pub what: Checked,
    /// Its name; empty while it is not known.
    pub host: String,
    /// How it went.
    pub state: CheckState,
    /// The same in a sentence, and why.
    pub words: String,
    /// How long it took, in milliseconds.
    pub ms: Option<u64>,
}

/// What a host is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Checked {
    /// Facts and changes.
    Api,
    /// The bytes of large files.
    Storage,
    /// The same, in chunks.
    Xet,
}

/// How a test of a host went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum CheckState {
    /// It answers as it should.
    Works,
    /// It does not.
    Fails,
    /// This Hub has none.
    NotOffered,
    /// It could not be tried.
    Skipped,
}
