//! Files and folders a person has chosen, or dropped on the window, to upload. A page names them by
//! ids that were given out here, so that no path is ever typed by one.

use std::collections::VecDeque;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use crate::App;
use crate::api::{ApiError, KnownSource, SourceId, UiEvent};

/// Sources that are remembered; more are never dropped at once.
const MOST: usize = 10_000;

/// What was given out in this run of the program.
#[derive(Default)]
pub(crate) struct Sources(Mutex<VecDeque<Given>>);

/// Something that was chosen.
#[derive(Debug, Clone)]
pub(crate) struct Given {
    id: SourceId,
    pub(crate) path: PathBuf,
    pub(crate) is_folder: bool,
}

impl Sources {
    /// What was given out as `id`.
    pub(crate) fn get(&self, id: &SourceId) -> Result<Given, ApiError> {
        let given = self.lock();
        let found = given.iter().find(|given| given.id == *id);
        found
            .cloned()
            .ok_or_else(|| ApiError::bad_input("That file or folder was not chosen here."))
    }

    /// Gives out what is there of `paths`. Blocks.
    pub(crate) fn give_out(&self, paths: Vec<PathBuf>) -> Vec<KnownSource> {
        let known = paths.into_iter().take(MOST).filter_map(known);
        let known: Vec<_> = known.collect();
        let mut given = self.lock();
        for (one, _) in &known {
            given.push_back(one.clone());
        }
        let surplus = given.len().saturating_sub(MOST);
        given.drain(..surplus);
        known.into_iter().map(|(_, shown)| shown).collect()
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Given>> {
        self.0
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}

/// `None` of what is neither a file nor a folder, or whose path is no text, which no request can
/// hold.
fn known(path: PathBuf) -> Option<(Given, KnownSource)> {
    let found = std::fs::metadata(&path).ok()?;
    let is_folder = found.is_dir();
    if !path.is_absolute() || !(is_folder || found.is_file()) {
        return None;
    }
    let text = path.to_str()?.to_owned();
    let mut bytes = [0; 8];
    // Without chance the page could guess what a person has chosen anyway.
    let _ = getrandom::fill(&mut bytes);
    let id = format!("{:016x}", u64::from_be_bytes(bytes));
    let shown = KnownSource {
        id: id.clone(),
        name: name(&path).unwrap_or(&text).to_owned(),
        path: text,
        is_folder,
        bytes: if is_folder { 0 } else { found.len() },
    };
    let given = Given {
        id,
        path,
        is_folder,
    };
    Some((given, shown))
}

fn name(path: &Path) -> Option<&str> {
    path.file_name()?.to_str()
}

impl App {
    /// Files and folders were dropped on the window: it is told what they are.
    pub async fn dropped(&self, paths: Vec<PathBuf>) {
        let sources = self.blocking(move |app| app.sources().give_out(paths));
        let sources = sources.await;
        self.events().tell(|| Some(UiEvent::Dropped { sources }));
    }

    /// So many files and folders are held over the window; 0 when none is any more.
    pub fn dragged(&self, count: usize) {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        self.events().tell(|| Some(UiEvent::DragOver { count }));
    }

    /// What a person has copied in a file manager.
    pub(crate) async fn paste_sources(&self) -> Result<Vec<KnownSource>, ApiError> {
        let copied = self.blocking(|app| {
            let copied = app.host().copied_files()?;
            Ok::<_, io::Error>(app.sources().give_out(copied))
        });
        copied.await.map_err(|error| match error.kind() {
            ErrorKind::Unsupported => ApiError::bad_input(
                "Files cannot be pasted on this system: drop them on the window, or choose them.",
            ),
            _ => ApiError::internal(format!("The clipboard cannot be read: {error}.")),
        })
    }

    /// Lets a person choose files, or a folder, in the desktop's own window.
    pub(crate) async fn pick_sources(&self, folder: bool) -> Result<Vec<KnownSource>, ApiError> {
        let picked = self.blocking(move |app| match folder {
            true => app
                .host()
                .pick_source_folder()
                .map(|picked| picked.into_iter().collect()),
            false => app.host().pick_files(),
        });
        let picked = picked.await.map_err(|error| {
            ApiError::internal(format!("The system cannot ask for files: {error}."))
        })?;
        Ok(self
            .blocking(move |app| app.sources().give_out(picked))
            .await)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_chosen_is_named_by_an_id_and_by_nothing_else() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("a.txt");
        std::fs::write(&file, "abc").unwrap();
        let sources = Sources::default();
        let paths = vec![
            home.path().to_owned(),
            file.clone(),
            home.path().join("gone"),
            PathBuf::from("relative"),
        ];
        let given = sources.give_out(paths);
        let shown: Vec<_> = given.iter().map(|one| (one.is_folder, one.bytes)).collect();
        assert_eq!(shown, [(true, 0), (false, 3)]);
        assert_eq!(sources.get(&given[1].id).unwrap().path, file);
        assert!(sources.get(&given[1].path).is_err(), "a path is no id");
        assert!(sources.get(&"0".repeat(16)).is_err());
    }
}
