//! The queue of transfers, wired to the engines.
//!
//! ```text
//! command ─► request::stored ─► hubdesk_transfers ─► Engines (worker) ─► hubdesk_{download,upload}::run
//!                                     │ Board                 └─► Refusal: words, and what comes of it
//!                                     └─► board ─► window
//! ```
//!
//! The queue is opened behind the scenes: reading its database takes as long as it takes. Whoever
//! wants something of it waits for that. Read first: [`Queue`], [`Engines`].

mod describe;
mod heal;
mod limits;
mod open;
mod parts;
mod request;
#[cfg(test)]
pub(crate) mod samples;
mod upload;
pub(crate) mod volume;
mod worker;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use hubdesk_store::Store;
use hubdesk_transfers::{Error, TransferId, Transfers};
use tokio::sync::watch;

pub(crate) use self::describe::Describer;
pub(crate) use self::limits::{checked, limits};
pub(crate) use self::open::open;
pub(crate) use self::parts::DEMO;
pub(crate) use self::request::{into_folder, live, stored};
pub(crate) use self::upload::{
    Said, checked_message, holding_sources, live_upload, place, read_made, stored_upload,
};
pub(crate) use self::worker::Engines;
use crate::api::{self, ApiError, Toast};
use crate::error::queue_error;

/// How long the end of the program waits for the database to be closed.
const CLOSING: Duration = Duration::from_secs(1);

/// The queue of this run of the program.
pub(crate) struct Queue {
    now: watch::Sender<Now>,
    pub(crate) words: Arc<Words>,
    trouble: Mutex<Trouble>,
}

/// What went wrong when the queue was opened.
#[derive(Default)]
struct Trouble {
    /// In one sentence.
    words: Option<String>,
    /// Not told yet: no window may have been open.
    toast: Option<Toast>,
}

/// The queue, as soon as there is one.
#[derive(Clone, Default)]
enum Now {
    /// Its database is being read.
    #[default]
    Opening,
    Open(Transfers, Store),
    /// There is none: not even memory could be had, or the program ends.
    Closed,
}

/// Why transfers stopped, in words: the database keeps a code only.
#[derive(Default)]
pub(crate) struct Words(Mutex<HashMap<TransferId, ApiError>>);

impl Default for Queue {
    fn default() -> Self {
        Self {
            now: watch::Sender::new(Now::Opening),
            words: Arc::default(),
            trouble: Mutex::default(),
        }
    }
}

impl Queue {
    /// The queue. Waits until it is open.
    pub(crate) async fn transfers(&self) -> Result<Transfers, ApiError> {
        let mut now = self.now.subscribe();
        let settled = now.wait_for(|now| !matches!(now, Now::Opening)).await;
        match settled.as_deref() {
            Ok(Now::Open(transfers, _)) => Ok(transfers.clone()),
            _ => Err(queue_error(&Error::Closed)),
        }
    }

    /// The queue, if it is open by now.
    pub(crate) fn if_open(&self) -> Option<Transfers> {
        match &*self.now.borrow() {
            Now::Open(transfers, _) => Some(transfers.clone()),
            Now::Opening | Now::Closed => None,
        }
    }

    /// Its database, if it is open by now.
    pub(crate) fn store(&self) -> Option<Store> {
        match &*self.now.borrow() {
            Now::Open(_, store) => Some(store.clone()),
            Now::Opening | Now::Closed => None,
        }
    }

    /// What went wrong when the queue was opened, in one sentence.
    pub(crate) fn trouble(&self) -> Option<String> {
        self.lock_trouble().words.clone()
    }

    /// What has to be told to the first window, once.
    pub(crate) fn take_toast(&self) -> Option<Toast> {
        self.lock_trouble().toast.take()
    }

    fn has_trouble(&self, words: String, toast: Toast) {
        *self.lock_trouble() = Trouble {
            words: Some(words),
            toast: Some(toast),
        };
    }

    fn lock_trouble(&self) -> MutexGuard<'_, Trouble> {
        self.trouble
            .lock()
            .expect("nothing panics while it holds this lock")
    }

    fn is_open(&self, transfers: Transfers, store: Store) -> bool {
        self.now.send_if_modified(|now| {
            let is_awaited = matches!(now, Now::Opening);
            if is_awaited {
                *now = Now::Open(transfers, store);
            }
            is_awaited
        })
    }

    fn is_missing(&self) {
        self.now.send_replace(Now::Closed);
    }

    /// Stops what runs, and gives the database back. Takes four seconds at most.
    pub(crate) async fn close(&self) {
        let Now::Open(transfers, store) = self.now.send_replace(Now::Closed) else {
            return;
        };
        let left = transfers.shut_down().await;
        if !left.is_empty() {
            tracing::warn!(
                ?left,
                "not stopped in time; the next start finds what they left"
            );
        }
        if tokio::time::timeout(CLOSING, store.close()).await.is_err() {
            tracing::warn!("the queue was not closed in time");
        }
    }
}

impl Words {
    /// `id` has stopped for this.
    pub(crate) fn put(&self, id: TransferId, error: ApiError) {
        self.lock().insert(id, error);
    }

    /// Why `id` has stopped, if it did so in this run of the program.
    pub(crate) fn of(&self, id: TransferId) -> Option<ApiError> {
        self.lock().get(&id).cloned()
    }

    /// `id` is gone.
    pub(crate) fn forget(&self, id: TransferId) {
        self.lock().remove(&id);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<TransferId, ApiError>> {
        self.0
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}

/// The id as the window names it.
pub(crate) fn shown(id: TransferId) -> api::TransferId {
    u64::try_from(id.get()).unwrap_or(0)
}

/// The id the window has named.
pub(crate) fn named(id: api::TransferId) -> TransferId {
    TransferId::new(i64::try_from(id).unwrap_or(i64::MAX))
}
