//! A world for one test: a Hub of its own, a home of its own, and the program on top.
//!
//! Everything is on loopback and in a temporary folder, and gone when the [`World`] is dropped.

pub mod browse;
pub mod witness;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use futures_util::StreamExt as _;
use hubdesk_app::api::{ApiError, Reply, Status, UiEvent};
use hubdesk_app::{
    App, Backoff, Clock, Env, Host, OpenKeychain, Profile, Setup, SystemClock, WeekMinute,
};
use hubdesk_secrets::VaultError;
use hubdesk_standin::{Builder, Host as Server, StandIn};
use serde_json::{Value, json};
use tempfile::TempDir;

use self::witness::{Keychain, Watch, Witness};

/// How long a test waits for what must happen, before it says that it did not.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A user of the stand-in, for tests that need one.
pub const USER: &str = "mira";
/// A link the desktop of a [`World`] panics at.
pub const BREAKS: &str = "https://breaks.example/";
/// Their token. Easy to search for.
pub const TOKEN: &str = "hf_canary_0123456789";

/// The client id under which the program signs in. The stand-in takes any.
pub const CLIENT_ID: &str = "hubdesk-tests";

/// One test's Hub, home and cache.
pub struct World {
    /// The Hub.
    pub hub: StandIn,
    /// What a desktop was asked to open.
    pub opened: Arc<Opened>,
    keychain: Arc<Keychain>,
    has_keychain: Arc<AtomicBool>,
    read_timeout: Mutex<Duration>,
    stall: Mutex<Duration>,
    watch: Option<Arc<Watch>>,
    listeners: Mutex<Vec<tokio::task::JoinHandle<()>>>,
    home: TempDir,
}

impl World {
    /// Starts the Hub and makes an empty home.
    pub async fn start(builder: Builder) -> Self {
        let hub = builder
            .user(USER, TOKEN)
            .start()
            .await
            .expect("loopback has free ports");
        let home = tempfile::tempdir().expect("the system has room for temporary files");
        WITNESS.mark(TOKEN);
        Self {
            hub,
            opened: Arc::default(),
            keychain: Arc::new(Keychain::before(&WITNESS)),
            has_keychain: AtomicBool::new(true).into(),
            read_timeout: Mutex::new(Profile::default().read_timeout),
            stall: Mutex::new(ms(250)),
            watch: Some(WITNESS.watch_processes()),
            listeners: Mutex::default(),
            home,
        }
    }

    /// Stops the Hub for good; who knows its address finds nobody there.
    pub async fn lose_hub(&mut self) {
        let other = StandIn::builder().start().await;
        let other = other.expect("loopback has free ports");
        std::mem::replace(&mut self.hub, other).shutdown().await;
    }

    /// The cache of this world.
    pub fn cache(&self) -> PathBuf {
        self.home.path().join("hub")
    }

    /// The home of this world.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// The program, with patience measured for tests.
    pub fn app(&self) -> App {
        self.app_with_cache(&self.cache())
    }

    /// The same, with its cache elsewhere.
    pub fn app_with_cache(&self, cache: &Path) -> App {
        self.app_with(("HF_HUB_CACHE", text(cache)))
    }

    /// The same, with one more variable in its environment, or another value of one.
    pub fn app_with(&self, var: (&str, &str)) -> App {
        self.app_at(var, Arc::new(SystemClock::default()))
    }

    /// The same, by another clock.
    pub fn app_at(&self, var: (&str, &str), clock: Arc<dyn Clock>) -> App {
        // The first of equal names counts.
        let env = Env::of([
            var,
            ("HOME", text(self.home())),
            ("HF_HOME", text(self.home())),
            ("HF_HUB_CACHE", text(&self.cache())),
            ("HF_ENDPOINT", &self.hub.endpoint()),
            ("HUBDESK_OAUTH_CLIENT_ID", CLIENT_ID),
        ]);
        let app = App::open(Setup {
            config_dir: self.home().join("config"),
            host: self.opened.clone(),
            // Monday morning, whatever the day of the test.
            wall: Arc::new(|_| WeekMinute::new(0, 10, 0).expect("there is such a minute")),
            clock,
            keychain: self.open_keychain(),
            profile: Profile {
                backoff: Backoff {
                    retries: 3,
                    first: ms(5),
                    longest: ms(2000),
                },
                stall: *locked(&self.stall),
                read_timeout: *locked(&self.read_timeout),
                ..Profile::default()
            },
            env,
        });
        let mut events = app.subscribe();
        let listener = tokio::spawn(async move {
            while let Some(event) = events.next().await {
                let event = serde_json::to_string(&event).expect("events are plain data");
                WITNESS.hear("an event", event);
            }
        });
        self.listeners
            .lock()
            .expect("nothing panics while it holds this lock")
            .push(listener);
        app
    }

    /// The file may hold a token: somebody has wanted it there.
    pub fn allow_token_in(&self, name: &str) {
        WITNESS.allow_file(self.home().join(name));
    }

    /// Processes may be given a token: somebody types it.
    pub fn allow_token_in_processes(&self) {
        WITNESS.allow_processes();
    }

    /// From now on the desktop has a keychain, or has none.
    pub fn set_keychain(&self, is_there: bool) {
        self.has_keychain.store(is_there, Ordering::Relaxed);
    }

    /// Programs that start from now on wait so long for facts the Hub does not tell.
    pub fn set_read_timeout(&self, time: Duration) {
        *locked(&self.read_timeout) = time;
    }

    /// Programs that start from now on wait so long for a connection that has fallen silent.
    pub fn set_stall(&self, time: Duration) {
        *locked(&self.stall) = time;
    }

    fn open_keychain(&self) -> OpenKeychain {
        let (keychain, is_there) = (self.keychain.clone(), self.has_keychain.clone());
        Arc::new(move || match is_there.load(Ordering::Relaxed) {
            true => Ok(keychain.clone()),
            false => Err(VaultError::NoService {
                source: "a test took it away".into(),
            }),
        })
    }

    /// `hubdesk-cli`, in this world and nowhere else.
    pub fn cli(&self) -> Command {
        let mut command = Command::new(binary("hubdesk-cli"));
        command
            .env_clear()
            .env("HOME", self.home())
            .env("HF_HOME", self.home())
            .env("HF_HUB_CACHE", self.cache())
            .env("HF_ENDPOINT", self.hub.endpoint())
            .env("HUBDESK_OAUTH_CLIENT_ID", CLIENT_ID);
        command
    }

    /// Waits until the Hub is asked for something whose path contains `part`.
    pub async fn asked_for(&self, part: &str) {
        let is_asked = || {
            let records = self.hub.log().records();
            records.iter().any(|record| record.path.contains(part))
        };
        until_so(&format!("somebody asks for {part}"), is_asked).await;
    }

    /// Every file of the cache that somebody could take for content: `snapshots/<commit>/<path>`.
    pub fn visible_files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        for repo in entries(&self.cache()) {
            for snapshot in entries(&repo.join("snapshots")) {
                walk(&snapshot, &mut files);
            }
        }
        files
    }
}

/// Hears all that happens in this process: a program of the test, or all tests at once.
static WITNESS: LazyLock<Witness> = LazyLock::new(|| {
    let witness = Witness::default();
    // Whoever else has set a log keeps it; then there is one witness less.
    let _ = tracing::subscriber::set_global_default(witness.subscriber());
    witness
});

/// At the end everything is searched for tokens.
impl Drop for World {
    fn drop(&mut self) {
        drop(self.watch.take());
        let listeners = std::mem::take(&mut self.listeners);
        for listener in listeners.into_inner().into_iter().flatten() {
            listener.abort();
        }
        if std::thread::panicking() {
            return;
        }
        for record in self.hub.log().records() {
            WITNESS.hear("an address", record.path);
            if record.host == Server::Storage {
                assert!(!record.has_token, "the storage host was sent a token");
                let headers = format!("{:?}", record.headers);
                WITNESS.hear("a header at the storage host", headers);
            }
        }
        let leaks = WITNESS.leaks(self.home.path());
        assert!(leaks.is_empty(), "{leaks:#?}");
    }
}

/// A desktop that opens nothing.
#[derive(Default)]
pub struct Opened {
    links: Mutex<Vec<String>>,
    notices: Mutex<Vec<String>>,
    picks: Mutex<Option<PathBuf>>,
    files: Mutex<Vec<PathBuf>>,
}

impl Opened {
    /// What it was asked to open, in order.
    pub fn all(&self) -> Vec<String> {
        locked(&self.links).clone()
    }

    /// The notices it was asked to show, in order.
    pub fn notices(&self) -> Vec<String> {
        locked(&self.notices).clone()
    }

    /// From now on a person who is asked for files chooses these; they are in the clipboard, too.
    pub fn picks_files(&self, files: &[PathBuf]) {
        *locked(&self.files) = files.to_owned();
    }

    /// From now on a person who is asked for a folder chooses this one.
    pub fn picks(&self, folder: &Path) {
        *locked(&self.picks) = Some(folder.to_owned());
    }
}

impl Host for Opened {
    fn open_link(&self, url: &str) -> std::io::Result<()> {
        assert_ne!(url, BREAKS, "a link that breaks the desktop");
        locked(&self.links).push(url.to_owned());
        Ok(())
    }

    fn open_folder(&self, path: &Path) -> std::io::Result<()> {
        self.open_link(text(path))
    }

    fn pick_folder(&self) -> std::io::Result<Option<PathBuf>> {
        Ok(locked(&self.picks).clone())
    }

    fn pick_files(&self) -> std::io::Result<Vec<PathBuf>> {
        Ok(locked(&self.files).clone())
    }

    fn pick_source_folder(&self) -> std::io::Result<Option<PathBuf>> {
        self.pick_folder()
    }

    fn copied_files(&self) -> std::io::Result<Vec<PathBuf>> {
        self.pick_files()
    }

    fn notify(&self, title: &str, body: &str) -> std::io::Result<()> {
        locked(&self.notices).push(format!("{title}: {body}"));
        Ok(())
    }

    fn is_in_front(&self) -> bool {
        false
    }

    fn memory_bytes(&self) -> Option<u64> {
        Some(16 << 30)
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex
        .lock()
        .expect("nothing panics while it holds this lock")
}

/// Signs in with a token at the Hub of the world, as a person does who pastes one.
pub async fn sign_in(app: &App, token: &str) -> Value {
    let request = json!({ "endpoint": null, "token": token });
    ok(app, "check_token", request).await;
    ok(app, "keep_token", json!({ "copy": true })).await
}

/// What the window is told of the accounts.
pub async fn accounts(app: &App) -> Value {
    ok(app, "accounts", Value::Null).await
}

/// Looks again and again until `is_so`, for what no event tells of. `what` is said if it never is.
pub async fn until_so(what: &str, is_so: impl Fn() -> bool) {
    let wait = async {
        while !is_so() {
            tokio::time::sleep(ms(5)).await;
        }
    };
    let seen = tokio::time::timeout(PATIENCE, wait).await;
    seen.unwrap_or_else(|_| panic!("waited in vain until {what}"));
}

/// Waits until the accounts look as they should.
pub async fn until_accounts(app: &App, is_so: impl Fn(&Value) -> bool) -> Value {
    until_answer(app, "accounts", is_so).await
}

/// Waits until the session looks as it should.
pub async fn until_session(app: &App, is_so: impl Fn(&Value) -> bool) -> Value {
    until_answer(app, "session", is_so).await
}

/// Asks again whenever an event says that the answer is old.
async fn until_answer(app: &App, command: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    let mut events = app.subscribe();
    let mut last = Value::Null;
    let wait = async {
        while let Some(event) = events.next().await {
            if let UiEvent::Transfers { .. } = event {
                continue;
            }
            last = ok(app, command, Value::Null).await;
            if is_so(&last) {
                return last.clone();
            }
        }
        panic!("the events ended")
    };
    let found = tokio::time::timeout(PATIENCE, wait).await;
    found.unwrap_or_else(|_| panic!("{command} did not become so in time; at last: {last:#}"))
}

/// Calls a command as the window does.
pub async fn call(app: &App, command: &str, request: Value) -> Result<Value, ApiError> {
    reply(app, command, request).await.map(|reply| reply.answer)
}

/// Calls a command as the window does, and says since when the answer is known.
pub async fn reply(app: &App, command: &str, request: Value) -> Result<Reply, ApiError> {
    let answer = tokio::time::timeout(PATIENCE, app.call(command, request))
        .await
        .unwrap_or_else(|_| panic!("{command} did not answer in time"));
    WITNESS.hear("an answer", format!("{answer:?}"));
    answer
}

/// Calls a command that must succeed.
pub async fn ok(app: &App, command: &str, request: Value) -> Value {
    call(app, command, request)
        .await
        .unwrap_or_else(|error| panic!("{command}: {error:?}"))
}

/// Starts a download of a model's `main`, all of it or some paths, and waits for its end.
pub async fn download(app: &App, name: &str, paths: Option<&[&str]>) -> Value {
    let id = ok(app, "start_download", download_of(name, paths)).await;
    end_of(app, &id).await
}

/// The request for a download of a model's `main` into the cache, all of it or some paths.
pub fn download_of(name: &str, paths: Option<&[&str]>) -> Value {
    let mut request = plan_of(name, paths);
    request["class"] = json!("normal");
    request["overwrite"] = json!(false);
    request
}

/// What is asked before such a download.
pub fn plan_of(name: &str, paths: Option<&[&str]>) -> Value {
    let selection = match paths {
        Some(paths) => json!({ "type": "files", "paths": paths }),
        None => json!({ "type": "everything" }),
    };
    json!({
        "repo": { "kind": "model", "name": name },
        "revision": "main",
        "selection": selection,
        "into": { "type": "cache" },
    })
}

/// Waits until nothing of a transfer is to be done just now, and gives it as the window sees it.
pub async fn end_of(app: &App, id: &Value) -> Value {
    until(app, id, is_settled).await
}

/// Whether nothing of a transfer is to be done just now.
pub fn is_settled(transfer: &Value) -> bool {
    transfer["state"] != "running" && transfer["state"] != "queued"
}

/// Waits until a transfer looks as it should.
pub async fn until(app: &App, id: &Value, is_so: impl Fn(&Value) -> bool) -> Value {
    let mut events = app.subscribe();
    let mut last = Value::Null;
    let wait = async {
        while let Some(event) = events.next().await {
            let transfers = match event {
                UiEvent::Snapshot { board, .. } => board.transfers,
                UiEvent::Transfers { changed, .. } => changed,
                _ => continue,
            };
            let transfers = serde_json::to_value(transfers).expect("transfers are plain data");
            let found = transfers
                .as_array()
                .into_iter()
                .flatten()
                .find(|found| found["id"] == *id);
            let Some(found) = found else { continue };
            last = found.clone();
            if is_so(found) {
                return found.clone();
            }
        }
        panic!("the events ended")
    };
    let found = tokio::time::timeout(PATIENCE, wait).await;
    found.unwrap_or_else(|_| panic!("it did not become so in time; at last: {last:#}"))
}

/// Waits until the status bar looks as it should.
pub async fn board_with(
    events: &mut (impl futures_util::Stream<Item = UiEvent> + Unpin),
    is_so: impl Fn(&Status) -> bool,
) -> Status {
    let wait = async {
        while let Some(event) = events.next().await {
            let status = match event {
                UiEvent::Snapshot { board, .. } => board.status,
                UiEvent::Transfers { status, .. } => status,
                _ => continue,
            };
            if is_so(&status) {
                return status;
            }
        }
        panic!("the events ended")
    };
    let found = tokio::time::timeout(PATIENCE, wait).await;
    found.unwrap_or_else(|_| panic!("the status bar did not become so in time"))
}

/// The status bar as it is now.
pub async fn status(app: &App) -> Status {
    match app.subscribe().next().await {
        Some(UiEvent::Snapshot { board, .. }) => board.status,
        other => panic!("the first event is a snapshot, not {other:?}"),
    }
}

/// What somebody who runs the tests has to say about them, in the environment.
pub fn said(name: &str) -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "how much is to be tried is said from outside, and no program under test sees it"
    )]
    std::env::var(name).ok()
}

/// A program of the workspace, which the same build that made this test has made.
pub fn binary(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a running test has a path");
    let folder = test
        .parent()
        .and_then(Path::parent)
        .expect("tests lie in target/<profile>/deps");
    let path = folder
        .join(name)
        .with_extension(std::env::consts::EXE_EXTENSION);
    assert!(
        path.is_file(),
        "{} is missing: build the whole workspace",
        path.display()
    );
    path
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    entries.flatten().map(|entry| entry.path()).collect()
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for path in entries(folder) {
        if path.is_dir() {
            walk(&path, files)
        } else {
            files.push(path)
        }
    }
}

fn text(path: &Path) -> &str {
    path.to_str().expect("temporary folders have plain names")
}

fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}
