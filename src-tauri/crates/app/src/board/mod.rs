//! What the window shows of the queue: only what has changed, at most ten times a second.

mod counts;
mod news;
mod sample;
mod status;

use std::sync::Arc;

use hubdesk_transfers as queue;

use self::counts::{Counts, order};
pub(crate) use self::sample::sample;
use crate::App;
use crate::api::{self, Board};
use crate::queue::Describer;

impl App {
    /// The board as it is now. Blocks.
    pub(crate) fn board(&self) -> Board {
        let found = self.queue_board();
        let counts = found.as_ref().map(|board| Counts::of(&board.transfers));
        let counts = counts.unwrap_or_default();
        let transfers = found.as_ref().map(|board| {
            let describer = self.describer();
            let describe = |id: api::TransferId| {
                let id = crate::queue::named(id);
                let row = board.transfers.get(&id)?;
                Some(describer.describe(row, board.live.get(&id)))
            };
            order(&board.transfers)
                .into_iter()
                .filter_map(describe)
                .collect()
        });
        Board {
            transfers: transfers.unwrap_or_default(),
            is_all_paused: counts.is_all_paused(),
            status: self.status(found.as_ref(), counts),
        }
    }

    /// The queue as it is now, if it is open.
    pub(crate) fn queue_board(&self) -> Option<queue::Board> {
        let transfers = self.queue().if_open()?;
        let board = transfers.watch().borrow().clone();
        Some(board)
    }

    fn describer(&self) -> Describer {
        Describer::new(
            Arc::clone(&self.queue().words),
            self.sessions().demo_address(),
        )
    }
}
