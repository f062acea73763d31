use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use hubdesk_core::{RepoPath, Tally};

use crate::plan::{BlobTask, Plan};
use crate::step::Step;
use crate::{Ctx, Planned};

/// Is told of the files of a run. Called from many tasks; must neither wait nor panic.
pub trait FileWatch: Send + Sync {
    /// What the run is about, all of it, in place of what an earlier plan said.
    fn planned(&self, files: &[Planned]);
    /// Bytes of this file are on the way from now on, until what is given here is dropped. `bytes`
    /// says how many have come.
    fn begun(&self, path: &RepoPath, bytes: Arc<AtomicU64>) -> AtWork;
    /// This file is at its place.
    fn done(&self, path: &RepoPath);
}

/// Kept while a file is at work.
pub type AtWork = Box<dyn Any + Send + Sync>;

impl Ctx {
    pub(crate) fn tell_plan(&self, plan: &Plan) {
        if let Some(files) = &self.files {
            files.planned(&plan.files);
        }
    }
}

impl Step<'_> {
    /// The first file of a content stands for the others, which share it.
    pub(crate) fn tell_begun(&self, task: &BlobTask, tally: &Tally<'_>) -> Option<AtWork> {
        let files = self.ctx.files.as_ref()?;
        Some(files.begun(task.first(), tally.counter()))
    }

    pub(crate) fn tell_done(&self, task: &BlobTask) {
        if let Some(files) = &self.ctx.files {
            task.paths.iter().for_each(|path| files.done(path));
        }
    }
}
