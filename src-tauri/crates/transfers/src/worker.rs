//! The border to what does the work: a [`Worker`] is given a request and its ties to the queue.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hubdesk_core::{Reading, Share, Wait};
use tokio_util::sync::CancellationToken;

use crate::files::Files;
use crate::request::Request;
use crate::{Code, Memo, Reason, Room, Transfer, TransferId};

/// Does the work of transfers. The application implements it over the engines.
pub trait Worker: Send + Sync + 'static {
    /// Runs `request` to its end, or until [`Ctx::cancel`] says to stop. Running it again goes on
    /// where it stopped. It is never run twice at once.
    fn run(&self, request: Request, ctx: Ctx)
    -> impl Future<Output = Result<Outcome, Stop>> + Send;

    /// Whether nothing of `reason` ([`Reason::can_be_seen`]) is in the way of `transfer` any more.
    /// A quick look, made now and then; when in doubt, no.
    fn is_cleared(
        &self,
        transfer: Arc<Transfer>,
        reason: Reason,
    ) -> impl Future<Output = bool> + Send;
}

/// A run's ties to the queue.
#[derive(Debug, Clone)]
pub struct Ctx {
    /// Whose run it is.
    pub id: TransferId,
    /// The volume its files go to, as it was when that was chosen.
    pub volume: Option<PathBuf>,
    /// Stops the run at the next wait. It returns when nothing of it is at work any more.
    pub cancel: CancellationToken,
    /// What it may take of the bound on the bytes of its direction, as urgent as it is now.
    pub share: Share,
    /// How far it is, as a whole.
    pub progress: ProgressSlot,
    /// How far it is, file by file.
    pub files: Files,
    /// What it keeps for the next run.
    pub memo: Memo,
}

/// How a run ended without an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Everything asked for was done.
    Done {
        /// Where it is, for *Show in folder*.
        folder: Option<PathBuf>,
    },
    /// It stopped for a while, since it was told to.
    Paused,
    /// It stopped, since it was told to.
    Cancelled,
}

/// Why a run stopped before its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// What went wrong.
    pub code: Code,
    /// What comes of it.
    pub then: Then,
    /// The room it needs, if that is what is missing.
    pub room: Option<Room>,
}

impl Stop {
    /// One of which there is no more to say.
    pub fn of(code: Code, then: Then) -> Self {
        let room = None;
        Self { code, then, room }
    }
}

/// What comes of a run that stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// A passing fault: again soon, then later and later, until the queue gives up.
    Soon,
    /// The server has said when. Does not count towards giving up.
    After(Duration),
    /// When there is a way to the Hub again.
    WhenOnline,
    /// When a person has done something.
    Blocked(Reason),
    /// Not again by itself.
    Failed,
}

/// Gives the numbers of a run whenever it is asked, ten times a second. Must neither wait nor
/// panic.
pub trait Progress: Send + Sync {
    /// How far the run is.
    fn look(&self) -> Look;
}

/// One look at a run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Look {
    /// Files and bytes.
    pub reading: Reading,
    /// What it is doing.
    pub stage: Stage,
    /// Why nothing moves just now, if nothing does.
    pub wait: Option<Wait>,
    /// Where the files are or will be, once that is known.
    pub folder: Option<PathBuf>,
}

/// What a run is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stage {
    /// Nothing is known of it yet.
    #[default]
    Starting,
    /// Looking at what there is on this machine.
    Walking,
    /// Asking the Hub what there is.
    Listing,
    /// Reading files to see whether they have changed.
    Fingerprinting,
    /// Bytes are on the way there.
    Sending,
    /// The Hub is making a commit.
    Committing,
    /// Bytes are on the way here.
    Downloading,
    /// Digests are being finished.
    Verifying,
    /// What has come is put in its place.
    Linking,
}

/// Where a run puts what gives its numbers.
#[derive(Clone, Default)]
pub struct ProgressSlot(Arc<Mutex<Option<Arc<dyn Progress>>>>);

impl ProgressSlot {
    /// Lets the queue look at `progress` from now on.
    pub fn show(&self, progress: Arc<dyn Progress>) {
        *self
            .0
            .lock()
            .expect("nothing panics while it holds this lock") = Some(progress);
    }

    pub(crate) fn look(&self) -> Look {
        // The lock is not held while the run is asked, which has locks of its own.
        let shown = self
            .0
            .lock()
            .expect("nothing panics while it holds this lock")
            .clone();
        shown.map(|progress| progress.look()).unwrap_or_default()
    }
}

impl std::fmt::Debug for ProgressSlot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("ProgressSlot").field(&self.look()).finish()
    }
}
