//! Signing in, staying signed in, and signing out.

mod keychain;
mod renewal;
mod signing_in;
mod tools;
mod work;

use std::sync::Arc;
use std::time::Duration;

use hubdesk_app::App;
use hubdesk_core::ManualClock;
use hubdesk_standin::{Content, Credential, Effect, Fault, RepoSeed, Route, StandIn};
use hubdesk_tests::{
    TOKEN, USER, World, accounts, browse, call, download, end_of, is_settled, ok, sign_in, until,
    until_accounts, until_session,
};
use serde_json::{Value, json};

const NOOR: &str = "noor";
const NOORS: &str = "hf_canary_noor_987";
fn all_of(name: &str) -> Value {
    hubdesk_tests::download_of(name, None)
}

fn private(owner: &str) -> RepoSeed {
    RepoSeed::model(&format!("{owner}/m"))
        .private(owner)
        .file("config.json", "{}")
}

/// A list that is asked of the Hub, by whoever is signed in.
fn list() -> Value {
    json!({ "kind": "model", "search": "", "cursor": null })
}

/// Begins to sign in, and waits until it is the person's turn.
async fn asked_to_sign_in(app: &App, way: &str) -> Value {
    let start = json!({ "way": way, "endpoint": null });
    ok(app, "start_sign_in", start).await;
    until_accounts(app, |known| known["signIn"]["state"] == "waiting").await
}

/// The program by a clock of its own, signed in with a browser; the token is good for eight hours.
async fn signed_in_with_oauth(world: &World, clock: &Arc<ManualClock>) -> App {
    let app = world.app_at(("X", ""), clock.clone());
    let known = asked_to_sign_in(&app, "browser").await;
    let back = browse::consent(known["signIn"]["url"].as_str().unwrap(), USER).await;
    browse::get(&back).await;
    until_accounts(&app, |known| known["accounts"][0]["isActive"] == true).await;
    app
}
