use std::fmt;

use hubdesk_store::Store;

use crate::rows::memo;
use crate::{Error, TransferId};

/// Text that a worker keeps of a transfer: for its next run, and for whoever asks what it has led
/// to. It goes with the transfer, and outlives everything else, another request included.
#[derive(Clone)]
pub struct Memo {
    id: TransferId,
    store: Store,
}

impl Memo {
    pub(crate) fn new(id: TransferId, store: Store) -> Self {
        Self { id, store }
    }

    /// What was kept last.
    pub async fn get(&self) -> Result<Option<String>, Error> {
        let id = self.id;
        Ok(self.store.call(move |tx| memo::read(tx, id)).await?)
    }

    /// Keeps `text` in place of what was kept. When this returns `Ok`, it is on the disk.
    pub async fn put(&self, text: String) -> Result<(), Error> {
        let id = self.id;
        Ok(self
            .store
            .call(move |tx| memo::write(tx, id, &text))
            .await?)
    }
}

impl fmt::Debug for Memo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Memo").field(&self.id).finish()
    }
}
