//! What people ask of the queue.

use std::path::PathBuf;
use std::time::Duration;

use hubdesk_core::Class;
use tokio::sync::oneshot;

use crate::dispatcher::Dispatcher;
use crate::ended::stands;
use crate::heal::Signal;
use crate::ledger::GAP;
use crate::request::Request;
use crate::rows::file;
use crate::{Error, Event, FilePage, Limits, Memo, New, PageOf, State, Transfer, TransferId, next};

/// Transfers that have not ended, at most.
const QUEUE: usize = 50_000;

pub(crate) type Reply<T> = oneshot::Sender<Result<T, Error>>;

pub(crate) enum Command {
    Enqueue(Vec<New>, Reply<Vec<TransferId>>),
    /// Only events that are a person's.
    Act(TransferId, Event, Reply<()>),
    ActOnAll(Event, Reply<usize>),
    MoveBefore(TransferId, Option<TransferId>, Reply<()>),
    Redirect(TransferId, Box<Request>, Option<PathBuf>, Reply<()>),
    Remove(TransferId, Reply<()>),
    ClearEnded(Reply<usize>),
    SetLimits(Limits, Reply<()>),
    SetClass(TransferId, Class, Reply<()>),
    Files(TransferId, PageOf, Reply<FilePage>),
    Memo(TransferId, Reply<Memo>),
    Signal(Signal, Reply<()>),
    ShutDown(Duration, oneshot::Sender<Vec<TransferId>>),
}

impl Dispatcher {
    /// Does what it is told.
    pub(crate) async fn obey(&mut self, command: Command) {
        match command {
            Command::Enqueue(new, reply) => {
                let ids = self.enqueue(new).await;
                self.answer(reply, ids);
            }
            Command::Act(id, event, reply) => {
                let done = self.act(id, event).await;
                self.answer(reply, done);
            }
            Command::ActOnAll(event, reply) => {
                let count = self.act_on_all(event).await;
                self.answer(reply, count);
            }
            Command::MoveBefore(id, before, reply) => {
                let done = self.move_before(id, before).await;
                self.answer(reply, done);
            }
            Command::Redirect(id, request, volume, reply) => {
                let done = self.redirect(id, *request, volume).await;
                self.answer(reply, done);
            }
            Command::Remove(id, reply) => {
                let done = self.remove(id).await;
                self.answer(reply, done);
            }
            Command::ClearEnded(reply) => {
                let count = self.clear_ended().await;
                self.answer(reply, count);
            }
            Command::SetLimits(limits, reply) => {
                self.set_limits(limits);
                self.answer(reply, Ok(()));
            }
            Command::SetClass(id, class, reply) => {
                let done = self.set_class(id, class).await;
                self.answer(reply, done);
            }
            Command::Files(id, page, reply) => {
                let page = self.files(id, page).await;
                self.answer(reply, page);
            }
            Command::Memo(id, reply) => {
                let memo = self.ledger.get(id).map(|transfer| self.memo(transfer.id));
                self.answer(reply, memo);
            }
            Command::Signal(signal, reply) => {
                self.hear(signal).await;
                self.answer(reply, Ok(()));
            }
            // The loop itself does that.
            Command::ShutDown(_, reply) => drop(reply.send(Vec::new())),
        }
    }

    /// What has been done is to be seen before whoever asked hears of it.
    fn answer<T>(&mut self, reply: Reply<T>, answer: Result<T, Error>) {
        self.publish();
        // Whoever asked may not want to know any more.
        let _ = reply.send(answer);
    }

    fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
        self.down.set(limits.down.bytes_per_second);
        self.up.set(limits.up.bytes_per_second);
        self.is_unsettled = true;
    }

    async fn enqueue(&mut self, new: Vec<New>) -> Result<Vec<TransferId>, Error> {
        let waiting = self.ledger.iter().filter(|t| !t.state.has_ended()).count();
        if waiting.saturating_add(new.len()) > QUEUE {
            return Err(Error::TooMany { limit: QUEUE });
        }
        let now = self.clock.now();
        let mut last: Option<(Class, i64)> = None;
        let mut all = Vec::with_capacity(new.len());
        for new in new {
            let rank = match last {
                Some((class, rank)) if class == new.class => rank.saturating_add(GAP),
                _ => self.ledger.last_rank(new.class),
            };
            last = Some((new.class, rank));
            let transfer = Transfer {
                id: TransferId::new(0),
                request: Ok(new.request.clone()),
                title: new.title,
                class: new.class,
                rank,
                state: State::Queued,
                attempts: 0,
                error: None,
                room: None,
                volume: text(new.volume),
                folder: None,
                files_total: None,
                bytes_total: None,
                files_done: None,
                bytes_done: None,
                created_at: now,
                changed_at: now,
            };
            all.push((transfer, new.request));
        }
        self.is_unsettled = true;
        Ok(self.ledger.insert(all).await?)
    }

    async fn act(&mut self, id: TransferId, event: Event) -> Result<(), Error> {
        let transfer = self.ledger.get(id)?;
        let state = next(&transfer.state, event)?;
        let changed = self.asked(transfer, state);
        self.ledger.commit(vec![changed]).await?;
        self.stop_what_should_not_run();
        Ok(())
    }

    /// A person has changed the state: what was tried before does not count any more.
    fn asked(&self, transfer: &Transfer, state: State) -> Transfer {
        Transfer {
            attempts: 0,
            ..stands(transfer.clone(), state, self.clock.now())
        }
    }

    async fn act_on_all(&mut self, event: Event) -> Result<usize, Error> {
        let changed = |transfer: &Transfer| {
            let state = next(&transfer.state, event.clone()).ok()?;
            Some(self.asked(transfer, state))
        };
        let changed: Vec<_> = self.ledger.iter().filter_map(changed).collect();
        let count = changed.len();
        self.ledger.commit(changed).await?;
        self.stop_what_should_not_run();
        Ok(count)
    }

    async fn move_before(
        &mut self,
        id: TransferId,
        before: Option<TransferId>,
    ) -> Result<(), Error> {
        let moved = self.ledger.moved(id, before)?;
        self.ledger.commit(moved).await?;
        self.set_class_at_work(id, self.ledger.get(id)?.class);
        self.is_unsettled = true;
        Ok(())
    }

    async fn set_class(&mut self, id: TransferId, class: Class) -> Result<(), Error> {
        let transfer = self.ledger.get(id)?;
        if transfer.class == class {
            return Ok(());
        }
        let rank = self.ledger.last_rank(class);
        let moved = Transfer {
            class,
            rank,
            ..transfer.clone()
        };
        self.ledger.commit(vec![moved]).await?;
        self.set_class_at_work(id, class);
        self.is_unsettled = true;
        Ok(())
    }

    /// What was there of the old place, and of its files, says nothing about the new one.
    async fn redirect(
        &mut self,
        id: TransferId,
        request: Request,
        volume: Option<PathBuf>,
    ) -> Result<(), Error> {
        let transfer = self.ledger.get(id)?;
        let state = next(&transfer.state, Event::Redirect)?;
        let redirected = Transfer {
            request: Ok(request.clone()),
            volume: text(volume),
            folder: None,
            files_total: None,
            bytes_total: None,
            files_done: None,
            bytes_done: None,
            ..self.asked(transfer, state)
        };
        self.ledger.redirect(redirected, request).await?;
        self.is_unsettled = true;
        Ok(())
    }

    async fn remove(&mut self, id: TransferId) -> Result<(), Error> {
        let transfer = self.ledger.get(id)?;
        if !transfer.state.has_ended() || self.is_at_work(id) {
            return Err(Error::NotEnded { id });
        }
        Ok(self.ledger.remove(vec![id]).await?)
    }

    async fn clear_ended(&mut self) -> Result<usize, Error> {
        let is_over = |t: &&Transfer| t.state.has_ended() && !self.is_at_work(t.id);
        let ids: Vec<_> = self.ledger.iter().filter(is_over).map(|t| t.id).collect();
        let count = ids.len();
        self.ledger.remove(ids).await?;
        Ok(count)
    }

    async fn files(&mut self, id: TransferId, page: PageOf) -> Result<FilePage, Error> {
        self.ledger.get(id)?;
        let at_work = self.bytes_at_work(id);
        let paths: Vec<String> = at_work.keys().cloned().collect();
        let store = self.ledger.store();
        let (mut files, total) = store
            .call(move |tx| file::page(tx, id, &page, &paths))
            .await?;
        for file in &mut files {
            file.bytes_at_work = at_work.get(&file.path).copied();
        }
        Ok(FilePage { files, total })
    }
}

/// A path as it is stored. One that is no text is not: then nothing is known.
fn text(path: Option<PathBuf>) -> Option<String> {
    path.and_then(|path| path.into_os_string().into_string().ok())
}
