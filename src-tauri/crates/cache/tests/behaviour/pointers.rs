//! Pointers: relative links from a snapshot to its blobs.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use hubdesk_cache::{Error, Have, Lookup};
use hubdesk_core::Digest;

use crate::world::{World, commit, names_in, path};

#[test]
fn a_file_in_nested_folders_links_all_the_way_up() {
    let world = World::new();
    let digest = world.blob(b"deep");
    let name = path("dir/sub/a.txt");
    let pointer = world.repo.link(&world.commit, &name, &digest).unwrap();
    let target = fs::read_link(&pointer).unwrap();
    assert_eq!(
        target,
        Path::new("../../../../blobs").join(digest.to_string())
    );
    assert_eq!(fs::read(pointer).unwrap(), b"deep");
}

#[test]
fn a_linked_file_is_a_hit_and_here() {
    let world = World::new();
    let (digest, name) = (world.blob(b"x"), path("a.txt"));
    assert_eq!(world.repo.lookup(&world.commit, &name), Lookup::Miss);
    let pointer = world.repo.link(&world.commit, &name, &digest).unwrap();
    assert_eq!(
        world.repo.lookup(&world.commit, &name),
        Lookup::Hit(pointer.clone())
    );
    let have = world.repo.have(&world.commit, &name, &digest, 1).unwrap();
    assert_eq!(have, Have::Here(pointer));
}

#[test]
fn linking_twice_is_one_link() {
    let world = World::new();
    let (digest, name) = (world.blob(b"x"), path("a.txt"));
    let once = world.repo.link(&world.commit, &name, &digest).unwrap();
    let again = world.repo.link(&world.commit, &name, &digest).unwrap();
    assert_eq!(once, again);
}

#[test]
fn many_threads_linking_the_same_file_all_succeed() {
    let world = World::new();
    let (digest, name) = (world.blob(b"x"), path("a.txt"));
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| world.repo.link(&world.commit, &name, &digest).unwrap());
        }
    });
    let pointer = world.repo.snapshot(&world.commit).join("a.txt");
    assert_eq!(fs::read(pointer).unwrap(), b"x");
}

#[test]
fn a_dangling_link_is_a_miss_and_is_replaced() {
    let world = World::new();
    let (digest, name) = (Digest::git_blob(b"x"), path("a.txt"));
    let pointer = world.repo.snapshot(&world.commit).join("a.txt");
    symlink(Path::new("../../blobs").join(digest.to_string()), &pointer).unwrap();
    let have = || world.repo.have(&world.commit, &name, &digest, 1).unwrap();
    assert_eq!(world.repo.lookup(&world.commit, &name), Lookup::Miss);
    assert_eq!(have(), Have::Nothing);
    world.blob(b"x");
    world.repo.link(&world.commit, &name, &digest).unwrap();
    assert_eq!(have(), Have::Here(pointer));
}

#[test]
fn a_link_to_other_content_of_the_same_size_is_not_here_and_is_replaced() {
    let world = World::new();
    let (right, wrong, name) = (world.blob(b"x"), world.blob(b"y"), path("a.txt"));
    let pointer = world.repo.link(&world.commit, &name, &wrong).unwrap();
    let have = || world.repo.have(&world.commit, &name, &right, 1).unwrap();
    assert_eq!(have(), Have::Blob);
    world.repo.link(&world.commit, &name, &right).unwrap();
    assert_eq!(have(), Have::Here(pointer.clone()));
    assert_eq!(fs::read(pointer).unwrap(), b"x");
    assert_eq!(fs::read(world.blob_path(&wrong)).unwrap(), b"y");
}

#[test]
fn a_blob_that_is_gone_is_not_linked_to() {
    let world = World::new();
    let digest = Digest::git_blob(b"x");
    let linked = world.repo.link(&world.commit, &path("a.txt"), &digest);
    assert!(matches!(linked, Err(Error::Pruned { path }) if path == world.blob_path(&digest)));
    assert!(names_in(&world.repo.snapshot(&world.commit)).is_empty());
}

#[test]
fn two_commits_share_one_blob() {
    let world = World::new();
    let (digest, name) = (world.blob(b"x"), path("a.txt"));
    for commit in [world.commit.clone(), commit('b')] {
        world.repo.link(&commit, &name, &digest).unwrap();
    }
    assert_eq!(names_in(&world.blobs()).len(), 1);
    assert_eq!(names_in(&world.repo.folder().join("snapshots")).len(), 2);
}

#[test]
fn the_trial_for_links_leaves_no_trace() {
    let world = World::new();
    let digest = world.blob(b"x");
    world.repo.link(&world.commit, &path("a"), &digest).unwrap();
    assert_eq!(names_in(&world.repo.folder()), ["blobs", "snapshots"]);
}

#[test]
fn a_look_for_many_files_says_what_a_look_for_each_says() {
    let world = World::new();
    let (right, wrong) = (world.blob(b"x"), world.blob(b"y"));
    let gone = Digest::git_blob(b"z");
    let snapshot = world.repo.snapshot(&world.commit);
    world
        .repo
        .link(&world.commit, &path("right"), &right)
        .unwrap();
    world
        .repo
        .link(&world.commit, &path("other"), &wrong)
        .unwrap();
    fs::write(snapshot.join("own"), b"x").unwrap();
    let nowhere = Path::new("../../blobs").join(gone.to_string());
    symlink(nowhere, snapshot.join("dangling")).unwrap();
    let survey = world.repo.survey(&world.commit, 1000);
    let here = |name: &str| Have::Here(snapshot.join(name));
    for (name, digest, expected) in [
        ("right", right, here("right")),
        ("other", right, Have::Blob),
        ("own", right, here("own")),
        ("absent", right, Have::Blob),
        ("dangling", gone, Have::Nothing),
    ] {
        let found = survey.have(&path(name), &digest, 1).unwrap();
        assert_eq!(found, expected, "{name}");
        let alone = world.repo.have(&world.commit, &path(name), &digest, 1);
        assert_eq!(found, alone.unwrap(), "{name}");
    }
    let short = survey.have(&path("right"), &right, 2).unwrap();
    assert_eq!(short, Have::Nothing, "the size counts first");
}
