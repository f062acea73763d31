//! Where links are not to be had, the snapshot holds the files.

use std::fs;

use hubdesk_cache::{Have, LinkSupport, Lookup};
use hubdesk_core::Digest;

use crate::world::{World, commit, names_in, path};

fn world() -> World {
    let world = World::with(LinkSupport::Never);
    world.repo.prepare(&world.commit).unwrap();
    world
}

#[test]
fn a_new_blob_is_moved_to_its_place() {
    let world = world();
    let (digest, name) = (world.blob(b"x"), path("dir/a.txt"));
    let pointer = world.repo.link(&world.commit, &name, &digest).unwrap();
    assert!(fs::symlink_metadata(&pointer).unwrap().is_file());
    assert!(names_in(&world.blobs()).is_empty(), "no second copy stays");
    assert_eq!(
        world.repo.lookup(&world.commit, &name),
        Lookup::Hit(pointer.clone())
    );
    let have = world.repo.have(&world.commit, &name, &digest, 1).unwrap();
    assert_eq!(have, Have::Here(pointer));
}

#[test]
fn a_blob_that_was_found_is_copied_and_stays() {
    let world = world();
    let digest = Digest::git_blob(b"x");
    fs::write(world.blob_path(&digest), "x").unwrap();
    let pointer = world.repo.link(&world.commit, &path("a"), &digest).unwrap();
    assert_eq!(fs::read(pointer).unwrap(), b"x");
    assert_eq!(names_in(&world.blobs()), [digest.to_string()]);
}

#[test]
fn a_second_file_with_the_same_content_is_copied_from_the_first() {
    let world = world();
    let digest = world.blob(b"x");
    for name in ["a", "b"] {
        let pointer = world
            .repo
            .link(&world.commit, &path(name), &digest)
            .unwrap();
        assert_eq!(fs::read(pointer).unwrap(), b"x");
    }
    assert!(names_in(&world.blobs()).is_empty());
}

#[test]
fn a_first_copy_that_is_gone_asks_for_the_bytes_again() {
    let world = world();
    let digest = world.blob(b"x");
    let first = world.repo.link(&world.commit, &path("a"), &digest).unwrap();
    fs::remove_file(first).unwrap();
    let second = world.repo.link(&commit('b'), &path("a"), &digest);
    assert!(matches!(second, Err(hubdesk_cache::Error::Pruned { .. })));
}

#[test]
fn a_file_cut_short_is_not_here_and_is_replaced() {
    let world = world();
    let name = path("a");
    let pointer = world.repo.snapshot(&world.commit).join("a");
    fs::write(&pointer, "who").unwrap();
    let digest = world.blob(b"whole");
    let have = || world.repo.have(&world.commit, &name, &digest, 5).unwrap();
    assert_eq!(have(), Have::Blob);
    world.repo.link(&world.commit, &name, &digest).unwrap();
    assert_eq!(have(), Have::Here(pointer));
}

/// A file of another commit's snapshot, as it is listed there.
fn listed(world: &World, name: &str, content: &[u8]) -> Digest {
    let digest = world.blob(content);
    let other = commit('b');
    world.repo.prepare(&other).unwrap();
    world.repo.link(&other, &path(name), &digest).unwrap();
    let file = hubdesk_cache::TreeFile {
        path: name.to_owned(),
        size: content.len() as u64,
        blob_id: digest.to_string(),
        lfs: None,
        xet_hash: None,
    };
    world.repo.write_tree(&other, &[file]).unwrap();
    digest
}

#[test]
fn what_another_snapshot_holds_is_found_and_used_again() {
    let world = world();
    let digest = listed(&world, "a.txt", b"same");
    let contents = world.repo.placed_contents();
    let found = &contents[&digest];
    let lock = world.repo.try_lock(&digest).unwrap().unwrap();
    assert!(world.repo.reuse_copy(&lock, 4, found).unwrap());
    let pointer = world
        .repo
        .link(&world.commit, &path("a.txt"), &digest)
        .unwrap();
    assert_eq!(fs::read(&pointer).unwrap(), b"same");
    assert!(names_in(&world.blobs()).is_empty());
    assert_eq!(fs::read(found).unwrap(), b"same", "it is still there, too");
}

#[test]
fn a_file_of_another_snapshot_that_was_changed_is_not_used() {
    let world = world();
    let digest = listed(&world, "a.txt", b"same");
    let found = world.repo.placed_contents()[&digest].clone();
    fs::write(&found, "sane").unwrap();
    let lock = world.repo.try_lock(&digest).unwrap().unwrap();
    assert!(!world.repo.reuse_copy(&lock, 4, &found).unwrap());
    fs::write(&found, "longer").unwrap();
    assert!(!world.repo.placed_contents().contains_key(&digest));
}
