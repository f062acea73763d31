use serde::Serialize;
use serde_json::Value;
use ts_rs::TS;

/// What a command answered, and whether that is as it is now.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Reply {
    /// The answer, of the command's own form.
    #[ts(type = "unknown")]
    pub answer: Value,
    /// When the Hub gave it, in milliseconds since 1970, if it cannot be asked now; `null` for what
    /// holds now.
    pub as_of: Option<u64>,
}
