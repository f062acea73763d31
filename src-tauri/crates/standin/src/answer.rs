//! What a handler gives back, before it becomes bytes on a connection.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde_json::Value;

use crate::content::Content;
use crate::live::Live;

/// An answer that can still be changed.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
}

pub(crate) enum Body {
    Json(Value),
    /// `length` bytes of the content from `start` on.
    Content {
        content: Content,
        start: u64,
        length: u64,
    },
    /// What comes while it is sent.
    Live(Live),
}

impl Answer {
    pub(crate) fn json(value: Value) -> Self {
        Self {
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            body: Body::Json(value),
        }
        .with(header::CONTENT_TYPE, "application/json; charset=utf-8")
    }

    pub(crate) fn text(text: impl Into<Content>) -> Self {
        Self::content(text.into()).with(header::CONTENT_TYPE, "text/plain; charset=utf-8")
    }

    /// Server-sent events, for as long as they come.
    pub(crate) fn live(live: Live) -> Self {
        Self {
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            body: Body::Live(live),
        }
        .with(header::CONTENT_TYPE, "text/event-stream")
    }

    /// All of `content`.
    pub(crate) fn content(content: Content) -> Self {
        let length = content.size();
        Self {
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            body: Body::Content {
                content,
                start: 0,
                length,
            },
        }
    }

    /// A redirect; the body says where to, as the Hub's does.
    pub(crate) fn redirect(status: StatusCode, location: &str) -> Self {
        let text = format!(
            "{}. Redirecting to {location}",
            status.canonical_reason().unwrap_or_default()
        );
        Self::text(text)
            .status(status)
            .with(header::LOCATION, location)
    }

    pub(crate) fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Sets a header. A value that cannot be one is left out: it could only come from a file name,
    /// and the Hub, too, answers such a request without it.
    pub(crate) fn with(mut self, name: HeaderName, value: impl AsRef<str>) -> Self {
        if let Ok(value) = HeaderValue::from_bytes(value.as_ref().as_bytes()) {
            self.headers.insert(name, value);
        }
        self
    }
}

/// The Hub's own headers, by the names the official client looks for.
pub(crate) mod name {
    use axum::http::HeaderName;

    pub(crate) const ERROR_CODE: HeaderName = HeaderName::from_static("x-error-code");
    pub(crate) const ERROR_MESSAGE: HeaderName = HeaderName::from_static("x-error-message");
    pub(crate) const LINKED_ETAG: HeaderName = HeaderName::from_static("x-linked-etag");
    pub(crate) const LINKED_SIZE: HeaderName = HeaderName::from_static("x-linked-size");
    pub(crate) const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
    pub(crate) const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
    pub(crate) const REPO_COMMIT: HeaderName = HeaderName::from_static("x-repo-commit");
    pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
    pub(crate) const TOTAL_COUNT: HeaderName = HeaderName::from_static("x-total-count");
    pub(crate) const XET_HASH: HeaderName = HeaderName::from_static("x-xet-hash");
    pub(crate) const XET_REFRESH_ROUTE: HeaderName = HeaderName::from_static("x-xet-refresh-route");
}
