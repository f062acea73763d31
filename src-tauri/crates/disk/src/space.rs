use std::path::{Path, PathBuf};

use crate::{Doing, PathError, look};

/// Bytes this user may still write on the volume that holds `path`, or will hold it: the nearest
/// folder that exists is asked.
pub fn available_space(path: &Path) -> Result<u64, PathError> {
    let nearest = nearest(path)?;
    fs4::available_space(nearest).doing("measure the room at", nearest)
}

/// Where the volume begins that holds `path`, or will hold it; `path` itself if that cannot be told.
pub fn volume_of(path: &Path) -> PathBuf {
    let found = nearest(path).ok().and_then(|path| path.canonicalize().ok());
    found.map_or_else(|| path.to_owned(), beginning)
}

/// The folder furthest up that lies on the same device.
#[cfg(unix)]
fn beginning(path: PathBuf) -> PathBuf {
    use std::os::unix::fs::MetadataExt as _;
    let device = |path: &Path| path.metadata().ok().map(|found| found.dev());
    let own = device(&path);
    let on_it = path.ancestors().take_while(|above| device(above) == own);
    let first = on_it.last().map(Path::to_owned);
    first.unwrap_or(path)
}

/// The drive or the share.
#[cfg(not(unix))]
fn beginning(path: PathBuf) -> PathBuf {
    path.ancestors().last().map_or(path.clone(), Path::to_owned)
}

/// The nearest folder above `path` that is there, or `path` itself.
pub(crate) fn nearest(path: &Path) -> Result<&Path, PathError> {
    let mut nearest = path;
    while look(nearest)?.is_none() {
        nearest = match nearest.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
    }
    Ok(nearest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_volume_of_what_is_not_there_yet_is_that_of_the_nearest_folder() {
        let dir = tempfile::tempdir().unwrap();
        let volume = volume_of(&dir.path().join("not/yet/there"));
        assert_eq!(volume, volume_of(dir.path()));
        assert!(dir.path().canonicalize().unwrap().starts_with(volume));
    }
}
