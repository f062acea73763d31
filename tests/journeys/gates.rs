//! Repositories whose files have to be asked for.

use futures_util::{Stream, StreamExt as _};
use hubdesk_app::api::{RepoRef, Toast, UiEvent};
use hubdesk_core::RepoKind;
use hubdesk_standin::{OrgRole, RepoSeed, StandIn};
use hubdesk_tests::{TOKEN, USER, World, download, ok, sign_in, until};
use serde_json::{Value, json};

const CARD: &str = "---\nextra_gated_heading: Be <b>kind</b>\nextra_gated_prompt: Tell us who you are.\nextra_gated_fields:\n  Affiliation: text\n  Use:\n    type: select\n    options: [study, {label: At work, value: work}]\n---\n# M\n";

fn of(name: &str) -> Value {
    json!({ "repo": { "kind": "model", "name": name } })
}

fn seed() -> RepoSeed {
    RepoSeed::model("lab/m")
        .gated()
        .file("README.md", CARD)
        .file("config.json", "{}")
}

/// The next toast among events.
async fn toasted(events: impl Stream<Item = UiEvent>) -> Toast {
    let toasts = events.filter_map(async |event| match event {
        UiEvent::Toast { toast } => Some(toast),
        _ => None,
    });
    let next = async { std::pin::pin!(toasts).next().await };
    let toast = tokio::time::timeout(hubdesk_tests::PATIENCE, next).await;
    toast
        .expect("it is told in time")
        .expect("the events go on")
}

#[tokio::test]
async fn a_gate_says_what_its_authors_want_and_what_they_learn() {
    let world = World::start(StandIn::builder().repo(seed())).await;
    let app = world.app();
    ok(&app, "open_hub", json!({ "endpoint": null })).await;
    let gate = ok(&app, "gate", of("lab/m")).await;
    assert_eq!(gate["state"], "signedOut");
    assert_eq!(gate["mode"], "manual");
    assert_eq!(gate["heading"], "Be kind");
    assert_eq!(gate["text"], "Tell us who you are.");
    assert_eq!(
        gate["fields"],
        json!([
            { "label": "Affiliation", "kind": "text", "options": [] },
            { "label": "Use", "kind": "select", "options": ["study", "work"] },
        ])
    );
    assert_eq!(gate["webUrl"], format!("{}/lab/m", world.hub.endpoint()));
    assert_eq!(
        gate["shares"],
        "Asking shares your user name and e-mail address, and what you fill in, with the authors."
    );
    sign_in(&app, TOKEN).await;
    assert_eq!(ok(&app, "gate", of("lab/m")).await["state"], "ask");
}

#[tokio::test]
async fn access_is_asked_for_in_the_browser_and_the_grant_is_noticed_when_the_window_is_back() {
    let world = World::start(StandIn::builder().repo(seed())).await;
    let app = world.app();
    sign_in(&app, TOKEN).await;
    assert_eq!(
        download(&app, "lab/m", None).await["error"]["code"],
        "gated"
    );
    let gate = ok(&app, "ask_access", of("lab/m")).await;
    assert_eq!(gate["state"], "pending");
    assert_eq!(
        world.opened.all(),
        [format!("{}/lab/m", world.hub.endpoint())]
    );

    world.hub.people().join("lab", USER, OrgRole::Read);
    let mut events = app.subscribe();
    events.next().await.unwrap();
    ok(&app, "window_focused", Value::Null).await;
    let granted = Toast::AccessGranted {
        repo: RepoRef {
            kind: RepoKind::Model,
            name: "lab/m".to_owned(),
        },
        endpoint: world.hub.endpoint(),
        account: Some(format!("{USER}@{}", world.hub.endpoint())),
    };
    assert_eq!(toasted(events).await, granted);
    assert_eq!(ok(&app, "gate", of("lab/m")).await["state"], "granted");
    assert_eq!(download(&app, "lab/m", None).await["state"], "done");
    app.close().await;
}

#[tokio::test]
async fn another_account_of_the_same_hub_has_not_asked() {
    const NOORS: &str = "hf_canary_noor_987";
    let builder = StandIn::builder().repo(seed()).user("noor", NOORS);
    let world = World::start(builder).await;
    let app = world.app();
    sign_in(&app, TOKEN).await;
    ok(&app, "ask_access", of("lab/m")).await;
    sign_in(&app, NOORS).await;
    assert_eq!(ok(&app, "gate", of("lab/m")).await["state"], "ask");
    let gate = ok(&app, "ask_access", of("lab/m")).await;
    assert_eq!(gate["state"], "pending");
    app.close().await;
}

#[tokio::test]
async fn a_gate_says_whom_it_is_closed_to_and_no_heading_fills_the_window() {
    let card = format!(
        "---\nextra_gated_heading: {}\nextra_gated_button_content: {}\nextra_gated_eu_disallowed: true\n---\n",
        "h".repeat(500),
        "b".repeat(500)
    );
    let seed = RepoSeed::model("lab/eu").gated().file("README.md", card);
    let world = World::start(StandIn::builder().repo(seed)).await;
    let app = world.app();
    sign_in(&app, TOKEN).await;
    let gate = ok(&app, "gate", of("lab/eu")).await;
    let length = |name: &str| gate[name].as_str().unwrap().chars().count();
    assert_eq!((length("heading"), length("button")), (120, 60));
    let text = gate["text"].as_str().unwrap();
    assert!(text.contains("European Union"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_that_waited_for_access_before_the_program_was_started_goes_on_with_it() {
    let world = World::start(StandIn::builder().repo(seed())).await;
    let app = world.app();
    sign_in(&app, TOKEN).await;
    let blocked = download(&app, "lab/m", None).await;
    assert_eq!(blocked["blocked"], "gated", "{blocked:#}");
    app.close().await;
    drop(app);
    world.hub.people().join("lab", USER, OrgRole::Read);
    // Nobody asks for anything in this run.
    let app = world.app();
    until(&app, &blocked["id"], |transfer| transfer["state"] == "done").await;
    app.close().await;
}
