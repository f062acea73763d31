use std::time::Duration;

use hubdesk_core::Backoff;

/// The numbers a run is bounded by.
///
/// What a kill can cost is what the journals do not know yet: `large_at_once` times
/// (`save_every` + `most_ranges` × `write_bytes`), plus small files on the way: 7 MiB with the
/// defaults, and what lies in the buffers of the connections. Out of the chunk store it is what its
/// client holds ([`hubdesk_xet::Options::memory_bytes`], for all files together), and for each large
/// file the block that is being written and what is not saved: 4 MiB + `large_at_once` × 2 MiB.
#[derive(Debug, Clone, Copy)]
pub struct Tuning {
    /// Files on the way at the same time.
    pub files_at_once: usize,
    /// At most so many of these are fetched in ranges.
    pub large_at_once: usize,
    /// Connections a large file begins with.
    pub ranges_at_once: usize,
    /// Connections it may get if they bring more.
    pub most_ranges: usize,
    /// A file up to this size is one request, held in memory.
    pub small_bytes: u64,
    /// Length of one range request; of a large file's first ones, a few times that.
    pub range_bytes: u64,
    /// Bytes collected before they are written.
    pub write_bytes: usize,
    /// Bytes written before the journal is brought up to date.
    pub save_every: u64,
    /// How often the disk is made to have what was written, for the case that the power fails. Only
    /// that much is then fetched twice, and only that much is waited for at the end.
    pub settle_every: Duration,
    /// The chunk store is given up when nothing comes of it for so long.
    pub chunk_patience: Duration,
    /// Pauses between attempts that brought nothing.
    pub backoff: Backoff,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            files_at_once: 8,
            large_at_once: 2,
            ranges_at_once: 4,
            most_ranges: 12,
            small_bytes: 256 << 10,
            range_bytes: 8 << 20,
            write_bytes: 128 << 10,
            save_every: 1 << 20,
            settle_every: Duration::from_secs(2),
            chunk_patience: Duration::from_secs(10),
            backoff: Backoff::HUB,
        }
    }
}
