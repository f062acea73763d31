//! Folders a person has chosen for downloads. A page names them by ids that were given out here, so
//! that no path is ever typed by one.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use hubdesk_disk::{PathError, ensure_dir, read_up_to, write_atomically};
use serde::{Deserialize, Serialize};

use crate::App;
use crate::api::{ApiError, FolderId, KnownFolder, Tag};

/// Folders that are remembered.
const MOST: usize = 8;
/// A list that is longer is none of ours.
const LONGEST_FILE: u64 = 1 << 20;

/// The folders used lately.
pub(crate) struct Folders {
    file: PathBuf,
    known: Mutex<Vec<Known>>,
}

struct Known {
    id: FolderId,
    path: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    folders: Vec<String>,
}

impl Folders {
    /// Those that were used before, as remembered in the folder `config`. Blocks.
    pub(crate) fn open(config: &Path) -> Self {
        let file = config.join("folders.json");
        let stored = read_up_to(&file, LONGEST_FILE).ok().flatten();
        let stored = stored.and_then(|text| serde_json::from_slice::<Stored>(&text).ok());
        let paths = stored.map(|stored| stored.folders).unwrap_or_default();
        let paths = paths.into_iter().map(PathBuf::from);
        let known = paths
            .filter(|path| path.is_absolute())
            .take(MOST)
            .map(Known::new);
        Self {
            file,
            known: Mutex::new(known.collect()),
        }
    }

    /// All of them, the last one first.
    pub(crate) fn list(&self) -> Vec<KnownFolder> {
        self.lock().iter().map(Known::shown).collect()
    }

    /// The folder that was given out as `id`.
    pub(crate) fn path(&self, id: &FolderId) -> Result<PathBuf, ApiError> {
        let known = self.lock();
        let found = known.iter().find(|known| known.id == *id);
        found
            .map(|known| known.path.clone())
            .ok_or_else(|| ApiError::bad_input("That folder was not chosen here."))
    }

    /// `path` was chosen, or used again. Blocks.
    fn put(&self, path: PathBuf) -> KnownFolder {
        let mut known = self.lock();
        let before = known.iter().position(|known| known.path == path);
        let one = match before {
            Some(at) => known.remove(at),
            None => Known::new(path),
        };
        let shown = one.shown();
        known.insert(0, one);
        known.truncate(MOST);
        if let Err(error) = self.keep(&known) {
            tracing::warn!(%error, "the folders used lately cannot be kept");
        }
        shown
    }

    fn keep(&self, known: &[Known]) -> Result<(), PathError> {
        let paths = known.iter().filter_map(|known| known.path.to_str());
        let folders = paths.map(str::to_owned).collect();
        let text = serde_json::to_vec_pretty(&Stored { folders }).expect("paths are text");
        if let Some(folder) = self.file.parent() {
            ensure_dir(folder)?;
        }
        write_atomically(&self.file, &text)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Known>> {
        self.known
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}

impl Known {
    fn new(path: PathBuf) -> Self {
        let mut bytes = [0; 8];
        // Without chance the page could guess a folder that a person has chosen anyway.
        let _ = getrandom::fill(&mut bytes);
        let id = format!("{:016x}", u64::from_be_bytes(bytes));
        Self { id, path }
    }

    fn shown(&self) -> KnownFolder {
        KnownFolder {
            id: self.id.clone(),
            path: self.path.display().to_string(),
        }
    }
}

impl App {
    /// Lets a person choose a folder, in the desktop's own window.
    pub(crate) async fn pick_folder(&self) -> Result<Option<KnownFolder>, ApiError> {
        let picked = self.blocking(|app| app.host().pick_folder()).await;
        let picked = picked.map_err(|error| {
            ApiError::internal(format!("The system cannot ask for a folder: {error}."))
        })?;
        let Some(path) = picked.filter(|path| path.is_absolute()) else {
            return Ok(None);
        };
        Ok(Some(
            self.blocking(move |app| app.folders().put(path)).await,
        ))
    }

    /// A folder is used: it comes first in the list the next time.
    pub(crate) async fn folder_is_used(&self, path: PathBuf) {
        self.blocking(move |app| app.folders().put(path)).await;
        self.events().stale(&[Tag::Folders]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_come_back_after_a_start_the_last_one_first_and_no_more_than_a_few() {
        let home = tempfile::tempdir().unwrap();
        let folder = |n: usize| home.path().join(n.to_string());
        let folders = Folders::open(home.path());
        (0..MOST + 2).for_each(|n| drop(folders.put(folder(n))));
        folders.put(folder(5));
        let again = Folders::open(home.path()).list();
        assert_eq!(again.len(), MOST);
        assert_eq!(again[0].path, folder(5).display().to_string());
        assert_eq!(again[1].path, folder(MOST + 1).display().to_string());
    }

    #[test]
    fn an_id_nobody_was_given_names_no_folder() {
        let home = tempfile::tempdir().unwrap();
        let folders = Folders::open(home.path());
        let known = folders.put(home.path().to_owned());
        assert_eq!(folders.path(&known.id).unwrap(), home.path());
        assert!(folders.path(&known.path).is_err(), "a path is no id");
        assert!(folders.path(&"0".repeat(16)).is_err());
    }

    #[test]
    fn a_list_that_cannot_be_read_is_as_good_as_none() {
        let home = tempfile::tempdir().unwrap();
        for text in ["", "{", r#"{"folders":["relative"]}"#] {
            std::fs::write(home.path().join("folders.json"), text).unwrap();
            assert!(Folders::open(home.path()).list().is_empty(), "{text}");
        }
    }
}
