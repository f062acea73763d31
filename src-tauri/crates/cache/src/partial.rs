use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::mem;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, RwLock};

use hubdesk_core::Digest;
use hubdesk_disk::{
    Doing, PathError, boot_id, is_unlinked, open_exclusive, read_at, read_if_there,
    remove_if_there, write_all_at, write_via,
};

use crate::journal::Vouched;
use crate::ranges::RangeSet;
use crate::{Error, Staged, journal};

/// Bytes on the way: `blobs/<etag>.hubdesk.incomplete`, and beside it a journal of the ranges that
/// are safely on disk, `<etag>.journal.hubdesk.incomplete`.
///
/// Both endings are what `hf cache prune` takes away. The file is held exclusively while this
/// value lives. Several threads may write different ranges at once. Nothing is saved when it is
/// dropped: what [`Partial::save`] has not been called for is fetched again after a restart of the
/// program, and what [`Partial::settle`] has not, after a restart of the machine.
#[derive(Debug)]
pub struct Partial {
    file: File,
    path: PathBuf,
    journal_path: PathBuf,
    digest: Digest,
    size: u64,
    /// Held shared while bytes are written and alone while everything is forgotten, so that no
    /// write from before is recorded afterwards.
    writing: RwLock<()>,
    /// Open for appending, and the turn to save. Taken before `state`.
    journal: Mutex<File>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// In the journal.
    saved: RangeSet,
    /// Of these the disk may not have all yet.
    unsynced: RangeSet,
    /// Being synced just now.
    saving: RangeSet,
    /// Written, and possibly only in memory.
    unsaved: RangeSet,
}

pub(crate) fn partial_path(blobs: &Path, digest: &Digest) -> PathBuf {
    blobs.join(format!("{digest}.hubdesk.incomplete"))
}

pub(crate) fn journal_path(blobs: &Path, digest: &Digest) -> PathBuf {
    blobs.join(format!("{digest}.journal.hubdesk.incomplete"))
}

/// A whole one that waits for its place.
pub(crate) fn whole_path(folder: &Path, digest: &Digest) -> PathBuf {
    folder.join(format!("{digest}.whole.hubdesk.incomplete"))
}

/// The journal would vouch for ranges of what is overwritten now.
pub(crate) fn forget_journal(folder: &Path, digest: &Digest) -> Result<(), PathError> {
    remove_if_there(&journal_path(folder, digest))
}

impl Partial {
    /// Opens what an earlier run left, or begins anew.
    pub(crate) fn open(blobs: &Path, digest: &Digest, size: u64) -> Result<Self, Error> {
        let path = partial_path(blobs, digest);
        let journal_path = journal_path(blobs, digest);
        remove_link(&path)?;
        let Some(file) = open_exclusive(&path)? else {
            return Err(Error::Held { path });
        };
        let file_len = file.metadata().doing("look at", &path)?.len();
        let journal = read_if_there(&journal_path)?.unwrap_or_default();
        let found = journal::vouched(&journal, digest, size, file_len, boot_id());
        // The journal first: it must never vouch for what the next step cuts off.
        let journal = rewrite_journal(&journal_path, digest, size, &found)?;
        let all = found.all();
        let end = all.as_slice().last().map_or(0, |range| range.end);
        file.set_len(end).doing("shorten", &path)?;
        Ok(Self {
            file,
            path,
            journal_path,
            digest: *digest,
            size,
            writing: RwLock::default(),
            journal: Mutex::new(journal),
            state: Mutex::new(State {
                saved: all,
                unsynced: found.noted,
                ..State::default()
            }),
        })
    }

    /// Bytes the whole content has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// What is written, sorted and merged, saved or not.
    pub fn finished(&self) -> Vec<Range<u64>> {
        self.state().finished().as_slice().to_vec()
    }

    /// What is still to be written, sorted.
    pub fn missing(&self) -> Vec<Range<u64>> {
        self.state().finished().gaps(self.size)
    }

    /// Puts `bytes` at `offset`. They count as finished at once and as unsaved until
    /// [`Partial::save`].
    pub fn write_at(&self, offset: u64, bytes: &[u8]) -> Result<(), Error> {
        let range = offset..offset.saturating_add(bytes.len() as u64);
        if range.end > self.size {
            return Ok(Err(ErrorKind::InvalidInput.into()).doing("write past", &self.path)?);
        }
        let _writing = self.writing.read().expect(NO_PANIC);
        write_all_at(&self.file, bytes, offset).doing("write", &self.path)?;
        self.state().unsaved.insert(range);
        Ok(())
    }

    /// Reads back some of what was written; 0 at the end of the file.
    pub fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, Error> {
        Ok(read_at(&self.file, buffer, offset).doing("read", &self.path)?)
    }

    /// Bytes written that the journal does not vouch for yet: what a kill would cost now.
    pub fn unsaved(&self) -> u64 {
        let state = self.state();
        state.unsaved.bytes() + state.saving.bytes()
    }

    /// Says in the journal what was written, so that a process that is killed costs none of it.
    /// Where the system's runs cannot be told apart the file is synced before. Others may write
    /// meanwhile: only what was written before this began is recorded.
    ///
    /// If it fails, what was not saved counts as missing again: after a failed sync the system may
    /// have thrown it away. [`Error::Pruned`] if the file has lost its name, so that no more bytes
    /// are put where nobody will find them.
    pub fn save(&self) -> Result<(), Error> {
        let boot = boot_id();
        let mut journal = self.journal.lock().expect(NO_PANIC);
        let records = {
            let mut state = self.state();
            if state.unsaved.is_empty() {
                return Ok(());
            }
            state.saving = mem::take(&mut state.unsaved);
            match boot {
                Some(boot) => journal::notes(&self.digest, self.size, &state.saving, boot),
                None => journal::records(&self.digest, self.size, &state.saving),
            }
        };
        let is_good = match boot {
            Some(_) => self.check_name(),
            None => self.sync(),
        };
        let saved = is_good.and_then(|()| {
            // Not synced itself: a killed process loses nothing, and a lost record only bytes.
            let appended = journal.write_all(records.as_bytes());
            Ok(appended.doing("write", &self.journal_path)?)
        });
        let mut state = self.state();
        let saving = mem::take(&mut state.saving);
        match saved {
            Ok(()) if boot.is_some() => {
                state.unsynced.extend(&saving);
                state.saved.extend(&saving);
            }
            Ok(()) => state.saved.extend(&saving),
            Err(_) => state.unsaved = RangeSet::default(),
        }
        saved
    }

    /// Syncs what was saved, and says so in the journal, so that it outlives the machine's power.
    /// Others may write and save meanwhile. It takes as long as the disk takes.
    pub fn settle(&self) -> Result<(), Error> {
        // Nothing is forgotten until this is over: it must not be vouched for afterwards.
        let _writing = self.writing.read().expect(NO_PANIC);
        let syncing = mem::take(&mut self.state().unsynced);
        if syncing.is_empty() {
            return Ok(());
        }
        self.sync()?;
        let records = journal::records(&self.digest, self.size, &syncing);
        let mut journal = self.journal.lock().expect(NO_PANIC);
        let appended = journal.write_all(records.as_bytes());
        Ok(appended.doing("write", &self.journal_path)?)
    }

    /// Forgets everything: the bytes turned out wrong, or the server began at the beginning.
    pub fn restart(&self) -> Result<(), Error> {
        let _alone = self.writing.write().expect(NO_PANIC);
        let mut journal = self.journal.lock().expect(NO_PANIC);
        let nothing = Vouched::default();
        *journal = rewrite_journal(&self.journal_path, &self.digest, self.size, &nothing)?;
        *self.state() = State::default();
        Ok(self.file.set_len(0).doing("empty", &self.path)?)
    }

    /// Ends the writing: what is whole, and whose digest the caller has verified, waits for the
    /// disk. [`Error::Pruned`] if somebody has removed it.
    pub fn stage(self) -> Result<Staged, Error> {
        assert!(self.missing().is_empty(), "only whole content is admitted");
        self.check_name()?;
        let Self {
            file,
            path,
            journal_path,
            digest,
            ..
        } = self;
        Ok(Staged::of_partial(file, path, journal_path, digest))
    }

    fn sync(&self) -> Result<(), Error> {
        self.check_name()?;
        Ok(self.file.sync_data().doing("write", &self.path)?)
    }

    fn check_name(&self) -> Result<(), Error> {
        if is_unlinked(&self.file).doing("look at", &self.path)? {
            return Err(Error::Pruned {
                path: self.path.clone(),
            });
        }
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect(NO_PANIC)
    }
}

impl State {
    fn finished(&self) -> RangeSet {
        let mut all = self.saved.clone();
        all.extend(&self.saving);
        all.extend(&self.unsaved);
        all
    }
}

const NO_PANIC: &str = "nothing panics while it holds this lock";

/// We never make a link of that name, and must not write through somebody else's.
pub(crate) fn remove_link(path: &Path) -> Result<(), PathError> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_symlink() => remove_if_there(path),
        _ => Ok(()),
    }
}

/// Replaces the journal and opens it for appending. Only who holds the partial comes here, so the
/// temporary name can always be the same, and what a kill leaves is replaced the next time.
fn rewrite_journal(
    path: &Path,
    digest: &Digest,
    size: u64,
    vouched: &Vouched,
) -> Result<File, PathError> {
    let temp = path.with_file_name(format!("{digest}.new-journal.hubdesk.incomplete"));
    remove_if_there(&temp)?;
    let mut text = journal::compact(digest, size, &vouched.synced);
    if let Some(boot) = boot_id() {
        text.extend(journal::notes(digest, size, &vouched.noted, boot).into_bytes());
    }
    write_via(&temp, path, &text)?;
    let opened: io::Result<File> = OpenOptions::new().append(true).open(path);
    opened.doing("open", path)
}
