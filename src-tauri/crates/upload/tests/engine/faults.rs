//! What can go wrong on the way, phase by phase: a run ends, done and right or with an error that
//! has a name, and whatever it came to, the next one finishes and nothing is committed twice.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use hubdesk_core::{Backoff, Token};
use hubdesk_hub::{Endpoint, Error as HubError, Hub, Profile, TokenSource};
use hubdesk_standin::{Effect, Fault, RepoSeed, Route, StandIn};
use hubdesk_upload::{Ctx, Error, Outcome};

use crate::world::{World, all_of, noise};

/// Rows at the same time: each is mostly waiting.
const ROWS_AT_ONCE: usize = 8;
/// An answer that does not come.
const NEVER: Duration = Duration::from_secs(24 * 60 * 60);
const LARGE: usize = (2 << 20) + 5;

/// What goes wrong, and how the run ends.
pub(crate) struct Row {
    pub(crate) fault: Fault,
    pub(crate) end: &'static str,
}

/// How a run has ended, in a word.
pub(crate) fn word(end: &Result<Outcome, Error>) -> &'static str {
    match end {
        Ok(Outcome::Done(_)) => "done",
        Ok(Outcome::Cancelled) => "cancelled",
        Err(Error::Refused { .. }) => "file refused",
        Err(Error::Hub { source, .. }) => match source {
            HubError::SignedOut { .. } => "signed out",
            HubError::Forbidden { .. } => "forbidden",
            HubError::NotFound(..) => "not found",
            HubError::RateLimited { .. } => "too many requests",
            HubError::Server { .. } => "server",
            HubError::Timeout { .. } => "timeout",
            HubError::Cut { .. } => "cut",
            HubError::Stalled { .. } => "stalled",
            HubError::Conflict { .. } => "conflict",
            HubError::TooLarge { .. } => "too large",
            HubError::Storage { .. } => "storage",
            HubError::BadRequest { .. } => "bad request",
            HubError::Malformed { .. } => "malformed",
            HubError::PaymentNeeded { .. } => "payment needed",
            HubError::Unsure { .. } => "unsure",
            _ => "another error of the Hub",
        },
        Err(_) => "another error",
    }
}

/// Bears silence for seconds only.
pub(crate) fn impatient() -> Profile {
    Profile {
        backoff: Backoff {
            retries: 3,
            first: Duration::from_millis(1),
            longest: Duration::from_millis(4),
        },
        connect_timeout: Duration::from_secs(2),
        read_timeout: Duration::from_secs(3),
        ..Profile::default()
    }
}

impl World {
    pub(crate) fn use_profile(&mut self, profile: Profile) {
        let tokens: Arc<dyn TokenSource> = Arc::new(Token::new("hf_mira"));
        let endpoint = Endpoint::parse(&self.hub.endpoint()).unwrap();
        self.parts.hub = Hub::new(endpoint, tokens, profile).unwrap();
    }

    /// Small files and one that is large.
    pub(crate) fn write_samples(&self) -> Vec<(&'static str, Vec<u8>)> {
        let files = vec![
            ("a.txt", b"a".to_vec()),
            ("d/b.txt", b"b".to_vec()),
            ("w.bin", noise(1, LARGE)),
        ];
        for (name, content) in &files {
            self.write(name, content);
        }
        files
    }

    /// Runs with what goes wrong, and once more without. Gives what the first run came to.
    pub(crate) async fn bears(&self, row: &Row) -> String {
        let files = self.write_samples();
        self.hub.faults().add(row.fault.clone());
        let request = all_of(self.folder());
        let end = self.run(&request, &Ctx::default()).await;
        let found = word(&end);
        let after_first = self.own_commits().await;
        let mut problems = Vec::new();
        if found != row.end {
            problems.push(format!("it ended {found:?}, not {:?}: {end:?}", row.end));
        }
        if after_first > 1 || (found == "done" && after_first == 0) {
            problems.push(format!("{after_first} commits after the first run"));
        }
        self.hub.faults().clear();
        let again = self.run(&request, &Ctx::default()).await;
        if word(&again) != "done" {
            problems.push(format!("without a fault: {again:?}"));
        }
        let there = self.files("main").await;
        if !files
            .iter()
            .all(|(name, content)| there.get(*name) == Some(content))
        {
            problems.push("the tree is not right".to_owned());
        }
        let commits = self.own_commits().await;
        if commits != 1 {
            problems.push(format!("{commits} commits in the end"));
        }
        match problems.is_empty() {
            true => String::new(),
            false => format!("{:?}\n  {}\n", row.fault, problems.join("\n  ")),
        }
    }

    async fn own_commits(&self) -> usize {
        let titles = self.titles("main").await;
        titles
            .iter()
            .filter(|title| title.starts_with("Upload"))
            .count()
    }
}

fn seed() -> RepoSeed {
    RepoSeed::model("mira/m").file("README.md", "# m\n")
}

async fn check(rows: Vec<Row>, part_size: u64) {
    let borne = stream::iter(rows).map(|row| async move {
        let builder = StandIn::builder().repo(seed()).part_size(part_size);
        let mut world = World::start(builder).await;
        world.use_profile(impatient());
        world.bears(&row).await
    });
    let wrong: String = borne.buffer_unordered(ROWS_AT_ONCE).collect().await;
    assert!(wrong.is_empty(), "{wrong}");
}

/// What goes wrong once and is tried again.
fn passing() -> Vec<Effect> {
    vec![
        Effect::status(500),
        Effect::status(503),
        Effect::TooMany {
            retry_after: Some(1),
            reset: None,
        },
        Effect::TooMany {
            retry_after: None,
            reset: None,
        },
        Effect::Cut { after: 0 },
        Effect::Stall { after: 0 },
        Effect::Latency(NEVER),
    ]
}

/// What does not get better, and what a run then ends with.
fn lasting() -> Vec<(Effect, &'static str)> {
    vec![
        (Effect::Unauthorized, "signed out"),
        (Effect::status(403), "forbidden"),
        (Effect::status(409), "conflict"),
        (Effect::status(413), "too large"),
        (
            Effect::TooMany {
                retry_after: None,
                reset: None,
            },
            "too many requests",
        ),
        (
            Effect::TooMany {
                retry_after: Some(3600),
                reset: None,
            },
            "too many requests",
        ),
        (Effect::status(503), "server"),
        (Effect::Cut { after: 0 }, "cut"),
    ]
}

/// At the Hub itself, where the path has `part`.
fn at_hub(part: &str) -> Vec<Row> {
    let on = |effect| Fault::on(Route::Change, effect).matching(part);
    let once = passing().into_iter().map(|effect| Row {
        fault: on(effect).times(1),
        end: "done",
    });
    let for_ever = lasting().into_iter().map(|(effect, end)| Row {
        fault: on(effect),
        end,
    });
    once.chain(for_ever).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn while_it_is_asked_how_files_travel() {
    check(at_hub("/preupload/"), 1 << 20).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_it_is_asked_where_large_files_go() {
    check(at_hub("objects/batch"), 1 << 20).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_what_was_sent_is_verified() {
    let mut rows = at_hub("objects/verify");
    rows.push(Row {
        fault: Fault::on(Route::Change, Effect::status(400)).matching("objects/verify"),
        end: "bad request",
    });
    check(rows, 1 << 20).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_it_is_committed() {
    let mut rows = at_hub("/commit/");
    // The Hub is given more than a minute for a commit.
    rows.retain(|row| !format!("{:?}", row.fault).contains("Latency"));
    for row in &mut rows {
        if row.end == "cut" {
            // It has happened, and that is seen on the branch.
            row.end = "done";
        }
    }
    rows.push(Row {
        fault: Fault::on(Route::Change, Effect::status(412))
            .matching("/commit/")
            .times(1),
        end: "done",
    });
    rows.push(Row {
        fault: Fault::on(Route::Change, Effect::MalformedJson)
            .matching("/commit/")
            .times(1),
        end: "done",
    });
    check(rows, 1 << 20).await;
}

/// At the storage host.
fn at_storage(method: &'static str) -> Vec<Row> {
    let on = |effect| Fault::on(Route::Storage, effect).method(method);
    let once = passing()
        .into_iter()
        .chain([Effect::ExpiredLink, Effect::status(400)]);
    let once = once.map(|effect| Row {
        fault: on(effect).times(1),
        end: "done",
    });
    let for_ever = [
        (Effect::ExpiredLink, "file refused"),
        (Effect::status(503), "server"),
        // By then the storage has taken it and said so; there is nothing more to read.
        (Effect::Cut { after: 0 }, "done"),
    ];
    let for_ever = for_ever.into_iter().map(|(effect, end)| Row {
        fault: on(effect),
        end,
    });
    once.chain(for_ever).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn while_parts_are_sent() {
    check(at_storage("PUT"), 1 << 20).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_a_file_is_sent_as_a_whole() {
    check(at_storage("PUT"), 1 << 30).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_parts_are_put_together() {
    check(at_storage("POST"), 1 << 20).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_taken_back_on_the_way_ends_the_run_by_name() {
    let slow = Fault::on(Route::Storage, Effect::Latency(NEVER))
        .method("PUT")
        .times(1);
    let builder = StandIn::builder()
        .repo(seed())
        .part_size(1 << 20)
        .fault(slow);
    let mut world = World::start(builder).await;
    world.use_profile(impatient());
    world.write_samples();
    let (request, ctx) = (all_of(world.folder()), Ctx::default());
    let revoke = async {
        while world
            .hub
            .log()
            .records()
            .iter()
            .all(|one| one.method != "PUT")
        {
            tokio::task::yield_now().await;
        }
        world.hub.people().revoke("hf_mira");
        std::future::pending::<()>().await
    };
    let end = tokio::select! {
        end = world.run(&request, &ctx) => end,
        () = revoke => unreachable!("it waits"),
    };
    assert_eq!(word(&end), "signed out", "{end:?}");
}
