use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hubdesk_core::Class;
use hubdesk_store::rusqlite::Transaction;
use hubdesk_store::{Error as StoreError, Store};

use crate::request::Request;
use crate::rows::{file, transfer as rows};
use crate::{Error, Event, State, Transfer, TransferId, Unsaved, Until, next};

/// Between two ranks that were given out one after the other, so that others fit in.
pub(crate) const GAP: i64 = 1 << 20;

/// Every transfer, in memory and in the database.
pub(crate) struct Ledger {
    store: Store,
    transfers: Arc<BTreeMap<TransferId, Arc<Transfer>>>,
    /// What memory has and the database has not.
    unwritten: BTreeSet<TransferId>,
    /// Those that wait for the network.
    offline: BTreeSet<TransferId>,
    /// Those whose files have been forgotten.
    without_files: BTreeSet<TransferId>,
    unsaved: Option<Unsaved>,
}

impl Ledger {
    /// Reads what there is. What ran when the program ended is queued.
    pub(crate) async fn open(store: Store) -> Result<Self, StoreError> {
        let all = store.call(rows::all).await?;
        let mut ledger = Self {
            store,
            transfers: Arc::default(),
            unwritten: BTreeSet::new(),
            offline: BTreeSet::new(),
            without_files: BTreeSet::new(),
            unsaved: None,
        };
        let mut changed = Vec::new();
        for transfer in all {
            let state = next(&transfer.state, Event::Restarted).unwrap_or(State::Queued);
            if state != transfer.state {
                changed.push(Transfer {
                    state,
                    ..transfer.clone()
                });
            }
            ledger.put(transfer);
        }
        ledger.keep(changed).await;
        Ok(ledger)
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    pub(crate) fn all(&self) -> &Arc<BTreeMap<TransferId, Arc<Transfer>>> {
        &self.transfers
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Transfer> {
        self.transfers.values().map(Arc::as_ref)
    }

    pub(crate) fn get(&self, id: TransferId) -> Result<&Transfer, Error> {
        self.transfers
            .get(&id)
            .map(Arc::as_ref)
            .ok_or(Error::Unknown { id })
    }

    /// Why the last change could not be stored.
    pub(crate) fn unsaved(&self) -> Option<Unsaved> {
        self.unsaved
    }

    /// Those that wait for the network.
    pub(crate) fn offline(&self) -> &BTreeSet<TransferId> {
        &self.offline
    }

    /// Stores `changed`; only then they are so in memory, too.
    pub(crate) async fn commit(&mut self, changed: Vec<Transfer>) -> Result<(), StoreError> {
        let is_among = |id: &TransferId| changed.iter().any(|transfer| transfer.id == *id);
        let late = self.unwritten.iter().filter(|id| !is_among(id));
        let late = late
            .filter_map(|id| self.transfers.get(id))
            .map(|t| Transfer::clone(t));
        let all: Vec<Transfer> = late.chain(changed.iter().cloned()).collect();
        if all.is_empty() {
            return Ok(());
        }
        let written = self
            .store
            .call(move |tx| {
                all.iter()
                    .try_for_each(|transfer| rows::update(tx, transfer))
            })
            .await;
        self.note(&written);
        written?;
        self.unwritten.clear();
        changed.into_iter().for_each(|transfer| self.put(transfer));
        Ok(())
    }

    /// Stores what has happened and cannot be refused. If that fails it is so in memory, and is
    /// stored with the next change that can be.
    pub(crate) async fn keep(&mut self, changed: Vec<Transfer>) {
        if let Err(error) = self.commit(changed.clone()).await {
            tracing::warn!(%error, "the queue cannot be stored just now");
            for transfer in changed {
                self.unwritten.insert(transfer.id);
                self.put(transfer);
            }
        }
    }

    /// Stores another request of a transfer, with how it stands now; its files are forgotten.
    pub(crate) async fn redirect(
        &mut self,
        transfer: Transfer,
        request: Request,
    ) -> Result<(), StoreError> {
        let row = transfer.clone();
        let written = self
            .store
            .call(move |tx| {
                rows::redirect(tx, row.id, &request)?;
                rows::update(tx, &row)?;
                file::forget(tx, row.id)
            })
            .await;
        self.note(&written);
        written?;
        self.unwritten.remove(&transfer.id);
        self.put(transfer);
        Ok(())
    }

    /// Adds transfers, which get their ids.
    pub(crate) async fn insert(
        &mut self,
        new: Vec<(Transfer, Request)>,
    ) -> Result<Vec<TransferId>, StoreError> {
        let written = self
            .store
            .call(move |tx| {
                new.into_iter()
                    .map(|(transfer, request)| {
                        let id = rows::insert(tx, &transfer, &request)?;
                        Ok(Transfer { id, ..transfer })
                    })
                    .collect::<Result<Vec<_>, _>>()
            })
            .await;
        self.note(&written);
        let written = written?;
        let ids = written.iter().map(|transfer| transfer.id).collect();
        written.into_iter().for_each(|transfer| self.put(transfer));
        Ok(ids)
    }

    /// Removes transfers.
    pub(crate) async fn remove(&mut self, ids: Vec<TransferId>) -> Result<(), StoreError> {
        let gone = ids.clone();
        let written = self
            .store
            .call(move |tx| gone.iter().try_for_each(|id| rows::delete(tx, *id)))
            .await;
        self.note(&written);
        written?;
        let transfers = Arc::make_mut(&mut self.transfers);
        for id in ids {
            transfers.remove(&id);
            self.unwritten.remove(&id);
            self.without_files.remove(&id);
        }
        Ok(())
    }

    /// Forgets the files of transfers.
    pub(crate) async fn forget_files(&mut self, ids: Vec<TransferId>) -> Result<(), StoreError> {
        let gone = ids.clone();
        let written = self
            .store
            .call(move |tx| gone.iter().try_for_each(|id| file::forget(tx, *id)))
            .await;
        self.note(&written);
        written?;
        self.without_files.extend(ids);
        Ok(())
    }

    /// Whether the files of a transfer have been forgotten, in this run of the program.
    pub(crate) fn has_no_files(&self, id: TransferId) -> bool {
        self.without_files.contains(&id)
    }

    /// After something could not be stored: looks whether it can be now.
    pub(crate) async fn try_again(&mut self) {
        if self.unsaved.is_some() {
            let probe = |tx: &Transaction<'_>| tx.pragma_update(None, "user_version", 0);
            let written = self.store.call(probe).await;
            self.note(&written);
            self.keep(Vec::new()).await;
        }
    }

    /// The rank behind everything of `class`.
    pub(crate) fn last_rank(&self, class: Class) -> i64 {
        let of_class = self.iter().filter(|transfer| transfer.class == class);
        of_class
            .map(|t| t.rank)
            .max()
            .unwrap_or(0)
            .saturating_add(GAP)
    }

    /// What changes so that `id` comes just before `before`, and into its class; or behind
    /// everything of its own.
    pub(crate) fn moved(
        &self,
        id: TransferId,
        before: Option<TransferId>,
    ) -> Result<Vec<Transfer>, Error> {
        let moving = self.get(id)?.clone();
        let Some(before) = before else {
            let rank = self.last_rank(moving.class);
            return Ok(vec![Transfer { rank, ..moving }]);
        };
        let class = self.get(before)?.class;
        if id == before {
            return Ok(vec![]);
        }
        let others = self.iter().filter(|t| t.class == class && t.id != id);
        let mut others: Vec<&Transfer> = others.collect();
        others.sort_by_key(|t| (t.rank, t.id));
        let at = others.iter().position(|t| t.id == before).unwrap_or(0);
        let above = others[at].rank;
        let below = match at {
            0 => above.saturating_sub(2 * GAP),
            at => others[at - 1].rank,
        };
        let moving = Transfer { class, ..moving };
        if above.saturating_sub(below) >= 2 {
            let rank = below + (above - below) / 2;
            return Ok(vec![Transfer { rank, ..moving }]);
        }
        let mut order: Vec<Transfer> = others.into_iter().cloned().collect();
        order.insert(at, moving);
        for (place, transfer) in order.iter_mut().enumerate() {
            transfer.rank = GAP.saturating_mul(place as i64 + 1);
        }
        Ok(order)
    }

    fn note<T>(&mut self, written: &Result<T, StoreError>) {
        self.unsaved = written.as_ref().err().map(Unsaved::from);
    }

    fn put(&mut self, transfer: Transfer) {
        if transfer.state == State::Running {
            self.without_files.remove(&transfer.id);
        }
        match transfer.state {
            State::Waiting(Until::Online) => self.offline.insert(transfer.id),
            _ => self.offline.remove(&transfer.id),
        };
        Arc::make_mut(&mut self.transfers).insert(transfer.id, Arc::new(transfer));
    }
}
