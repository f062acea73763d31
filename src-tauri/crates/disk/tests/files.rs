//! Whole files: written at once or not at all, absent told from unreadable.
#![expect(clippy::unwrap_used, reason = "a helper of tests may fail the test")]

use std::fs;
use std::io::Write;
use std::path::Path;

use hubdesk_disk::{
    Doing, available_space, ensure_private_dir, look, read_if_there, read_up_to, remove_if_there,
    unique_suffix, write_atomically, write_private,
};
use tempfile::tempdir;

fn names_in(folder: &Path) -> Vec<String> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[test]
fn a_written_file_replaces_the_old_one_and_leaves_nothing_beside_it() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("ref");
    write_atomically(&path, b"old and longer").unwrap();
    write_atomically(&path, b"new").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"new");
    assert_eq!(names_in(dir.path()), ["ref"]);
}

#[test]
fn a_failed_write_leaves_the_old_content_and_no_temporary_file() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("taken");
    fs::create_dir(&path).unwrap();
    write_atomically(&path, b"new").unwrap_err();
    assert!(path.is_dir());
    assert_eq!(names_in(dir.path()), ["taken"]);
}

#[cfg(unix)]
#[test]
fn a_written_file_gets_the_mode_of_any_fresh_file() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempdir().unwrap();
    let mode = |name: &str| {
        let metadata = fs::metadata(dir.path().join(name)).unwrap();
        metadata.permissions().mode() & 0o777
    };
    write_atomically(&dir.path().join("ours"), b"").unwrap();
    fs::File::create(dir.path().join("plain")).unwrap();
    assert_eq!(mode("ours"), mode("plain"));
}

#[cfg(unix)]
#[test]
fn a_private_file_is_its_owners_alone_even_where_an_open_one_was() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempdir().unwrap();
    let path = dir.path().join("token");
    fs::write(&path, "old").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    write_private(&path, b"new").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"new");
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(names_in(dir.path()), ["token"]);
}

#[cfg(unix)]
#[test]
fn a_private_folder_is_made_for_its_owner_and_a_present_one_is_left_alone() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempdir().unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let (shared, made) = (dir.path().join("shared"), dir.path().join("shared/made"));
    fs::create_dir(&shared).unwrap();
    fs::set_permissions(&shared, fs::Permissions::from_mode(0o755)).unwrap();
    ensure_private_dir(&made).unwrap();
    assert_eq!((mode(&shared), mode(&made)), (0o755, 0o700));
    ensure_private_dir(&shared).unwrap();
    assert_eq!(mode(&shared), 0o755);
}

#[test]
fn a_file_that_is_larger_than_asked_for_is_refused_and_one_that_just_fits_is_read() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("file");
    assert_eq!(read_up_to(&path, 4).unwrap(), None);
    fs::write(&path, "four").unwrap();
    assert_eq!(read_up_to(&path, 4).unwrap().unwrap(), b"four");
    assert!(read_up_to(&path, 3).unwrap_err().is_too_large());
}

#[cfg(unix)]
#[test]
fn a_link_is_replaced_and_its_target_left_alone() {
    let dir = tempdir().unwrap();
    let (target, link) = (dir.path().join("target"), dir.path().join("link"));
    fs::write(&target, "precious").unwrap();
    std::os::unix::fs::symlink("target", &link).unwrap();
    write_atomically(&link, b"new").unwrap();
    assert_eq!(fs::read(&target).unwrap(), b"precious");
    assert!(fs::symlink_metadata(&link).unwrap().is_file());
}

#[test]
fn nothing_there_and_a_file_in_the_way_both_read_as_absent() {
    let dir = tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "x").unwrap();
    for absent in [dir.path().join("no"), file.join("below")] {
        assert_eq!(read_if_there(&absent).unwrap(), None);
        assert!(look(&absent).unwrap().is_none());
        remove_if_there(&absent).unwrap();
    }
    assert_eq!(
        read_if_there(&file).unwrap().as_deref(),
        Some(b"x".as_slice())
    );
}

#[test]
fn a_look_that_failed_is_not_an_absence() {
    let dir = tempdir().unwrap();
    let error = read_if_there(dir.path()).unwrap_err();
    assert_eq!(error.path, dir.path());
    assert!(!error.is_not_found());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_device_says_so() {
    let full = Path::new("/dev/full");
    let mut file = fs::OpenOptions::new().write(true).open(full).unwrap();
    let error = file.write_all(b"x").doing("write", full).unwrap_err();
    assert!(error.is_no_space(), "{error:?}");
}

#[test]
fn room_is_measured_where_the_folder_will_be() {
    let dir = tempdir().unwrap();
    let missing = dir.path().join("not/yet/there");
    assert!(available_space(&missing).unwrap() > 0);
    assert!(available_space(Path::new("not-yet-there")).unwrap() > 0);
    assert!(look(&missing).unwrap().is_none(), "asking makes nothing");
}

#[test]
fn suffixes_are_eight_hex_digits_and_differ() {
    let (one, other) = (unique_suffix(), unique_suffix());
    for suffix in [&one, &other] {
        assert_eq!(suffix.len(), 8);
        assert!(suffix.bytes().all(|byte| byte.is_ascii_hexdigit()));
    }
    assert_ne!(one, other);
}
