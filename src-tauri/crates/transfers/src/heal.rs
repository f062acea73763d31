//! What lets transfers go on without anybody touching them.

use std::sync::Arc;

use tokio::task::JoinError;

use crate::dispatcher::Dispatcher;
use crate::ledger::Ledger;
use crate::{Event, State, Transfer, TransferId};

/// Ended transfers that are kept. The oldest go first.
const HISTORY: usize = 10_000;
/// Files of ended transfers that are kept, beside those of the newest one.
const HISTORY_FILES: u64 = 200_000;

/// Something that happened outside, and that transfers may wait for.
#[derive(Debug)]
pub(crate) enum Signal {
    /// There is a way to the Hub.
    Online,
    /// An account of a Hub has signed in again.
    SignedIn { endpoint: String, account: String },
    /// A Hub has granted access to a repository.
    AccessGranted { endpoint: String, repo: String },
    /// Room was made, a disk was connected: worth a look now.
    LookAgain,
    /// The machine has slept.
    Woke,
}

impl Dispatcher {
    pub(crate) async fn hear(&mut self, signal: Signal) {
        match signal {
            Signal::Online => self.came_online().await,
            Signal::SignedIn { endpoint, account } => self.signed_in(endpoint, account).await,
            Signal::AccessGranted { endpoint, repo } => self.granted(&endpoint, &repo).await,
            Signal::LookAgain => self.look_again().await,
            Signal::Woke => self.woke().await,
        }
    }

    pub(crate) async fn came_online(&mut self) {
        let waiting: Vec<_> = self.ledger.offline().iter().copied().collect();
        if !waiting.is_empty() {
            self.tell(&waiting, &Event::Online).await;
        }
    }

    async fn signed_in(&mut self, endpoint: String, account: String) {
        let is_its = |transfer: &&Transfer| {
            let request = transfer.request.as_ref().ok();
            request.is_some_and(|request| {
                let whose = request.account();
                request.endpoint() == endpoint && whose.is_none_or(|(_, name)| name == account)
            })
        };
        let ids: Vec<_> = self.ledger.iter().filter(is_its).map(|t| t.id).collect();
        self.sign_in_count += 1;
        let count = self.sign_in_count;
        self.sign_ins.insert((endpoint, account), count);
        self.tell(&ids, &Event::SignedIn).await;
    }

    async fn granted(&mut self, endpoint: &str, repo: &str) {
        let is_its = |transfer: &&Transfer| {
            let request = transfer.request.as_ref();
            request.is_ok_and(|request| (request.endpoint(), request.repo()) == (endpoint, repo))
        };
        let ids: Vec<_> = self.ledger.iter().filter(is_its).map(|t| t.id).collect();
        self.tell(&ids, &Event::Granted).await;
    }

    /// Whether its account has signed in since the run that had begun by then. Such a run may have
    /// been refused for its old token.
    pub(crate) fn signed_in_since(&self, transfer: &Transfer, begun: u64) -> bool {
        let request = transfer.request.as_ref().ok();
        let account = request.and_then(|request| request.account());
        account.is_some_and(|(endpoint, account)| {
            let key = (endpoint.to_owned(), account.to_owned());
            self.sign_ins.get(&key).is_some_and(|count| *count > begun)
        })
    }

    /// Looks whether anything that is waited for has come without being told of. Of those that
    /// wait for the network one tries; when it gets through, so do the others.
    pub(crate) async fn look_again(&mut self) {
        self.is_unsettled = true;
        self.ledger.try_again().await;
        let offline = self.ledger.offline().iter();
        let first = offline.filter_map(|id| self.ledger.get(*id).ok());
        let first = first.min_by_key(|t| (t.class, t.rank, t.id)).map(|t| t.id);
        if let Some(first) = first {
            self.tell(&[first], &Event::Online).await;
        }
        self.check();
    }

    /// Connections of before the sleep lead nowhere, and would be found out one time-out after the
    /// other. What runs is begun again at once, from where it is.
    async fn woke(&mut self) {
        let running = self.ledger.iter().filter(|t| t.state == State::Running);
        let running: Vec<_> = running.map(|t| t.id).collect();
        self.tell(&running, &Event::Yield).await;
        self.came_online().await;
        self.look_again().await;
    }

    /// Has those looked at that are blocked by something on this machine, one after the other.
    fn check(&mut self) {
        let blocked = |transfer: &Arc<Transfer>| match (&transfer.state, &transfer.request) {
            (State::Blocked(reason), Ok(_)) if reason.can_be_seen() => {
                Some((Arc::clone(transfer), *reason))
            }
            _ => None,
        };
        let blocked: Vec<_> = self.ledger.all().values().filter_map(blocked).collect();
        if blocked.is_empty() || !self.checks.is_empty() {
            return;
        }
        let hands = Arc::clone(&self.hands);
        self.checks.spawn(async move {
            let mut cleared = Vec::new();
            for (transfer, reason) in blocked {
                let id = transfer.id;
                if hands.is_cleared(transfer, reason).await {
                    cleared.push(id);
                }
            }
            cleared
        });
    }

    pub(crate) async fn cleared(&mut self, cleared: Result<Vec<TransferId>, JoinError>) {
        match cleared {
            Ok(cleared) => self.tell(&cleared, &Event::Cleared).await,
            Err(error) => tracing::error!(%error, "a look at what is in the way failed"),
        }
    }

    /// Forgets the oldest of a history that is too long, and of its files.
    pub(crate) async fn prune(&mut self) {
        let old = too_old(&self.ledger, |id| self.is_at_work(id));
        let pruned = match old.is_empty() {
            true => Ok(()),
            false => self.ledger.remove(old).await,
        };
        let many = too_many_files(&self.ledger, |id| self.is_at_work(id));
        let forgotten = match many.is_empty() {
            true => Ok(()),
            false => self.ledger.forget_files(many).await,
        };
        if let Err(error) = pruned.and(forgotten) {
            tracing::warn!(%error, "the history cannot be shortened just now");
        }
    }
}

/// What has ended and is not at work any more, the oldest first.
fn history(ledger: &Ledger, is_at_work: impl Fn(TransferId) -> bool) -> Vec<&Transfer> {
    let ended = ledger.iter().filter(|t| t.state.has_ended());
    let mut ended: Vec<_> = ended.filter(|t| !is_at_work(t.id)).collect();
    ended.sort_unstable_by_key(|t| (t.changed_at, t.id));
    ended
}

fn too_old(ledger: &Ledger, is_at_work: impl Fn(TransferId) -> bool) -> Vec<TransferId> {
    let ended = history(ledger, is_at_work);
    let excess = ended.len().saturating_sub(HISTORY);
    ended.into_iter().take(excess).map(|t| t.id).collect()
}

/// The newest transfer keeps its files, however many they are.
fn too_many_files(ledger: &Ledger, is_at_work: impl Fn(TransferId) -> bool) -> Vec<TransferId> {
    let mut files = 0u64;
    let newest_first = history(ledger, is_at_work).into_iter().rev();
    let is_beyond = |transfer: &&Transfer| {
        files = files.saturating_add(transfer.files_total.unwrap_or(0));
        files > HISTORY_FILES
    };
    let beyond = newest_first.skip(1).filter(is_beyond).map(|t| t.id);
    beyond.filter(|id| !ledger.has_no_files(*id)).collect()
}
