//! Kill −9 at random moments: nothing wrong is ever visible, and little is fetched twice.

use std::path::Path;
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
    let small =
        |repo: RepoSeed, n| repo.file(&format!("data/{n}.txt"), Content::random(n, 1000 + n * 50));
    let repo = (1..=SMALL).fold(
        RepoSeed::model("org/m").large("w.bin", Content::random(0, LARGE)),
        small,
    );
    let builder = StandIn::builder().repo(repo).bandwidth(60 << 20);
    let world = World::start(builder).await;
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
            .args(["download", "org/m"])
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
        check_visible(&world);
    }

    let output = world.cli().args(["download", "org/m"]).output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    check_visible(&world);
    assert_eq!(world.visible_files().len() as u64, SMALL + 1);
    let bodies = world.hub.log().body_bytes();
    let listings = listing_bytes(&world);
    let twice = (bodies - listings).saturating_sub(payload);
    assert_eq!(
        kills, KILLS,
        "the download ended before all the kills; {twice} bytes twice"
    );
    assert!(
        twice <= COST * u64::from(kills),
        "{twice} bytes were fetched twice in {kills} kills"
    );
    assert!(
        left_over(&world.cache()).is_empty(),
        "{:?}",
        left_over(&world.cache())
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

fn listing_bytes(world: &World) -> u64 {
    let records = world.hub.log().records();
    records
        .iter()
        .filter(|record| record.path.starts_with("/api/"))
        .map(|record| record.body_bytes)
        .sum()
}

/// Bytes on the way that nobody will come back for.
fn left_over(cache: &Path) -> Vec<std::path::PathBuf> {
    let blobs = std::fs::read_dir(cache.join("models--org--m/blobs")).unwrap();
    let paths = blobs.map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.extension().is_some_and(|end| end == "incomplete"))
        .collect()
}
