//! What is asked for is there at the next start, or it is said that it cannot be.

use futures_util::StreamExt as _;
use hubdesk_app::Closing;
use hubdesk_app::api::UiEvent;
use hubdesk_tests::board_with;

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_outlives_the_program_and_what_had_come_is_not_fetched_again() {
    let world = slow_world().await;
    let app = opened(&world).await;
    let id = start(&app, "org/m").await;
    until(&app, &id, has_some).await;
    ok(&app, "pause_transfer", json!({ "id": id })).await;
    let paused = until(&app, &id, is("paused")).await;
    app.close().await;
    drop(app);

    let app = opened(&world).await;
    let there = until(&app, &id, |_| true).await;
    assert_eq!(there["state"], "paused", "{there:#}");
    assert_eq!(there["createdAt"], paused["createdAt"]);
    assert!(
        has_some(&there),
        "the bar does not begin at nothing: {there:#}"
    );
    ok(&app, "resume_transfer", json!({ "id": id })).await;
    let done = until(&app, &id, is("done")).await;
    assert_eq!(done["bytesDone"], SIZE);
    let sent = world.hub.log().body_bytes_of("w.bin");
    assert!(sent < SIZE + (8 << 20), "{sent} bytes were sent for {SIZE}");
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_runs_when_the_program_ends_goes_on_by_itself() {
    let world = slow_world().await;
    let app = opened(&world).await;
    let id = start(&app, "org/m").await;
    until(&app, &id, has_some).await;
    app.close().await;
    drop(app);
    // Nobody opens a Hub: the queue knows where it was.
    let app = world.app();
    until(&app, &id, is("done")).await;
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_of_the_demo_hub_goes_on_at_its_next_address() {
    let world = World::start(StandIn::builder()).await;
    let app = world.app();
    ok(&app, "open_demo", Value::Null).await;
    let list = json!({ "kind": "model", "search": "", "cursor": null });
    let page = ok(&app, "repo_list", list).await;
    let name = page["repos"][0]["repo"]["name"]
        .as_str()
        .unwrap()
        .to_owned();
    ok(&app, "pause_all", Value::Null).await;
    let id = start(&app, &name).await;
    // It may have been too fast to be paused; then there is nothing to go on with.
    let _ = call(&app, "pause_transfer", json!({ "id": id })).await;
    let before = until(&app, &id, |transfer| {
        is("paused")(transfer) || is("done")(transfer)
    })
    .await;
    app.close().await;
    drop(app);
    let app = world.app();
    if before["state"] == "paused" {
        ok(&app, "resume_transfer", json!({ "id": id })).await;
    }
    until(&app, &id, is("done")).await;
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_queue_is_set_aside_and_a_person_is_told() {
    let world = slow_world().await;
    let config = world.home().join("config");
    std::fs::create_dir_all(&config).unwrap();
    std::fs::write(config.join("queue.db"), "this is no database at all").unwrap();
    let app = world.app();
    let mut events = app.subscribe();
    let status = board_with(&mut events, |status| status.queue_trouble.is_some()).await;
    let said = status.queue_trouble.unwrap();
    let kept = said.trim_end_matches('.').rsplit_once(" as ").unwrap().1;
    let text = std::fs::read_to_string(kept).unwrap();
    assert_eq!(text, "this is no database at all");
    ok(&app, "open_hub", json!({ "endpoint": null })).await;
    let id = start(&app, "org/m").await;
    until(&app, &id, is("done")).await;
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_that_cannot_be_kept_works_in_memory_and_says_so() {
    let world = slow_world().await;
    // A folder in its place: no permissions of any kind make a file of it.
    std::fs::create_dir_all(world.home().join("config/queue.db")).unwrap();
    let app = world.app();
    let mut events = app.subscribe();
    let status = board_with(&mut events, |status| status.queue_trouble.is_some()).await;
    let said = status.queue_trouble.unwrap();
    assert!(said.contains("kept in memory"), "{said}");
    ok(&app, "open_hub", json!({ "endpoint": null })).await;
    let id = start(&app, "org/m").await;
    until(&app, &id, is("done")).await;
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_that_is_closed_while_something_is_at_work_asks_once() {
    let world = slow_world().await;
    let app = opened(&world).await;
    assert_eq!(app.closing(true).await, Closing::Quit, "nothing is at work");
    let id = start(&app, "org/m").await;
    for (answer, expected) in [
        ("stay", Closing::Stay),
        ("background", Closing::Hide),
        ("quit", Closing::Quit),
    ] {
        let mut events = listening(&app).await;
        let answering = async {
            asked(&mut events).await;
            ok(&app, "answer_quit", json!({ "answer": answer })).await;
        };
        let (closing, ()) = tokio::join!(app.closing(true), answering);
        assert_eq!(closing, expected);
    }
    // Who does not answer can still leave.
    let mut events = listening(&app).await;
    let twice = async {
        asked(&mut events).await;
        app.closing(true).await
    };
    tokio::select! {
        _ = app.closing(true) => panic!("nobody has answered"),
        second = twice => assert_eq!(second, Closing::Quit),
    }
    ok(&app, "cancel_transfer", json!({ "id": id })).await;
    app.close().await;
}

type Told = std::pin::Pin<Box<dyn futures_util::Stream<Item = UiEvent> + Send>>;

/// A window that has heard its first event hears every later one.
async fn listening(app: &App) -> Told {
    let mut events = app.subscribe();
    events.next().await.unwrap();
    events
}

/// Waits for the question.
async fn asked(events: &mut Told) {
    let wait = async {
        let is_it = |event: &UiEvent| matches!(event, UiEvent::QuitAsked { can_hide: true });
        while !is_it(&events.next().await.unwrap()) {}
    };
    tokio::time::timeout(hubdesk_tests::PATIENCE, wait)
        .await
        .unwrap();
}
