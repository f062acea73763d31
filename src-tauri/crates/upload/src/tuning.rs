use std::time::Duration;

/// The numbers a run is bounded by.
#[derive(Debug, Clone, Copy)]
pub struct Tuning {
    /// Files that are read at the same time.
    pub reads_at_once: usize,
    /// Large files on their way to a storage host at the same time.
    pub large_at_once: usize,
    /// Files given to the chunk store at the same time, if they are small enough for that.
    pub chunked_at_once: usize,
    /// Parts of one large file on their way at the same time, to a storage host.
    pub parts_at_once: usize,
    /// A file up to this size, in bytes, is read once and kept until it is committed.
    pub small_bytes: u64,
    /// Bytes given to the chunk store at once. Longer is a little faster, and holds more memory where
    /// little is new.
    pub write_bytes: usize,
    /// The chunk store is given up for plain HTTP when it takes nothing for so long.
    pub chunk_patience: Duration,
    /// The same when it has all bytes, and has to say that the files are whole; that takes the
    /// longer the larger they are.
    pub settle_patience: Duration,
    /// How long the Hub may take to open a pull request that a run before has asked for, which then
    /// was stopped before it heard of it.
    pub opening_patience: Duration,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            reads_at_once: 4,
            large_at_once: 2,
            chunked_at_once: 8,
            parts_at_once: 3,
            small_bytes: 16 << 10,
            write_bytes: 512 << 10,
            chunk_patience: Duration::from_secs(60),
            settle_patience: Duration::from_secs(300),
            opening_patience: Duration::from_secs(5),
        }
    }
}
