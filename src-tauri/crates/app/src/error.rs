//! What an engine says, as what a person reads. Each `match` names every variant, so that a new one
//! has to be decided here.

use std::time::Duration;

use hubdesk_download::{Error as DownloadError, Wait};
use hubdesk_hub::{Error as HubError, What};

use crate::api::{ApiError, ErrorCode};

impl ApiError {
    fn new(code: ErrorCode, message: impl Into<String>, hint: &str) -> Self {
        let hint = (!hint.is_empty()).then(|| hint.to_owned());
        Self {
            code,
            message: message.into(),
            hint,
            request_id: None,
        }
    }

    /// What was typed cannot be right.
    pub fn bad_input(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::BadInput, message, "")
    }

    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self::new(
            ErrorCode::Internal,
            message,
            "Try again; if it happens again, report it.",
        )
    }

    pub(crate) fn not_writable(message: impl Into<String>) -> Self {
        Self::new(
            ErrorCode::NotWritable,
            message,
            "Check the disk and the folder's permissions.",
        )
    }

    pub(crate) fn no_hub() -> Self {
        Self::new(
            ErrorCode::NoHub,
            "No Hub is open.",
            "Choose one on the welcome page.",
        )
    }
}

/// Words for trouble with the Hub while it was asked about `subject`.
pub(crate) fn hub_error(subject: &str, error: &HubError) -> ApiError {
    use ErrorCode as Code;
    let host = || {
        error.exchange().map_or_else(
            || "the Hub".to_owned(),
            |exchange| exchange.host().to_owned(),
        )
    };
    let (code, message, hint) = match error {
        HubError::SignedOut { .. } => (
            Code::SignedOut,
            "The token is missing, wrong or expired.".to_owned(),
            "Open the Hub again with a valid token, or without one.",
        ),
        HubError::Gated { repo, .. } => (
            Code::Gated,
            format!("Access to the {repo} must be requested first."),
            "Open its page on the web, ask for access there, then try again.",
        ),
        HubError::Forbidden { message, .. } => (
            Code::Forbidden,
            sentence(format!("This account may not use {subject}"), message),
            "Use an account that may, or ask its owner.",
        ),
        HubError::Disabled { .. } => (
            Code::Forbidden,
            format!("The Hub has switched {subject} off."),
            "Its page on the web may say why.",
        ),
        HubError::NotFound(What::Repo, _) => (
            Code::NotFound,
            format!("There is no {subject}, or it is private."),
            "Check the name, or sign in with an account that may see it.",
        ),
        HubError::NotFound(What::Revision, _) => (
            Code::NotFound,
            format!("The revision does not exist in {subject}."),
            "Choose another branch, tag or commit.",
        ),
        HubError::NotFound(What::Entry, _) => (
            Code::NotFound,
            format!("The file does not exist in {subject} at this revision."),
            "It may have been renamed: look at the list of files.",
        ),
        HubError::NotFound(What::Page, _) => (
            Code::NotFound,
            format!("{} has no answer about {subject}.", host()),
            "Check that the address in the settings is that of a Hub.",
        ),
        HubError::RateLimited { after, .. } => (
            Code::RateLimited,
            rate_limited(*after),
            "Wait and try again. Signed-in accounts may ask more often.",
        ),
        HubError::Server { exchange, .. } => (
            Code::HubDown,
            match exchange.status {
                Some(status) => format!("{} is in trouble (status {status}).", host()),
                None => format!("{} is in trouble.", host()),
            },
            "Try again in a few minutes.",
        ),
        HubError::Offline { .. } => (
            Code::Offline,
            format!("{} cannot be reached.", host()),
            "Check the network, and the address of the Hub in the settings.",
        ),
        HubError::Insecure { .. } => (
            Code::BadAnswer,
            format!(
                "{} did not prove who it is, so nothing was sent to it.",
                host()
            ),
            "Check the address. On a company network, ask for its certificate.",
        ),
        HubError::Timeout { .. } | HubError::Stalled { .. } => (
            Code::Offline,
            format!("{} did not answer in time.", host()),
            "Check the network, then try again.",
        ),
        HubError::Cut { .. } => (
            Code::Offline,
            format!("The connection to {} broke again and again.", host()),
            "Check the network, then try again: what arrived is kept.",
        ),
        HubError::TooManyRedirects { .. } => (
            Code::BadAnswer,
            format!("{} sends requests in circles.", host()),
            "Check the address of the Hub in the settings.",
        ),
        HubError::UnsafeRedirect { to, .. } => (
            Code::BadAnswer,
            format!("{} sends requests to {to}, where they must not go.", host()),
            "Check the address of the Hub in the settings.",
        ),
        HubError::BadRequest { exchange } => (
            Code::BadAnswer,
            sentence(
                format!("The Hub refused the request about {subject}"),
                exchange.message.as_deref().unwrap_or_default(),
            ),
            "",
        ),
        HubError::RangeNotSatisfiable { .. } => (
            Code::BadAnswer,
            format!("A file of {subject} is shorter than the Hub's list says."),
            "Try again later, or tell the owner of the repository.",
        ),
        HubError::Storage { .. } => (
            Code::HubDown,
            format!(
                "{} does not give out the file, although the Hub sent us there.",
                host()
            ),
            "Try again in a few minutes.",
        ),
        HubError::Malformed { what, .. } => (
            Code::BadAnswer,
            format!("{} gave an answer that makes no sense: {what}.", host()),
            "Check that the address in the settings is that of a Hub.",
        ),
        HubError::Unaddressable { path } => (
            Code::BadName,
            format!("{path:?} cannot be the name of a file."),
            "",
        ),
        HubError::Setup { source } => (
            Code::Internal,
            format!("The network cannot be used: {source}."),
            "",
        ),
    };
    let request_id = error
        .exchange()
        .and_then(|exchange| exchange.request_id.clone());
    ApiError {
        request_id,
        ..ApiError::new(code, message, hint)
    }
}

/// Words for a download that stopped.
pub(crate) fn download_error(error: &DownloadError) -> ApiError {
    use ErrorCode as Code;
    let (code, message, hint) = match error {
        DownloadError::Hub { repo, source } => return hub_error(&repo.to_string(), source),
        DownloadError::Cache { source, .. } => return cache_error(source),
        DownloadError::Unusable { repo, what } => (
            Code::BadAnswer,
            format!("The Hub's answer about the {repo} cannot be used: {what}."),
            "Check that the address in the settings is that of a Hub.",
        ),
        DownloadError::NoSuchFile {
            repo,
            revision,
            path,
        } => (
            Code::NotFound,
            format!("{path} does not exist in the {repo} at {revision}."),
            "It may have been renamed: look at the list of files.",
        ),
        DownloadError::BadName { path, why, .. } => (
            Code::BadName,
            format!("{path:?} cannot be stored on this computer: {why}."),
            "Choose the other files; nothing was downloaded.",
        ),
        DownloadError::Corrupt { path, .. } => (
            Code::BadAnswer,
            format!(
                "{path} arrived, but its content is not what the Hub announced. It was thrown away."
            ),
            "Try again; if it happens again, tell the owner of the repository.",
        ),
        DownloadError::WrongLength {
            path,
            expected,
            actual,
            ..
        } => (
            Code::BadAnswer,
            format!("{path} should have {expected} bytes, but the server has {actual}."),
            "Try again later, or tell the owner of the repository.",
        ),
        DownloadError::Changed { path, .. } => (
            Code::BadAnswer,
            format!("{path} was replaced on the server while it was downloaded."),
            "Try again to get the new version.",
        ),
        DownloadError::RateLimited { after, .. } => (
            Code::RateLimited,
            rate_limited(*after),
            "Try again after that: what arrived is kept.",
        ),
        DownloadError::NoSpace { folder, need, free } => (
            Code::NoSpace,
            format!(
                "Not enough room in {}: {need} are needed, {free} are free.",
                folder.display()
            ),
            "Make room, or choose fewer files. What arrived is kept.",
        ),
    };
    ApiError::new(code, message, hint)
}

/// Words for trouble with the cache.
pub(crate) fn cache_error(error: &hubdesk_cache::Error) -> ApiError {
    use ErrorCode as Code;
    use hubdesk_cache::Error;
    let (code, message, hint) = match error {
        Error::NoSpace { path, .. } => (
            Code::NoSpace,
            format!("There is no room left for {}.", path.display()),
            "Make room, then try again: what arrived is kept.",
        ),
        Error::ReadOnly { path, .. } => (
            Code::NotWritable,
            format!("{} is on a volume that can only be read.", path.display()),
            "Set HF_HOME to a folder that can be written.",
        ),
        Error::Denied { path, .. } => (
            Code::NotWritable,
            format!("You may not write {}.", path.display()),
            "Change its permissions, or set HF_HOME to another folder.",
        ),
        Error::BadName { path, why } => (
            Code::BadName,
            format!(
                "{:?} cannot be stored on this computer: {why}.",
                path.as_str()
            ),
            "Choose the other files.",
        ),
        Error::Held { path } => (
            Code::NotWritable,
            format!("Another program is writing {}.", path.display()),
            "Wait until it has finished, then try again.",
        ),
        Error::Pruned { path } => (
            Code::NotWritable,
            format!(
                "Another program removed {} while it was written.",
                path.display()
            ),
            "Try again.",
        ),
        Error::Io(error) => (
            Code::NotWritable,
            format!("The cache cannot be used: {error}: {}.", error.source),
            "Check the disk and the folder's permissions.",
        ),
    };
    ApiError::new(code, message, hint)
}

/// Words for what a transfer waits for, to stand after "waiting for".
pub(crate) fn waiting_for(wait: &Wait) -> String {
    match wait {
        Wait::Lock => "another program that is writing the same file".to_owned(),
        Wait::Stalled { host } => {
            format!("{host}, which fell silent; asking it again on a new connection")
        }
        Wait::Fault { attempt, pause } => {
            format!(
                "the connection, which failed; attempt {} in {}",
                attempt + 1,
                seconds(*pause)
            )
        }
        Wait::Busy { pause } => format!("the Hub, which asked for a pause of {}", seconds(*pause)),
    }
}

fn rate_limited(after: Duration) -> String {
    if after.is_zero() {
        return "The Hub has had too many requests.".to_owned();
    }
    format!(
        "The Hub has had too many requests and asks to wait {}.",
        seconds(after)
    )
}

fn seconds(time: Duration) -> String {
    match time.as_secs_f64().ceil() as u64 {
        1 => "1 second".to_owned(),
        seconds @ ..120 => format!("{seconds} seconds"),
        seconds => format!("{} minutes", seconds / 60),
    }
}

/// `start`, with the server's own words behind a colon if it has any.
fn sentence(start: String, words: &str) -> String {
    match words.trim_end_matches('.') {
        "" => format!("{start}."),
        words => format!("{start}: {words}."),
    }
}
