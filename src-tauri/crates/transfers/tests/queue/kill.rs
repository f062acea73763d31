//! A process that is killed loses nothing that it has said.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use hubdesk_core::SystemClock;
use hubdesk_transfers::{Limits, State, TransferId, Transfers};

use crate::world::{Fake, open_store};

/// Kills of one database; each after another number of lines.
const KILLS: usize = 12;

#[tokio::test]
async fn what_a_killed_program_has_accepted_is_there_and_what_was_done_is_done() {
    let dir = tempfile::tempdir().unwrap();
    let (mut new, mut done) = (BTreeSet::new(), BTreeSet::new());
    for round in 0..KILLS {
        for line in lines_until_killed(&dir.path().join("hubdesk.db"), 3 + round * 7) {
            let (word, id) = line.split_once(' ').unwrap();
            let id = TransferId::new(id.parse().unwrap());
            match word {
                "new" => assert!(new.insert(id), "{id} was given out twice"),
                _ => drop(done.insert(id)),
            }
        }
        let store = open_store(dir.path());
        let (worker, clock) = (Arc::<Fake>::default(), Arc::new(SystemClock::default()));
        let opened = Transfers::open(store.clone(), worker, clock, none_at_once()).await;
        let transfers = opened.unwrap();
        let board = transfers.watch().borrow().clone();
        let there: BTreeSet<_> = board.transfers.keys().copied().collect();
        assert!(there.is_superset(&new), "lost: {:?}", &new - &there);
        // Of each round the last line may be torn off, and one may have been accepted but not said.
        assert!(there.len() <= new.len() + 2 * (round + 1));
        for (id, transfer) in board.transfers.iter() {
            let is_legal = matches!(transfer.state, State::Queued | State::Done);
            assert!(is_legal, "{id} is {:?}", transfer.state);
            assert!(!done.contains(id) || transfer.state == State::Done);
        }
        transfers.shut_down().await;
        store.close().await;
    }
    assert!(!done.is_empty(), "nothing was done, so nothing was shown");
}

fn none_at_once() -> Limits {
    let mut limits = Limits::default();
    limits.down.at_once = 0;
    limits
}

/// Runs `errands`, kills it after `count` lines, and gives all it has said.
fn lines_until_killed(database: &Path, count: usize) -> Vec<String> {
    let mut child = Command::new(example("errands"))
        .arg(database)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut said: Vec<String> = lines.by_ref().take(count).map(Result::unwrap).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    // What it had said by then; the last line may have been torn off.
    let mut rest: Vec<String> = lines.map_while(Result::ok).collect();
    let is_whole = |line: &String| line.split_once(' ').is_some_and(|(_, id)| !id.is_empty());
    rest.pop();
    said.extend(rest.into_iter().filter(is_whole));
    assert!(said.len() >= count, "it ended by itself");
    said
}

/// Cargo builds a package's examples with its tests, beside them.
fn example(name: &str) -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let target = tests.parent().and_then(Path::parent).unwrap();
    let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    target.join("examples").join(name)
}
