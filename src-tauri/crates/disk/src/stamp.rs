use std::fs::Metadata;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How long a file must have rested for its stamp to tell: the coarsest clock of the file systems
/// in use counts in two seconds.
const REST: Duration = Duration::from_secs(2);

/// What the system says of a file without reading it. A file whose stamp is the same has the same
/// content, if it had rested when the stamp was taken ([`Stamp::had_rested`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Stamp {
    /// Its length in bytes.
    pub size: u64,
    /// When its content was last written, in nanoseconds since 1970. Programs can set it.
    pub modified: i128,
    /// When anything about it last changed, likewise. Nobody can set it; 0 where the system does
    /// not keep it.
    pub changed: i128,
    /// The file itself, so that one that was put in the place of another is noticed; 0 where the
    /// system does not say.
    pub inode: u64,
    /// The volume it is on, likewise.
    pub volume: u64,
}

impl Stamp {
    /// The stamp in what the system said.
    pub fn of(metadata: &Metadata) -> Self {
        let (changed, inode, volume) = identity(metadata);
        Self {
            size: metadata.len(),
            modified: metadata.modified().map_or(0, nanoseconds),
            changed,
            inode,
            volume,
        }
    }

    /// Whether nothing had happened to the file for a moment before `now`. Otherwise a second change
    /// within the same tick of the file system's clock would have gone unnoticed.
    pub fn had_rested(&self, now: SystemTime) -> bool {
        let limit = nanoseconds(now) - REST.as_nanos() as i128;
        self.modified < limit && self.changed < limit
    }
}

fn nanoseconds(time: SystemTime) -> i128 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => since.as_nanos() as i128,
        Err(before) => -(before.duration().as_nanos() as i128),
    }
}

#[cfg(unix)]
fn identity(metadata: &Metadata) -> (i128, u64, u64) {
    use std::os::unix::fs::MetadataExt as _;
    let changed = i128::from(metadata.ctime()) * 1_000_000_000 + i128::from(metadata.ctime_nsec());
    (changed, metadata.ino(), metadata.dev())
}

#[cfg(not(unix))]
fn identity(_: &Metadata) -> (i128, u64, u64) {
    (0, 0, 0)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn stamp(path: &std::path::Path) -> Stamp {
        Stamp::of(&fs::metadata(path).unwrap())
    }

    #[test]
    fn a_file_in_the_place_of_another_has_another_stamp() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (folder.path().join("one"), folder.path().join("other"));
        fs::write(&one, "same").unwrap();
        fs::write(&other, "size").unwrap();
        let before = stamp(&one);
        assert_eq!(before, stamp(&one));
        let times =
            fs::FileTimes::new().set_modified(fs::metadata(&one).unwrap().modified().unwrap());
        fs::File::options()
            .write(true)
            .open(&other)
            .unwrap()
            .set_times(times)
            .unwrap();
        fs::rename(&other, &one).unwrap();
        let after = stamp(&one);
        assert_eq!((after.size, after.modified), (before.size, before.modified));
        assert_ne!(after, before);
    }

    #[test]
    fn what_was_touched_a_moment_ago_has_not_rested() {
        let stamp = Stamp {
            size: 0,
            modified: 5_000_000_000,
            changed: 7_000_000_000,
            inode: 1,
            volume: 1,
        };
        let at = |seconds| UNIX_EPOCH + Duration::from_secs(seconds);
        assert!(!stamp.had_rested(at(7)));
        assert!(!stamp.had_rested(at(9)));
        assert!(stamp.had_rested(at(10)));
    }
}
