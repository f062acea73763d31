//! Locks exclude each other, survive being removed, and can be shared between users.

use std::fs;

use hubdesk_disk::{LockFile, open_exclusive};
use tempfile::tempdir;

#[test]
fn a_lock_is_held_by_one_at_a_time_and_free_again_when_dropped() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("etag.lock");
    let held = LockFile::try_lock(&path).unwrap();
    assert!(held.is_some());
    assert!(LockFile::try_lock(&path).unwrap().is_none());
    drop(held);
    assert!(LockFile::try_lock(&path).unwrap().is_some());
    assert_eq!(fs::metadata(&path).unwrap().len(), 0, "it stays, empty");
}

#[cfg(unix)]
#[test]
fn a_lock_file_can_be_opened_by_the_whole_group_whatever_the_umask() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempdir().unwrap();
    let path = dir.path().join("etag.lock");
    let _held = LockFile::try_lock(&path).unwrap();
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o664);
}

#[cfg(unix)]
#[test]
fn the_mode_of_a_lock_file_made_by_someone_else_is_left_alone() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempdir().unwrap();
    let path = dir.path().join("etag.lock");
    fs::write(&path, "").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    let _held = LockFile::try_lock(&path).unwrap().unwrap();
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[cfg(unix)]
#[test]
fn a_removed_lock_file_does_not_stop_the_next_one() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("etag.lock");
    let _held = LockFile::try_lock(&path).unwrap();
    fs::remove_file(&path).unwrap();
    assert!(LockFile::try_lock(&path).unwrap().is_some());
}

#[cfg(unix)]
#[test]
fn holders_that_remove_the_lock_file_still_exclude_each_other() {
    use std::sync::atomic::{AtomicU32, Ordering};
    let dir = tempdir().unwrap();
    let path = dir.path().join("etag.lock");
    let (inside, most) = (AtomicU32::new(0), AtomicU32::new(0));
    let take_and_remove = || {
        for _ in 0..2000 {
            if let Ok(Some(_held)) = LockFile::try_lock(&path) {
                let now = inside.fetch_add(1, Ordering::SeqCst) + 1;
                most.fetch_max(now, Ordering::SeqCst);
                std::thread::yield_now();
                inside.fetch_sub(1, Ordering::SeqCst);
                fs::remove_file(&path).unwrap();
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(take_and_remove);
        }
    });
    assert_eq!(most.into_inner(), 1);
}

#[cfg(unix)]
#[test]
fn a_file_that_lost_its_name_is_noticed() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("partial");
    let file = open_exclusive(&path).unwrap().unwrap();
    assert!(!hubdesk_disk::is_unlinked(&file).unwrap());
    fs::remove_file(&path).unwrap();
    assert!(hubdesk_disk::is_unlinked(&file).unwrap());
}

#[test]
fn opening_exclusively_keeps_what_is_in_the_file() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("partial");
    fs::write(&path, "bytes").unwrap();
    let _file = open_exclusive(&path).unwrap().unwrap();
    assert!(open_exclusive(&path).unwrap().is_none());
    assert_eq!(fs::metadata(&path).unwrap().len(), 5);
}

#[test]
fn a_lock_in_a_folder_that_is_not_there_is_an_error_with_its_path() {
    let dir = tempdir().unwrap();
    let path = dir.path().join("no/etag.lock");
    let error = LockFile::try_lock(&path).unwrap_err();
    assert_eq!(error.path, path);
    assert!(error.is_not_found());
}
