//! Closing the window while something is at work: a person is asked once what becomes of it.

use std::sync::{Mutex, MutexGuard};

use hubdesk_transfers::State;
use tokio::sync::oneshot;

use crate::App;
use crate::api::{QuitAnswer, UiEvent};

/// What becomes of a window that is to be closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closing {
    /// The program ends.
    Quit,
    /// The window goes, the program stays.
    Hide,
    /// Nothing happens.
    Stay,
}

/// The question that is open, if one is.
#[derive(Default)]
pub(crate) struct Quitting(Mutex<Option<oneshot::Sender<QuitAnswer>>>);

impl Quitting {
    /// A person has answered.
    pub(crate) fn answer(&self, answer: QuitAnswer) {
        if let Some(asker) = self.lock().take() {
            // Whoever asked may have quit by now.
            let _ = asker.send(answer);
        }
    }

    /// Waits for the answer; `None` if the question was open already.
    fn ask(&self) -> Option<oneshot::Receiver<QuitAnswer>> {
        let mut open = self.lock();
        if open.as_ref().is_some_and(|asker| !asker.is_closed()) {
            return None;
        }
        let (asker, answer) = oneshot::channel();
        *open = Some(asker);
        Some(answer)
    }

    fn lock(&self) -> MutexGuard<'_, Option<oneshot::Sender<QuitAnswer>>> {
        self.0
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}

impl App {
    /// The window is to be closed. Asks a person what becomes of what is at work, if something is.
    /// Who closes the window a second time means it: a window that does not answer any more can
    /// always be closed. `can_hide` says whether there is a way to open the window again.
    pub async fn closing(&self, can_hide: bool) -> Closing {
        if can_hide && self.settings().get().transfers.in_tray {
            return Closing::Hide;
        }
        if !self.is_at_work() || !self.events().has_listeners() {
            return Closing::Quit;
        }
        let Some(answer) = self.quitting().ask() else {
            return Closing::Quit;
        };
        self.events().tell(|| Some(UiEvent::QuitAsked { can_hide }));
        match answer.await {
            Ok(QuitAnswer::Background) if can_hide => Closing::Hide,
            Ok(QuitAnswer::Quit) => Closing::Quit,
            Ok(QuitAnswer::Background | QuitAnswer::Stay) | Err(_) => Closing::Stay,
        }
    }

    /// Whether a transfer is at work, or would be soon.
    fn is_at_work(&self) -> bool {
        let Some(board) = self.queue_board() else {
            return false;
        };
        let is_active = |state: &State| matches!(state, State::Running | State::Queued);
        board
            .transfers
            .values()
            .any(|row| row.request.is_ok() && is_active(&row.state))
    }
}
