//! What a Space writes while it is built and while it runs.

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::Duration;

use futures_util::{Stream, stream};
use hubdesk_core::{Backoff, Retry};
use serde::Deserialize;
use tokio::time::Instant;

use crate::call::{Call, Effect};
use crate::exchange::text;
use crate::json::or_default;
use crate::listen::Listening;
use crate::sse::{Decoder, SseEvent};
use crate::{Error, Hub, Space, date, retry};

/// A snapshot is over when no line came for so long. One that never falls silent is over all the
/// same, as any other answer that does not end.
const DRAINED: Duration = Duration::from_secs(5);
/// Who follows hears at least signs of life more often than that.
const SILENCE: Duration = Duration::from_secs(120);
/// When a connection that broke is made anew. Counted from the last line.
const BACKOFF: Backoff = Backoff {
    retries: 5,
    first: Duration::from_secs(1),
    longest: Duration::from_secs(10),
};
/// A server that wants to be left alone longer ends the stream.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Which log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpaceLog {
    /// Of making its container.
    Build,
    /// Of the program in it.
    Run,
}

/// How far a log is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// To what there is now, as far as it comes within two minutes.
    Snapshot,
    /// On and on, until the Hub ends it. A connection that breaks is made anew. If the Space was
    /// started again meanwhile, the new log follows the old one from its beginning.
    Follow,
}

/// One line of a log.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct LogLine {
    /// The text, usually with its line end. Not to be trusted: it may hold terminal sequences.
    #[serde(default, rename = "data", deserialize_with = "or_default")]
    pub text: String,
    /// When it was written, in ISO 8601 as the server says.
    #[serde(default, deserialize_with = "or_default")]
    pub timestamp: Option<String>,
}

impl Space {
    /// The lines of a log, from the oldest the Hub keeps. None comes twice. An error ends the
    /// stream; dropping it closes the connection. Lines of more than 1 MiB are left out.
    pub fn logs(
        &self,
        log: SpaceLog,
        reading: Reading,
    ) -> impl Stream<Item = Result<LogLine, Error>> + Send + use<> {
        let what = match log {
            SpaceLog::Build => "logs/build",
            SpaceLog::Run => "logs/run",
        };
        let tail = Tail {
            hub: self.hub().clone(),
            call: Call::get(self.address(what), Some(self.id())),
            reading,
            open: None,
            lines: VecDeque::new(),
            given: 0,
            first: None,
            last: None,
            known_until: None,
            failures: 0,
            is_over: false,
        };
        stream::try_unfold(tail, async |mut tail| {
            let line = tail.next().await?;
            Ok(line.map(|line| (line, tail)))
        })
    }
}

/// A log on its way.
struct Tail {
    hub: Hub,
    call: Call,
    reading: Reading,
    open: Option<Connection>,
    lines: VecDeque<LogLine>,
    /// Events of this log so far: each connection begins with the oldest again.
    given: u64,
    /// By what this log is known: what its first event hashes to.
    first: Option<u64>,
    /// When the newest line was written.
    last: Option<i64>,
    /// A log that begins with another event is another one, or has lost its oldest lines. What was
    /// written until then was given already.
    known_until: Option<i64>,
    /// In a row, without a line in between.
    failures: u32,
    is_over: bool,
}

struct Connection {
    listening: Listening,
    decoder: Decoder,
    /// Events of this connection so far.
    seen: u64,
    opened: Instant,
    /// When the last line came.
    heard: Instant,
    /// The first moment that is not part of a snapshot, by the server's clock.
    now: Option<i64>,
}

impl Tail {
    async fn next(&mut self) -> Result<Option<LogLine>, Error> {
        loop {
            if let Some(line) = self.lines.pop_front() {
                return Ok(Some(line));
            }
            if self.is_over {
                return Ok(None);
            }
            if let Err(error) = self.read().await {
                self.open = None;
                let pause = self.failed(error)?;
                tokio::time::sleep(pause).await;
            }
        }
    }

    /// Reads what comes next, if it is the end or the next bytes.
    async fn read(&mut self) -> Result<(), Error> {
        let mut connection = match self.open.take() {
            Some(connection) => connection,
            None => self.connect().await?,
        };
        let longest = self.hub.profile().longest_body();
        if self.reading == Reading::Snapshot && connection.opened.elapsed() >= longest {
            self.is_over = true;
            return Ok(());
        }
        let silence = match self.reading {
            Reading::Snapshot => DRAINED.saturating_sub(connection.heard.elapsed()),
            Reading::Follow => SILENCE,
        };
        let Some(bytes) = connection.listening.next(silence).await? else {
            self.is_over = true;
            return Ok(());
        };
        for event in connection.decoder.push(&bytes) {
            self.take(&mut connection, &event);
        }
        self.open = Some(connection);
        Ok(())
    }

    async fn connect(&self) -> Result<Connection, Error> {
        let listening = match self.reading {
            Reading::Follow => self.hub.listen(&self.call).await?,
            Reading::Snapshot => {
                let backoff = self.hub.profile().backoff;
                retry::run(backoff, Effect::Read, || self.hub.listen(&self.call)).await?
            }
        };
        // To the second, and rounded down.
        let now = text(listening.headers(), "date").and_then(|date| date::http(&date));
        Ok(Connection {
            listening,
            decoder: Decoder::default(),
            seen: 0,
            opened: Instant::now(),
            heard: Instant::now(),
            now: now.map(|now| now + 1000),
        })
    }

    fn take(&mut self, connection: &mut Connection, event: &SseEvent) {
        let line = match event {
            SseEvent::Data(data) if !data.starts_with('{') => return,
            // What cannot be read counts all the same, or later ones would be taken for others.
            SseEvent::Data(data) => serde_json::from_str::<LogLine>(data).ok(),
            SseEvent::Overlong => None,
        };
        connection.seen += 1;
        connection.heard = Instant::now();
        if connection.seen == 1 {
            self.begin(event);
        }
        if self.is_over || connection.seen <= self.given {
            return;
        }
        self.given = connection.seen;
        let written = line
            .as_ref()
            .and_then(|line| date::iso(line.timestamp.as_ref()?));
        let is_after = |moment: Option<i64>| written.zip(moment).map(|(at, moment)| at > moment);
        if is_after(self.known_until) == Some(false) {
            return;
        }
        self.failures = 0;
        self.last = self.last.max(written);
        if self.reading == Reading::Snapshot && is_after(connection.now) == Some(true) {
            self.is_over = true;
        } else {
            self.lines.extend(line);
        }
    }

    /// Looks at the first event of a connection, whether it is of the log that was read before.
    fn begin(&mut self, event: &SseEvent) {
        let mut hasher = DefaultHasher::new();
        event.hash(&mut hasher);
        let first = hasher.finish();
        let known = self.first.replace(first);
        if known.is_some_and(|known| known != first) {
            self.given = 0;
            self.known_until = self.last;
        }
    }

    /// How long to wait before the next connection, if there is to be one.
    fn failed(&mut self, error: Error) -> Result<Duration, Error> {
        let pause = match self.reading {
            Reading::Snapshot => None,
            Reading::Follow => pause(self.failures, error.retry()),
        };
        self.failures += 1;
        match pause {
            Some(pause) => Ok(pause),
            // A log that fell silent has ended.
            None if matches!(error, Error::Stalled { .. }) => {
                self.is_over = true;
                Ok(Duration::ZERO)
            }
            None => Err(error),
        }
    }
}

/// The pause after so many failures in a row before this one.
fn pause(failures: u32, advice: Retry) -> Option<Duration> {
    let scheduled = BACKOFF.pause(failures)?;
    match advice {
        Retry::No => None,
        Retry::After(wanted) => (wanted <= LONGEST_PAUSE).then(|| wanted.max(scheduled)),
        Retry::Soon | Retry::WhenOnline => Some(scheduled),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_is_made_anew_five_times_with_growing_pauses() {
        let pauses = (0..9).map_while(|failures| pause(failures, Retry::WhenOnline));
        let seconds: Vec<u64> = pauses.map(|pause| pause.as_secs()).collect();
        assert_eq!(seconds, [1, 2, 4, 8, 10]);
    }

    #[test]
    fn what_the_server_says_about_the_pause_counts() {
        let after = |seconds| pause(0, Retry::After(Duration::from_secs(seconds)));
        assert_eq!(after(0), Some(Duration::from_secs(1)));
        assert_eq!(after(20), Some(Duration::from_secs(20)));
        assert_eq!((after(61), pause(0, Retry::No)), (None, None));
    }
}
