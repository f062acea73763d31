use std::any::Any;

use crate::api::ApiError;

/// The error for a panic while `doing` something. Its report id is in the log, too.
pub(crate) fn reported(panic: &(dyn Any + Send), doing: &str) -> ApiError {
    let said = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    let mut bytes = [0; 4];
    // Without chance all reports have the same id, and the log its lines in order.
    let _ = getrandom::fill(&mut bytes);
    let report = format!("{:08x}", u32::from_be_bytes(bytes));
    tracing::error!(report, doing, panic = said, "a fault of the program");
    ApiError::internal(format!(
        "Something went wrong in Hubdesk itself (report {report})."
    ))
}
