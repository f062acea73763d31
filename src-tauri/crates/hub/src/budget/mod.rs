//! What the Hub still allows, and who waits for it: requests are held back here before the Hub has
//! to refuse them.

mod lane;

use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use hubdesk_core::Token;
use reqwest::header::HeaderMap;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep_until, timeout};
use url::Url;

use self::lane::{Lane, Pass, Wait};
use crate::Endpoint;
use crate::rate_limit::{Limit, wanted_hold};
use crate::retry::PATIENCE;

/// Requests that may wait for one quota; a request more is given back at once.
const MOST_WAITING: usize = 1000;

/// Quotas that are remembered: three for each account in use. Idle ones are forgotten first.
const MOST_QUOTAS: usize = 64;

/// What the Hub allows each account and class of requests, as far as its answers tell. Cheap to
/// clone; clones are the same budget, and one process has one.
///
/// Who would be refused waits, in the order of coming: until the window of the quota ends, or for
/// as long as a refusal has asked for. Work in the background waits earlier, while a tenth of the
/// quota remains, so that a person is not kept waiting by it.
#[derive(Clone, Default)]
pub struct Budget(Arc<Shared>);

#[derive(Default)]
struct Shared {
    quotas: Mutex<HashMap<Key, Arc<Quota>>>,
    /// Makes of a token what can be compared and not read.
    blur: RandomState,
    /// Until when somebody waits, if anybody does.
    waits: watch::Sender<Vec<Instant>>,
}

/// What the Hub counts together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    origin: String,
    /// `None` is everybody without a token at this address.
    token: Option<u64>,
    class: Class,
}

/// The classes the Hub counts apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Class {
    Api,
    Resolvers,
    Pages,
}

#[derive(Default)]
struct Quota {
    lane: Mutex<Lane>,
    /// Held by the one whose turn is next, so that all are let through in the order of coming.
    turn: tokio::sync::Mutex<()>,
    background_turn: tokio::sync::Mutex<()>,
    /// More may be known.
    changed: Notify,
    waiting: AtomicUsize,
}

/// The right to send one request. Dropped without an answer it counts as spent.
pub(crate) struct Permit {
    quota: Arc<Quota>,
    class: Class,
    pass: Option<Pass>,
}

/// The request would have to wait longer than anybody should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLong(pub(crate) Duration);

/// Whether anything waits for the Hub's limit.
#[derive(Debug, Clone)]
pub struct Waits(watch::Receiver<Vec<Instant>>);

impl Budget {
    /// The right to ask for `url` with `token`, as soon as it is there.
    pub(crate) async fn admit(
        &self,
        endpoint: &Endpoint,
        url: &Url,
        token: Option<&Token>,
        is_background: bool,
    ) -> Result<Permit, TooLong> {
        let key = Key {
            origin: url.origin().ascii_serialization(),
            token: token.map(|token| self.0.blur.hash_one(token.expose())),
            class: Class::of(endpoint, url),
        };
        let (quota, class) = (self.quota(&key), key.class);
        let _queued = Queued::join(&quota).ok_or(TooLong(PATIENCE))?;
        let turn = match is_background {
            true => &quota.background_turn,
            false => &quota.turn,
        };
        let waiting = async {
            let _turn = turn.lock().await;
            self.wait(&quota, is_background).await
        };
        let pass = timeout(PATIENCE, waiting).await;
        let pass = pass.unwrap_or(Err(TooLong(PATIENCE)))?;
        Ok(Permit {
            quota: Arc::clone(&quota),
            class,
            pass: Some(pass),
        })
    }

    /// Whether anything waits, now and later.
    pub fn waits(&self) -> Waits {
        Waits(self.0.waits.subscribe())
    }

    async fn wait(&self, quota: &Quota, is_background: bool) -> Result<Pass, TooLong> {
        loop {
            let mut changed = pin!(quota.changed.notified());
            // From here on no change is missed.
            changed.as_mut().enable();
            let now = Instant::now();
            let wait = match quota.lane().enter(now, is_background) {
                Ok(pass) => return Ok(pass),
                Err(wait) => wait,
            };
            match wait {
                Wait::Reset(until) if until - now > PATIENCE => return Err(TooLong(until - now)),
                Wait::Reset(until) => {
                    let _shown = Shown::put(&self.0.waits, until);
                    tokio::select! {
                        () = sleep_until(until) => {}
                        () = changed => {}
                    }
                }
                Wait::Answer(Some(until)) => tokio::select! {
                    () = sleep_until(until) => {}
                    () = changed => {}
                },
                Wait::Answer(None) => changed.await,
            }
        }
    }

    fn quota(&self, key: &Key) -> Arc<Quota> {
        let mut quotas = self
            .0
            .quotas
            .lock()
            .expect("nothing panics while it holds this lock");
        if quotas.len() >= MOST_QUOTAS && !quotas.contains_key(key) {
            quotas.retain(|_, quota| Arc::strong_count(quota) > 1);
        }
        Arc::clone(quotas.entry(key.clone()).or_default())
    }
}

impl Permit {
    /// Takes what the head of the answer says.
    pub(crate) fn answered(mut self, status: u16, headers: &HeaderMap) {
        let Some(pass) = self.pass.take() else {
            return;
        };
        let (now, name) = (Instant::now(), self.class.name());
        {
            let mut lane = self.quota.lane();
            lane.answered(pass, Limit::of(headers, name), now);
            if status == 429
                && let Some(time) = wanted_hold(headers, name)
            {
                lane.hold(now, time);
            }
        }
        self.quota.changed.notify_waiters();
    }

    /// Nobody was reached to send the request to.
    pub(crate) fn unsent(mut self) {
        if self.pass.take().is_some() {
            self.quota.lane().unsent();
            self.quota.changed.notify_waiters();
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if self.pass.take().is_some() {
            self.quota.lane().lost();
            self.quota.changed.notify_waiters();
        }
    }
}

impl Waits {
    /// How long the last of those who wait now has to wait; `None` when nobody does.
    pub fn left(&self) -> Option<Duration> {
        let until = self.0.borrow().iter().max().copied()?;
        Some(until.saturating_duration_since(Instant::now()))
    }

    /// Returns when somebody has begun or ended to wait since the last call.
    pub async fn changed(&mut self) {
        if self.0.changed().await.is_err() {
            // The budget is gone, and nothing will ever change.
            std::future::pending::<()>().await;
        }
    }
}

impl Class {
    fn of(endpoint: &Endpoint, url: &Url) -> Self {
        let path = url.path();
        let below = path.strip_prefix(endpoint.path()).unwrap_or(path);
        if path.contains("/resolve/") {
            Self::Resolvers
        } else if below.starts_with("/api/") {
            Self::Api
        } else {
            Self::Pages
        }
    }

    /// What the headers call it.
    fn name(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Resolvers => "resolvers",
            Self::Pages => "pages",
        }
    }
}

impl Quota {
    fn lane(&self) -> MutexGuard<'_, Lane> {
        self.lane
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}

impl fmt::Debug for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Budget")
            .field("waits", &self.0.waits.borrow().len())
            .finish_non_exhaustive()
    }
}

/// A place among those who wait.
struct Queued<'a>(&'a Quota);

impl<'a> Queued<'a> {
    fn join(quota: &'a Quota) -> Option<Self> {
        let place = Self(quota);
        (quota.waiting.fetch_add(1, Ordering::Relaxed) < MOST_WAITING).then_some(place)
    }
}

impl Drop for Queued<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A wait that is shown for as long as this lives.
struct Shown<'a> {
    waits: &'a watch::Sender<Vec<Instant>>,
    until: Instant,
}

impl<'a> Shown<'a> {
    fn put(waits: &'a watch::Sender<Vec<Instant>>, until: Instant) -> Self {
        waits.send_modify(|waits| waits.push(until));
        Self { waits, until }
    }
}

impl Drop for Shown<'_> {
    fn drop(&mut self) {
        self.waits.send_modify(|waits| {
            if let Some(at) = waits.iter().position(|until| *until == self.until) {
                waits.swap_remove(at);
            }
        });
    }
}

#[cfg(test)]
mod tests;
