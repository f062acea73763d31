use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use hubdesk_app::Host;
use serde::Deserialize;

/// A desktop that opens nothing and remembers what it was asked to open.
pub(crate) struct RecordingHost {
    opened: Mutex<Vec<String>>,
    /// What a person chooses who is asked for a folder.
    folder: Option<PathBuf>,
    chosen: Mutex<Chosen>,
}

/// What a person chooses who is asked for something to upload, and has copied.
#[derive(Default, Clone, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(crate) struct Chosen {
    files: Vec<PathBuf>,
    folder: Option<PathBuf>,
    copied: Vec<PathBuf>,
}

impl RecordingHost {
    /// One whose person chooses `folder`, if that is asked for.
    pub(crate) fn new(folder: Option<PathBuf>) -> Self {
        Self {
            opened: Mutex::default(),
            folder,
            chosen: Mutex::default(),
        }
    }

    /// From now on a person chooses these.
    pub(crate) fn choose(&self, chosen: Chosen) {
        *self.chosen() = chosen;
    }

    fn chosen(&self) -> MutexGuard<'_, Chosen> {
        self.chosen
            .lock()
            .expect("nothing panics while it holds this lock")
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
        Ok(self.chosen().files.clone())
    }

    fn pick_source_folder(&self) -> io::Result<Option<PathBuf>> {
        let chosen = self.chosen().folder.clone();
        Ok(chosen.or_else(|| self.folder.clone()))
    }

    fn copied_files(&self) -> io::Result<Vec<PathBuf>> {
        Ok(self.chosen().copied.clone())
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
