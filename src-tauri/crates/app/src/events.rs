use std::pin::Pin;

use futures_util::{Stream, StreamExt as _, stream};
use tokio::sync::broadcast;
use tokio_stream::wrappers::BroadcastStream;

use crate::api::{Board, Tag, UiEvent};

/// Events a slow window may leave unread before it is given a snapshot instead.
const BACKLOG: usize = 64;

/// Everything Rust says by itself goes through here, in one order for every window.
#[derive(Clone)]
pub(crate) struct Events(broadcast::Sender<UiEvent>);

impl Default for Events {
    fn default() -> Self {
        Self(broadcast::Sender::new(BACKLOG))
    }
}

impl Events {
    /// Says that answers made of `tags` are old.
    pub(crate) fn stale(&self, tags: &[Tag]) {
        if !tags.is_empty() {
            self.send(UiEvent::Stale {
                tags: tags.to_vec(),
            });
        }
    }

    pub(crate) fn board(&self, board: Board) {
        self.send(UiEvent::Board { board });
    }

    /// What one window gets: a snapshot, then what happens. A window that falls behind gets a new
    /// snapshot, never a gap.
    pub(crate) fn subscribe(
        &self,
        snapshot: impl Fn() -> UiEvent + Send + 'static,
    ) -> Pin<Box<dyn Stream<Item = UiEvent> + Send>> {
        // Registered first: what happens while the snapshot is made is told after it.
        let later = BroadcastStream::new(self.0.subscribe());
        let first = snapshot();
        let later = later.map(move |event| event.unwrap_or_else(|_fell_behind| snapshot()));
        Box::pin(stream::once(async move { first }).chain(later))
    }

    fn send(&self, event: UiEvent) {
        // Nobody listens while no window is open.
        let _ = self.0.send(event);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Status;

    fn board(running: u32) -> UiEvent {
        let status = Status {
            running,
            ..Status::default()
        };
        UiEvent::Board {
            board: Board {
                transfers: vec![],
                status,
            },
        }
    }

    #[tokio::test]
    async fn a_window_that_falls_behind_gets_a_snapshot_instead_of_a_gap() {
        let events = Events::default();
        let mut stream = events.subscribe(|| board(1000));
        for n in 0..=u32::try_from(BACKLOG).unwrap() {
            events.send(board(n));
        }
        assert_eq!(
            stream.next().await,
            Some(board(1000)),
            "the first is a snapshot"
        );
        assert_eq!(
            stream.next().await,
            Some(board(1000)),
            "so is the one after the gap"
        );
        assert_eq!(stream.next().await, Some(board(1)), "then it goes on");
    }
}
