//! The queue outlives the program: stops, starts, and everything that may be in its way.

mod healing;
mod keeping;
mod killed;
mod ordering;
pub(crate) mod program;
#[cfg(target_os = "linux")]
mod volumes;

use std::path::Path;

use hubdesk_app::App;
use hubdesk_standin::{Content, RepoSeed, StandIn};
use hubdesk_tests::{World, call, download_of, end_of, is_settled, ok, until};
use serde_json::{Value, json};

const SIZE: u64 = 12 << 20;

/// A repository with one large file, on a line on which that takes a while.
async fn slow_world() -> World {
    let repo = RepoSeed::model("org/m").large("w.bin", Content::random(7, SIZE));
    let world = StandIn::builder().repo(repo).bandwidth(8 << 20);
    World::start(world).await
}

async fn opened(world: &World) -> App {
    let app = world.app();
    ok(&app, "open_hub", json!({ "endpoint": null })).await;
    app
}

async fn start(app: &App, name: &str) -> Value {
    ok(app, "start_download", download_of(name, None)).await
}

/// The same, into a folder that a person has chosen.
async fn start_into(world: &World, app: &App, name: &str, folder: &Path) -> Value {
    world.opened.picks(folder);
    let picked = ok(app, "pick_folder", Value::Null).await;
    let mut request = download_of(name, None);
    request["into"] = json!({ "type": "folder", "folder": picked["id"] });
    ok(app, "start_download", request).await
}

fn has_some(transfer: &Value) -> bool {
    transfer["bytesDone"].as_u64() > Some(2 << 20)
}

fn is(state: &str) -> impl Fn(&Value) -> bool + '_ {
    move |transfer| transfer["state"] == state
}

async fn board(app: &App) -> hubdesk_app::api::Board {
    use futures_util::StreamExt as _;
    match app.subscribe().next().await {
        Some(hubdesk_app::api::UiEvent::Snapshot { board, .. }) => board,
        other => panic!("the first event is a snapshot, not {other:?}"),
    }
}
