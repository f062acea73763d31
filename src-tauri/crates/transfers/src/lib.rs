//! The queue of transfers. It outlives the program: what was asked for is done, some day.
//!
//! What must stay true:
//! - [`next`] is the only place that changes a state, [`pick`] the only one that chooses who begins.
//! - Requests are stored as frozen types ([`request`]), which every later program can read.
//!
//! Never opens a socket, and knows no engine. Read first: [`State`], [`pick`], [`request`].

mod hours;
mod id;
mod pick;
pub mod request;
mod state;

pub use hours::{Hours, Rates, WeekMinute, minutes_until_change, rates_at};
pub use id::TransferId;
pub use pick::{Candidate, Direction, Lane, Limits, pick, surplus};
pub use state::{Code, Event, Illegal, Reason, State, Until, next};
