//! Looking for the grant, for as long as somebody waits for it.

use std::sync::Mutex;
use std::time::Duration;

use hubdesk_core::RepoId;
use hubdesk_hub::{Access, Hub};
use tokio::sync::watch;

use crate::App;
use crate::api::{ApiError, RepoRef, Tag, Toast};
use crate::app::WeakApp;
use crate::links::checked_link;

/// How often the Hub is asked, and asks to be asked at most.
const PERIOD: Duration = Duration::from_secs(60);
/// The pause after a look that a window's focus brought about: people go back and forth.
const SHORTEST: Duration = Duration::from_secs(5);
/// How many grants are waited for at once.
const MOST: usize = 32;

/// What somebody has asked access to, since the program began.
#[derive(Default)]
pub(crate) struct Asked {
    waiting: Mutex<Vec<(String, RepoId)>>,
    /// The window is looked at again: the browser may have been before.
    focused: watch::Sender<u64>,
}

impl Asked {
    /// Whether the grant is waited for.
    pub(crate) fn has(&self, hub: &Hub, id: &RepoId) -> bool {
        let wanted = (hub.endpoint().to_string(), id.clone());
        self.lock().contains(&wanted)
    }

    /// Looks at once.
    pub(crate) fn window_is_focused(&self) {
        self.focused.send_modify(|times| *times += 1);
    }

    /// Whether it is new, and so has to be waited for.
    fn add(&self, hub: &Hub, id: &RepoId) -> bool {
        let is_new = !self.has(hub, id);
        let mut waiting = self.lock();
        let has_room = waiting.len() < MOST;
        if is_new && has_room {
            waiting.push((hub.endpoint().to_string(), id.clone()));
        }
        is_new && has_room
    }

    fn remove(&self, hub: &Hub, id: &RepoId) {
        let endpoint = hub.endpoint().to_string();
        self.lock()
            .retain(|(at, asked)| *at != endpoint || asked != id);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<(String, RepoId)>> {
        self.waiting
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}

impl App {
    /// Opens the page on which access is asked for, and looks for the grant from then on.
    pub(crate) async fn ask_access(&self, id: &RepoId, web_url: &str) -> Result<(), ApiError> {
        let hub = self.sessions().open()?.hub.clone();
        let url = checked_link(web_url, &self.own_endpoints())?;
        let opened = self
            .blocking(move |app| app.host().open_link(url.as_str()))
            .await;
        opened.map_err(|error| {
            ApiError::internal(format!("The system cannot open the link: {error}."))
        })?;
        if self.asked().add(&hub, id) {
            let focused = self.asked().focused.subscribe();
            tokio::spawn(look_out(self.downgrade(), hub, id.clone(), focused));
        }
        Ok(())
    }

    fn access_is_decided(&self, hub: &Hub, id: &RepoId, is_granted: bool) {
        self.asked().remove(hub, id);
        self.events().stale(&[Tag::Repo]);
        if is_granted {
            let repo = RepoRef {
                kind: id.kind(),
                name: id.name().to_owned(),
            };
            self.events().toast(Toast::AccessGranted { repo });
        }
    }
}

/// Asks once a minute, and when the window is looked at again, until the Hub has decided. Holds the
/// program only while it looks.
async fn look_out(weak: WeakApp, hub: Hub, id: RepoId, mut focused: watch::Receiver<u64>) {
    loop {
        // A focus during the look or the pause after it counts, too.
        let _ = tokio::time::timeout(PERIOD, focused.changed()).await;
        let Some(app) = weak.upgrade() else {
            return;
        };
        match hub.repo(&id).access().await {
            Ok(Access::Granted) => return app.access_is_decided(&hub, &id, true),
            Ok(Access::SignedOut | Access::Rejected) => {
                return app.access_is_decided(&hub, &id, false);
            }
            // A Hub that cannot be asked has not decided.
            Ok(Access::NotGranted) | Err(_) => {}
        }
        drop(app);
        tokio::time::sleep(SHORTEST).await;
    }
}
