use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use hubdesk_core::Token;
use hubdesk_disk::{
    LockFile, PathError, ensure_private_dir, look, read_up_to, remove_if_there, write_private,
};
use zeroize::Zeroizing;

use crate::stored_tokens::{LARGEST_FILE, Stored, StoredTokens};

/// How often the lock is tried, and how long the wait between two tries is. The official client
/// holds it while it renews a token, and gives up on it after the same 30 seconds.
const LOCK_TRIES: u32 = 600;
const LOCK_PAUSE: Duration = Duration::from_millis(50);

/// The sign-in of the official command line: the file with the active token, and `stored_tokens`
/// with all of them.
///
/// Reading takes no lock: a file is always whole when we wrote it. Writing takes the lock of the
/// official client, reads again, and replaces the files; they get the mode `0600`, and folders that
/// are made for them `0700`. Where a file is a link, what it leads to is replaced.
///
/// RACE: the official client signs in and out without its lock, and writes in place. A change it
/// makes between our reading and our writing, which is milliseconds, is lost.
#[derive(Debug, Clone)]
pub struct CliSignIn {
    token_path: PathBuf,
    stored_tokens_path: PathBuf,
    lock_tries: u32,
}

/// A stored sign-in without its secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredName {
    /// What it is stored under.
    pub name: String,
    /// Whether its token is the one in the active token's file.
    pub is_active: bool,
}

/// What became of a token that was to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// It is there.
    There {
        /// The name it went by ([`crate::section_name`]).
        name: String,
        /// It was there before.
        was_there: bool,
    },
    /// Another token has that name.
    NameIsTaken,
}

/// Why the files could not be read or written. A variant is a different thing to do about it.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The system refused.
    #[error(transparent)]
    Disk(#[from] PathError),
    /// The file is so large that it is something else. It is left as it is.
    #[error("{} is too large to be a file of tokens", path.display())]
    TooLarge {
        /// Which file.
        path: PathBuf,
    },
    /// Another program has held the lock all the time: try again later.
    #[error("another program is using {}", path.display())]
    Busy {
        /// The file whose lock is held.
        path: PathBuf,
    },
    /// Nothing is stored under this name, at least nothing any more.
    #[error("no token is stored under the name {name:?}")]
    NoSuchName {
        /// The name that was asked for.
        name: String,
    },
}

impl CliSignIn {
    /// The sign-in kept in these two files, neither of which needs to be there. The official client
    /// has `stored_tokens` in the folder of the active token's file.
    pub fn new(token_path: PathBuf, stored_tokens_path: PathBuf) -> Self {
        Self {
            token_path,
            stored_tokens_path,
            lock_tries: LOCK_TRIES,
        }
    }

    /// The names of all stored tokens, sorted, and which of them is active. No token leaves.
    pub fn names(&self) -> Result<Vec<StoredName>, SignInError> {
        let active = self.active()?;
        let stored = self.stored_tokens()?;
        let name = |name: &str| StoredName {
            name: name.to_owned(),
            is_active: active.is_some() && stored.get(name).map(|s| s.token) == active,
        };
        Ok(stored.names().map(name).collect())
    }

    /// What is stored under `name`, if anything.
    pub fn read(&self, name: &str) -> Result<Option<Stored>, SignInError> {
        Ok(self.stored_tokens()?.get(name))
    }

    /// The active token: the one the official client uses unless its environment has one.
    pub fn active(&self) -> Result<Option<Token>, SignInError> {
        Ok(text_of(&self.token_path)?.and_then(|text| Token::new(&text)))
    }

    /// Stores a token under `name`, in place of all that was stored there, and makes it the active
    /// one if asked to. Returns the name it went by ([`crate::section_name`]).
    pub fn save(
        &self,
        name: &str,
        stored: &Stored,
        make_active: bool,
    ) -> Result<String, SignInError> {
        let _lock = self.lock()?;
        let mut tokens = self.stored_tokens()?;
        let name = tokens.insert(name, stored);
        self.write_stored(&tokens)?;
        if make_active {
            self.write_active(&stored.token)?;
        }
        Ok(name)
    }

    /// Stores a token under `name`, unless another one is stored there, which may be somebody's own
    /// sign-in. If it is there already, nothing of it is changed.
    pub fn give(
        &self,
        name: &str,
        stored: &Stored,
        make_active: bool,
    ) -> Result<Given, SignInError> {
        let name = crate::section_name(name);
        let _lock = self.lock()?;
        let mut tokens = self.stored_tokens()?;
        let was_there = match tokens.get(&name) {
            Some(found) if found.token != stored.token => return Ok(Given::NameIsTaken),
            found => found.is_some(),
        };
        if !was_there {
            tokens.insert(&name, stored);
            self.write_stored(&tokens)?;
        }
        if make_active {
            self.write_active(&stored.token)?;
        }
        Ok(Given::There { name, was_there })
    }

    /// Puts `new` in the place of `old`, the token that it renews. If something else is stored
    /// under `name` by now, that is left there and returned instead: another program was faster.
    /// The active token follows only if it still is `old`.
    pub fn renew(&self, name: &str, old: &Token, new: &Stored) -> Result<Stored, SignInError> {
        let _lock = self.lock()?;
        let mut tokens = self.stored_tokens()?;
        let found = tokens.get(name).ok_or_else(|| no_such(name))?;
        if found.token != *old {
            return Ok(found);
        }
        tokens.insert(name, new);
        self.write_stored(&tokens)?;
        if self.active()?.as_ref() == Some(old) {
            self.write_active(&new.token)?;
        }
        Ok(new.clone())
    }

    /// Makes the token stored under `name` the active one.
    pub fn switch(&self, name: &str) -> Result<(), SignInError> {
        if look(&self.stored_tokens_path)?.is_none() {
            return Err(no_such(name));
        }
        let _lock = self.lock()?;
        let stored = self.read(name)?.ok_or_else(|| no_such(name))?;
        self.write_active(&stored.token)
    }

    /// Forgets what is stored under `name`, and the active token if it is the same. Says whether
    /// there was anything.
    pub fn remove(&self, name: &str) -> Result<bool, SignInError> {
        self.remove_where(name, |_| true)
    }

    /// The same, if what is stored under `name` is `token`: another one is somebody's own sign-in.
    pub fn remove_if(&self, name: &str, token: &Token) -> Result<bool, SignInError> {
        let is_ours = |stored: Option<&Stored>| stored.is_some_and(|stored| stored.token == *token);
        if self.remove_where(name, is_ours)? {
            return Ok(true);
        }
        // Somebody may have given the name to another token while this one stayed in use.
        if look(&self.token_path)?.is_some() {
            let _lock = self.lock()?;
            if self.active()?.as_ref() == Some(token) {
                remove_if_there(&followed(&self.token_path))?;
            }
        }
        Ok(false)
    }

    fn remove_where(
        &self,
        name: &str,
        is_it: impl FnOnce(Option<&Stored>) -> bool,
    ) -> Result<bool, SignInError> {
        if look(&self.stored_tokens_path)?.is_none() {
            return Ok(false);
        }
        let _lock = self.lock()?;
        let mut tokens = self.stored_tokens()?;
        let stored = tokens.get(name);
        if !is_it(stored.as_ref()) || !tokens.remove(name) {
            return Ok(false);
        }
        self.write_stored(&tokens)?;
        if stored.is_some() && self.active()? == stored.map(|stored| stored.token) {
            remove_if_there(&followed(&self.token_path))?;
        }
        Ok(true)
    }

    fn stored_tokens(&self) -> Result<StoredTokens, SignInError> {
        let text = text_of(&self.stored_tokens_path)?;
        Ok(text
            .and_then(|text| StoredTokens::parse(&text))
            .unwrap_or_default())
    }

    fn write_stored(&self, tokens: &StoredTokens) -> Result<(), SignInError> {
        let path = followed(&self.stored_tokens_path);
        Ok(write_private(&path, tokens.to_text().as_bytes())?)
    }

    fn write_active(&self, token: &Token) -> Result<(), SignInError> {
        ensure_parent(&self.token_path)?;
        let path = followed(&self.token_path);
        Ok(write_private(&path, token.expose().as_bytes())?)
    }

    /// Waits for the lock that the official client takes to renew a token.
    fn lock(&self) -> Result<LockFile, SignInError> {
        ensure_parent(&self.stored_tokens_path)?;
        let mut path = self.stored_tokens_path.clone().into_os_string();
        path.push(".lock");
        let path = PathBuf::from(path);
        for _ in 0..self.lock_tries {
            if let Some(lock) = LockFile::try_lock(&path)? {
                return Ok(lock);
            }
            std::thread::park_timeout(LOCK_PAUSE);
        }
        Err(SignInError::Busy {
            path: self.stored_tokens_path.clone(),
        })
    }
}

fn no_such(name: &str) -> SignInError {
    SignInError::NoSuchName {
        name: name.to_owned(),
    }
}

/// The text at `path`; what is not UTF-8 is none, as for the official client.
fn text_of(path: &Path) -> Result<Option<Zeroizing<String>>, SignInError> {
    let bytes = read_up_to(path, LARGEST_FILE as u64).map_err(|error| {
        if error.is_too_large() {
            SignInError::TooLarge { path: error.path }
        } else {
            error.into()
        }
    })?;
    let bytes = bytes.map(Zeroizing::new);
    Ok(bytes.and_then(|bytes| Some(Zeroizing::new(str::from_utf8(&bytes).ok()?.to_owned()))))
}

fn ensure_parent(path: &Path) -> Result<(), PathError> {
    path.parent().map_or(Ok(()), ensure_private_dir)
}

/// Where a link leads, so that replacing a file does not turn somebody's link into one.
fn followed(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests;
