//! Looking for the grant, for as long as somebody waits for it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use hubdesk_core::RepoId;
use hubdesk_hub::{Access, Error as HubError};
use tokio::sync::watch;

use crate::App;
use crate::api::{ApiError, RepoRef, Tag, Toast};
use crate::app::WeakApp;
use crate::links::checked_link;
use crate::queue::DEMO;
use crate::session::Open;

/// How often the Hub is asked, and asks to be asked at most.
pub(super) const PERIOD: Duration = Duration::from_secs(60);
/// The pause after a look that a window's focus brought about: people go back and forth.
pub(super) const SHORTEST: Duration = Duration::from_secs(5);
/// How many grants are waited for at once.
const MOST: usize = 32;

/// What somebody has asked access to, since the program began.
#[derive(Default)]
pub(crate) struct Asked {
    waiting: Mutex<Vec<Wish>>,
    /// The window is looked at again: the browser may have been before.
    focused: watch::Sender<u64>,
}

/// As whom access was asked for, by the name of [`Open::asked_as`], and to what.
type Wish = (Option<String>, RepoId);

impl Asked {
    /// Whether the grant is waited for.
    pub(crate) fn has(&self, open: &Open, id: &RepoId) -> bool {
        self.lock().contains(&(open.asked_as(), id.clone()))
    }

    /// Looks at once.
    pub(crate) fn window_is_focused(&self) {
        self.focused.send_modify(|times| *times += 1);
    }

    /// Hears of each time the window is looked at again.
    pub(crate) fn focus(&self) -> watch::Receiver<u64> {
        self.focused.subscribe()
    }

    /// Whether it is new, and so has to be waited for.
    fn add(&self, wish: &Wish) -> bool {
        let mut waiting = self.lock();
        let is_added = waiting.len() < MOST && !waiting.contains(wish);
        if is_added {
            waiting.push(wish.clone());
        }
        is_added
    }

    fn remove(&self, wish: &Wish) {
        self.lock().retain(|asked| asked != wish);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Wish>> {
        self.waiting
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}

impl App {
    /// Opens the page on which access is asked for, and looks for the grant from then on.
    pub(crate) async fn ask_access(&self, id: &RepoId, web_url: &str) -> Result<(), ApiError> {
        let open = self.sessions().open()?;
        let url = checked_link(web_url, &self.own_endpoints())?;
        let opened = self
            .blocking(move |app| app.host().open_link(url.as_str()))
            .await;
        opened.map_err(|error| {
            ApiError::internal(format!("The system cannot open the link: {error}."))
        })?;
        if self.asked().add(&(open.asked_as(), id.clone())) {
            let focused = self.asked().focus();
            tokio::spawn(look_out(self.downgrade(), open, id.clone(), focused));
        }
        Ok(())
    }

    fn access_is_decided(&self, open: &Open, id: &RepoId, is_granted: bool) {
        self.asked().remove(&(open.asked_as(), id.clone()));
        self.events().stale(&[Tag::Repo]);
        if is_granted {
            self.tell_queue_of_access(open, id);
            let repo = RepoRef {
                kind: id.kind(),
                name: id.name().to_owned(),
            };
            self.events().toast(Toast::AccessGranted {
                repo,
                endpoint: open.hub.endpoint().to_string(),
                account: open.account(),
            });
        }
    }
}

impl App {
    /// What waited for the grant goes on.
    fn tell_queue_of_access(&self, open: &Open, id: &RepoId) {
        let Some(transfers) = self.queue().if_open() else {
            return;
        };
        // What ships with the program is stored under a name of its own.
        let endpoint = match open.is_demo() {
            true => DEMO.to_owned(),
            false => open.hub.endpoint().to_string(),
        };
        let name = id.name().to_owned();
        tokio::spawn(async move {
            // An error says that the program ends.
            let _ = transfers.access_granted(&endpoint, &name).await;
        });
    }
}

/// Asks once a minute, and when the window is looked at again, until the Hub has decided. Holds the
/// program only while it looks.
async fn look_out(weak: WeakApp, open: Arc<Open>, id: RepoId, mut focused: watch::Receiver<u64>) {
    let repo = open.hub.in_background().repo(&id);
    loop {
        // A focus during the look or the pause after it counts, too.
        let _ = tokio::time::timeout(PERIOD, focused.changed()).await;
        let Some(app) = weak.upgrade() else {
            return;
        };
        match repo.access().await {
            Ok(Access::Granted) => return app.access_is_decided(&open, &id, true),
            Ok(Access::SignedOut | Access::Rejected)
            | Err(HubError::SignedOut { .. } | HubError::NotFound(..)) => {
                return app.access_is_decided(&open, &id, false);
            }
            // A Hub that cannot be asked has not decided.
            Ok(Access::NotGranted) | Err(_) => {}
        }
        drop(app);
        tokio::time::sleep(SHORTEST).await;
    }
}

#[cfg(test)]
mod tests {
    use hubdesk_core::RepoKind;

    use super::*;

    #[test]
    fn each_account_waits_for_its_own_grant_and_for_one_only_once() {
        let asked = Asked::default();
        let id = RepoId::new(RepoKind::Model, "lab/m").unwrap();
        let wish = |who: &str| (Some(who.to_owned()), id.clone());
        assert!(asked.add(&wish("mira")));
        assert!(!asked.add(&wish("mira")));
        assert!(asked.add(&wish("noor")));
        asked.remove(&wish("mira"));
        assert!(asked.add(&wish("mira")) && !asked.add(&wish("noor")));
        for n in 0..MOST * 2 {
            asked.add(&wish(&n.to_string()));
        }
        assert_eq!(asked.lock().len(), MOST);
    }
}
