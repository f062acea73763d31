//! What the window shows of what runs: looked at ten times a second, and only while something does.

use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::sync::Notify;

use crate::App;
use crate::api::{Board, Status, Transfer, TransferState, UiEvent};
use crate::app::Inner;
use crate::speed::seconds_left;

/// Time between two looks.
const PERIOD: Duration = Duration::from_millis(100);

impl App {
    /// The board as it is now. Blocks.
    pub(crate) fn board(&self) -> Board {
        let transfers = self.transfers().look(self.clock());
        let running = transfers
            .iter()
            .filter(|transfer| transfer.state == TransferState::Running);
        let (mut count, mut speed, mut bytes) = (0, 0u64, 0u64);
        for transfer in running {
            count += 1;
            speed = speed.saturating_add(transfer.bytes_per_second);
            bytes = bytes.saturating_add(transfer.bytes_total - transfer.bytes_done);
        }
        let status = Status {
            running: count,
            bytes_per_second: speed,
            seconds_left: seconds_left(bytes, speed).filter(|_| count > 0),
            is_online: self.network().is_online(),
            is_told_offline: self.is_told_offline(),
            hub_wait_seconds: self.connection().waits().left().map(whole_seconds),
            bytes_free: hubdesk_disk::available_space(self.cache().root()).ok(),
        };
        Board { transfers, status }
    }
}

/// Tells windows what has changed on the board, until the program ends. Holds the program only
/// while it looks.
pub(crate) async fn sample(weak: Weak<Inner>, changed: Arc<Notify>) {
    let mut told = None;
    let Some(mut waits) = weak
        .upgrade()
        .map(|app| App::from(app).connection().waits())
    else {
        return;
    };
    loop {
        let is_busy;
        {
            let Some(app) = weak.upgrade().map(App::from) else {
                return;
            };
            let board = app.blocking(move |app| tell(app, told)).await;
            is_busy = is_moving(&board);
            told = Some(board);
        }
        if is_busy {
            tokio::time::sleep(PERIOD).await;
        } else {
            tokio::select! {
                () = changed.notified() => {}
                () = waits.changed() => {}
            }
        }
    }
}

/// Whether the next look may find something else. Who waits for somebody to sign in is told of
/// when that has happened.
fn is_moving(board: &Board) -> bool {
    let is_at_work = |transfer: &Transfer| {
        transfer.state == TransferState::Running && transfer.sign_in_at.is_none()
    };
    board.transfers.iter().any(is_at_work) || board.status.hub_wait_seconds.is_some()
}

/// Rounded up, so that a countdown ends when the wait does.
fn whole_seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

/// Tells what is on the board unless it is what was told last.
fn tell(app: &App, told: Option<Board>) -> Board {
    let mut seen = None;
    app.events().tell(|| {
        let board = seen.insert(app.board()).clone();
        (told.as_ref() != Some(&board)).then_some(UiEvent::Board { board })
    });
    seen.expect("it was looked at just now")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{RepoRef, Stage};

    fn board(state: TransferState, sign_in_at: Option<&str>) -> Board {
        let transfer = Transfer {
            id: 1,
            repo: RepoRef {
                kind: hubdesk_core::RepoKind::Model,
                name: "a/b".to_owned(),
            },
            endpoint: "https://hub.example".to_owned(),
            revision: "main".to_owned(),
            state,
            stage: Stage::Waiting,
            waiting_for: None,
            sign_in_at: sign_in_at.map(str::to_owned),
            files_total: 0,
            files_done: 0,
            bytes_total: 0,
            bytes_done: 0,
            bytes_per_second: 0,
            seconds_left: None,
            folder: None,
            error: None,
        };
        Board {
            transfers: vec![transfer],
            status: Status::default(),
        }
    }

    #[test]
    fn nothing_moves_while_all_that_runs_waits_for_somebody_to_sign_in() {
        assert!(is_moving(&board(TransferState::Running, None)));
        let parked = board(TransferState::Running, Some("https://hub.example"));
        assert!(!is_moving(&parked));
        assert!(!is_moving(&board(TransferState::Failed, None)));
        let status = Status {
            hub_wait_seconds: Some(1),
            ..Status::default()
        };
        assert!(is_moving(&Board { status, ..parked }));
    }
}
