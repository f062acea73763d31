//! Parts of sentences that several errors share.

use std::time::Duration;

pub(super) fn rate_limited(after: Duration) -> String {
    if after.is_zero() {
        return "The Hub has had too many requests.".to_owned();
    }
    format!(
        "The Hub has had too many requests and asks to wait {}.",
        seconds(after)
    )
}

pub(super) fn seconds(time: Duration) -> String {
    match time.as_secs_f64().ceil() as u64 {
        1 => "1 second".to_owned(),
        seconds @ ..120 => format!("{seconds} seconds"),
        seconds => format!("{} minutes", seconds / 60),
    }
}

/// `start`, with the server's own words behind a colon if it has any.
pub(super) fn sentence(start: String, words: &str) -> String {
    match words.trim_end_matches('.') {
        "" => format!("{start}."),
        words => format!("{start}: {words}."),
    }
}

/// `subject` at the beginning of a sentence.
pub(super) fn capitalised(subject: &str) -> String {
    let mut rest = subject.chars();
    let first = rest
        .next()
        .map(|first| first.to_uppercase().collect::<String>());
    first.unwrap_or_default() + rest.as_str()
}
