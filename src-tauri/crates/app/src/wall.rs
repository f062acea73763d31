//! The clock on the wall: for a schedule, a day begins when it does where the computer is.

use std::sync::Arc;
use std::time::SystemTime;

use chrono::{DateTime, Datelike as _, Local, Timelike as _};
use hubdesk_transfers::WeekMinute;

/// Which minute of the week a moment is, where the computer is.
pub type Wall = Arc<dyn Fn(SystemTime) -> WeekMinute + Send + Sync>;

/// The time zone of the system, also if it changes while the program runs.
pub(crate) fn system() -> Wall {
    Arc::new(|moment| {
        let local: DateTime<Local> = moment.into();
        let part = |number: u32| u8::try_from(number).unwrap_or(0);
        let day = part(local.weekday().num_days_from_monday());
        let minute = WeekMinute::new(day, part(local.hour()), part(local.minute()));
        minute.expect("a calendar has seven days, and a clock 24 hours of 60 minutes")
    })
}
