//! One upload from this machine to the Hub, start to finish.
//!
//! ```text
//! walk ─► what is there ─► drop what is the same ─► ask how each file travels (256 at once)
//!           regular ─► within the commit            ignored ─► listed
//!           large ─► chunk store | storage host     (the server's word)
//!      ─► commit, batch by batch, each on its parent ─► Done
//! ```
//!
//! What must stay true:
//! - A file is published as it was at one moment, or not at all: it is compared with its stamp
//!   before and after it is read, and with its digest where one is known.
//! - What the tree holds is not sent; that is also how a run goes on after a kill.
//! - Every commit names its parent. When the branch has moved, what is there is looked at again,
//!   and what others have changed at the same paths is not replaced unless a person says so.
//! - Memory is bounded by [`Tuning`], never by the size of a file or the number of them in flight.
//!
//! Beside uploads: taking back what they did ([`plan_undo`]), and copies, moves and deletions of what
//! the Hub holds ([`plan_rearrange`]); both by commits of the same kind.
//!
//! Never queues, never stores a request. Read first: [`Request`], [`preview`],
//! [`run`], [`Error`].

mod arrange;
mod ask;
mod batch;
mod beside;
mod commit;
mod compare;
mod edit;
mod error;
mod fingerprint;
mod halt;
mod junk;
mod large;
mod pace;
mod pieces;
mod preflight;
mod preview;
mod progress;
mod rearrange;
mod remote;
mod request;
mod rules;
mod run;
mod secrets;
mod silence;
mod stored;
mod take_back;
mod tuning;
mod undo;
mod walk;
mod watch;

pub use arrange::{Counts, Obstacle};
pub use compare::{Fate, There};
pub use edit::Edit;
pub use error::Error;
pub use fingerprint::{Fingerprint, Fingerprints, SAMPLE};
pub use preflight::Finding;
pub use preview::{Planned, Preview, Travel, preview};
pub use progress::{Progress, Stage};
pub use rearrange::{
    Act, Place, Rearrange, RearrangePlan, Rearranging, plan_rearrange, run_rearrange,
};
pub use request::{LeaveOut, Onto, Outcome, Removal, Request, Source, Uploaded, What};
pub use run::{Ctx, Keep, Made, Opening, Parts, run};
pub use secrets::{Issuer, Secret};
pub use stored::Stored;
pub use take_back::{LeftAlone, WhyLeft};
pub use tuning::Tuning;
pub use undo::{Undo, UndoPlan, plan_undo, run_undo};
pub use walk::{Content, Found, LeftOut, Walked, Why};
pub use watch::{AtWork, FileWatch};
