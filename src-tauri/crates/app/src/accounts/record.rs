//! The list of accounts on disk: who, where and how, and never a token.

use std::path::{Path, PathBuf};
use std::time::Duration;

use hubdesk_core::Token;
use hubdesk_disk::{Doing as _, LockFile, PathError, ensure_dir, read_if_there, write_atomically};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::api::{AccountId, How, Kept, OrgOf};

/// The version of the file's form. One that is higher was written by a newer program.
const VERSION: u32 = 1;

/// How often the lock of the list is tried, and the pause between. Who holds it writes one small
/// file; who never gets it goes on, since a lock only saves the last change of two programs.
const LOCK_TRIES: u32 = 100;
const LOCK_PAUSE: Duration = Duration::from_millis(10);

/// The same for the renewal of a token, which asks the Hub: half a minute.
const RENEWAL_TRIES: u32 = 3000;

/// One account as it is remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Record {
    /// Base address of its Hub.
    pub(crate) endpoint: String,
    /// How its token came here.
    pub(crate) how: How,
    /// Where its token is.
    pub(crate) kept: Kept,
    /// What the Hub said of it.
    pub(crate) facts: Facts,
    /// Where it is read at each start, if it is kept outside.
    #[serde(default)]
    pub(crate) outside: Option<Outside>,
    /// What the token was like that the Hub last knew as this account's, if it is kept outside.
    #[serde(default)]
    pub(crate) verified: Option<String>,
    /// The OAuth client whose session it is; only that one can renew it.
    #[serde(default)]
    pub(crate) client_id: Option<String>,
    /// The section of the command-line tools' file it was given to.
    #[serde(default)]
    pub(crate) shared: Option<Shared>,
    /// Whether git's credential helper has it.
    #[serde(default)]
    pub(crate) is_in_git: bool,
}

/// What the Hub says of a token.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Facts {
    /// The user's name in addresses.
    pub(crate) name: String,
    /// The name for people.
    pub(crate) full_name: Option<String>,
    /// What its owner called the token.
    pub(crate) token_name: Option<String>,
    /// What it may do.
    pub(crate) role: Option<String>,
    /// OAuth scopes granted.
    pub(crate) scopes: Vec<String>,
    /// When it ends, in seconds since 1970, as far as the sign-in has said.
    pub(crate) expires: Option<u64>,
    /// When it ends, as the Hub writes times.
    pub(crate) ends: Option<String>,
    /// What will not work with it, in sentences.
    pub(crate) limits: Vec<String>,
    /// The organisations of the user.
    pub(crate) orgs: Vec<OrgOf>,
}

/// What `token` is recognised by and cannot be made of: the beginning of its SHA-256.
pub(crate) fn mark_of(token: &Token) -> String {
    short_digest(token.expose())
}

fn short_digest(text: &str) -> String {
    const BYTES: usize = 16;
    let digest = Sha256::digest(text);
    digest
        .iter()
        .take(BYTES)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Where a token is that is not kept here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "source"
)]
pub(crate) enum Outside {
    /// In the environment.
    Environment,
    /// In the file with the active token of the command-line tools.
    TokenFile,
    /// In the file with all their tokens.
    StoredTokens {
        /// Under this name.
        name: String,
    },
}

/// What was given to the command-line tools.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Shared {
    /// The section's name.
    pub(crate) name: String,
    /// The section was there before, with the same token: it stays when sharing ends.
    pub(crate) was_there: bool,
}

impl Record {
    /// The account's id: its user and its Hub.
    pub(crate) fn id(&self) -> AccountId {
        format!("{}@{}", self.facts.name, self.endpoint)
    }
}

/// All that is remembered.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct List {
    version: u32,
    /// The account that was open last, if the last session was one's.
    #[serde(default)]
    pub(crate) active: Option<AccountId>,
    #[serde(default)]
    pub(crate) accounts: Vec<Record>,
}

impl List {
    /// Puts `record` in the place of the one with its id, or at the end.
    pub(crate) fn put(&mut self, record: &Record) {
        let id = record.id();
        match self.accounts.iter_mut().find(|known| known.id() == id) {
            Some(known) => *known = record.clone(),
            None => self.accounts.push(record.clone()),
        }
    }

    /// Forgets the account `id`.
    pub(crate) fn remove(&mut self, id: &str) {
        self.accounts.retain(|record| record.id() != id);
        if self.active.as_deref() == Some(id) {
            self.active = None;
        }
    }
}

/// `accounts.json` in the folder of the settings. Several programs may change it: each change is
/// made to what is in the file then.
pub(crate) struct ListFile(PathBuf);

impl ListFile {
    pub(crate) fn new(folder: &Path) -> Self {
        Self(folder.join("accounts.json"))
    }

    /// What is remembered. A file that is missing or cannot be understood is as good as none, and
    /// is left alone until somebody signs in. Blocks.
    pub(crate) fn read(&self) -> List {
        match read_if_there(&self.0) {
            Ok(text) => text.and_then(|text| parse(&text)).unwrap_or_default(),
            Err(error) => {
                tracing::warn!(%error, "the list of accounts cannot be read");
                List::default()
            }
        }
    }

    /// Changes what is remembered. A file that cannot be understood, damaged or of a newer program,
    /// is moved aside first: it may be of use to somebody. Blocks.
    pub(crate) fn change(&self, change: impl FnOnce(&mut List)) -> Result<(), PathError> {
        if let Some(folder) = self.0.parent() {
            ensure_dir(folder)?;
        }
        let _lock = self.lock();
        let mut list = match read_if_there(&self.0)? {
            None => List::default(),
            Some(text) => match parse(&text) {
                Some(list) => list,
                None => {
                    self.move_aside()?;
                    List::default()
                }
            },
        };
        change(&mut list);
        list.version = VERSION;
        let text = serde_json::to_vec_pretty(&list).expect("accounts are plain data");
        write_atomically(&self.0, &text)
    }

    fn move_aside(&self) -> Result<(), PathError> {
        let mut aside = self.0.with_extension("json.unread");
        for n in 2.. {
            if read_if_there(&aside)?.is_none() {
                break;
            }
            aside = self.0.with_extension(format!("json.unread-{n}"));
        }
        tracing::warn!(path = %aside.display(), "the list of accounts cannot be understood; moved");
        std::fs::rename(&self.0, &aside).doing("move", &self.0)
    }

    fn lock(&self) -> Option<LockFile> {
        wait_for(&self.0.with_extension("json.lock"), LOCK_TRIES)
    }

    /// Waits until no other program renews the token of the account `id`, for as long as that may
    /// take. Blocks.
    pub(super) fn lock_renewal(&self, id: &str) -> Option<LockFile> {
        let name = format!("json.{}.lock", short_digest(id));
        wait_for(&self.0.with_extension(name), RENEWAL_TRIES)
    }
}

fn wait_for(path: &Path, tries: u32) -> Option<LockFile> {
    for _ in 0..tries {
        match LockFile::try_lock(path) {
            Ok(Some(lock)) => return Some(lock),
            Ok(None) => std::thread::park_timeout(LOCK_PAUSE),
            Err(_) => return None,
        }
    }
    tracing::warn!(path = %path.display(), "the lock is held for long; going on without it");
    None
}

fn parse(text: &[u8]) -> Option<List> {
    let list: List = serde_json::from_slice(text).ok()?;
    (list.version == VERSION).then_some(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(name: &str) -> Record {
        Record {
            endpoint: "https://hub.example".to_owned(),
            how: How::Token,
            kept: Kept::Keychain,
            facts: Facts {
                name: name.to_owned(),
                ..Facts::default()
            },
            outside: None,
            verified: None,
            client_id: None,
            shared: None,
            is_in_git: false,
        }
    }

    #[test]
    fn a_change_keeps_what_another_program_has_added() {
        let home = tempfile::tempdir().unwrap();
        let (one, other) = (ListFile::new(home.path()), ListFile::new(home.path()));
        one.change(|list| list.put(&record("mira"))).unwrap();
        other.change(|list| list.put(&record("noor"))).unwrap();
        one.change(|list| list.remove("mira@https://hub.example"))
            .unwrap();
        assert_eq!(other.read().accounts, [record("noor")]);
    }

    #[test]
    fn a_damaged_or_newer_list_is_no_list() {
        let home = tempfile::tempdir().unwrap();
        for text in ["", "{", "[]", r#"{"version":2,"accounts":[]}"#] {
            std::fs::write(home.path().join("accounts.json"), text).unwrap();
            assert!(ListFile::new(home.path()).read().accounts.is_empty());
        }
    }

    #[test]
    fn a_list_that_is_not_understood_is_moved_aside_before_it_is_written_over() {
        let home = tempfile::tempdir().unwrap();
        let list = ListFile::new(home.path());
        let newer = r#"{"version":2,"accounts":[]}"#;
        for (text, aside) in [(newer, "unread"), ("{", "unread-2")] {
            std::fs::write(home.path().join("accounts.json"), text).unwrap();
            list.change(|list| list.put(&record("mira"))).unwrap();
            assert_eq!(list.read().accounts, [record("mira")]);
            let aside = home.path().join(format!("accounts.json.{aside}"));
            assert_eq!(std::fs::read_to_string(aside).unwrap(), text);
        }
    }
}
