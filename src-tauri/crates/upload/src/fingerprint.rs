//! What a file is, by one read of it.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::Path;

use bytes::Bytes;
use hubdesk_core::{Digest, Hasher};
use hubdesk_disk::{Doing, Stamp};
use tokio_util::sync::CancellationToken;

use crate::halt::Halt;
use crate::{Content, Error, Found};

/// How much of a file's beginning is kept, in bytes: what the Hub wants to see of it.
pub const SAMPLE: usize = 512;
/// How much is read at once, in bytes.
const PIECE: usize = 1 << 20;
/// The Hub keeps no larger file under its git blob id, in bytes: its limit is 10 MiB, and a few
/// old repositories have larger ones.
pub(crate) const LARGEST_BLOB: u64 = 64 << 20;

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    /// Its length in bytes.
    pub size: u64,
    /// Its git blob id, if it may be one of the Hub's regular files.
    pub git_blob: Option<Digest>,
    /// Its sha256.
    pub sha256: Digest,
    /// Its first 512 bytes, or all.
    pub sample: Bytes,
}

/// Remembers fingerprints, so that a file that was not touched is not read again.
pub trait Fingerprints: Send + Sync {
    /// What `path` was when it had exactly this stamp.
    fn get(&self, path: &Path, stamp: &Stamp) -> Option<Fingerprint>;
    /// Keeps what `path` is. Failing to is nobody's concern.
    fn put(&self, path: &Path, stamp: &Stamp, fingerprint: &Fingerprint);
}

/// Remembers nothing.
impl Fingerprints for () {
    fn get(&self, _: &Path, _: &Stamp) -> Option<Fingerprint> {
        None
    }

    fn put(&self, _: &Path, _: &Stamp, _: &Fingerprint) {}
}

/// Computes a fingerprint from the bytes as they go by.
pub(crate) struct Hashing {
    size: u64,
    git_blob: Option<Hasher>,
    sha256: Hasher,
    sample: Vec<u8>,
    seen: u64,
}

impl Hashing {
    /// For content of `size` bytes.
    pub(crate) fn new(size: u64) -> Self {
        Self {
            size,
            git_blob: (size <= LARGEST_BLOB).then(|| Hasher::git_blob(size)),
            sha256: Hasher::sha256(),
            sample: Vec::with_capacity(SAMPLE.min(size as usize)),
            seen: 0,
        }
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        let sample = bytes.len().min(SAMPLE - self.sample.len());
        self.sample.extend_from_slice(&bytes[..sample]);
        if let Some(git_blob) = &mut self.git_blob {
            git_blob.update(bytes);
        }
        self.sha256.update(bytes);
        self.seen += bytes.len() as u64;
    }

    /// `None` if it was not as long as was said.
    pub(crate) fn finish(self) -> Option<Fingerprint> {
        (self.seen == self.size).then(|| Fingerprint {
            size: self.size,
            git_blob: self.git_blob.map(Hasher::finish),
            sha256: self.sha256.finish(),
            sample: self.sample.into(),
        })
    }
}

impl Fingerprint {
    /// What `bytes` are.
    pub fn of(bytes: &[u8]) -> Self {
        let mut hashing = Hashing::new(bytes.len() as u64);
        hashing.update(bytes);
        hashing.finish().expect("all of it was seen")
    }

    /// Whether it is the content the Hub names by `digest`.
    pub fn is(&self, digest: &Digest) -> bool {
        *digest == self.sha256 || Some(*digest) == self.git_blob
    }
}

/// A file that is being read, and must stay as it was found while it is.
pub(crate) struct Reading<'a> {
    path: &'a Path,
    stamp: Stamp,
    file: File,
}

impl<'a> Reading<'a> {
    /// Opens it. [`Error::Changed`] if it is not what was found.
    pub(crate) fn open(path: &'a Path, stamp: &Stamp) -> Result<Self, Error> {
        let file = File::open(path)
            .doing("open", path)
            .map_err(Error::Source)?;
        let reading = Self {
            path,
            stamp: *stamp,
            file,
        };
        reading.check()?;
        Ok(reading)
    }

    /// Fills `buffer` as far as there is something.
    pub(crate) fn fill(&mut self, buffer: &mut [u8]) -> Result<usize, Error> {
        let mut filled = 0;
        while filled < buffer.len() {
            match self.file.read(&mut buffer[filled..]) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                read => match read.doing("read", self.path).map_err(Error::Source)? {
                    0 => break,
                    count => filled += count,
                },
            }
        }
        Ok(filled)
    }

    /// [`Error::Changed`] if somebody has written to it, or put another in its place.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let now = self.file.metadata().doing("look at", self.path);
        let now = Stamp::of(&now.map_err(Error::Source)?);
        if now == self.stamp {
            Ok(())
        } else {
            Err(self.changed())
        }
    }

    pub(crate) fn changed(&self) -> Error {
        Error::Changed {
            path: self.path.to_owned(),
        }
    }
}

/// Reads a file once. `seen` is told of each piece.
pub(crate) fn fingerprint(
    path: &Path,
    stamp: &Stamp,
    cancel: &CancellationToken,
    seen: &dyn Fn(u64),
) -> Result<Fingerprint, Halt> {
    let mut reading = Reading::open(path, stamp)?;
    let mut hashing = Hashing::new(stamp.size);
    let mut buffer = vec![0; PIECE.min(stamp.size as usize + 1)];
    loop {
        if cancel.is_cancelled() {
            return Err(Halt::Cancelled);
        }
        match reading.fill(&mut buffer)? {
            0 => break,
            count => {
                hashing.update(&buffer[..count]);
                seen(count as u64);
            }
        }
    }
    reading.check()?;
    Ok(hashing.finish().ok_or_else(|| reading.changed())?)
}

/// All bytes of a small file.
pub(crate) fn read_whole(found: &Found) -> Result<Bytes, Error> {
    match &found.content {
        Content::Bytes(bytes) => Ok(bytes.clone()),
        Content::File { path, stamp } => {
            let mut reading = Reading::open(path, stamp)?;
            let mut bytes = vec![0; stamp.size as usize];
            let count = reading.fill(&mut bytes)?;
            reading.check()?;
            if count as u64 == stamp.size {
                Ok(bytes.into())
            } else {
                Err(reading.changed())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn read(path: &Path, stamp: &Stamp) -> Result<Fingerprint, Halt> {
        fingerprint(path, stamp, &CancellationToken::new(), &|_| ())
    }

    fn file(content: &[u8]) -> (tempfile::TempDir, std::path::PathBuf, Stamp) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f");
        fs::write(&path, content).unwrap();
        let stamp = Stamp::of(&fs::metadata(&path).unwrap());
        (folder, path, stamp)
    }

    #[test]
    fn one_read_gives_both_digests_and_the_beginning() {
        let content: Vec<u8> = (0..3_000_000_u32).map(|n| n as u8).collect();
        let (_folder, path, stamp) = file(&content);
        let fingerprint = read(&path, &stamp).unwrap();
        assert_eq!(fingerprint, Fingerprint::of(&content));
        assert!(fingerprint.is(&Digest::git_blob(&content)));
        assert!(fingerprint.is(&Digest::sha256(&content)));
        assert!(!fingerprint.is(&Digest::sha256(b"")));
        assert_eq!(fingerprint.sample, content[..SAMPLE]);
    }

    #[test]
    fn an_empty_file_has_one_too() {
        let (_folder, path, stamp) = file(b"");
        assert_eq!(read(&path, &stamp).unwrap(), Fingerprint::of(b""));
    }

    #[test]
    fn a_file_that_is_not_what_was_found_is_not_read() {
        let (_folder, path, stamp) = file(b"abc");
        fs::write(&path, "abd").unwrap();
        let later = Stamp {
            modified: stamp.modified - 1,
            ..stamp
        };
        for stamp in [later, Stamp { size: 4, ..stamp }] {
            let end = read(&path, &stamp);
            let Err(Halt::Failed(error)) = end else {
                panic!("{end:?}");
            };
            assert!(matches!(*error, Error::Changed { .. }), "{error:?}");
        }
    }

    #[test]
    fn reading_can_be_stopped() {
        let (_folder, path, stamp) = file(b"abc");
        let cancel = CancellationToken::new();
        cancel.cancel();
        let end = fingerprint(&path, &stamp, &cancel, &|_| ());
        assert!(matches!(end, Err(Halt::Cancelled)));
    }
}
