//! Servers that never come to an end.

use std::time::Duration;

use futures_util::TryStreamExt as _;
use hubdesk_core::{RepoId, RepoKind};
use hubdesk_hub::{Error, Hub, Reading, SpaceLog};
use tokio::time::timeout;

use crate::support::{Server, commit, dripping, impatient, reply, repo_id};

/// Far beyond what the impatient client waits for, attempts included.
const AGES: Duration = Duration::from_secs(30);

async fn dripping_hub(drop: &'static str) -> (Server, Hub) {
    let server = Server::start(move |_| reply(200, &[], dripping(drop))).await;
    let hub = impatient(&server.url);
    (server, hub)
}

#[tokio::test]
async fn facts_that_drip_without_an_end_are_given_up() {
    let (_server, hub) = dripping_hub(" ").await;
    let answer = timeout(AGES, hub.whoami()).await.unwrap();
    assert!(matches!(answer, Err(Error::Timeout { .. })), "{answer:?}");
}

#[tokio::test]
async fn a_card_that_drips_without_an_end_is_given_up() {
    let (_server, hub) = dripping_hub("x").await;
    let card = timeout(AGES, hub.repo(&repo_id()).card(&commit())).await;
    let card = card.unwrap();
    let is_given_up = matches!(card, Err(Error::Timeout { .. } | Error::Stalled { .. }));
    assert!(is_given_up, "{card:?}");
}

#[tokio::test]
async fn a_snapshot_of_a_log_that_never_falls_silent_ends_all_the_same() {
    let (_server, hub) =
        dripping_hub("data: {\"data\":\"x\",\"timestamp\":\"yesterday\"}\n\n").await;
    let space = hub.repo(&RepoId::new(RepoKind::Space, "org/s").unwrap());
    let lines = space
        .space()
        .unwrap()
        .logs(SpaceLog::Run, Reading::Snapshot);
    let lines: Vec<_> = timeout(AGES, lines.try_collect()).await.unwrap().unwrap();
    assert!(lines.len() > 1, "what came until then");
}
