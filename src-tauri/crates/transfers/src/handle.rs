use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use hubdesk_core::{Class, Clock};
use hubdesk_store::Store;
use tokio::sync::{mpsc, oneshot, watch};

use crate::commands::{Command, Reply};
use crate::dispatcher::Dispatcher;
use crate::heal::Signal;
use crate::ledger::Ledger;
use crate::request::Request;
use crate::run::Hands;
use crate::{Board, Error, Event, FilePage, Limits, PageOf, TransferId, Worker};

/// Commands that may wait for the dispatcher; the next one waits for room.
const COMMANDS: usize = 64;
/// How long the end of the program waits for what runs.
const PATIENCE: Duration = Duration::from_secs(3);
/// Files on a page, at most.
const PAGE: u32 = 1000;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct New {
    /// What is to be done.
    pub request: Request,
    /// What people see of it.
    pub title: String,
    /// How urgent.
    pub class: Class,
    /// The volume its files go to, if that can be told: another one that has taken its name later
    /// is none of it.
    pub volume: Option<PathBuf>,
}

/// The way to the queue. Clones share it.
///
/// When a command returns `Ok`, it is in the database and on the [`Board`]; when it returns an
/// error, nothing has changed.
#[derive(Debug, Clone)]
pub struct Transfers {
    commands: mpsc::Sender<Command>,
    board: watch::Receiver<Board>,
}

impl std::fmt::Debug for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Command")
    }
}

impl Transfers {
    /// Takes the queue up where the last run of the program left it. `store` must have been opened
    /// with [`MIGRATIONS`](crate::MIGRATIONS) among its own, and by nobody else.
    pub async fn open<W: Worker>(
        store: Store,
        worker: Arc<W>,
        clock: Arc<dyn Clock>,
        limits: Limits,
    ) -> Result<Self, Error> {
        let ledger = Ledger::open(store).await?;
        let mut dispatcher = Dispatcher::new(ledger, Hands::of(worker), clock, limits);
        dispatcher.prune().await;
        dispatcher.publish();
        let board = dispatcher.board.subscribe();
        let (commands, inbox) = mpsc::channel(COMMANDS);
        tokio::spawn(dispatcher.work(inbox));
        Ok(Self { commands, board })
    }

    /// The queue as it is, and every change of it: at most ten a second while something runs, and
    /// one for each command.
    pub fn watch(&self) -> watch::Receiver<Board> {
        self.board.clone()
    }

    /// Adds a transfer behind everything of its class.
    pub async fn enqueue(&self, new: New) -> Result<TransferId, Error> {
        let ids = self.enqueue_all(vec![new]).await?;
        ids.first().copied().ok_or(Error::Closed)
    }

    /// Adds transfers, in this order: all of them or none.
    pub async fn enqueue_all(&self, new: Vec<New>) -> Result<Vec<TransferId>, Error> {
        self.ask(|reply| Command::Enqueue(new, reply)).await
    }

    /// Stops a transfer until somebody resumes it, also over the end of the program.
    pub async fn pause(&self, id: TransferId) -> Result<(), Error> {
        self.ask(|reply| Command::Act(id, Event::Pause, reply))
            .await
    }

    /// Lets a paused transfer go on when its turn comes.
    pub async fn resume(&self, id: TransferId) -> Result<(), Error> {
        self.ask(|reply| Command::Act(id, Event::Resume, reply))
            .await
    }

    /// Stops a transfer for good. What has come is kept.
    pub async fn cancel(&self, id: TransferId) -> Result<(), Error> {
        self.ask(|reply| Command::Act(id, Event::Cancel, reply))
            .await
    }

    /// Tries a transfer again that waits, is blocked, has failed or was cancelled.
    pub async fn retry(&self, id: TransferId) -> Result<(), Error> {
        self.ask(|reply| Command::Act(id, Event::Retry, reply))
            .await
    }

    /// Has `request` done, on `volume`, in place of what was asked for, and tries that now: of a
    /// transfer that waits, is blocked or has failed. It keeps its place.
    pub async fn redirect(
        &self,
        id: TransferId,
        request: Request,
        volume: Option<PathBuf>,
    ) -> Result<(), Error> {
        let request = Box::new(request);
        self.ask(|reply| Command::Redirect(id, request, volume, reply))
            .await
    }

    /// Pauses everything that has not ended; says how many that were.
    pub async fn pause_all(&self) -> Result<usize, Error> {
        self.ask(|reply| Command::ActOnAll(Event::Pause, reply))
            .await
    }

    /// Resumes everything that is paused; says how many that were.
    pub async fn resume_all(&self) -> Result<usize, Error> {
        self.ask(|reply| Command::ActOnAll(Event::Resume, reply))
            .await
    }

    /// Puts a transfer just before another one, and into its class; or behind everything of its
    /// own class. What runs is not interrupted for it.
    pub async fn move_before(
        &self,
        id: TransferId,
        before: Option<TransferId>,
    ) -> Result<(), Error> {
        self.ask(|reply| Command::MoveBefore(id, before, reply))
            .await
    }

    /// Forgets a transfer that has ended.
    pub async fn remove(&self, id: TransferId) -> Result<(), Error> {
        self.ask(|reply| Command::Remove(id, reply)).await
    }

    /// Forgets everything that has ended; says how many that were.
    pub async fn clear_ended(&self) -> Result<usize, Error> {
        self.ask(Command::ClearEnded).await
    }

    /// Changes how much may be done at once, also for what runs. With fewer places the least
    /// urgent go back into the queue.
    pub async fn set_limits(&self, limits: Limits) -> Result<(), Error> {
        self.ask(|reply| Command::SetLimits(limits, reply)).await
    }

    /// Puts a transfer behind everything of another class. One that runs is not interrupted, and
    /// has the bandwidth of its new class at once.
    pub async fn set_class(&self, id: TransferId, class: Class) -> Result<(), Error> {
        self.ask(|reply| Command::SetClass(id, class, reply)).await
    }

    /// Some of the files of a transfer. Those at work have their bytes. Of what has long ended there
    /// are none any more.
    pub async fn files(&self, id: TransferId, page: PageOf) -> Result<FilePage, Error> {
        let limit = page.limit.min(PAGE);
        let page = PageOf { limit, ..page };
        self.ask(|reply| Command::Files(id, page, reply)).await
    }

    /// What the worker has kept of a transfer.
    pub async fn memo(&self, id: TransferId) -> Result<Option<String>, Error> {
        self.ask(|reply| Command::Memo(id, reply))
            .await?
            .get()
            .await
    }

    /// There is a way to the Hub again. The queue also finds that out by itself, but later.
    pub async fn online(&self) -> Result<(), Error> {
        self.ask(|reply| Command::Signal(Signal::Online, reply))
            .await
    }

    /// An account of a Hub has signed in again: what waited for that goes on, and so does what
    /// nobody's token was enough for at that Hub.
    pub async fn signed_in(&self, endpoint: &str, account: &str) -> Result<(), Error> {
        let signal = Signal::SignedIn {
            endpoint: endpoint.to_owned(),
            account: account.to_owned(),
        };
        self.ask(|reply| Command::Signal(signal, reply)).await
    }

    /// A Hub has granted access to a repository, by its name: what waited for that goes on.
    pub async fn access_granted(&self, endpoint: &str, repo: &str) -> Result<(), Error> {
        let signal = Signal::AccessGranted {
            endpoint: endpoint.to_owned(),
            repo: repo.to_owned(),
        };
        self.ask(|reply| Command::Signal(signal, reply)).await
    }

    /// Room was made, or a disk was connected: what waited for that is looked at now.
    pub async fn look_again(&self) -> Result<(), Error> {
        self.ask(|reply| Command::Signal(Signal::LookAgain, reply))
            .await
    }

    /// The machine has slept: what runs is begun again, over new connections, and everything that
    /// waits is looked at.
    pub async fn woke(&self) -> Result<(), Error> {
        self.ask(|reply| Command::Signal(Signal::Woke, reply)).await
    }

    /// Stops everything, waits at most three seconds for it, and ends the queue. Gives what is
    /// still at work then. What has not ended goes on when the queue is opened the next time. The
    /// database is left open.
    pub async fn shut_down(&self) -> Vec<TransferId> {
        let (reply, left) = oneshot::channel();
        // It has ended already if nobody takes or answers this.
        let told = self.commands.send(Command::ShutDown(PATIENCE, reply)).await;
        match told {
            Ok(()) => left.await.unwrap_or_default(),
            Err(_) => Vec::new(),
        }
    }

    async fn ask<T>(&self, command: impl FnOnce(Reply<T>) -> Command) -> Result<T, Error> {
        let (reply, answer) = oneshot::channel();
        let command = command(reply);
        self.commands
            .send(command)
            .await
            .map_err(|_| Error::Closed)?;
        answer.await.map_err(|_| Error::Closed)?
    }
}
