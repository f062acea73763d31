use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{FutureExt as _, Stream};
use hubdesk_cache::Cache;
use hubdesk_core::{Clock, SystemClock};
use hubdesk_download::{Parts, Tuning};
use hubdesk_hub::{Endpoint, Profile};
use serde_json::Value;
use tokio::sync::Notify;

use crate::accounts::{Accounts, OpenKeychain};
use crate::answers::{Answers, is_kept};
use crate::api::{self, AccountId, ApiError, Reply, Session, Tag, UiEvent, table};
use crate::board;
use crate::cached;
use crate::card::Renderer;
use crate::connection::Connection;
use crate::endpoint::endpoint;
use crate::env::Env;
use crate::error::reported;
use crate::events::Events;
use crate::folders::Folders;
use crate::gate::Asked;
use crate::host::{Host, SystemHost};
use crate::network::{Network, watch_for_return};
use crate::queue::{self, Queue};
use crate::quit::Quitting;
use crate::session::Sessions;
use crate::settings::SettingsFile;
use crate::upkeep::keep_up;
use crate::wall::{self, Wall};

/// How long a shutdown waits for tokens that are being kept.
const SHUTDOWN: Duration = Duration::from_secs(3);

/// What an [`App`] is made from. Tests bring their own of each.
pub struct Setup {
    /// What the environment says.
    pub env: Env,
    /// Where settings and the queue are kept.
    pub config_dir: PathBuf,
    /// What only the desktop can do.
    pub host: Arc<dyn Host>,
    /// Where time comes from.
    pub clock: Arc<dyn Clock>,
    /// Which minute of the week a moment is, where the computer is.
    pub wall: Wall,
    /// How the network is used.
    pub profile: Profile,
    /// Where tokens are kept. It is asked when the program starts, on a thread of its own.
    pub keychain: OpenKeychain,
}

impl Setup {
    /// The desktop this program runs on.
    pub fn desktop(env: Env) -> Self {
        Self {
            config_dir: env.config_dir(),
            profile: env.profile(),
            host: Arc::new(SystemHost),
            clock: Arc::new(SystemClock::default()),
            wall: wall::system(),
            keychain: system_keychain(),
            env,
        }
    }

    /// Which way the network is used with these settings. Blocks.
    pub(crate) fn connection(&self, settings: &api::Settings) -> Arc<Connection> {
        let profile = Profile {
            is_offline: self.env.is_offline(),
            ..self.profile.clone()
        };
        let (xet, clock) = (self.env.xet_cache(), Arc::clone(&self.clock));
        Arc::new(Connection::new(profile, settings, xet, clock))
    }
}

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

    /// Runs a command: JSON in, JSON out, as `api` declares it. What cannot be asked of the Hub now
    /// is answered with what it said last, and since when that is known.
    pub async fn call(&self, name: &str, request: Value) -> Result<Reply, ApiError> {
        // Before the command, which may open another Hub.
        let account = self.0.sessions.asked_as().filter(|_| is_kept(name));
        let asked = account.map(|account| (account, request.clone()));
        let routed = AssertUnwindSafe(table::route(self, name, request)).catch_unwind();
        let result = match routed.await {
            Ok(result) => result,
            Err(panic) => Err(reported(&*panic, name)),
        };
        match &result {
            Ok((_, stales)) => {
                self.0.events.stale(stales);
                if asks_hub(name) {
                    self.0.network.answered();
                }
            }
            Err(error) => {
                tracing::debug!(command = name, ?error.code, error.message, "refused");
                self.0.network.failed(error);
            }
        }
        let result = result.map(|(answer, _)| Reply {
            answer,
            as_of: None,
        });
        match asked {
            Some((account, request)) => self.remembered(account, name, request, result).await,
            None => result,
        }
    }

    /// `result`, kept if it is an answer, or the answer before it if the Hub could not be asked.
    async fn remembered(
        &self,
        account: String,
        name: &str,
        request: Value,
        result: Result<Reply, ApiError>,
    ) -> Result<Reply, ApiError> {
        let command = name.to_owned();
        let question = request.clone();
        let remember = move |app: &Self| {
            let answers = &app.0.answers;
            // Somebody may have signed out in the meantime, or be asking as somebody else.
            let is_current = || app.is_asked_as(&account);
            match &result {
                Ok(reply) => {
                    let now = app.clock().now();
                    answers.keep(&account, &command, &request, &reply.answer, now, is_current);
                    result
                }
                Err(error) if error.code.is_without_network() && is_current() => {
                    let known = answers.find(&account, &command, &request);
                    known.map_or(result, Ok)
                }
                Err(_) => result,
            }
        };
        match self.blocking(remember).await {
            Err(error) if error.code.is_without_network() => {
                cached::answer(self, name, question).await.ok_or(error)
            }
            result => result,
        }
    }

    /// Whether the open Hub is asked as `whom` ([`crate::session::Open::asked_as`]), who has not
    /// signed out.
    fn is_asked_as(&self, whom: &str) -> bool {
        let is_listed = || match self.0.sessions.account() {
            Some(account) => self.0.accounts.entry(&account).is_some(),
            None => true,
        };
        self.0.sessions.asked_as().as_deref() == Some(whom) && is_listed()
    }

    /// Forgets what Hubs have answered this account.
    pub(crate) async fn forget_answers(&self, account: &AccountId) {
        let account = account.clone();
        self.blocking(move |app| app.0.answers.forget(&account))
            .await;
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

    /// Nothing may be asked of a Hub where the environment says so.
    pub(crate) fn check_online(&self) -> Result<(), ApiError> {
        if self.is_told_offline() {
            return Err(ApiError::told_offline());
        }
        Ok(())
    }

    pub(crate) fn is_told_offline(&self) -> bool {
        self.0.env.is_offline()
    }

    pub(crate) fn network(&self) -> &Network {
        &self.0.network
    }

    /// The access that was asked for.
    pub(crate) fn asked(&self) -> &Asked {
        &self.0.asked
    }

    /// For who waits for long and must not keep the program.
    pub(crate) fn downgrade(&self) -> WeakApp {
        WeakApp(Arc::downgrade(&self.0))
    }

    pub(crate) fn cards(&self) -> &Renderer {
        &self.0.cards
    }

    pub(crate) fn profile(&self) -> Profile {
        self.0.connection.profile()
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.0.connection
    }

    pub(crate) fn accounts(&self) -> &Arc<Accounts> {
        &self.0.accounts
    }

    pub(crate) fn sessions(&self) -> &Sessions {
        &self.0.sessions
    }

    pub(crate) fn settings(&self) -> &SettingsFile {
        &self.0.settings
    }

    pub(crate) fn queue(&self) -> &Queue {
        &self.0.queue
    }

    pub(crate) fn folders(&self) -> &Folders {
        &self.0.folders
    }

    pub(crate) fn quitting(&self) -> &Quitting {
        &self.0.quitting
    }

    /// Where settings and the queue are kept.
    pub(crate) fn config_dir(&self) -> &std::path::Path {
        &self.0.config_dir
    }

    /// Something has changed that windows are told of with the board.
    pub(crate) fn look_at_board(&self) {
        self.0.changed.notify_one();
    }

    /// Which minute of the week `moment` is.
    pub(crate) fn wall(&self, moment: std::time::SystemTime) -> hubdesk_transfers::WeekMinute {
        (self.0.wall)(moment)
    }

    pub(crate) fn shared_clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.0.clock)
    }

    /// Whether a cache may hold links.
    pub(crate) fn cache_links(&self) -> hubdesk_cache::LinkSupport {
        self.0.env.links()
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

/// The keychain of this desktop. Whether it works is found out by using it.
fn system_keychain() -> OpenKeychain {
    Arc::new(|| Ok(Arc::new(hubdesk_secrets::Keychain::probe()?)))
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

/// Whether an answer of this command has come from the Hub just now.
fn asks_hub(name: &str) -> bool {
    let command = table::COMMANDS.iter().find(|command| command.name == name);
    let reads = command.map_or(&[][..], |command| command.reads);
    let is_repo = reads.contains(&Tag::Repo) && !reads.contains(&Tag::Cache);
    is_repo || reads.contains(&Tag::RepoList)
}
