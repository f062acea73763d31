//! The queue, which goes on by itself at the next start of the program.

use std::time::Duration;

use hubdesk_tests::{PATIENCE, download_of};
use serde_json::{Value, json};

use super::toll::{Moment, Toll};
use super::*;
use crate::queue::program::Program;

/// What a person has asked for: one repository into the cache, another into a folder.
const TO_CACHE: &str = "org/cached";
const TO_FOLDER: &str = "org/mine";

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_bears_kills_and_loses_nothing_that_was_asked_for() {
    let world = World::start(hub(&[TO_CACHE, TO_FOLDER])).await;
    kill_again_and_again(&world, "the queue", Random::new(3)).await;
}

/// Starts the program and kills it, until the queue has borne enough; then lets it end.
async fn kill_again_and_again(world: &World, what: &str, mut random: Random) {
    let wanted = wanted();
    let home = tempfile::tempdir().unwrap();
    let mine = home.path().join("mine");
    std::fs::create_dir(&mine).unwrap();
    let to_folder = ["download", TO_FOLDER, "--local-dir", mine.to_str().unwrap()];
    let downloads = [words(&["download", TO_CACHE]), words(&to_folder)];
    let (cached, own) = (digests(0), digests(1));
    let check = || count_right(&snapshot(world, TO_CACHE), &cached) + count_right(&mine, &own);
    let all = cached.len() + own.len();

    let start = || Program::start_with_folder(world, &mine);
    begin(start()).await;
    let mut toll = Toll::new(world, downloads.into());
    for _ in 0..ATTEMPTS * wanted {
        if toll.kills() == wanted {
            break;
        }
        let moment = Moment::draw(&mut random, world, 2 * MOST_BYTES, 300);
        let mut program = start();
        if is_done_before(&program, || moment.has_come(world)).await {
            assert_eq!(check(), all);
            program.call("clear_transfers", Value::Null).await;
            program.kill();
            std::fs::remove_dir_all(world.cache()).unwrap();
            std::fs::remove_dir_all(&mine).unwrap();
            std::fs::create_dir(&mine).unwrap();
            begin(start()).await;
            toll.begin();
        } else {
            program.kill();
            check();
            toll.killed();
        }
    }
    assert!(is_done_before(&start(), || false).await);
    assert_eq!(check(), all);
    toll.settle(what, wanted);
}

/// Asks for both. What was answered is kept, so the program may go at once.
async fn begin(mut program: Program) {
    program.call("open_hub", json!({ "endpoint": null })).await;
    let request = download_of(TO_CACHE, None);
    program.call("start_download", request).await;
    let picked = program.call("pick_folder", Value::Null).await;
    let mut request = download_of(TO_FOLDER, None);
    request["into"] = json!({ "type": "folder", "folder": picked["id"] });
    program.call("start_download", request).await;
    program.kill();
}

/// Whether both transfers are done before it is time to kill. Nothing stops them but kills.
async fn is_done_before(program: &Program, is_time: impl Fn() -> bool) -> bool {
    let end = async {
        loop {
            let board = program.board().await;
            let transfers = board["transfers"].as_array().unwrap();
            // Nothing is known before the database is open.
            assert!([0, 2].contains(&transfers.len()), "{board:#}");
            let stands = |transfer: &Value| transfer["state"].as_str().unwrap().to_owned();
            let states: Vec<String> = transfers.iter().map(stands).collect();
            if states == ["done", "done"] {
                return;
            }
            let goes_on = |state: &String| ["queued", "running", "done"].contains(&state.as_str());
            assert!(states.iter().all(goes_on), "{board:#}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let time = async {
        while !is_time() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let first = async {
        tokio::select! {
            () = end => true,
            () = time => false,
        }
    };
    let first = tokio::time::timeout(PATIENCE, first).await;
    first.expect("the queue goes on, or it is time")
}
