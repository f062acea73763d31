//! A transfer of the queue, as the window sees it.

use std::sync::Arc;

use hubdesk_core::Class;
use hubdesk_transfers::request::{
    DownloadV1, IntoV1, KindV1, OntoV1, RepoV1, Request, SelectV1, SourceV1,
};
use hubdesk_transfers::{Live, Reason, Stage as Doing, State, Transfer as Row, Until};

use super::parts::DEMO;
use super::{Words, shown};
use crate::api::{
    ApiError, BlockReason, Chosen, Destination, RepoRef, Stage, Transfer, TransferClass,
    TransferKind, TransferState,
};
use crate::error::{
    WAITING_FOR_SIGN_IN, blocked_words, no_space_words, overlap_words, remembered,
    remembered_of_upload, source_gone_words, unreadable_words, volume_gone_words, waiting_for,
    waiting_until,
};
use crate::time::iso;

/// Sources of an upload that are named.
const SOURCES_NAMED: usize = 10;

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
        let asked = row.request.as_ref().ok().and_then(Asked::of);
        let asked = asked.as_ref();
        let blocked = blocked(row);
        let (stage, wait) = stage(running);
        let reading = live.map(|live| live.look.reading).unwrap_or_default();
        let known = |now: u64, before: Option<u64>| if now > 0 { now } else { before.unwrap_or(0) };
        let is_done = row.state == State::Done;
        let bytes_total = known(reading.bytes_total, row.bytes_total);
        let files_total = known(reading.files_total, row.files_total);
        Transfer {
            id: shown(row.id),
            kind: asked.map_or(TransferKind::Download, |asked| asked.kind),
            title: row.title.clone(),
            repo: asked.map(|asked| repo(asked.repo)),
            endpoint: asked.map_or_else(String::new, |asked| self.endpoint(asked.endpoint)),
            account: asked.and_then(|asked| asked.account.clone()),
            revision: asked.map_or_else(String::new, |asked| asked.revision.to_owned()),
            chosen: asked.map_or(Chosen::Everything, |asked| asked.chosen.clone()),
            into: asked.map_or(Destination::Cache, |asked| asked.into.clone()),
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
            sign_in_at: asked
                .filter(|_| blocked == Some(BlockReason::SignedOut))
                .map(|asked| self.endpoint(asked.endpoint)),
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

    fn endpoint(&self, stored: &str) -> String {
        match stored == DEMO {
            true => self.demo.clone().unwrap_or_else(|| DEMO.to_owned()),
            false => stored.to_owned(),
        }
    }

    fn error(&self, row: &Row) -> Option<ApiError> {
        if let (Err(why), false) = (&row.request, row.state.has_ended()) {
            return Some(unreadable_words(*why));
        }
        // What was said of it in this run of the program says more than a code.
        let said = || self.words.of(row.id);
        let is_upload = matches!(row.request, Ok(Request::Upload(_)));
        let remembered = match is_upload {
            true => remembered_of_upload,
            false => remembered,
        };
        match (&row.state, &row.error) {
            (State::Failed(code), _) => Some(said().unwrap_or_else(|| remembered(code))),
            (State::Blocked(Reason::VolumeGone), _) => {
                let words = match is_upload {
                    true => source_gone_words,
                    false => volume_gone_words,
                };
                Some(said().unwrap_or_else(|| words(row.volume.as_deref())))
            }
            (State::Blocked(Reason::NoSpace), _) => {
                Some(said().unwrap_or_else(|| no_space_words(row.room.as_ref())))
            }
            (State::Blocked(Reason::Secret), _) => {
                Some(said().unwrap_or_else(|| blocked_words(Reason::Secret)))
            }
            (State::Blocked(Reason::Conflict), None) if is_upload => Some(overlap_words()),
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

/// What was asked for, whichever way it goes.
struct Asked<'a> {
    kind: TransferKind,
    endpoint: &'a str,
    account: &'a Option<String>,
    repo: &'a RepoV1,
    revision: &'a str,
    chosen: Chosen,
    into: Destination,
}

impl<'a> Asked<'a> {
    /// `None` of a kind that was added to the queue and not to this.
    fn of(request: &'a Request) -> Option<Self> {
        match request {
            Request::Download(download) => Some(Self {
                kind: TransferKind::Download,
                endpoint: &download.endpoint,
                account: &download.account,
                repo: &download.repo,
                revision: &download.revision,
                chosen: chosen(download),
                into: destination(download),
            }),
            Request::Upload(upload) => Some(Self {
                kind: TransferKind::Upload,
                endpoint: &upload.endpoint,
                account: &upload.account,
                repo: &upload.repo,
                revision: match &upload.onto {
                    OntoV1::Branch { name, .. } => name,
                    OntoV1::PullRequest => "main",
                },
                chosen: Chosen::Sources {
                    paths: upload
                        .sources
                        .iter()
                        .take(SOURCES_NAMED)
                        .map(|source| match source {
                            SourceV1::File { path, .. } | SourceV1::Folder { path, .. } => {
                                path.clone()
                            }
                        })
                        .collect(),
                    count: upload.sources.len() as u64,
                },
                into: Destination::Repo {
                    is_pull_request: upload.onto == OntoV1::PullRequest,
                },
            }),
            _ => None,
        }
    }
}

fn repo(stored: &RepoV1) -> RepoRef {
    RepoRef {
        kind: match stored.kind {
            KindV1::Model => hubdesk_core::RepoKind::Model,
            KindV1::Dataset => hubdesk_core::RepoKind::Dataset,
            KindV1::Space => hubdesk_core::RepoKind::Space,
        },
        name: stored.name.clone(),
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
        Reason::Secret => BlockReason::Secret,
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
        Doing::Walking => Stage::Walking,
        Doing::Fingerprinting => Stage::Reading,
        Doing::Sending => Stage::Sending,
        Doing::Committing => Stage::Committing,
    };
    match &look.wait {
        Some(wait) => (Stage::Waiting, Some(waiting_for(wait))),
        None => (stage, None),
    }
}
