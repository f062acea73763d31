//! Kill −9 at random moments: nothing wrong is ever visible, and little is fetched twice.
//!
//! Each test kills fifty times, which `HUBDESK_KILLS` changes, at moments that follow from a seed,
//! which `HUBDESK_KILLS_SEED` changes. A download that is done before it has borne enough begins
//! anew with nothing.

mod downloads;
mod queued;
mod toll;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use hubdesk_core::Digest;
use hubdesk_standin::{Builder, Content, RepoSeed, StandIn};
use hubdesk_tests::{World, said};

/// Kills a test survives, unless it is told otherwise.
const KILLS: u64 = 50;
/// Where its moments come from, unless it is told otherwise.
const SEED: u64 = 0x5eed;
/// Starts of the program for a kill, those that ended before theirs included, at most.
const ATTEMPTS: u64 = 4;
/// What one kill may cost for each download at work, and on average for all of them.
const COST: u64 = 8 << 20;

/// What is counted as sent and never reached the program, for each of the twelve connections that a
/// large file may get: 256 KiB in the hands of the stand-in, and the system's buffers at both ends.
const AHEAD: u64 = 12 * (512 << 10);
/// What a run of a download has been sent when it is killed, at most: if nothing of it were kept, a
/// kill would cost far too much.
const MOST_BYTES: u64 = 24 << 20;

const LARGE: u64 = 32 << 20;
const SMALL: u64 = 500;

fn wanted() -> u64 {
    number("HUBDESK_KILLS", KILLS)
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

fn number(name: &str, otherwise: u64) -> u64 {
    let parse = |text: String| {
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is a number"))
    };
    said(name).map_or(otherwise, parse)
}

/// Moments to kill at: a linear congruence, random enough, and the same in every run.
struct Random(u64);

impl Random {
    /// Each test has a sequence of its own.
    fn new(test: u64) -> Self {
        Self(number("HUBDESK_KILLS_SEED", SEED).wrapping_add(test))
    }

    /// A number below `bound`.
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 16) % bound
    }
}

/// Many small files and a large one, on a line that takes a second for them.
fn hub(repos: &[&str]) -> Builder {
    let line = StandIn::builder().bandwidth(60 << 20);
    let seeds = (0u64..).zip(repos).map(|(at, name)| {
        let files = contents(at);
        files
            .into_iter()
            .fold(RepoSeed::model(name), |repo, (path, content)| {
                match path.as_str() {
                    "w.bin" => repo.large(&path, content),
                    _ => repo.file(&path, content),
                }
            })
    });
    seeds.fold(line, Builder::repo)
}

/// What is in the repository with this number.
fn contents(at: u64) -> Vec<(String, Content)> {
    let content = |n: u64, size| Content::random(at * (SMALL + 1) + n, size);
    let small = (1..=SMALL).map(|n| (format!("data/{n}.txt"), content(n, 1000 + n * 50)));
    let large = ("w.bin".to_owned(), content(0, LARGE));
    small.chain([large]).collect()
}

/// What each file must hold.
fn digests(at: u64) -> HashMap<String, Digest> {
    let contents = contents(at).into_iter();
    contents
        .map(|(name, content)| (name, content.sha256()))
        .collect()
}

/// Every file that can be seen below `folder` has its content, and nothing else can be seen; gives
/// how many there are.
fn count_right(folder: &Path, expected: &HashMap<String, Digest>) -> usize {
    let mut folders = vec![folder.to_owned()];
    let mut count = 0;
    while let Some(inner) = folders.pop().filter(|folder| folder.is_dir()) {
        let entries = std::fs::read_dir(inner).unwrap();
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                // Where a folder of a person's own has its notes.
                if !path.ends_with(".cache") {
                    folders.push(path);
                }
                continue;
            }
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap();
            let content = std::fs::read(&path).unwrap();
            assert_eq!(
                expected.get(name),
                Some(&Digest::sha256(&content)),
                "{} is visible and wrong",
                path.display()
            );
            count += 1;
        }
    }
    count
}

/// The folder of the only snapshot of a repository, or where it could be.
fn snapshot(world: &World, repo: &str) -> PathBuf {
    let snapshots = cached(world, repo).join("snapshots");
    let mut folders = std::fs::read_dir(&snapshots).into_iter().flatten();
    folders
        .next()
        .map_or(snapshots, |folder| folder.unwrap().path())
}

fn cached(world: &World, repo: &str) -> PathBuf {
    world
        .cache()
        .join(format!("models--{}", repo.replace('/', "--")))
}

/// There are no bytes on the way that nobody will come back for.
fn assert_nothing_left_over(folder: &Path) {
    let entries = std::fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let is_partial = |path: &PathBuf| path.extension().is_some_and(|end| end == "incomplete");
    let left: Vec<PathBuf> = paths.filter(is_partial).collect();
    assert!(left.is_empty(), "{left:?}");
}
