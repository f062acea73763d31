use futures_util::{StreamExt, TryStreamExt};
use hubdesk_core::{RepoId, RepoKind, Secret};
use hubdesk_hub::{Duplicate, NewRepo, NewSpace, Reading, Sdk, Setting, SleepTime, Space};
use hubdesk_hub::{SpaceLog, Visibility};

use crate::support::{Server, cut_after, everything, json, reply, silent_after};

fn id(name: &str) -> RepoId {
    RepoId::new(RepoKind::Space, name).unwrap()
}

fn space(server: &Server) -> Space {
    server.hub().repo(&id("org/s")).space().unwrap()
}

fn secret() -> Setting {
    let value = Secret::new("open-sesame".to_owned());
    Setting::new("KEY".parse().unwrap(), value)
}

/// A line of a log, written in second `at`.
fn line(text: &str, at: u32) -> String {
    format!("data: {{\"data\":\"{text}\",\"timestamp\":\"2026-11-20T12:00:{at:02}.000Z\"}}\n\n")
}

/// What who follows a log is given when its connection breaks after `before`, and the next one brings
/// `after` and its end.
async fn followed(before: &[(&str, u32)], after: &[(&str, u32)]) -> Vec<String> {
    let text = |lines: &[(&str, u32)]| {
        let lines: String = lines.iter().map(|(text, at)| line(text, *at)).collect();
        &*lines.leak()
    };
    let (before, after) = (text(before), text(after));
    let server = Server::start(move |seen| match seen.earlier {
        0 => reply(200, &[], cut_after(before)),
        _ => reply(200, &[], after),
    })
    .await;
    let lines = space(&server).logs(SpaceLog::Run, Reading::Follow);
    lines.map_ok(|line| line.text).try_collect().await.unwrap()
}

#[tokio::test]
async fn who_follows_hears_every_line_once_over_a_connection_that_breaks() {
    let old = [("a1", 1), ("a2", 2)];
    let (same, restarted, trimmed) = tokio::join!(
        followed(&old, &[("a1", 1), ("a2", 2), ("a3", 2)]),
        followed(&old, &[("b1", 3), ("b2", 3), ("b3", 4)]),
        followed(&old, &[("a2", 2), ("a3", 3)]),
    );
    assert_eq!(same, ["a1", "a2", "a3"]);
    assert_eq!(restarted, ["a1", "a2", "b1", "b2", "b3"], "a new log");
    assert_eq!(trimmed, ["a1", "a2", "a3"], "the oldest line was dropped");
}

#[tokio::test]
async fn what_is_asked_of_a_space_is_what_the_official_client_asks() {
    let server = Server::start(|_| json(r#"{"stage": "BUILDING"}"#)).await;
    let space = space(&server);
    space.restart(true).await.unwrap();
    space.pause().await.unwrap();
    let nap = SleepTime::Seconds(300);
    space.request_hardware("t4-small", Some(nap)).await.unwrap();
    space.set_sleep_time(SleepTime::Never).await.unwrap();
    space.delete_secret(&"KEY".parse().unwrap()).await.unwrap();
    let asked: Vec<_> = server
        .seen()
        .iter()
        .map(|seen| format!("{} {}", seen.line, seen.body))
        .collect();
    assert_eq!(
        asked,
        [
            "GET /api/spaces/org/s/runtime ",
            "POST /api/spaces/org/s/restart?factory=true ",
            "POST /api/spaces/org/s/pause ",
            "POST /api/spaces/org/s/hardware {\"flavor\":\"t4-small\",\"sleepTimeSeconds\":300}",
            "POST /api/spaces/org/s/sleeptime {\"seconds\":-1}",
            "DELETE /api/spaces/org/s/secrets {\"key\":\"KEY\"}",
        ]
    );
}

#[tokio::test]
async fn a_secret_is_not_told_even_by_a_server_that_repeats_it() {
    for status in [400, 403, 409, 500] {
        let server = Server::start(move |seen| {
            let echo = seen.body.replace('"', "'");
            let headers = ["x-error-message", "x-error-code", "x-request-id"];
            reply(
                status,
                &headers.map(|name| (name, echo.as_str())),
                format!("{{\"error\": \"{echo}\"}}"),
            )
        })
        .await;
        let refused = space(&server).set_secret(&secret()).await;
        let shown = everything(&refused.unwrap_err());
        assert!(!shown.contains("sesame"), "{shown}");
        assert!(server.seen()[0].body.contains("open-sesame"));
    }
}

#[tokio::test]
async fn of_a_log_only_what_can_be_read_is_given() {
    let body = ": hello\n\ndata:\n\ndata: {\"data\":\"one\\n\",\"timestamp\":null}\n\n\
                data: {not json}\n\ndata: [1]\n\nevent: x\ndata: {\"data\":\"two\"}\n\n";
    let server = Server::start(move |_| reply(200, &[], body)).await;
    let lines = space(&server).logs(SpaceLog::Build, Reading::Follow);
    let lines: Vec<_> = lines.map_ok(|line| line.text).try_collect().await.unwrap();
    assert_eq!(lines, ["one\n", "two"]);
    assert_eq!(server.lines(), ["GET /api/spaces/org/s/logs/build"]);
}

#[tokio::test]
async fn a_snapshot_ends_when_nothing_comes_for_five_seconds() {
    let server = Server::start(|_| {
        let lines = "data: {\"data\":\"one\"}\n\ndata:\n\n";
        reply(200, &[], silent_after(lines))
    })
    .await;
    let started = tokio::time::Instant::now();
    let lines = space(&server).logs(SpaceLog::Run, Reading::Snapshot);
    let lines: Vec<_> = lines.try_collect().await.unwrap();
    assert_eq!(lines.len(), 1);
    assert!(started.elapsed().as_secs() >= 5);
}

#[tokio::test]
async fn a_log_that_is_not_there_is_asked_for_once() {
    let server = Server::start(|_| reply(404, &[], "{}")).await;
    for reading in [Reading::Follow, Reading::Snapshot] {
        let mut lines = Box::pin(space(&server).logs(SpaceLog::Run, reading));
        assert!(lines.next().await.unwrap().is_err());
        assert!(lines.next().await.is_none());
    }
    assert_eq!(server.lines().len(), 2);
}

#[tokio::test]
async fn a_secret_of_a_new_space_is_not_told_either() {
    let server = Server::start(|seen| match seen.line.starts_with("POST") {
        true => {
            let echo = seen.body.replace('"', "'");
            reply(400, &[("x-error-message", &echo)], "")
        }
        false => reply(404, &[("x-error-code", "RepoNotFound")], ""),
    })
    .await;
    let mut space = NewSpace::new(Sdk::Static);
    space.setup.secrets = vec![secret()];
    let mut copy = Duplicate::new(&id("org/copy"), Visibility::Private).unwrap();
    copy.space = Some(space.setup.clone());
    let new = NewRepo::space("org/new", Visibility::Private, space).unwrap();
    let made = server.hub().create_repo(&new).await;
    let copied = server.hub().repo(&id("org/s")).duplicate(&copy).await;
    for error in [made.unwrap_err(), copied.unwrap_err()] {
        let shown = everything(&error);
        assert!(!shown.contains("sesame"), "{shown}");
    }
}
