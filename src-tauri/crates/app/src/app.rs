use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::Stream;
use hubdesk_cache::{Cache, LinkSupport};
use hubdesk_core::{Clock, SystemClock};
use hubdesk_download::{Parts, Tuning};
use hubdesk_hub::{Endpoint, Profile};
use serde_json::Value;

use crate::api::{ApiError, ErrorCode, Session, Tag, UiEvent, table};
use crate::board;
use crate::env::{Env, HubAddress};
use crate::events::Events;
use crate::host::{Host, SystemHost};
use crate::session::Sessions;
use crate::settings::SettingsFile;
use crate::transfers::Transfers;

/// How long a shutdown waits for what is at work. What is left is found again by the next start.
const SHUTDOWN: Duration = Duration::from_secs(3);

/// What an [`App`] is made from. Tests bring their own of each.
pub struct Setup {
    /// What the environment says.
    pub env: Env,
    /// Where settings are kept.
    pub config_dir: PathBuf,
    /// What only the desktop can do.
    pub host: Arc<dyn Host>,
    /// Where time comes from.
    pub clock: Arc<dyn Clock>,
    /// How the network is used.
    pub profile: Profile,
}

impl Setup {
    /// The desktop this program runs on.
    pub fn desktop(env: Env) -> Self {
        Self {
            config_dir: env.config_dir(),
            profile: Profile {
                user_agent: env.user_agent(),
                ..Profile::default()
            },
            host: Arc::new(SystemHost),
            clock: Arc::new(SystemClock::default()),
            env,
        }
    }
}

/// Hubdesk without a window. Cheap to clone; clones are the same program.
#[derive(Clone)]
pub struct App(Arc<Inner>);

pub(crate) struct Inner {
    env: Env,
    profile: Profile,
    host: Arc<dyn Host>,
    clock: Arc<dyn Clock>,
    cache: Cache,
    settings: SettingsFile,
    sessions: Sessions,
    transfers: Arc<Transfers>,
    events: Events,
    is_online: AtomicBool,
}

impl App {
    /// Wires the engines. Opens no connection; call it inside a Tokio runtime.
    pub fn open(setup: Setup) -> Self {
        let links = if setup.env.disables_links() {
            LinkSupport::Never
        } else {
            LinkSupport::Probe
        };
        let events = Events::default();
        let app = Self(Arc::new(Inner {
            cache: Cache::open(setup.env.cache_dir(), links),
            settings: SettingsFile::open(&setup.config_dir),
            sessions: Sessions::default(),
            transfers: Arc::new(Transfers::new(events.clone())),
            events,
            is_online: AtomicBool::new(true),
            env: setup.env,
            profile: setup.profile,
            host: setup.host,
            clock: setup.clock,
        }));
        tokio::spawn(board::sample(
            Arc::downgrade(&app.0),
            Arc::clone(&app.0.transfers.changed),
        ));
        app
    }

    /// Runs a command: JSON in, JSON out, as `api` declares it.
    pub async fn call(&self, name: &str, request: Value) -> Result<Value, ApiError> {
        let result = table::route(self, name, request).await;
        match &result {
            Ok((_, stales)) => self.0.events.stale(stales),
            Err(error) => tracing::debug!(command = name, ?error.code, error.message, "refused"),
        }
        self.note_network(name, result.as_ref().err());
        result.map(|(answer, _)| answer)
    }

    /// What one window is told: a snapshot first, then what happens, in order and without a gap.
    pub fn subscribe(&self) -> Pin<Box<dyn Stream<Item = UiEvent> + Send>> {
        let app = self.clone();
        self.0.events.subscribe(move || UiEvent::Snapshot {
            session: app.describe_session(),
            board: app.board(),
        })
    }

    /// Stops what runs and keeps what arrived. Takes three seconds at most.
    pub async fn close(&self) {
        if tokio::time::timeout(SHUTDOWN, self.0.transfers.shut_down())
            .await
            .is_err()
        {
            tracing::warn!(
                "some transfers did not stop in time; the next start finds what they left"
            );
        }
    }

    /// The settings, for the window's own look.
    pub fn appearance(&self) -> crate::api::Appearance {
        self.0.settings.get().appearance
    }

    pub(crate) fn describe_session(&self) -> Session {
        let preset = self.endpoint(None).map(|endpoint| endpoint.to_string());
        self.0
            .sessions
            .describe(&preset.unwrap_or_default(), self.0.cache.root())
    }

    /// Parses `typed`, or takes the address of the settings, the environment, the public Hub.
    pub(crate) fn endpoint(&self, typed: Option<&str>) -> Result<Endpoint, ApiError> {
        let set = self.0.settings.get().endpoint;
        let typed = typed.map(str::trim).filter(|text| !text.is_empty());
        let address = match (typed, set.as_str(), self.0.env.hub_address()) {
            (Some(typed), ..) => typed.to_owned(),
            (None, "", HubAddress::Environment(address)) => address,
            (None, "", HubAddress::Default) => return Ok(Endpoint::default()),
            (None, set, _) => set.to_owned(),
        };
        Endpoint::parse(&address).map_err(|error| {
            ApiError::bad_input(format!("{address:?} is not the address of a Hub: {error}."))
        })
    }

    /// What a download of the open Hub works with.
    pub(crate) fn parts(&self) -> Result<Parts, ApiError> {
        Ok(Parts {
            hub: self.0.sessions.hub()?,
            cache: self.0.cache.clone(),
            tuning: Tuning {
                backoff: self.0.profile.backoff,
                ..Tuning::default()
            },
        })
    }

    /// Runs `work` where it may block. A panic in it goes on in whoever waits.
    pub(crate) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> T {
        match tokio::task::spawn_blocking(work).await {
            Ok(value) => value,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }

    /// Keeps the light in the status bar true: what needs the Hub tells whether it is there.
    fn note_network(&self, name: &str, error: Option<&ApiError>) {
        let asks_hub = |tags: &[Tag]| {
            tags.contains(&Tag::RepoList)
                || (tags.contains(&Tag::Repo) && !tags.contains(&Tag::Cache))
        };
        let command = table::COMMANDS.iter().find(|command| command.name == name);
        match error {
            Some(ApiError {
                code: ErrorCode::Offline,
                ..
            }) => self.set_online(false),
            None if command.is_some_and(|command| asks_hub(command.reads)) => self.set_online(true),
            _ => {}
        }
    }

    fn set_online(&self, is_online: bool) {
        if self.0.is_online.swap(is_online, Ordering::Relaxed) != is_online {
            self.0.transfers.changed.notify_one();
        }
    }

    pub(crate) fn is_online(&self) -> bool {
        self.0.is_online.load(Ordering::Relaxed)
    }

    pub(crate) fn profile(&self) -> Profile {
        self.0.profile.clone()
    }

    pub(crate) fn sessions(&self) -> &Sessions {
        &self.0.sessions
    }

    pub(crate) fn settings(&self) -> &SettingsFile {
        &self.0.settings
    }

    pub(crate) fn transfers(&self) -> &Arc<Transfers> {
        &self.0.transfers
    }

    pub(crate) fn cache(&self) -> &Cache {
        &self.0.cache
    }

    pub(crate) fn events(&self) -> &Events {
        &self.0.events
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.0.clock
    }

    pub(crate) fn host(&self) -> &dyn Host {
        &*self.0.host
    }
}

impl From<Arc<Inner>> for App {
    fn from(inner: Arc<Inner>) -> Self {
        Self(inner)
    }
}
