use std::sync::atomic::{AtomicU64, Ordering};

/// What a job has done so far, as numbers one sampler reads whenever it likes.
///
/// Progress is state, not a stream of callbacks: writers add, nobody is told, nothing queues up.
#[derive(Debug, Default)]
pub struct Meter {
    files_total: AtomicU64,
    files_done: AtomicU64,
    bytes_total: AtomicU64,
    bytes_done: AtomicU64,
    bytes_moved: AtomicU64,
}

/// One look at a [`Meter`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reading {
    /// Files the job is about.
    pub files_total: u64,
    /// Files that are finished.
    pub files_done: u64,
    /// Bytes of all files, those already here included.
    pub bytes_total: u64,
    /// Bytes that are here, those found at the start included.
    pub bytes_done: u64,
    /// Bytes that crossed the network in this run, those received twice included.
    pub bytes_moved: u64,
}

impl Meter {
    /// Sets the size of the job.
    pub fn set_total(&self, files: u64, bytes: u64) {
        self.files_total.store(files, Ordering::Relaxed);
        self.bytes_total.store(bytes, Ordering::Relaxed);
    }

    /// One more file is finished.
    pub fn add_file(&self) {
        self.files_done.fetch_add(1, Ordering::Relaxed);
    }

    /// `bytes` more are here without having been moved in this run.
    pub fn add_found(&self, bytes: u64) {
        self.bytes_done.fetch_add(bytes, Ordering::Relaxed);
    }

    /// `bytes` more arrived over the network.
    pub fn add_moved(&self, bytes: u64) {
        self.bytes_done.fetch_add(bytes, Ordering::Relaxed);
        self.bytes_moved.fetch_add(bytes, Ordering::Relaxed);
    }

    /// `bytes` that had been counted as here turned out to be useless.
    pub fn take_back(&self, bytes: u64) {
        self.bytes_done.fetch_sub(bytes, Ordering::Relaxed);
    }

    /// The numbers as they are now. They are read one by one, so they may be a moment apart.
    pub fn read(&self) -> Reading {
        Reading {
            files_total: self.files_total.load(Ordering::Relaxed),
            files_done: self.files_done.load(Ordering::Relaxed),
            bytes_total: self.bytes_total.load(Ordering::Relaxed),
            bytes_done: self.bytes_done.load(Ordering::Relaxed),
            bytes_moved: self.bytes_moved.load(Ordering::Relaxed),
        }
    }
}
