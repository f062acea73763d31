use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use hubdesk_core::{RepoKind, Token};
use hubdesk_download::Listings;
use hubdesk_hub::{Endpoint, Error as HubError, Hub, Profile, TokenSource};
use hubdesk_standin::StandIn;

use crate::accounts::{Entry, Tokens};
use crate::api::{AccountId, ApiError, CacheFound, Session, SessionStage, UserName};
use crate::error::hub_error;

/// A Hub that was chosen, and as whom. What began at it keeps both.
#[derive(Clone)]
pub(crate) struct Open {
    pub(crate) hub: Hub,
    pub(crate) listings: Arc<Listings>,
    is_demo: bool,
    user: Option<UserName>,
    /// The account's token; `None` when anonymous, and for the demo.
    pub(crate) tokens: Option<Tokens>,
}

impl Open {
    /// Whose account it is.
    pub(crate) fn account(&self) -> Option<AccountId> {
        Some(self.tokens.as_ref()?.id().clone())
    }

    /// Whether it is the one that ships with the program.
    pub(crate) fn is_demo(&self) -> bool {
        self.is_demo
    }

    /// Whose account it is, by the name at its Hub.
    pub(crate) fn account_name(&self) -> Option<String> {
        self.tokens.as_ref()?;
        Some(self.user.as_ref()?.name.clone())
    }

    /// Who is signed in, also at the demo.
    pub(crate) fn user_name(&self) -> Option<String> {
        Some(self.user.as_ref()?.name.clone())
    }

    /// As whom it is asked: an account, or an address. `None` for the demo, which can always be
    /// asked.
    pub(crate) fn asked_as(&self) -> Option<String> {
        let whom = || {
            self.account()
                .unwrap_or_else(|| self.hub.endpoint().to_string())
        };
        (!self.is_demo).then(whom)
    }
}

/// Which Hub is open.
#[derive(Default)]
pub(crate) struct Sessions {
    /// How often a Hub was asked to be opened or closed.
    asked: AtomicU64,
    now: Mutex<Now>,
    /// Started once and kept: transfers from it go on after another Hub was opened.
    demo: tokio::sync::Mutex<Option<StandIn>>,
    demo_address: OnceLock<String>,
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

    /// Whose account is open.
    pub(crate) fn account(&self) -> Option<AccountId> {
        self.current()?.account()
    }

    /// Opens `endpoint` without an account. Asks it nothing.
    pub(crate) fn open_hub(&self, endpoint: Endpoint, profile: Profile) -> Result<(), ApiError> {
        let turn = self.turn();
        let open = Open {
            hub: hub(endpoint, Arc::new(None), profile)?,
            listings: Arc::default(),
            is_demo: false,
            user: None,
            tokens: None,
        };
        self.settle(turn, Some(Arc::new(open)));
        Ok(())
    }

    /// Opens an account's Hub. Asks it nothing.
    pub(crate) fn open_account(&self, entry: &Entry, profile: Profile) -> Result<(), ApiError> {
        let turn = self.turn();
        self.settle(turn, Some(of_account(entry, profile)?));
        Ok(())
    }

    /// The same, unless somebody has opened or closed something before.
    pub(crate) fn restore_account(&self, entry: &Entry, profile: Profile) -> Result<(), ApiError> {
        let open = of_account(entry, profile)?;
        let first = self
            .asked
            .compare_exchange(0, 1, Ordering::Relaxed, Ordering::Relaxed);
        if first.is_ok() {
            self.settle(1, Some(open));
        }
        Ok(())
    }

    /// Opens the Hub that ships with the program, as its own user.
    pub(crate) async fn open_demo(&self, profile: Profile) -> Result<(), ApiError> {
        let turn = self.turn();
        let hub = self.demo_hub(profile).await?;
        let found = hub
            .whoami()
            .await
            .map_err(|error| hub_error("your account", &error))?;
        let open = Open {
            hub,
            listings: Arc::default(),
            is_demo: true,
            user: Some(UserName {
                name: found.name,
                full_name: Some(found.full_name).filter(|name| !name.is_empty()),
                role: None,
            }),
            tokens: None,
        };
        self.settle(turn, Some(Arc::new(open)));
        Ok(())
    }

    /// The Hub that ships with the program, which is started if it does not run yet.
    pub(crate) async fn demo_hub(&self, profile: Profile) -> Result<Hub, ApiError> {
        let mut demo = self.demo.lock().await;
        let running = match &mut *demo {
            Some(running) => running,
            none => none.insert(StandIn::builder().demo().start().await.map_err(|error| {
                ApiError::internal(format!("The demo Hub cannot start: {error}."))
            })?),
        };
        let address = running.endpoint();
        let endpoint = Endpoint::parse(&address).map_err(|error| {
            ApiError::internal(format!("The demo Hub has no address: {error}."))
        })?;
        self.demo_address.get_or_init(|| endpoint.to_string());
        let token = Token::new(hubdesk_standin::demo::TOKEN);
        hub(endpoint, Arc::new(token), profile)
    }

    /// Where the Hub that ships with the program is, if it runs.
    pub(crate) fn demo_address(&self) -> Option<String> {
        self.demo_address.get().cloned()
    }

    /// From now on the open Hub is asked as `profile` says. What runs goes on as it began.
    pub(crate) fn reprofile(&self, profile: Profile) -> Result<(), HubError> {
        let mut now = self
            .now
            .lock()
            .expect("nothing panics while it holds this lock");
        // The demo is on this machine and part of the program.
        let Some(open) = now.open.as_ref().filter(|open| !open.is_demo) else {
            return Ok(());
        };
        let hub = open.hub.with_profile(profile)?;
        now.open = Some(Arc::new(Open {
            hub,
            ..Open::clone(open)
        }));
        Ok(())
    }

    /// As whom the open Hub is asked ([`Open::asked_as`]); `None` if there is none.
    pub(crate) fn asked_as(&self) -> Option<String> {
        self.current()?.asked_as()
    }

    /// Closes the Hub. What runs goes on.
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
    pub(crate) fn describe(&self, preset: &str, cache: &Path, is_restoring: bool) -> Session {
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
            account: self.account(),
            is_restoring: is_restoring && open.is_none(),
            user: open.and_then(|open| open.user.clone()),
            cache: CacheFound {
                path: cache.display().to_string(),
                repos: u32::try_from(count_repos(cache)).unwrap_or(u32::MAX),
            },
        }
    }
}

/// Refuses to send a token where others could read it on the way.
pub(crate) fn check_line(endpoint: &Endpoint, has_token: bool) -> Result<(), ApiError> {
    let address = endpoint.to_string();
    if has_token && address.starts_with("http:") && !endpoint.is_loopback() {
        return Err(ApiError::bad_input(format!(
            "{address} is not encrypted, so a token would be seen on the way."
        )));
    }
    Ok(())
}

fn hub(
    endpoint: Endpoint,
    tokens: Arc<dyn TokenSource>,
    profile: Profile,
) -> Result<Hub, ApiError> {
    Hub::new(endpoint, tokens, profile).map_err(|error| hub_error("the Hub", &error))
}

fn of_account(entry: &Entry, profile: Profile) -> Result<Arc<Open>, ApiError> {
    // The list of accounts is a file that anybody may have changed.
    check_line(&entry.endpoint, true)?;
    let facts = &entry.record.facts;
    Ok(Arc::new(Open {
        hub: hub(
            entry.endpoint.clone(),
            Arc::new(entry.tokens.clone()),
            profile,
        )?,
        listings: Arc::default(),
        is_demo: false,
        user: Some(UserName {
            name: facts.name.clone(),
            full_name: facts.full_name.clone(),
            role: facts.role.clone(),
        }),
        tokens: Some(entry.tokens.clone()),
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
