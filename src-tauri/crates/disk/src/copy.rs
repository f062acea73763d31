use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use crate::PathError;

/// Copied between two looks at whether to go on.
const PIECE_BYTES: usize = 4 << 20;

/// How a copy was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copied {
    /// The two share their blocks until one of them changes: no room was taken, nothing was read.
    Shared,
    /// Byte by byte.
    Whole,
    /// Not at all, or not to the end: told to stop.
    Stopped,
}

/// Makes the empty file `to` a copy of `from`, sharing blocks where the file system can do that.
///
/// `go_on` is told the bytes of each piece of a few MiB and says whether to go on. Nothing is
/// synced.
pub fn copy_into(from: &File, to: &File, mut go_on: impl FnMut(u64) -> bool) -> io::Result<Copied> {
    if share_blocks(from, to) {
        return Ok(Copied::Shared);
    }
    let (mut from, mut to) = (from, to);
    let length = from.metadata()?.len();
    let piece = usize::try_from(length).map_or(PIECE_BYTES, |length| length.min(PIECE_BYTES));
    let mut buffer = vec![0; piece.max(1)];
    loop {
        let count = match from.read(&mut buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        if count == 0 {
            return Ok(Copied::Whole);
        }
        to.write_all(&buffer[..count])?;
        if !go_on(count as u64) {
            return Ok(Copied::Stopped);
        }
    }
}

/// Whether copies of files in the folder `from` to the folder `to` share their blocks, and so take no
/// room. Tried with files that never have a name, so that looking leaves nothing behind; where that
/// cannot be tried the answer is no.
pub fn shares_blocks(from: &Path, to: &Path) -> bool {
    let tried = || -> Result<bool, PathError> {
        let (Some(from), Some(to)) = (nameless(from)?, nameless(to)?) else {
            return Ok(false);
        };
        let is_written = (&from).write_all(&[1; 4096]).is_ok();
        Ok(is_written && share_blocks(&from, &to))
    };
    tried().unwrap_or(false)
}

/// Any refusal only means that there is another way.
#[cfg(target_os = "linux")]
fn share_blocks(from: &File, to: &File) -> bool {
    rustix::fs::ioctl_ficlone(to, from).is_ok()
}

/// Apple's systems share blocks between names, not between open files: see [`clone_to`].
#[cfg(not(target_os = "linux"))]
fn share_blocks(_from: &File, _to: &File) -> bool {
    false
}

#[cfg(target_os = "linux")]
fn nameless(folder: &Path) -> Result<Option<File>, PathError> {
    use rustix::fs::{Mode, OFlags};
    let nearest = crate::space::nearest(folder)?;
    let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
    let opened = rustix::fs::open(nearest, flags, Mode::RUSR | Mode::WUSR);
    Ok(opened.ok().map(File::from))
}

#[cfg(not(target_os = "linux"))]
fn nameless(_folder: &Path) -> Result<Option<File>, PathError> {
    Ok(None)
}

/// Gives `from` a second name `to` whose content is its own from then on, without reading a byte.
/// `false`, and nothing is at `to`, where the file system cannot do that. `to` must not be there.
#[cfg(target_vendor = "apple")]
pub fn clone_to(from: &File, to: &Path) -> bool {
    use rustix::fs::{CWD, CloneFlags};
    use std::fs;
    // A clone has the mode of its source; a file of ours has that of a fresh one.
    let fresh = File::create_new(to).and_then(|file| file.metadata());
    let Ok(mode) = fresh.map(|fresh| fresh.permissions()) else {
        return false;
    };
    if fs::remove_file(to).is_err() {
        return false;
    }
    if rustix::fs::fclonefileat(from, CWD, to, CloneFlags::empty()).is_err() {
        return false;
    }
    let is_ours = fs::set_permissions(to, mode).is_ok();
    if !is_ours {
        // A leftover is in nobody's way: the caller's next step replaces it or fails.
        let _ = fs::remove_file(to);
    }
    is_ours
}

/// Gives `from` a second name whose content is its own. Only Apple's systems do that by name.
#[cfg(not(target_vendor = "apple"))]
pub fn clone_to(_from: &File, _to: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::{Seek as _, SeekFrom};

    use super::*;

    fn files(length: usize) -> (tempfile::TempDir, File, File) {
        let dir = tempfile::tempdir().unwrap();
        let (from, to) = (dir.path().join("from"), dir.path().join("to"));
        fs::write(&from, vec![7; length]).unwrap();
        let from = File::open(from).unwrap();
        (dir, from, File::create_new(to).unwrap())
    }

    /// Which of the two happens is the file system's choice; what comes of it is not.
    #[test]
    fn a_copy_has_the_content_and_a_life_of_its_own() {
        let (dir, from, mut to) = files(PIECE_BYTES + 5);
        let mut told = 0;
        let copied = copy_into(&from, &to, |bytes| {
            told += bytes;
            true
        });
        match copied.unwrap() {
            Copied::Shared => assert_eq!(told, 0),
            Copied::Whole => assert_eq!(told, (PIECE_BYTES + 5) as u64),
            Copied::Stopped => panic!("nobody said so"),
        }
        assert_eq!(
            fs::read(dir.path().join("to")).unwrap(),
            vec![7; PIECE_BYTES + 5]
        );
        to.seek(SeekFrom::Start(0)).unwrap();
        to.write_all(b"new").unwrap();
        assert_eq!(
            fs::read(dir.path().join("from")).unwrap(),
            vec![7; PIECE_BYTES + 5]
        );
    }

    #[test]
    fn a_copy_stops_at_the_next_piece() {
        let (dir, from, to) = files(3 * PIECE_BYTES);
        let copied = copy_into(&from, &to, |_| false).unwrap();
        let length = fs::metadata(dir.path().join("to")).unwrap().len();
        match copied {
            Copied::Stopped => assert_eq!(length, PIECE_BYTES as u64),
            // There was nothing to stop.
            other => assert_eq!(other, Copied::Shared),
        }
    }

    #[test]
    fn to_try_it_leaves_nothing_and_tells_what_a_copy_will_do() {
        let (dir, from, to) = files(4096);
        let foretold = shares_blocks(dir.path(), &dir.path().join("not/yet"));
        let names = || fs::read_dir(dir.path()).unwrap().count();
        assert_eq!(names(), 2);
        let copied = copy_into(&from, &to, |_| true).unwrap();
        assert_eq!(foretold, copied == Copied::Shared);
    }
}
