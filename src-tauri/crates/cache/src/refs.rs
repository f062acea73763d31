use std::path::PathBuf;

use hubdesk_core::{CommitId, RepoPath, Revision};
use hubdesk_disk::{ensure_dir, read_if_there, write_atomically};

use crate::layout::below;
use crate::{Error, RepoCache};

impl RepoCache {
    /// The commit that `revision` pointed at when it was last asked for, here or by Python.
    pub fn read_ref(&self, revision: &Revision) -> Result<Option<CommitId>, Error> {
        let content = read_if_there(&self.reference(revision)?)?;
        // Other tools end the line; anything but a commit is as good as nothing.
        Ok(content
            .as_deref()
            .and_then(|bytes| str::from_utf8(bytes).ok())
            .and_then(|text| text.trim().parse().ok()))
    }

    /// Makes `revision` point at `commit`. Nothing happens for a revision that is itself a commit.
    ///
    /// Call it last: from here on others take the snapshot of `commit` for a whole one.
    pub fn point_ref(&self, revision: &Revision, commit: &CommitId) -> Result<(), Error> {
        if revision.as_commit().is_some() {
            return Ok(());
        }
        let path = self.reference(revision)?;
        // Compared and written without a line end: most official readers do not trim.
        let wanted = commit.as_str().as_bytes();
        if read_if_there(&path)?.as_deref() == Some(wanted) {
            return Ok(());
        }
        if let Some(folder) = path.parent() {
            ensure_dir(folder)?;
        }
        Ok(write_atomically(&path, wanted)?)
    }

    fn reference(&self, revision: &Revision) -> Result<PathBuf, Error> {
        let path = RepoPath::new(revision.as_str())
            .expect("a revision has no part and no sign that a path must not have");
        below(&self.folder().join("refs"), &path)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_revision_can_be_a_path(text in r"\PC{1,12}|[a-zA-Z:./\\ \x00]{1,12}") {
            if let Ok(revision) = text.parse::<Revision>() {
                prop_assert!(RepoPath::new(revision.as_str()).is_ok());
            }
        }
    }
}
