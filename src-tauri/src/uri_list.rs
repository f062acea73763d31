//! Lists of files, as programs of a Linux desktop hand them to each other.

use std::path::PathBuf;

use gtk::glib;

/// The form of what is dragged, and of what most file managers copy (RFC 2483 §5).
pub(crate) const FORM: &str = "text/uri-list";

/// The files of this machine in a list of addresses, one a line. Anything else is passed over.
pub(crate) fn files(list: &[u8]) -> Vec<PathBuf> {
    let is_here = |host: &str| host == "localhost" || host == glib::host_name();
    let file = |line: &str| {
        let (path, host) = glib::filename_from_uri(line.trim()).ok()?;
        host.is_none_or(|host| is_here(&host)).then_some(path)
    };
    String::from_utf8_lossy(list)
        .lines()
        .filter_map(file)
        .collect()
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStrExt as _;

    use super::*;

    #[test]
    fn files_are_read_from_a_list_whatever_their_names_hold() {
        let files = files(
            b"copy\nfile:///tmp/a%20b.txt\r\nfile:///tmp/%C3%BC%25%23.txt\r\n#file:///tmp/no\r\n\
              file://localhost/tmp/c\nfile://elsewhere/tmp/d\nhttps://huggingface.co/e\nfile:///%FF",
        );
        let expected: [&[u8]; 4] = [
            b"/tmp/a b.txt",
            "/tmp/ü%#.txt".as_bytes(),
            b"/tmp/c",
            b"/\xff",
        ];
        let bytes = files.iter().map(|path| path.as_os_str().as_bytes());
        assert_eq!(bytes.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn what_is_no_list_holds_no_file() {
        for list in [
            "",
            "words",
            "/etc/passwd",
            "file:relative",
            "tauri://localhost/a",
        ] {
            assert_eq!(files(list.as_bytes()), Vec::<PathBuf>::new(), "{list}");
        }
    }
}
