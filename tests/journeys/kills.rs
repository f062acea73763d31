//! Kill −9 at random moments: nothing wrong is ever visible, and little is fetched twice.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::Duration;

use hubdesk_core::{Clock as _, Digest, SystemClock};
use hubdesk_standin::{Content, RepoSeed, StandIn};
use hubdesk_tests::World;

const KILLS: u32 = 50;
/// Starts of the program at most, those that ended before their kill included.
const ATTEMPTS: u32 = 2 * KILLS;
const LARGE: u64 = 256 << 20;
const SMALL: u64 = 500;
/// What one kill may cost.
const COST: u64 = 8 << 20;

#[tokio::test(flavor = "multi_thread")]
async fn fifty_kills_cost_little_and_leave_nothing_wrong() {
    let world = world().await;
    kill_again_and_again(&world, &["download", "org/m"], || check_visible(&world)).await;
    assert_eq!(world.visible_files().len() as u64, SMALL + 1);
    let left = left_over(&world.cache().join("models--org--m/blobs"));
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_of_a_persons_own_bears_fifty_kills_as_well() {
    let world = world().await;
    let home = tempfile::tempdir().unwrap();
    let mine = home.path().join("mine");
    let command = ["download", "org/m", "--local-dir", mine.to_str().unwrap()];
    let expected = contents();
    let check = || {
        check_folder(&mine, &expected);
    };
    kill_again_and_again(&world, &command, check).await;
    assert_eq!(check_folder(&mine, &expected), SMALL + 1);
    let left = left_over(&mine.join(".cache/huggingface/download"));
    assert!(left.is_empty(), "{left:?}");
}

async fn world() -> World {
    let small =
        |repo: RepoSeed, n| repo.file(&format!("data/{n}.txt"), Content::random(n, 1000 + n * 50));
    let repo = (1..=SMALL).fold(
        RepoSeed::model("org/m").large("w.bin", Content::random(0, LARGE)),
        small,
    );
    World::start(StandIn::builder().repo(repo).bandwidth(60 << 20)).await
}

/// Starts `command` and kills it, until it has borne enough; then lets it end.
async fn kill_again_and_again(world: &World, command: &[&str], check: impl Fn()) {
    let payload = LARGE + (1..=SMALL).map(|n| 1000 + n * 50).sum::<u64>();

    let clock = SystemClock::default();
    let mut kills = 0;
    // Small steps of a linear congruence: random enough, and the same in every run.
    let mut random: u64 = 0x5eed;
    for attempt in 0..ATTEMPTS {
        if kills == KILLS {
            break;
        }
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let child = world
            .cli()
            .args(command)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        // By bytes, which hits transfers, and by time, which hits what lies between them.
        let by_bytes = world.hub.log().body_bytes() + (random >> 8) % (4 << 20);
        let by_time = clock.elapsed() + Duration::from_millis((random >> 8) % 120);
        let is_time = || match attempt % 3 {
            0 => clock.elapsed() >= by_time,
            _ => world.hub.log().body_bytes() >= by_bytes,
        };
        if kill_when(child, is_time) {
            kills += 1;
        }
        check();
    }

    let output = world.cli().args(command).output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    check();
    let bodies = world.hub.log().body_bytes();
    let listings = listing_bytes(world);
    let twice = (bodies - listings).saturating_sub(payload);
    assert_eq!(
        kills, KILLS,
        "the download ended before all the kills; {twice} bytes twice"
    );
    assert!(
        twice <= COST * u64::from(kills),
        "{twice} bytes were fetched twice in {kills} kills"
    );
}

/// Kills `child` as soon as `is_time`; `false` if it had done its work before.
fn kill_when(mut child: Child, is_time: impl Fn() -> bool) -> bool {
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success(), "it failed by itself: {status}");
            return false;
        }
        if is_time() {
            child.kill().unwrap();
            child.wait().unwrap();
            return true;
        }
        std::thread::park_timeout(Duration::from_micros(500));
    }
}

/// Every file that can be seen has the content its blob's name promises.
fn check_visible(world: &World) {
    for file in world.visible_files() {
        let blob = std::fs::read_link(&file).unwrap();
        let name = blob.file_name().unwrap().to_str().unwrap();
        let content = std::fs::read(&file).unwrap();
        let expected = Digest::parse(name).unwrap();
        let mut hasher = expected.hasher(content.len() as u64);
        hasher.update(&content);
        assert_eq!(
            hasher.finish(),
            expected,
            "{} is visible and wrong",
            file.display()
        );
    }
}

/// What each file must hold.
fn contents() -> HashMap<String, Digest> {
    let small = (1..=SMALL).map(|n| (format!("data/{n}.txt"), Content::random(n, 1000 + n * 50)));
    let all = small.chain([("w.bin".to_owned(), Content::random(0, LARGE))]);
    all.map(|(name, content)| (name, content.sha256()))
        .collect()
}

/// Every file that can be seen in the folder has its content; gives how many there are.
fn check_folder(mine: &Path, expected: &HashMap<String, Digest>) -> u64 {
    let is_right = |(name, digest): (&String, &Digest)| {
        let Ok(content) = std::fs::read(mine.join(name)) else {
            return 0;
        };
        assert_eq!(
            Digest::sha256(&content),
            *digest,
            "{name} is visible and wrong"
        );
        1
    };
    expected.iter().map(is_right).sum()
}

fn listing_bytes(world: &World) -> u64 {
    let records = world.hub.log().records();
    records
        .iter()
        .filter(|record| record.path.starts_with("/api/"))
        .map(|record| record.body_bytes)
        .sum()
}

/// Bytes on the way that nobody will come back for.
fn left_over(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.extension().is_some_and(|end| end == "incomplete"))
        .collect()
}
