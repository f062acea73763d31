/// The numbers a run is bounded by.
#[derive(Debug, Clone, Copy)]
pub struct Tuning {
    /// Files that are read at the same time.
    pub reads_at_once: usize,
    /// Large files on their way at the same time.
    pub large_at_once: usize,
    /// Parts of one large file on their way at the same time, to a storage host.
    pub parts_at_once: usize,
    /// A file up to this size, in bytes, is read once and kept until it is committed.
    pub small_bytes: u64,
    /// Bytes given to the chunk store at once.
    pub write_bytes: usize,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            reads_at_once: 4,
            large_at_once: 2,
            parts_at_once: 3,
            small_bytes: 16 << 10,
            write_bytes: 1 << 20,
        }
    }
}
