//! What runs, while the program runs. One owner for all of it; everybody else gets copies.

use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use futures_util::FutureExt as _;
use hubdesk_core::Clock;
use hubdesk_download::{Ctx, Error as DownloadError, Outcome, Parts, Request};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::accounts::Tokens;
use crate::api::{ApiError, ErrorCode, Tag, Transfer, TransferId};
use crate::error::{download_error, reported};
use crate::events::Events;
use crate::job::Job;
use crate::network::Network;

/// All transfers of this run of the program.
pub(crate) struct Transfers {
    list: Mutex<List>,
    tasks: TaskTracker,
    cancel: CancellationToken,
    events: Events,
    network: Arc<Network>,
    /// Something began or ended: the board is worth a look.
    changed: Arc<Notify>,
}

#[derive(Default)]
struct List {
    /// Oldest first.
    jobs: Vec<Job>,
    /// The last id given out. None is given out twice, so that nobody stops another's transfer.
    last: TransferId,
}

impl Transfers {
    pub(crate) fn new(events: Events, network: Arc<Network>, changed: Arc<Notify>) -> Self {
        Self {
            list: Mutex::default(),
            tasks: TaskTracker::new(),
            cancel: CancellationToken::new(),
            events,
            network,
            changed,
        }
    }

    /// Starts a download. It belongs to the Hub it begins at, and to the account, if it is one's.
    pub(crate) fn start(
        self: &Arc<Self>,
        request: Request,
        parts: Parts,
        account: Option<Tokens>,
    ) -> TransferId {
        let (id, ctx) = self.add(&request, &parts, account.clone());
        self.run(id, request, parts, account, ctx);
        id
    }

    fn add(&self, request: &Request, parts: &Parts, account: Option<Tokens>) -> (TransferId, Ctx) {
        let ctx = self.ctx();
        let mut list = self.lock();
        list.last += 1;
        let id = list.last;
        list.jobs.push(Job::new(
            id,
            request.clone(),
            parts.clone(),
            account,
            ctx.clone(),
        ));
        (id, ctx)
    }

    /// Stops a transfer; it ends as soon as nothing of it is at work any more.
    pub(crate) fn cancel(&self, id: TransferId) -> Result<(), ApiError> {
        self.with(id, |job| job.cancel())
    }

    /// With what a transfer ran.
    pub(crate) fn parts_of(&self, id: TransferId) -> Result<(Parts, Option<Tokens>), ApiError> {
        self.with(id, |job| job.parts())
    }

    /// Runs a transfer that has stopped again, from where it stopped, with these `parts` of its own
    /// Hub and account.
    pub(crate) fn retry(
        self: &Arc<Self>,
        id: TransferId,
        parts: Parts,
        account: Option<Tokens>,
    ) -> Result<(), ApiError> {
        let ctx = self.ctx();
        let again = self.with(id, |job| {
            job.begin_again(parts.clone(), account.clone(), ctx.clone())
        })?;
        if let Some(request) = again {
            self.run(id, request, parts, account, ctx);
        }
        Ok(())
    }

    /// How many transfers at work are the account's.
    pub(crate) fn count_of(&self, account: &str) -> usize {
        let list = self.lock();
        let jobs = list.jobs.iter().filter(|job| job.is_running());
        jobs.filter(|job| job.is_of(account)).count()
    }

    /// Stops the transfers of the account.
    pub(crate) fn cancel_of(&self, account: &str) {
        let list = self.lock();
        let jobs = list.jobs.iter().filter(|job| job.is_of(account));
        jobs.for_each(Job::cancel);
    }

    /// Forgets what has ended.
    pub(crate) fn clear(&self) {
        self.lock().jobs.retain(Job::is_running);
        self.changed.notify_one();
    }

    /// Where a transfer's files are, or will be.
    pub(crate) fn folder(&self, id: TransferId) -> Result<Option<PathBuf>, ApiError> {
        self.with(id, |job| job.folder())
    }

    /// Every transfer as it stands, newest first.
    pub(crate) fn look(&self, clock: &dyn Clock) -> Vec<Transfer> {
        let mut list = self.lock();
        // Read under the lock, so that looks are noted in the order of their times.
        let now = clock.elapsed();
        let look = |job: &mut Job| {
            let (transfer, has_moved) = job.look(now);
            if has_moved {
                self.network.answered();
            }
            transfer
        };
        list.jobs.iter_mut().rev().map(look).collect()
    }

    /// Stops everything and waits until nothing is at work.
    pub(crate) async fn shut_down(&self) {
        self.cancel.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }

    fn ctx(&self) -> Ctx {
        Ctx {
            cancel: self.cancel.child_token(),
            progress: Arc::default(),
        }
    }

    /// Runs a download to its end. One whose account the Hub no longer takes waits for somebody to
    /// sign in, and goes on from where it was.
    fn run(
        self: &Arc<Self>,
        id: TransferId,
        request: Request,
        parts: Parts,
        account: Option<Tokens>,
        ctx: Ctx,
    ) {
        let transfers = Arc::clone(self);
        self.spawn(id, async move {
            loop {
                let version = account.as_ref().map(Tokens::version);
                let end = hubdesk_download::run(&request, &parts, &ctx).await;
                let (Some(account), Some(version), Err(error)) = (&account, version, &end) else {
                    return end;
                };
                if download_error(error).code != ErrorCode::SignedOut {
                    return end;
                }
                refused(account, version);
                transfers.parked(id, true);
                tokio::select! {
                    () = ctx.cancel.cancelled() => return Ok(Outcome::Cancelled),
                    () = account.newer_than(version) => {}
                }
                transfers.parked(id, false);
            }
        });
    }

    /// The transfer waits for somebody to sign in, or does no longer.
    fn parked(&self, id: TransferId, is_so: bool) {
        // One that runs is in the list.
        let _ = self.with(id, |job| job.waits_for_sign_in(is_so));
        self.changed.notify_one();
    }

    fn spawn(
        self: &Arc<Self>,
        id: TransferId,
        run: impl Future<Output = Result<Outcome, DownloadError>> + Send + 'static,
    ) {
        let transfers = Arc::clone(self);
        self.tasks.spawn(async move {
            // What a panic leaves behind is on disk only, and the next run looks at that anew.
            let end = match AssertUnwindSafe(run).catch_unwind().await {
                Ok(Ok(outcome)) => Ok(outcome),
                Ok(Err(error)) => {
                    tracing::info!(%error, id, "a download failed");
                    Err(download_error(&error))
                }
                Err(panic) => Err(reported(&*panic, "a download")),
            };
            transfers.ended(id, end);
        });
        self.changed.notify_one();
    }

    fn ended(&self, id: TransferId, end: Result<Outcome, ApiError>) {
        if let Err(error) = &end {
            self.network.failed(error);
        }
        // A job that is gone was cleared; there is nobody left to tell.
        let _ = self.with(id, |job| job.end(end));
        self.events.stale(&[Tag::Cache]);
        self.changed.notify_one();
    }

    fn with<T>(&self, id: TransferId, act: impl FnOnce(&mut Job) -> T) -> Result<T, ApiError> {
        match self.lock().jobs.iter_mut().find(|job| job.id() == id) {
            Some(job) => Ok(act(job)),
            None => Err(ApiError::bad_input(
                "That transfer is not in the list any more.",
            )),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, List> {
        self.list
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}

/// The Hub has refused the token of `version`; one that has come since then is not to blame.
fn refused(account: &Tokens, version: u64) {
    if account.version() == version {
        account.is_refused();
    }
}

#[cfg(test)]
mod tests {
    use hubdesk_cache::{Cache, LinkSupport};
    use hubdesk_core::{ManualClock, RepoId, RepoKind, Revision};
    use hubdesk_download::{Into, Listings, Overwrite, Select, Tuning};
    use hubdesk_hub::{Endpoint, Hub, Profile};

    use super::*;
    use crate::accounts::Held;
    use crate::api::TransferState;

    fn transfers() -> Arc<Transfers> {
        let changed = Arc::default();
        let network = Arc::new(Network::new(Arc::clone(&changed), false));
        Arc::new(Transfers::new(Events::default(), network, changed))
    }

    fn parts() -> Parts {
        Parts {
            hub: Hub::new(Endpoint::default(), Arc::new(None), Profile::default()).unwrap(),
            xet: None,
            cache: Cache::open("/nowhere".into(), LinkSupport::Never),
            tuning: Tuning::default(),
            listings: Arc::new(Listings::default()),
        }
    }

    fn request() -> Request {
        Request {
            repo: RepoId::new(RepoKind::Model, "a/b").unwrap(),
            revision: Revision::main(),
            select: Select::All,
            into: Into::Cache,
            overwrite: Overwrite::Never,
            force: false,
        }
    }

    #[tokio::test]
    async fn a_panic_ends_the_transfer_as_failed_with_a_report() {
        let transfers = transfers();
        let (id, _) = transfers.add(&request(), &parts(), None);
        transfers.spawn(id, async { panic!("a fault") });
        transfers.shut_down().await;
        let seen = &transfers.look(&ManualClock::default())[0];
        assert_eq!(seen.state, TransferState::Failed);
        let error = seen.error.as_ref().unwrap();
        assert_eq!(error.code, ErrorCode::Internal);
        assert!(error.message.contains("report "), "{}", error.message);
    }

    #[test]
    fn a_refusal_of_an_old_token_says_nothing_of_the_new_one() {
        let held = || Held {
            access: hubdesk_core::Token::new("hf_x"),
            ..Held::default()
        };
        let account = Tokens::new("mira".to_owned(), std::sync::Weak::new(), held());
        let old = account.version();
        account.put(held());
        refused(&account, old);
        assert!(!account.needs_sign_in());
        refused(&account, account.version());
        assert!(account.needs_sign_in());
    }

    #[tokio::test]
    async fn no_id_is_given_out_twice() {
        let transfers = transfers();
        let (first, _) = transfers.add(&request(), &parts(), None);
        transfers.ended(first, Ok(Outcome::Cancelled));
        transfers.clear();
        let (second, _) = transfers.add(&request(), &parts(), None);
        assert_ne!(first, second);
    }
}
