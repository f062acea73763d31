use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::thread;

use rusqlite::{Transaction, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

use crate::Error;
use crate::open::Owned;

/// Calls that may wait for the thread; the next one waits for room.
const QUEUE: usize = 64;

/// The way to a database that is open. Clones share it; it is closed when [`Store::close`] says so
/// or the last clone goes.
#[derive(Debug, Clone)]
pub struct Store {
    messages: mpsc::Sender<Message>,
}

enum Message {
    Call(Box<dyn FnOnce(&mut Owned) + Send>),
    Close(oneshot::Sender<()>),
}

type Panic = Box<dyn Any + Send>;

impl Store {
    /// Gives the connection to a thread of its own.
    pub(crate) fn start(owned: Owned) -> Result<Self, Error> {
        let (messages, inbox) = mpsc::channel(QUEUE);
        let path = owned.path.clone();
        thread::Builder::new()
            .name("store".to_owned())
            .spawn(move || work(owned, inbox))
            .map_err(|source| {
                let doing = "start a thread for";
                Error::system(
                    &path,
                    hubdesk_disk::PathError {
                        path: path.clone(),
                        doing,
                        source,
                    },
                )
            })?;
        Ok(Self { messages })
    }

    /// Runs `act` in a transaction. When this returns `Ok`, it is on the disk; when it returns an
    /// error, or `act` does, nothing of it happened. Calls run one after the other, in the order
    /// they were made. One whose caller has gone away is run all the same.
    ///
    /// `act` must not wait for anything. If it panics, nothing of it happened, and the caller
    /// panics.
    pub async fn call<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        let (answer, answered) = oneshot::channel::<Result<Result<T, Error>, Panic>>();
        let call = move |owned: &mut Owned| {
            let result = catch_unwind(AssertUnwindSafe(|| transact(owned, act)));
            // Nobody may be waiting any more.
            let _ = answer.send(result);
        };
        self.messages
            .send(Message::Call(Box::new(call)))
            .await
            .map_err(|_| Error::Closed)?;
        match answered.await {
            Ok(Ok(result)) => result,
            Ok(Err(panic)) => resume_unwind(panic),
            Err(_) => Err(Error::Closed),
        }
    }

    /// Closes the database after the calls made so far, and gives its lock back. Later calls find
    /// it [`Error::Closed`].
    pub async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.messages.send(Message::Close(done)).await.is_ok() {
            // An error says that somebody else has closed it.
            let _ = closed.await;
        }
    }
}

fn transact<T>(
    owned: &mut Owned,
    act: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
) -> Result<T, Error> {
    let path = owned.path.clone();
    run(owned, act).map_err(|error| Error::sqlite(&path, error))
}

fn run<T>(
    owned: &mut Owned,
    act: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    // Deferred, so that a call that only reads takes no part in writing.
    let tx = Transaction::new_unchecked(&owned.connection, TransactionBehavior::Deferred)?;
    let result = act(&tx)?;
    tx.commit()?;
    Ok(result)
}

fn work(mut owned: Owned, mut inbox: mpsc::Receiver<Message>) {
    while let Some(message) = inbox.blocking_recv() {
        match message {
            Message::Call(call) => call(&mut owned),
            Message::Close(done) => {
                inbox.close();
                close(owned);
                let _ = done.send(());
                return;
            }
        }
    }
    close(owned);
}

/// Closing moves the log into the database; if that cannot be done, the next start does it.
fn close(owned: Owned) {
    let Owned {
        connection,
        _lock,
        path,
    } = owned;
    if let Err((_, error)) = connection.close() {
        tell(&path, &error);
    }
}

fn tell(path: &Path, error: &rusqlite::Error) {
    tracing::warn!(path = %path.display(), %error, "the database was not closed well");
}
