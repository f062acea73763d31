//! The two doors between the web view and the program.

use std::collections::HashMap;
use std::sync::Mutex;

use futures_util::StreamExt as _;
use hubdesk_app::App;
use hubdesk_app::api::{ApiError, Reply, UiEvent};
use serde_json::Value;
use tauri::ipc::Channel;
use tauri::{State, WebviewWindow};
use tokio::task::JoinHandle;

/// Who tells each window what happens. A window that is loaded again replaces its own.
#[derive(Default)]
pub(crate) struct Windows(Mutex<HashMap<String, JoinHandle<()>>>);

/// Runs a command of the contract.
#[tauri::command]
pub(crate) async fn rpc(
    app: State<'_, App>,
    command: String,
    request: Value,
) -> Result<Reply, ApiError> {
    app.call(&command, request).await
}

/// Sends the window a snapshot and then everything that happens, in order.
#[tauri::command]
pub(crate) async fn subscribe(
    window: WebviewWindow,
    app: State<'_, App>,
    windows: State<'_, Windows>,
    channel: Channel<UiEvent>,
) -> Result<(), ApiError> {
    let mut events = app.subscribe();
    let teller = tokio::spawn(async move {
        while let Some(event) = events.next().await {
            if channel.send(event).is_err() {
                return;
            }
        }
    });
    let mut tellers = windows
        .0
        .lock()
        .expect("nothing panics while it holds this lock");
    if let Some(before) = tellers.insert(window.label().to_owned(), teller) {
        before.abort();
    }
    Ok(())
}
