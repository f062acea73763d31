//! Blobs: admitted whole, replaced and never written through.

use std::fs;

use hubdesk_cache::{Error, Have};
use hubdesk_core::Digest;

use crate::world::{World, names_in, path, settled};

#[test]
fn an_admitted_small_file_leaves_only_its_blob() {
    let world = World::new();
    let digest = world.blob(b"{}");
    assert_eq!(fs::read(world.blob_path(&digest)).unwrap(), b"{}");
    assert_eq!(names_in(&world.blobs()), [digest.to_string()]);
}

#[test]
fn what_a_killed_attempt_left_of_a_small_file_is_written_over() {
    let world = World::new();
    let digest = Digest::git_blob(b"{}");
    let left = world.blobs().join(format!("{digest}.hubdesk.incomplete"));
    fs::write(left, "longer than the whole").unwrap();
    world.blob(b"{}");
    assert_eq!(fs::read(world.blob_path(&digest)).unwrap(), b"{}");
    assert_eq!(names_in(&world.blobs()), [digest.to_string()]);
}

#[test]
fn what_a_killed_attempt_had_written_whole_is_found_and_nothing_else_is_taken_for_it() {
    let world = World::new();
    let digest = Digest::git_blob(b"whole");
    let lock = world.repo.try_lock(&digest).unwrap().unwrap();
    let found = || world.repo.found(&lock, 5).unwrap();
    assert!(found().is_none());
    drop(world.repo.stage(&lock, &digest, b"whole").unwrap());
    let path = world.blobs().join(&names_in(&world.blobs())[0]);
    for wrong in ["whol", "wrong", "wholes"] {
        fs::write(&path, wrong).unwrap();
        assert!(found().is_none(), "{wrong}");
    }
    fs::write(&path, "whole").unwrap();
    let settled = settled(found().unwrap());
    world.repo.admit(&lock, settled).unwrap();
    assert_eq!(names_in(&world.blobs()), [digest.to_string()]);
}

#[test]
fn the_lock_of_one_content_is_held_by_one_at_a_time() {
    let world = World::new();
    let (one, other) = (Digest::git_blob(b"1"), Digest::git_blob(b"2"));
    let held = world.repo.try_lock(&one).unwrap();
    assert!(held.is_some());
    assert!(world.repo.try_lock(&one).unwrap().is_none());
    assert!(world.repo.try_lock(&other).unwrap().is_some());
    drop(held);
    assert!(world.repo.try_lock(&one).unwrap().is_some());
    let locks = world.cache.root().join(".locks/models--org--m");
    assert!(names_in(&locks).contains(&format!("{one}.lock")));
}

#[test]
fn a_blob_cut_short_by_someone_elses_crash_is_not_there_and_is_replaced() {
    let world = World::new();
    let digest = Digest::git_blob(b"whole");
    fs::write(world.blob_path(&digest), "who").unwrap();
    let name = path("a.txt");
    let have = || world.repo.have(&world.commit, &name, &digest, 5).unwrap();
    assert_eq!(have(), Have::Nothing);
    world.blob(b"whole");
    assert_eq!(have(), Have::Blob);
}

#[cfg(unix)]
#[test]
fn a_blob_in_the_shared_store_counts_as_here_and_is_left_alone() {
    let world = World::new();
    let store = world.cache.root().join("blobs/ab");
    fs::create_dir_all(&store).unwrap();
    fs::write(store.join("abcd"), "shared").unwrap();
    let digest = Digest::sha256(b"shared");
    std::os::unix::fs::symlink("../../blobs/ab/abcd", world.blob_path(&digest)).unwrap();
    let name = path("w.bin");
    let have = || world.repo.have(&world.commit, &name, &digest, 6).unwrap();
    assert_eq!(have(), Have::Blob);
    let pointer = world.repo.link(&world.commit, &name, &digest).unwrap();
    assert_eq!(have(), Have::Here(pointer.clone()));
    assert_eq!(fs::read(pointer).unwrap(), b"shared");
    assert!(
        fs::symlink_metadata(world.blob_path(&digest))
            .unwrap()
            .is_symlink()
    );
}

#[cfg(unix)]
#[test]
fn admitting_over_a_link_into_the_shared_store_does_not_touch_the_store() {
    let world = World::new();
    let payload = world.outside("payload");
    fs::write(&payload, "other repositories need this").unwrap();
    let digest = Digest::git_blob(b"new");
    std::os::unix::fs::symlink(&payload, world.blob_path(&digest)).unwrap();
    world.blob(b"new");
    assert_eq!(fs::read(&payload).unwrap(), b"other repositories need this");
    assert!(
        fs::symlink_metadata(world.blob_path(&digest))
            .unwrap()
            .is_file()
    );
}

#[cfg(unix)]
#[test]
fn admitting_over_a_dangling_link_does_not_create_its_target() {
    let world = World::new();
    let gone = world.outside("gone");
    let digest = Digest::git_blob(b"new");
    std::os::unix::fs::symlink(&gone, world.blob_path(&digest)).unwrap();
    world.blob(b"new");
    assert!(!gone.try_exists().unwrap());
    assert_eq!(fs::read(world.blob_path(&digest)).unwrap(), b"new");
}

#[cfg(unix)]
#[test]
fn a_blob_has_the_mode_of_any_fresh_file() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::new();
    let digest = world.blob(b"{}");
    let plain = world.outside("plain");
    fs::write(&plain, "").unwrap();
    let mode = |file| fs::metadata(file).unwrap().permissions().mode();
    assert_eq!(mode(world.blob_path(&digest)), mode(plain));
}

#[test]
fn a_name_no_system_holds_is_named_in_the_error() {
    let world = World::new();
    let digest = world.blob(b"{}");
    let long = path(&"n".repeat(300));
    let linked = world.repo.link(&world.commit, &long, &digest);
    assert!(matches!(linked, Err(Error::BadName { path, .. }) if path == long));
}

#[test]
fn a_cache_below_a_file_is_an_error_with_the_path() {
    let world = World::with(hubdesk_cache::LinkSupport::Probe);
    fs::write(world.cache.root(), "a file").unwrap();
    match world.repo.prepare(&world.commit).unwrap_err() {
        Error::Io(error) => assert!(error.path.starts_with(world.cache.root())),
        other => panic!("{other:?}"),
    }
}
