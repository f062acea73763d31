use serde::Serialize;
use ts_rs::TS;

/// An error a person can read and act on. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ApiError {
    /// What to do differently; the window has words and a button for each.
    pub code: ErrorCode,
    /// What happened, to what: one sentence.
    pub message: String,
    /// What to do next: one sentence.
    pub hint: Option<String>,
    /// The Hub's name for the request that failed, for its support.
    pub request_id: Option<String>,
}

impl ErrorCode {
    /// There was no way to ask, so what was answered before is the best there is.
    pub(crate) fn is_without_network(self) -> bool {
        matches!(self, Self::Offline | Self::ProxyRefused)
    }
}

/// One code for each different thing to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ErrorCode {
    /// Sign in, or sign in again.
    SignedOut,
    /// Ask for access.
    Gated,
    /// This account may not do it.
    Forbidden,
    /// It does not exist, or is not visible to this account.
    NotFound,
    /// It is there already, or somebody else has changed it: look again.
    Conflict,
    /// The account's plan or credit does not cover it.
    PaymentNeeded,
    /// It may have happened or not: look before trying again.
    Unsure,
    /// Wait.
    RateLimited,
    /// The Hub is in trouble: try again later.
    HubDown,
    /// No way to the Hub: look at the network.
    Offline,
    /// The proxy does not let us through: look at the settings.
    ProxyRefused,
    /// The Hub answered nonsense, or what arrived is not what it announced: check the address.
    BadAnswer,
    /// What was typed cannot be right.
    BadInput,
    /// Make room.
    NoSpace,
    /// The cache cannot be written.
    NotWritable,
    /// A file's name cannot exist on this machine.
    BadName,
    /// No Hub is open.
    NoHub,
    /// A fault of the program.
    Internal,
}
