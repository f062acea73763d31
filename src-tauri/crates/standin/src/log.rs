use std::collections::VecDeque;
use std::sync::atomic::{AtomicU16, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use percent_encoding::percent_decode_str;

/// How many requests are remembered; the oldest are forgotten first. Enough for the longest test,
/// and a demo that runs for weeks does not grow.
const REMEMBERED: usize = 100_000;

/// Which of the two servers was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Host {
    /// The Hub itself.
    Hub,
    /// Where large files lie; never meant to see a token.
    Storage,
    /// The chunk store: wants a key of its own, and never the Hub's token.
    Xet,
}

/// One request and what was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Who was asked.
    pub host: Host,
    /// `GET`, `HEAD`, …
    pub method: String,
    /// Path and query as they were sent.
    pub path: String,
    /// Whether it carried an `Authorization` header.
    pub has_token: bool,
    /// The `Range` header.
    pub range: Option<String>,
    /// All headers but `Authorization`, where no other secret may arrive: at the storage host and
    /// the chunk store. None elsewhere.
    pub headers: Vec<(String, String)>,
    /// The answer's status; 0 while it is still being made.
    pub status: u16,
    /// Bytes of the answer's body handed to the connection so far.
    pub body_bytes: u64,
}

/// Everything both servers were asked and sent, newest last.
#[derive(Default)]
pub struct Log {
    entries: Mutex<VecDeque<Arc<Entry>>>,
    body_bytes: Arc<AtomicU64>,
}

/// A record that is still being written.
pub(crate) struct Entry {
    asked: Record,
    status: AtomicU16,
    body_bytes: AtomicU64,
    total: Arc<AtomicU64>,
}

impl Log {
    /// Every request that is remembered, in the order they came.
    pub fn records(&self) -> Vec<Record> {
        let entries = self
            .entries
            .lock()
            .expect("nothing panics while it holds this lock");
        entries.iter().map(|entry| entry.record()).collect()
    }

    /// Bytes of bodies sent since the start, on both hosts.
    pub fn body_bytes(&self) -> u64 {
        self.body_bytes.load(Ordering::Relaxed)
    }

    /// Bytes of bodies sent for remembered requests whose path or query, decoded, contains `part`:
    /// the name of a file or of a repository finds it on both hosts.
    pub fn body_bytes_of(&self, part: &str) -> u64 {
        let records = self.records();
        let matching = records
            .iter()
            .filter(|record| readable(&record.path).contains(part));
        matching.map(|record| record.body_bytes).sum()
    }

    /// Forgets all requests. The total of [`Log::body_bytes`] stays.
    pub fn clear(&self) {
        let mut entries = self
            .entries
            .lock()
            .expect("nothing panics while it holds this lock");
        entries.clear();
    }

    pub(crate) fn begin(&self, asked: Record) -> Arc<Entry> {
        let entry = Arc::new(Entry {
            asked,
            status: AtomicU16::new(0),
            body_bytes: AtomicU64::new(0),
            total: self.body_bytes.clone(),
        });
        let mut entries = self
            .entries
            .lock()
            .expect("nothing panics while it holds this lock");
        if entries.len() == REMEMBERED {
            entries.pop_front();
        }
        entries.push_back(entry.clone());
        entry
    }
}

/// Path and query without percent signs. Decoded twice, because a link to the storage host carries
/// the file's name encoded within a parameter.
pub(crate) fn readable(target: &str) -> String {
    let once = percent_decode_str(target).decode_utf8_lossy();
    percent_decode_str(&once).decode_utf8_lossy().into_owned()
}

impl Entry {
    pub(crate) fn set_status(&self, status: u16) {
        self.status.store(status, Ordering::Relaxed);
    }

    pub(crate) fn add_body_bytes(&self, bytes: u64) {
        self.body_bytes.fetch_add(bytes, Ordering::Relaxed);
        self.total.fetch_add(bytes, Ordering::Relaxed);
    }

    fn record(&self) -> Record {
        Record {
            status: self.status.load(Ordering::Relaxed),
            body_bytes: self.body_bytes.load(Ordering::Relaxed),
            ..self.asked.clone()
        }
    }
}
