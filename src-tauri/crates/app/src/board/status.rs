//! The bar at the bottom of the window.

use std::time::Duration;

use hubdesk_transfers as queue;
use hubdesk_transfers::{Direction, State};

use super::counts::Counts;
use crate::App;
use crate::api::Status;
use crate::error::unsaved_words;

impl App {
    pub(super) fn status(&self, board: Option<&queue::Board>, counts: Counts) -> Status {
        let (mut down, mut up, mut left) = (0u64, 0u64, 0u64);
        let at_work = board.iter().flat_map(|board| {
            let row = |(id, live)| Some((board.transfers.get(id)?, live));
            board.live.iter().filter_map(row)
        });
        for (row, live) in at_work.filter(|(row, _)| row.state == State::Running) {
            let speed = match row.request.as_ref().map(|request| request.direction()) {
                Ok(Direction::Up) => &mut up,
                Ok(Direction::Down) | Err(_) => &mut down,
            };
            *speed = speed.saturating_add(live.bytes_per_second);
            let total = live.look.reading.bytes_total;
            left = left.saturating_add(total.saturating_sub(live.bytes_done));
        }
        let speed = down.saturating_add(up);
        let unsaved = board.and_then(|board| board.unsaved);
        Status {
            running: counts.running,
            queued: counts.queued,
            waiting: counts.waiting,
            paused: counts.paused,
            needs_you: counts.needs_you,
            bytes_per_second: down,
            upload_bytes_per_second: up,
            seconds_left: (speed > 0).then(|| left.div_ceil(speed)),
            is_online: self.network().is_online(),
            is_told_offline: self.is_told_offline(),
            hub_wait_seconds: self.connection().waits().left().map(whole_seconds),
            bytes_free: hubdesk_disk::available_space(self.cache().root()).ok(),
            queue_trouble: unsaved
                .map(unsaved_words)
                .or_else(|| self.queue().trouble()),
        }
    }
}

/// Rounded up, so that a countdown ends when the wait does.
fn whole_seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}
