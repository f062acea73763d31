//! The keychain as far as it is known: it may be missing, locked, or asking the person right now.

use std::sync::Arc;
use std::time::Duration;

use hubdesk_core::Token;
use hubdesk_secrets::{Purpose, Slot, Vault, VaultError};
use tokio::sync::{oneshot, watch};

use super::record::Record;
use crate::api::{self, KeychainState};
use crate::error::vault_words;

/// How long the keychain is waited for by who has other things to do.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where the keychain comes from. Blocks, perhaps for as long as a person looks at a prompt.
pub type OpenKeychain = Arc<dyn Fn() -> Result<Arc<dyn Vault>, VaultError> + Send + Sync>;

/// The keychain of one run of the program.
pub(crate) struct Keychain {
    open: OpenKeychain,
    now: watch::Sender<Now>,
}

#[derive(Clone)]
enum Now {
    Checking,
    /// It is there, and this is how it failed last.
    Works(Arc<dyn Vault>, Option<(KeychainState, String)>),
    Without(KeychainState, String),
}

/// The secrets of one account.
#[derive(Default)]
pub(crate) struct Secrets {
    pub(crate) access: Option<Token>,
    pub(crate) refresh: Option<Token>,
}

impl Keychain {
    pub(crate) fn new(open: OpenKeychain) -> Self {
        Self {
            open,
            now: watch::Sender::new(Now::Checking),
        }
    }

    /// Asks whether it works, and comes back when that is known.
    pub(crate) async fn check(&self) {
        self.now.send_replace(Now::Checking);
        let open = Arc::clone(&self.open);
        let now = match on_own_thread(move || open()).await {
            Some(Ok(vault)) => Now::Works(vault, None),
            Some(Err(error)) => without(&error),
            None => Now::Without(
                KeychainState::Failed,
                "The keychain failed, so sign-ins last until Hubdesk is closed.".to_owned(),
            ),
        };
        self.now.send_replace(now);
    }

    /// The same, for who cannot wait for a person: then it counts as locked until it answers.
    pub(crate) async fn check_soon(&self) {
        if tokio::time::timeout(PATIENCE, self.check()).await.is_err() {
            let (state, why) = no_answer();
            self.now.send_replace(Now::Without(state, why));
        }
    }

    /// What the window is told.
    pub(crate) fn describe(&self) -> api::Keychain {
        let (state, why) = match &*self.now.borrow() {
            Now::Checking => (KeychainState::Checking, None),
            Now::Works(_, None) => (KeychainState::Works, None),
            Now::Works(_, Some((state, why))) | Now::Without(state, why) => {
                (*state, Some(why.clone()))
            }
        };
        api::Keychain { state, why }
    }

    /// The secrets of `record`; `None` where the keychain cannot be asked. Waits for a person who
    /// is being asked for a password.
    pub(crate) async fn read(&self, record: &Record) -> Option<Secrets> {
        let (access, refresh) = slots(record);
        let read = move |vault: &dyn Vault| {
            Ok(Secrets {
                access: vault.get(&access)?,
                refresh: vault.get(&refresh)?,
            })
        };
        match self.with(read).await? {
            Ok(secrets) => Some(secrets),
            Err(error) => {
                tracing::warn!(%error, "a token cannot be read from the keychain");
                self.fails(vault_words(&error));
                None
            }
        }
    }

    /// Puts the secrets of `record` in; whether they are there now.
    pub(crate) async fn write(&self, record: &Record, secrets: Secrets) -> bool {
        let (access, refresh) = slots(record);
        let write = move |vault: &dyn Vault| {
            // The one that cannot be had again first.
            match &secrets.refresh {
                Some(token) => vault.put(&refresh, token)?,
                None => vault.delete(&refresh)?,
            }
            match &secrets.access {
                Some(token) => vault.put(&access, token),
                None => vault.delete(&access),
            }
        };
        match self.with_soon(write).await {
            Some(Ok(())) => true,
            Some(Err(error)) => {
                tracing::warn!(%error, "a token cannot be kept in the keychain");
                self.fails(vault_words(&error));
                false
            }
            None => false,
        }
    }

    /// Takes the secrets of `record` out. `None` if the keychain cannot be asked.
    pub(crate) async fn remove(&self, record: &Record) -> Option<Result<(), VaultError>> {
        let (access, refresh) = slots(record);
        let remove = move |vault: &dyn Vault| {
            vault.delete(&refresh)?;
            vault.delete(&access)
        };
        self.with_soon(remove).await
    }

    /// The same as `read`, for who cannot wait for a person.
    pub(crate) async fn read_soon(&self, record: &Record) -> Option<Secrets> {
        let read = tokio::time::timeout(PATIENCE, self.read(record)).await;
        read.unwrap_or_else(|_| {
            self.fails(no_answer());
            None
        })
    }

    /// Runs `work` for who cannot wait for a person. What has begun ends without them.
    async fn with_soon<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Vault) -> Result<T, VaultError> + Send + 'static,
    ) -> Option<Result<T, VaultError>> {
        let done = tokio::time::timeout(PATIENCE, self.with(work)).await;
        done.unwrap_or_else(|_| {
            self.fails(no_answer());
            None
        })
    }

    /// Shows that the keychain is in trouble, until somebody has it asked again.
    fn fails(&self, trouble: (KeychainState, String)) {
        self.now.send_if_modified(|now| match now {
            Now::Works(_, known) => {
                *known = Some(trouble);
                true
            }
            Now::Checking | Now::Without(..) => false,
        });
    }

    /// Runs `work` with the keychain as soon as it is known whether there is one.
    async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Vault) -> Result<T, VaultError> + Send + 'static,
    ) -> Option<Result<T, VaultError>> {
        let mut seen = self.now.subscribe();
        let known = seen.wait_for(|now| !matches!(now, Now::Checking)).await;
        let Ok(Now::Works(vault, _)) = known.map(|now| now.clone()) else {
            return None;
        };
        on_own_thread(move || work(&*vault)).await
    }
}

fn no_answer() -> (KeychainState, String) {
    (
        KeychainState::Locked,
        "The keychain does not answer, so sign-ins last until Hubdesk is closed.".to_owned(),
    )
}

fn without(error: &VaultError) -> Now {
    tracing::info!(%error, "there is no keychain to use");
    let (state, why) = vault_words(error);
    Now::Without(state, why)
}

fn slots(record: &Record) -> (Slot, Slot) {
    let slot = |purpose| Slot {
        endpoint: record.endpoint.clone(),
        account: record.facts.name.clone(),
        purpose,
    };
    (slot(Purpose::AccessToken), slot(Purpose::RefreshToken))
}

/// A thread of its own, because the runtime waits at its end for the threads it owns, and nobody
/// may be left to answer the prompt. `None` when the work panicked.
async fn on_own_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (done, result) = oneshot::channel();
    let run = move || {
        // Nobody waits any more when the program ends.
        let _ = done.send(work());
    };
    let thread = std::thread::Builder::new().name("keychain".to_owned());
    thread.spawn(run).ok()?;
    result.await.ok()
}

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, mpsc};

    use super::*;
    use crate::accounts::record::Facts;
    use crate::api::{How, Kept};

    /// Answers when it is told to.
    struct Slow(Mutex<mpsc::Receiver<()>>);

    impl Vault for Slow {
        fn get(&self, _: &Slot) -> Result<Option<Token>, VaultError> {
            let _ = self.0.lock().unwrap().recv();
            Ok(None)
        }

        fn put(&self, slot: &Slot, _: &Token) -> Result<(), VaultError> {
            self.get(slot).map(|_| ())
        }

        fn delete(&self, slot: &Slot) -> Result<(), VaultError> {
            self.get(slot).map(|_| ())
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_keychain_that_does_not_answer_is_waited_for_so_long_and_shown() {
        let (_answer, answers) = mpsc::channel();
        let slow: Arc<dyn Vault> = Arc::new(Slow(Mutex::new(answers)));
        let keychain = Keychain::new(Arc::new(move || Ok(Arc::clone(&slow))));
        keychain.check().await;
        assert_eq!(keychain.describe().state, KeychainState::Works);
        let record = Record {
            endpoint: "https://hub.example".to_owned(),
            how: How::Token,
            kept: Kept::Keychain,
            facts: Facts::default(),
            outside: None,
            verified: None,
            client_id: None,
            shared: None,
            is_in_git: false,
        };
        assert!(!keychain.write(&record, Secrets::default()).await);
        assert_eq!(keychain.describe().state, KeychainState::Locked);
        assert!(keychain.remove(&record).await.is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn a_keychain_that_does_not_open_counts_as_locked_until_it_is_asked_again() {
        let (answer, answers) = mpsc::channel::<()>();
        let answers = Mutex::new(answers);
        let keychain = Keychain::new(Arc::new(move || {
            let _ = answers.lock().unwrap().recv();
            Ok(Arc::new(hubdesk_secrets::Memory::default()))
        }));
        keychain.check_soon().await;
        assert_eq!(keychain.describe().state, KeychainState::Locked);
        drop(answer);
        keychain.check().await;
        assert_eq!(keychain.describe().state, KeychainState::Works);
    }
}
