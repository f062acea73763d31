use std::sync::Mutex;
use std::time::Duration;

use axum::http::{HeaderMap, Method, StatusCode, header};

use crate::log::readable;

/// What a request is about; a [`Fault`] names one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// Every request to either host.
    Any,
    /// Who the token belongs to, and whether it may read.
    Account,
    /// Lists and searches.
    List,
    /// What one repository is.
    Repo,
    /// Listings of a folder, and its size.
    Tree,
    /// Entries by path.
    Paths,
    /// Branches and tags.
    Refs,
    /// History.
    Commits,
    /// Files asked of the Hub.
    Resolve,
    /// Files asked of the storage host.
    Storage,
    /// The chunk store, but for its bytes.
    Xet,
    /// The bytes of the chunk store.
    XetBytes,
    /// Changes, and what is asked about one repository by other families.
    Change,
    /// The dataset viewer.
    Viewer,
    /// Anything else.
    Other,
}

/// What goes wrong. Byte counts are those of one answer's body; a body that is over before is left
/// as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// The answer comes later.
    Latency(Duration),
    /// The connection closes after so many bytes.
    Cut {
        /// Bytes that still arrive.
        after: u64,
    },
    /// No further byte comes after so many, until one side gives up.
    Stall {
        /// Bytes that still arrive.
        after: u64,
    },
    /// One byte of the body is another.
    Flip {
        /// Its place in the body.
        at: u64,
    },
    /// The body is so much longer or shorter than it should be, and says so.
    Length(i64),
    /// `Content-Length` promises so many bytes more than follow.
    Announce(u64),
    /// Sizes in listings are wrong by so much.
    ListedSize(i64),
    /// A range is asked for and the whole comes.
    IgnoreRange,
    /// A range is asked for and another one comes, shifted by so much, and says so.
    ShiftRange(u64),
    /// The etag is another than the listing's.
    Etag(String),
    /// This status, these headers, no file.
    Status(StatusCode, Vec<(&'static str, String)>),
    /// The token is refused.
    Unauthorized,
    /// Access must be asked for.
    Gated,
    /// Too many requests.
    TooMany {
        /// `Retry-After`, in seconds.
        retry_after: Option<u64>,
        /// Seconds until the window of the `RateLimit` header, with nothing left in it, is over.
        reset: Option<u64>,
    },
    /// The link to the storage host has expired.
    ExpiredLink,
    /// A redirect to where it came from.
    RedirectLoop,
    /// A list with nothing in it, and no next page.
    EmptyList,
    /// JSON that ends in the middle.
    MalformedJson,
}

impl Effect {
    /// An answer with this status and the usual error body.
    pub fn status(status: u16) -> Self {
        Self::Status(number(status), Vec::new())
    }

    /// The same, with a code that says what is wrong.
    pub fn coded(status: u16, code: &str) -> Self {
        Self::Status(number(status), vec![("x-error-code", code.to_owned())])
    }

    /// Whether it can have an effect on a request with these headers. Decided before the answer is
    /// made, so that a counted fault is not spent on a request it cannot harm.
    fn fits_request(&self, is_head: bool, headers: &HeaderMap) -> bool {
        match self {
            Self::IgnoreRange | Self::ShiftRange(_) => headers.contains_key(header::RANGE),
            Self::Cut { .. }
            | Self::Stall { .. }
            | Self::Flip { .. }
            | Self::Length(_)
            | Self::Announce(_)
            | Self::MalformedJson
            | Self::EmptyList => !is_head,
            _ => true,
        }
    }
}

fn number(status: u16) -> StatusCode {
    StatusCode::from_u16(status).expect("a test knows the statuses of HTTP")
}

/// Something that goes wrong on purpose: where, what, and how often.
#[derive(Debug, Clone)]
pub struct Fault {
    route: Route,
    effect: Effect,
    part: Option<String>,
    method: Option<&'static str>,
    left: Option<u32>,
}

impl Fault {
    /// `effect` on every request to `route`, for ever.
    pub fn on(route: Route, effect: Effect) -> Self {
        Self {
            route,
            effect,
            part: None,
            method: None,
            left: None,
        }
    }

    /// Only where path or query contain `part` (decoded): a file's or a
    /// repository's name, on both hosts.
    pub fn matching(mut self, part: &str) -> Self {
        self.part = Some(part.to_owned());
        self
    }

    /// Only requests of this method, such as `POST`.
    pub fn method(mut self, method: &'static str) -> Self {
        self.method = Some(method);
        self
    }

    /// Only the first `count` times.
    pub fn times(mut self, count: u32) -> Self {
        self.left = Some(count);
        self
    }
}

/// The faults of a running stand-in. May be changed while it answers.
#[derive(Default)]
pub struct Faults(Mutex<Vec<Fault>>);

impl Faults {
    /// Adds a fault to those there are.
    pub fn add(&self, fault: Fault) {
        self.lock().push(fault);
    }

    /// From now on nothing goes wrong.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// The effects on this request, each of which is spent by asking.
    pub(crate) fn take(
        &self,
        route: Route,
        method: &Method,
        path: &str,
        headers: &HeaderMap,
    ) -> Vec<Effect> {
        let mut faults = self.lock();
        if faults.is_empty() {
            return Vec::new();
        }
        let path = readable(path);
        let mut effects = Vec::new();
        for fault in faults.iter_mut() {
            let is_meant = (fault.route == Route::Any || fault.route == route)
                && fault.method.is_none_or(|wanted| method == wanted)
                && fault
                    .part
                    .as_ref()
                    .is_none_or(|part| path.contains(part.as_str()));
            if !is_meant || !fault.effect.fits_request(method == Method::HEAD, headers) {
                continue;
            }
            match &mut fault.left {
                Some(0) => continue,
                Some(left) => *left -= 1,
                None => {}
            }
            effects.push(fault.effect.clone());
        }
        faults.retain(|fault| fault.left != Some(0));
        effects
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Fault>> {
        self.0
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}
