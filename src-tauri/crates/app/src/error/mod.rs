//! What an engine says, as what a person reads. Each `match` names every variant, so that a new one
//! has to be decided here.

mod cache;
mod change;
mod download;
mod hub;
mod panic;
mod permission;
mod probe;
mod queue;
mod secrets;
mod sign_in;
mod stop;
mod upload;
mod words;

pub(crate) use cache::cache_error;
pub(crate) use change::{change_error, left_words, obstacle_words};
pub(crate) use download::{WAITING_FOR_SIGN_IN, download_error, waiting_for, waiting_until};
pub(crate) use hub::hub_error;
pub(crate) use panic::reported;
pub(crate) use probe::checks;
pub(crate) use queue::{
    blocked_words, code_word, no_space_words, queue_error, remembered, remembered_of_upload,
    source_gone_words, store_words, unreadable_words, unsaved_words, volume_gone_words,
};
pub(crate) use secrets::{git_error, keychain_error, no_keychain_error, tools_error, vault_words};
pub(crate) use sign_in::sign_in_error;
pub(crate) use stop::{then, then_upload};
pub(crate) use upload::{finding_words, overlap_words, secret_words, upload_error, why_words};

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

    /// Only somebody who has signed in can do it.
    pub(crate) fn nobody(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::SignedOut, message, "Sign in, then try again.")
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

    /// The environment says that nothing may be asked of the Hub.
    pub(crate) fn told_offline() -> Self {
        Self::new(
            ErrorCode::Offline,
            "HF_HUB_OFFLINE is set, so nothing is asked of the Hub.",
            "Unset it and start again.",
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
