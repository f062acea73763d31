use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use hubdesk_core::{RepoKind, Token};
use hubdesk_download::Listings;
use hubdesk_hub::{Endpoint, Hub, Profile};
use hubdesk_standin::StandIn;

use crate::api::{ApiError, CacheFound, Session, SessionStage, UserName};
use crate::error::hub_error;

/// A Hub that was chosen, with the token it was chosen with. What began at it keeps both.
pub(crate) struct Open {
    pub(crate) hub: Hub,
    pub(crate) listings: Arc<Listings>,
    is_demo: bool,
    user: Option<UserName>,
}

/// Which Hub is open. The only owner of the token.
#[derive(Default)]
pub(crate) struct Sessions {
    /// How often a Hub was asked to be opened or closed.
    asked: AtomicU64,
    now: Mutex<Now>,
    /// Started once and kept: transfers from it go on after another Hub was opened.
    demo: tokio::sync::Mutex<Option<StandIn>>,
}

#[derive(Default)]
struct Now {
    /// What was asked when this became so.
    turn: u64,
    open: Option<Arc<Open>>,
}

impl Sessions {
    /// What is open.
    pub(crate) fn open(&self) -> Result<Arc<Open>, ApiError> {
        self.current().ok_or_else(ApiError::no_hub)
    }

    /// The address of the Hub that is open.
    pub(crate) fn endpoint(&self) -> Option<Endpoint> {
        self.current().map(|open| open.hub.endpoint().clone())
    }

    fn current(&self) -> Option<Arc<Open>> {
        self.now
            .lock()
            .expect("nothing panics while it holds this lock")
            .open
            .clone()
    }

    /// Opens `endpoint`. A token is checked before it is kept, and is kept in memory only.
    pub(crate) async fn open_hub(
        &self,
        endpoint: Endpoint,
        token: Option<Token>,
        profile: Profile,
    ) -> Result<(), ApiError> {
        let turn = self.turn();
        check_line(&endpoint, token.as_ref())?;
        let open = connect(endpoint, token, profile, false).await?;
        self.settle(turn, Some(open));
        Ok(())
    }

    /// Opens the Hub that ships with the program, as its own user.
    pub(crate) async fn open_demo(&self, profile: Profile) -> Result<(), ApiError> {
        let turn = self.turn();
        let mut demo = self.demo.lock().await;
        let running = match &mut *demo {
            Some(running) => running,
            none => none.insert(StandIn::builder().demo().start().await.map_err(|error| {
                ApiError::internal(format!("The demo Hub cannot start: {error}."))
            })?),
        };
        let endpoint = Endpoint::parse(&running.endpoint()).map_err(|error| {
            ApiError::internal(format!("The demo Hub has no address: {error}."))
        })?;
        let token = Token::new(hubdesk_standin::demo::TOKEN);
        let open = connect(endpoint, token, profile, true).await?;
        self.settle(turn, Some(open));
        Ok(())
    }

    /// Closes the Hub. What runs goes on, with the token it began with.
    pub(crate) fn close(&self) {
        self.settle(self.turn(), None);
    }

    fn turn(&self) -> u64 {
        self.asked.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// What was asked last holds, however long the answers before it take.
    fn settle(&self, turn: u64, open: Option<Arc<Open>>) {
        let mut now = self
            .now
            .lock()
            .expect("nothing panics while it holds this lock");
        if turn > now.turn {
            *now = Now { turn, open };
        }
    }

    /// What the window is told. `preset` is the address a Hub would be opened at. Blocks.
    pub(crate) fn describe(&self, preset: &str, cache: &Path) -> Session {
        let open = self.current();
        let address = |open: &Arc<Open>| open.hub.endpoint().to_string();
        Session {
            stage: if open.is_some() {
                SessionStage::Open
            } else {
                SessionStage::Welcome
            },
            endpoint: open.as_ref().map_or_else(|| preset.to_owned(), address),
            is_demo: open.as_ref().is_some_and(|open| open.is_demo),
            user: open.and_then(|open| open.user.clone()),
            account: None,
            is_restoring: false,
            cache: CacheFound {
                path: cache.display().to_string(),
                repos: u32::try_from(count_repos(cache)).unwrap_or(u32::MAX),
            },
        }
    }
}

/// Refuses to send a token where others could read it on the way.
pub(crate) fn check_line(endpoint: &Endpoint, token: Option<&Token>) -> Result<(), ApiError> {
    let address = endpoint.to_string();
    if token.is_some() && address.starts_with("http:") && !endpoint.is_loopback() {
        return Err(ApiError::bad_input(format!(
            "{address} is not encrypted, so a token would be seen on the way."
        )));
    }
    Ok(())
}

async fn connect(
    endpoint: Endpoint,
    token: Option<Token>,
    profile: Profile,
    is_demo: bool,
) -> Result<Arc<Open>, ApiError> {
    let has_token = token.is_some();
    let hub = Hub::new(endpoint, Arc::new(token), profile)
        .map_err(|error| hub_error("the Hub", &error))?;
    let mut user = None;
    if has_token {
        let found = hub
            .whoami()
            .await
            .map_err(|error| hub_error("your account", &error))?;
        user = Some(UserName {
            name: found.name,
            full_name: Some(found.full_name).filter(|name| !name.is_empty()),
            role: found
                .token
                .map(|token| token.role)
                .filter(|role| !role.is_empty()),
        });
    }
    Ok(Arc::new(Open {
        hub,
        listings: Arc::default(),
        is_demo,
        user,
    }))
}

/// Repository folders in the cache; a cache that is not there or cannot be read has none.
fn count_repos(cache: &Path) -> usize {
    let Ok(entries) = std::fs::read_dir(cache) else {
        return 0;
    };
    let is_repo = |name: &str| {
        RepoKind::ALL
            .iter()
            .any(|kind| name.starts_with(&format!("{}--", kind.plural())))
    };
    entries
        .flatten()
        .filter(|entry| entry.file_name().to_str().is_some_and(is_repo))
        .count()
}
