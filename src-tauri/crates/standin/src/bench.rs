//! What the benchmark downloads: sizes that are hard for a client, content that costs nobody much.

use crate::content::Content;
use crate::seed::RepoSeed;

/// Small files, and the folders they are spread over.
const SMALL_FILES: u64 = 10_000;
const SMALL_BYTES: u64 = 4 << 10;
const FOLDERS: u64 = 200;

/// `bench/small`, `bench/large` (one file of 2 GiB) and `bench/eight` (eight of 256 MiB).
pub(crate) fn repos() -> Vec<RepoSeed> {
    let small = (0..SMALL_FILES).fold(RepoSeed::model("bench/small"), |repo, number| {
        let path = format!("folder-{:03}/file-{number:05}.bin", number % FOLDERS);
        // Read at once: as a rule each would keep a page of its own.
        let content = Content::random(number, SMALL_BYTES).read(0, SMALL_BYTES);
        repo.file(&path, content)
    });
    let large =
        RepoSeed::model("bench/large").large("model.safetensors", Content::random(1, 2 << 30));
    let eight = (1..=8).fold(RepoSeed::model("bench/eight"), |repo, number| {
        let path = format!("model-{number:05}-of-00008.safetensors");
        repo.large(&path, Content::random(number + 1, 256 << 20))
    });
    vec![small, large, eight]
}

/// Parts of the file in the chunk store, of 8 MiB each. The end of every one, about a hundredth of
/// it, is another in the second revision.
#[cfg(feature = "xet")]
const PARTS: u64 = 256;
#[cfg(feature = "xet")]
const PART_BYTES: u64 = 8 << 20;
#[cfg(feature = "xet")]
const CHANGED_BYTES: u64 = 80 << 10;

/// `bench/xet`: one file of 2 GiB, and a second revision of it with 1 % changed chunks. The first
/// one is tagged `first`.
#[cfg(feature = "xet")]
pub(crate) fn in_chunks() -> RepoSeed {
    const FILE: &str = "model.safetensors";
    // No two parts may share a seed: the store would keep their chunks once.
    let file = |of_changed: u64| {
        Content::chain((0..PARTS).flat_map(|part| {
            let stays = Content::random(100 + part, PART_BYTES - CHANGED_BYTES);
            [stays, Content::random(of_changed + part, CHANGED_BYTES)]
        }))
    };
    RepoSeed::model("bench/xet")
        .large(FILE, file(1000))
        .commit("The first revision")
        .tag("first")
        .large(FILE, file(2000))
}
