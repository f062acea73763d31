use std::fs::File;
use std::io;

/// From this many files on, one wait for the whole volume is shorter than one for each.
const MANY: usize = 5;

/// Waits until the disk has what was written to `files`, which all lie on one volume.
///
/// A few are waited for one by one, many together, which is one wait instead of thousands: where
/// the system can sync a whole volume (Linux), with what others have written there; on Apple's, where
/// the disk's own memory is what takes long, with one flush of that.
pub fn sync_files(files: &[&File]) -> io::Result<()> {
    match files {
        [first, ..] if files.len() >= MANY => sync_volume(first, files),
        few => sync_each(few),
    }
}

/// The file that was opened first remembers the errors of them all.
#[cfg(target_os = "linux")]
fn sync_volume(first: &File, files: &[&File]) -> io::Result<()> {
    match rustix::fs::syncfs(first) {
        Err(rustix::io::Errno::NOSYS) => sync_each(files),
        synced => Ok(synced?),
    }
}

/// Handing all over to the disk is quick. What makes the disk keep it, keeps all that it has.
#[cfg(target_vendor = "apple")]
fn sync_volume(first: &File, files: &[&File]) -> io::Result<()> {
    for file in files {
        rustix::fs::fsync(file)?;
    }
    first.sync_data()
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn sync_volume(_first: &File, files: &[&File]) -> io::Result<()> {
    sync_each(files)
}

fn sync_each(files: &[&File]) -> io::Result<()> {
    files.iter().try_for_each(|file| file.sync_data())
}
