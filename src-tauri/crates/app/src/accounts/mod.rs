//! Who has signed in: one owner of the list, of the tokens, and of the attempt under way.
//!
//! ```text
//! pasted ─┐                              ┌─► accounts.json: who, where, how; never a token
//! browser ┼─► facts (whoami) ─► keep ────┼─► keychain, or memory where there is none
//! device ─┤                              └─► Tokens: one for all requests of the account
//! found ──┘   renew (in time, once) ──────────▲   refused ─► needs sign-in, said once
//! ```
//!
//! Everything that may block on the keychain has a thread of its own; nothing here is awaited by
//! who draws. The files of the command-line tools are read and written only after a person said so.
//! Read first: [`Accounts`], [`Tokens`].

mod attempt;
mod describe;
mod device;
mod facts;
mod found;
mod keep;
mod keychain;
mod limits;
mod listener;
mod note;
mod pasted;
mod record;
mod renew;
mod restore;
mod share;
mod sign_out;
mod tokens;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, Weak};
use std::time::Duration;

use crate::connection::Connection;
use hubdesk_core::{Clock, Token};
use hubdesk_hub::{Endpoint, Hub, Profile};
use hubdesk_secrets::{CliSignIn, GitCredential};
use tokio::sync::Notify;
use tokio_util::task::TaskTracker;

use self::attempt::Attempt;
use self::describe::no_client_id;
pub(crate) use self::facts::facts_of;
use self::keychain::Keychain;
pub use self::keychain::OpenKeychain;
use self::pasted::Checked;
pub(crate) use self::record::Facts;
use self::record::{ListFile, Record};
pub(crate) use self::renew::Renewal;
pub(crate) use self::tokens::{Held, Tokens};
use crate::api::{self, AccountId, ApiError, KeychainState, Tag};
use crate::env::Env;
use crate::events::Events;
use crate::time::unix_seconds;

/// What a change of the open account makes old.
pub(crate) const EVERYTHING: [Tag; 4] = [Tag::Accounts, Tag::Session, Tag::RepoList, Tag::Repo];

/// All accounts of one run of the program.
pub(crate) struct Accounts {
    me: Weak<Self>,
    env: Env,
    connection: Arc<Connection>,
    clock: Arc<dyn Clock>,
    events: Events,
    keychain: Keychain,
    list: ListFile,
    state: Mutex<State>,
    /// What goes on even if nobody waits for it any more.
    tasks: TaskTracker,
    /// Held by whoever gives tokens to others or takes them back.
    giving: Arc<tokio::sync::Mutex<()>>,
    /// Who has a new token that nobody was told of yet.
    fresh: Mutex<BTreeSet<AccountId>>,
    has_fresh: Arc<Notify>,
}

#[derive(Default)]
struct State {
    entries: Vec<Entry>,
    /// The account that was open last.
    last_active: Option<AccountId>,
    /// The keychain has not answered yet.
    is_restoring: bool,
    /// A token that was looked at and may be kept.
    checked: Option<Checked>,
    attempt: Option<Attempt>,
    /// How many attempts and looks there were; only the last one counts.
    turn: u64,
}

/// One account.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) record: Record,
    pub(crate) endpoint: Endpoint,
    pub(crate) tokens: Tokens,
}

impl Accounts {
    /// The accounts remembered in `folder`; none has its token yet.
    pub(crate) fn open(
        folder: &Path,
        env: Env,
        connection: Arc<Connection>,
        clock: Arc<dyn Clock>,
        events: Events,
        keychain: OpenKeychain,
    ) -> Arc<Self> {
        let list = ListFile::new(folder);
        let known = list.read();
        Arc::new_cyclic(|me| {
            let entries = known.accounts.into_iter();
            let entries = entries.filter_map(|record| {
                let id = record.id();
                Some(Entry {
                    endpoint: Endpoint::parse(&record.endpoint).ok()?,
                    tokens: Tokens::new(id, me.clone(), Held::default()),
                    record,
                })
            });
            let entries: Vec<Entry> = entries.collect();
            let is_known = |id: &AccountId| entries.iter().any(|entry| entry.record.id() == *id);
            let last_active = known.active.filter(is_known);
            let state = State {
                is_restoring: last_active.is_some(),
                last_active,
                entries,
                ..State::default()
            };
            Self {
                me: me.clone(),
                env,
                connection,
                clock,
                events,
                keychain: Keychain::new(keychain),
                list,
                state: Mutex::new(state),
                tasks: TaskTracker::new(),
                giving: Arc::default(),
                fresh: Mutex::default(),
                has_fresh: Arc::default(),
            }
        })
    }

    /// The account is still being asked for.
    pub(crate) fn is_restoring(&self) -> bool {
        self.lock().is_restoring
    }

    /// The account that was open last, here or in another program.
    pub(crate) fn last_active(&self) -> Option<AccountId> {
        self.lock().last_active.clone()
    }

    /// How the keychain stands.
    pub(crate) fn keychain(&self) -> api::Keychain {
        self.keychain.describe()
    }

    /// Asks whether the keychain works, unless that is known.
    pub(crate) async fn check_keychain(&self) {
        if self.keychain().state == KeychainState::Checking {
            self.keychain.check().await;
        }
    }

    /// All accounts, in the order in which they came.
    pub(crate) fn entries(&self) -> Vec<Entry> {
        self.lock().entries.clone()
    }

    /// The account `id`.
    pub(crate) fn entry(&self, id: &str) -> Option<Entry> {
        let state = self.lock();
        state
            .entries
            .iter()
            .find(|entry| entry.tokens.id() == id)
            .cloned()
    }

    /// The account `id`, for who has it from the list.
    pub(crate) fn listed(&self, id: &str) -> Result<Entry, ApiError> {
        self.entry(id)
            .ok_or_else(|| ApiError::bad_input("That account is not in the list any more."))
    }

    /// How the network is used now.
    pub(crate) fn profile(&self) -> Profile {
        self.connection.profile()
    }

    /// A client of `endpoint` with one token for ever, or none.
    pub(crate) fn hub(
        &self,
        endpoint: &Endpoint,
        token: Option<Token>,
    ) -> Result<Hub, hubdesk_hub::Error> {
        Hub::new(endpoint.clone(), Arc::new(token), self.profile())
    }

    /// Waits for what is kept right now: a renewed token that is lost ends its session.
    pub(crate) async fn settle(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// Something about an account or an attempt is new.
    pub(crate) fn is_changed(&self) {
        self.events.stale(&[Tag::Accounts, Tag::Session]);
    }

    /// Somebody has a new token: what waits for it goes on.
    pub(crate) fn is_fresh(&self, id: &AccountId) {
        self.lock_fresh().insert(id.clone());
        self.has_fresh.notify_one();
    }

    /// Says when somebody has a new token.
    pub(crate) fn fresh(&self) -> Arc<Notify> {
        Arc::clone(&self.has_fresh)
    }

    /// Who has a new token, once.
    pub(crate) fn take_fresh(&self) -> BTreeSet<AccountId> {
        std::mem::take(&mut self.lock_fresh())
    }

    fn lock_fresh(&self) -> MutexGuard<'_, BTreeSet<AccountId>> {
        self.fresh
            .lock()
            .expect("nothing panics while it holds this lock")
    }

    /// Seconds since 1970.
    pub(crate) fn now(&self) -> u64 {
        unix_seconds(self.clock.now())
    }

    /// Time since the clock began.
    pub(crate) fn elapsed(&self) -> Duration {
        self.clock.elapsed()
    }

    /// The files of the command-line tools, for who has consented to their use.
    fn tools(&self) -> CliSignIn {
        CliSignIn::new(self.env.token_path(), self.env.stored_tokens_path())
    }

    fn git(&self) -> GitCredential {
        let settings = self.env.for_git().into_iter();
        settings.fold(GitCredential::new(), |git, (name, path)| {
            git.with_env(name, path)
        })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}

/// Accounts without any, whose keychain is in memory.
#[cfg(test)]
fn none_yet(folder: &Path, events: Events) -> Arc<Accounts> {
    use crate::api::Settings;

    let keychain = Arc::new(hubdesk_secrets::Memory::default());
    let clock = Arc::new(hubdesk_core::ManualClock::default());
    let settings = Settings::default();
    let connection = Connection::new(Profile::default(), &settings, None, clock.clone());
    Accounts::open(
        folder,
        Env::default(),
        Arc::new(connection),
        clock,
        events,
        Arc::new(move || Ok(keychain.clone())),
    )
}
