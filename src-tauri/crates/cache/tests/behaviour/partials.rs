//! Bytes on the way: resumed after a kill, shared between threads, pruned under our hands.
#![expect(
    clippy::single_range_in_vec_init,
    reason = "a list of ranges may hold one"
)]

use std::fs;
use std::ops::Range;
use std::path::PathBuf;

use hubdesk_cache::{BlobLock, Error, Have, Partial};
use hubdesk_core::Digest;

use crate::world::{World, names_in, path, settled};

const CONTENT: &[u8] = b"0123456789abcdef";
const SIZE: u64 = CONTENT.len() as u64;

fn digest() -> Digest {
    Digest::sha256(CONTENT)
}

fn lock(world: &World) -> BlobLock {
    world.repo.try_lock(&digest()).unwrap().unwrap()
}

fn open(world: &World, lock: &BlobLock) -> Partial {
    world.repo.partial(lock, &digest(), SIZE).unwrap()
}

fn put(partial: &Partial, range: Range<u64>) {
    let bytes = &CONTENT[range.start as usize..range.end as usize];
    partial.write_at(range.start, bytes).unwrap();
}

fn file(world: &World) -> PathBuf {
    world
        .blobs()
        .join(format!("{}.hubdesk.incomplete", digest()))
}

fn journal(world: &World) -> PathBuf {
    let name = format!("{}.journal.hubdesk.incomplete", digest());
    world.blobs().join(name)
}

fn have(world: &World) -> Have {
    let name = path("w.bin");
    let have = world.repo.have(&world.commit, &name, &digest(), SIZE);
    have.unwrap()
}

/// Leaves a partial with two saved ranges behind.
fn interrupted() -> World {
    let world = World::new();
    let lock = lock(&world);
    let partial = open(&world, &lock);
    put(&partial, 0..4);
    partial.save().unwrap();
    put(&partial, 8..12);
    partial.save().unwrap();
    world
}

#[test]
fn what_was_saved_is_found_again_and_nothing_else() {
    let world = World::new();
    let held = lock(&world);
    let partial = open(&world, &held);
    put(&partial, 4..8);
    partial.save().unwrap();
    put(&partial, 8..12);
    assert_eq!(partial.finished(), [4..12], "in this run both count");
    drop(partial);
    let partial = open(&world, &held);
    assert_eq!(partial.finished(), [4..8]);
    assert_eq!(partial.missing(), [0..4, 8..16]);
}

#[test]
fn a_resumed_partial_becomes_the_blob_and_leaves_nothing_beside_it() {
    let world = interrupted();
    let lock = lock(&world);
    let partial = open(&world, &lock);
    for range in partial.missing() {
        put(&partial, range);
    }
    let settled = settled(partial.stage().unwrap());
    world.repo.admit(&lock, settled).unwrap();
    assert_eq!(fs::read(world.blob_path(&digest())).unwrap(), CONTENT);
    assert_eq!(names_in(&world.blobs()), [digest().to_string()]);
    assert_eq!(have(&world), Have::Blob);
}

#[test]
fn an_interrupted_download_is_counted_without_opening_it() {
    let world = interrupted();
    assert_eq!(have(&world), Have::Partial(8));
}

/// Records of the journal that hold whatever becomes of the machine: two numbers and their check.
#[cfg(target_os = "linux")]
fn lasting(world: &World) -> Vec<String> {
    let text = fs::read_to_string(journal(world)).unwrap();
    let lines = text.lines().skip(1);
    lines
        .filter(|line| line.split(' ').count() == 3)
        .map(|line| line.rsplit_once(' ').unwrap().0.to_owned())
        .collect()
}

#[cfg(target_os = "linux")]
#[test]
fn what_was_settled_holds_when_the_machine_starts_anew_and_what_was_saved_does_not() {
    let world = World::new();
    let held = lock(&world);
    let partial = open(&world, &held);
    put(&partial, 0..4);
    partial.save().unwrap();
    assert!(lasting(&world).is_empty());
    partial.settle().unwrap();
    put(&partial, 8..12);
    partial.save().unwrap();
    assert_eq!(lasting(&world), ["0 4"]);
    drop(partial);
    let partial = open(&world, &held);
    assert_eq!(partial.finished(), [0..4, 8..12], "the machine still runs");
    assert_eq!(lasting(&world), ["0 4"], "opening promises nothing more");
}

#[test]
fn a_torn_journal_costs_only_its_last_record() {
    let world = interrupted();
    let text = fs::read(journal(&world)).unwrap();
    fs::write(journal(&world), &text[..text.len() - 5]).unwrap();
    let partial = open(&world, &lock(&world));
    assert_eq!(partial.missing(), [4..16]);
}

#[test]
fn records_saved_after_a_torn_one_are_found_again() {
    let world = interrupted();
    let text = fs::read(journal(&world)).unwrap();
    fs::write(journal(&world), &text[..text.len() - 5]).unwrap();
    let held = lock(&world);
    let partial = open(&world, &held);
    put(&partial, 4..8);
    partial.save().unwrap();
    drop(partial);
    assert_eq!(open(&world, &held).missing(), [8..16]);
}

#[test]
fn a_partial_cut_short_is_believed_only_as_far_as_it_goes() {
    let world = interrupted();
    let data = fs::OpenOptions::new()
        .write(true)
        .open(file(&world))
        .unwrap();
    data.set_len(10).unwrap();
    assert_eq!(have(&world), Have::Partial(4));
    assert_eq!(open(&world, &lock(&world)).missing(), [4..16]);
}

#[test]
fn a_journal_that_outlived_its_file_vouches_for_nothing() {
    let world = interrupted();
    fs::remove_file(file(&world)).unwrap();
    let held = lock(&world);
    let partial = open(&world, &held);
    put(&partial, 12..16);
    drop(partial);
    assert_eq!(open(&world, &held).missing(), [0..SIZE]);
}

#[test]
fn another_expected_size_starts_from_nothing() {
    let world = interrupted();
    let lock = lock(&world);
    let partial = world.repo.partial(&lock, &digest(), SIZE + 1).unwrap();
    assert_eq!(partial.finished(), []);
    assert_eq!(fs::metadata(file(&world)).unwrap().len(), 0);
}

#[test]
fn a_partial_is_open_once_at_a_time() {
    let world = World::new();
    let lock = lock(&world);
    let _open = open(&world, &lock);
    let second = world.repo.partial(&lock, &digest(), SIZE);
    assert!(matches!(second, Err(Error::Held { path }) if path == file(&world)));
}

#[test]
fn threads_write_and_save_different_ranges_at_once() {
    let world = World::new();
    let held = lock(&world);
    let partial = open(&world, &held);
    std::thread::scope(|scope| {
        for at in 0..SIZE {
            let partial = &partial;
            scope.spawn(move || {
                put(partial, at..at + 1);
                partial.save().unwrap();
            });
        }
    });
    assert_eq!(partial.unsaved(), 0);
    drop(partial);
    let partial = open(&world, &held);
    assert_eq!(partial.missing(), []);
    let settled = settled(partial.stage().unwrap());
    world.repo.admit(&held, settled).unwrap();
    assert_eq!(fs::read(world.blob_path(&digest())).unwrap(), CONTENT);
}

#[test]
fn unsaved_bytes_are_counted_once_however_often_they_are_written() {
    let world = World::new();
    let partial = open(&world, &lock(&world));
    put(&partial, 0..4);
    put(&partial, 2..6);
    assert_eq!(partial.unsaved(), 6);
    partial.save().unwrap();
    assert_eq!(partial.unsaved(), 0);
}

#[test]
fn what_was_written_can_be_read_back() {
    let world = World::new();
    let partial = open(&world, &lock(&world));
    put(&partial, 0..SIZE);
    let mut buffer = [0; 4];
    assert_eq!(partial.read_at(8, &mut buffer).unwrap(), 4);
    assert_eq!(&buffer, b"89ab");
    assert_eq!(partial.read_at(SIZE, &mut buffer).unwrap(), 0);
}

#[test]
fn more_bytes_than_the_content_has_are_refused() {
    let world = World::new();
    let partial = open(&world, &lock(&world));
    let refused = partial.write_at(SIZE - 1, b"xy");
    assert!(matches!(refused, Err(Error::Io(error)) if error.path == file(&world)));
    assert_eq!(partial.finished(), []);
}

#[test]
fn after_a_restart_nothing_is_finished_now_or_later() {
    let world = interrupted();
    let held = lock(&world);
    let partial = open(&world, &held);
    partial.restart().unwrap();
    assert_eq!((partial.missing(), partial.unsaved()), (vec![0..SIZE], 0));
    // At the end, so that the file is long enough for what the journal said before.
    put(&partial, 14..16);
    partial.save().unwrap();
    drop(partial);
    assert_eq!(open(&world, &held).missing(), [0..14]);
}

#[cfg(unix)]
#[test]
fn a_partial_pruned_while_open_is_noticed_at_the_next_save_and_at_the_end() {
    let world = World::new();
    let lock = lock(&world);
    let partial = open(&world, &lock);
    put(&partial, 0..SIZE);
    fs::remove_file(file(&world)).unwrap();
    fs::remove_file(journal(&world)).unwrap();
    assert!(matches!(partial.save(), Err(Error::Pruned { .. })));
    put(&partial, 0..SIZE);
    let staged = partial.stage();
    assert!(matches!(staged, Err(Error::Pruned { path }) if path == file(&world)));
    assert!(!world.blob_path(&digest()).try_exists().unwrap());
    assert_eq!(open(&world, &lock).missing(), [0..SIZE], "it starts over");
}

#[cfg(unix)]
#[test]
fn a_link_in_the_partials_place_is_not_written_through() {
    let world = World::new();
    let precious = world.outside("precious");
    fs::write(&precious, "precious").unwrap();
    std::os::unix::fs::symlink(&precious, file(&world)).unwrap();
    let partial = open(&world, &lock(&world));
    put(&partial, 0..SIZE);
    assert_eq!(fs::read(&precious).unwrap(), b"precious");
}

#[test]
fn both_files_end_as_the_official_prune_expects() {
    let world = interrupted();
    let names = names_in(&world.blobs());
    assert_eq!(names.len(), 2);
    assert!(
        names.iter().all(|name| name.ends_with(".incomplete")),
        "{names:?}"
    );
}

#[test]
fn empty_content_is_whole_from_the_start() {
    let world = World::new();
    let empty = Digest::sha256(b"");
    let lock = world.repo.try_lock(&empty).unwrap().unwrap();
    let partial = world.repo.partial(&lock, &empty, 0).unwrap();
    assert_eq!(partial.missing(), []);
    let settled = settled(partial.stage().unwrap());
    world.repo.admit(&lock, settled).unwrap();
    assert_eq!(fs::read(world.blob_path(&empty)).unwrap(), b"");
}

#[test]
#[should_panic(expected = "only whole content")]
fn a_partial_with_a_gap_is_never_admitted() {
    let world = interrupted();
    let lock = lock(&world);
    let partial = open(&world, &lock);
    let _ = partial.stage();
}
