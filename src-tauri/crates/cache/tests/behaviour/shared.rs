//! The store that repositories of one cache share: used when it is one, and never damaged.
#![cfg(unix)]

use std::fs;
use std::path::PathBuf;

use hubdesk_cache::{Have, LinkSupport};
use hubdesk_core::Digest;

use crate::world::{World, names_in, path};

const CONTENT: &[u8] = b"shared content";

fn hash() -> String {
    Digest::sha256(b"its name in the store").to_string()
}

/// A cache with a store that holds [`CONTENT`].
fn world(links: LinkSupport) -> (World, PathBuf) {
    let world = World::with(links);
    world.repo.prepare(&world.commit).unwrap();
    let store = world.cache.root().join("blobs");
    let entry = store.join(&hash()[..2]).join(hash());
    fs::create_dir_all(entry.parent().unwrap()).unwrap();
    fs::write(store.join(".huggingface-shared-blobs"), "1\n").unwrap();
    fs::write(&entry, CONTENT).unwrap();
    fs::write(entry.with_extension("refs"), "models--a--b/blobs/x\n").unwrap();
    (world, entry)
}

fn reuse(world: &World, size: u64) -> bool {
    let lock = world.repo.try_lock(&digest()).unwrap().unwrap();
    world.repo.reuse_shared(&lock, size, &hash()).unwrap()
}

fn digest() -> Digest {
    Digest::sha256(CONTENT)
}

const SIZE: u64 = CONTENT.len() as u64;

#[test]
fn an_entry_is_linked_and_its_list_says_so() {
    let (world, entry) = world(LinkSupport::Probe);
    assert!(world.repo.has_shared(&hash(), SIZE).unwrap());
    assert!(reuse(&world, SIZE));
    let blob = world.blob_path(&digest());
    let target = fs::read_link(&blob).unwrap();
    assert_eq!(
        target,
        PathBuf::from(format!("../../blobs/{}/{}", &hash()[..2], hash()))
    );
    assert_eq!(fs::read(&blob).unwrap(), CONTENT);
    let list = fs::read_to_string(entry.with_extension("refs")).unwrap();
    let line = format!("models--org--m/blobs/{}", digest());
    assert_eq!(list, format!("models--a--b/blobs/x\n{line}\n"));
    assert_eq!(
        names_in(&world.blobs()),
        [digest().to_string()],
        "nothing is left over"
    );
    let name = path("w.bin");
    world.repo.link(&world.commit, &name, &digest()).unwrap();
    let have = world
        .repo
        .have(&world.commit, &name, &digest(), SIZE)
        .unwrap();
    assert!(matches!(have, Have::Here(_)));
}

#[test]
fn new_content_replaces_the_link_and_leaves_the_entry() {
    let (world, entry) = world(LinkSupport::Probe);
    assert!(reuse(&world, SIZE));
    let lock = world.repo.try_lock(&digest()).unwrap().unwrap();
    world.admit(&lock, &digest(), CONTENT);
    assert!(!world.blob_path(&digest()).is_symlink());
    assert_eq!(fs::read(entry).unwrap(), CONTENT);
}

#[test]
fn what_is_not_a_store_or_not_the_content_is_left_alone() {
    let (world_without_links, _) = world(LinkSupport::Never);
    assert!(!reuse(&world_without_links, SIZE));
    let (other, entry) = world(LinkSupport::Probe);
    assert!(!reuse(&other, SIZE + 1), "of another length");
    let mark = other.cache.root().join("blobs/.huggingface-shared-blobs");
    for wrong in ["1", "2\n", ""] {
        fs::write(&mark, wrong).unwrap();
        assert!(!reuse(&other, SIZE), "{wrong:?}");
    }
    fs::write(&mark, "1\n").unwrap();
    fs::remove_file(&entry).unwrap();
    std::os::unix::fs::symlink(&mark, &entry).unwrap();
    assert!(!reuse(&other, 2), "an entry is a file of its own");
    assert_eq!(names_in(&other.blobs()), Vec::<String>::new());
    assert!(!other.repo.has_shared("../../../etc/passwd", 1).unwrap());
}

#[test]
fn an_entry_that_somebody_works_at_is_not_waited_for() {
    let (world, entry) = world(LinkSupport::Probe);
    let lock = entry.with_extension("lock");
    let file = fs::File::create(&lock).unwrap();
    file.lock().unwrap();
    assert!(!reuse(&world, SIZE));
    drop(file);
    assert!(reuse(&world, SIZE));
}

/// Makes [`CONTENT`] a blob of its own and gives it to the store.
fn share(world: &World) -> bool {
    let lock = world.repo.try_lock(&digest()).unwrap().unwrap();
    world.admit(&lock, &digest(), CONTENT);
    world.repo.share(&lock, SIZE, &hash()).unwrap()
}

fn prepared(links: LinkSupport) -> (World, PathBuf) {
    let world = World::with(links);
    world.repo.prepare(&world.commit).unwrap();
    let store = world.cache.root().join("blobs");
    (world, store)
}

fn mode(path: &std::path::Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn what_is_given_to_the_store_lies_there_once_and_can_be_had_again() {
    use std::os::unix::fs::PermissionsExt as _;
    for (root, payload) in [(0o755, 0o444), (0o700, 0o400), (0o2750, 0o440)] {
        let (world, store) = prepared(LinkSupport::Probe);
        fs::set_permissions(world.cache.root(), fs::Permissions::from_mode(root)).unwrap();
        assert!(share(&world));
        let entry = store.join(&hash()[..2]).join(hash());
        assert_eq!(fs::read(&entry).unwrap(), CONTENT);
        assert!(world.blob_path(&digest()).is_symlink());
        assert_eq!(fs::read(world.blob_path(&digest())).unwrap(), CONTENT);
        let list = fs::read_to_string(entry.with_extension("refs")).unwrap();
        assert_eq!(list, format!("models--org--m/blobs/{}\n", digest()));
        assert_eq!(
            fs::read(store.join(".huggingface-shared-blobs")).unwrap(),
            b"1\n"
        );
        assert_eq!(
            [mode(&entry), mode(&store.join(".huggingface-shared-blobs"))],
            [payload; 2]
        );
        assert_eq!([mode(&store), mode(entry.parent().unwrap())], [root; 2]);
        assert_eq!(mode(&entry.with_extension("lock")), 0o666);
        assert_eq!(mode(&entry.with_extension("refs")), 0o666);
        assert_eq!(names_in(&world.blobs()), [digest().to_string()]);
        fs::remove_file(world.blob_path(&digest())).unwrap();
        assert!(reuse(&world, SIZE), "after a kill in the middle, too");
    }
}

#[test]
fn nothing_is_given_to_what_is_no_store_of_ours() {
    for links in [LinkSupport::Own, LinkSupport::Never] {
        let (world, store) = prepared(links);
        assert!(!share(&world), "{links:?}");
        assert!(!store.try_exists().unwrap());
    }
    let (world, store) = prepared(LinkSupport::Probe);
    fs::create_dir(&store).unwrap();
    fs::write(store.join("precious"), "").unwrap();
    assert!(!share(&world), "somebody's folder of that name");
    assert_eq!(names_in(&store), ["precious"]);
    assert_eq!(fs::read(world.blob_path(&digest())).unwrap(), CONTENT);
    fs::remove_file(store.join("precious")).unwrap();
    fs::write(store.join(".huggingface-shared-blobs.0123abcd.tmp"), "").unwrap();
    assert!(share(&world), "one that was begun");
    assert_eq!(
        names_in(&store),
        [".huggingface-shared-blobs", &hash()[..2]]
    );
}

#[test]
fn an_entry_that_somebody_works_at_gets_nothing() {
    let (world, entry) = world(LinkSupport::Probe);
    let file = fs::File::create(entry.with_extension("lock")).unwrap();
    file.lock().unwrap();
    assert!(!share(&world));
    assert!(!world.blob_path(&digest()).is_symlink());
}

#[test]
fn a_store_that_is_not_to_be_used_is_not_taken_from_either() {
    let (world, _) = world(LinkSupport::Own);
    assert!(!world.repo.has_shared(&hash(), SIZE).unwrap());
    assert!(!reuse(&world, SIZE));
}
