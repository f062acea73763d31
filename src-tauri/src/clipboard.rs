//! Files that a person has copied in a file manager. A page would get what they hold, and never
//! where they are, so the clipboard is read here.

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

    use gtk::{Clipboard, SelectionData, gdk, glib};
    use tauri::AppHandle;

    /// How file managers hand out what was copied: most do as they do when it is dragged, older
    /// ones of GNOME and its kin only with a word before it, which says whether to copy or to move.
    const FORMS: [&str; 2] = ["text/uri-list", "x-special/gnome-copied-files"];
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
            let files = listed(&String::from_utf8_lossy(&data.data()));
            if files.is_empty() {
                ask(clipboard, others, tell);
            } else {
                let _ = tell.send(files);
            }
        };
        clipboard.request_contents(&gdk::Atom::intern(form), answered);
    }

    /// The files of this machine in a list of addresses, one a line (RFC 2483 §5).
    pub(super) fn listed(text: &str) -> Vec<PathBuf> {
        let is_here = |host: &str| host == "localhost" || host == glib::host_name();
        let file = |line: &str| {
            let (path, host) = glib::filename_from_uri(line.trim()).ok()?;
            host.is_none_or(|host| is_here(&host)).then_some(path)
        };
        text.lines().filter_map(file).collect()
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

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::os::unix::ffi::OsStrExt as _;

    use super::*;

    #[test]
    fn files_are_read_from_a_list_whatever_their_names_hold() {
        let files = super::toolkit::listed(
            "copy\nfile:///tmp/a%20b.txt\r\nfile:///tmp/%C3%BC%25%23.txt\r\n#file:///tmp/no\r\n\
             file://localhost/tmp/c\nfile://elsewhere/tmp/d\nhttps://huggingface.co/e\nfile:///%FF",
        );
        let expected: Vec<&[u8]> = vec![
            b"/tmp/a b.txt",
            "/tmp/ü%#.txt".as_bytes(),
            b"/tmp/c",
            b"/\xff",
        ];
        let bytes: Vec<_> = files
            .iter()
            .map(|path| path.as_os_str().as_bytes())
            .collect();
        assert_eq!(bytes, expected);
        assert_eq!(super::toolkit::listed("words"), Vec::<PathBuf>::new());
    }
}
