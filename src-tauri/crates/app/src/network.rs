use std::sync::{Arc, Weak};
use std::time::Duration;

use hubdesk_core::RepoKind;
use hubdesk_hub::RepoQuery;
use hubdesk_transfers::{State, Transfer};
use tokio::sync::{Notify, watch};

use crate::App;
use crate::api::{ApiError, ErrorCode, Tag};
use crate::app::Inner;
use crate::error::hub_error;

/// The longest pause between two looks whether there is a way to the Hub again.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Whether there is a way to the Hub, by what happened last: what was answered, and what was not.
pub(crate) struct Network {
    is_online: watch::Sender<bool>,
    /// The board is worth a look.
    changed: Arc<Notify>,
}

impl Network {
    /// Nothing has failed yet; still there is no way to the Hub when we are told so.
    pub(crate) fn new(changed: Arc<Notify>, is_told_offline: bool) -> Self {
        Self {
            is_online: watch::Sender::new(!is_told_offline),
            changed,
        }
    }

    pub(crate) fn is_online(&self) -> bool {
        *self.is_online.borrow()
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
        if self.is_online.send_replace(is_online) != is_online {
            self.changed.notify_one();
        }
    }
}

/// While there is no way to the Hub, looks from time to time whether there is one again, since
/// nobody may ask for anything meanwhile. Holds the program only while it looks, and ends with it.
pub(crate) async fn watch_for_return(weak: Weak<Inner>) {
    let app = || weak.upgrade().map(App::from);
    let Some(mut way) = app().map(|app| app.network().is_online.subscribe()) else {
        return;
    };
    while way.wait_for(|is_online| !is_online).await.is_ok() {
        let Some(mut pause) = app().map(|app| app.profile().backoff.first) else {
            return;
        };
        while !*way.borrow_and_update() {
            tokio::select! {
                changed = way.changed() => match changed {
                    Ok(()) => continue,
                    Err(_) => return,
                },
                () = tokio::time::sleep(pause) => {}
            }
            pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
            let Some(app) = app() else { return };
            if app.is_awaited() {
                app.look_for_network().await;
            }
        }
    }
}

impl App {
    /// Whether anybody would notice a way to the Hub: a window, or work that has not ended.
    fn is_awaited(&self) -> bool {
        if self.events().has_listeners() {
            return true;
        }
        let is_open = |row: &std::sync::Arc<Transfer>| {
            matches!(
                row.state,
                State::Queued | State::Running | State::Waiting(_)
            )
        };
        let board = self.queue_board();
        board.is_some_and(|board| board.transfers.values().any(is_open))
    }

    /// Asks the open Hub for next to nothing, once. When it answers, be it with a refusal, what was
    /// answered without it is old.
    async fn look_for_network(&self) {
        let Ok(open) = self.sessions().open() else {
            return;
        };
        let mut profile = self.profile();
        profile.backoff.retries = 0;
        // The demo can always be asked, and says nothing of the network.
        let Some(Ok(hub)) = open.asked_as().map(|_| open.hub.with_profile(profile)) else {
            return;
        };
        let query = RepoQuery {
            limit: Some(1),
            ..RepoQuery::default()
        };
        let hub = hub.in_background();
        match hub.repos(RepoKind::Model, &query, None).await {
            Ok(_) => self.network().answered(),
            Err(error) => self.network().failed(&hub_error("the Hub", &error)),
        }
        if self.network().is_online() {
            tracing::info!("there is a way to the Hub again");
            self.events().stale(&[Tag::RepoList, Tag::Repo]);
        }
    }
}
