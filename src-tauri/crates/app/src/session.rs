use std::path::Path;
use std::sync::{Arc, Mutex, RwLock};

use hubdesk_core::{RepoKind, Token};
use hubdesk_hub::{Endpoint, Hub, Profile, TokenSource};
use hubdesk_standin::StandIn;

use crate::api::{ApiError, CacheFound, Session, SessionStage, UserName};
use crate::error::hub_error;

/// A Hub that was chosen.
pub(crate) struct Open {
    pub(crate) hub: Hub,
    token: Arc<SessionToken>,
    is_demo: bool,
    user: Option<UserName>,
}

/// Which Hub is open. The only owner of the token.
#[derive(Default)]
pub(crate) struct Sessions {
    open: Mutex<Option<Arc<Open>>>,
    /// Started once and kept: transfers from it go on after another Hub was opened.
    demo: tokio::sync::Mutex<Option<StandIn>>,
}

/// The token of one session. The client asks for it at every request, so that closing the Hub
/// takes it away from what still runs.
struct SessionToken(RwLock<Option<Token>>);

impl TokenSource for SessionToken {
    fn token(&self) -> Option<Token> {
        self.0
            .read()
            .expect("nothing panics while it holds this lock")
            .clone()
    }
}

impl Sessions {
    /// The Hub that is open.
    pub(crate) fn hub(&self) -> Result<Hub, ApiError> {
        self.current()
            .map(|open| open.hub.clone())
            .ok_or_else(ApiError::no_hub)
    }

    fn current(&self) -> Option<Arc<Open>> {
        self.open
            .lock()
            .expect("nothing panics while it holds this lock")
            .clone()
    }

    /// Opens `endpoint`. A token is checked before it is kept, and is kept in memory only.
    pub(crate) async fn open(
        &self,
        endpoint: Endpoint,
        token: Option<Token>,
        profile: Profile,
    ) -> Result<(), ApiError> {
        let address = endpoint.to_string();
        if token.is_some() && address.starts_with("http:") && !endpoint.is_loopback() {
            return Err(ApiError::bad_input(format!(
                "{address} is not encrypted, so a token would be seen on the way."
            )));
        }
        self.open_as(endpoint, token, profile, false).await
    }

    /// Opens the Hub that ships with the program, as its own user.
    pub(crate) async fn open_demo(&self, profile: Profile) -> Result<(), ApiError> {
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
        self.open_as(endpoint, token, profile, true).await
    }

    async fn open_as(
        &self,
        endpoint: Endpoint,
        token: Option<Token>,
        profile: Profile,
        is_demo: bool,
    ) -> Result<(), ApiError> {
        let has_token = token.is_some();
        let token = Arc::new(SessionToken(RwLock::new(token)));
        let tokens: Arc<dyn TokenSource> = token.clone();
        let hub =
            Hub::new(endpoint, tokens, profile).map_err(|error| hub_error("the Hub", &error))?;
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
        let open = Arc::new(Open {
            hub,
            token,
            is_demo,
            user,
        });
        self.replace(Some(open));
        Ok(())
    }

    /// Closes the Hub. Its token is forgotten at once, also by what still runs.
    pub(crate) fn close(&self) {
        self.replace(None);
    }

    fn replace(&self, next: Option<Arc<Open>>) {
        let mut open = self
            .open
            .lock()
            .expect("nothing panics while it holds this lock");
        if let Some(before) = std::mem::replace(&mut *open, next) {
            *before
                .token
                .0
                .write()
                .expect("nothing panics while it holds this lock") = None;
        }
    }

    /// What the window is told. `preset` is the address a Hub would be opened at.
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
            cache: CacheFound {
                path: cache.display().to_string(),
                repos: u32::try_from(count_repos(cache)).unwrap_or(u32::MAX),
            },
        }
    }
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
