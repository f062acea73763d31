//! How far an upload is, as the queue wants it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use hubdesk_core::RepoPath;
use hubdesk_transfers::{FileState, Files, Look, PlannedFile, Progress, Stage};
use hubdesk_upload::{AtWork, FileWatch, Found};

/// The numbers of a run.
pub(super) struct Shown(pub(super) Arc<hubdesk_upload::Progress>);

impl Progress for Shown {
    fn look(&self) -> Look {
        Look {
            reading: self.0.meter.read(),
            stage: match self.0.stage() {
                hubdesk_upload::Stage::Walking => Stage::Walking,
                hubdesk_upload::Stage::Listing => Stage::Listing,
                hubdesk_upload::Stage::Fingerprinting => Stage::Fingerprinting,
                hubdesk_upload::Stage::Sending => Stage::Sending,
                hubdesk_upload::Stage::Committing => Stage::Committing,
            },
            wait: None,
            folder: None,
        }
    }
}

/// The files of a run.
pub(super) struct Told(pub(super) Files);

impl FileWatch for Told {
    fn planned(&self, files: &BTreeMap<RepoPath, Found>) {
        let planned = files.iter().map(|(path, found)| PlannedFile {
            path: path.to_string(),
            bytes_total: found.size,
            is_done: false,
        });
        self.0.plan(planned.collect());
    }

    fn begun(&self, path: &RepoPath, bytes: Arc<AtomicU64>) -> AtWork {
        Box::new(self.0.begin_counted(path.as_str(), bytes))
    }

    fn done(&self, path: &RepoPath) {
        self.0.end(path.as_str(), FileState::Done);
    }

    /// It is where it should be, or nobody wants it there.
    fn skipped(&self, path: &RepoPath) {
        self.done(path);
    }
}
