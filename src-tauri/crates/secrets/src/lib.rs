//! Where tokens are kept, and the only code that puts one anywhere but in memory.
//!
//! Two places, neither of which knows of the other: the system's keychain ([`Vault`]), and the files
//! in which the official command line keeps its own sign-in ([`CliSignIn`]). Which of them is used,
//! and when, a person decides; `app` asks.
//!
//! Never logs, never opens a socket, never writes a token to a file of our own: without a keychain
//! there is [`Memory`]. No error and no `Debug` form holds a secret. [`Vault`] and [`CliSignIn`]
//! block, a keychain even for as long as a person looks at its prompt: call them on a thread that
//! may.
//! Read first: [`Vault`], [`Slot`], [`VaultError`].

mod keychain;
mod memory;
mod sign_in;
mod slot;
mod stored_tokens;
mod vault;

pub use keychain::Keychain;
pub use memory::Memory;
pub use sign_in::{CliSignIn, Name, SignInError};
pub use slot::{Purpose, Slot};
pub use stored_tokens::{Stored, StoredTokens, section_name};
pub use vault::{LARGEST_BYTES, Vault, VaultError};
