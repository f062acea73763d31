use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::extract::{Json, Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures_util::{Stream, StreamExt as _};
use hubdesk_app::{App, Closing};
use serde_json::Value;
use tower_http::services::{ServeDir, ServeFile};

use crate::host::{Chosen, RecordingHost};

/// The same rules as in the window, so that what works here works there. `connect-src` alone
/// differs: here the way to the program is this server.
const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const KEY: &str = "x-hubdesk-key";

#[derive(Clone)]
struct Context {
    app: App,
    host: Arc<RecordingHost>,
    key: Arc<str>,
    address: Arc<str>,
}

/// The contract over HTTP: `POST /rpc/<command>`, `GET /events`, and the front end for the rest.
pub(crate) fn router(
    app: App,
    host: Arc<RecordingHost>,
    key: String,
    address: SocketAddr,
    ui: &FilePath,
) -> Router {
    let context = Context {
        app,
        host,
        key: key.into(),
        address: address.to_string().into(),
    };
    let page = ServeFile::new(ui.join("index.html"));
    Router::new()
        .route("/rpc/{command}", post(rpc))
        .route("/events", get(events))
        .route("/opened", get(opened))
        .route("/close", post(close))
        .route("/choose", post(choose))
        .route("/drag", post(drag))
        .route("/drop", post(dropped))
        .route_layer(middleware::from_fn_with_state(context.clone(), key_holders))
        .fallback_service(ServeDir::new(ui).fallback(page))
        .layer(middleware::from_fn_with_state(context.clone(), guard))
        .with_state(context)
}

/// Answers only under the loopback address: a name of the web that resolves to it is not enough.
async fn guard(State(context): State<Context>, request: Request, next: Next) -> Response {
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    if host != Some(&*context.address) {
        return StatusCode::MISDIRECTED_REQUEST.into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(CSP),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Nothing of a request is read before its key was checked. A stream of events cannot have a header
/// of its own, so its key stands in the address.
async fn key_holders(State(context): State<Context>, request: Request, next: Next) -> Response {
    let header = request.headers().get(KEY).and_then(|key| key.to_str().ok());
    let query = request.uri().query().unwrap_or_default();
    let in_query = query.split('&').find_map(|pair| pair.strip_prefix("key="));
    if header.or(in_query) != Some(&*context.key) {
        return StatusCode::FORBIDDEN.into_response();
    }
    next.run(request).await
}

async fn rpc(
    State(context): State<Context>,
    Path(command): Path<String>,
    Json(request): Json<Value>,
) -> Response {
    match context.app.call(&command, request).await {
        Ok(answer) => Json(answer).into_response(),
        Err(error) => (StatusCode::BAD_REQUEST, Json(error)).into_response(),
    }
}

async fn events(
    State(context): State<Context>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let events = context.app.subscribe().map(|event| {
        let data = serde_json::to_string(&event).expect("events are plain data");
        Ok(Event::default().data(data))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}

/// Presses the button that closes the window; says what became of it.
async fn close(State(context): State<Context>) -> Json<Value> {
    let then = match context.app.closing(true).await {
        Closing::Quit => "quit",
        Closing::Hide => "hide",
        Closing::Stay => "stay",
    };
    Json(serde_json::json!({ "then": then }))
}

/// Says what a person chooses from now on.
async fn choose(State(context): State<Context>, Json(chosen): Json<Chosen>) {
    context.host.choose(chosen);
}

/// Holds so many files over the window; 0 takes them away again.
async fn drag(State(context): State<Context>, Json(count): Json<usize>) {
    context.app.dragged(count);
}

/// Drops files and folders on the window.
async fn dropped(State(context): State<Context>, Json(paths): Json<Vec<PathBuf>>) {
    context.app.dragged(0);
    context.app.dropped(paths).await;
}

/// What a desktop would have opened so far.
async fn opened(State(context): State<Context>) -> Json<Vec<String>> {
    Json(context.host.opened())
}
