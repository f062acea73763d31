use std::fs::File;
use std::io;

/// From this many files on, one wait for the whole volume is shorter than one for each.
const MANY: usize = 5;

/// Waits until the disk has what was written to `files`, which all lie on one volume.
///
/// A few are waited for one by one. Where the system can sync a whole volume (Linux), many are
/// waited for together: that also takes along what others have written there, and still is one
/// wait instead of thousands.
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

#[cfg(not(target_os = "linux"))]
fn sync_volume(_first: &File, files: &[&File]) -> io::Result<()> {
    sync_each(files)
}

fn sync_each(files: &[&File]) -> io::Result<()> {
    files.iter().try_for_each(|file| file.sync_data())
}
