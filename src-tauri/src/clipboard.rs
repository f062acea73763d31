//! Files that a person has copied in a file manager. The web view keeps from a page which ones they
//! are, so the clipboard is read here.

use std::io;
use std::path::PathBuf;

use tauri::AppHandle;

/// The toolkit has a clipboard on Linux; those of other systems are not read yet.
#[cfg(target_os = "linux")]
mod toolkit {
    use std::io::{self, ErrorKind};
    use std::path::PathBuf;
    use std::sync::mpsc::{self, Sender};
    use std::time::Duration;

    use gtk::{Clipboard, SelectionData, gdk};
    use tauri::AppHandle;

    use crate::uri_list;

    /// How file managers hand out what was copied: most do as they do when it is dragged, older
    /// ones of GNOME and its kin only with a word before it, which says whether to copy or to move.
    const FORMS: [&str; 2] = [uri_list::FORM, "x-special/gnome-copied-files"];
    /// What holds the clipboard is another program, which may not answer; a person waits meanwhile.
    const PATIENCE: Duration = Duration::from_secs(5);

    pub(super) fn files(shell: &AppHandle) -> io::Result<Vec<PathBuf>> {
        let (tell, told) = mpsc::channel();
        shell
            .run_on_main_thread(move || {
                let clipboard = Clipboard::get(&gdk::SELECTION_CLIPBOARD);
                ask(&clipboard, &FORMS, tell);
            })
            .map_err(io::Error::other)?;
        told.recv_timeout(PATIENCE)
            .map_err(|_| io::Error::from(ErrorKind::TimedOut))
    }

    /// Asks for one form after the other until there are files.
    fn ask(clipboard: &Clipboard, forms: &'static [&'static str], tell: Sender<Vec<PathBuf>>) {
        let Some((form, others)) = forms.split_first() else {
            // Who has asked may not wait any more.
            let _ = tell.send(Vec::new());
            return;
        };
        let answered = move |clipboard: &Clipboard, data: &SelectionData| {
            let files = uri_list::files(&data.data());
            if files.is_empty() {
                ask(clipboard, others, tell);
            } else {
                let _ = tell.send(files);
            }
        };
        clipboard.request_contents(&gdk::Atom::intern(form), answered);
    }
}

/// Files and folders in the clipboard. Blocks; not to be called by the thread of the window.
#[cfg(target_os = "linux")]
pub(crate) fn files(shell: &AppHandle) -> io::Result<Vec<PathBuf>> {
    toolkit::files(shell)
}

/// Files and folders in the clipboard: not here yet.
#[cfg(not(target_os = "linux"))]
pub(crate) fn files(_shell: &AppHandle) -> io::Result<Vec<PathBuf>> {
    Err(io::Error::from(io::ErrorKind::Unsupported))
}
