//! Work on local files that takes long: told of in pieces, and stopped between two of them.

use std::fs;
use std::sync::{Arc, Mutex};

use hubdesk_cache::{Did, Error, LinkSupport, LocalFolder, Pace, Standing};
use hubdesk_core::Digest;

use crate::world::{World, names_in, path};

/// Three pieces, and a little.
const SIZE: usize = (12 << 20) + 5;

fn content() -> Vec<u8> {
    vec![3; SIZE]
}

/// Stops at the `last` piece, and what was told.
fn pace(last: usize) -> (Pace, Arc<Mutex<Vec<Did>>>) {
    let told = Arc::new(Mutex::new(Vec::new()));
    let tell = Arc::clone(&told);
    let pace = Pace::new(move |did| {
        let mut told = tell.lock().unwrap();
        told.push(did);
        told.len() < last
    });
    (pace, told)
}

#[test]
fn a_file_that_must_be_read_is_read_in_pieces() {
    let world = World::new();
    let folder = LocalFolder::open(world.outside("mine"));
    folder.prepare().unwrap();
    fs::write(folder.root().join("w.bin"), content()).unwrap();
    let digest = Digest::sha256(&content());
    let standing = |last| {
        let (pace, told) = pace(last);
        let standing = folder
            .paced(pace)
            .standing(&path("w.bin"), &digest, SIZE as u64);
        (standing, told.lock().unwrap().clone())
    };
    let (found, told) = standing(usize::MAX);
    assert_eq!(
        (found.unwrap(), told),
        (Standing::Current, vec![Did::Read(4 << 20); 3])
    );
    let (found, told) = standing(2);
    assert!(matches!(found, Err(Error::Stopped)), "{found:?}");
    assert_eq!(told.len(), 2);
}

#[test]
fn a_copy_that_is_stopped_leaves_nothing_to_be_seen_and_is_made_anew() {
    let world = World::with(LinkSupport::Never);
    world.repo.prepare(&world.commit).unwrap();
    let digest = world.blob(&content());
    let name = path("w.bin");
    // Found by another process, so that it is copied.
    let found = hubdesk_cache::Cache::open(world.cache.root().to_owned(), LinkSupport::Never);
    let found =
        found.repo(&hubdesk_core::RepoId::new(hubdesk_core::RepoKind::Model, "org/m").unwrap());
    let (pace, told) = pace(1);
    match found.paced(pace).link(&world.commit, &name, &digest) {
        Err(Error::Stopped) => {
            assert_eq!(*told.lock().unwrap(), [Did::Copied(4 << 20)]);
            assert_eq!(
                names_in(&world.repo.snapshot(&world.commit)),
                Vec::<String>::new()
            );
            assert_eq!(names_in(&world.blobs()), [digest.to_string()]);
            found.link(&world.commit, &name, &digest).unwrap();
        }
        // Its blocks were shared: nothing was copied that could have been stopped.
        shared => {
            shared.unwrap();
            assert_eq!(*told.lock().unwrap(), []);
        }
    }
    let placed = world.repo.snapshot(&world.commit).join("w.bin");
    assert_eq!(fs::metadata(placed).unwrap().len(), SIZE as u64);
}
