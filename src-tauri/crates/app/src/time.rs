//! Moments as the window gets them: ISO 8601, UTC.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hubdesk_core::date;

/// `moment` in seconds since 1970; what was before counts as 1970.
pub(crate) fn unix_seconds(moment: SystemTime) -> u64 {
    let since = moment.duration_since(UNIX_EPOCH);
    since.unwrap_or_default().as_secs()
}

/// `moment` and `later`, as text.
pub(crate) fn iso_after(moment: SystemTime, later: Duration) -> String {
    date::iso(unix_seconds(moment).saturating_add(later.as_secs()))
}

/// `moment`, as text.
pub(crate) fn iso(moment: SystemTime) -> String {
    iso_after(moment, Duration::ZERO)
}
