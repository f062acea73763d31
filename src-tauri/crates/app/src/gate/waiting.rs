//! Transfers that wait for access: the Hub is asked for them, too, since nobody may have asked for
//! access in this run of the program, or at this computer.

use std::collections::BTreeMap;
use std::time::Duration;

use hubdesk_hub::Access;
use hubdesk_transfers::request::{DownloadV1, Request};
use hubdesk_transfers::{Reason, State};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::watch::{PERIOD, SHORTEST};
use crate::App;
use crate::app::WeakApp;
use crate::queue::live;

/// How many grants are asked for at a time.
const MOST: usize = 32;

/// When the Hub is asked: once a minute, and when the window is looked at again.
#[derive(Debug, Default)]
pub(crate) struct AccessLooks {
    last: Option<Instant>,
    is_wanted: bool,
    look: Option<JoinHandle<()>>,
}

impl AccessLooks {
    /// The window is looked at again.
    pub(crate) fn want(&mut self) {
        self.is_wanted = true;
    }

    /// Begins a look if it is time for one.
    pub(crate) fn look_if_due(&mut self, app: &App) {
        let pause = match self.is_wanted {
            true => SHORTEST,
            false => PERIOD,
        };
        let now = Instant::now();
        let is_busy = self.look.as_ref().is_some_and(|look| !look.is_finished());
        // Before the queue is open nobody knows who waits.
        if is_busy || app.queue().if_open().is_none() || !self.is_due(now, pause) {
            return;
        }
        (self.last, self.is_wanted) = (Some(now), false);
        self.look = Some(tokio::spawn(look_for_access(app.downgrade())));
    }

    fn is_due(&self, now: Instant, pause: Duration) -> bool {
        self.last.is_none_or(|last| now - last >= pause)
    }
}

/// Asks, one after the other, and lets go on what has been waited for. Holds the program only while
/// it asks.
async fn look_for_access(weak: WeakApp) {
    let wanted = weak.upgrade().map(|app| app.waits_for_access());
    for download in wanted.into_iter().flatten() {
        let Some(app) = weak.upgrade() else { return };
        if app.has_access(&download).await
            && let Some(transfers) = app.queue().if_open()
        {
            let (endpoint, name) = (&download.endpoint, &download.repo.name);
            // An error says that the program ends.
            let _ = transfers.access_granted(endpoint, name).await;
        }
    }
}

impl App {
    /// For what access is waited for, and as whom: each once.
    fn waits_for_access(&self) -> Vec<DownloadV1> {
        let Some(board) = self.queue_board() else {
            return Vec::new();
        };
        let blocked = board.transfers.values();
        let blocked = blocked.filter(|row| row.state == State::Blocked(Reason::Gated));
        let wanted = blocked.filter_map(|row| match &row.request {
            Ok(Request::Download(download)) => {
                let DownloadV1 {
                    endpoint,
                    account,
                    repo,
                    ..
                } = download;
                let kind = format!("{:?}", repo.kind);
                let key = (endpoint.clone(), account.clone(), kind, repo.name.clone());
                Some((key, download.clone()))
            }
            _ => None,
        });
        let wanted: BTreeMap<_, _> = wanted.collect();
        wanted.into_values().take(MOST).collect()
    }

    /// Whether the Hub gives access to it. One that cannot be asked has not granted it.
    async fn has_access(&self, download: &DownloadV1) -> bool {
        let (Some(hub), Ok(request)) = (self.hub_of(download).await, live(download)) else {
            return false;
        };
        matches!(hub.repo(&request.repo).access().await, Ok(Access::Granted))
    }
}
