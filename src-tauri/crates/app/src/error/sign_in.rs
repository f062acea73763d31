use hubdesk_hub::SignInError;

use super::hub_error;
use crate::api::{ApiError, ErrorCode};

/// Words for a sign-in that came to nothing.
pub(crate) fn sign_in_error(error: &SignInError) -> ApiError {
    use ErrorCode as Code;
    let (code, message, hint) = match error {
        SignInError::Denied => (
            Code::Forbidden,
            "The sign-in was refused in the browser.".to_owned(),
            "Sign in again and allow it, or use a token.",
        ),
        SignInError::Expired => (
            Code::SignedOut,
            "Nobody answered in time, so the sign-in has ended.".to_owned(),
            "Start it again.",
        ),
        SignInError::SessionOver => (
            Code::SignedOut,
            "The sign-in is no longer good.".to_owned(),
            "Sign in again.",
        ),
        SignInError::NotOurs => (
            Code::BadAnswer,
            "What the browser brought back does not belong to this sign-in.".to_owned(),
            "Start it again.",
        ),
        SignInError::Refused { words } => (
            Code::Forbidden,
            format!(
                "The Hub does not sign anybody in this way: {}.",
                words.trim_end_matches('.')
            ),
            "Use a token.",
        ),
        SignInError::Hub(source) => return hub_error("the sign-in", source),
    };
    ApiError::new(code, message, hint)
}
