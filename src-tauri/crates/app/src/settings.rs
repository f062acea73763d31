//! What a person has set, kept in one small file of our own.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use hubdesk_disk::{PathError, ensure_dir, read_if_there, write_atomically};
use serde::{Deserialize, Serialize};

use crate::api::Settings;

/// The version of the file's form. One that is higher was written by a newer program.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Stored {
    version: u32,
    #[serde(flatten)]
    settings: Settings,
}

/// The owner of the settings.
pub(crate) struct SettingsFile {
    path: PathBuf,
    current: Mutex<Settings>,
}

impl SettingsFile {
    /// Reads `settings.json` in `folder`. One that is missing or cannot be understood is as good as
    /// none: the defaults hold, and it is left alone until something is set.
    pub(crate) fn open(folder: &Path) -> Self {
        let path = folder.join("settings.json");
        let stored = match read_if_there(&path) {
            Ok(Some(text)) => parse(&text),
            Ok(None) => None,
            Err(error) => {
                tracing::warn!(%error, "the settings cannot be read");
                None
            }
        };
        Self {
            path,
            current: Mutex::new(stored.unwrap_or_default()),
        }
    }

    pub(crate) fn get(&self) -> Settings {
        self.current
            .lock()
            .expect("nothing panics while it holds this lock")
            .clone()
    }

    pub(crate) fn set(&self, settings: Settings) -> Result<(), PathError> {
        let mut current = self
            .current
            .lock()
            .expect("nothing panics while it holds this lock");
        let stored = Stored {
            version: VERSION,
            settings: settings.clone(),
        };
        let text = serde_json::to_vec_pretty(&stored).expect("settings are plain data");
        if let Some(folder) = self.path.parent() {
            ensure_dir(folder)?;
        }
        write_atomically(&self.path, &text)?;
        *current = settings;
        Ok(())
    }
}

fn parse(text: &[u8]) -> Option<Settings> {
    let stored: Stored = serde_json::from_slice(text).ok()?;
    (stored.version == VERSION).then_some(stored.settings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::Appearance;

    #[test]
    fn what_is_set_is_there_after_the_next_start() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("hubdesk");
        let settings = Settings {
            endpoint: "http://127.0.0.1:1".to_owned(),
            appearance: Appearance::Dark,
            ..Settings::default()
        };
        SettingsFile::open(&folder).set(settings.clone()).unwrap();
        assert_eq!(SettingsFile::open(&folder).get(), settings);
    }

    #[test]
    fn a_damaged_or_newer_file_means_the_defaults() {
        let home = tempfile::tempdir().unwrap();
        for text in ["", "{", "[]", r#"{"version":2,"appearance":"dark"}"#] {
            std::fs::write(home.path().join("settings.json"), text).unwrap();
            assert_eq!(
                SettingsFile::open(home.path()).get(),
                Settings::default(),
                "{text}"
            );
        }
    }
}
