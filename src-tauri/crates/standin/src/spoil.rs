//! What each effect of a fault does, at the four places where something can go wrong: before a
//! request is looked at, instead of its answer, in the answer, and in the body on its way.

use axum::http::{HeaderMap, StatusCode, header};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::answer::{Answer, Body, name};
use crate::ask::Ask;
use crate::body::End;
use crate::call::Call;
use crate::error::Refusal;
use crate::fault::Effect;

/// Before the request is looked at.
pub(crate) async fn request(stop: &CancellationToken, effects: &[Effect], headers: &mut HeaderMap) {
    for effect in effects {
        match effect {
            Effect::Latency(time) => tokio::select! {
                () = tokio::time::sleep(*time) => {}
                () = stop.cancelled() => {}
            },
            Effect::IgnoreRange => {
                headers.remove(header::RANGE);
            }
            Effect::ShiftRange(by) => shift(headers, *by),
            _ => {}
        }
    }
}

/// `bytes=10-19` by 5 is `bytes=15-24`.
fn shift(headers: &mut HeaderMap, by: u64) {
    let text = headers
        .get(header::RANGE)
        .and_then(|value| value.to_str().ok());
    let ends = text.and_then(|text| text.strip_prefix("bytes=")?.split_once('-'));
    let Some((first, last)) = ends else {
        return;
    };
    let moved = |text: &str| {
        text.parse::<u64>()
            .map_or(String::new(), |n| (n + by).to_string())
    };
    let range = format!("bytes={}-{}", moved(first), moved(last));
    if let Ok(range) = range.parse() {
        headers.insert(header::RANGE, range);
    }
}

/// Instead of the answer.
pub(crate) fn instead(
    effects: &[Effect],
    target: &str,
    class: &'static str,
    call: &Call,
    ask: &Ask<'_>,
) -> Option<Answer> {
    effects.iter().find_map(|effect| match effect {
        Effect::Status(status, headers) => {
            let mut answer = Refusal::Other(*status).answer();
            for (name, value) in headers {
                let name = header::HeaderName::from_bytes(name.as_bytes());
                answer = answer.with(name.expect("a test knows names of headers"), value);
            }
            Some(answer)
        }
        Effect::Unauthorized => Some(Refusal::BadToken.answer()),
        Effect::TooMany { retry_after, reset } => {
            let (retry_after, reset) = (*retry_after, *reset);
            Some(
                Refusal::TooMany {
                    retry_after,
                    reset,
                    class,
                }
                .answer(),
            )
        }
        Effect::ExpiredLink => Some(Refusal::Other(StatusCode::FORBIDDEN).answer()),
        Effect::RedirectLoop => Some(Answer::redirect(StatusCode::FOUND, target)),
        Effect::Gated => match call {
            Call::Repo(id, _) => {
                let refusal = Refusal::Gated {
                    repo: id.clone(),
                    is_anonymous: ask.is_anonymous(),
                    endpoint: ask.hub.endpoint.clone(),
                };
                Some(refusal.answer())
            }
            _ => None,
        },
        _ => None,
    })
}

/// In the answer.
pub(crate) fn answer(effects: &[Effect], mut answer: Answer) -> Answer {
    for effect in effects {
        match effect {
            Effect::Etag(etag) => {
                let quoted = format!("\"{etag}\"");
                if answer.headers.contains_key(name::LINKED_ETAG) {
                    answer = answer.with(name::LINKED_ETAG, &quoted);
                }
                answer = answer.with(header::ETAG, &quoted);
            }
            Effect::ListedSize(by) => {
                if let Body::Json(value) = &mut answer.body {
                    resize(value, *by);
                }
            }
            Effect::EmptyList => {
                if let Body::Json(value) = &mut answer.body {
                    *value = Value::Array(Vec::new());
                    answer.headers.remove(header::LINK);
                }
            }
            _ => {}
        }
    }
    answer
}

/// Changes every size of a file in a listing, that of its large content included.
fn resize(value: &mut Value, by: i64) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(|value| resize(value, by)),
        Value::Object(fields) => {
            let is_folder = fields.get("type").is_some_and(|kind| kind == "directory");
            for (key, value) in fields.iter_mut().filter(|_| !is_folder) {
                match (key.as_str(), value.as_u64()) {
                    ("size", Some(size)) => *value = size.saturating_add_signed(by).into(),
                    _ => resize(value, by),
                }
            }
        }
        _ => {}
    }
}

/// How a body is sent.
#[derive(Debug)]
pub(crate) struct Plan {
    /// What `Content-Length` says.
    pub(crate) announced: u64,
    /// The bytes that are sent.
    pub(crate) length: u64,
    pub(crate) end: End,
    pub(crate) flip: Option<u64>,
}

impl Plan {
    /// All `length` bytes as they are.
    pub(crate) fn new(length: u64) -> Self {
        Self {
            announced: length,
            length,
            end: End::Proper,
            flip: None,
        }
    }

    pub(crate) fn apply(&mut self, effect: &Effect) {
        match *effect {
            Effect::Cut { after } if after < self.length => {
                (self.length, self.end) = (after, End::Cut);
            }
            Effect::Stall { after } if after < self.length => {
                (self.length, self.end) = (after, End::Stall);
            }
            Effect::Flip { at } => self.flip = Some(at),
            Effect::Length(by) => {
                self.length = self.length.saturating_add_signed(by);
                self.announced = self.length;
            }
            Effect::Announce(more) => {
                (self.announced, self.end) = (self.announced + more, End::Cut);
            }
            _ => {}
        }
    }
}
