use hubdesk_hub::{Endpoint, Found, Probe};

use super::hub_error;
use crate::api::{Check, CheckState, Checked, Checks};

/// Words for what a test of the connection to `endpoint` has found.
pub(crate) fn checks(endpoint: &Endpoint, probe: Probe) -> Checks {
    let is_up = matches!(probe.api, Found::Works { .. });
    let api = check(Checked::Api, probe.api, is_up);
    let mut checks = vec![
        api,
        check(Checked::Storage, probe.storage, is_up),
        check(Checked::Xet, probe.xet, is_up),
    ];
    if checks[0].host.is_empty() {
        checks[0].host = endpoint.to_string();
    }
    Checks { checks }
}

fn check(what: Checked, found: Found, is_up: bool) -> Check {
    let (host, state, words, ms) = match found {
        Found::Works { host, took } => {
            let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
            (host, CheckState::Works, "It answers.".to_owned(), Some(ms))
        }
        Found::Fails(error) => {
            let host = error
                .exchange()
                .map_or("", |exchange| exchange.host())
                .to_owned();
            let error = hub_error("the test of the connection", &error);
            let words = match error.hint {
                Some(hint) => format!("{} {hint}", error.message),
                None => error.message,
            };
            (host, CheckState::Fails, words, None)
        }
        Found::NotOffered => {
            let words = "This Hub does not offer it.".to_owned();
            (String::new(), CheckState::NotOffered, words, None)
        }
        Found::Skipped => {
            let words = match is_up {
                true => "The Hub has no public file to try it with.",
                false => "Not tried, since the Hub itself does not answer.",
            };
            (String::new(), CheckState::Skipped, words.to_owned(), None)
        }
    };
    Check {
        what,
        host,
        state,
        words,
        ms,
    }
}
