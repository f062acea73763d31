use std::io::Write as _;

use hubdesk_app::api::ApiError;
use serde_json::{Value, json};

/// An answer. A reader that has gone away is no error of ours.
pub(crate) fn answer(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

pub(crate) fn answer_json(value: &Value) {
    answer(&value.to_string());
}

/// Something that is not the answer.
pub(crate) fn note(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Replaces the line on the terminal.
pub(crate) fn progress(text: &str) {
    let mut stderr = std::io::stderr().lock();
    let _ = write!(stderr, "\r\x1b[K{text}");
    let _ = stderr.flush();
}

pub(crate) fn error(error: &ApiError, is_json: bool) {
    if is_json {
        return note(&json!({ "error": error }).to_string());
    }
    note(&format!("Error: {}", error.message));
    if let Some(hint) = &error.hint {
        note(&format!("Hint: {hint}"));
    }
    if let Some(id) = &error.request_id {
        note(&format!("Request: {id}"));
    }
}
