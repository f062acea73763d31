use std::path::Path;

use crate::{Doing, PathError, look};

/// Bytes this user may still write on the volume that holds `path`, or will hold it: the nearest
/// folder that exists is asked.
pub fn available_space(path: &Path) -> Result<u64, PathError> {
    let mut nearest = path;
    while look(nearest)?.is_none() {
        nearest = match nearest.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
    }
    fs4::available_space(nearest).doing("measure the room at", nearest)
}
