//! Single files of a run, for whoever shows them.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use hubdesk_core::RepoPath;

use crate::run::Step;
use crate::{Ctx, Found};

/// Is told of the files of a run. Must neither wait nor panic.
pub trait FileWatch: Send + Sync {
    /// What the run is about, all of it, in place of what an earlier plan said.
    fn planned(&self, files: &BTreeMap<RepoPath, Found>);
    /// Bytes of this file are on the way from now on, until what is given here is dropped. `bytes`
    /// says how many have gone, those sent twice included.
    fn begun(&self, path: &RepoPath, bytes: Arc<AtomicU64>) -> AtWork;
    /// This file is in a commit.
    fn done(&self, path: &RepoPath);
    /// Nothing is sent of this file: the repository holds it, or its rules leave it out.
    fn skipped(&self, path: &RepoPath);
}

/// Kept while a file is at work.
pub type AtWork = Box<dyn Any + Send + Sync>;

impl Ctx {
    pub(crate) fn tell_done(&self, path: &RepoPath) {
        if let Some(files) = &self.files {
            files.done(path);
        }
    }

    pub(crate) fn tell_skipped(&self, path: &RepoPath) {
        if let Some(files) = &self.files {
            files.skipped(path);
        }
    }
}

impl Step<'_> {
    pub(crate) fn tell_plan(&self, files: &BTreeMap<RepoPath, Found>) {
        if let Some(watch) = &self.ctx.files {
            watch.planned(files);
        }
    }

    pub(crate) fn tell_begun(&self, path: &RepoPath, bytes: &Arc<AtomicU64>) -> Option<AtWork> {
        let files = self.ctx.files.as_ref()?;
        Some(files.begun(path, Arc::clone(bytes)))
    }
}
