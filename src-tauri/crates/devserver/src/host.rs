use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use hubdesk_app::Host;

/// A desktop that opens nothing and remembers what it was asked to open.
pub(crate) struct RecordingHost {
    opened: Mutex<Vec<String>>,
    /// What a person chooses who is asked for a folder.
    folder: Option<PathBuf>,
}

impl RecordingHost {
    /// One whose person chooses `folder`, if that is asked for.
    pub(crate) fn new(folder: Option<PathBuf>) -> Self {
        Self {
            opened: Mutex::default(),
            folder,
        }
    }

    pub(crate) fn opened(&self) -> Vec<String> {
        self.opened
            .lock()
            .expect("nothing panics while it holds this lock")
            .clone()
    }

    fn note(&self, what: String) {
        self.opened
            .lock()
            .expect("nothing panics while it holds this lock")
            .push(what);
    }
}

impl Host for RecordingHost {
    fn open_link(&self, url: &str) -> io::Result<()> {
        self.note(url.to_owned());
        Ok(())
    }

    fn open_folder(&self, path: &Path) -> io::Result<()> {
        self.note(path.display().to_string());
        Ok(())
    }

    fn pick_folder(&self) -> io::Result<Option<PathBuf>> {
        Ok(self.folder.clone())
    }

    fn pick_files(&self) -> io::Result<Vec<PathBuf>> {
        Ok(Vec::new())
    }

    fn pick_source_folder(&self) -> io::Result<Option<PathBuf>> {
        self.pick_folder()
    }

    fn copied_files(&self) -> io::Result<Vec<PathBuf>> {
        Ok(Vec::new())
    }

    fn notify(&self, title: &str, body: &str) -> io::Result<()> {
        self.note(format!("notice: {title}: {body}"));
        Ok(())
    }

    fn is_in_front(&self) -> bool {
        false
    }

    /// The same on every machine, so that what fits does, too.
    fn memory_bytes(&self) -> Option<u64> {
        Some(16 << 30)
    }
}
