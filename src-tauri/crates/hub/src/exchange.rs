use hubdesk_core::{HubUri, RepoId, Token};
use reqwest::header::HeaderMap;
use serde::Deserialize;
use url::Url;

use crate::Endpoint;

/// The longest text of a server that is kept, in characters.
const LONGEST_MESSAGE: usize = 500;
/// The longest request id and address that are kept, in characters.
const LONGEST_NAME: usize = 200;
const LONGEST_URL: usize = 2000;

/// One request and what came of it, fit for a log and for a person's eyes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// As in the request: `GET`, `POST`, `DELETE`, ….
    pub method: &'static str,
    /// The address, redacted: no query values of other hosts, no signatures, no credentials.
    pub url: String,
    /// The status of the answer, if one came.
    pub status: Option<u16>,
    /// What support asks for: the answer's name for the exchange, else ours, which was sent along.
    pub request_id: Option<String>,
    /// The server's own name for the fault, if the answer had one.
    pub code: Option<String>,
    /// The server's own words about the fault, in one line, without control characters or token.
    pub message: Option<String>,
    /// The repository whose page a refusal names.
    pub(crate) named: Option<RepoId>,
}

impl Exchange {
    pub(crate) fn new(method: &'static str, url: &Url, endpoint: &Endpoint) -> Self {
        Self {
            method,
            url: redact(url, endpoint, None),
            status: None,
            request_id: None,
            code: None,
            message: None,
            named: None,
        }
    }

    /// Adds what the head of the answer says.
    pub(crate) fn answered(&mut self, status: u16, headers: &HeaderMap, token: Option<&Token>) {
        self.status = Some(status);
        self.request_id = ["x-request-id", "x-amzn-trace-id", "x-amz-cf-id"]
            .into_iter()
            .find_map(|name| text(headers, name))
            .map(|id| clean(&id, LONGEST_NAME, token))
            .or_else(|| self.request_id.take());
        self.code = text(headers, "x-error-code").map(|code| clean(&code, LONGEST_NAME, token));
    }

    /// Adds the server's words: the `X-Error-Message` header, then what the body says, each once.
    pub(crate) fn explained(
        &mut self,
        headers: &HeaderMap,
        body: &str,
        token: Option<&Token>,
        endpoint: &Endpoint,
    ) {
        self.named = named(body, endpoint);
        let mut words: Vec<String> = Vec::new();
        let said = text(headers, "x-error-message")
            .into_iter()
            .chain(messages(body));
        for message in said {
            let message = clean(&message, LONGEST_MESSAGE, token);
            if !message.is_empty() && !words.contains(&message) {
                words.push(message);
            }
        }
        let joined = words.join("; ");
        self.message = (!joined.is_empty()).then(|| bounded(joined, LONGEST_MESSAGE));
    }

    /// Scheme and host of the address are kept by the redaction, so the host can be read from it.
    pub fn host(&self) -> &str {
        let rest = self.url.split_once("://").map_or("", |(_, rest)| rest);
        rest.split(['/', '?']).next().unwrap_or_default()
    }

    /// Whether the status is one that a server sends while it is overloaded or restarting.
    /// 501 and 505 are the two that stay.
    pub(crate) fn is_passing_fault(&self) -> bool {
        self.status
            .is_some_and(|status| (500..600).contains(&status) && status != 501 && status != 505)
    }
}

/// A header as text; bytes that are not UTF-8 are replaced.
pub(crate) fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// A server's text in one line of at most `longest` characters, without the token, control
/// characters, or the invisible ones that turn text around.
pub(crate) fn clean(text: &str, longest: usize, token: Option<&Token>) -> String {
    let without_token = match token {
        Some(token) => text.replace(token.expose(), "hf_…"),
        None => text.to_owned(),
    };
    let visible: String = without_token
        .chars()
        .filter(|&c| !is_invisible(c))
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let words: Vec<&str> = visible.split_whitespace().collect();
    bounded(words.join(" "), longest)
}

/// The address without what must stay secret, `token` included: a server may have put it there.
pub(crate) fn redact(url: &Url, endpoint: &Endpoint, token: Option<&Token>) -> String {
    let mut shown = url.clone();
    // These fail only for addresses that cannot have credentials to begin with.
    let _ = shown.set_username("");
    let _ = shown.set_password(None);
    shown.set_fragment(None);
    shown.set_query(None);
    let is_own = endpoint.is_origin_of(url);
    let query: Vec<String> = url
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| match pair.split_once('=') {
            Some((key, _)) if !is_own || is_secret(key) => format!("{key}=…"),
            None if !is_own => "…".to_owned(),
            _ => pair.to_owned(),
        })
        .collect();
    let mut shown = String::from(shown);
    if !query.is_empty() {
        shown = format!("{shown}?{}", query.join("&"));
    }
    clean(&shown, LONGEST_URL, token)
}

/// The words for signatures and credentials in the query strings of the storage providers.
fn is_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    [
        "sig",
        "token",
        "key",
        "credential",
        "policy",
        "auth",
        "secret",
        "password",
    ]
    .iter()
    .any(|word| key.contains(word))
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn bounded(mut text: String, longest: usize) -> String {
    if let Some((at, _)) = text.char_indices().nth(longest) {
        text.truncate(at);
        text.push('…');
    }
    text
}

/// The messages of an error body: the JSON forms the Hub uses, or plain text. Never HTML.
fn messages(body: &str) -> Vec<String> {
    let Ok(json) = serde_json::from_str::<serde_json::Value>(body) else {
        let is_html = body.trim_start().starts_with('<');
        return if is_html {
            vec![]
        } else {
            vec![body.to_owned()]
        };
    };
    let mut found = Vec::new();
    let description = json["error_description"].as_str();
    match (&json["error"], description) {
        (serde_json::Value::String(error), Some(more)) => found.push(format!("{error}: {more}")),
        (serde_json::Value::String(error), None) => found.push(error.clone()),
        (serde_json::Value::Array(errors), _) => {
            found.extend(errors.iter().filter_map(|e| e.as_str()).map(str::to_owned));
        }
        (_, Some(more)) => found.push(more.to_owned()),
        (_, None) => {}
    }
    for list in ["errors", "warnings"] {
        let said = json[list].as_array().into_iter().flatten();
        found.extend(
            said.filter_map(|entry| entry["message"].as_str())
                .map(str::to_owned),
        );
    }
    found
}

/// The repository at the `url` of an error body, if that is one of its pages at `endpoint`.
fn named(body: &str, endpoint: &Endpoint) -> Option<RepoId> {
    #[derive(Deserialize)]
    struct Named {
        url: String,
    }
    let Named { url } = serde_json::from_str(body).ok()?;
    let page = HubUri::parse(&url, Some(&endpoint.to_string())).ok()?;
    page.repo()
}

#[cfg(test)]
mod tests;
