//! What the desktop can do for the program.

use std::io;
use std::path::{Path, PathBuf};

use hubdesk_app::{Host, SystemHost};
use tauri::{AppHandle, Manager as _};

use crate::window::MAIN;
use crate::{clipboard, notice};

/// The desktop of a program with a window.
pub(crate) struct Desktop {
    shell: AppHandle,
    system: SystemHost,
}

impl Desktop {
    pub(crate) fn new(shell: AppHandle) -> Self {
        let system = SystemHost;
        Self { shell, system }
    }

    /// A dialog over the window, made by the toolkit itself, so that it needs no portal.
    fn dialog(&self, title: &str) -> rfd::AsyncFileDialog {
        let dialog = rfd::AsyncFileDialog::new().set_title(title);
        match self.shell.get_webview_window(MAIN) {
            Some(window) => dialog.set_parent(&window),
            None => dialog,
        }
    }
}

impl Host for Desktop {
    fn open_link(&self, url: &str) -> io::Result<()> {
        self.system.open_link(url)
    }

    fn open_folder(&self, path: &Path) -> io::Result<()> {
        self.system.open_folder(path)
    }

    fn pick_folder(&self) -> io::Result<Option<PathBuf>> {
        let dialog = self.dialog("Choose a folder for the files");
        let picked = tauri::async_runtime::block_on(dialog.pick_folder());
        Ok(picked.map(|folder| folder.path().to_owned()))
    }

    fn pick_files(&self) -> io::Result<Vec<PathBuf>> {
        let dialog = self.dialog("Choose files to upload");
        let picked = tauri::async_runtime::block_on(dialog.pick_files());
        let picked = picked.into_iter().flatten();
        Ok(picked.map(|file| file.path().to_owned()).collect())
    }

    fn pick_source_folder(&self) -> io::Result<Option<PathBuf>> {
        let dialog = self.dialog("Choose a folder to upload");
        let picked = tauri::async_runtime::block_on(dialog.pick_folder());
        Ok(picked.map(|folder| folder.path().to_owned()))
    }

    fn copied_files(&self) -> io::Result<Vec<PathBuf>> {
        clipboard::files(&self.shell)
    }

    fn notify(&self, title: &str, body: &str) -> io::Result<()> {
        notice::show(title, body)
    }

    fn is_in_front(&self) -> bool {
        let window = self.shell.get_webview_window(MAIN);
        window.is_some_and(|window| window.is_focused().unwrap_or(false))
    }

    fn memory_bytes(&self) -> Option<u64> {
        self.system.memory_bytes()
    }
}
