use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt};
use hubdesk_core::{RepoId, RepoKind, Secret};
use hubdesk_hub::{
    Error, LogLine, Reading, Setting, SleepTime, Space, SpaceLog, Stage, VariableName,
};
use hubdesk_standin::{Effect, Fault, RepoSeed, Route, StandIn};

use crate::scene::{MIRAS_TOKEN, OTHERS_TOKEN, READ_TOKEN, Scene};

/// Longer than any test takes, and far from overflowing.
const FAR_FUTURE: u64 = 4_000_000_000;
const LOOK_OFTEN: Duration = Duration::from_millis(1);

async fn one_space() -> Scene {
    let space = RepoSeed::space("mira/s").file("app.py", "print()\n");
    Scene::start(StandIn::builder().repo(space)).await
}

fn id() -> RepoId {
    RepoId::new(RepoKind::Space, "mira/s").unwrap()
}

fn space(scene: &Scene, token: &str) -> Space {
    scene.hub(Some(token)).repo(&id()).space().unwrap()
}

fn name(text: &str) -> VariableName {
    text.parse().unwrap()
}

fn setting(name: &str, value: &str) -> Setting {
    Setting::new(name.parse().unwrap(), Secret::new(value.to_owned()))
}

fn text(line: &LogLine) -> &str {
    line.text.trim_end()
}

async fn stages(space: &Space) -> Vec<Stage> {
    let states = space.wait_until_settled(LOOK_OFTEN);
    states
        .map_ok(|state| state.stage)
        .try_collect()
        .await
        .unwrap()
}

fn posts(scene: &Scene) -> usize {
    let records = scene.standin.log().records();
    let sent = records.iter().filter(|record| record.method == "POST");
    sent.count()
}

#[tokio::test]
async fn a_space_is_stopped_started_and_watched_until_it_runs() {
    let scene = one_space().await;
    let space = space(&scene, MIRAS_TOKEN);
    assert_eq!(stages(&space).await, [Stage::Running]);
    assert_eq!(space.pause().await.unwrap().stage, Stage::Paused);
    assert_eq!(stages(&space).await, [Stage::Paused]);
    assert_eq!(space.restart(false).await.unwrap().stage, Stage::Building);
    let way = [Stage::Building, Stage::AppStarting, Stage::Running];
    assert_eq!(stages(&space).await, way);
    space.restart(true).await.unwrap();
    assert_eq!(
        stages(&space).await.len(),
        4,
        "a factory restart builds longer"
    );
    let model = scene.model();
    assert!(model.space().is_none(), "a model does not run");
}

#[tokio::test]
async fn another_machine_is_there_once_it_runs_again() {
    let scene = one_space().await;
    let space = space(&scene, MIRAS_TOKEN);
    let catalogue = scene.hub(None).space_hardware().await.unwrap();
    assert!(
        catalogue
            .iter()
            .any(|one| one.name == "cpu-basic" && one.is_free())
    );
    let paid = catalogue
        .iter()
        .find(|one| one.accelerator.is_some())
        .unwrap();
    assert!(!paid.is_free());
    assert_eq!(paid.accelerator.as_ref().unwrap().quantity, Some(1));

    let nap = SleepTime::Seconds(3600);
    let now = space.request_hardware(&paid.name, Some(nap)).await.unwrap();
    assert_eq!(now.hardware.requested.as_ref(), Some(&paid.name));
    assert_eq!(now.hardware.current.as_deref(), Some("cpu-basic"));
    stages(&space).await;
    let now = space.set_sleep_time(SleepTime::Never).await.unwrap();
    assert_eq!(now.hardware.current.as_ref(), Some(&paid.name));
    assert_eq!(now.sleep, Some(SleepTime::Never));
    let refused = space.request_hardware("abacus", None).await;
    assert!(
        matches!(refused, Err(Error::BadRequest { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn secrets_are_known_by_name_and_variables_by_value() {
    let scene = one_space().await;
    let space = space(&scene, MIRAS_TOKEN);
    let key = Setting {
        description: Some("opens".to_owned()),
        ..setting("KEY", "sesame\n")
    };
    space.set_secret(&key).await.unwrap();
    space.set_secret(&setting("OLD", "sesame")).await.unwrap();
    space.delete_secret(&name("OLD")).await.unwrap();
    let secrets = space.secrets().await.unwrap();
    assert_eq!((secrets.len(), secrets[0].key.as_str()), (1, "KEY"));
    assert_eq!(secrets[0].description.as_deref(), Some("opens"));

    for value in ["fast", "slow"] {
        let mode = setting("MODE", value);
        space.set_variable(&mode).await.unwrap();
    }
    let variables = space.variables().await.unwrap();
    assert_eq!((variables.len(), variables[0].value.as_str()), (1, "slow"));
    space.delete_variable(&name("MODE")).await.unwrap();
    assert!(space.variables().await.unwrap().is_empty());
    let missing = space.delete_variable(&name("MODE")).await;
    assert!(matches!(missing, Err(Error::NotFound(..))), "{missing:?}");
}

#[tokio::test]
async fn a_log_is_read_to_its_present_end() {
    let scene = one_space().await;
    let space = space(&scene, MIRAS_TOKEN);
    let hub = scene.standin.hub();
    hub.write_log(&id(), "present", 1);
    // The first line after the request ends a snapshot, and is not part of it.
    hub.write_log(&id(), "future", FAR_FUTURE);
    let lines: Vec<LogLine> = space
        .logs(SpaceLog::Run, Reading::Snapshot)
        .try_collect()
        .await
        .unwrap();
    assert_eq!(text(lines.last().unwrap()), "present");
    assert!(lines.len() > 1 && lines.iter().all(|line| line.timestamp.is_some()));

    space.pause().await.unwrap();
    let built: Vec<LogLine> = space
        .logs(SpaceLog::Build, Reading::Follow)
        .try_collect()
        .await
        .unwrap();
    assert!(
        built.iter().any(|line| text(line).contains("Build")),
        "{built:?}"
    );
}

#[tokio::test]
async fn who_follows_a_log_hears_what_comes() {
    let scene = one_space().await;
    let space = space(&scene, MIRAS_TOKEN);
    let hub = scene.standin.hub();
    hub.write_log(&id(), "history", 1);
    let mut lines = Box::pin(space.logs(SpaceLog::Run, Reading::Follow));
    while text(&lines.next().await.unwrap().unwrap()) != "history" {}
    for number in 0..3 {
        let said = format!("news {number}");
        hub.write_log(&id(), &said, FAR_FUTURE);
        assert_eq!(text(&lines.next().await.unwrap().unwrap()), said);
    }
}

#[tokio::test]
async fn no_line_is_lost_or_comes_twice_when_the_connection_breaks() {
    let scene = one_space().await;
    let space = space(&scene, MIRAS_TOKEN);
    let hub = scene.standin.hub();
    for number in 0..20 {
        hub.write_log(&id(), &format!("line {number}"), 1);
    }
    // In the middle of a line, as connections do.
    let cut = Fault::on(Route::Change, Effect::Cut { after: 777 }).times(1);
    scene.standin.faults().add(cut.matching("logs"));
    let lines = space.logs(SpaceLog::Run, Reading::Follow);
    let lines: Vec<LogLine> = lines.take(22).try_collect().await.unwrap();
    let numbered: Vec<&str> = lines
        .iter()
        .map(text)
        .filter(|line| line.starts_with("line"))
        .collect();
    let expected: Vec<String> = (0..20).map(|number| format!("line {number}")).collect();
    assert_eq!(numbered, expected);
    let asked = scene.standin.log().records();
    let asked = asked.iter().filter(|record| record.path.contains("logs"));
    assert_eq!(asked.count(), 2);
}

#[tokio::test]
async fn a_refused_log_is_a_refusal() {
    let scene = one_space().await;
    for token in [READ_TOKEN, OTHERS_TOKEN] {
        let mut lines = Box::pin(space(&scene, token).logs(SpaceLog::Run, Reading::Follow));
        let refused = lines.next().await.unwrap();
        assert!(
            matches!(refused, Err(Error::Forbidden { .. })),
            "{refused:?}"
        );
        assert!(lines.next().await.is_none());
    }
}

#[tokio::test]
async fn only_who_may_write_changes_a_space_and_everybody_sees_it() {
    let scene = one_space().await;
    for token in [READ_TOKEN, OTHERS_TOKEN] {
        let space = space(&scene, token);
        assert_eq!(space.runtime().await.unwrap().stage, Stage::Running);
        let refusals = [
            space.pause().await.map(drop),
            space.restart(false).await.map(drop),
            space.secrets().await.map(drop),
            space.set_secret(&setting("A", "x")).await,
        ];
        for refused in refusals {
            assert!(
                matches!(refused, Err(Error::Forbidden { .. })),
                "{refused:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_restart_whose_answer_was_lost_is_seen_and_not_repeated() {
    let scene = one_space().await;
    let cut = Fault::on(Route::Change, Effect::Cut { after: 0 })
        .method("POST")
        .times(1);
    scene.standin.faults().add(cut);
    let space = space(&scene, MIRAS_TOKEN);
    assert_eq!(space.restart(false).await.unwrap().stage, Stage::Building);
    assert_eq!(posts(&scene), 1);
}

#[tokio::test]
async fn one_that_was_on_its_way_before_does_not_show_whether_it_was_restarted() {
    let scene = one_space().await;
    let space = space(&scene, MIRAS_TOKEN);
    space.restart(false).await.unwrap();
    let lost = Fault::on(Route::Change, Effect::status(502)).method("POST");
    scene.standin.faults().add(lost.times(1));
    let open = space.restart(false).await;
    assert!(matches!(open, Err(Error::Unsure { .. })), "{open:?}");
    assert_eq!(posts(&scene), 2);
}
