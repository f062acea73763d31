use std::time::Duration;

use hubdesk_core::{Clock as _, SystemClock};
use hubdesk_tests::World;
use serde_json::Value;

use super::{AHEAD, COST, Random};

/// What kills have cost so far: bytes that were sent and are still missing.
pub(super) struct Toll<'w> {
    world: &'w World,
    /// The arguments of each download, whose rest is asked for.
    downloads: Vec<Vec<String>>,
    missing: u64,
    costs: Vec<u64>,
}

impl<'w> Toll<'w> {
    /// Nothing was sent yet.
    pub(super) fn new(world: &'w World, downloads: Vec<Vec<String>>) -> Self {
        let mut toll = Self {
            world,
            downloads,
            missing: 0,
            costs: Vec::new(),
        };
        toll.begin();
        toll
    }

    /// What was there is gone, and its download begins.
    pub(super) fn begin(&mut self) {
        self.missing = self.ask();
        self.world.hub.log().clear();
    }

    /// A run was killed.
    pub(super) fn killed(&mut self) {
        let missing = self.ask();
        // What is on its way when a run is killed is counted by the time the answer is there.
        let log = self.world.hub.log();
        let records = log.records();
        log.clear();
        let of_files = records
            .iter()
            .filter(|record| !record.path.starts_with("/api/"));
        let sent: u64 = of_files.map(|record| record.body_bytes).sum();
        let before = std::mem::replace(&mut self.missing, missing);
        self.costs.push((sent + missing).saturating_sub(before));
    }

    pub(super) fn kills(&self) -> u64 {
        self.costs.len() as u64
    }

    /// Bytes that are not there, by the program itself.
    fn ask(&self) -> u64 {
        let rest = |download: &Vec<String>| {
            let mut command = self.world.cli();
            let output = command.args(download).args(["--dry-run", "--json"]);
            let output = output.output().unwrap();
            assert!(
                output.status.success(),
                "{}",
                String::from_utf8_lossy(&output.stderr)
            );
            let preview: Value = serde_json::from_slice(&output.stdout).unwrap();
            preview["bytes_to_fetch"].as_u64().unwrap()
        };
        self.downloads.iter().map(rest).sum()
    }

    /// Says what it was, and fails if it was too much.
    #[expect(clippy::print_stdout, reason = "what kills cost is to be read")]
    pub(super) fn settle(self, what: &str, wanted: u64) {
        let (kills, sum) = (self.kills(), self.costs.iter().sum::<u64>());
        let most = self.costs.iter().max().copied().unwrap_or_default();
        println!("{what}: {kills} kills, {sum} bytes fetched twice, {most} at most for one kill");
        assert_eq!(kills, wanted, "{what} was over before too often");
        let bound = (COST + AHEAD) * self.downloads.len() as u64;
        assert!(most <= bound, "{what}: {most} bytes were lost by one kill");
        assert!(sum <= COST * kills, "{what}: {sum} bytes were lost in all");
    }
}

/// When a run is killed.
pub(super) struct Moment {
    clock: SystemClock,
    at: Duration,
    bytes: Option<u64>,
}

impl Moment {
    /// By bytes, which hits transfers, or by time, which hits what lies between them. From now on.
    pub(super) fn draw(random: &mut Random, world: &World, most_bytes: u64, most_ms: u64) -> Self {
        let clock = SystemClock::default();
        match random.below(3) {
            0 => Self {
                at: clock.elapsed() + Duration::from_millis(random.below(most_ms)),
                bytes: None,
                clock,
            },
            _ => Self {
                at: Duration::MAX,
                bytes: Some(world.hub.log().body_bytes() + random.below(most_bytes)),
                clock,
            },
        }
    }

    pub(super) fn has_come(&self, world: &World) -> bool {
        let has_sent = |bytes| world.hub.log().body_bytes() >= bytes;
        self.bytes.is_some_and(has_sent) || self.clock.elapsed() >= self.at
    }
}
