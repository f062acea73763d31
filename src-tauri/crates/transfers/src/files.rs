use std::collections::BTreeMap;
use std::mem;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

/// The files of a run, as it tells of them. They are stored in batches, about once a second; what
/// is at work just now is told of by counters and not stored at all.
#[derive(Debug, Clone, Default)]
pub struct Files(Arc<Mutex<Told>>);

/// How a file of a transfer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileState {
    /// It will be fetched or sent.
    Pending,
    /// It is where it should be.
    Done,
    /// It was given up.
    Failed,
}

/// A file that a run is about to work on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedFile {
    /// Its path in the repository.
    pub path: String,
    /// Its size.
    pub bytes_total: u64,
    /// Whether it is where it should be already.
    pub is_done: bool,
}

/// The bytes of a file at work. When it goes, the file is at work no more.
#[derive(Debug)]
pub struct AtWork {
    files: Files,
    path: String,
    bytes_done: Arc<AtomicU64>,
}

/// What is to be written about files next.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Batch {
    /// What was stored before is of an older plan.
    pub(crate) is_new_plan: bool,
    pub(crate) planned: Vec<PlannedFile>,
    pub(crate) ended: Vec<(String, FileState)>,
}

#[derive(Debug, Default)]
struct Told {
    is_new_plan: bool,
    /// In reverse order, so that batches come off its end.
    planned: Vec<PlannedFile>,
    ended: Vec<(String, FileState)>,
    at_work: BTreeMap<String, Arc<AtomicU64>>,
}

impl Files {
    /// What the run is about, all of it, in place of what an earlier plan said.
    pub fn plan(&self, mut files: Vec<PlannedFile>) {
        files.reverse();
        let mut told = self.lock();
        told.is_new_plan = true;
        told.planned = files;
        told.ended.clear();
    }

    /// Work on the planned file `path` begins.
    pub fn begin(&self, path: &str) -> AtWork {
        self.begin_counted(path, Arc::default())
    }

    /// The same for a file whose bytes somebody else counts.
    pub fn begin_counted(&self, path: &str, bytes_done: Arc<AtomicU64>) -> AtWork {
        let shared = Arc::clone(&bytes_done);
        self.lock().at_work.insert(path.to_owned(), shared);
        AtWork {
            files: self.clone(),
            path: path.to_owned(),
            bytes_done,
        }
    }

    /// The planned file `path` is done or given up.
    pub fn end(&self, path: &str, state: FileState) {
        self.lock().ended.push((path.to_owned(), state));
    }

    /// Takes what is to be written next, at most `limit` files; `None` when that is nothing.
    pub(crate) fn take(&self, limit: usize) -> Option<Batch> {
        let mut told = self.lock();
        if !told.is_new_plan && told.planned.is_empty() && told.ended.is_empty() {
            return None;
        }
        let at = told.planned.len().saturating_sub(limit);
        let mut planned = told.planned.split_off(at);
        planned.reverse();
        // What ended may have been planned in a later batch: it comes when the plan is written.
        let ended = match told.planned.is_empty() {
            true => {
                let count = (limit - planned.len()).min(told.ended.len());
                told.ended.drain(..count).collect()
            }
            false => Vec::new(),
        };
        Some(Batch {
            is_new_plan: mem::take(&mut told.is_new_plan),
            planned,
            ended,
        })
    }

    /// How many files are to be written.
    pub(crate) fn waiting(&self) -> usize {
        let told = self.lock();
        told.planned.len() + told.ended.len() + usize::from(told.is_new_plan)
    }

    /// Bytes of the files that are at work.
    pub(crate) fn at_work(&self) -> BTreeMap<String, u64> {
        let read = |(path, bytes): (&String, &Arc<AtomicU64>)| {
            (path.clone(), bytes.load(Ordering::Relaxed))
        };
        self.lock().at_work.iter().map(read).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Told> {
        self.0
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}

impl AtWork {
    /// Of the file `bytes` are done.
    pub fn set(&self, bytes: u64) {
        self.bytes_done.store(bytes, Ordering::Relaxed);
    }

    /// `bytes` more of the file are done.
    pub fn add(&self, bytes: u64) {
        self.bytes_done.fetch_add(bytes, Ordering::Relaxed);
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        self.files.lock().at_work.remove(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn planned(path: &str) -> PlannedFile {
        PlannedFile {
            path: path.to_owned(),
            bytes_total: 1,
            is_done: false,
        }
    }

    #[test]
    fn a_plan_comes_in_batches_and_what_ended_after_all_of_it() {
        let files = Files::default();
        files.plan(["a", "b", "c"].map(planned).to_vec());
        files.end("a", FileState::Done);
        let first = files.take(2).unwrap();
        assert!(first.is_new_plan);
        assert_eq!(first.planned, ["a", "b"].map(planned));
        assert_eq!(first.ended, []);
        let second = files.take(2).unwrap();
        assert!(!second.is_new_plan);
        assert_eq!(second.planned, [planned("c")]);
        assert_eq!(second.ended, [("a".to_owned(), FileState::Done)]);
        assert_eq!(files.take(2), None);
    }

    #[test]
    fn an_empty_plan_is_told_of_too() {
        let files = Files::default();
        files.plan(vec![]);
        assert!(files.take(1).unwrap().is_new_plan);
        assert_eq!(files.take(1), None);
    }

    #[test]
    fn a_new_plan_replaces_what_was_not_written_of_the_old_one() {
        let files = Files::default();
        files.plan(vec![planned("old")]);
        files.end("old", FileState::Failed);
        files.plan(vec![planned("new")]);
        let batch = files.take(9).unwrap();
        assert_eq!(batch.planned, [planned("new")]);
        assert_eq!(batch.ended, []);
    }

    #[test]
    fn a_file_is_at_work_until_its_counter_goes() {
        let files = Files::default();
        let counter = files.begin("a");
        counter.set(3);
        counter.add(4);
        assert_eq!(files.at_work(), [("a".to_owned(), 7)].into());
        drop(counter);
        assert!(files.at_work().is_empty());
    }
}
