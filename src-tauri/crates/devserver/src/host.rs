use std::io;
use std::path::Path;
use std::sync::Mutex;

use hubdesk_app::Host;

/// A desktop that opens nothing and remembers what it was asked to open.
#[derive(Default)]
pub(crate) struct RecordingHost(Mutex<Vec<String>>);

impl RecordingHost {
    pub(crate) fn opened(&self) -> Vec<String> {
        self.0
            .lock()
            .expect("nothing panics while it holds this lock")
            .clone()
    }

    fn note(&self, what: String) {
        self.0
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
}
