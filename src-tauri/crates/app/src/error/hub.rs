use hubdesk_hub::{Error as HubError, What};

use super::permission;
use super::words::{capitalised, rate_limited, sentence};
use crate::api::{ApiError, ErrorCode};

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
            "Sign in again, or look around without an account.",
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
        HubError::NotReady { .. } => (
            Code::HubDown,
            format!("The Hub is still working on {subject}."),
            "Try again in a few minutes.",
        ),
        HubError::Offline { .. } => (
            Code::Offline,
            format!("{} cannot be reached.", host()),
            "Check the network, and the address of the Hub in the settings.",
        ),
        HubError::OfflineMode { .. } => return ApiError::told_offline(),
        HubError::ProxyRefused { .. } => (
            Code::ProxyRefused,
            format!("The proxy does not let us through to {}.", host()),
            "Check the proxy in the settings: it may want a name and a password.",
        ),
        HubError::Insecure { .. } => (
            Code::BadAnswer,
            format!(
                "{} did not prove who it is, so nothing was sent to it.",
                host()
            ),
            "Check the address. On a company network, add its certificate in the settings.",
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
        HubError::Conflict { exchange, .. } => (
            Code::Conflict,
            sentence(
                format!("{} is in conflict with what is there", capitalised(subject)),
                exchange.message.as_deref().unwrap_or_default(),
            ),
            "Look at what is there, then try again.",
        ),
        HubError::HeadMoved { .. } => (
            Code::Conflict,
            format!("Somebody else has changed {subject} in the meantime."),
            "Look at the new state, then try again.",
        ),
        HubError::PaymentNeeded { exchange } => (
            Code::PaymentNeeded,
            sentence(
                format!("The account's plan does not cover {subject}"),
                exchange.message.as_deref().unwrap_or_default(),
            ),
            "Its billing page on the web says what is needed.",
        ),
        HubError::TooLarge { exchange } => (
            Code::BadInput,
            sentence(
                format!("The Hub does not take so much at once about {subject}"),
                exchange.message.as_deref().unwrap_or_default(),
            ),
            "Send less at once.",
        ),
        HubError::Unsure { .. } => (
            Code::Unsure,
            format!("The answer about {subject} was lost: the Hub may have done it or not."),
            "Look whether it happened before trying again.",
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
    let mut told = ApiError {
        request_id,
        ..ApiError::new(code, message, hint)
    };
    if let HubError::Forbidden { exchange, .. } = error {
        let permission = permission::needed(exchange.method, &exchange.url);
        told.hint = Some(format!(
            "{hint} A fine-grained token needs the permission {permission} for it."
        ));
    }
    told
}
