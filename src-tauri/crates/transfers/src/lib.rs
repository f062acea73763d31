//! The queue of transfers. It outlives the program: what was asked for is done, some day.
//!
//! ```text
//! command ─► dispatcher (one task) ─► next() ─► database ─► then act ─► Board (watched)
//!               ▲ outcome, time, signals                    └─► Worker::run
//! start: Running ─► Queued        shutdown: cancel, wait a moment, leave the rest for the next time
//! ```
//!
//! What must stay true:
//! - [`next`] is the only place that changes a state, [`pick`] the only one that chooses who begins.
//! - A change is in the database before anything is done about it, and before anybody is told.
//! - What was enqueued stays until a person removes it, or it is history and there is too much of
//!   that. Also a request that this program cannot read stays.
//! - No transfer is run twice at once, not even while a run that was stopped still ends.
//! - Bytes done are stored to be shown, and for nothing else: the disk knows, and the worker finds
//!   out.
//!
//! Never opens a socket, and knows no engine: [`Worker`] is the border. Read first: [`Transfers`],
//! [`State`], [`Worker`], [`request`].

mod board;
mod commands;
mod dispatcher;
mod ended;
mod error;
mod files;
mod handle;
mod heal;
mod hours;
mod id;
mod ledger;
mod memo;
mod pick;
pub mod request;
mod rows;
mod run;
mod speed;
mod state;
mod worker;

pub use board::{Board, FilePage, FileRow, Live, Only, PageOf, Room, Transfer, Unsaved};
pub use error::Error;
pub use files::{AtWork, FileState, Files, PlannedFile};
pub use handle::{New, Transfers};
pub use hours::{Hours, Rates, WeekMinute, minutes_until_change, rates_at};
pub use id::TransferId;
pub use memo::Memo;
pub use pick::{Candidate, Direction, Lane, Limits, pick, surplus};
pub use rows::MIGRATIONS;
pub use state::{Code, Event, Illegal, Reason, State, Until, next};
pub use worker::{Ctx, Look, Outcome, Progress, ProgressSlot, Stage, Stop, Then, Worker};
