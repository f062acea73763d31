use std::error::Error;

use hubdesk_core::Token;

use crate::Slot;

/// The longest token a vault takes, in bytes. The Windows Credential Manager holds 2560 bytes a
/// secret (`CRED_MAX_CREDENTIAL_BLOB_SIZE`), which is one byte a character as we write it. Longer
/// ones are refused, not split: a secret in parts can be half there after a crash. The other
/// systems have no limit worth naming, and get one that only nonsense exceeds.
pub const LARGEST_BYTES: usize = if cfg!(windows) { 2560 } else { 64 * 1024 };

/// A place that keeps tokens, by [`Slot`].
///
/// Every method blocks, and may do so for as long as a person needs to answer the system's prompt:
/// call it on a thread that may, never on the one that draws.
pub trait Vault: Send + Sync {
    /// The token in `slot`, or `None` if there is none.
    fn get(&self, slot: &Slot) -> Result<Option<Token>, VaultError>;

    /// Puts `token` into `slot`, in place of what was there. Refuses an empty account
    /// ([`VaultError::NoAccount`]) and tokens over [`LARGEST_BYTES`].
    fn put(&self, slot: &Slot, token: &Token) -> Result<(), VaultError>;

    /// Empties `slot`. That it already is empty is fine.
    fn delete(&self, slot: &Slot) -> Result<(), VaultError>;
}

/// Why a vault did not do it. A variant is a different thing to do about it; none holds a secret.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// Nothing on this machine keeps secrets: keep the session in memory, and say so.
    #[error("there is no keychain service on this machine")]
    NoService {
        /// What the system said.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// The service runs, but nobody has made a keychain in it yet: the person can, in the desktop's
    /// own program for passwords.
    #[error("the keychain service has no keychain yet")]
    NoKeychain {
        /// What the system said.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// The keychain is locked, or the person, or the system for them, said no: ask again later.
    #[error("the keychain is locked, or access to it was refused")]
    Locked {
        /// What the system said.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// The token is longer than this system's keychain can hold: use another one.
    #[error("the token has {bytes} bytes, and the keychain holds at most {limit}")]
    TooLarge {
        /// How long it is.
        bytes: usize,
        /// The most that is taken.
        limit: usize,
    },
    /// A slot needs an account's name: an empty one would match anything on some systems.
    #[error("a token can only be kept under an account's name")]
    NoAccount,
    /// What came back is no token, or not the one that was kept: sign in again.
    #[error("the keychain gave back something else than it was given")]
    Spoilt,
    /// The keychain failed otherwise: try again, then look at the system.
    #[error("the keychain failed")]
    Failed {
        /// What the system said.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
}

/// What every form of a vault asks of what it is given.
pub(crate) fn check(slot: &Slot, token: &Token) -> Result<(), VaultError> {
    let bytes = token.expose().len();
    if slot.account.is_empty() {
        Err(VaultError::NoAccount)
    } else if bytes > LARGEST_BYTES {
        Err(VaultError::TooLarge {
            bytes,
            limit: LARGEST_BYTES,
        })
    } else {
        Ok(())
    }
}
