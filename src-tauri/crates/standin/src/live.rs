//! Logs that are sent while they are written, as server-sent events.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, stream};
use hubdesk_core::date;
use serde_json::json;
use tokio::sync::watch;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::body::End;
use crate::log::Entry;

/// How often somebody who follows hears that the other side is still there.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);
/// Time for what was handed over to leave the machine before the connection is cut.
const FLUSH: Duration = Duration::from_millis(20);

/// The lines of one log. Clones of a repository share it.
#[derive(Debug, Default)]
pub(crate) struct LogBook {
    pages: Mutex<Pages>,
    news: watch::Sender<()>,
}

#[derive(Debug, Default)]
struct Pages {
    /// How often it was begun anew.
    edition: u64,
    lines: Vec<String>,
}

impl LogBook {
    /// Writes one line, at `date`.
    pub(crate) fn write(&self, text: &str, date: u64) {
        let event = json!({"data": format!("{text}\n"), "timestamp": date::iso(date)});
        self.pages().lines.push(format!("data: {event}\n\n"));
        self.news.send_replace(());
    }

    /// Begins anew. Whoever follows the old one has heard its end.
    pub(crate) fn clear(&self) {
        let mut pages = self.pages();
        pages.edition += 1;
        pages.lines.clear();
        drop(pages);
        self.news.send_replace(());
    }

    fn pages(&self) -> std::sync::MutexGuard<'_, Pages> {
        self.pages
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}

/// A log on its way to somebody.
pub(crate) struct Live {
    book: Arc<LogBook>,
    edition: u64,
    /// Whether it goes on when everything that is there was sent.
    is_followed: bool,
}

/// How it is sent.
pub(crate) struct Sending {
    /// The bytes after which it breaks.
    pub(crate) limit: Option<u64>,
    /// How it breaks then.
    pub(crate) end: End,
    pub(crate) entry: Arc<Entry>,
    pub(crate) stop: CancellationToken,
}

impl Live {
    /// What is there, and what comes if somebody still writes.
    pub(crate) fn of(book: &Arc<LogBook>, is_followed: bool) -> Self {
        Self {
            book: book.clone(),
            edition: book.pages().edition,
            is_followed,
        }
    }

    pub(crate) fn into_stream(self, sending: Sending) -> impl Stream<Item = io::Result<Bytes>> {
        let news = self.book.news.subscribe();
        stream::unfold(Some((self, sending, news, 0, 0)), |state| async move {
            let (live, sending, mut news, mut at, sent) = state?;
            if sending.limit.is_some_and(|limit| sent >= limit) {
                match sending.end {
                    End::Proper | End::Cut => sleep(FLUSH).await,
                    End::Stall => sending.stop.cancelled().await,
                }
                return Some((Err(closed()), None));
            }
            let mut bytes = match live.next(&mut news, &mut at, &sending.stop).await? {
                Ok(bytes) => bytes,
                Err(error) => return Some((Err(error), None)),
            };
            let room = sending.limit.map_or(u64::MAX, |limit| limit - sent);
            bytes.truncate(room.try_into().unwrap_or(usize::MAX));
            sending.entry.add_body_bytes(bytes.len() as u64);
            let sent = sent + bytes.len() as u64;
            Some((Ok(bytes), Some((live, sending, news, at, sent))))
        })
    }

    /// The next line, or a sign of life when there is none for long.
    async fn next(
        &self,
        news: &mut watch::Receiver<()>,
        at: &mut usize,
        stop: &CancellationToken,
    ) -> Option<io::Result<Bytes>> {
        loop {
            news.mark_unchanged();
            if let Some(line) = self.line(*at)? {
                *at += 1;
                return Some(Ok(line.into()));
            }
            tokio::select! {
                // Never an error: the book is ours, and so is its other end.
                _ = news.changed() => {}
                () = sleep(SIGN_OF_LIFE) => return Some(Ok(Bytes::from_static(b"data:\n\n"))),
                () = stop.cancelled() => return Some(Err(closed())),
            }
        }
    }

    /// Line number `at`, or `Some(None)` if it may still come.
    fn line(&self, at: usize) -> Option<Option<String>> {
        let pages = self.book.pages();
        let line = pages.lines.get(at).cloned();
        let is_over = pages.edition != self.edition || (line.is_none() && !self.is_followed);
        (!is_over).then_some(line)
    }
}

fn closed() -> io::Error {
    io::ErrorKind::ConnectionReset.into()
}
