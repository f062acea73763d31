//! Where tokens are kept, and the only code that puts one anywhere but in memory.
//!
//! The system's keychain is [`Vault`]'s one form; whether it is used a person decides, and `app` asks.
//!
//! Never logs, never opens a socket, never writes a token to a file of our own: without a keychain
//! there is [`Memory`]. No error and no `Debug` form holds a secret. A [`Vault`] blocks,
//! even for as long as a person looks at its prompt: call it on a thread that may.
//! Read first: [`Vault`], [`Slot`], [`VaultError`].

mod keychain;
mod memory;
mod slot;
mod vault;

pub use keychain::Keychain;
pub use memory::Memory;
pub use slot::{Purpose, Slot};
pub use vault::{LARGEST_BYTES, Vault, VaultError};
