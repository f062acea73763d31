//! A transfer of the queue, as the window sees it.

use std::sync::Arc;

use hubdesk_core::Class;
use hubdesk_transfers::request::{DownloadV1, IntoV1, KindV1, Request, SelectV1};
use hubdesk_transfers::{Live, Reason, Stage as Doing, State, Transfer as Row, Until};

use super::parts::DEMO;
use super::{Words, shown};
use crate::api::{
    ApiError, BlockReason, Chosen, Destination, RepoRef, Stage, Transfer, TransferClass,
    TransferKind, TransferState,
};
use crate::error::{
    WAITING_FOR_SIGN_IN, blocked_words, no_space_words, remembered, unreadable_words,
    volume_gone_words, waiting_for, waiting_until,
};
use crate::time::iso;

/// Describes transfers. What it needs to know besides a row is looked up once for all of them.
pub(crate) struct Describer {
    words: Arc<Words>,
    /// Where the Hub that ships with the program is now, if it runs.
    demo: Option<String>,
}

impl Describer {
    pub(crate) fn new(words: Arc<Words>, demo: Option<String>) -> Self {
        Self { words, demo }
    }

    /// The transfer `row`, with what its run says if it is at work.
    pub(crate) fn describe(&self, row: &Row, live: Option<&Live>) -> Transfer {
        // One that was stopped still ends: what it has done counts, what it does is of no interest.
        let running = live.filter(|_| row.state == State::Running);
        let download = match &row.request {
            Ok(Request::Download(download)) => Some(download),
            _ => None,
        };
        let blocked = blocked(row);
        let (stage, wait) = stage(running);
        let reading = live.map(|live| live.look.reading).unwrap_or_default();
        let known = |now: u64, before: Option<u64>| if now > 0 { now } else { before.unwrap_or(0) };
        let is_done = row.state == State::Done;
        let bytes_total = known(reading.bytes_total, row.bytes_total);
        let files_total = known(reading.files_total, row.files_total);
        Transfer {
            id: shown(row.id),
            kind: TransferKind::Download,
            title: row.title.clone(),
            repo: download.map(repo),
            endpoint: download.map_or_else(String::new, |download| self.endpoint(download)),
            account: download.and_then(|download| download.account.clone()),
            revision: download.map_or_else(String::new, |download| download.revision.clone()),
            chosen: download.map_or(Chosen::Everything, chosen),
            into: download.map_or(Destination::Cache, destination),
            class: class(row.class),
            state: match blocked {
                Some(_) => TransferState::Blocked,
                None => state(&row.state),
            },
            stage,
            waiting_for: wait.or_else(|| self.waits_for(row)),
            waits_until: match row.state {
                State::Waiting(Until::Later(time)) => Some(iso(time)),
                _ => None,
            },
            blocked,
            sign_in_at: download
                .filter(|_| blocked == Some(BlockReason::SignedOut))
                .map(|download| self.endpoint(download)),
            files_total,
            files_done: match is_done {
                true => files_total,
                false => known(reading.files_done, row.files_done),
            },
            bytes_total,
            bytes_done: match live {
                Some(live) => live.bytes_done,
                None if is_done => bytes_total,
                None => row.bytes_done.unwrap_or(0),
            },
            bytes_per_second: running.map_or(0, |live| live.bytes_per_second),
            seconds_left: running.and_then(|live| live.seconds_left),
            folder: live
                .and_then(|live| live.look.folder.as_ref())
                .map(|folder| folder.display().to_string())
                .or_else(|| row.folder.clone()),
            error: self.error(row),
            created_at: iso(row.created_at),
            ended_at: row.state.has_ended().then(|| iso(row.changed_at)),
        }
    }

    fn endpoint(&self, download: &DownloadV1) -> String {
        match is_demo(download) {
            true => self.demo.clone().unwrap_or_else(|| DEMO.to_owned()),
            false => download.endpoint.clone(),
        }
    }

    fn error(&self, row: &Row) -> Option<ApiError> {
        if let (Err(why), false) = (&row.request, row.state.has_ended()) {
            return Some(unreadable_words(*why));
        }
        // What was said of it in this run of the program says more than a code.
        let said = || self.words.of(row.id);
        match (&row.state, &row.error) {
            (State::Failed(code), _) => Some(said().unwrap_or_else(|| remembered(code))),
            (State::Blocked(Reason::VolumeGone), _) => {
                let volume = row.volume.as_deref();
                Some(said().unwrap_or_else(|| volume_gone_words(volume)))
            }
            (State::Blocked(Reason::NoSpace), _) => {
                Some(said().unwrap_or_else(|| no_space_words(row.room.as_ref())))
            }
            (State::Blocked(reason), None) => Some(blocked_words(*reason)),
            (State::Waiting(_) | State::Blocked(_), Some(code)) => {
                Some(said().unwrap_or_else(|| remembered(code)))
            }
            _ => None,
        }
    }

    fn waits_for(&self, row: &Row) -> Option<String> {
        match &row.state {
            State::Waiting(Until::Online) => Some("a way to the Hub".to_owned()),
            State::Waiting(Until::Later(_)) => Some(waiting_until(self.error(row).as_ref())),
            State::Blocked(Reason::SignedOut) => Some(WAITING_FOR_SIGN_IN.to_owned()),
            _ => None,
        }
    }
}

/// Whether it is about the Hub that ships with the program.
fn is_demo(download: &DownloadV1) -> bool {
    download.endpoint == DEMO
}

fn repo(download: &DownloadV1) -> RepoRef {
    RepoRef {
        kind: match download.repo.kind {
            KindV1::Model => hubdesk_core::RepoKind::Model,
            KindV1::Dataset => hubdesk_core::RepoKind::Dataset,
            KindV1::Space => hubdesk_core::RepoKind::Space,
        },
        name: download.repo.name.clone(),
    }
}

fn chosen(download: &DownloadV1) -> Chosen {
    match &download.select {
        SelectV1::All => Chosen::Everything,
        SelectV1::Files(paths) => Chosen::Files {
            count: paths.len() as u64,
        },
        SelectV1::Patterns { include, exclude } => Chosen::Patterns {
            include: include.clone().unwrap_or_default(),
            exclude: exclude.clone(),
        },
        SelectV1::Variant { name, .. } => Chosen::Variant {
            // The format before it is the engine's.
            name: name
                .split_once(':')
                .map_or(&**name, |(_, name)| name)
                .to_owned(),
        },
    }
}

fn destination(download: &DownloadV1) -> Destination {
    match &download.into {
        IntoV1::Cache { .. } => Destination::Cache,
        IntoV1::Folder { path } => Destination::Folder { path: path.clone() },
    }
}

fn class(class: Class) -> TransferClass {
    match class {
        Class::Interactive => TransferClass::Interactive,
        Class::Normal => TransferClass::Normal,
        Class::Background => TransferClass::Background,
    }
}

fn state(state: &State) -> TransferState {
    match state {
        State::Queued => TransferState::Queued,
        State::Running => TransferState::Running,
        State::Paused => TransferState::Paused,
        State::Waiting(_) => TransferState::Waiting,
        State::Blocked(_) => TransferState::Blocked,
        State::Done => TransferState::Done,
        State::Failed(_) => TransferState::Failed,
        State::Cancelled => TransferState::Cancelled,
    }
}

/// A request that cannot be read waits for another program, however it stands.
fn blocked(row: &Row) -> Option<BlockReason> {
    if row.request.is_err() && !row.state.has_ended() {
        return Some(BlockReason::NewerRequest);
    }
    let State::Blocked(reason) = row.state else {
        return None;
    };
    Some(match reason {
        Reason::SignedOut => BlockReason::SignedOut,
        Reason::Gated => BlockReason::Gated,
        Reason::NoSpace => BlockReason::NoSpace,
        Reason::Conflict => BlockReason::Conflict,
        Reason::ReadOnly => BlockReason::ReadOnly,
        Reason::VolumeGone => BlockReason::VolumeGone,
    })
}

fn stage(live: Option<&Live>) -> (Stage, Option<String>) {
    let Some(look) = live.map(|live| &live.look) else {
        return (Stage::Listing, None);
    };
    let stage = match look.stage {
        Doing::Starting | Doing::Listing => Stage::Listing,
        Doing::Downloading => Stage::Downloading,
        Doing::Verifying => Stage::Verifying,
        Doing::Linking => Stage::Linking,
    };
    match &look.wait {
        Some(wait) => (Stage::Waiting, Some(waiting_for(wait))),
        None => (stage, None),
    }
}
