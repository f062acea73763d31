//! One request from start to end: understood, logged, spoiled if a fault says so, answered.

use std::sync::Arc;

use axum::extract::{ConnectInfo, Request};
use axum::http::{Extensions, HeaderMap, HeaderName, Method, StatusCode, header};
use axum::response::Response;
use hubdesk_core::RepoId;

use crate::answer::{Answer, Body, name};
use crate::ask::{Ask, Caller, Query};
use crate::body::{End, Outgoing};
use crate::call::{Call, OfRepo};
use crate::content::Content;
use crate::error::Refusal;
use crate::fault::{Effect, Route};
use crate::line::{Connection, Pace};
use crate::live::{Live, Sending};
use crate::log::{Entry, Host, Record};
use crate::people::Credential;
use crate::standin::Hub;
use crate::{
    account, card, collections, commit, commits, compare, control, discussions, file, find, gate,
    large, lfs, oauth, overview, refs, repo, repos, search, security, settings, spaces, spoil,
    storage, template, tree, upload_mode, viewer, xet_token,
};

/// The longest body anybody may send to the Hub itself: a commit carries its small files.
const BODY: usize = 64 << 20;
/// The longest to the storage host. It is held in memory.
pub(crate) const UPLOAD: usize = 1 << 30;

pub(crate) async fn serve(hub: Arc<Hub>, host: Host, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    let target = parts
        .uri
        .path_and_query()
        .map_or("/", |target| target.as_str())
        .to_owned();
    let entry = hub.log.begin(Record {
        host,
        method: parts.method.to_string(),
        path: target.clone(),
        has_token: parts.headers.contains_key(header::AUTHORIZATION),
        range: text(&parts.headers, header::RANGE),
        headers: match host {
            Host::Hub => Vec::new(),
            Host::Storage | Host::Xet => pairs(&parts.headers),
        },
        status: 0,
        body_bytes: 0,
    });
    let call = Call::parse(&parts.method, &path);
    let route = match host {
        Host::Hub => call.route(),
        Host::Storage => Route::Storage,
        Host::Xet if path.starts_with(storage::XORBS) => Route::XetBytes,
        Host::Xet => Route::Xet,
    };
    let is_head = parts.method == Method::HEAD;
    let effects = hub
        .faults
        .take(route, &parts.method, &target, &parts.headers);
    spoil::request(&hub.stop, &effects, &mut parts.headers).await;
    if !hub.shape.latency.is_zero() {
        tokio::time::sleep(hub.shape.latency).await;
    }

    let most = match host {
        Host::Hub => BODY,
        Host::Storage | Host::Xet => UPLOAD,
    };
    let body = axum::body::to_bytes(body, most).await;
    let is_too_large = body.is_err();

    let credential = credential(&hub, &parts.headers);
    let ask = Ask {
        caller: caller(credential.as_ref(), &parts.headers),
        credential,
        hub: &hub,
        method: parts.method.clone(),
        path: &path,
        query: Query::parse(parts.uri.query().unwrap_or_default()),
        headers: &parts.headers,
        body: body.unwrap_or_default(),
    };
    let class = class(&path);
    let is_control = hub.has_control && host == Host::Hub && control::is_at(&path);
    let now = hub.clock.elapsed();
    let is_counted = host == Host::Hub && !is_control;
    let counted = match is_counted {
        true => hub.quotas.take(class, &ask.caller, now),
        false => Ok(()),
    };
    let mut answer = match spoil::instead(&effects, &target, class, &call, &ask) {
        Some(answer) => answer,
        // Or broken off, and then nobody reads this.
        None if is_too_large => Refusal::Other(StatusCode::PAYLOAD_TOO_LARGE).answer(),
        None if is_control => control::answer(&ask).unwrap_or_else(Refusal::answer),
        #[cfg(feature = "xet")]
        None if host == Host::Xet => crate::xet_cas::answer(&ask)
            .await
            .unwrap_or_else(Refusal::answer),
        None => counted
            .and_then(|()| answer(&ask, host, &call))
            .unwrap_or_else(Refusal::answer),
    };
    answer = spoil::answer(&effects, answer);
    if host == Host::Hub {
        answer = hub.quotas.say(answer, class, &ask.caller, now);
    }
    answer = answer.with(
        name::REQUEST_ID,
        format!("standin-{:08x}", hub.next_request()),
    );
    let paces = paces(&hub, &parts.extensions);
    respond(&hub, entry, is_head, &effects, paces, answer)
}

/// What holds a body back: the line everybody shares, and the connection's own.
fn paces(hub: &Hub, extensions: &Extensions) -> Vec<Arc<Pace>> {
    let connection = extensions.get::<ConnectInfo<Connection>>();
    let own = connection.and_then(|ConnectInfo(connection)| connection.pace(&hub.shape));
    hub.pace.iter().cloned().chain(own).collect()
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let value = headers.get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
}

fn caller(credential: Option<&Credential>, headers: &HeaderMap) -> Caller {
    match credential {
        Some(credential) => Caller::User(credential.user.clone()),
        None if headers.contains_key(header::AUTHORIZATION) => Caller::Stranger,
        None => Caller::Anonymous,
    }
}

/// All headers as text, but the one whose value is never written down; what is no text is replaced.
fn pairs(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let headers = headers.iter();
    headers
        .filter(|(name, _)| **name != header::AUTHORIZATION)
        .map(|(name, value)| (name.to_string(), text(value.as_bytes())))
        .collect()
}

/// What the token of a request stands for, if it came with one that counts.
fn credential(hub: &Hub, headers: &HeaderMap) -> Option<Credential> {
    let authorization = text(headers, header::AUTHORIZATION)?;
    hub.people
        .credential(authorization.strip_prefix("Bearer ")?, hub.seconds())
}

fn answer(ask: &Ask<'_>, host: Host, call: &Call) -> Result<Answer, Refusal> {
    if host == Host::Storage {
        return storage::answer(ask);
    }
    if ask.caller == Caller::Stranger {
        return Err(Refusal::BadToken);
    }
    if let Some(answer) = oauth::answer(ask) {
        return answer;
    }
    match call {
        Call::Home => Ok(Answer::text(HOME)),
        Call::Whoami => account::whoami(ask),
        Call::Quicksearch => Ok(find::quick(ask)),
        Call::Trending => Ok(find::trending(ask)),
        Call::SemanticSearch => Ok(find::spaces(ask)),
        Call::SpaceHardware => Ok(spaces::catalogue()),
        Call::SpaceTemplates => Ok(template::list()),
        Call::User(name, what) => overview::user(ask, name, what),
        Call::Organization(name, what) => overview::organization(ask, name, what),
        Call::Avatar(name) => overview::avatar(ask, name),
        Call::Picture(name) => Ok(overview::picture(name)),
        Call::Stored => overview::stored_of_caller(ask),
        Call::Collections(rest) => collections::answer(ask, rest),
        Call::List(kind) => search::list(ask, *kind),
        Call::TagsByType(kind) => Ok(find::tags_by_type(ask, *kind)),
        Call::CreateRepo => repos::create(ask),
        Call::DeleteRepo => repos::delete(ask),
        Call::MoveRepo => repos::rename(ask),
        Call::ValidateCard => card::validate(ask),
        Call::Repo(id, of_repo) => match of_repo {
            OfRepo::Info { revision } => repo::info(ask, id, revision.as_deref()),
            OfRepo::Tree { revision, path } => tree::list(ask, id, revision, path),
            OfRepo::TreeSize { revision, path } => tree::size(ask, id, revision, path),
            OfRepo::Paths { revision } => tree::paths(ask, id, revision),
            OfRepo::Refs => refs::list(ask, id),
            OfRepo::Family(rest) => family(ask, id, rest),
            OfRepo::Commits { revision } => commits::list(ask, id, revision),
            OfRepo::AuthCheck { is_write } => account::auth_check(ask, id, *is_write),
            OfRepo::Resolve { revision, path } => file::resolve(ask, id, revision, path),
        },
        Call::Viewer(word) => viewer::answer(ask, word),
        Call::Unknown => Err(Refusal::NotFound),
    }
}

/// Requests that one family knows by the words after the repository's name.
fn family(ask: &Ask<'_>, id: &RepoId, rest: &[String]) -> Result<Answer, Refusal> {
    let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
    let families = [
        refs::answer,
        repos::answer,
        settings::answer,
        large::answer,
        overview::answer,
        compare::answer,
        security::answer,
        discussions::answer,
        spaces::answer,
        commit::answer,
        upload_mode::answer,
        lfs::answer,
        xet_token::answer,
        gate::answer,
    ];
    let answer = families.iter().find_map(|family| family(ask, id, &rest));
    answer.unwrap_or(Err(Refusal::NotFound))
}

const HOME: &str = "This is a stand-in for a Hub of models, datasets and Spaces. It runs on this \
computer, is not reachable from any other, and everything in it is made up.\n";

/// Which quota a request counts against.
fn class(path: &str) -> &'static str {
    if path.contains("/resolve/") {
        "resolvers"
    } else if path.starts_with("/api/") {
        "api"
    } else {
        "pages"
    }
}

/// An answer without an end: it has no length, and effects count its bytes as they go.
fn follow(
    hub: &Hub,
    entry: Arc<Entry>,
    is_head: bool,
    effects: &[Effect],
    headers: HeaderMap,
    live: Live,
) -> Response {
    let mut response = Response::new(axum::body::Body::empty());
    *response.headers_mut() = headers;
    if is_head {
        return response;
    }
    let mut plan = spoil::Plan::new(u64::MAX);
    for effect in effects {
        plan.apply(effect);
    }
    let sending = Sending {
        limit: (plan.length < u64::MAX).then_some(plan.length),
        end: plan.end,
        entry,
        stop: hub.stop.clone(),
    };
    *response.body_mut() = axum::body::Body::from_stream(live.into_stream(sending));
    response
}

fn respond(
    hub: &Hub,
    entry: Arc<Entry>,
    is_head: bool,
    effects: &[Effect],
    paces: Vec<Arc<Pace>>,
    answer: Answer,
) -> Response {
    entry.set_status(answer.status.as_u16());
    let (content, start, length) = match answer.body {
        Body::Json(value) => {
            let mut text = value.to_string();
            if effects.contains(&Effect::MalformedJson) {
                text.truncate(text.len() / 2);
            }
            let content = Content::from(text);
            (content.clone(), 0, content.size())
        }
        Body::Content {
            content,
            start,
            length,
        } => (content, start, length),
        Body::Live(live) => return follow(hub, entry, is_head, effects, answer.headers, live),
    };
    let mut plan = spoil::Plan::new(length);
    for effect in effects {
        plan.apply(effect);
    }
    let mut response = Response::new(axum::body::Body::empty());
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    response
        .headers_mut()
        .insert(header::CONTENT_LENGTH, plan.announced.into());
    if !is_head && (plan.length > 0 || plan.end != End::Proper) {
        let body = Outgoing {
            content,
            start,
            length: plan.length,
            end: plan.end,
            flip: plan.flip,
            entry,
            piece: hub.piece(),
            paces,
            stop: hub.stop.clone(),
        };
        *response.body_mut() = axum::body::Body::from_stream(body.into_stream());
    }
    response
}
