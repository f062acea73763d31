use crate::api::{ApiError, ErrorCode};

/// Words for trouble with the cache.
pub(crate) fn cache_error(error: &hubdesk_cache::Error) -> ApiError {
    use ErrorCode as Code;
    use hubdesk_cache::Error;
    let (code, message, hint) = match error {
        Error::NoSpace { path, .. } => (
            Code::NoSpace,
            format!("There is no room left for {}.", path.display()),
            "Make room, then try again: what arrived is kept.",
        ),
        Error::ReadOnly { path, .. } => (
            Code::NotWritable,
            format!("{} is on a volume that can only be read.", path.display()),
            "Set HF_HOME to a folder that can be written.",
        ),
        Error::Denied { path, .. } => (
            Code::NotWritable,
            format!("You may not write {}.", path.display()),
            "Change its permissions, or set HF_HOME to another folder.",
        ),
        Error::BadName { path, why } => (
            Code::BadName,
            format!(
                "{:?} cannot be stored on this computer: {why}.",
                path.as_str()
            ),
            "Choose the other files.",
        ),
        Error::Held { path } => (
            Code::NotWritable,
            format!("Another program is writing {}.", path.display()),
            "Wait until it has finished, then try again.",
        ),
        Error::Pruned { path } => (
            Code::NotWritable,
            format!(
                "Another program removed {} while it was written.",
                path.display()
            ),
            "Try again.",
        ),
        Error::InTheWay { path } => (
            Code::NotWritable,
            format!("{} is not from the Hub.", path.display()),
            "Move it away, choose another folder, or have it replaced.",
        ),
        Error::LeadsOut { path } => (
            Code::NotWritable,
            format!("{} is a link that leads out of the folder.", path.display()),
            "Choose the folder it leads to, or remove the link.",
        ),
        Error::Gone { path } => (
            Code::NotWritable,
            format!("{} is not there any more.", path.display()),
            "Connect its volume again, or choose another folder.",
        ),
        Error::Stopped => (
            Code::NotWritable,
            "The work on local files was stopped.".to_owned(),
            "Try again.",
        ),
        Error::Io(error) => (
            Code::NotWritable,
            format!("The cache cannot be used: {error}: {}.", error.source),
            "Check the disk and the folder's permissions.",
        ),
    };
    ApiError::new(code, message, hint)
}
