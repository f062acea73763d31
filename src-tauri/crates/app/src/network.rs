use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

use crate::api::{ApiError, ErrorCode};

/// Whether there is a way to the Hub, by what happened last: what was answered, and what was not.
pub(crate) struct Network {
    is_online: AtomicBool,
    /// The board is worth a look.
    changed: Arc<Notify>,
}

impl Network {
    /// Nothing has failed yet; still there is no way to the Hub when we are told so.
    pub(crate) fn new(changed: Arc<Notify>, is_told_offline: bool) -> Self {
        Self {
            is_online: AtomicBool::new(!is_told_offline),
            changed,
        }
    }

    pub(crate) fn is_online(&self) -> bool {
        self.is_online.load(Ordering::Relaxed)
    }

    /// Something came from the Hub.
    pub(crate) fn answered(&self) {
        self.set(true);
    }

    /// Something asked of the Hub ended with `error`. A refusal is an answer, too.
    pub(crate) fn failed(&self, error: &ApiError) {
        match error.code {
            ErrorCode::Offline | ErrorCode::ProxyRefused => self.set(false),
            ErrorCode::SignedOut
            | ErrorCode::Gated
            | ErrorCode::Forbidden
            | ErrorCode::NotFound
            | ErrorCode::Conflict
            | ErrorCode::PaymentNeeded
            | ErrorCode::RateLimited
            | ErrorCode::HubDown
            | ErrorCode::BadAnswer => self.set(true),
            // These are found out on this side.
            ErrorCode::BadInput
            | ErrorCode::NoSpace
            | ErrorCode::NotWritable
            | ErrorCode::BadName
            | ErrorCode::Unsure
            | ErrorCode::NoHub
            | ErrorCode::Internal => {}
        }
    }

    fn set(&self, is_online: bool) {
        if self.is_online.swap(is_online, Ordering::Relaxed) != is_online {
            self.changed.notify_one();
        }
    }
}
