//! What is noted of accounts, here and on disk.

use super::Accounts;
use super::record::{List, Record};
use crate::api::AccountId;

impl Accounts {
    /// Changes what is remembered of the account `id`, here and on disk, each as it is by then:
    /// others change it, too. One that has been signed out stays so.
    pub(super) async fn change_record(
        &self,
        id: &str,
        change: impl Fn(&mut Record) + Send + 'static,
    ) {
        {
            let mut state = self.lock();
            let mut entries = state.entries.iter_mut();
            match entries.find(|entry| entry.tokens.id() == id) {
                Some(entry) => change(&mut entry.record),
                None => return,
            }
        }
        let id = id.to_owned();
        self.change_list(move |list| {
            if let Some(record) = list.accounts.iter_mut().find(|record| record.id() == id) {
                change(record);
            }
        })
        .await;
    }

    /// Changes the list on disk. That it cannot be written is no reason to stop: the accounts hold
    /// for this run.
    pub(super) async fn change_list(&self, change: impl FnOnce(&mut List) + Send + 'static) {
        let Some(accounts) = self.me.upgrade() else {
            return;
        };
        let written = tokio::task::spawn_blocking(move || accounts.list.change(change));
        if let Ok(Err(error)) = written.await {
            tracing::warn!(%error, "the list of accounts cannot be saved");
        }
    }

    /// The account as another program may have noted it; none if that has signed it out.
    pub(super) async fn record_on_disk(&self, id: &str) -> Option<Record> {
        let (accounts, id) = (self.me.upgrade()?, id.to_owned());
        let read = move || {
            let records = accounts.list.read().accounts;
            records.into_iter().find(|record| record.id() == id)
        };
        tokio::task::spawn_blocking(read).await.ok()?
    }

    /// Remembers which account is open.
    pub(crate) async fn remember_active(&self, id: Option<AccountId>) {
        self.lock().last_active.clone_from(&id);
        self.change_list(move |list| list.active = id).await;
    }
}
