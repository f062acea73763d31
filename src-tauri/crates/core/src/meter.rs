use std::sync::Arc;
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

/// One file's share of a meter's bytes. It can be set back without touching the others' shares, and
/// never takes away more than it has brought.
#[derive(Debug)]
pub struct Tally<'a> {
    meter: &'a Meter,
    counted: Arc<AtomicU64>,
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
    /// Begins a round: the size of the job, and how much of it is here.
    pub fn begin(&self, total: (u64, u64), done: (u64, u64)) {
        self.files_total.store(total.0, Ordering::Relaxed);
        self.bytes_total.store(total.1, Ordering::Relaxed);
        self.files_done.store(done.0, Ordering::Relaxed);
        self.bytes_done.store(done.1, Ordering::Relaxed);
    }

    /// One more file is finished.
    pub fn add_file(&self) {
        self.files_done.fetch_add(1, Ordering::Relaxed);
    }

    /// `bytes` more arrived over the network; whether they are of use is told by a [`Tally`].
    pub fn add_moved(&self, bytes: u64) {
        self.bytes_moved.fetch_add(bytes, Ordering::Relaxed);
    }

    /// The share of a file of which the meter has counted `counted` bytes already.
    pub fn tally(&self, counted: u64) -> Tally<'_> {
        Tally {
            meter: self,
            counted: Arc::new(AtomicU64::new(counted)),
        }
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

impl Tally<'_> {
    /// Its bytes as they are counted, for who shows them.
    pub fn counter(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.counted)
    }

    /// `bytes` more of the file arrived.
    pub fn add_moved(&self, bytes: u64) {
        self.counted.fetch_add(bytes, Ordering::Relaxed);
        self.meter.bytes_done.fetch_add(bytes, Ordering::Relaxed);
        self.meter.add_moved(bytes);
    }

    /// Of the file `bytes` are here, whatever was counted before.
    pub fn set(&self, bytes: u64) {
        let before = self.counted.swap(bytes, Ordering::Relaxed);
        if bytes >= before {
            self.meter
                .bytes_done
                .fetch_add(bytes - before, Ordering::Relaxed);
        } else {
            self.meter
                .bytes_done
                .fetch_sub(before - bytes, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_takes_back_what_it_brought_and_no_more() {
        let meter = Meter::default();
        meter.begin((2, 100), (0, 30));
        let (one, other) = (meter.tally(20), meter.tally(10));
        one.add_moved(5);
        other.set(50);
        one.set(0);
        assert_eq!(meter.read().bytes_done, 50);
        assert_eq!(
            meter.read().bytes_moved,
            5,
            "what was moved for nothing was moved all the same"
        );
    }
}
