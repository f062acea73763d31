//! Where tokens are kept, and the only code that puts one anywhere but in memory.
//!
//! Three places, none of which knows of the others: the system's keychain ([`Vault`]), the files in
//! which the official command line keeps its own sign-in ([`CliSignIn`]), and git's credential
//! helper ([`GitCredential`]). Which of them is used, and when, a person decides; `app` asks.
//!
//! Never logs, never opens a socket, never writes a token to a file of our own: without a keychain
//! there is [`Memory`]. No error and no `Debug` form holds a secret. [`Vault`] and [`CliSignIn`]
//! block, a keychain even for as long as a person looks at its prompt: call them on a thread that
//! may. [`GitCredential`] is asynchronous, since its limit of time is.
//! Read first: [`Vault`], [`Slot`], [`VaultError`].

mod git_credential;
mod keychain;
mod memory;
mod sign_in;
mod slot;
mod stored_tokens;
mod vault;

pub use git_credential::{GitCredential, GitError};
pub use keychain::Keychain;
pub use memory::Memory;
pub use sign_in::{CliSignIn, Given, SignInError, StoredName};
pub use slot::{Purpose, Slot};
pub use stored_tokens::{Stored, StoredTokens, section_name};
pub use vault::{LARGEST_BYTES, Vault, VaultError};
