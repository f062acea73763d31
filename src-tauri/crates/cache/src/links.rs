use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::MutexGuard;

use hubdesk_core::{CommitId, Digest, RepoPath};
use hubdesk_disk::{Doing, PathError, clone_to, ensure_dir, look, remove_if_there, unique_suffix};

use crate::layout::OwnBlobs;
use crate::settle::pour;
use crate::{Error, LinkSupport, RepoCache};

/// How often another process may put something else in the pointer's place.
const ATTEMPTS: u32 = 4;

impl RepoCache {
    /// Makes the blob `digest` appear as `path` in the snapshot of `commit`; returns where.
    ///
    /// A link where links are to be had, else the file itself: moved if this process made the
    /// blob, copied if it was found. What is in the way (a link that dangles or leads elsewhere,
    /// a file) is replaced. [`Error::Pruned`] if the blob is gone.
    pub fn link(
        &self,
        commit: &CommitId,
        path: &RepoPath,
        digest: &Digest,
    ) -> Result<PathBuf, Error> {
        let pointer = self.pointer(commit, path)?;
        if let Some(folder) = pointer.parent() {
            ensure_dir(folder)?;
        }
        if self.can_link()? {
            self.point(&pointer, path, digest)?;
        } else {
            self.place(&pointer, digest)?;
        }
        Ok(pointer)
    }

    /// Notes a blob that this process has made.
    pub(crate) fn note_fresh(&self, blob: PathBuf) {
        let mut own = self.own();
        own.placed.remove(&blob);
        own.fresh.insert(blob);
    }

    fn point(&self, pointer: &Path, path: &RepoPath, digest: &Digest) -> Result<(), Error> {
        let blob = self.blob(digest);
        if look(&blob)?.is_none() {
            return Err(Error::Pruned { path: blob });
        }
        self.own().fresh.remove(&blob);
        let target = target(path, digest);
        let is_done = || fs::read_link(pointer).is_ok_and(|found| found == target);
        let mut last = None;
        for _ in 0..ATTEMPTS {
            if is_done() {
                return Ok(());
            }
            // RACE: until the link is made, others find nothing here and may fetch the file again.
            remove_if_there(pointer)?;
            match symlink(&target, pointer) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => last = Some(error),
                linked => return Ok(linked.doing("link", pointer)?),
            }
        }
        if is_done() {
            return Ok(());
        }
        let error = last.unwrap_or_else(|| ErrorKind::AlreadyExists.into());
        Ok(Err(error).doing("link", pointer)?)
    }

    /// The form without links: the snapshot holds the file.
    fn place(&self, pointer: &Path, digest: &Digest) -> Result<(), Error> {
        let blob = self.blob(digest);
        let gone = |error: PathError| match error.is_not_found() {
            true => Error::Pruned { path: blob.clone() },
            false => error.into(),
        };
        let mut own = self.own();
        if own.fresh.contains(&blob) {
            fs::rename(&blob, pointer)
                .doing("move", &blob)
                .map_err(gone)?;
            own.fresh.remove(&blob);
            own.placed.insert(blob, pointer.to_owned());
            return Ok(());
        }
        let placed = own.placed.get(&blob).cloned();
        drop(own);
        let source = match placed {
            Some(placed) if look(&blob)?.is_none() => placed,
            _ => blob.clone(),
        };
        let from = File::open(&source).doing("open", &source).map_err(gone)?;
        self.copy(&from, digest, pointer)
    }

    /// Puts a copy of `from` at `place`, once the disk has it.
    pub(crate) fn copy(&self, from: &File, digest: &Digest, place: &Path) -> Result<(), Error> {
        let temp = self.temporary(digest);
        let copied = self.copy_via(&temp, from, place);
        if copied.is_err() {
            // The first failure is the one to report; a leftover is found by its name.
            let _ = fs::remove_file(&temp);
        }
        copied
    }

    fn copy_via(&self, temp: &Path, from: &File, place: &Path) -> Result<(), Error> {
        if !clone_to(from, temp) {
            let file = File::create_new(temp).doing("create", temp)?;
            pour(from, &file, temp, &self.pace)?;
            file.sync_data().doing("write", temp)?;
        }
        Ok(fs::rename(temp, place).doing("replace", place)?)
    }

    pub(crate) fn can_link(&self) -> Result<bool, Error> {
        if self.shared.links == LinkSupport::Never {
            return Ok(false);
        }
        let folder = self.folder();
        let mut probed = self.shared.probed.lock().expect(NO_PANIC);
        if let Some(&answer) = probed.get(&folder) {
            return Ok(answer);
        }
        let answer = probe(&folder)?;
        probed.insert(folder, answer);
        Ok(answer)
    }

    fn own(&self) -> MutexGuard<'_, OwnBlobs> {
        self.shared.own.lock().expect(NO_PANIC)
    }
}

const NO_PANIC: &str = "nothing panics while it holds this lock";

/// From the pointer's folder to the blob: two levels up, and one more for each folder in `path`.
fn target(path: &RepoPath, digest: &Digest) -> PathBuf {
    let mut target = PathBuf::from("..");
    target.extend(path.parts().map(|_| ".."));
    target.push("blobs");
    target.push(digest.to_string());
    target
}

/// Tries it, in a folder `tmp????????` as the official client does, so that its scanner knows it.
fn probe(folder: &Path) -> Result<bool, PathError> {
    let trial = folder.join(format!("tmp{}", unique_suffix()));
    fs::create_dir(&trial).doing("create", &trial)?;
    let source = trial.join("dummy_file_src");
    let answer = File::create_new(&source)
        .doing("create", &source)
        .map(|_| symlink(Path::new("dummy_file_src"), &trial.join("dummy_file_dst")).is_ok());
    fs::remove_dir_all(&trial).doing("remove", &trial)?;
    answer
}

#[cfg(unix)]
pub(crate) fn symlink(target: &Path, link: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, link)
}

#[cfg(windows)]
pub(crate) fn symlink(target: &Path, link: &Path) -> io::Result<()> {
    std::os::windows::fs::symlink_file(target, link)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_two_levels_up_and_one_more_for_each_folder() {
        let digest = Digest::git_blob(b"");
        for (path, up) in [("config.json", "../.."), ("dir/sub/a.txt", "../../../..")] {
            let path = RepoPath::new(path).unwrap();
            let expected = PathBuf::from(format!("{up}/blobs/{digest}"));
            assert_eq!(target(&path, &digest), expected);
        }
    }
}
