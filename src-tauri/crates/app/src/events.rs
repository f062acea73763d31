use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::{Stream, stream};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::broadcast::{Receiver, Sender};

use crate::api::{Tag, Toast, UiEvent};

/// Events a slow window may leave unread before it is given a snapshot instead.
const BACKLOG: usize = 64;

/// Everything Rust says by itself goes through here, in one order for every window.
#[derive(Clone)]
pub(crate) struct Events {
    sender: Sender<UiEvent>,
    /// Held from looking to telling, so that no window is told something older than its snapshot.
    looking: Arc<Mutex<()>>,
}

impl Default for Events {
    fn default() -> Self {
        Self {
            sender: Sender::new(BACKLOG),
            looking: Arc::default(),
        }
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

    /// Tells something once.
    pub(crate) fn toast(&self, toast: Toast) {
        self.send(UiEvent::Toast { toast });
    }

    /// Whether a window is open.
    pub(crate) fn has_listeners(&self) -> bool {
        self.sender.receiver_count() > 0
    }

    /// Tells what `look` sees, if it is news. Blocks.
    pub(crate) fn tell(&self, look: impl FnOnce() -> Option<UiEvent>) {
        let _in_order = self.in_order();
        if let Some(event) = look() {
            self.send(event);
        }
    }

    /// What one window gets: a snapshot, then what happens. A window that falls behind gets a new
    /// snapshot, never a gap. `snapshot` may block.
    pub(crate) fn subscribe(
        &self,
        snapshot: impl Fn() -> UiEvent + Clone + Send + 'static,
    ) -> Pin<Box<dyn Stream<Item = UiEvent> + Send>> {
        let events = self.clone();
        let begin = move || {
            let (events, snapshot) = (events.clone(), snapshot.clone());
            async move {
                let begin = move || {
                    let _in_order = events.in_order();
                    (events.sender.subscribe(), snapshot())
                };
                tokio::task::spawn_blocking(begin).await.ok()
            }
        };
        Box::pin(stream::unfold(None, move |place| {
            next(place, begin.clone())
        }))
    }

    fn in_order(&self) -> std::sync::MutexGuard<'_, ()> {
        // It guards an order and nothing else, so a panic under it spoils nothing.
        self.looking.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn send(&self, event: UiEvent) {
        // Nobody listens while no window is open.
        let _ = self.sender.send(event);
    }
}

/// The next event at `place`; a snapshot where there is none yet, or none any more.
async fn next<F>(
    place: Option<Receiver<UiEvent>>,
    begin: impl FnOnce() -> F,
) -> Option<(UiEvent, Option<Receiver<UiEvent>>)>
where
    F: Future<Output = Option<(Receiver<UiEvent>, UiEvent)>>,
{
    if let Some(mut place) = place {
        match place.recv().await {
            Ok(event) => return Some((event, Some(place))),
            Err(RecvError::Closed) => return None,
            Err(RecvError::Lagged(_)) => {}
        }
    }
    let (place, snapshot) = begin().await?;
    Some((snapshot, Some(place)))
}

#[cfg(test)]
mod tests {
    use futures_util::StreamExt as _;

    use super::*;
    use crate::api::Status;

    fn board(running: u32) -> UiEvent {
        let status = Status {
            running,
            ..Status::default()
        };
        UiEvent::Transfers {
            changed: vec![],
            removed: vec![],
            order: None,
            is_all_paused: false,
            status,
        }
    }

    #[tokio::test]
    async fn a_window_that_falls_behind_gets_a_snapshot_instead_of_a_gap() {
        let events = Events::default();
        let mut stream = events.subscribe(|| board(1000));
        assert_eq!(
            stream.next().await,
            Some(board(1000)),
            "the first is a snapshot"
        );
        for n in 0..=u32::try_from(BACKLOG).unwrap() {
            events.send(board(n));
        }
        assert_eq!(
            stream.next().await,
            Some(board(1000)),
            "so is the one after the gap"
        );
        events.send(board(2000));
        assert_eq!(
            stream.next().await,
            Some(board(2000)),
            "then it goes on, with nothing older than the snapshot"
        );
    }
}
