//! What the cache remembers besides content: refs, absent files, listings, its tag.

use std::fs;

use hubdesk_cache::{LinkSupport, Lookup, TreeFile};
use hubdesk_core::{Digest, Revision};

use crate::world::{World, commit, names_in, path};

fn revision(text: &str) -> Revision {
    text.parse().unwrap()
}

#[test]
fn a_ref_holds_forty_digits_and_no_line_end() {
    let world = World::new();
    world
        .repo
        .point_ref(&Revision::main(), &world.commit)
        .unwrap();
    let refs = world.repo.folder().join("refs");
    assert_eq!(
        fs::read_to_string(refs.join("main")).unwrap(),
        world.commit.as_str()
    );
    assert_eq!(names_in(&refs), ["main"]);
}

#[test]
fn a_ref_moves_and_may_be_nested() {
    let world = World::new();
    let pull_request = revision("refs/pr/1");
    for commit in [commit('a'), commit('b')] {
        world.repo.point_ref(&pull_request, &commit).unwrap();
        assert_eq!(world.repo.read_ref(&pull_request).unwrap(), Some(commit));
    }
    assert!(world.repo.folder().join("refs/refs/pr/1").is_file());
}

#[test]
fn a_ref_written_with_a_line_end_is_read_and_then_put_right() {
    let world = World::new();
    let file = world.repo.folder().join("refs/main");
    fs::create_dir(file.parent().unwrap()).unwrap();
    fs::write(&file, format!("{}\n", world.commit)).unwrap();
    let read = world.repo.read_ref(&Revision::main()).unwrap();
    assert_eq!(read.as_ref(), Some(&world.commit));
    world
        .repo
        .point_ref(&Revision::main(), &world.commit)
        .unwrap();
    assert_eq!(fs::read(&file).unwrap().len(), 40);
}

#[test]
fn a_ref_that_says_the_same_is_not_written_again() {
    let world = World::new();
    world
        .repo
        .point_ref(&Revision::main(), &world.commit)
        .unwrap();
    let file = world.repo.folder().join("refs/main");
    let long_ago = fs::FileTimes::new().set_modified(std::time::UNIX_EPOCH);
    fs::File::open(&file).unwrap().set_times(long_ago).unwrap();
    world
        .repo
        .point_ref(&Revision::main(), &world.commit)
        .unwrap();
    let modified = fs::metadata(&file).unwrap().modified().unwrap();
    assert_eq!(modified, std::time::UNIX_EPOCH);
}

#[test]
fn a_commit_named_as_revision_gets_no_ref() {
    let world = World::new();
    let itself = Revision::from(world.commit.clone());
    world.repo.point_ref(&itself, &world.commit).unwrap();
    assert!(!world.repo.folder().join("refs").try_exists().unwrap());
}

#[test]
fn a_ref_with_anything_but_a_commit_is_as_good_as_none() {
    let world = World::new();
    assert_eq!(world.repo.read_ref(&Revision::main()).unwrap(), None);
    fs::create_dir(world.repo.folder().join("refs")).unwrap();
    for content in [b"".as_slice(), b"main", b"\xff\xfe", &[b'a'; 39]] {
        fs::write(world.repo.folder().join("refs/main"), content).unwrap();
        assert_eq!(world.repo.read_ref(&Revision::main()).unwrap(), None);
    }
}

#[test]
fn an_absent_file_is_known_absent_until_it_is_there() {
    let world = World::new();
    let name = path("dir/adapter_config.json");
    for _ in 0..2 {
        world.repo.mark_absent(&world.commit, &name).unwrap();
    }
    assert_eq!(world.repo.lookup(&world.commit, &name), Lookup::KnownAbsent);
    assert_eq!(world.repo.lookup(&commit('b'), &name), Lookup::Miss);
    let pointer = world
        .repo
        .snapshot(&world.commit)
        .join("dir/adapter_config.json");
    fs::create_dir(pointer.parent().unwrap()).unwrap();
    fs::write(&pointer, "{}").unwrap();
    assert_eq!(
        world.repo.lookup(&world.commit, &name),
        Lookup::Hit(pointer)
    );
}

#[test]
fn a_listing_is_kept_for_its_commit_only() {
    let world = World::new();
    let files = [TreeFile {
        path: "a.txt".to_owned(),
        size: 1,
        blob_id: Digest::git_blob(b"x").to_string(),
        lfs: None,
        xet_hash: None,
    }];
    world.repo.write_tree(&world.commit, &files).unwrap();
    let read = world.repo.read_tree(&world.commit).unwrap();
    assert_eq!(read.as_deref(), Some(files.as_slice()));
    assert_eq!(world.repo.read_tree(&commit('b')).unwrap(), None);
}

#[test]
fn preparing_makes_the_folders_and_marks_the_root() {
    let world = World::with(LinkSupport::Probe);
    for _ in 0..2 {
        world.repo.prepare(&world.commit).unwrap();
    }
    let root = world.cache.root();
    assert_eq!(names_in(root), [".locks", "CACHEDIR.TAG", "models--org--m"]);
    assert_eq!(fs::read(root.join("CACHEDIR.TAG")).unwrap().len(), 191);
    assert!(world.repo.snapshot(&world.commit).is_dir());
    assert!(root.join(".locks/models--org--m").is_dir());
}

#[test]
fn a_tag_that_is_there_is_left_as_it_is() {
    let world = World::with(LinkSupport::Probe);
    fs::create_dir(world.cache.root()).unwrap();
    let tag = world.cache.root().join("CACHEDIR.TAG");
    fs::write(&tag, "somebody's own").unwrap();
    world.repo.prepare(&world.commit).unwrap();
    assert_eq!(fs::read(&tag).unwrap(), b"somebody's own");
}
