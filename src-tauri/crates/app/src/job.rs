use std::path::PathBuf;
use std::time::Duration;

use hubdesk_download::{Ctx, Outcome, Parts, Request, Stage as Doing, Wait};

use crate::accounts::Tokens;
use crate::api::{ApiError, RepoRef, Stage, Transfer, TransferId, TransferState};
use crate::error::{WAITING_FOR_SIGN_IN, waiting_for};
use crate::speed::{Speed, seconds_left};

/// One transfer, with what is needed to run it again.
pub(crate) struct Job {
    id: TransferId,
    request: Request,
    /// With the Hub it began at.
    parts: Parts,
    /// Whose token it uses, if it is an account's.
    account: Option<Tokens>,
    ctx: Ctx,
    /// The account has to sign in before it goes on.
    needs_sign_in: bool,
    state: TransferState,
    speed: Speed,
    /// The largest value shown: a bar never goes backwards.
    bytes_shown: u64,
    /// Bytes that had come at the last look.
    bytes_moved: u64,
    folder: Option<PathBuf>,
    error: Option<ApiError>,
}

impl Job {
    pub(crate) fn new(
        id: TransferId,
        request: Request,
        parts: Parts,
        account: Option<Tokens>,
        ctx: Ctx,
    ) -> Self {
        Self {
            id,
            request,
            parts,
            account,
            ctx,
            needs_sign_in: false,
            state: TransferState::Running,
            speed: Speed::default(),
            bytes_shown: 0,
            bytes_moved: 0,
            folder: None,
            error: None,
        }
    }

    pub(crate) fn id(&self) -> TransferId {
        self.id
    }

    pub(crate) fn is_running(&self) -> bool {
        self.state == TransferState::Running
    }

    pub(crate) fn cancel(&self) {
        self.ctx.cancel.cancel();
    }

    /// With what it runs.
    pub(crate) fn parts(&self) -> (Parts, Option<Tokens>) {
        (self.parts.clone(), self.account.clone())
    }

    /// Begins again with these `parts`, if it has stopped short of its end; gives what to run.
    pub(crate) fn begin_again(
        &mut self,
        parts: Parts,
        account: Option<Tokens>,
        ctx: Ctx,
    ) -> Option<Request> {
        if !matches!(self.state, TransferState::Failed | TransferState::Cancelled) {
            return None;
        }
        let request = self.request.clone();
        *self = Self {
            folder: self.folder.take(),
            ..Self::new(self.id, request.clone(), parts, account, ctx)
        };
        Some(request)
    }

    /// Whether it uses the token of `account`.
    pub(crate) fn is_of(&self, account: &str) -> bool {
        let own = self.account.as_ref();
        own.is_some_and(|tokens| tokens.id() == account)
    }

    /// Whether it waits for somebody to sign in.
    pub(crate) fn waits_for_sign_in(&mut self, is_so: bool) {
        self.needs_sign_in = is_so;
    }

    pub(crate) fn end(&mut self, end: Result<Outcome, ApiError>) {
        self.state = match end {
            Ok(Outcome::Done(snapshot)) => {
                self.folder = Some(snapshot.folder);
                TransferState::Done
            }
            Ok(Outcome::Cancelled) => TransferState::Cancelled,
            Err(error) => {
                self.error = Some(error);
                TransferState::Failed
            }
        };
    }

    /// Where its files are, or will be; `None` until the commit is known.
    pub(crate) fn folder(&self) -> Option<PathBuf> {
        self.ctx.progress.folder().or_else(|| self.folder.clone())
    }

    /// It as it stands, and whether bytes have come since the last look.
    pub(crate) fn look(&mut self, now: Duration) -> (Transfer, bool) {
        let reading = self.ctx.progress.meter.read();
        let (doing, wait) = self.ctx.progress.now();
        let is_running = self.is_running();
        let is_parked = is_running && self.needs_sign_in;
        let wait = wait.filter(|_| is_running);
        if is_running {
            self.speed.note(now, reading.bytes_moved);
        }
        let has_moved = reading.bytes_moved > self.bytes_moved;
        self.bytes_moved = reading.bytes_moved;
        self.bytes_shown = self
            .bytes_shown
            .max(reading.bytes_done)
            .min(reading.bytes_total);
        let bytes_per_second = if is_running && !is_parked {
            self.speed.bytes_per_second()
        } else {
            0
        };
        let transfer = Transfer {
            id: self.id,
            repo: RepoRef {
                kind: self.request.repo.kind(),
                name: self.request.repo.name().to_owned(),
            },
            endpoint: self.parts.hub.endpoint().to_string(),
            revision: self.request.revision.to_string(),
            state: self.state,
            stage: if is_parked {
                Stage::Waiting
            } else {
                stage(doing, wait.as_ref())
            },
            waiting_for: if is_parked {
                Some(WAITING_FOR_SIGN_IN.to_owned())
            } else {
                wait.as_ref().map(waiting_for)
            },
            sign_in_at: is_parked.then(|| self.parts.hub.endpoint().to_string()),
            files_total: reading.files_total,
            files_done: reading.files_done,
            bytes_total: reading.bytes_total,
            bytes_done: self.bytes_shown,
            bytes_per_second,
            seconds_left: seconds_left(reading.bytes_total - self.bytes_shown, bytes_per_second)
                .filter(|_| is_running),
            folder: self.folder().map(|folder| folder.display().to_string()),
            error: self.error.clone(),
        };
        (transfer, has_moved)
    }
}

fn stage(doing: Doing, wait: Option<&Wait>) -> Stage {
    match (doing, wait) {
        (_, Some(_)) => Stage::Waiting,
        (Doing::Listing, None) => Stage::Listing,
        (Doing::Downloading, None) => Stage::Downloading,
        (Doing::Verifying, None) => Stage::Verifying,
        (Doing::Linking, None) => Stage::Linking,
    }
}
