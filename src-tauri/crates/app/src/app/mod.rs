//! The program without a window: what it is made of, how it begins and how it ends.

mod call;
mod owned;
mod setup;

use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::Stream;
use hubdesk_cache::Cache;
use hubdesk_core::Clock;
use hubdesk_download::{Parts, Tuning};
use hubdesk_hub::{Endpoint, Profile};
use tokio::sync::Notify;

pub use self::setup::Setup;
use crate::accounts::Accounts;
use crate::answers::Answers;
use crate::api::{self, ApiError, Session, UiEvent};
use crate::board;
use crate::card::Renderer;
use crate::changes::Changes;
use crate::connection::Connection;
use crate::endpoint::endpoint;
use crate::env::Env;
use crate::events::Events;
use crate::folders::Folders;
use crate::gate::Asked;
use crate::host::Host;
use crate::network::{Network, watch_for_return};
use crate::previews::Previews;
use crate::queue::{self, Queue};
use crate::quit::Quitting;
use crate::session::Sessions;
use crate::settings::SettingsFile;
use crate::sources::Sources;
use crate::upkeep::keep_up;
use crate::wall::Wall;

/// How long a shutdown waits for tokens that are being kept.
const SHUTDOWN: Duration = Duration::from_secs(3);

/// Hubdesk without a window. Cheap to clone; clones are the same program.
#[derive(Clone)]
pub struct App(Arc<Inner>);

pub(crate) struct Inner {
    env: Env,
    connection: Arc<Connection>,
    answers: Answers,
    host: Arc<dyn Host>,
    clock: Arc<dyn Clock>,
    wall: Wall,
    config_dir: PathBuf,
    changed: Arc<Notify>,
    cache: Cache,
    settings: SettingsFile,
    sessions: Sessions,
    accounts: Arc<Accounts>,
    queue: Queue,
    folders: Folders,
    sources: Sources,
    previews: Previews,
    changes: Changes,
    quitting: Quitting,
    cards: Renderer,
    asked: Asked,
    events: Events,
    network: Arc<Network>,
}

impl App {
    /// Wires the engines, and asks the keychain who was signed in. Call it inside a Tokio runtime.
    pub fn open(setup: Setup) -> Self {
        let changed = Arc::default();
        let app = Self::wired(setup, Arc::clone(&changed));
        tokio::spawn(board::sample(Arc::downgrade(&app.0), changed));
        tokio::spawn(restore(Arc::downgrade(&app.0)));
        tokio::spawn(queue::open(app.downgrade()));
        tokio::spawn(keep_up(app.downgrade()));
        if !app.is_told_offline() {
            tokio::spawn(watch_for_return(Arc::downgrade(&app.0)));
        }
        app
    }

    /// The same for one command of a person without a window: nothing goes on by itself.
    pub(crate) fn without_window(setup: Setup) -> Self {
        Self::wired(setup, Arc::default())
    }

    fn wired(setup: Setup, changed: Arc<Notify>) -> Self {
        let events = Events::default();
        let is_told_offline = setup.env.is_offline();
        let network = Arc::new(Network::new(Arc::clone(&changed), is_told_offline));
        let settings = SettingsFile::open(&setup.config_dir);
        let connection = setup.connection(&settings.get());
        let accounts = Accounts::open(
            &setup.config_dir,
            setup.env.clone(),
            Arc::clone(&connection),
            Arc::clone(&setup.clock),
            events.clone(),
            setup.keychain,
        );
        let folder = setup.env.own_cache_dir();
        Self(Arc::new(Inner {
            cache: Cache::open(setup.env.cache_dir(), setup.env.links()),
            connection,
            answers: Answers::new(folder.map(|folder| folder.join("answers"))),
            settings,
            sessions: Sessions::default(),
            accounts,
            queue: Queue::default(),
            folders: Folders::open(&setup.config_dir),
            sources: Sources::default(),
            previews: Previews::default(),
            changes: Changes::default(),
            quitting: Quitting::default(),
            changed,
            cards: Renderer::default(),
            asked: Asked::default(),
            events,
            network,
            env: setup.env,
            config_dir: setup.config_dir,
            wall: setup.wall,
            host: setup.host,
            clock: setup.clock,
        }))
    }

    /// What one window is told: a snapshot first, then what happens, in order and without a gap.
    pub fn subscribe(&self) -> Pin<Box<dyn Stream<Item = UiEvent> + Send>> {
        let app = self.clone();
        let events = self.0.events.subscribe(move || {
            // Something may have waited for a window to be told to.
            app.look_at_board();
            UiEvent::Snapshot {
                session: app.describe_session(),
                board: app.board(),
            }
        });
        self.with_warnings(events)
    }

    /// Stops what runs and keeps what arrived. Takes four seconds at most.
    pub async fn close(&self) {
        self.cancel_sign_in();
        let ((), kept) = tokio::join!(
            self.0.queue.close(),
            tokio::time::timeout(SHUTDOWN, self.0.accounts.settle()),
        );
        if kept.is_err() {
            tracing::warn!("a token was not renewed, or not given to others, in time");
        }
    }

    /// The settings, for the window's own look.
    pub fn appearance(&self) -> crate::api::Appearance {
        self.0.settings.get().appearance
    }

    /// Which Hub is open. Blocks.
    pub(crate) fn describe_session(&self) -> Session {
        let preset = self.endpoint(None).map(|endpoint| endpoint.to_string());
        self.0.sessions.describe(
            &preset.unwrap_or_default(),
            self.0.cache.root(),
            self.0.accounts.is_restoring(),
        )
    }

    /// Who has signed in. Blocks.
    pub(crate) fn describe_accounts(&self) -> api::Accounts {
        let usual = self.endpoint(None).ok();
        self.0
            .accounts
            .describe(self.active().as_ref(), usual.as_ref())
    }

    /// The Hubs that are in use, whose pages may be opened whatever line leads to them.
    pub(crate) fn own_endpoints(&self) -> Vec<Endpoint> {
        let open = self.0.sessions.endpoint();
        let signing_in = self.0.accounts.signing_in_at();
        open.into_iter().chain(signing_in).collect()
    }

    /// Parses `typed`, or takes the address of the settings, the environment, the public Hub.
    pub(crate) fn endpoint(&self, typed: Option<&str>) -> Result<Endpoint, ApiError> {
        let set = self.0.settings.get().endpoint;
        endpoint(&self.0.env, &[typed.unwrap_or_default(), &set])
    }

    /// What a download of the open Hub works with.
    pub(crate) fn parts(&self) -> Result<Parts, ApiError> {
        let open = self.0.sessions.open()?;
        Ok(Parts {
            hub: open.hub.clone(),
            xet: self.0.connection.xet(),
            cache: self.0.cache.clone(),
            tuning: Tuning {
                backoff: self.profile().backoff,
                ..Tuning::default()
            },
            listings: Arc::clone(&open.listings),
        })
    }

    /// How the network is used for the Hub that ships with the program: it may be asked by those who
    /// are told to be offline, too.
    pub(crate) fn profile_of_demo(&self) -> Profile {
        Profile {
            is_offline: false,
            ..self.profile()
        }
    }

    /// Runs `work` where it may block. A panic in it goes on in whoever waits.
    pub(crate) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> T + Send + 'static,
    ) -> T {
        let app = self.clone();
        match tokio::task::spawn_blocking(move || work(&app)).await {
            Ok(value) => value,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
}

/// Signs in who was signed in, unless the program has ended before it began.
async fn restore(weak: std::sync::Weak<Inner>) {
    if let Some(app) = weak.upgrade().map(App::from) {
        app.restore().await;
    }
}

/// The program, as long as somebody else holds it.
pub(crate) struct WeakApp(std::sync::Weak<Inner>);

impl WeakApp {
    pub(crate) fn upgrade(&self) -> Option<App> {
        self.0.upgrade().map(App)
    }
}

impl From<Arc<Inner>> for App {
    fn from(inner: Arc<Inner>) -> Self {
        Self(inner)
    }
}
