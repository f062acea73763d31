//! The program without a window, which ends when its download does.

use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use super::toll::{Moment, Toll};
use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_cache_bears_kills_which_cost_little_and_leave_nothing_wrong() {
    let world = World::start(hub(&["org/m"])).await;
    let folder = || snapshot(&world, "org/m");
    kill_again_and_again(
        &world,
        "the cache",
        Random::new(0),
        &["download", "org/m"],
        &folder,
    )
    .await;
    assert_nothing_left_over(&cached(&world, "org/m").join("blobs"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_of_a_persons_own_bears_kills_as_well() {
    let world = World::start(hub(&["org/m"])).await;
    let home = tempfile::tempdir().unwrap();
    let mine = home.path().join("mine");
    let command = ["download", "org/m", "--local-dir", mine.to_str().unwrap()];
    let folder = || mine.clone();
    kill_again_and_again(&world, "a folder", Random::new(1), &command, &folder).await;
    assert_nothing_left_over(&mine.join(".cache/huggingface/download"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_in_chunks_bears_kills_as_well() {
    let world = World::start(hub(&["org/m"]).xet()).await;
    let folder = || snapshot(&world, "org/m");
    kill_again_and_again(
        &world,
        "chunks",
        Random::new(2),
        &["download", "org/m"],
        &folder,
    )
    .await;
    assert_nothing_left_over(&cached(&world, "org/m").join("blobs"));
}

/// Starts a download and kills it, until it has borne enough; then lets it end.
async fn kill_again_and_again(
    world: &World,
    what: &str,
    mut random: Random,
    command: &[&str],
    folder: &dyn Fn() -> PathBuf,
) {
    let wanted = wanted();
    let expected = digests(0);
    let mut toll = Toll::new(world, vec![words(command)]);
    let start = || {
        let mut cli = world.cli();
        cli.args(command).stdout(Stdio::null()).spawn().unwrap()
    };
    for _ in 0..ATTEMPTS * wanted {
        if toll.kills() == wanted {
            break;
        }
        let moment = Moment::draw(&mut random, world, MOST_BYTES, 120);
        let was_killed = kill_when(start(), || moment.has_come(world));
        let right = count_right(&folder(), &expected);
        if was_killed {
            toll.killed();
        } else {
            assert_eq!(right, expected.len());
            empty(&folder());
            empty(&world.cache());
            toll.begin();
        }
    }
    assert!(!kill_when(start(), || false));
    assert_eq!(count_right(&folder(), &expected), expected.len());
    toll.settle(what, wanted);
}

fn empty(folder: &Path) {
    if folder.is_dir() {
        std::fs::remove_dir_all(folder).unwrap();
    }
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
