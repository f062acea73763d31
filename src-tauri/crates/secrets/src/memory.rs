use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use hubdesk_core::Token;

use crate::vault::check;
use crate::{Slot, Vault, VaultError};

/// A vault that lasts as long as the program: for machines without a keychain, and for tests.
#[derive(Debug, Default)]
pub struct Memory(Mutex<HashMap<Slot, Token>>);

impl Memory {
    fn with<T>(&self, act: impl FnOnce(&mut HashMap<Slot, Token>) -> T) -> T {
        // A map that a panic was near is still a map.
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Vault for Memory {
    fn get(&self, slot: &Slot) -> Result<Option<Token>, VaultError> {
        Ok(self.with(|tokens| tokens.get(slot).cloned()))
    }

    fn put(&self, slot: &Slot, token: &Token) -> Result<(), VaultError> {
        check(slot, token)?;
        self.with(|tokens| tokens.insert(slot.clone(), token.clone()));
        Ok(())
    }

    fn delete(&self, slot: &Slot) -> Result<(), VaultError> {
        self.with(|tokens| tokens.remove(slot));
        Ok(())
    }
}
