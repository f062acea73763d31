use std::io::Write as _;

use hubdesk_app::api::ApiError;
use serde_json::{Value, json};

use crate::visible;

/// One line of the answer. A reader that has gone away is no error of ours.
pub(crate) fn answer(text: &str) {
    print(&visible::line(text));
}

pub(crate) fn answer_json(value: &Value) {
    print(&visible::json(&value.to_string()));
}

/// The same for people: over several lines.
pub(crate) fn answer_json_wide(value: &Value) {
    print(&visible::json(&format!("{value:#}")));
}

fn print(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// Something that is not the answer, in one line.
pub(crate) fn note(text: &str) {
    complain(&visible::line(text));
}

fn complain(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Replaces the line on the terminal.
pub(crate) fn progress(text: &str) {
    let mut stderr = std::io::stderr().lock();
    let _ = write!(stderr, "\r\x1b[K{}", visible::line(text));
    let _ = stderr.flush();
}

pub(crate) fn error(error: &ApiError, is_json: bool) {
    if is_json {
        return complain(&visible::json(&json!({ "error": error }).to_string()));
    }
    note(&format!("Error: {}", error.message));
    if let Some(hint) = &error.hint {
        note(&format!("Hint: {hint}"));
    }
    if let Some(id) = &error.request_id {
        note(&format!("Request: {id}"));
    }
}
