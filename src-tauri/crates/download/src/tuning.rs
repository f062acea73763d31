use hubdesk_core::Backoff;

/// The numbers a run is bounded by.
///
/// What a kill can cost is what the journals do not know yet: `large_at_once` times
/// (`save_every` + `ranges_at_once` × `write_bytes`), plus small files on the way: 7 MiB with the
/// defaults, and what lies in the buffers of the connections.
#[derive(Debug, Clone, Copy)]
pub struct Tuning {
    /// Files on the way at the same time.
    pub files_at_once: usize,
    /// At most so many of these are fetched in ranges.
    pub large_at_once: usize,
    /// Connections of one large file.
    pub ranges_at_once: usize,
    /// A file up to this size is one request, held in memory.
    pub small_bytes: u64,
    /// Length of one range request.
    pub range_bytes: u64,
    /// Bytes collected before they are written.
    pub write_bytes: usize,
    /// Bytes written before the journal is brought up to date.
    pub save_every: u64,
    /// Pauses between attempts that brought nothing.
    pub backoff: Backoff,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            files_at_once: 8,
            large_at_once: 2,
            ranges_at_once: 4,
            small_bytes: 256 << 10,
            range_bytes: 8 << 20,
            write_bytes: 128 << 10,
            save_every: 2 << 20,
            backoff: Backoff::HUB,
        }
    }
}
