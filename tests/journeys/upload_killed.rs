//! Kill −9 while it uploads, at random moments: afterwards everything is there, nothing was
//! committed twice, and little was sent twice.
//!
//! As many kills as fit into some seconds; `HUBDESK_KILLS=100` makes it a hundred in each form.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use futures_util::TryStreamExt as _;
use hubdesk_core::{Clock as _, Digest, RepoId, RepoKind, Revision, SystemClock, Token};
use hubdesk_hub::{Endpoint, Hub, Profile, Repo, TokenSource};
use hubdesk_standin::{Builder, Content, Host, RepoSeed, StandIn};
use hubdesk_tests::{TOKEN, World, said};

/// How long it goes on, but for the last upload.
const TIME: Duration = Duration::from_secs(15);
/// Kills of one content, at most, before it is left to end.
const KILLS_EACH: u32 = 4;
/// More than fit into one commit.
const SMALL: u64 = 260;
const LARGE_FILES: u64 = 3;
const LARGE: u64 = 3 << 20;
const PART: u64 = 1 << 20;
/// Large files on their way at the same time, of which a kill may cost all.
const LARGE_AT_ONCE: u64 = 2;

#[tokio::test(flavor = "multi_thread")]
async fn in_parts() {
    let scene = Scene::start(StandIn::builder().part_size(PART), "parts").await;
    let killed = scene.kill_again_and_again(&[]).await;
    scene.check_history("main").await;
    killed.check(LARGE_AT_ONCE * LARGE);
}

#[tokio::test(flavor = "multi_thread")]
async fn in_chunks() {
    let scene = Scene::start(StandIn::builder().xet(), "chunks").await;
    let killed = scene.kill_again_and_again(&[]).await;
    scene.check_history("main").await;
    // All of them fit into one block, and of that nothing is there before all is.
    killed.check(LARGE_FILES * LARGE);
}

/// Nothing on this machine remembers what a killed run has opened, and two pull requests of the same
/// content are nothing the Hub refuses. So there may be one of each run, killed or not, and no more.
#[tokio::test(flavor = "multi_thread")]
async fn each_run_leaves_one_pull_request_at_most() {
    let scene = Scene::start(StandIn::builder().part_size(PART), "pull").await;
    let before = scene.repo.resolve(&Revision::main()).await.unwrap();
    let killed = scene.kill_again_and_again(&["--create-pr"]).await;
    let opened = scene.repo.refs().await.unwrap().pull_requests;
    assert!(opened.len() as u64 >= killed.contents);
    assert!(opened.len() as u64 <= killed.runs);
    for one in &opened {
        scene.check_history(&one.full_name).await;
    }
    let after = scene.repo.resolve(&Revision::main()).await.unwrap();
    assert_eq!(before, after, "onto main nothing was committed");
    eprintln!(
        "{} pull requests for {} contents",
        opened.len(),
        killed.contents
    );
}

struct Scene {
    world: World,
    repo: Repo,
    folder: PathBuf,
    temporary: PathBuf,
    name: &'static str,
}

/// What happened.
struct Killed {
    name: &'static str,
    runs: u64,
    kills: u64,
    contents: u64,
    sent: u64,
}

impl Killed {
    #[expect(
        clippy::print_stderr,
        reason = "what kills cost is a figure to be read"
    )]
    fn check(&self, cost: u64) {
        let needed = self.contents * LARGE_FILES * LARGE;
        let twice = self.sent.saturating_sub(needed);
        eprintln!(
            "{}: {} kills, {} contents, {} KiB sent twice, {} KiB a kill",
            self.name,
            self.kills,
            self.contents,
            twice >> 10,
            (twice / self.kills.max(1)) >> 10,
        );
        assert!(self.kills > 0, "nothing was killed");
        assert!(twice <= self.kills * cost, "{twice} bytes were sent twice");
    }
}

impl Scene {
    async fn start(builder: Builder, name: &'static str) -> Self {
        let seed = RepoSeed::model("mira/m").file("README.md", "# m\n");
        let world = World::start(builder.repo(seed)).await;
        world.allow_token_in_processes();
        let folder = world.home().join("up");
        let temporary = world.home().join("temporary");
        for path in [&folder, &temporary] {
            std::fs::create_dir(path).unwrap();
        }
        let tokens: Arc<dyn TokenSource> = Arc::new(Token::new(TOKEN));
        let endpoint = Endpoint::parse(&world.hub.endpoint()).unwrap();
        let hub = Hub::new(endpoint, tokens, Profile::default()).unwrap();
        let repo = hub.repo(&RepoId::new(RepoKind::Model, "mira/m").unwrap());
        Self {
            world,
            repo,
            folder,
            temporary,
            name,
        }
    }

    fn upload(&self, options: &[&str]) -> Command {
        let mut command = self.world.cli();
        command
            .args(["upload", "mira/m"])
            .arg(&self.folder)
            .args(options)
            .env("HF_TOKEN", TOKEN)
            .env("TMPDIR", &self.temporary)
            .stdout(Stdio::null());
        command
    }

    /// Changes every file, and gives what each is now.
    fn write(&self, number: u64) -> BTreeMap<String, Digest> {
        let small = (0..SMALL).map(|n| {
            (
                format!("d/{n:03}.txt"),
                format!("{n} of {number}").into_bytes(),
            )
        });
        let large = (0..LARGE_FILES).map(|n| {
            let random = Content::random(1000 * number + n, LARGE - 1);
            // The zero is what makes it a large file for the stand-in.
            let content = Content::chain([Content::bytes(b"\0".as_slice()), random]);
            (format!("w-{n}.bin"), content.read(0, LARGE).to_vec())
        });
        std::fs::create_dir_all(self.folder.join("d")).unwrap();
        let mut expected = BTreeMap::new();
        for (name, content) in small.chain(large) {
            std::fs::write(self.folder.join(&name), &content).unwrap();
            let digest = match name.ends_with(".bin") {
                true => Digest::sha256(&content),
                false => Digest::git_blob(&content),
            };
            expected.insert(name, digest);
        }
        expected
    }

    /// Uploads one content after the other, and kills it some times before it may end.
    async fn kill_again_and_again(&self, options: &[&str]) -> Killed {
        let clock = SystemClock::default();
        let until = clock.elapsed() + TIME;
        let wanted: Option<u64> = said("HUBDESK_KILLS").and_then(|text| text.parse().ok());
        let mut killed = Killed {
            name: self.name,
            runs: 0,
            kills: 0,
            contents: 0,
            sent: 0,
        };
        // Small steps of a linear congruence: random enough, and the same in every run.
        let mut random: u64 = 0x5eed;
        let mut requests_of_one = 12;
        let is_enough = |killed: &Killed| match wanted {
            Some(wanted) => killed.kills >= wanted || killed.contents >= 2 * wanted,
            None => killed.kills > 0 && clock.elapsed() >= until,
        };
        while !is_enough(&killed) && killed.contents < 1000 {
            let expected = self.write(killed.contents + 1);
            for _ in 0..KILLS_EACH {
                random = random
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                let requests = (random >> 16) % requests_of_one;
                let pause = Duration::from_micros((random >> 32) % 40_000);
                self.world.hub.log().clear();
                let child = self.upload(options).spawn().unwrap();
                let was_killed = self.kill_after(child, requests as usize, pause, &clock);
                killed.sent += self.sent();
                killed.runs += 1;
                if !was_killed {
                    break;
                }
                killed.kills += 1;
            }
            self.world.hub.log().clear();
            let output = self.upload(options).output().unwrap();
            let words = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{words}");
            killed.sent += self.sent();
            requests_of_one = requests_of_one.max(self.world.hub.log().records().len() as u64);
            killed.runs += 1;
            killed.contents += 1;
            if options.is_empty() {
                let there = self.tree("main").await;
                let is_right = expected
                    .iter()
                    .all(|(name, digest)| there.get(name) == Some(digest));
                assert!(is_right, "content {} is not right", killed.contents);
            }
            let left: Vec<_> = std::fs::read_dir(&self.temporary).unwrap().collect();
            assert!(left.is_empty(), "{left:?}");
        }
        killed
    }

    /// `false` if it had done its work before.
    fn kill_after(
        &self,
        mut child: Child,
        requests: usize,
        pause: Duration,
        clock: &SystemClock,
    ) -> bool {
        let mut since = None;
        loop {
            if let Some(status) = child.try_wait().unwrap() {
                assert!(status.success(), "it failed by itself: {status}");
                return false;
            }
            if since.is_none() && self.world.hub.log().records().len() > requests {
                since = Some(clock.elapsed());
            }
            if since.is_some_and(|since| clock.elapsed() >= since + pause) {
                child.kill().unwrap();
                child.wait().unwrap();
                return true;
            }
            std::thread::park_timeout(Duration::from_millis(1));
        }
    }

    /// Bytes of large files that were announced: what of them came before a kill is not known.
    fn sent(&self) -> u64 {
        let records = self.world.hub.log().records();
        let bodies = records.iter().filter(|one| match one.host {
            Host::Storage => one.method == "PUT",
            Host::Xet => one.method == "POST" && one.path.contains("/v1/xorbs/"),
            Host::Hub => false,
        });
        let lengths = bodies.flat_map(|one| &one.headers);
        let lengths = lengths.filter(|(name, _)| name == "content-length");
        lengths
            .map(|(_, length)| length.parse::<u64>().unwrap())
            .sum()
    }

    async fn tree(&self, revision: &str) -> BTreeMap<String, Digest> {
        let commit = self.repo.resolve(&revision.parse().unwrap()).await.unwrap();
        let entries: Vec<_> = self
            .repo
            .tree(&commit, None, true)
            .try_collect()
            .await
            .unwrap();
        let digest = |entry: &hubdesk_hub::TreeEntry| Some((entry.path.clone(), entry.digest()?));
        entries.iter().filter_map(digest).collect()
    }

    /// Every commit changes something, and no file becomes again what it was.
    async fn check_history(&self, revision: &str) {
        let commits = self.repo.commits(&revision.parse().unwrap());
        let commits: Vec<_> = commits.try_collect().await.unwrap();
        let mut before: BTreeMap<String, Digest> = BTreeMap::new();
        let mut seen: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for commit in commits.iter().rev() {
            let tree = self.tree(commit.id.as_str()).await;
            let mut has_changed = false;
            for (path, digest) in &tree {
                if before.get(path) == Some(digest) {
                    continue;
                }
                has_changed = true;
                let is_new = seen
                    .entry(path.clone())
                    .or_default()
                    .insert(digest.to_string());
                assert!(is_new, "{path} was committed twice: {}", commit.title);
            }
            assert!(has_changed, "{} changes nothing", commit.title);
            before = tree;
        }
        let ours = commits
            .iter()
            .filter(|commit| commit.title.starts_with("Upload folder"));
        assert!(
            ours.count() + 1 == commits.len(),
            "all but the first are ours"
        );
    }
}
