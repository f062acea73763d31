//! The lines bytes leave on: how fast they are, how far away the other end is, and whose they are.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use socket2::SockRef;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep_until};

/// Time a line may catch up on. Timers are late by a millisecond or two, which would otherwise make
/// every line slower than it says.
const SLACK: Duration = Duration::from_millis(20);

/// Room for bytes the client has not taken. Small, so that what was counted was nearly all taken.
const SEND_BUFFER: usize = 64 * 1024;

/// What every connection is like.
#[derive(Debug, Clone, Copy, Default)]
pub struct Shape {
    /// The most one connection carries of bodies; nothing holds it back without this.
    pub bytes_per_second: Option<u64>,
    /// How much later every answer begins. Opening a connection costs nothing more.
    pub latency: Duration,
}

/// So many bytes a second, for everybody who has this one.
pub(crate) struct Pace {
    bytes_per_second: u64,
    free_at: Mutex<Option<Instant>>,
}

impl Pace {
    pub(crate) fn new(bytes_per_second: u64) -> Self {
        Self {
            bytes_per_second,
            free_at: Mutex::new(None),
        }
    }

    /// Returns when `length` bytes may go. Each caller takes the next stretch of the line.
    pub(crate) async fn wait(&self, length: u64) {
        let takes = Duration::from_secs_f64(length as f64 / self.bytes_per_second as f64);
        let (now, until) = {
            let mut free_at = self
                .free_at
                .lock()
                .expect("nothing panics while it holds this lock");
            let now = Instant::now();
            let earliest = now.checked_sub(SLACK).unwrap_or(now);
            let until = free_at.map_or(now, |at| at.max(earliest)) + takes;
            *free_at = Some(until);
            (now, until)
        };
        if until > now {
            sleep_until(until).await;
        }
    }
}

/// One connection, as its requests see it.
#[derive(Clone, Default)]
pub(crate) struct Connection(Arc<Mutex<Option<Arc<Pace>>>>);

impl Connection {
    /// The pace that all bodies of this connection share.
    pub(crate) fn pace(&self, shape: &Shape) -> Option<Arc<Pace>> {
        let speed = shape.bytes_per_second?;
        let mut pace = self
            .0
            .lock()
            .expect("nothing panics while it holds this lock");
        let pace = pace.get_or_insert_with(|| Arc::new(Pace::new(speed)));
        Some(Arc::clone(pace))
    }
}

impl Connected<IncomingStream<'_, Lines>> for Connection {
    fn connect_info(_: IncomingStream<'_, Lines>) -> Self {
        Self::default()
    }
}

/// Where connections come in, each set up as the stand-in needs it.
pub(crate) struct Lines {
    pub(crate) listener: TcpListener,
    /// The log is to count what arrives rather than what is on the way.
    pub(crate) is_exact: bool,
}

impl Listener for Lines {
    type Io = TcpStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (TcpStream, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.listener).await;
        if self.is_exact {
            // A system that refuses makes the count less exact and nothing worse.
            let _ = SockRef::from(&stream).set_send_buffer_size(SEND_BUFFER);
        }
        let _ = stream.set_nodelay(true);
        (stream, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_line_is_as_fast_as_it_says_however_late_its_timers_are() {
        let pace = Pace::new(50_000_000);
        let start = Instant::now();
        for _ in 0..1000 {
            pace.wait(16 << 10).await;
        }
        let took = start.elapsed().as_secs_f64();
        let exact = (1000 * (16 << 10)) as f64 / 50e6;
        assert!(
            (took - exact).abs() < 0.01 * exact,
            "{took} s, not {exact} s"
        );
    }

    #[test]
    fn requests_of_one_connection_share_its_pace_and_no_other() {
        let shape = Shape {
            bytes_per_second: Some(1),
            ..Shape::default()
        };
        let (one, other) = (Connection::default(), Connection::default());
        let pace = |connection: &Connection| connection.pace(&shape).unwrap();
        assert!(Arc::ptr_eq(&pace(&one), &pace(&one.clone())));
        assert!(!Arc::ptr_eq(&pace(&one), &pace(&other)));
        assert!(one.pace(&Shape::default()).is_none());
    }
}
