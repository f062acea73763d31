//! What is noted about a file of a [`LocalFolder`](crate::LocalFolder), in three lines.
//!
//! ```text
//! <commit>
//! <etag>
//! <seconds since 1970, as a decimal fraction>
//! ```
//!
//! It vouches for the file as long as the file has not been changed after that time; the official
//! client grants a second. Ours is the file's own time, which no clock can be wrong about.

use std::fs::{self, Metadata};
use std::path::Path;
use std::time::UNIX_EPOCH;

use hubdesk_core::{CommitId, Digest};
use hubdesk_disk::{Doing, PathError, read_up_to};

/// A second, as the official client grants it: not every file system keeps fractions.
const SLACK: f64 = 1.0;
/// What is lost when a time becomes a floating-point number.
const ROUNDING: f64 = 1e-6;
/// More than any note has.
const LONGEST: u64 = 4096;

/// One note.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Note {
    /// The commit, as it is written there.
    pub(crate) commit: String,
    /// The content.
    pub(crate) digest: Digest,
    time: f64,
}

impl Note {
    /// The note at `path`. One that is not quite right is as good as none.
    pub(crate) fn read(path: &Path) -> Result<Option<Self>, PathError> {
        match read_up_to(path, LONGEST) {
            Ok(bytes) => Ok(bytes.as_deref().and_then(parse)),
            Err(error) if error.is_too_large() || error.is_permission() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether it speaks of the file as it is, by the official rule.
    pub(crate) fn is_of(&self, file: &Metadata) -> bool {
        changed(file) - SLACK <= self.time
    }

    /// Whether the file has not been touched since, without any slack.
    pub(crate) fn is_strictly_of(&self, file: &Metadata) -> bool {
        changed(file) <= self.time + ROUNDING
    }
}

/// Notes that `file` is `digest` as of `commit`. Not synced: what a crash tears is as good as none,
/// and then the file is read once.
pub(crate) fn write(
    path: &Path,
    commit: &CommitId,
    digest: &Digest,
    file: &Metadata,
) -> Result<(), PathError> {
    let since = file.modified().ok();
    let since = since.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let since = since.unwrap_or_default();
    let (seconds, nanos) = (since.as_secs(), since.subsec_nanos());
    // A link of that name is not ours, and must not be written through.
    if fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink()) {
        fs::remove_file(path).doing("remove", path)?;
    }
    let text = format!("{commit}\n{digest}\n{seconds}.{nanos:09}\n");
    fs::write(path, text).doing("write", path)
}

fn changed(file: &Metadata) -> f64 {
    let time = file.modified().ok();
    let since = time.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since.map_or(0.0, |since| since.as_secs_f64())
}

fn parse(bytes: &[u8]) -> Option<Note> {
    let text = str::from_utf8(bytes).ok()?;
    let mut lines = text.lines().map(str::trim);
    let (commit, etag, time) = (lines.next()?, lines.next()?, lines.next()?);
    let time: f64 = time.parse().ok()?;
    Some(Note {
        commit: commit.to_owned(),
        digest: Digest::parse(etag)?,
        time: time.is_finite().then_some(time)?,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const COMMIT: &str = "11c5a3d5811f50298f278a704980280950aedb10";
    const ETAG: &str = "a16a55fda99d2f2e7b69cce5cf93ff4ad3049930";

    #[test]
    fn a_note_of_the_official_client_is_read() {
        let note = parse(format!("{COMMIT}\n{ETAG}\n1712656091.123\n").as_bytes()).unwrap();
        assert_eq!(
            (note.commit.as_str(), note.time),
            (COMMIT, 1_712_656_091.123)
        );
        assert_eq!(note.digest.to_string(), ETAG);
    }

    #[test]
    fn a_note_that_is_not_quite_right_is_as_good_as_none() {
        for text in [
            String::new(),
            format!("{COMMIT}\n{ETAG}\n"),
            format!("{COMMIT}\n{ETAG}\nyesterday\n"),
            format!("{COMMIT}\n{ETAG}\nnan\n"),
            format!("{COMMIT}\nW/\"x\"\n1\n"),
        ] {
            assert_eq!(parse(text.as_bytes()), None, "{text:?}");
        }
    }

    #[test]
    fn what_is_written_vouches_for_the_file_to_the_last_digit() {
        let dir = tempfile::tempdir().unwrap();
        let (file, note) = (dir.path().join("f"), dir.path().join("f.metadata"));
        fs::write(&file, "x").unwrap();
        let found = fs::metadata(&file).unwrap();
        let digest = Digest::parse(ETAG).unwrap();
        write(&note, &COMMIT.parse().unwrap(), &digest, &found).unwrap();
        let note = Note::read(&note).unwrap().unwrap();
        assert!(note.is_of(&found) && note.is_strictly_of(&found));
        let later = found.modified().unwrap() + std::time::Duration::from_millis(10);
        fs::File::options()
            .write(true)
            .open(&file)
            .unwrap()
            .set_modified(later)
            .unwrap();
        let found = fs::metadata(&file).unwrap();
        assert!(note.is_of(&found) && !note.is_strictly_of(&found));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_harm(bytes: Vec<u8>) {
            let _ = parse(&bytes);
        }
    }
}
